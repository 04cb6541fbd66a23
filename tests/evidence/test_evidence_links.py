"""Which wordings agree with a card, which numbers look like facts, and what is said about a wrong link."""

import pytest

from spinemets.evidence import entry, links
from spinemets.evidence.links import Paragraph, check_paragraph, facts, split
from spinemets.evidence.models import Value
from spinemets.evidence.wording import agrees, interval, samples, shown

AGREE = [
    ("patchell-walk", "84%"),
    ("patchell-walk", "84 %"),
    ("patchell-walk", "84.0 per cent"),
    ("patchell-walk", "84 of 100"),
    ("patchell-walk", "84 in 100"),
    ("patchell-walk", "42 of 50"),
    ("patchell-walk", "42/50"),
    ("patchell-walk", "42 of 50 against 29 of 51"),
    ("patchell-walk", "57%"),
    ("patchell-walk", "122 days"),
    ("patchell-walk", "6.2 (95% CI 2.0-19.8)"),
    ("patchell-walk", "OR 6.2 (2.0 to 19.8)"),
    ("patchell-walk", "71.5–91.7%"),
    ("patchell-walk", "twice as many"),
    ("mis-open", "0.30-0.84"),
    ("mis-open", "3.58 fewer days (0.26 to 6.90)"),
    ("spine-one-centre", "479 of 16,977"),
    ("spine-one-centre", "28 of 1,000"),
    ("inefficiency-model", "60 million"),
    ("globocan-2022-exact", "2.30 million"),
    ("early-dissemination", "at least 80%"),
    ("mscc-pain-types", "20 to 80%"),
    ("nice_timing", "within 24 hours"),
    ("nice_timing", "1 week"),
    ("bone_scan_new_spots", "20 of 182"),
    ("sites-by-subtype-kaplan-ci", "66.2% (61.7 to 70.5)"),
    ("sites-by-subtype-kaplan-ci", "294 of 444"),
    ("patchell-criteria", "48 hours"),
    ("bonescan-count", "11%"),
    ("bone-mets-without-pain", "396 of 666"),
    ("sins", "7 to 12"),
    ("sites-course", "55.2 to 87.8 %"),
]
DIFFER = [
    ("patchell-walk", "85%"),
    ("patchell-walk", "42 of 51"),
    ("patchell-walk", "122 months"),
    ("patchell-walk", "6.3"),
    ("patchell-walk", "92%"),
    ("patchell-walk", "71.5-91.8%"),
    ("patchell-walk", "84% against 58%"),
    ("patchell-walk", "8%"),
    ("patchell-walk", "420 of 50"),
    ("mis-open", "0.5"),
    ("spine-one-centre", "29 of 1,000"),
    ("globocan-2022-exact", "2.4 million"),
    ("nice_timing", "48 hours"),
    ("bone_scan_new_spots", "20 of 183"),
    ("tnbc-hazard-shape", "3 months"),
    ("sins", "7 to 13"),
    ("sites-course", "55.2 to 87.9 %"),
]


@pytest.mark.parametrize(("id", "words"), AGREE)
def test_wordings_that_count(id, words):
    assert agrees(words, entry(id)) is None


@pytest.mark.parametrize(("id", "words"), DIFFER)
def test_wordings_that_do_not_count(id, words):
    assert agrees(words, entry(id)) is not None


def test_extra_wordings_count():
    value = Value(name="share", value=12.5, unit="%", wordings=["1 in 8"])
    assert "1 in 8" in samples(value)
    assert agrees("57.7%", entry("tok-tom-accuracy")) is None


def test_a_value_reads_well():
    assert shown(Value(name="x", value=94, unit="%")) == "94%"
    assert shown(Value(name="x", value=0.65, unit="HR")) == "HR 0.65"
    assert shown(Value(name="x", value=[20, 80], unit="%", note="range")) == "20 to 80%"
    assert shown(Value(name="x", value=16977, unit="women")) == "16,977 women"
    assert interval(Value(name="x", value=0.51, interval=[0.3, 0.84])) == "0.30 to 0.84"
    assert interval(Value(name="x", value=0.5, interval=[0.3, 1], interval_level=90)) == "0.3 to 1.0 (90% interval)"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Pain was there in 94% of them.", "per cent"),
        ("It rose by 3.5 percentage points.", "per cent"),
        ("about 12 per cent", "per cent"),
        ("In 302 of 319 people pain came first.", "so many of so many"),
        ("9 in 10 walked", "so many of so many"),
        ("2 out of every 3 did", "so many of so many"),
        ("a hazard ratio of 0.65", "ratio"),
        ("(HR 0.65, 0.41-0.98)", "ratio"),
        ("the odds ratio was 6.2", "ratio"),
        ("LR+ = 14.7", "ratio"),
        ("with a sensitivity of 0.93", "accuracy"),
        ("(n=319)", "size or P"),
        ("P < 0.001", "size or P"),
        ("The median was 22 months.", "time in a statistic"),
        ("They survived 3 to 5 years.", "time in a statistic"),
        ("a dose of 4.2 mSv", "dose"),
        ("in 16,977 women", "count"),
        ("Among 479 patients", "count"),
    ],
)
def test_numbers_that_look_like_facts(text, kind):
    assert kind in [found for found, _ in facts(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Set T11 and look; compare L3 and C7-T2.",
        "This takes 20 minutes; chapter 10 has 12 items.",
        "In 2005 a trial began; it ended in 2007.",
        "Maria Lindqvist is 57. At 51 she had stage II disease.",
        "She has had back pain for 6 weeks.",
        "Six weeks of pain, since yesterday.",
        "Of 1,000 people, how many?",
        "Her SINS is 14 (3 + 3 + 2 + 2 + 3 + 1), ESCC grade 1b.",
        "with a 95% interval",
        "the 95 % CI is drawn",
        "8 Gy in one fraction, 30 Gy in ten",
        "Run `share = 94 / 100` and see $x = 94\\%$.",
        "HER2 and ER, PD-L1, T1N0, figure 3",
        "grade 2 to 3; years 0 to 2",
        "<!-- 94% is quoted elsewhere -->",
        "the years 5 to 20",
    ],
)
def test_numbers_that_are_no_facts(text):
    assert facts(text) == []


