"""The marks of an author of exercises."""

from audiocourse.learn.authoring import MARK, AlternativeMark, MutantMark, alternative, mutant


def test_functions_and_classes_are_marked() -> None:
    @mutant(task="buffer", name="forgets", hint="Where does the oldest sample go?")
    class Forgets:
        """A wrong answer that is a class."""

    @alternative(task="buffer")
    def other() -> int:
        return 1

    assert vars(Forgets)[MARK] == MutantMark("buffer", "forgets", "Where does the oldest sample go?")
    assert vars(other)[MARK] == AlternativeMark("buffer")
    assert other() == 1
