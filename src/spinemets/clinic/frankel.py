"""Frankel's five grades of what the cord still does, from the evidence table ``frankel`` (source frankel_ts).

They ask what feeling and power are left below the lesion. The ASIA scale, which came later, asks first what is left in
the lowest sacral segments (:mod:`spinemets.clinic.asia`), so that the two can differ in the same person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from ..evidence import table
from .errors import ClinicError
from .inputs import one_of, truth

SOURCE = "table frankel, frankel_ts"
Grade = Literal["A", "B", "C", "D", "E"]
Motor = Literal["none", "useless", "useful", "normal"]
Sensation = Literal["none", "some", "normal"]
Walking = Literal["impossible", "possible", "not stated"]
GRADES: tuple[Grade, ...] = get_args(Grade)


def grade(motor: Motor, sensation: Sensation, sphincters: bool = True, walks: bool | None = None) -> Grade:
    """The grade from what somebody can still do below the lesion.

    Args:
        motor: power: none, useless (of no practical use), useful, or normal.
        sensation: feeling: none, some or normal; without power, some and normal are both B.
        sphincters: whether bladder and bowel are undisturbed.
        walks: whether the person walks, if it is known.

    Raises:
        ClinicError: a word that is no answer; power and walking that exclude each other; or normal power with a loss
            of feeling or a disturbed bladder or bowel, which the definition leaves between D and E.
    """
    one_of("motor", motor, get_args(Motor), SOURCE)
    one_of("sensation", sensation, get_args(Sensation), SOURCE)
    whole = truth("sphincters", sphincters, SOURCE) and sensation == "normal"
    if motor == "normal" and not whole:
        raise ClinicError(
            "motor",
            motor,
            "'useful', or 'normal' with normal feeling and sphincters: full power with a loss of feeling or a "
            "disturbed bladder or bowel is left open between D and E, so choose one and say so",
            SOURCE,
        )
    if motor == "none":
        found: Grade = "A" if sensation == "none" else "B"
    else:
        found = _of_motor(motor)
    return found if walks is None else with_walking(found, walks)


def meaning(grade: str) -> str:
    """A grade in the table's words.

    Raises:
        ClinicError: no such grade.
    """
    return str(_row(grade)["means"])


def walking(grade: str) -> Walking:
    """What a grade says of walking: impossible (A, B, C), possible (D: many walk), or not stated (E).

    Only D speaks of walking; that the first three exclude it is our reading of "no power" and "no practical use". At E
    somebody may still be unable to walk for another reason, such as pain.

    Raises:
        ClinicError: no such grade.
    """
    return _row(grade)["walking"]  # type: ignore[return-value]  # the table holds these words


def with_walking(grade: Grade, walks: bool) -> Grade:
    """The grade, if it allows that the person walks, or does not.

    Raises:
        ClinicError: the person walks at a grade that excludes it; the message names both.
    """
    one_of("grade", grade, GRADES, SOURCE)
    if truth("walks", walks, SOURCE) and walking(grade) == "impossible":
        raise ClinicError("walks", walks, f"False, since the Frankel grade is {grade}: {meaning(grade)}", SOURCE)
    return grade


def _of_motor(motor: str) -> Grade:
    return next(row["grade"] for row in table("frankel").rows if row["motor"] == motor)


def _row(grade: str) -> Mapping[str, object]:
    one_of("grade", grade, GRADES, SOURCE)
    return next(row for row in table("frankel").rows if row["grade"] == grade)
