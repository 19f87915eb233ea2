"""Zips that return pages to students through Canvas and Moodle."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from audiocourse.atomic import write_atomically
from audiocourse.teach.grading.platforms import page_for, parse_platform_name
from audiocourse.teach.grading.reports.export import last_of_each
from audiocourse.teach.grading.reports.gradebook import Result
from audiocourse.teach.grading.reports.pages import page_of

DAY = (2020, 1, 1, 0, 0, 0)  # of every file in a zip, so that the same pages give the same bytes


def write_handback(results: Sequence[Result], out: Path, *, platform: str) -> list[Path]:
    """Write a zip for each notebook with the pages of its students, named as the platform expects them.

    Parameters
    ----------
    results : sequence of Result
        The results in the grade book; of several submissions of a student, the page of the last one is returned.
    out : Path
        The folder in which the pages are.
    platform : {"canvas", "moodle"}
        The platform of the submissions; files from elsewhere are left out.
    """
    zips: dict[str, dict[str, bytes]] = {}
    for result in last_of_each(results):
        place = parse_platform_name(result.file)
        name = page_for(result.file)
        if place and name and place.platform == platform and (out / page_of(result)).is_file():
            zips.setdefault(result.notebook or "unknown", {})[name] = (out / page_of(result)).read_bytes()
    paths = []
    for notebook, pages in sorted(zips.items()):
        paths.append(out / f"{platform}-feedback-{notebook}.zip")
        write_atomically(paths[-1], _zipped(pages))
    return paths


def _zipped(pages: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, page in sorted(pages.items()):
            archive.writestr(zipfile.ZipInfo(name, DAY), page, zipfile.ZIP_DEFLATED)
    return data.getvalue()
