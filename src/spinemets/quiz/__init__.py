"""Questions that grade themselves, from ``quizzes/NN-slug.yml``, in JupyterLab and on the published page alike."""

from .bank import QuizError
from .check import check
from .exams import exam
from .handin_widget import hand_in
from .review import review
from .widget import before, exercise, question, quiz, recall

__all__ = ["QuizError", "before", "check", "exam", "exercise", "hand_in", "question", "quiz", "recall", "review"]
