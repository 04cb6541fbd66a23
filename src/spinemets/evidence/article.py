"""The form of ``evidence/article.yml``: the article's sections and figures in their order, and what it leaves out."""

from __future__ import annotations

from pydantic import Field

from .form import ID, Part

CHAPTER = r"^\d{2}-[a-z-]+$"


class Section(Part):
    """A section of the article, and the chapter that treats it."""

    name: str = Field(min_length=3, description="the section's heading", examples=["name: Risk Factors"])
    part: str = Field(min_length=3, description="the heading above it", examples=["part: Overview of Breast Cancer"])
    chapter: str = Field(pattern=CHAPTER, description="the chapter's stem", examples=["chapter: 04-breast-cancer"])


class Figure(Part):
    """A figure of the article, where it stands there, and the chapter that draws it anew."""

    shows: str = Field(min_length=3, description="what it shows", examples=["shows: the pathways to the spine"])
    stands_in: str = Field(description="the section where it stands", examples=["stands_in: Intro"])
    chapter: str = Field(pattern=CHAPTER, description="the chapter's stem", examples=["chapter: 01-introduction"])


class Omission(Part):
    """Something that matters and that the article does not treat, with the chapter that gives it a home."""

    id: str = Field(pattern=ID, description="lower-case words joined by hyphens", examples=["id: endocrine-therapy"])
    topic: str = Field(min_length=3, description="what is left out", examples=["topic: Endocrine therapy"])
    searched: list[str] = Field(
        min_length=1, description="the words looked for in the article", examples=["searched: [endocrine, hormone]"]
    )
    mentions: int = Field(ge=0, description="how often the article has them", examples=["mentions: 0"])
    because: str = Field(
        min_length=10, description="why it matters, in own words", examples=["because: It is the commonest treatment."]
    )
    chapter: str = Field(pattern=CHAPTER, description="the chapter's stem", examples=["chapter: 12-systemic-therapy"])
    findings: list[str] = Field(
        min_length=1, description="ids of findings or tables", examples=["findings: [guideline-order]"]
    )


class Article(Part):
    """The whole file."""

    sections: list[Section] = Field(
        min_length=1, description="the sections in the article's order", examples=["sections: []"]
    )
    figures: list[Figure] = Field([], description="the figures in the article's order", examples=["figures: []"])
    omissions: list[Omission] = Field([], description="what the article leaves out", examples=["omissions: []"])
