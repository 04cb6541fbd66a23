"""The explorers of chapter 10, under one name for its notebook."""

from .complications import complications
from .noms import noms, noms_person
from .prognosis import scores
from .walking import walking

__all__ = ["complications", "noms", "noms_person", "scores", "walking"]
