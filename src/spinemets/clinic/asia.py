"""The ASIA Impairment Scale, from the evidence table ``asia-impairment`` (source isncsci_table).

It asks first what is left in the lowest sacral segments (S4-S5), then for power below the level, then how strong the
key muscles below it are. It does not speak of walking.
"""

from __future__ import annotations

from typing import Literal, get_args

from ..evidence import table
from .errors import ClinicError
from .inputs import one_of, truth, whole

SOURCE = "table asia-impairment, isncsci_table"
Grade = Literal["A", "B", "C", "D", "E"]
GRADES: tuple[Grade, ...] = get_args(Grade)


def grade(sacral_feeling: bool, anal_contraction: bool, motor_below: bool, strong: int, muscles: int) -> Grade:
    """The grade A to D of somebody with a deficit. Exactly half of the muscles at grade 3 counts as D.

    Args:
        sacral_feeling: light touch, pin or deep pressure is felt in S4-S5.
        anal_contraction: the anal sphincter contracts at will.
        motor_below: there is power more than three levels below the motor level, on either side.
        strong: key muscles below the level that reach grade 3 (move against gravity).
        muscles: key muscles below the level that were tested.

    Raises:
        ClinicError: no True or False; more strong muscles than muscles; or no muscle tested where the grade needs it.
    """
    for argument, value in (
        ("sacral_feeling", sacral_feeling),
        ("anal_contraction", anal_contraction),
        ("motor_below", motor_below),
    ):
        truth(argument, value, SOURCE)
    tested = whole("muscles", muscles, "a whole number, 0 or more", SOURCE, lambda n: n >= 0)
    good = whole("strong", strong, f"a whole number, 0 to {tested} (muscles)", SOURCE, lambda n: 0 <= n <= tested)
    if not (sacral_feeling or anal_contraction):
        return "A"
    if not (anal_contraction or motor_below):
        return "B"
    if tested == 0:
        raise ClinicError("muscles", muscles, "1 or more: the key muscles below the level tell C from D", SOURCE)
    return "D" if 2 * good >= tested else "C"


def meaning(grade: str) -> str:
    """A grade in the table's words; E is for somebody whose deficit has gone, not for one who never had any.

    Raises:
        ClinicError: no such grade.
    """
    one_of("grade", grade, GRADES, SOURCE)
    return next(str(row["means"]) for row in table("asia-impairment").rows if row["grade"] == grade)


def complete(grade: str) -> bool:
    """Whether a grade means a complete lesion: only A, where nothing is left in S4-S5.

    Raises:
        ClinicError: no such grade.
    """
    return one_of("grade", grade, GRADES, SOURCE) == "A"
