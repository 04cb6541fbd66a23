"""Item analysis of gradebooks: against pandas by other ways, planted flaws, small classes, odd gradebooks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from spinemets.course import COURSE_ID
from spinemets.quiz import grading
from spinemets.quiz.items import Choice, Choices, Hotspot, Match, Order
from spinemets.teach import analysis, classes, gradebook
from spinemets.teach.analysis import AnalysisError, analyse
from spinemets.teach.gradebook import Filed, GradebookError, Scored
from spinemets.teach.questions import Question, bank_questions
from spinemets.teach.releases import Release

SEED = 4


@pytest.fixture
def connection() -> Iterator[sa.Connection]:
    with sa.create_engine("sqlite://").connect() as connection:
        gradebook.HAND_INS.metadata.create_all(connection)
        yield connection


def asked(
    id: str, type: str = "choice", options: Sequence[str] = ("a", "b", "c"), key: Sequence[int] = (0,)
) -> Question:
    return Question(id, type, f"Question {id}", f"hash of {id}", tuple(options), frozenset(key))


def put(
    connection: sa.Connection,
    questions: Sequence[Question],
    hand_ins: Sequence[Sequence[tuple[object, float, float | None]]],
    *,
    release: str = "r",
    status: str = "counts",
    begin: bool = True,
) -> None:
    """Write hand-ins: for each question the answer (None if left out), its score and its seconds."""
    if begin:
        items = tuple((one.id, one.hash) for one in questions)
        made = Release(release, "A release", COURSE_ID, (), None, items)
        gradebook.begin(connection, made, {one.id: one.type for one in questions})
    first = (connection.execute(sa.select(sa.func.max(gradebook.HAND_INS.c.id))).scalar() or 0) + 1
    files = []
    for number, answers in enumerate(hand_ins):
        scored = tuple(
            Scored(question.id, score, gradebook.as_json(answer), seconds, "")
            for question, (answer, score, seconds) in zip(questions, answers, strict=True)
        )
        files.append(
            Filed(
                file=f"{number}.json",
                student=f"s{number}",
                name="",
                finished="",
                status=status,
                reason="",
                score=sum(one.score for one in scored),
                possible=len(scored),
                answers=scored,
            )
        )
    gradebook.add(connection, release, first, files)


def known(questions: Sequence[Question]) -> dict[str, Question]:
    return {one.id: one for one in questions}


# --- the numbers ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def class_of_80() -> tuple[list[classes.Made], pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """A synthetic class of 80 as tables: what was picked, scores, seconds."""
    made = classes.made(12)
    (some,) = classes.answers(made, 80, SEED)
    names = [one.id for one in made]
    picked = pd.DataFrame(some.picked, columns=names)
    scores = (picked == [one.key for one in made]).astype(float)
    return made, picked, scores, pd.DataFrame(some.seconds, columns=names)


def test_numbers_are_those_of_pandas(class_of_80):
    made, picked, scores, seconds = class_of_80
    found, _ = classes.analysed(80, SEED)
    total = scores.sum(axis=1)
    assert found.n == 80 and found.mean == pytest.approx(total.mean()) and found.sd == pytest.approx(total.std())
    assert sum(found.totals) == 80 and found.totals == tuple(
        total.astype(int).value_counts().reindex(range(13), fill_value=0)
    )
    low, high = total.sort_values().iloc[21], total.sort_values().iloc[-22]  # 27 % of 80, rounded up, are 22
    lower, upper = total <= low, total >= high
    assert (found.groups.lower, found.groups.upper) == (lower.sum(), upper.sum())
    assert (found.groups.low, found.groups.high) == (low, high)
    for item in found.items:
        id = item.question.id
        rest = total - scores[id]
        assert item.statistics.difficulty.value == pytest.approx(scores[id].mean())
        assert item.statistics.with_rest.value == pytest.approx(scores[id].corr(rest))
        assert item.answered == (picked[id] >= 0).sum()
        assert item.seconds.n == 80 and item.seconds.median == seconds[id].quantile(0.5, interpolation="lower")
        for place, use in enumerate(item.uses):
            chose = picked[id] == place
            assert (use.n, use.lower, use.upper) == (chose.sum(), (chose & lower).sum(), (chose & upper).sum())
            assert use.rest == (pytest.approx(rest[chose].mean()) if chose.any() else None)


@pytest.mark.parametrize("chunk", [1, 7, 79, 80])
def test_the_size_of_a_chunk_changes_nothing(connection, chunk):
    made = classes.made(12)
    classes.write(connection, made, 80, SEED)
    whole = analyse(connection, classes.questions(made))
    parts = analyse(connection, classes.questions(made), chunk=chunk)
    assert parts.reliability.low == pytest.approx(whole.reliability.low)
    for one, other in zip(parts.items, whole.items, strict=True):
        assert one.statistics.with_rest.high == pytest.approx(other.statistics.with_rest.high)
        assert one.statistics.alpha_without == pytest.approx(other.statistics.alpha_without)
        assert (one.flags, one.seconds) == (other.flags, other.seconds)
        for use, same in zip(one.uses, other.uses, strict=True):
            assert use == replace(same, rest=pytest.approx(same.rest))


def test_only_what_counts_of_the_release_is_read(connection):
    questions = [asked("x"), asked("y")]
    put(connection, questions, [[(0, 1, 9), (0, 1, 9)]] * 3)
    put(connection, questions, [[(1, 0, 9), (1, 0, 9)]] * 4, status="superseded", begin=False)
    put(connection, questions, [[(1, 0, 9), (1, 0, 9)]] * 4, status="late", begin=False)
    put(connection, questions, [[(1, 0, 9), (1, 0, 9)]] * 5, release="other")
    put(connection, questions, [[(2, 0, 9), (0, 1, 9)]] * 2, begin=False)
    found = analyse(connection, known(questions), "r", chunk=2)
    assert found.n == 5 and [use.n for use in found.items[0].uses] == [3, 0, 2]
    assert found.items[0].statistics.difficulty.value == pytest.approx(0.6)


def test_left_out_counts_0_and_chose_nothing(connection):
    questions = [asked("x"), asked("y")]
    put(connection, questions, [[(0, 1, 5), (None, 0, None)], [(0, 1, 7), (0, 1, 30)]])
    found = analyse(connection, known(questions)).items[1]
    assert found.statistics.difficulty.value == 0.5 and found.answered == 1
    assert sum(use.n for use in found.uses) == 1 and found.seconds == analysis.Seconds(1, 30, 30, 30)


def test_long_times_count_as_an_hour_and_missing_ones_not_at_all(connection):
    questions = [asked("x"), asked("y")]
    put(connection, questions, [[(0, 1, 1e7), (0, 1, None)], [(0, 1, 5.4), (0, 1, None)], [(0, 1, 1e9), (0, 1, None)]])
    first, second = analyse(connection, known(questions)).items
    assert first.seconds == analysis.Seconds(3, 3600, 5, 3600) and second.seconds is None


def test_partial_credit_is_alpha_and_its_totals_fall_between(connection):
    questions = [asked("x", "choices"), asked("y")]
    rows = [[([0, 1], 1 / 3, None), (0, 1, None)], [([0], 1, None), (0, 1, None)], [([], 0, None), (2, 0, None)]]
    put(connection, questions, rows)
    found = analyse(connection, known(questions))
    assert found.coefficient == "Cronbach's alpha" and found.totals == (1, 1, 1)
    assert [use.n for use in found.items[0].uses] == [2, 1, 0]


# --- planted flaws --------------------------------------------------------------------------------------------------


def kinds(found: analysis.Analysis) -> dict[str, set[str]]:
    return {item.question.id: {flag.kind for flag in item.flags} for item in found.items if item.flags}


@pytest.mark.parametrize("seed", range(3))
def test_planted_flaws_are_found_in_a_large_class(seed):
    found, made = classes.analysed(2000, seed)
    key, idle, apart, leaked = (one.id for one in made if one.flaw)
    flags = kinds(found)
    assert {"key", "negative"} <= flags[key]
    assert flags[idle] == {"idle"}
    assert flags[apart] == {"low"}
    assert "quick" in flags[leaked]
    assert set(flags) == {key, idle, apart, leaked}


def test_words_of_a_wrong_key_name_what_the_best_chose():
    found, made = classes.analysed(600, SEED)
    (planted,) = (one for one in made if one.key != one.truth)
    (item,) = (item for item in found.items if item.question.id == planted.id)
    (flag,) = (flag for flag in item.flags if flag.kind == "key")
    uses = item.uses
    right, marked = classes.OPTIONS[planted.truth], classes.OPTIONS[planted.key]
    assert (
        f"{uses[planted.truth].upper} chose “{right}” and {uses[planted.key].upper} the key, “{marked}”" in flag.words
    )


def test_chance_alone_flags_few_questions():
    """Classes of 60 without flaws: in 12 classes of 8 questions hardly a question is flagged."""
    flagged = sum(bool(item.flags) for seed in range(12) for item in classes.analysed(60, seed, items=8)[0].items)
    assert flagged <= 4


@pytest.mark.parametrize("students", [1, 2, 12, analysis.FEWEST - 1])
def test_small_classes_are_warned_of_and_never_flagged(students):
    for seed in range(5):
        found, _ = classes.analysed(students, seed)
        assert kinds(found) == {}
        assert any(f"Below {analysis.FEWEST} no question is flagged" in words for words in found.warnings)
        assert all(item.statistics.difficulty.low < item.statistics.difficulty.high for item in found.items)


def test_from_thirty_on_questions_may_be_flagged_with_a_warning_up_to_a_hundred():
    found, _ = classes.analysed(analysis.FEWEST, 1)
    assert any("intervals are wide" in words for words in found.warnings)
    assert kinds(classes.analysed(99, 1)[0]) and classes.analysed(100, 1)[0].warnings == ()


def test_a_hard_and_an_easy_question_are_flagged(connection):
    questions = [asked("hard"), asked("easy"), asked("middle")]
    rows = [[(1, 0, None), (0, 1, None), (0, float(i % 2), None)] for i in range(100)]
    put(connection, questions, rows)
    flags = kinds(analyse(connection, known(questions)))
    assert "hard" in flags["hard"] and flags["easy"] == {"easy"} and "middle" not in flags


def test_a_wrong_key_of_one_text_of_a_match_is_found(connection):
    match = asked("m", "match", ["p → u", "p → v", "q → u", "q → v"], key=[0, 3])
    questions = [match, *(asked(f"x{i}") for i in range(6))]
    rows = []
    for i in range(60):
        good = i < 30
        rows.append([([1 if good else 0, 1], 0.5, None), *[(0, float(good), None)] * 6])
    put(connection, questions, rows)
    (item, *_) = analyse(connection, known(questions)).items
    assert [use.n for use in item.uses] == [30, 30, 0, 60]
    assert [flag.words for flag in item.flags if flag.kind == "key"] == [
        "Of those who did best 30 chose “p → v” and 0 the key, “p → u”. Is the key right?"
    ]


def test_equal_totals_are_no_groups(connection):
    questions = [asked("x"), asked("y")]
    put(connection, questions, [[(0, 1, None), (1, 0, None)]] * 40)
    found = analyse(connection, known(questions))
    assert found.groups is None and found.reliability.value is None
    assert any("all equal" in words for words in found.warnings)
    assert all(use.lower == use.upper == 0 for use in found.items[0].uses)


# --- questions without options --------------------------------------------------------------------------------------


def test_the_commonest_wrong_answers_of_open_questions(connection):
    number, short = asked("n", "number", (), ()), asked("s", "short", (), ())
    given = [(28.0, 1, "MSCC"), (2.8, 0, " Neuropathy"), (2.80, 0, "neuropathy!"), (28, 1, "m.s.c.c."), (7, 0, "Cord")]
    put(connection, [number, short], [[(n, r, None), (s, r, None)] for n, r, s in given])
    numbers, texts = analyse(connection, known([number, short])).items
    assert [(use.words, use.n, use.right) for use in numbers.uses] == [(analysis.RIGHT, 2, True), ("2.8", 2, False)]
    assert [(use.words, use.n) for use in texts.uses] == [(analysis.RIGHT, 2), ("neuropathy", 2)]


def test_many_different_answers_stay_few_and_the_common_ones_are_right(connection, monkeypatch):
    monkeypatch.setattr(analysis, "KEPT", 20)
    number = asked("n", "number", (), ())
    rows = [[(5 if i % 4 == 0 else i + 0.5, 0, None)] for i in range(600)]
    put(connection, [number], [[(7, 1, None)], *rows])
    (item,) = analyse(connection, known([number]), chunk=25).items
    assert [(use.words, use.n) for use in item.uses] == [(analysis.RIGHT, 1), ("5", 150)]


def test_an_answer_that_good_students_give_may_be_right(connection):
    short = asked("s", "short", (), ())
    questions = [short, *(asked(f"x{i}") for i in range(5))]
    rows = [
        [("mscc" if i % 2 else "other", float(i % 2 == 0), None), *[(0, float(i % 2), None)] * 5] for i in range(60)
    ]
    put(connection, questions, rows)
    flags = analyse(connection, known(questions)).items[0].flags
    assert "Of those who did best 30 chose “mscc” and 0 gave the right answer. Is the key right?" in [
        f.words for f in flags
    ]


def test_answers_of_calculated_and_order_questions_in_words():
    assert Question("c", "calculated", "", "").picks({"variant": 2, "value": 12.50}) == ("12.5 (variant 3)",)
    assert Question("o", "order", "", "", order=(2, 0, 1)).picks([0, 2, 1]) == ("steps in the order 2, 1, 3",)


def test_every_question_of_the_bank_finds_its_own_key():
    from spinemets.quiz.bank import all_items

    questions = bank_questions()
    items = {item.id: item for item in all_items()}
    seen = set()
    for id, question in questions.items():
        item = items[id]
        seen.add(item.type)
        answer = None
        if isinstance(item, Choice | Hotspot):
            answer = next(place for place, option in enumerate(item.options) if option.correct)
        elif isinstance(item, Choices):
            answer = [place for place, option in enumerate(item.options) if option.correct]
        elif isinstance(item, Match | Order):
            answer = item.key
        if answer is None:
            assert not question.options
            continue
        assert grading.grade(item, answer) == 1
        picks = question.picks(json.loads(json.dumps(answer)))
        if isinstance(item, Order):
            assert picks == (f"steps in the order {', '.join(str(i + 1) for i in range(len(answer)))}",)
        else:
            assert set(picks) == question.key
    assert {"choice", "choices", "number"} <= seen


# --- gradebooks that are not as expected ----------------------------------------------------------------------------


def test_a_question_that_changed_has_numbers_but_no_options(connection):
    old, gone, same = asked("old"), asked("gone"), asked("same")
    put(connection, [old, gone, same], [[(0, 1, 4), (1, 0, 4), (0, 1, 4)], [(2, 0, 4), (0, 1, 4), (0, 1, 4)]])
    found = analyse(connection, known([replace(old, hash="another"), same]))
    assert [bool(item.uses) for item in found.items] == [False, False, True]
    assert "changed" in found.items[0].question.text and "no longer" in found.items[1].question.text
    assert found.items[0].statistics.difficulty.value == 0.5 and found.items[0].answered == 2


def test_questions_that_could_not_be_graded_are_left_out_and_named(connection):
    questions = [asked("x"), replace(asked("lost"), type=""), asked("y")]
    put(connection, questions, [[(0, 1, 4), (1, 0, 4), (0, 1, 4)], [(2, 0, 4), (0, 0, 4), (0, 1, 4)]])
    found = analyse(connection, known(questions))
    assert [item.question.id for item in found.items] == ["x", "y"] and found.ungraded == ("lost",)
    assert len(found.totals) == 3


@pytest.mark.parametrize("answer", [9, -1, "x", [0], {"variant": 0}, [[[1]]], True, 1e300])
def test_stored_answers_of_another_form_choose_nothing(connection, answer):
    questions = [asked("x"), asked("m", "match", ["p → u", "p → v"], key=[0]), asked("o", "order", (), ())]
    put(connection, questions, [[(answer, 0, None)] * 3, [(0, 1, None), ([0], 1, None), (None, 0, None)]])
    found = analyse(connection, known(questions))
    assert [use.n for use in found.items[0].uses] == [1, 0, 0]
    assert found.items[0].answered == 2


def test_broken_json_in_the_gradebook_chooses_nothing(connection):
    questions = [asked("x"), asked("y")]
    put(connection, questions, [[(0, 1, 1), (0, 1, 1)]] * 2)
    connection.execute(sa.update(gradebook.ANSWERS).where(gradebook.ANSWERS.c.hand_in == 1).values(answer='{"a":'))
    assert [use.n for use in analyse(connection, known(questions)).items[0].uses] == [1, 0, 0]


def test_without_hand_ins_that_count_the_message_says_what_to_do(connection):
    questions = [asked("x"), asked("y")]
    put(connection, questions, [[(0, 1, 1), (0, 1, 1)]], status="late")
    with pytest.raises(AnalysisError, match=r"no hand-in of the release r counts.*Example: spinemets grade"):
        analyse(connection, known(questions))


def test_without_a_gradable_question_the_message_says_so(connection):
    put(connection, [replace(asked("x"), type="")], [[(0, 0, 1)]])
    with pytest.raises(AnalysisError, match="could be graded for anybody"):
        analyse(connection, {})


def test_another_release_must_be_named(connection):
    put(connection, [asked("x")], [[(0, 1, 1)]])
    put(connection, [asked("x")], [[(0, 1, 1)]], release="second")
    with pytest.raises(GradebookError, match="which release"):
        analyse(connection, {})
    with pytest.raises(GradebookError, match="no release 'third'"):
        analyse(connection, {}, "third")


def test_progress_is_told_on_standard_error(connection, capsys):
    put(connection, [asked("x")], [[(0, 1, 1)]] * 30)
    analyse(connection, known([asked("x")]), chunk=10)
    assert capsys.readouterr().err == ""
    analyse(connection, known([asked("x")]), chunk=10, progress=True)
    assert "analysed 30 of 30" in capsys.readouterr().err


# --- synthetic classes ----------------------------------------------------------------------------------------------


def test_a_class_is_the_same_for_any_chunk_and_begins_a_larger_one():
    made = classes.made(12)
    (whole,) = classes.answers(made, 50, SEED)
    parts = list(classes.answers(made, 50, SEED, chunk=7))
    assert np.array_equal(np.concatenate([part.picked for part in parts]), whole.picked)
    (larger,) = classes.answers(made, 90, SEED)
    assert np.array_equal(larger.picked[:50], whole.picked) and np.array_equal(larger.seconds[:50], whole.seconds)


def test_the_model_gives_the_shares_that_it_says():
    one = classes.Made("q", a=1.5, b=0.5, seconds=40, truth=1, key=1, wrong=(0.5, 0.3, 0.2))
    (some,) = classes.answers([one, one], 200_000, 1, chunk=200_000)
    ability = np.random.default_rng(0).standard_normal(400_000)
    right = (0.25 + 0.75 / (1 + np.exp(-1.5 * (ability - 0.5)))).mean()
    counts = np.bincount(some.picked[:, 0] + 1) / 200_000
    answered = 1 - classes.LEFT_OUT
    assert counts[0] == pytest.approx(classes.LEFT_OUT, abs=0.002)
    assert counts[2] == pytest.approx(right * answered, abs=0.005)
    wrong = (1 - right) * answered
    assert counts[[1, 3, 4]] == pytest.approx(wrong * np.array([0.5, 0.3, 0.2]), abs=0.005)
    assert np.median(some.seconds) == pytest.approx(40, abs=1)


def test_everything_synthetic_says_so(connection):
    made = classes.made(12)
    assert all("ynthetic" in question.text for question in classes.questions(made).values())
    classes.write(connection, made, 3, SEED)
    for row in connection.execute(sa.select(gradebook.HAND_INS)):
        assert "synthetic" in row.file and "Synthetic" in row.name and row.release == "synthetic"


def test_one_question_makes_no_class():
    with pytest.raises(ValueError, match="two questions or more"):
        classes.made(1)


# --- what the notebook for instructors says of its classes -----------------------------------------------------------


def test_a_wrong_key_looks_best_in_the_first_class_of_12():
    found, made = classes.analysed(12, 1)
    third = found.items[2].statistics.with_rest
    assert made[2].key != made[2].truth
    assert third.value == max(item.statistics.with_rest.value or 0 for item in found.items)
    assert (round(third.low, 1), round(third.high, 1)) == (0.0, 0.9)


def test_the_flag_of_question_8_comes_and_goes_in_the_class_of_try_it():
    flagged = {n: bool(classes.analysed(n, 9)[0].items[7].flags) for n in (60, 80, 100, 150, 200, 300)}
    assert flagged == {60: False, 80: False, 100: True, 150: False, 200: True, 300: True}
