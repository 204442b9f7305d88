"""What the chosen problem looks like, in one glance: a picture, a line, the numbers that matter."""

from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from lrstudio.core import Problem
from lrstudio.core.data_problem import DataProblem
from lrstudio.core.epochs import counted
from lrstudio.gui import theme
from lrstudio.gui.data_picture import data_picture
from lrstudio.gui.panel_parts import described, note
from lrstudio.gui.problem_picture import problem_picture

_WIDTH, _HEIGHT = 84, 64
_MOST_DIMENSIONS = 32
"""Eigenvalues take the cube of the dimensions in time: more are not worth a halting slider."""


class ProblemPreview(QWidget):
    """Picture, summary and facts of a problem."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problem: Problem | None = None
        self._picture = QLabel(objectName="problem_picture")
        self._picture.setFixedSize(_WIDTH, _HEIGHT)
        self._summary = note()
        self._facts = note()
        self._facts.setObjectName("problem_facts")
        self._facts.setProperty("role", "facts")  # not muted: these are what one looks for
        self._facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words = QVBoxLayout()
        words.setSpacing(theme.SPACING // 2)
        words.addWidget(self._summary)
        words.addWidget(self._facts)
        words.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACING)
        layout.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        theme.notifier.changed.connect(self.on_theme_changed)

    def show_problem(self, problem: Problem) -> None:
        """Show another problem."""
        if problem is self._problem:
            return
        self._problem = problem
        summary = described(type(problem)).summary
        self._summary.setText(summary[:1].upper() + summary[1:])
        self._facts.setText(facts_text(problem))
        self._facts.setToolTip(facts_tip(problem))
        self._draw()

    def on_theme_changed(self) -> None:
        """Draw it in the new colours."""
        self._draw()

    def _draw(self) -> None:
        if self._problem is None:
            return
        ratio = self.devicePixelRatioF()
        if isinstance(self._problem, DataProblem):
            self._picture.setPixmap(data_picture(self._problem.data, _WIDTH, _HEIGHT, ratio))
            self._picture.setToolTip("The data: one dot for each of some examples")
            return
        self._picture.setPixmap(problem_picture(self._problem, _WIDTH, _HEIGHT, ratio))
        name = described(type(self._problem)).title
        kind = " in two of its dimensions" if self._problem.dim > 2 else ""
        kind += ", part of its domain" if self._problem.view != self._problem.domain else ""
        found = "the lowest minima found" if self._problem.minima_are_found else "global minima"
        self._picture.setToolTip(f"{name}{kind}. Dots are {found}.")


def facts_text(problem: Problem) -> str:
    """The least loss, the condition number and the largest stable rate, three digits each."""
    told = model_facts(problem) if isinstance(problem, DataProblem) else []
    facts = _lowest(problem)
    curvature = _curvature(problem)
    if curvature is not None:
        smallest, largest = curvature
        if problem.is_free(problem.minima[0]).sum() > 1 and smallest > 0:
            facts.append(f"κ = {_short(largest / smallest)}")
        if largest > 0:
            facts.append(f"2/λmax = {_short(2 / largest)}")
    first = "   ".join(facts[:2] if len(facts) > 2 else facts)
    return "\n".join([*told, *([first] if first else []), *facts[2:]])


def model_facts(problem: DataProblem) -> list[str]:
    """How many numbers a model learns, from how many examples."""
    train, validation = problem.sample.train, problem.sample.validation
    told = [counted(problem.dim, "parameter"), counted(train.examples, "training example")]
    if validation.examples:
        told.append(f"{validation.examples:,} for validation")
    if train.classes:
        names = "" if train.classes == problem.data.table().classes else ", ".join(train.classes)
        told.append(f"{counted(len(train.classes), 'class')}{names and f': {names}'}")
    return told


def _lowest(problem: Problem) -> list[str]:
    """The loss at the global minima; one that was found by a search is not known to be f*."""
    if not problem.is_bounded_below:
        return ["no minimum"]
    if problem.minimum_value is None:
        return ["no minimum found"] if problem.minima_are_found else []
    is_found = problem.minima_are_found
    return [f"f* {'≈' if is_found else '='} {_short(problem.minimum_value)}"]


def facts_tip(problem: Problem) -> str:
    """What the facts mean, with the exact numbers."""
    lines = []
    if problem.minimum_value is not None:
        where = "lowest minimum found numerically" if problem.minima_are_found else "global minimum"
        lines.append(f"f* = {problem.minimum_value!r}: the loss at the {where}")
    curvature = _curvature(problem)
    if curvature is not None:
        smallest, largest = curvature
        lines.append(f"Curvature at the minimum from {smallest:.9g} to {largest:.9g};")
        lines.append("κ is their ratio, and gradient descent is stable while η < 2/λmax.")
    return "\n".join(lines)


@lru_cache(maxsize=64)
def _curvature(problem: Problem) -> tuple[float, float] | None:
    return problem.curvature() if problem.dim <= _MOST_DIMENSIONS else None


def _short(value: float) -> str:
    text = f"{value:.3g}"
    return f"{float(text):.9g}".replace("-", "\u2212")  # 2510, not 2.51e+03
