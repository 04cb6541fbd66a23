"""The form of the evidence: findings with their values, tables, and the claims of the article."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator

from .certainty import Certainty
from .form import ID, Part

if TYPE_CHECKING:
    import pandas as pd

Verdict = Literal["supported", "imprecise", "outdated", "unsupported", "contradicted"]
Number = int | float


class UnknownIdError(KeyError):
    """No entry of the evidence has this id or name; the message says what comes close."""

    def __str__(self) -> str:
        return str(self.args[0])


class Value(Part):
    """One number (or list, or word) that a source gives."""

    name: str = Field(description="what the number counts", examples=["name: pain at diagnosis"])
    value: Number | list[Number] | str = Field(
        description="a number, a list of numbers or a text", examples=["value: 94"]
    )
    unit: str = Field("", description="the unit", examples=["unit: '%'"])
    n: int | None = Field(None, ge=1, description="how many were counted, a whole number", examples=["n: 319"])
    count: int | None = Field(None, ge=0, description="how many of n, a whole number", examples=["count: 302"])
    interval: list[Number] | None = Field(
        None, min_length=2, max_length=2, description="lower and upper limit", examples=["interval: [41.0, 70.7]"]
    )
    interval_level: int = Field(
        95, ge=50, le=99, description="the interval's level in per cent, 50 to 99", examples=["interval_level: 90"]
    )
    range: list[Number] | None = Field(
        None, min_length=2, max_length=2, description="smallest and largest", examples=["range: [0, 840]"]
    )
    population: str = Field("", description="who was counted", examples=["population: could not walk at entry"])
    computed: str = Field(
        "", description="what was computed here, and how", examples=["computed: 'interval: Wilson, from the counts'"]
    )
    note: str = Field("", description="a remark", examples=["note: median"])
    sensitive: bool = Field(False, description="true for a figure on death or survival", examples=["sensitive: true"])
    misprint: str = Field(
        "",
        description="why a number that cannot be right is kept as printed",
        examples=["misprint: 'printed 86%, which is not 315 of 266'"],
    )
    wordings: list[str] = Field(
        [], description="further wordings that count as this number", examples=["wordings: [two thirds]"]
    )

    @property
    def numbers(self) -> list[Number]:
        """The value as a list of numbers; empty for a text."""
        if isinstance(self.value, str):
            return []
        return self.value if isinstance(self.value, list) else [self.value]

    @property
    def text(self) -> str:
        """The value for reading, such as ``94%`` or ``14 days``."""
        from .wording import shown

        return shown(self)

    @model_validator(mode="after")
    def _sound(self) -> Value:
        for name, limits in (("interval", self.interval), ("range", self.range)):
            if limits and limits[0] > limits[1]:
                raise ValueError(f"{name}: the lower limit comes first. Example: {name}: [41.0, 70.7]")
        if self.value == []:
            raise ValueError("value: a list has at least one number. Example: value: [28, 31]")
        shares = [*self.numbers, *(self.interval or ())] if self.unit == "%" and not self.misprint else []
        if not all(0 <= share <= 100 for share in shares):
            raise ValueError("value: a share lies from 0 to 100%; a change has the unit '% change'. Example: unit: '%'")
        if not self.misprint and self.count is not None and self.n is not None and self.count > self.n:
            raise ValueError(f"count: at most n, which is {self.n}. Example: count: {self.n}")
        return self


class Entry(Part):
    """What findings and tables share."""

    id: str = Field(pattern=ID, description="lower-case words joined by hyphens", examples=["id: late-recurrence"])
    title: str = Field(min_length=3, description="a short title", examples=["title: When it comes back"])
    sensitive: bool = Field(False, description="true for figures on death or survival", examples=["sensitive: true"])
    sources: list[str] = Field(min_length=1, description="keys of sources.bib", examples=["sources: [patchell2005]"])
    read_in: str = Field(
        min_length=3, description="the part of the source that was read", examples=["read_in: abstract"]
    )
    second_hand: str = Field(
        "",
        min_length=10,
        description="where it was read and which original was not, if the original was not read",
        examples=["second_hand: read where the guideline quotes it; the trial's report was not read"],
    )
    checked: date = Field(description="the day of the last check", examples=["checked: 2026-11-23"])
    certainty: Certainty | None = Field(
        None,
        description="question, design, people, direct",
        examples=["certainty: {question: does it help, design: randomised trial, people: 101, direct: ...}"],
    )

    @property
    def certainty_words(self) -> str:
        """The grade of certainty and what it follows from; empty if it was not graded yet."""
        return self.certainty.words(bool(self.second_hand)) if self.certainty else ""


class Finding(Entry):
    """One result of one source. ``finding.value`` is its first number, ``finding[name]`` the value of that name."""

    statement: str = Field(
        min_length=10, description="the finding in own, plain words", examples=["statement: A trial of 101 people."]
    )
    values: list[Value] = Field([], description="a list of values", examples=["values: [{name: share, value: 94}]"])
    population: str = Field("", description="who was studied", examples=["population: women with stage IV disease"])
    year: int | None = Field(None, description="when they were studied", examples=["year: 2017"])
    interval_note: str = Field(
        "", description="why there is no interval", examples=["interval_note: interval not given in the abstract"]
    )
    note: str = Field("", description="a remark", examples=["note: The abstract dropped a digit."])

    @property
    def value(self) -> Number:
        """The number of the only, or first, value.

        Raises:
            UnknownIdError: the finding carries no number.
        """
        for value in self.values:
            if not isinstance(value.value, list | str):
                return value.value
        raise UnknownIdError(f"the finding {self.id!r} has no single number; its values: {self._names()}")

    def __getitem__(self, name: str) -> Value:
        for value in self.values:
            if value.name == name:
                return value
        raise UnknownIdError(f"the finding {self.id!r} has no value {name!r}; its values: {self._names()}")

    def _names(self) -> str:
        return ", ".join(repr(value.name) for value in self.values) or "none"

    @model_validator(mode="after")
    def _names_differ(self) -> Finding:
        names = [value.name for value in self.values]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"values: each name once; {twice[0]!r} stands twice. Example: name: {twice[0]}, women")
        return self


class Table(Entry):
    """A published table, a score or a list. A row with ``sensitive: true`` concerns death or survival."""

    columns: list[str] = Field(
        min_length=1, description="the names of the columns", examples=["columns: [item, points]"]
    )
    rows: list[dict[str, Any]] = Field(
        min_length=1, description="one mapping a row", examples=["rows: [{item: pain, points: 3}]"]
    )
    extra: dict[str, Any] = Field(
        {}, description="what belongs to the table but is no row, such as bands", examples=["extra: {direction: up}"]
    )
    notes: list[str] = Field([], description="a list of remarks", examples=["notes: [S1 alone is not assigned.]"])

    def frame(self) -> pd.DataFrame:
        """The rows as a data frame, in the order of ``columns``."""
        import pandas as pd

        return pd.DataFrame(self.rows, columns=self.columns)

    @model_validator(mode="after")
    def _columns_known(self) -> Table:
        for i, row in enumerate(self.rows):
            if unknown := sorted(set(row) - set(self.columns) - {"sensitive"}):
                raise ValueError(f"rows[{i}]: {unknown[0]!r} is not in columns. Example: columns: [{unknown[0]}]")
        return self


class Claim(Part):
    """A checkable statement of the article, in our words, with what the evidence says."""

    id: str = Field(pattern=ID, description="lower-case words joined by hyphens", examples=["id: mech-1"])
    section: str = Field(min_length=3, description="the article's section", examples=["section: Imaging Techniques"])
    chapter: str = Field(description="the chapter's stem", examples=["chapter: 05-metastasis"])
    order: int = Field(ge=1, description="its place in the section or chapter, from 1", examples=["order: 1"])
    says: str = Field(
        min_length=10, description="the statement in own words", examples=["says: Pain is the key symptom."]
    )
    verdict: Verdict = Field(
        description="supported, imprecise, outdated, unsupported or contradicted", examples=["verdict: imprecise"]
    )
    because: str = Field(
        min_length=10, description="the reason in own words", examples=["because: True once compression has come."]
    )
    sensitive: str = Field(
        "", description="figures on death or survival, shown on request", examples=["sensitive: HR 0.98 (0.84-1.15)."]
    )
    arguable: str = Field(
        "",
        description="why another reader might judge otherwise",
        examples=["arguable: 'imprecise' would do too, since the article does not say for whom."],
    )
    findings: list[str] = Field(
        min_length=1, description="ids of findings or tables", examples=["findings: [late-recurrence]"]
    )
    sources: list[str] = Field([], description="keys of sources.bib", examples=["sources: [pan2017]"])


class ChapterEvidence(Part):
    """One file ``evidence/NN-slug.yml``."""

    chapter: str = Field(pattern=r"^\d{2}-[a-z-]+$", description="the file's stem", examples=["chapter: 05-metastasis"])
    findings: list[Finding] = Field([], description="a list of findings", examples=["findings: []"])
    tables: list[Table] = Field([], description="a list of tables", examples=["tables: []"])
    claims: list[Claim] = Field([], description="a list of claims", examples=["claims: []"])
