"""The sample course of ``fixtures.py`` for the tests of this folder."""

from .fixtures import course

__all__ = ["course"]
