"""What the course says when something cannot be done: one clear sentence, and what to do about it."""


class AudioCourseError(Exception):
    """Bad input or a missing part; the message is one sentence that says what was wrong and what to do."""

    def _render_traceback_(self) -> "list[str]":
        """Tell IPython to show the sentence alone, without the stack that led to it."""
        return [f"{type(self).__name__}: {self}"]
