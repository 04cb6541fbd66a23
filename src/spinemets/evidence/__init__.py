"""The course's evidence: findings, tables and claims with their sources, their cards, and the checks on numbers.

``finding("late-recurrence")["T1N0"].value`` is a number, ``table("sins").frame()`` a table, ``card_html(id)`` a card.
"""

from .bank import Bank, EvidenceError, bank, cite, claim, claims, entry, finding, source, table
from .cards import Claims, card_html, show_claims
from .form import span
from .models import Claim, Finding, Table, UnknownIdError, Value
from .sources import Source, sources

__all__ = [
    "Bank",
    "Claim",
    "Claims",
    "EvidenceError",
    "Finding",
    "Source",
    "Table",
    "UnknownIdError",
    "Value",
    "bank",
    "card_html",
    "cite",
    "claim",
    "claims",
    "entry",
    "finding",
    "show_claims",
    "source",
    "sources",
    "span",
    "table",
]
