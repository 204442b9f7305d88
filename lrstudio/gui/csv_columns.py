"""Which column of a table is to be told, and from which others."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from lrstudio.core.sheet import Choice, Sheet, is_probably_class
from lrstudio.gui import theme
from lrstudio.gui.csv_preview import kind_text
from lrstudio.gui.panel_parts import column, section_title, small_button
from lrstudio.gui.parameter_texts import wrapped
from lrstudio.gui.scrolling import QuietComboBox

_NAME = Qt.ItemDataRole.UserRole


class ColumnChooser(QWidget):
    """Target, what it is taken as, and a list of features with boxes to tick."""

    changed = Signal()
    """The user chose something else."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet: Sheet | None = None
        self._target = named_box("csv_target")
        self._target.setAccessibleName("Target")
        self._target.setSizeAdjustPolicy(
            QuietComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._kind = named_box("csv_target_kind")
        self._kind.setAccessibleName("Target is taken as")
        self._kind.addItems(["A quantity", "A class"])
        self._features = QListWidget(objectName="csv_features")
        self._features.setAccessibleName("Features")
        self._lay_out()
        self._target.activated.connect(self.on_target_activated)
        self._kind.activated.connect(self.changed)
        self._features.itemChanged.connect(self.on_item_changed)

    def show_sheet(self, sheet: Sheet | None, choice: Choice | None) -> None:
        """Offer the columns of a sheet, with a choice among them."""
        self._sheet = sheet
        with QSignalBlocker(self._features):
            self._features.clear()
            self._target.clear()
            if sheet is None or choice is None:
                return
            for one in sheet.columns:
                self._add(one.name, kind_text(one), one.problem, one.name in choice.features)
                self._target.addItem(one.name)
        self._target.setCurrentIndex(sheet.names.index(choice.target))
        self._kind.setCurrentIndex(int(choice.target_is_class))
        self._mark_target()

    def choice(self) -> Choice:
        """What is chosen."""
        target = self._target.currentText()
        ticked = [item.data(_NAME) for item in self._items() if _is_ticked(item)]
        features = tuple(name for name in ticked if name != target)
        return Choice(features, target, self._kind.currentIndex() == 1)

    def on_target_activated(self) -> None:
        """Another target: the old one becomes a feature, and what it is taken as follows."""
        assert self._sheet is not None
        target = self._sheet.column(self._target.currentText())
        self._kind.setCurrentIndex(int(is_probably_class(target)))
        self._mark_target()
        self.changed.emit()

    def on_item_changed(self, item: QListWidgetItem) -> None:
        """A feature was ticked or cleared."""
        self.changed.emit()

    def on_all_clicked(self) -> None:
        """Tick all that can be learnt from."""
        self._tick_all(is_ticked=True)

    def on_none_clicked(self) -> None:
        """Clear all."""
        self._tick_all(is_ticked=False)

    def _tick_all(self, *, is_ticked: bool) -> None:
        assert self._sheet is not None
        with QSignalBlocker(self._features):
            for item, one in zip(self._items(), self._sheet.columns, strict=True):
                _tick(item, is_ticked and not one.problem)
        self.changed.emit()

    def _items(self) -> list[QListWidgetItem]:
        return [self._features.item(row) for row in range(self._features.count())]

    def _add(self, name: str, kind: str, problem: str, is_ticked: bool) -> None:
        item = QListWidgetItem(f"{name}  ·  {kind}")
        item.setData(_NAME, name)
        item.setToolTip(wrapped(problem or f"{name}: {kind}"))
        _tick(item, is_ticked)
        self._features.addItem(item)

    def _mark_target(self) -> None:
        """A target is no feature; what was one before can be again."""
        target = self._target.currentText()
        with QSignalBlocker(self._features):
            for item in self._items():
                is_target = item.data(_NAME) == target
                was_target = not item.flags() & Qt.ItemFlag.ItemIsEnabled
                item.setFlags(_FIXED if is_target else _FREE)
                if is_target or was_target:
                    assert self._sheet is not None
                    problem = self._sheet.column(item.data(_NAME)).problem
                    _tick(item, was_target and not is_target and not problem)

    def _lay_out(self) -> None:
        layout = column(self, theme.SPACING // 2)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACING)
        row.addWidget(self._target, 3)
        row.addWidget(self._kind, 2)
        all_button = small_button("csv_all", "All", "", "Tick all columns that can be learnt from")
        none_button = small_button("csv_none", "None", "", "Clear all columns")
        all_button.clicked.connect(self.on_all_clicked)
        none_button.clicked.connect(self.on_none_clicked)
        title = QHBoxLayout()
        title.addWidget(section_title("Features"), 1)
        title.addWidget(all_button)
        title.addWidget(none_button)
        layout.addWidget(section_title("Target: what is to be predicted"))
        layout.addLayout(row)
        layout.addSpacing(theme.SPACING)
        layout.addLayout(title)
        layout.addWidget(self._features, 1)


_FIXED = Qt.ItemFlag.NoItemFlags
_FREE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable


def _is_ticked(item: QListWidgetItem) -> bool:
    return item.checkState() == Qt.CheckState.Checked


def _tick(item: QListWidgetItem, is_ticked: bool) -> None:
    item.setCheckState(Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked)


def named_box(name: str) -> QuietComboBox:
    """An empty box."""
    box = QuietComboBox()
    box.setObjectName(name)
    return box
