"""Questions that grade themselves, from ``quizzes/NN-slug.yml``, in JupyterLab and on the published page alike."""

from .bank import QuizError
from .check import check
from .widget import exercise, question, quiz, recall

__all__ = ["QuizError", "check", "exercise", "question", "quiz", "recall"]
