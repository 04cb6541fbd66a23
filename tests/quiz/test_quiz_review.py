"""What to review, and when."""

from __future__ import annotations

import re
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from fsrs import Rating

from spinemets import progress
from spinemets.quiz import front
from spinemets.quiz.answered import Question, counted, histories, questions, records
from spinemets.quiz.schedule import DAYS_AHEAD, LONGEST, listed, plan, rating, schedule
from tests.quiz.reviews import QUESTIONS, TODAY, attempt, entry, on


@pytest.mark.parametrize(
    ("score", "sure", "expected"),
    [
        (0, "sure", Rating.Again),
        (0.49, None, Rating.Again),
        (0.5, "sure", Rating.Hard),
        (0.99, None, Rating.Hard),
        (1, "guess", Rating.Hard),
        (1, None, Rating.Good),
        (1, "fairly sure", Rating.Good),
        (1, "sure", Rating.Easy),
    ],
)
def test_an_answer_is_rated(score: float, sure: str | None, expected: Rating) -> None:
    said = {} if sure is None else {"sure": sure}
    assert rating(on("2026-11-01", score, **said)) == expected


def test_the_first_answer_of_a_day_counts() -> None:
    history = [
        attempt("2026-11-02T00:00:00.000Z", 1),
        attempt("2026-11-01T23:59:59.999Z", 0.5),
        attempt("2026-11-01T08:00:00.000Z", 0),
    ]
    assert [(day.day, one["score"]) for day, one in counted(history, TODAY)] == [(1, 0), (2, 1)]


@pytest.mark.parametrize(
    "odd",
    [
        on("2026-11-02", before=True),
        on("2026-11-24"),
        on("2026-02-30"),
        on("2026-11-02", score=True),
        on("2026-11-02", score=1.5),
        attempt("yesterday"),
        attempt("0001-01-01T00:00:00Z"),
        {"at": "2026-11-02T12:00:00.000Z"},
        "an answer",
        None,
    ],
)
def test_what_does_not_count_changes_nothing(odd: object) -> None:
    history = [on("2026-11-01")]
    known = histories([entry("a", odd, *history)])
    assert counted(known["a"], TODAY) == [(date(2026, 11, 1), history[0])]
    assert schedule([odd, *history], TODAY) == schedule(history, TODAY)  # type: ignore[list-item]


def test_an_answer_of_the_future_counts_when_its_day_has_come() -> None:
    history = [on("2026-11-01"), on("2026-11-24", 0)]
    before, after = schedule(history, TODAY), schedule(history, TODAY + timedelta(days=1))
    assert before is not None and after is not None
    assert before.last == date(2026, 11, 1) and after.last == date(2026, 11, 24)


def test_answers_to_an_item_that_was_edited_stay_with_it() -> None:
    records = [entry("a", on("2026-11-03"), hash="new"), entry("a", on("2026-11-01"), on("2026-11-03", 0), hash="old")]
    assert [(one["at"][8:10], one["score"]) for one in histories(records)["a"]] == [("01", 1), ("03", 1)]


def test_right_and_sure_comes_back_later_than_wrong() -> None:
    days = []
    for score, sure in ((0, "sure"), (0.5, None), (1, "guess"), (1, None), (1, "sure")):
        memory = schedule([on("2026-11-01", score, **({"sure": sure} if sure else {}))], TODAY)
        assert memory is not None
        days.append((memory.due - memory.last).days)
    assert days == sorted(days) and days[0] == 1 and days[-1] > 5


def test_a_question_comes_back_within_a_year() -> None:
    history = [on(f"20{year}-01-01", sure="sure") for year in range(10, 27)]
    memory = schedule(history, TODAY)
    assert memory is not None and (memory.due - memory.last).days == LONGEST


def test_recall_falls_to_nine_in_ten_when_stability_is_over() -> None:
    memory = schedule([on("2026-11-01", sure="sure")], TODAY)
    assert memory is not None
    assert memory.recall(memory.last) == 1
    assert memory.recall(memory.due) == pytest.approx(0.9, abs=0.01)
    assert memory.recall(memory.due + timedelta(days=30)) < 0.85
    assert memory.recall(memory.last - timedelta(days=3)) == 1


def test_nothing_answered_is_nothing_to_do() -> None:
    made = plan([], QUESTIONS, TODAY)
    assert made.due == made.new == () and sum(made.ahead) == 0
    assert listed(made, QUESTIONS, {}) == "Nothing is due today."


