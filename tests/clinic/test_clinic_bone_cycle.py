"""The cycle of bone: the cases that can be solved by hand, what may never happen, and what a block does."""

import math
import timeit

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spinemets.clinic import bone_cycle
from spinemets.clinic.bone_cycle import ASSUMPTIONS, BLOCKS, EQUATIONS, Bone, alone, simulate
from spinemets.clinic.errors import ClinicError
from spinemets.mathml import mathml

ACTORS = ("tumour", "osteoclast", "bone", "growth_factor")
blocks = st.sampled_from([block for block in BLOCKS if block != "nothing"])
strengths = st.floats(0, 1)
bones = st.builds(Bone, **{one.name: st.floats(one.least, one.most) for one in Bone.parameters()})


def test_without_tumour_nothing_changes():
    course = simulate(months=60, bone=Bone(burden=0))
    assert not course.tumour.any() and not course.osteoclast.any() and not course.growth_factor.any()
    assert (course.bone == 1).all()


def test_the_osteoclast_blocked_in_full_leaves_the_bone_and_the_tumours_own_growth():
    course = simulate("osteoclast", 1, start=0)
    assert (course.bone == 1).all()
    assert not course.osteoclast.any() and not course.growth_factor.any()
    assert course.tumour == pytest.approx(alone(course.months), abs=1e-8)


def test_rankl_blocked_in_full_from_the_start_never_raises_an_osteoclast():
    course = simulate("RANKL", 1, start=0)
    assert (course.bone == 1).all()
    assert course.tumour == pytest.approx(alone(course.months), abs=1e-8)


def test_tgf_beta_blocked_in_full_leaves_the_tumours_own_growth_and_bone_is_still_lost():
    course = simulate("TGF-beta", 1, start=0)
    assert course.tumour == pytest.approx(alone(course.months), abs=1e-8)
    assert course.bone[-1] < 0.7


def test_growth_alone_is_exponential_while_small_and_ends_at_what_the_site_holds():
    bone = Bone(burden=1e-6)
    assert alone(10, bone) == pytest.approx(1e-6 * math.exp(2), rel=1e-5)
    assert alone(60, Bone(growth=1)) == pytest.approx(1)
    assert alone(0) == pytest.approx(0.02)


def test_a_full_site_whose_signal_stays_the_same_is_solved_by_hand():
    """Tumour 1 and no drive: C = 1 - exp(-delta t), and the bone falls by its integral."""
    course = simulate(months=24, bone=Bone(burden=1, drive=0, turnover=1, resorption=0.12))
    t = course.months
    assert course.osteoclast == pytest.approx(1 - np.exp(-t), abs=1e-6)
    assert course.bone == pytest.approx(np.exp(-0.12 * (t - (1 - np.exp(-t)))), abs=1e-6)


@pytest.mark.parametrize("block", BLOCKS)
def test_growth_factor_comes_from_bone_and_from_nowhere_else(block):
    """What was freed, cleared or still there, adds up to the bone that was lost."""
    bone = Bone()
    course = simulate(block, 0 if block == "nothing" else 0.5)
    cleared = np.trapezoid(course.growth_factor, course.months)
    assert cleared + course.growth_factor[-1] / bone.clearance == pytest.approx(
        (1 - course.bone[-1]) / bone.resorption, rel=1e-3
    )


@settings(max_examples=60, deadline=None)
@given(bones, blocks, strengths, st.integers(0, 24))
def test_amounts_stay_amounts(bone, block, strength, start):
    course = simulate(block, strength, 24, start, bone)
    for actor in ACTORS:
        curve = getattr(course, actor)
        assert np.isfinite(curve).all() and (curve >= 0).all()
    assert (course.tumour <= 1 + 1e-9).all() and (np.diff(course.tumour) >= -1e-9).all()
    assert (course.bone <= 1).all() and (np.diff(course.bone) <= 0).all()


@settings(max_examples=60, deadline=None)
@given(blocks, strengths, strengths, st.integers(0, 24))
def test_a_stronger_block_spares_more_bone_and_never_helps_the_tumour(block, one, other, start):
    weak, strong = (simulate(block, strength, start=start) for strength in sorted((one, other)))
    assert (strong.bone >= weak.bone - 1e-12).all()
    assert (strong.tumour <= weak.tumour + 1e-12).all()


