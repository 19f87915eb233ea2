"""How an answer is checked, and how a check says what differs.

=============  =====================================================================
``authoring``  what an author of checks, misconceptions and alternatives writes with
``registry``   which checks a task has
``runner``     runs them, and recognises a misconception
``student``    the only door to an answer; `guard` refuses forbidden calls
``given``      callables that a task hands to an answer
``calls``      every call that checks made, and its result
``diagnose``   what differs, where, and by how much
``answers``    loads the answers of a notebook, and what they need (`needed`)
``limits``     of time and memory
=============  =====================================================================
"""
