"""The list of problems, each with a picture that is drawn when the list is first opened."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from lrstudio.core import PROBLEMS
from lrstudio.gui import theme
from lrstudio.gui.panel_parts import described
from lrstudio.gui.problem_picture import problem_picture
from lrstudio.gui.scrolling import QuietComboBox

_PICTURE = QSize(40, 30)
_GAP = 6


class ProblemBox(QuietComboBox):
    """All functions by title; the closed box shows the title alone, the list pictures as well."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problem_function")
        self.setAccessibleName("Function")
        self.setItemDelegate(_WithPicture(self))
        self.setMaxVisibleItems(len(PROBLEMS))
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for number, (identifier, cls) in enumerate(PROBLEMS.items()):
            self.addItem(described(cls).title, identifier)
            self.setItemData(number, described(cls).summary, Qt.ItemDataRole.ToolTipRole)

    def show_id(self, identifier: str) -> None:
        """Show which function is chosen; emits nothing that edits."""
        self.setCurrentIndex(self.findData(identifier))


class _WithPicture(QStyledItemDelegate):
    """Draws pictures when they are looked at, in the colours of that moment."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._icons: dict[str, QIcon] = {}
        theme.notifier.changed.connect(self.on_theme_changed)

    def on_theme_changed(self) -> None:
        """Forget the pictures in the old colours."""
        self._icons.clear()

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        # Without asking for the pictures: sizes are wanted long before the list is opened.
        title = option.fontMetrics.horizontalAdvance(index.data())
        return QSize(title + _PICTURE.width() + 3 * _GAP, _PICTURE.height() + _GAP)

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
        option.decorationSize = _PICTURE
        option.icon = self._icon(index.data(Qt.ItemDataRole.UserRole))

    def _icon(self, identifier: str) -> QIcon:
        if identifier not in self._icons:
            problem, size = PROBLEMS[identifier](), _PICTURE
            line = theme.current().axis  # strong, for so small a picture
            picture = problem_picture(problem, size.width(), size.height(), 2.0, line)
            icon = QIcon(picture)
            icon.addPixmap(picture, QIcon.Mode.Selected)  # or Qt would tint it
            self._icons[identifier] = icon
        return self._icons[identifier]
