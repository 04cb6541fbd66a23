"""The sample course of the quizzes' tests, and a release of its quiz."""

import pytest

from tests.quiz.fixtures import course

from .hand_ins import released

__all__ = ["course", "release"]


@pytest.fixture
def release(course):
    """A release of every item of the sample that can be asked, due at the end of 2026."""
    return released("2026-12-31")
