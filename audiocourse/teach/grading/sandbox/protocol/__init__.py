r"""Messages between a grader and the processes that run answers: JSON and raw array bytes, never pickle.

::

    │ "ACG\n" │ version │ header length │ body length │ header: JSON, UTF-8 │ body: bytes of all arrays │
    │   4 B   │   2 B   │      4 B      │     8 B     │                     │                           │

In the header None, bool, int, finite float, str and list represent themselves; everything else is an object with one
key, its tag: ``{"tuple": […]}``, ``{"dict": {…}}``, ``{"array": ["float32", [2, 3]]}``, ``{"float": "nan"}``,
``{"complex": [re, im]}``, ``{"object_ref": 7}``, ``{"given": ["above", {"dict": {…}}]}``. A frame names no positions,
so arrays cannot overlap, and none is left over. The receiver trusts nothing: a frame gives a value that could have been
packed, or a `ProtocolError`.

===========  =====================================================================
``limits``   how large a message may be, and checks of its parts
``header``   the JSON of a header, scanned before it is parsed
``values``   values as JSON and array bytes; `ObjectRef`, an object in a worker
``channel``  frames (`pack`, `unpack`) and a socket that carries them (`Channel`)
===========  =====================================================================
"""

from audiocourse.teach.grading.sandbox.protocol.channel import Channel, Closed, Slow, pack, unpack
from audiocourse.teach.grading.sandbox.protocol.limits import ProtocolError
from audiocourse.teach.grading.sandbox.protocol.values import ObjectRef

__all__ = ["Channel", "Closed", "ObjectRef", "ProtocolError", "Slow", "pack", "unpack"]
