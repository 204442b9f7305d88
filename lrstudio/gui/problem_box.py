"""The field with the functions, and their pictures, which are drawn when they are looked at."""

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from lrstudio.core import PROBLEMS
from lrstudio.core.catalogue import catalogue
from lrstudio.core.data_problem import DataProblem
from lrstudio.gui import theme
from lrstudio.gui.chooser import RuleChooser
from lrstudio.gui.chooser_pictures import PICTURE
from lrstudio.gui.data_picture import data_picture
from lrstudio.gui.kept_pictures import KeptPictures
from lrstudio.gui.problem_picture import problem_picture


class ProblemBox(RuleChooser):
    """All functions by title; the closed box shows the title alone, the list pictures as well."""

    def __init__(self, parent: QWidget | None = None) -> None:
        pictures = KeptPictures(picture_of)
        problems = catalogue("problems")
        super().__init__(problems, "problem_function", "Function", pictures.picture, parent)
        pictures.setParent(self)


def picture_of(function: str) -> QPixmap:
    """The picture of a function, or of the data that a model learns from."""
    problem, line = PROBLEMS[function](), theme.current().axis  # strong, for so small
    width, height = PICTURE.width(), PICTURE.height()
    if isinstance(problem, DataProblem):
        return data_picture(problem.data, width, height, 2.0)
    return problem_picture(problem, width, height, 2.0, line)
