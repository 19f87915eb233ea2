"""An nbgrader course in a folder, with exercise 5 as its assignment: what an instructor who uses nbgrader has."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from audiocourse.teach.build import build_for_nbgrader

ASSIGNMENT = "ex05_vad"


class NbgraderCourse:
    """A course folder.

    nbgrader calls ``alembic`` by name, so the folder of this Python's programs goes on the path, as in an activated
    environment.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        programs = str(Path(sys.executable).parent)
        if programs not in os.environ["PATH"].split(os.pathsep):
            os.environ["PATH"] = os.pathsep.join([programs, os.environ["PATH"]])
        build_for_nbgrader(root)

    def command(self, *arguments: str) -> str:
        """Run ``nbgrader`` in the course folder and return what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"nbgrader {' '.join(arguments)} failed:\n{done.stdout}")
        return done.stdout

    def hand_in(self, student: str, data: bytes) -> None:
        """Put a submission where ``nbgrader collect`` would."""
        folder = self.root / "submitted" / student / ASSIGNMENT
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{ASSIGNMENT}.ipynb").write_bytes(data)

    def released(self) -> Path:
        """Return the notebook that nbgrader gives to students."""
        return self.root / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"

    def api(self) -> Any:
        """Return nbgrader's own Python interface to this folder."""
        from nbgrader.apps import NbGraderAPI
        from traitlets.config import Config

        config = Config()
        config.CourseDirectory.root = str(self.root)
        return NbGraderAPI(config=config)

    def grades(self, student: str) -> dict[str, Any]:
        """Return what nbgrader's gradebook holds about a submission, by the name of the task."""
        with self.api().gradebook as book:
            grades = book.find_submission_notebook(ASSIGNMENT, ASSIGNMENT, student).grades
            return {grade.name.removesuffix("-check"): grade.to_dict() for grade in grades}

    def points(self, student: str) -> dict[str, float]:
        """Return the points above zero that nbgrader gave by itself, by task."""
        scores = {task: grade["auto_score"] for task, grade in self.grades(student).items()}
        return {task: score for task, score in scores.items() if score}