def test_the_most_forgotten_comes_first() -> None:
    records = [
        entry("q1-0", on("2026-11-20", sure="sure")),
        entry("q1-1", on("2026-11-10", 0)),
        entry("q1-2", on("2026-11-21", 0)),
        entry("q2-3", on("2026-11-10", 0)),
    ]
    assert plan(records, QUESTIONS, TODAY).due == ("q1-1", "q2-3", "q1-2")


def test_new_questions_come_from_chapters_begun_at_most_ten_a_day() -> None:
    records = [entry("q2-0", on("2026-11-22"))]
    made = plan(records, QUESTIONS, TODAY)
    asked = [one.id for one in QUESTIONS if one.chapter == "02-sample" and one.type != "case" and one.id != "q2-0"]
    assert made.new == tuple(asked) and len(asked) == 9
    records += [entry("q3-0", on("2026-11-22")), *(entry(f"q2-{n}", on("2026-11-23")) for n in (1, 2, 3))]
    made = plan(records, QUESTIONS, TODAY)
    assert len(made.new) == 7 and {"q2-5", "q3-1"} <= set(made.new)


def test_a_question_asked_before_the_chapter_is_still_new() -> None:
    made = plan([entry("q1-0", on("2026-11-22", before=True))], QUESTIONS, TODAY)
    assert made.new[0] == "q1-0" and not made.due


def test_cases_are_not_reviewed() -> None:
    case = next(one for one in QUESTIONS if one.type == "case")
    made = plan([entry(case.id, on("2026-01-01", 0))], QUESTIONS, TODAY)
    assert case.id not in (*made.due, *made.new) and made.new


def test_the_next_days_are_counted() -> None:
    records = [
        entry("q1-0", on("2026-11-23", 0)),
        entry("q1-1", on("2026-11-23", 0)),
        entry("q1-2", on("2026-11-22", 0)),
    ]
    made = plan(records, QUESTIONS, TODAY)
    assert made.due == ("q1-2",) and made.ahead[0] == 2 and len(made.ahead) == DAYS_AHEAD


def test_a_plan_in_words() -> None:
    asked = [Question("a", "01-x", 1, "choice"), Question("b", "01-x", 1, "number")]
    made = plan([entry("a", on("2026-11-01", 0))], asked, TODAY)
    assert listed(made, asked, {"01-x": "Spread"}) == "Due today: 1\n  a (Spread)\nNew: 1\n  b (Spread)"


def test_the_questions_of_the_course_have_ids_of_their_own_and_no_predictions() -> None:
    found = questions()
    assert len({one.id for one in found}) == len(found) > 40
    assert {one.type for one in found} & {"prediction"} == set()
    assert list(dict.fromkeys(one.chapter for one in found)) == sorted({one.chapter for one in found})


def test_review_is_a_function_whatever_is_imported() -> None:
    import spinemets.quiz.review  # noqa: F401, the module of the same name
    from spinemets.quiz import review

    assert callable(review)


def test_nothing_of_an_author_goes_into_a_book(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    progress.save("marbles", "x", {"type": "choice", "history": [on("2026-11-01")], "at": on("2026-11-01")["at"]})
    assert [one["item"] for one in records()] == ["marbles"]
    monkeypatch.setenv("SPINEMETS_BAKE", "/somewhere")
    assert records() == []


# --- the front end's files ------------------------------------------------------------------------------------------

FRONT = Path(front.__file__).parent


def test_the_carried_library_is_unchanged_and_has_its_licence() -> None:
    said = (FRONT / "fsrs" / "README.md").read_text(encoding="utf-8")
    assert sha256((FRONT / "fsrs" / "ts-fsrs.mjs").read_bytes()).hexdigest() in said
    assert "MIT License" in (FRONT / "fsrs" / "LICENSE").read_text(encoding="utf-8")


def test_only_the_review_carries_it_and_joining_leaves_no_import() -> None:
    for name in ("review", "quiz"):
        joined = front.esm(name)
        assert joined.count("class FSRSAlgorithm") == (name == "review")
        assert not re.search(r"^import ", joined, re.M)
    assert re.findall(r"^export .*", front.esm("review"), re.M) == [
        "export function render({ model, el }) {",
        "export default { render };",
    ]


def test_no_two_modules_declare_one_name() -> None:
    declared = re.compile(r"^(?:export )?(?:async )?(?:const|let|class|function) (\w+)", re.M)
    joined = front.esm("review")
    start, end = joined.index("const { fsrs"), joined.index("\n})();\n")
    names = declared.findall(joined[:start] + joined[end:])
    assert len(names) > 80 and len(names) == len(set(names))
