"""The quiz's front end on a scratch page, with the real Python widget behind it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from spinemets import progress
from spinemets.quiz import before, exercise, grading, question, quiz, recall, render
from spinemets.quiz.front import esm
from tests.quiz.page import Stage
from tests.quiz.tables import CASES, HOSTILE, built

pytestmark = pytest.mark.browser
pytest_plugins = ["tests.quiz.fixtures"]


@pytest.fixture
def stage(browser: Browser, course: Path) -> Iterator[Stage]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(8000)
    stage = Stage(page)
    yield stage
    context.close()
    assert stage.errors == []


def item(stage: Stage, number: int) -> Locator:
    return stage.page.locator(".sm-quiz > ol > li").nth(number - 1)


def check(place: Locator) -> None:
    place.get_by_role("button", name="Check", exact=True).click()


def stored(name: str) -> dict:
    return progress.load([name])[name]["record"]


AT = "2026-01-01T00:00:00.000Z"
FRONT = Path(render.__file__).parent / "front"


def attempt(answer: object, score: object, **more: object) -> dict:
    return {"answer": answer, "score": score, "hints": 0, "at": AT, **more}


def keep(stage: Stage, name: str, *attempts: dict, **more: object) -> None:
    """Store a record of an item of the sample, as an earlier visit would have."""
    known = next(one for one in quiz("01-sample").items if one["id"] == name)
    progress.save(name, known["hash"], {"type": known["type"], "history": [*attempts], "at": AT, **more})


IMPORT = """async (source) => {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  globalThis.loaded = await import(url);
  return Object.keys(globalThis.loaded);
}"""


def plain(case: dict) -> dict:
    """The payload of a line of the table."""
    return render.payload(built(case))


def test_grades_and_slips_are_those_of_python(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    assert {"grade", "fits", "credit"} <= set(stage.page.evaluate(IMPORT, esm("grading")))
    said = stage.page.evaluate(
        """(table) => table.map(([item, answer]) => {
            const asked = item.type === "calculated" ? loaded.variant(item, answer.variant) : item;
            return [loaded.grade(item, answer), asked.slips ? asked.slips.indexOf(loaded.slip(asked, answer)) : -1];
        })""",
        [[plain(case), case["answer"]] for case in CASES],
    )
    assert said == [[case["score"], -1 if case.get("slip") is None else case["slip"]] for case in CASES]


def test_credit_is_that_of_python(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    stage.page.evaluate(IMPORT, esm("grading"))
    pairs = [(case["score"], hints) for case in CASES for hints in range(4)]
    said = stage.page.evaluate("(pairs) => pairs.map(([score, hints]) => loaded.credit(score, hints))", pairs)
    assert said == [grading.credit(score, hints) for score, hints in pairs]


def test_a_record_is_shown_only_if_every_attempt_is_sound(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    stage.page.evaluate(IMPORT, esm("grading"))

    def fits(case: dict, *attempts: object, **more: object) -> bool:
        record = {"type": case["type"], "history": [*attempts], "at": AT, **more}
        return stage.page.evaluate("([item, record]) => loaded.fits(item, record)", [plain(case), record])

    for case in CASES:
        good = attempt(case["answer"], case["score"])
        assert fits(case, good) and fits(case, good, {**good, "sure": "sure", "seconds": 3, "before": True}), case
        assert not fits(case, good, {**good, "score": case["score"] + 0.125}), case
    for case, answer in HOSTILE:
        for score in (0, 1, None):
            assert not fits(case, attempt(answer, score)), (case, answer)
    case, good = CASES[0], attempt(CASES[0]["answer"], 1)
    for harm in (
        {"hints": 1, "score": 0.75}, {"hints": -1}, {"hints": 0.5}, {"hints": None}, {"at": 5}, {"at": "yesterday"},
        {"sure": "<b>"}, {"sure": 1}, {"seconds": -1}, {"seconds": "<b>"}, {"before": "yes"}, {"score": "1"},
    ):  # fmt: skip
        assert not fits(case, {**good, **harm}), harm
    for broken in (None, 1, "x", []):
        assert not fits(case, broken)
    assert not fits(case) and not fits(case, good, history=None) and not fits(case, good, at=None)


def test_each_front_end_joined_is_a_module(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    for path in sorted(FRONT.glob("*.mjs")):
        assert stage.page.evaluate(IMPORT, esm(path.stem)), f"{path.name} exports nothing"


def test_two_widgets_of_a_page_name_their_fields_apart(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    names = []
    for _ in range(2):
        stage.page.evaluate(IMPORT, esm("elements"))
        names.append(stage.page.evaluate("loaded.unique()"))
    assert names[0] != names[1]


def test_a_choice_wrong_then_right(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    first = item(stage, 1)
    check(first)
    expect(first.locator(".sm-result")).to_have_text("Choose an option first.")
    first.get_by_label("Blue").check()
    check(first)
    expect(first.locator(".sm-result")).to_contain_text("✗ Not right.")
    expect(first.locator(".sm-result")).to_contain_text("Only one of four is blue.")
    expect(first.locator(".sm-result")).to_contain_text("A larger share is drawn more often.")
    expect(first.locator(".sm-result")).not_to_contain_text("Three of four are red.")
    first.get_by_text("The other options").click()
    expect(first.get_by_text("Three of four are red.")).to_be_visible()
    first.get_by_label("Red").check()
    expect(first.locator(".sm-result")).to_be_empty()
    check(first)
    expect(first.locator(".sm-result")).to_contain_text("✓ Right.")
    expect(first).to_contain_text("First answer: Not right. Now: Right. Tries: 2.")
    expect(stage.page.locator(".sm-progress")).to_have_text("1 of 12 answered, 1 right (0 at the first answer)")
    kept = stored("marbles")
    assert [(one["answer"], one["score"], one["hints"]) for one in kept["history"]] == [(0, 0, 0), (1, 1, 0)]
    assert kept["at"] == kept["history"][1]["at"] > kept["history"][0]["at"]
    assert set(kept) == {"type", "history", "at"}
    check(first)  # the same answer again is no new attempt
    assert len(stored("marbles")["history"]) == 2


def test_an_answer_survives_a_reload(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    item(stage, 2).get_by_label("Two").check()
    item(stage, 2).get_by_label("Three").check()
    item(stage, 2).get_by_label("Four").check()
    check(item(stage, 2))
    item(stage, 3).get_by_label("Your number").fill("25")
    check(item(stage, 3))
    expect(item(stage, 3).locator(".sm-result")).to_contain_text("This is the share of blue marbles.")
    expect(item(stage, 3).get_by_text("75 %")).not_to_be_visible()
    item(stage, 3).get_by_text("The right number").click()
    expect(item(stage, 3).get_by_text("75 %")).to_be_visible()
    stage.show(quiz("01-sample"))
    expect(item(stage, 2).locator(".sm-result")).to_contain_text("◐ Partly right: 50 %.")
    expect(item(stage, 2).get_by_label("Three")).to_be_checked()
    expect(item(stage, 3).get_by_label("Your number")).to_have_value("25")
    expect(stage.page.locator(".sm-progress")).to_have_text("2 of 12 answered, 0 right")


def test_a_prediction(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    asked = item(stage, 4)
    commit = asked.get_by_role("button", name="Commit")
    commit.click()
    expect(asked.locator(".sm-result")).to_have_text("Predict first, or skip.")
    asked.get_by_label("Blue").check()
    commit.click()
    expect(asked.locator(".sm-result")).to_have_text("Say how sure you are; any answer is fine.")
    expect(asked).not_to_contain_text("three times of four")
    asked.get_by_label("fairly sure", exact=True).check()
    commit.click()
    expect(asked).to_contain_text("You predicted: Blue (fairly sure)")
    expect(asked).to_contain_text("The answer: Red")
    expect(asked).not_to_contain_text("three times of four")
    asked.get_by_label("Why? One line for yourself:").fill("a <b>guess</b>")
    asked.get_by_role("button", name="Show the model answer").click()
    expect(asked).to_contain_text("Your reason: a <b>guess</b>")
    expect(asked).to_contain_text("Red is drawn three times of four.")
    item(stage, 5).get_by_role("button", name="Skip").click()
    expect(item(stage, 5)).to_contain_text("You skipped the prediction.")
    expect(item(stage, 5)).to_contain_text("The answer: 75 of 100 draws")
    stage.show(recall("01-sample"))
    expect(item(stage, 1)).to_contain_text("You predicted: Blue (fairly sure)")
    expect(item(stage, 1)).to_contain_text("Your reason: a <b>guess</b>")
    expect(item(stage, 2)).to_contain_text("You skipped the prediction.")


def test_recall_follows_what_is_predicted_meanwhile(stage: Stage) -> None:
    stage.show(recall("01-sample"))
    expect(item(stage, 1)).to_contain_text("You made no prediction here.")
    known = quiz("01-sample").items[3]
    kept = {"type": "prediction", "answer": 1, "confidence": "sure", "why": "", "at": "2026-01-01T00:00:00Z"}
    progress.save("guess-colour", known["hash"], kept)
    stage.page.evaluate(
        "document.dispatchEvent(new CustomEvent('spinemets:progress', {detail: {item: 'guess-colour'}}))"
    )
    expect(item(stage, 1)).to_contain_text("You predicted: Blue (sure)")


def test_a_case(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    case = item(stage, 6)
    decide = case.get_by_role("button", name="Decide")
    expect(case).not_to_contain_text("It is dirty.")
    decide.click()
    expect(case.locator(".sm-result")).to_have_text("Choose what to do first.")
    case.get_by_label("Under the table").check()
    decide.click()
    expect(case.locator(".sm-consequence")).to_be_focused()
    expect(case).to_contain_text("It is there.")
    stage.show(quiz("01-sample"))
    expect(case).to_contain_text("It is dirty.")
    expect(stage.page.locator(".sm-progress")).to_have_text("0 of 12 answered, 0 right")
    case.get_by_label("Leave it").check()
    decide.click()
    expect(case).to_contain_text("3 of 4 points.")
    expect(case).to_contain_text("A little time was traded for a whole bag.")
    expect(stage.page.locator(".sm-progress")).to_have_text("1 of 12 answered, 0 right")
    case.get_by_role("button", name="Back to the start").click()
    expect(case.locator(".sm-case-title")).to_be_focused()
    expect(case).not_to_contain_text("It is dirty.")
    case.get_by_label("In the garden").check()
    decide.click()
    expect(case).to_contain_text("0 of 2 points. First time: 75 %; now: 0 %.")


def test_a_case_begun_in_the_first_version_goes_on(stage: Stage) -> None:
    known = next(one for one in quiz("01-sample").items if one["id"] == "lost-marble")
    progress.save("lost-marble", known["hash"], {"type": "case", "path": [0], "at": AT})
    stage.show(quiz("01-sample"))
    expect(item(stage, 6)).to_contain_text("You decided: Under the table")
    item(stage, 6).get_by_label("Wash it").check()
    item(stage, 6).get_by_role("button", name="Decide").click()
    expect(item(stage, 6)).to_contain_text("4 of 4 points.")
    assert len(stored("lost-marble")["history"]) == 1


def test_a_hint_of_a_case_stays_and_costs(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    case = item(stage, 6)
    case.get_by_role("button", name="Hint 1 of 1").click()
    case.get_by_label("Under the table").check()
    case.get_by_role("button", name="Decide").click()
    expect(case.locator(".sm-hints")).to_have_text("Hint 1: Marbles roll down.")
    case.get_by_label("Wash it").check()
    case.get_by_role("button", name="Decide").click()
    expect(case).to_contain_text("4 of 4 points. Score after 1 hint: 75 %.")
    (kept,) = stored("lost-marble")["history"]
    assert (kept["answer"], kept["score"], kept["hints"]) == ([0, 1], 0.75, 1)
    case.get_by_role("button", name="Back to the start").click()
    assert stored("lost-marble")["path"] == []
    expect(case.locator(".sm-hints")).to_be_empty()


def test_survival_opens_on_request_and_closes_again(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    last = item(stage, 7)
    expect(last).not_to_contain_text("How long does a marble last?")
    last.get_by_role("button", name="Open questions on survival").click()
    expect(last).to_contain_text("How long does a marble last?")
    assert stage.page.evaluate("localStorage['spinemets:sensitive']") == "open"
    stage.show(quiz("01-sample"))
    expect(last).to_contain_text("How long does a marble last?")
    last.get_by_role("button", name="Close questions on survival").click()
    expect(last).not_to_contain_text("How long does a marble last?")
    stage.page.evaluate(
        "localStorage.setItem('spinemets:sensitive', 'open');"
        "document.dispatchEvent(new CustomEvent('spinemets:sensitive'))"
    )
    expect(last).to_contain_text("How long does a marble last?")


def test_evidence_opens_below_its_link(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    link = item(stage, 1).get_by_role("link", name="source")
    link.click()
    expect(item(stage, 1).locator(".sm-inline-card")).to_contain_text("Three of four marbles drawn were red.")
    expect(link).to_have_attribute("aria-expanded", "true")
    link.press("Enter")
    expect(item(stage, 1).locator(".sm-inline-card")).to_have_count(0)


def test_the_page_gets_cards_as_templates(stage: Stage) -> None:
    stage.page.add_init_script("globalThis.spinemets = {}")
    stage.show(quiz("01-sample"))
    assert stage.page.locator("template.sm-card-template[data-card=marbles-drawn]").count() == 1


def test_what_is_stored(stage: Stage, tmp_path: Path) -> None:
    stage.show(quiz("01-sample"))
    page = stage.page
    item(stage, 1).get_by_label("Red").check()
    check(item(stage, 1))
    panel = page.locator(".sm-store")
    panel.get_by_text("What is stored").click()
    expect(panel.get_by_role("row")).to_have_count(2)
    expect(panel.get_by_role("row").nth(1)).to_contain_text("marbles")
    expect(panel).to_contain_text(str(progress.path()))
    with page.expect_download() as download:
        panel.get_by_role("button", name="Export", exact=True).click()
    file = tmp_path / "export.json"
    download.value.save_as(file)
    assert json.loads(file.read_text())["records"][0]["item"] == "marbles"

    reset = panel.get_by_role("button", name="Reset")
    reset.click()
    again = panel.get_by_role("button", name="Press again to delete")
    again.press("Escape")
    expect(reset).to_be_visible()
    assert progress.all()
    reset.click()
    again.click()
    expect(panel.get_by_role("status")).to_contain_text("Deleted. A copy is kept in")
    expect(page.locator(".sm-progress")).to_have_text("0 of 12 answered, 0 right")
    expect(item(stage, 1).get_by_label("Red")).not_to_be_checked()

    choose = panel.get_by_label("Import from a file:")
    broken = tmp_path / "broken.json"
    broken.write_text(file.read_text()[:50])
    choose.set_input_files(broken)
    expect(panel.get_by_role("status")).to_contain_text("broken.json is not whole or not an export")
    broken.write_text("[]")
    choose.set_input_files(broken)
    expect(panel.get_by_role("status")).to_contain_text("not an export of progress, so nothing was changed")
    choose.set_input_files(file)
    expect(panel.get_by_role("status")).to_contain_text("Imported: 1 new.")
    expect(item(stage, 1).locator(".sm-result")).to_contain_text("✓ Right.")


def test_a_strange_record_does_no_harm(stage: Stage) -> None:
    for known in quiz("01-sample").items:
        strange = {"answer": {"x": 1}, "at": AT, "history": [attempt(99, 1), attempt({}, 1)], "path": [7]}
        progress.save(known["id"], known["hash"], {"type": known["type"], **strange})
    stage.show(quiz("01-sample"))
    expect(stage.page.locator(".sm-progress")).to_have_text("0 of 12 answered, 0 right")
    item(stage, 1).get_by_label("Red").check()
    check(item(stage, 1))
    expect(item(stage, 1).locator(".sm-result")).to_contain_text("✓ Right.")


def test_storage_that_fails_is_said_and_the_answer_stays(
    stage: Stage, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = course.parent / "blocked"
    blocked.write_text("")
    monkeypatch.setenv("SPINEMETS_PROGRESS", str(blocked / "progress.sqlite"))
    stage.show(quiz("01-sample"))
    item(stage, 1).get_by_label("Red").check()
    check(item(stage, 1))
    expect(stage.page.get_by_role("alert")).to_contain_text("Not stored")
    expect(stage.page.get_by_role("alert")).to_contain_text("Your answers stay on the screen.")
    expect(item(stage, 1).locator(".sm-result")).to_contain_text("✓ Right.")


def test_a_silent_kernel_is_said(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    stage.silent = True
    item(stage, 1).get_by_label("Red").check()
    check(item(stage, 1))
    expect(stage.page.get_by_role("alert")).to_contain_text("No answer yet", timeout=9000)
    expect(item(stage, 1).locator(".sm-result")).to_contain_text("✓ Right.")
    stage.silent = False
    check(item(stage, 1))
    expect(stage.page.locator(".sm-alert")).to_be_empty()


def test_one_question_and_an_exercise(stage: Stage) -> None:
    stage.show(question("01-sample", "marbles"))
    expect(stage.page.get_by_role("button", name="Check")).to_have_count(1)
    expect(stage.page.locator(".sm-store")).to_have_count(0)
    stage.show(exercise("try-share", "Answer here."))
    expect(stage.page.locator(".sm-quiz")).to_contain_text("Answer here.")
    stage.page.get_by_role("button", name="Hint 1 of 1 (costs 25 % of this answer's score)").click()
    expect(stage.page.get_by_text("Multiply the share by 1,000.")).to_be_visible()
    stage.page.get_by_label("Your number").fill("750.5")
    stage.page.get_by_label("Your number").press("Enter")
    expect(stage.page.locator(".sm-result")).to_contain_text("✓ Right: 75 % after 1 hint.")
    assert "How sure" not in stage.page.locator(".sm-quiz").inner_text()


def test_hints_open_in_steps_and_cost_what_they_say(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    first = item(stage, 1)
    expect(first.locator(".sm-hints")).to_be_empty()
    first.get_by_role("button", name="Hint 1 of 3 (costs 25 % of this answer's score)").click()
    expect(first.locator(".sm-hints[aria-live=polite]")).to_have_text("Hint 1: Count the red marbles.")
    first.get_by_role("button", name="Hint 2 of 3 (costs 25 % of this answer's score)").click()
    expect(first.locator(".sm-hints")).to_contain_text("Count the blue ones too.")
    first.get_by_label("Blue").check()
    check(first)
    expect(first.locator(".sm-result")).to_contain_text("✗ Not right.")
    expect(first.locator(".sm-hints")).to_contain_text("Count the red marbles.")
    first.get_by_label("Red").check()
    check(first)
    expect(first.locator(".sm-result")).to_contain_text("✓ Right: 50 % after 2 hints.")
    expect(first.get_by_role("button", name="Hint")).to_have_count(0)
    expect(stage.page.locator(".sm-progress")).to_have_text("1 of 12 answered, 1 right (0 at the first answer)")
    assert [(one["score"], one["hints"]) for one in stored("marbles")["history"]] == [(0, 2), (0.5, 2)]
    stage.show(quiz("01-sample"))
    expect(first.locator(".sm-hints")).to_contain_text("Count the blue ones too.")
    expect(first.locator(".sm-result")).to_contain_text("✓ Right: 50 % after 2 hints.")
    for i in (4, 5):  # predictions have no hints
        expect(item(stage, i).get_by_role("button", name="Hint")).to_have_count(0)


def test_how_sure_and_how_long_are_kept(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    first = item(stage, 1)
    first.get_by_label("Blue").check()
    first.get_by_label("fairly sure", exact=True).check()
    stage.page.wait_for_timeout(600)
    check(first)
    (kept,) = stored("marbles")["history"]
    assert kept["sure"] == "fairly sure"
    assert kept["seconds"] in (1, 2, 3)
    first.get_by_label("Red").check()
    expect(first.get_by_label("fairly sure", exact=True)).not_to_be_checked()
    check(first)
    assert "sure" not in stored("marbles")["history"][1]


def test_an_order_by_mouse(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    order = item(stage, 8)
    expect(order).to_contain_text("pairs of steps in the right order minus wrong pairs")
    check(order)
    expect(order.locator(".sm-result")).to_have_text("Move a step first.")
    out = order.get_by_role("button", name="Move up: Out of the bag")
    out.click()
    expect(out).to_be_focused()
    expect(order.get_by_role("status")).to_have_text("“Out of the bag” is now step 3 of 4.")
    out.click()
    out.click()
    out.click(force=True)
    expect(out).to_have_attribute("aria-disabled", "true")
    expect(order.get_by_role("status")).to_have_text("“Out of the bag” is already step 1 of 4.")
    check(order)
    expect(order.locator(".sm-result")).to_contain_text("◐ Partly right: 33 %.")
    expect(order.locator(".sm-result")).to_contain_text("4 of 6 pairs of steps are in order.")
    expect(order.locator(".sm-result")).to_contain_text("A marble rolls until it rests.")
    right = order.locator(".sm-numbered")
    expect(right).not_to_be_visible()
    order.get_by_text("The right order", exact=True).click()
    expect(right.locator("li")).to_have_text(
        ["Out of the bag", "Into the hand", "Onto the table", "Away under the cupboard"]
    )
    stage.show(quiz("01-sample"))
    expect(order.locator(".sm-order > li").first).to_contain_text("Out of the bag")
    expect(order.locator(".sm-result")).to_contain_text("◐ Partly right: 33 %.")
    down = order.get_by_role("button", name="Move down: Away under the cupboard")
    down.click()
    expect(order.locator(".sm-result")).to_be_empty()
    down.click()
    check(order)
    expect(order.locator(".sm-result")).to_contain_text("That is its way.")
    assert stored("way-of-a-marble")["history"][1]["answer"] == [3, 1, 2, 0]


def test_a_match_says_of_each_text_whether_it_is_right(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    match = item(stage, 9)
    expect(match).to_contain_text("Score: right matches divided by all matches.")
    check(match)
    expect(match.locator(".sm-result")).to_have_text("Choose at least one match first.")
    match.get_by_label("Ann").select_option(label="a red marble")
    match.get_by_label("Ben").select_option(label="a green marble")
    check(match)
    expect(match.locator(".sm-result")).to_contain_text("◐ Partly right: 33 %.")
    expect(match.locator(".sm-result li")).to_have_text([
        "Anna red marble – right: Ann drew first.", "Bena green marble – not right", "Cleono match chosen – not right",
    ])  # fmt: skip
    match.get_by_text("The right matches").click()
    expect(match.locator(".sm-note li")).to_have_text(
        ["Bena blue marble – Ben drew last.", "Cleoa red marble – Two red ones were left."]
    )
    stage.show(quiz("01-sample"))
    expect(match.get_by_label("Ben").locator("option:checked")).to_have_text("a green marble")
    expect(match.get_by_label("Cleo").locator("option:checked")).to_have_text("choose ...")
    match.get_by_label("Ben").select_option(label="a blue marble")
    match.get_by_label("Cleo").select_option(label="a red marble")
    check(match)
    expect(match.locator(".sm-result")).to_contain_text("✓ Right.")
    assert [one["answer"] for one in stored("who-draws-what")["history"]] == [[2, 1, None], [2, 0, 2]]


def test_a_place_is_chosen_in_the_picture_or_by_name(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    hotspot = item(stage, 10)
    check(hotspot)
    expect(hotspot.locator(".sm-result")).to_have_text("Choose a place first.")
    expect(hotspot.get_by_role("img", name="Two marbles")).to_be_visible()
    hotspot.locator("[data-place=left] circle").click(position={"x": 30, "y": 110})
    expect(hotspot.get_by_label("1 the left marble")).to_be_checked()
    assert hotspot.locator("[data-place=left] circle").evaluate("(e) => getComputedStyle(e).strokeWidth") == "4px"
    check(hotspot)
    expect(hotspot.locator(".sm-result")).to_contain_text("The left one is red.")
    stage.show(quiz("01-sample"))
    expect(hotspot.locator(".sm-chosen")).to_have_attribute("data-place", "left")
    hotspot.get_by_label("2 the right marble").check()
    expect(hotspot.locator(".sm-chosen")).to_have_attribute("data-place", "right")
    check(hotspot)
    expect(hotspot.locator(".sm-result")).to_contain_text("✓ Right.")
    assert [one["answer"] for one in stored("place-of-a-marble")["history"]] == [0, 1]


def test_a_short_answer(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    short = item(stage, 11)
    field = short.get_by_label("Your answer")
    field.fill("  ?! ")
    field.press("Enter")
    expect(short.locator(".sm-result")).to_have_text("Write an answer first.")
    field.fill("Dice")
    field.press("Enter")
    expect(short.locator(".sm-result")).to_contain_text("A die has faces.")
    short.get_by_text("A right answer").click()
    expect(short.locator(".sm-note")).to_contain_text("a marble")
    field.fill("<b>stone</b>")
    field.press("Enter")
    expect(short.locator(".sm-result")).to_contain_text("It is round.")
    stage.show(quiz("01-sample"))
    expect(field).to_have_value("<b>stone</b>")
    field.fill("MARBLE.")
    check(short)
    expect(short.locator(".sm-result")).to_contain_text("✓ Right.")
    assert [one["answer"] for one in stored("name-of-the-game")["history"]] == ["Dice", "<b>stone</b>", "MARBLE."]


def test_a_calculated_item_gives_new_numbers(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    asked = item(stage, 12)
    variants = quiz("01-sample").items[11]["variants"]

    def shown() -> int:
        text = asked.locator("legend").first.inner_text()
        return next(i for i, one in enumerate(variants) if one["question"].split("(")[0] in text)

    first = shown()
    expect(asked.get_by_role("button", name="New numbers")).to_have_count(0)
    asked.get_by_label("Your number").fill("-1")
    asked.get_by_label("Your number").press("Enter")
    expect(asked.locator(".sm-result")).to_contain_text("Mind the dose of each.")
    expect(asked.locator(".sm-result")).to_contain_text(f"It is {variants[first]['answer']:.1f} Gy.")
    asked.get_by_role("button", name="New numbers").click()
    second = shown()
    assert second != first
    expect(asked.get_by_label("Your number")).to_be_focused()
    expect(asked.get_by_label("Your number")).to_have_value("")
    asked.get_by_label("Your number").fill(str(variants[second]["answer"]))
    check(asked)
    expect(asked.locator(".sm-result")).to_contain_text("✓ Right.")
    expect(asked).to_contain_text("First answer: Not right. Now: Right. Tries: 2.")
    assert [one["answer"] for one in stored("dose-of-marbles")["history"]] == [
        {"variant": first, "value": -1},
        {"variant": second, "value": variants[second]["answer"]},
    ]
    stage.show(quiz("01-sample"))
    assert shown() == second
    expect(asked.locator(".sm-result")).to_contain_text("✓ Right.")


def test_before_the_chapter_nothing_is_told(stage: Stage) -> None:
    stage.show(before("01-sample"))
    page = stage.page
    expect(item(stage, 1)).to_contain_text("Question 1 of 2.")
    expect(page.locator(".sm-quiz")).to_contain_text("comes again in the quiz at the chapter's end")
    for told in ("Check", "Hint", "Commit"):
        expect(page.get_by_role("button", name=told)).to_have_count(0)
    keeping = item(stage, 1).get_by_role("button", name="Keep my answer")
    keeping.click()
    expect(item(stage, 1).locator(".sm-result")).to_have_text("Choose an option first.")
    item(stage, 1).get_by_label("Blue").check()
    keeping.click()
    expect(item(stage, 1).locator(".sm-result")).to_be_focused()
    expect(item(stage, 1).locator(".sm-result")).to_contain_text("Your answer is kept.")
    for told in ("Not right", "Only one of four", "larger share"):
        expect(page.locator(".sm-quiz")).not_to_contain_text(told)
    (kept,) = stored("marbles")["history"]
    assert (kept["answer"], kept["before"], kept["hints"]) == (0, True, 0)
    stage.show(before("01-sample"))
    expect(item(stage, 1).get_by_label("Blue")).to_be_checked()
    expect(item(stage, 1).get_by_label("Blue")).to_be_disabled()
    expect(keeping).to_have_count(0)

    stage.show(quiz("01-sample"))
    expect(page.locator(".sm-progress")).to_have_text("0 of 12 answered, 0 right")
    expect(item(stage, 1).get_by_label("Blue")).not_to_be_checked()
    expect(item(stage, 1).locator(".sm-result")).to_be_empty()
    item(stage, 1).get_by_label("Red").check()
    check(item(stage, 1))
    expect(item(stage, 1)).to_contain_text("Before the chapter: not right. Now: right.")
    expect(item(stage, 1)).not_to_contain_text("Tries")
    expect(page.locator(".sm-progress")).to_have_text("1 of 12 answered, 1 right")


def test_what_was_not_right_is_gone_through_again(stage: Stage) -> None:
    keep(stage, "marbles", attempt(1, 1))
    keep(stage, "even-faces", attempt([0, 1, 2], 0.5))
    keep(stage, "dose-of-marbles", attempt({"variant": 2, "value": 0}, 0))
    keep(stage, "lost-marble", attempt([1], 0), path=[1])
    stage.show(quiz("01-sample"))
    page = stage.page
    again = page.get_by_role("button", name="Go through what was not right again")
    again.click()
    status = page.locator(".sm-end [role=status]")
    expect(status).to_have_text("3 questions that were not right, without your answer; the others are hidden.")
    shown = page.locator(".sm-quiz > ol > li:visible")
    expect(shown).to_have_count(3)
    expect(item(stage, 2)).to_be_focused()
    expect(item(stage, 2).get_by_label("Two")).not_to_be_checked()
    expect(item(stage, 2).locator(".sm-result")).to_be_empty()
    expect(item(stage, 6)).to_contain_text("Where to look?")
    expect(item(stage, 6)).not_to_contain_text("You decided")
    expect(item(stage, 12).get_by_label("Your number")).to_have_value("")
    item(stage, 2).get_by_label("Two").check()
    item(stage, 2).get_by_label("Four").check()
    check(item(stage, 2))
    expect(item(stage, 2)).to_contain_text("First answer: Partly right: 50 %. Now: Right. Tries: 2.")
    again.click()
    expect(shown).to_have_count(2)
    page.get_by_role("button", name="Show all questions").click()
    expect(status).to_have_text("All questions are shown.")
    expect(shown).to_have_count(12)
    expect(item(stage, 6)).to_contain_text("You decided: In the garden")
    assert len(stored("even-faces")["history"]) == 2
    assert len(stored("lost-marble")["history"]) == 1


def test_how_often_sure_was_right(stage: Stage) -> None:
    keep(stage, "marbles", attempt(1, 1, sure="sure"), attempt(0, 0, sure="sure"))  # the second of one day
    keep(stage, "even-faces", attempt([0, 2], 1, sure="sure", before=True), attempt([0], 0.5, sure="sure"))
    keep(stage, "share-red", attempt(75, 1, sure="guess"))
    stage.show(quiz("01-sample"))
    expect(stage.page.locator(".sm-calibration")).to_have_count(0)
    item(stage, 8).get_by_role("button", name="Move up: Out of the bag").click()
    item(stage, 8).get_by_label("sure", exact=True).check()
    check(item(stage, 8))
    line = stage.page.locator(".sm-calibration")
    expect(line.locator("summary")).to_have_text("When you said sure, 1 of 3 were right")
    line.locator("summary").click()
    expect(line.locator("tbody tr")).to_have_text(["guess11 (100 %)", "fairly sure0", "sure31 (33 %)"])


def test_a_half_given_answer_stays_when_another_widget_stores(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    item(stage, 11).get_by_label("Your answer").fill("mar")
    keep(stage, "marbles", attempt(1, 1))
    stage.page.evaluate("document.dispatchEvent(new CustomEvent('spinemets:progress', {detail: {item: 'marbles'}}))")
    expect(item(stage, 1).locator(".sm-result")).to_contain_text("✓ Right.")
    expect(item(stage, 11).get_by_label("Your answer")).to_have_value("mar")


def focused(page: Page) -> str:
    return page.evaluate(
        "(document.activeElement.labels?.[0]?.innerText ?? document.activeElement.ariaLabel ?? "
        "document.activeElement.innerText)"
    ).strip()


def tab_to(page: Page, name: str) -> None:
    for _ in range(120):
        page.keyboard.press("Tab")
        if focused(page) == name:
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"{name} has no visible focus"
            return
    raise AssertionError(f"{name} was not reached with the Tab key")


def test_the_keyboard_is_enough(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    page = stage.page
    tab_to(page, "Blue")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Check")
    page.keyboard.press("Enter")
    expect(item(stage, 1).locator(".sm-result")).to_contain_text("✓ Right.")
    tab_to(page, "The other options")
    page.keyboard.press("Enter")
    expect(item(stage, 1).get_by_text("Only one of four is blue.")).to_be_visible()
    tab_to(page, "Two")
    page.keyboard.press("Space")
    tab_to(page, "Four")
    page.keyboard.press("Space")
    tab_to(page, "Check")
    page.keyboard.press("Space")
    expect(item(stage, 2).locator(".sm-result")).to_contain_text("✓ Right.")
    tab_to(page, "Your number")
    page.keyboard.type("75.4")
    tab_to(page, "Check")
    page.keyboard.press("Enter")
    expect(item(stage, 3).locator(".sm-result")).to_contain_text("✓ Right.")
    tab_to(page, "Red")
    page.keyboard.press("Space")
    tab_to(page, "guess")
    page.keyboard.press("Space")
    tab_to(page, "Commit")
    page.keyboard.press("Enter")
    expect(item(stage, 4)).to_contain_text("You predicted: Red (guess)")
    tab_to(page, "Why? One line for yourself:")
    tab_to(page, "Show the model answer")
    page.keyboard.press("Enter")
    tab_to(page, "Skip")
    page.keyboard.press("Enter")
    tab_to(page, "Under the table")
    page.keyboard.press("Space")
    tab_to(page, "Decide")
    page.keyboard.press("Enter")
    tab_to(page, "Leave it")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Decide")
    page.keyboard.press("Enter")
    expect(item(stage, 6)).to_contain_text("4 of 4 points.")
    tab_to(page, "Open questions on survival")
    page.keyboard.press("Enter")
    assert focused(page) == "Close questions on survival"
    tab_to(page, "Move up: Out of the bag")
    for _ in range(3):
        page.keyboard.press("Enter")
    assert focused(page) == "Move up: Out of the bag"
    tab_to(page, "Move down: Away under the cupboard")
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    tab_to(page, "guess")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(item(stage, 8).get_by_label("sure", exact=True)).to_be_checked()
    tab_to(page, "Check")
    page.keyboard.press("Enter")
    expect(item(stage, 8).locator(".sm-result")).to_contain_text("✓ Right.")
    for name, key in (("Ann", "r"), ("Ben", "b"), ("Cleo", "r")):
        tab_to(page, name)
        page.keyboard.type(f"a {'red' if key == 'r' else 'blue'}")
    tab_to(page, "Check")
    page.keyboard.press("Enter")
    expect(item(stage, 9).locator(".sm-result")).to_contain_text("✓ Right.")
    tab_to(page, "1 the left marble")
    page.keyboard.press("ArrowDown")
    expect(item(stage, 10).locator(".sm-chosen")).to_have_attribute("data-place", "right")
    tab_to(page, "Check")
    page.keyboard.press("Enter")
    expect(item(stage, 10).locator(".sm-result")).to_contain_text("✓ Right.")
    tab_to(page, "Your answer")
    page.keyboard.type("A Marble")
    page.keyboard.press("Enter")
    expect(item(stage, 11).locator(".sm-result")).to_contain_text("✓ Right.")
    tab_to(page, "Your number")
    page.keyboard.type("-1")
    tab_to(page, "Hint 1 of 1 (costs 25 % of this answer's score)")
    page.keyboard.press("Enter")
    expect(item(stage, 12).locator(".sm-hints")).to_contain_text("Begin with")
    tab_to(page, "Check")
    page.keyboard.press("Enter")
    expect(item(stage, 12).locator(".sm-result")).to_contain_text("✗ Not right.")
    tab_to(page, "New numbers")
    page.keyboard.press("Enter")
    assert focused(page) == "Your number"
    expect(page.locator(".sm-progress")).to_have_text("11 of 12 answered, 8 right")
    tab_to(page, "Go through what was not right again")
    page.keyboard.press("Enter")
    expect(item(stage, 12)).to_be_focused()
    tab_to(page, "Show all questions")
    page.keyboard.press("Enter")
    expect(item(stage, 1)).to_be_visible()
    tab_to(page, "What is stored")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Export", exact=True)).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(stage: Stage, theme: str, width: int) -> None:
    page = stage.page
    page.set_viewport_size({"width": width, "height": 900})
    page.add_init_script("localStorage.setItem('spinemets:sensitive', 'open')")

    def clean() -> None:
        found = Axe().run(
            page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
        )
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        small = page.evaluate(
            "[...document.querySelectorAll('.sm-quiz *')]"
            ".filter((e) => e.innerText && parseFloat(getComputedStyle(e).fontSize) < 9).map((e) => e.outerHTML)"
        )
        assert small == []

    stage.show(quiz("01-sample"), theme)
    clean()
    item(stage, 1).get_by_label("Blue").check()
    check(item(stage, 1))
    item(stage, 2).get_by_label("Two").check()
    check(item(stage, 2))
    item(stage, 3).get_by_label("Your number").fill("75")
    check(item(stage, 3))
    item(stage, 4).get_by_label("Red").check()
    item(stage, 4).get_by_label("guess", exact=True).check()
    item(stage, 4).get_by_role("button", name="Commit").click()
    item(stage, 5).get_by_role("button", name="Skip").click()
    item(stage, 6).get_by_label("Under the table").check()
    item(stage, 6).get_by_role("button", name="Decide").click()
    item(stage, 2).get_by_label("sure", exact=True).check()
    item(stage, 8).get_by_role("button", name="Move up: Into the hand").click()
    item(stage, 9).get_by_label("Ann").select_option(label="a red marble")
    item(stage, 10).get_by_label("2 the right marble").check()
    item(stage, 11).get_by_label("Your answer").fill("stone")
    item(stage, 12).get_by_role("button", name="Hint 1").click()
    item(stage, 12).get_by_label("Your number").fill("1")
    for number in range(8, 13):
        item(stage, number).get_by_label("sure", exact=True).check()
        check(item(stage, number))
    item(stage, 1).get_by_role("link", name="source").click()
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    expect(page.locator(".sm-store").get_by_role("row")).to_have_count(12)
    clean()
    page.get_by_role("button", name="Go through what was not right again").click()
    clean()
    stage.show(recall("01-sample"), theme)
    expect(item(stage, 1)).to_contain_text("You predicted: Red")
    clean()
    stage.show(before("01-sample"), theme)
    item(stage, 1).get_by_label("Blue").check()
    item(stage, 1).get_by_role("button", name="Keep my answer").click()
    clean()


def test_a_long_quiz_shows_what_is_wanted(stage: Stage) -> None:
    stage.show(quiz("01-sample"))
    page = stage.page
    places = page.locator(".sm-quiz > ol > li")
    every = places.count()
    show = page.get_by_label("Show", exact=True)
    show.select_option("the core road")
    assert [place.is_visible() for place in places.all()].count(True) == 1
    expect(page.get_by_text("1 question shown.")).to_be_visible()
    page.get_by_label("Red", exact=True).first.check()
    check(item(stage, 1))
    show.select_option("what is not answered yet")
    expect(item(stage, 1)).to_be_hidden()
    expect(page.get_by_text(f"{every - 1} questions shown.")).to_be_visible()
    page.get_by_role("button", name="Show all questions").click()
    assert all(place.is_visible() for place in places.all())
    expect(show).to_have_value("all")
    expect(item(stage, 1).get_by_text("Three of four are red.")).to_be_visible()
