"""Questions that grade themselves, from ``quizzes/NN-slug.yml``, in JupyterLab and on the published page alike."""

from .bank import QuizError
from .check import check
from .handin_widget import hand_in
from .widget import before, exercise, question, quiz, recall

__all__ = ["QuizError", "before", "check", "exercise", "hand_in", "question", "quiz", "recall"]
