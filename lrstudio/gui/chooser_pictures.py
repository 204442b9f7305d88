"""Pictures beside the titles that a chooser lists."""

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtGui import QPixmap

Pictures = Callable[[str], QPixmap]
"""A picture, as large as `PICTURE`, of the rule with an id."""

PICTURE = QSize(40, 30)
