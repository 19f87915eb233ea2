"""What the course says when something cannot be done: one clear sentence, and what to do about it."""


class AudioCourseError(Exception):
    """Bad input or a missing part; the message is one sentence that says what was wrong and what to do."""