@given(blocks, strengths)
@settings(max_examples=20, deadline=None)
def test_before_it_begins_a_block_does_nothing(block, strength):
    untreated, treated = simulate(), simulate(block, strength, start=12)
    before = untreated.months < 12
    for actor in ACTORS:
        assert (getattr(treated, actor)[before] == getattr(untreated, actor)[before]).all()


def test_what_the_chapter_says_of_the_blocks():
    """Stopping the osteoclast spares bone, and the tumour grows on; PTHrP is not the only signal."""
    untreated = simulate()
    osteoclast, rankl, pthrp, tgf = (simulate(block, 0.9) for block in ("osteoclast", "RANKL", "PTHrP", "TGF-beta"))
    assert untreated.bone[-1] < 0.4 and osteoclast.bone[-1] > 0.9
    assert (np.diff(osteoclast.tumour) > 0).all() and osteoclast.tumour[-1] > 0.7
    assert untreated.bone[-1] < tgf.bone[-1] < pthrp.bone[-1] < rankl.bone[-1] <= osteoclast.bone[-1]
    month_7 = 7 * bone_cycle.STEPS
    assert osteoclast.osteoclast[month_7] < rankl.osteoclast[month_7], "osteoclasts that are there live on"


def test_the_steps_are_small_enough(monkeypatch):
    coarse = [simulate(block, 0 if block == "nothing" else 0.9) for block in BLOCKS]
    monkeypatch.setattr(bone_cycle, "STEPS", 20)
    for course, block in zip(coarse, BLOCKS, strict=True):
        fine = simulate(block, 0 if block == "nothing" else 0.9)
        for actor in ACTORS:
            assert getattr(fine, actor)[::2] == pytest.approx(getattr(course, actor), abs=1e-4)


def test_the_same_call_gives_the_same_numbers():
    one, other = simulate("RANKL", 0.5), simulate("RANKL", 0.5)
    assert all((getattr(one, actor) == getattr(other, actor)).all() for actor in ACTORS)


def test_the_system_can_be_shown():
    shown = "".join(equation.tex for equation in EQUATIONS)
    for equation in EQUATIONS:
        assert "<math" in mathml(equation.tex, block=True) and equation.says.endswith(".")
    for one in Bone.parameters():
        assert one.symbol in shown or one.name == "burden"
        assert one.origin == "assumed" and one.unit and one.least <= one.value <= one.most
    for arrow in BLOCKS.values():
        assert arrow is None or f"(1 - {arrow.symbol})" in shown
    assert len(ASSUMPTIONS) >= 5


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: simulate("rankl", 0.5), "block"),
        (lambda: simulate("RANKL", 1.1), "strength"),
        (lambda: simulate("RANKL", -0.1), "strength"),
        (lambda: simulate("RANKL", math.nan), "strength"),
        (lambda: simulate("RANKL", None), "strength"),
        (lambda: simulate("nothing", 0.5), "strength"),
        (lambda: simulate(months=0), "months"),
        (lambda: simulate(months=61), "months"),
        (lambda: simulate(months=2.5), "months"),
        (lambda: simulate("RANKL", 0.5, months=12, start=13), "start"),
        (lambda: Bone(growth=-1), "growth"),
        (lambda: Bone(burden=math.inf), "burden"),
        (lambda: Bone(feed="much"), "feed"),
        (lambda: alone(-1), "months"),
        (lambda: alone([0, math.nan]), "months"),
        (lambda: alone("x"), "months"),
        (lambda: alone([]), "months"),
        (lambda: alone([[1], [1, 2]]), "months"),
        (lambda: alone(1, False), "bone"),
        (lambda: simulate(bone=""), "bone"),
        (lambda: simulate(bone=False), "bone"),
        (lambda: simulate(bone=0.02), "bone"),
        (lambda: Bone(growth=10**400), "growth"),
    ],
)
def test_what_is_not_covered_is_refused(call, argument):
    with pytest.raises(ClinicError, match=rf"^{argument}: .* is not covered; expected .*model of this course"):
        call()


def test_a_run_is_quick():
    assert min(timeit.repeat(lambda: simulate("RANKL", 0.9), number=1, repeat=20)) < 0.005
