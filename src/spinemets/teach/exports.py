"""The grades of a gradebook in the forms in which Canvas and Moodle import them: one column, of hand-ins that count.

The system finds its people by the id that students typed into their hand-ins, in small letters here. Who typed an id is
not known; look at "one id, several names" in the gradebook before importing.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection

from spinemets.files import write

from .gradebook import COUNTS, GradebookError, Row, decimal, defused, students

CANVAS_IDS = ("SIS Login ID", "SIS User ID")
MOODLE_IDS = ("ID number", "Username", "Email address")
"""What students may have been asked to type, as the platforms call it."""

_CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_OWN_COLUMNS = re.compile(r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
"""Headings that Canvas leaves out as its own."""


def canvas(connection: Connection, release: str, assignment: str, out: Path, id: str = CANVAS_IDS[0]) -> int:
    """Write the CSV that Canvas imports in its gradebook, and give the number of students in it.

    Columns as Canvas exports them: Student, ID, SIS User ID, SIS Login ID, Section and the assignment, which Canvas
    makes if it does not know it; the second row holds the possible points. Canvas looks for a student by ID (its own,
    empty here), then by the SIS ids, then by the name. So that a mistyped id cannot give a grade to a namesake, and
    nobody's name is taken for the row of points, the first column holds the id, too.

    Sources: Ohio State University, Import a CSV file to Carmen grades
    (https://teaching.resources.osu.edu/toolsets/carmencanvas/guides/calculating-final-grades/import-csv-file-carmen-grades);
    the importer itself (https://github.com/instructure/canvas-lms, lib/gradebook_importer.rb).

    Args:
        connection: of :func:`spinemets.teach.gradebook.reading`.
        release: its id.
        assignment: the assignment's name, or ``Name (number)`` as Canvas exports it.
        out: the file.
        id: which id the students typed.

    Raises:
        GradebookError: no hand-in counts, Canvas would not take the name, or the file cannot be written.
    """
    if _OWN_COLUMNS.search(assignment) or assignment in _CANVAS or not assignment.strip():
        raise GradebookError(f"{assignment!r}: Canvas has such a column itself. Example: --assignment 'Chapter 5'")
    rows = _counting(connection, release)
    points = ["    Points Possible", "", "", "", "", str(rows[0].possible)]
    lines = [
        [defused(row.student) if column in ("Student", id) else "" for column in _CANVAS] + [decimal(row.score)]
        for row in rows
    ]
    _write(out, [[*_CANVAS, defused(assignment)], points, *lines])
    return len(rows)


def moodle(connection: Connection, release: str, assignment: str, out: Path, id: str = MOODLE_IDS[0]) -> int:
    """Write the CSV that Moodle imports under Grades > Import > CSV file, and give the number of students in it.

    Two columns: who, to be mapped from its heading to the same field of the user, and the grade, to be mapped to a
    grade item or to a new one. The grade is of 100, the largest that Moodle takes unless its settings say otherwise.
    Moodle imports nothing at all if one id is unknown to it; it names the id then.

    Sources: Moodle, Grade import (https://docs.moodle.org/311/en/Grade_import); the importer itself
    (https://github.com/moodle/moodle, grade/import/csv/classes/load_data.php).

    Args:
        connection: of :func:`spinemets.teach.gradebook.reading`.
        release: its id.
        assignment: the grade item's name.
        out: the file.
        id: which field of the user the students typed.

    Raises:
        GradebookError: no hand-in counts, or the file cannot be written.
    """
    rows = _counting(connection, release)
    lines = [[defused(row.student), "-" if row.percent is None else decimal(row.percent, 2)] for row in rows]
    _write(out, [[id, defused(assignment)], *lines])
    return len(rows)


def _counting(connection: Connection, release: str) -> list[Row]:
    # The answers of all students together may not fit into the memory.
    rows = [replace(row, answers={}) for row in students(connection, release) if row.status == COUNTS]
    if not rows:
        raise GradebookError(f"no hand-in of the release {release} counts, so there is nothing to export")
    return rows


def _write(out: Path, rows: Sequence[Sequence[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    try:
        write(out, text.getvalue())
    except OSError as error:
        raise GradebookError(f"{out}: {error.strerror}. Name a file in a folder that you can write to.") from error
