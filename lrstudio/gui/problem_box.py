"""The field with the functions, and their pictures, which are drawn when they are looked at."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from lrstudio.core import PROBLEMS
from lrstudio.core.catalogue import catalogue
from lrstudio.core.data_problem import DataProblem
from lrstudio.gui import theme
from lrstudio.gui.chooser import RuleChooser
from lrstudio.gui.chooser_pictures import PICTURE
from lrstudio.gui.data_picture import data_picture
from lrstudio.gui.problem_picture import problem_picture


class ProblemBox(RuleChooser):
    """All functions by title; the closed box shows the title alone, the list pictures as well."""

    def __init__(self, parent: QWidget | None = None) -> None:
        pictures = ProblemPictures()
        problems = catalogue("problems")
        super().__init__(problems, "problem_function", "Function", pictures.picture, parent)
        pictures.setParent(self)


class ProblemPictures(QObject):
    """Small pictures in the colours of the theme."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures: dict[str, QPixmap] = {}
        theme.notifier.changed.connect(self.on_theme_changed)

    def on_theme_changed(self) -> None:
        """Forget the pictures in the old colours."""
        self._pictures.clear()

    def picture(self, identifier: str) -> QPixmap:
        """The picture of a function, which is drawn once."""
        if identifier not in self._pictures:
            problem, line = PROBLEMS[identifier](), theme.current().axis  # strong, for so small
            size = PICTURE
            if isinstance(problem, DataProblem):
                drawn = data_picture(problem.data, size.width(), size.height(), 2.0)
            else:
                drawn = problem_picture(problem, size.width(), size.height(), 2.0, line)
            self._pictures[identifier] = drawn
        return self._pictures[identifier]