def problems(text, tmp_path, **more):
    page = tmp_path / "notebooks" / "05-metastasis.ipynb"
    return [problem.message for problem in check_paragraph(Paragraph(page, "cell 3", text, **more))]


CARD = "../evidence/10-surgery.md#patchell-walk"


def test_a_right_link_is_no_problem(tmp_path):
    assert problems(f"After surgery [42 of 50]({CARD}) walked, [84%]({CARD}).", tmp_path) == []
    assert problems(f"Most [kept their walk]({CARD}).", tmp_path) == []


def test_a_wrong_number_names_the_card_and_its_wordings(tmp_path):
    (message,) = problems(f"After surgery [94%]({CARD}) walked.", tmp_path)
    assert "'94%' differs from the card 'patchell-walk'" in message
    assert "42 of 50" in message


def test_a_link_that_leads_nowhere(tmp_path):
    (message,) = problems("See [84%](../evidence/10-surgery.md#patchell-wlak).", tmp_path)
    assert "leads nowhere" in message
    assert "near it: patchell-walk" in message
    (message,) = problems("See [84%](../evidence/05-metastasis.md#patchell-walk).", tmp_path)
    assert "is in evidence/10-surgery.md" in message
    (message,) = problems("See [the chapter](99-nothing.ipynb).", tmp_path)
    assert "99-nothing.ipynb leads nowhere" in message
    assert problems("See [the site](https://example.org/94%25) and [above](#top).", tmp_path) == []


def test_a_fact_without_link_needs_a_reason(tmp_path):
    (message,) = problems("After surgery 84% walked.", tmp_path)
    assert "looks like a fact (per cent)" in message
    assert "<!-- number:" in message
    assert problems("After surgery 84% walked. <!-- number: invented for this question -->", tmp_path) == []
    assert problems("27 of 100 more. <!-- derived: 42/50 - 29/51 -->", tmp_path) == []
    assert problems("After surgery 84% walked. <!-- number: -->", tmp_path) != []
    assert problems("After surgery 84% walked. <!-- a remark -->", tmp_path) != []


def test_the_words_of_other_links_are_checked_too(tmp_path):
    page = tmp_path / "notebooks"
    page.mkdir()
    (page / "other.ipynb").touch()
    assert len(problems("Of them [84% walked](other.ipynb).", tmp_path)) == 1


def test_a_reason_covers_its_own_paragraph_only():
    text = "First 84%.\n<!-- number: invented -->\n\nThen 57%.\n\n- one 1%\n- two 2%\n\n```\n99%\n```\n| 5% |\n| 6% |\n"
    assert [(line, piece.split("\n")[0]) for line, piece in split(text)] == [
        (1, "First 84%."),
        (4, "Then 57%."),
        (6, "- one 1%"),
        (7, "- two 2%"),
        (12, "| 5% |"),
        (13, "| 6% |"),
    ]


QUIZ = """\
chapter: 10-surgery
title: Check yourself
items:
  - id: walk
    type: choice
    # number: invented for this question
    question: Of them 12% did what?
    options:
      - text: In the trial 99% walked
        feedback: No, 77% is what another source says.
      - text: In the trial 84% walked
        correct: true
        feedback: Yes, 84% of all.
    explanation: Some 27% more.  # derived: 42/50 - 29/51
    evidence: [patchell-walk]
"""


def test_quizzes_know_reasons_evidence_and_wrong_options(tmp_path, monkeypatch):
    path = tmp_path / "10-surgery.yml"
    path.write_text(QUIZ, encoding="utf-8")
    found = [problem for paragraph in links._quiz(path) for problem in check_paragraph(paragraph)]
    assert [(problem.place, problem.message.split(" ")[0]) for problem in found] == [("line 10", "'77%'")]
