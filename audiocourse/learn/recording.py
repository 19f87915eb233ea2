"""A student's own recordings: read from ``work/recordings/``, never stored in a notebook, never handed in."""

from __future__ import annotations

from audiocourse.course import course_root
from audiocourse.learn import progress
from audiocourse.signal import Recording, read

READABLE = (".wav", ".flac", ".ogg", ".mp3")


def own_recording() -> Recording | None:
    """Return the newest recording in ``work/recordings/``, or None (and say how to make one) where there is none.

    Tests, CI and graders, for whom progress is off, never look into that folder.

    Raises
    ------
    AudioCourseError
        If the file cannot be read as sound.
    """
    folder = course_root() / "work" / "recordings"
    found = [path for path in folder.glob("*") if path.suffix.lower() in READABLE] if progress.is_on() else []
    if not found:
        print(
            f"No recording yet: put a file ({', '.join(READABLE)}) into the folder recordings and run this cell again."
        )
        return None
    newest = max(found, key=lambda path: path.stat().st_mtime)
    recording = read(newest)
    print(f"{newest.name}: {recording.seconds:.1f} s, {recording.sr} Hz, {recording.channels} channel(s)")
    return recording
