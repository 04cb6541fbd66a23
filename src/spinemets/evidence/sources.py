"""The sources: ``evidence/sources.bib``, how a source is cited, and whether its citation is complete."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING
from urllib.parse import quote

from .. import course
from .form import EvidenceError

if TYPE_CHECKING:
    from pybtex.database import Person

DOI = re.compile(r"10\.\d{4,9}/\S+")
_TEX = (("\\&", "&"), ("\\%", "%"), ("{", ""), ("}", ""), ("--", "-"))


@dataclass(frozen=True)
class Source:
    """One entry of ``sources.bib``.

    Attributes:
        key: the entry's key, such as ``patchell2005``.
        kind: the entry's type, ``article`` or ``online``.
        authors: names as ``Patchell RA``; an organisation stands alone. The last is ``et al`` if more are cited so.
        fields: the other fields, plain text.
        short: ``Patchell 2005``; two alike get a and b.
    """

    key: str
    kind: str
    authors: tuple[str, ...]
    fields: dict[str, str] = field(hash=False)
    short: str = ""

    @property
    def link(self) -> str:
        """The address of the work: its DOI, else PubMed, else its page; empty if there is none."""
        if doi := self.fields.get("doi"):
            return "https://doi.org/" + quote(doi, safe="/:;.-")
        if pmid := self.fields.get("pmid"):
            return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"
        return self.fields.get("url", "")

    @property
    def missing(self) -> list[str]:
        """What a complete citation still lacks: author, title, journal and year; url and urldate for a web page."""
        needed = {"article": ("title", "journal", "year"), "online": ("title", "url", "urldate")}
        lacks = [name for name in needed.get(self.kind, ("title", "year")) if not self.fields.get(name)]
        if not self.authors:
            lacks.insert(0, "author")
        if any("not seen" in text for text in (*self.authors, *self.fields.values())):
            lacks.append("what is marked 'not seen'")
        if (doi := self.fields.get("doi")) and not DOI.fullmatch(doi):
            lacks.append("a well-formed doi (10.1016/...)")
        return lacks

    def reference(self) -> str:
        """The full citation as plain text, without its link."""
        get = self.fields.get
        title = get("title", "")
        parts = [f"{', '.join(self.authors)}. {title}{'' if title.endswith(('?', '!')) else '.'}"]
        place = get("journal") or get("organization") or get("institution") or get("school") or ""
        if book := get("booktitle"):
            place = ", ".join(filter(None, (f"In: {book}", get("publisher"))))
        numbers = get("volume", "") + (f"({get('number')})" if get("number") else "")
        numbers += f":{get('pages')}" if numbers and get("pages") else get("pages", "")
        when = (get("year") or "no date") + (f";{numbers}" if numbers else "")
        if self.kind == "online":
            when += f" (checked {get('urldate')})"
        parts.append(f"{place} {when}.".strip())
        return " ".join(parts)

    def html(self) -> str:
        """The full citation as HTML with its link."""
        link = f' <a href="{escape(self.link)}">{escape(self._link_text)}</a>' if self.link else ""
        return escape(self.reference()) + link

    def markdown(self) -> str:
        """The full citation as Markdown with its link."""
        link = f" [{_plain(self._link_text)}]({self.link})" if self.link else ""
        return _plain(self.reference()) + link

    @property
    def _link_text(self) -> str:
        if doi := self.fields.get("doi"):
            return f"doi:{doi}"
        if pmid := self.fields.get("pmid"):
            return f"PubMed {pmid}"
        return self.link.split("//")[-1].split("/")[0]


def _plain(text: str) -> str:
    """Markdown that shows the text as it is."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", text)


@lru_cache(maxsize=4)
def load(path: Path, stamp: int) -> dict[str, Source]:
    """All sources of the file; ``stamp`` is its modification time, so that an edit is seen."""
    from pybtex.database import PybtexError, parse_file

    try:
        entries = parse_file(str(path), "bibtex").entries
    except (PybtexError, UnicodeDecodeError) as error:
        raise EvidenceError(
            f"{path.parent.name}/{path.name}: expected BibTeX in UTF-8, but {error}. "
            "Example: @article{pan2017, title = {...}, author = {Pan, H.}, journal = {...}, year = {2017}}"
        ) from None
    found = []
    for key, entry in entries.items():
        fields = {name.lower(): _untex(text) for name, text in entry.fields.items()}
        authors = tuple(_name(person) for person in entry.persons.get("author", []))
        name = fields.get("shortauthor") or (_surname(entry.persons["author"][0]) if authors else key)
        found.append((Source(key, entry.type, authors, fields), f"{name} {fields.get('year', '')}".strip()))
    count = Counter(short for _, short in found)
    seen: Counter[str] = Counter()
    sources = {}
    for source, short in sorted(found, key=lambda pair: pair[0].key):
        if count[short] > 1:
            seen[short] += 1
            short += ascii_lowercase[seen[short] - 1]
        sources[source.key] = Source(source.key, source.kind, source.authors, source.fields, short)
    return sources


def _untex(text: str) -> str:
    for tex, plain in _TEX:
        text = text.replace(tex, plain)
    return " ".join(text.split())


def _surname(person: Person) -> str:
    return _untex(" ".join([*person.prelast_names, *person.last_names]))


def _name(person: Person) -> str:
    last = _surname(person)
    if last == "others":
        return "et al"
    initials = "".join(_untex(part).replace(".", "") for part in (*person.first_names, *person.middle_names))
    return f"{last} {initials}".strip()


def sources() -> dict[str, Source]:
    """All sources of the course, by key."""
    path = course.root() / "evidence" / "sources.bib"
    return load(path, path.stat().st_mtime_ns)
