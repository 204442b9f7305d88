"""The rows of a parameter form, one class for each way of editing a value.

A row shows a symbol, a label, the editor and a help mark; a dot before the symbol says that the
value is not the default, and a click on it goes back. It never decides about the value: it says
what the user did and shows what it is told.
"""

from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLabel,
    QMenu,
    QToolButton,
    QWhatsThis,
    QWidget,
)

from lrstudio.core import Parameter
from lrstudio.core.declaration import LISTS
from lrstudio.gui import theme
from lrstudio.gui.epochs_note import EpochsNote
from lrstudio.gui.number_field import ErrorLine, NumberField
from lrstudio.gui.panel_parts import note
from lrstudio.gui.parameter_texts import default_text, has_default, help_text, readable, wrapped
from lrstudio.gui.scales import scale_of
from lrstudio.gui.scrolling import QuietComboBox
from lrstudio.gui.slider import ParameterSlider
from lrstudio.gui.whole_run import WholeRunBox

_MOST_TYPED = 500  # entries of a list
_EDITOR_FIGURES = 12  # the fields on the right are this many figures wide, so they form a column
_WIDEST_COLUMN = 1.3  # of that; what is wider stands below its label
_DOT, _SYMBOL, _LABEL, _EDITOR, _HELP = range(5)


class ParameterRow(QWidget):
    """What every row has; the kinds add their editor."""

    edited = Signal(object, bool)
    """The user's new value, and whether the hand is still on it."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parameter = parameter
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(4)
        self._grid.setVerticalSpacing(1)
        self._grid.setColumnStretch(_LABEL, 1)
        self._dot = self._add_dot()
        self._tell_default()
        self._label = self._add_labels()
        self._add_help()

    def show_value(self, value: Any, is_other_subject: bool) -> None:
        """Show a value; what is half typed is kept unless it was typed for something else."""
        raise NotImplementedError(type(self).__name__)

    def show_default(self, default: Any) -> None:
        """Take over another default, to be marked against and to go back to."""
        if default == self.parameter.default:
            return
        self.parameter = replace(self.parameter, default=default)
        self._tell_default()

    def set_steps_per_epoch(self, steps: int | None) -> None:
        """Tell steps in epochs as well; None where the problem has none."""

    def reset(self) -> None:
        """Go back to the default, as an edit of the user."""
        raise NotImplementedError(type(self).__name__)

    def show_help(self) -> None:
        """Show the parameter's help beside its mark until the next click."""
        place = self.mapToGlobal(self.rect().bottomLeft())
        QWhatsThis.showText(place, wrapped(help_text(self.parameter)), self)

    def _place_editor(self, editor: QWidget) -> None:
        self._name(editor)
        editor.setFixedWidth(max(self._column(), editor.minimumSizeHint().width()))
        self._label.setBuddy(editor)
        self._grid.addWidget(editor, 0, _EDITOR)

    def _column(self) -> int:
        return _EDITOR_FIGURES * self.fontMetrics().horizontalAdvance("0")

    def _place_below(self, widget: QWidget, line: int) -> None:
        self._grid.addWidget(widget, line, _SYMBOL, 1, _EDITOR - _SYMBOL + 1)

    def _place_wide(self, editor: QWidget) -> None:
        self._name(editor)
        self._label.setBuddy(editor)
        self._place_below(editor, 1)

    def _place_full(self, editor: QWidget) -> None:
        """Below the label, over the columns of marks as well: what has such columns of its own."""
        self._name(editor)
        self._place_across(editor, 1)

    def _place_across(self, widget: QWidget, line: int) -> None:
        self._grid.addWidget(widget, line, _DOT, 1, _HELP - _DOT + 1)

    def _name(self, editor: QWidget) -> None:
        editor.setObjectName(f"field_{self.parameter.name}")
        editor.setAccessibleName(self.parameter.label)
        editor.setAccessibleDescription(self.parameter.help)
        editor.setWhatsThis(help_text(self.parameter))

    def _tell_default(self) -> None:
        default = default_text(self.parameter)
        self._dot.setToolTip(f"Changed. Click to go back to the default: {default}")
        self.setToolTip(wrapped(help_text(self.parameter)))

    def _mark(self, value: Any) -> None:
        self._dot.setVisible(has_default(self.parameter) and value != self.parameter.default)

    def _add_dot(self) -> QToolButton:
        dot = QToolButton()
        dot.setObjectName(f"reset_{self.parameter.name}")
        dot.setProperty("role", "dot")
        dot.setFixedSize(8, 8)
        dot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        dot.setAccessibleName(f"Reset {self.parameter.label}")
        keeps_its_place = dot.sizePolicy()
        keeps_its_place.setRetainSizeWhenHidden(True)
        dot.setSizePolicy(keeps_its_place)
        dot.hide()
        dot.clicked.connect(self.reset)
        self._grid.addWidget(dot, 0, _DOT)
        return dot

    def _add_labels(self) -> QLabel:
        symbol = QLabel(self.parameter.symbol)
        symbol.setTextFormat(Qt.TextFormat.PlainText)
        symbol.setFont(theme.symbol_font())
        symbol.setMinimumWidth(16)
        label = QLabel(self.parameter.label)
        label.setObjectName(f"label_{self.parameter.name}")
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        self._grid.addWidget(symbol, 0, _SYMBOL)
        self._grid.addWidget(label, 0, _LABEL)
        return label

    def _add_help(self) -> None:
        mark = QToolButton()
        mark.setObjectName(f"help_{self.parameter.name}")
        mark.setProperty("role", "help")
        mark.setText("?")
        mark.setFixedSize(16, 16)
        # The keyboard has Shift+F1 on the editor itself; a stop at each mark would double the way.
        mark.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        mark.setAccessibleName(f"Help on {self.parameter.label}")
        mark.clicked.connect(self.show_help)
        self._grid.addWidget(mark, 0, _HELP)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        reset = menu.addAction(f"Reset to default ({default_text(self.parameter)})")
        reset.setObjectName("reset_to_default")
        reset.setEnabled(self._dot.isVisible())
        reset.triggered.connect(self.reset)
        menu.popup(event.globalPos())


class NumberRow(ParameterRow):
    """Typed numbers: a field, the sentence when it refuses, and a slider or box that helps."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self.field = NumberField(parameter, self)
        self._error: ErrorLine | None = None
        self._epochs: EpochsNote | None = None
        self._remark: QLabel | None = None
        self.helper = self._add_helper()
        self.field.complaint_changed.connect(self.on_complaint_changed)
        self.field.value_changed.connect(self.on_typed)
        self.field.committed.connect(self.on_committed)

    def show_value(self, value: Any, is_other_subject: bool) -> None:
        if is_other_subject:
            self.field.show_value(value)
        else:
            self.field.set_value(value)
        self._show_beside_field(value)

    def show_default(self, default: Any) -> None:
        super().show_default(default)
        self.field.show_default(default)

    def set_steps_per_epoch(self, steps: int | None) -> None:
        self.field.steps_per_epoch = steps
        self._tell_epochs(self.field.value())

    def reset(self) -> None:
        self.field.reset()

    def offer(self, placeholder: str, length: int) -> None:
        """While a length is left open, show what it amounts to; clearing the box starts there."""
        self.field.setPlaceholderText(placeholder)
        if isinstance(self.helper, WholeRunBox):
            self.helper.offer(length)

    def say(self, sentence: str) -> None:
        """Say quietly below the field what its value amounts to; "" says nothing."""
        if self._remark is None:
            if not sentence:
                return
            self._remark = note()
            self._remark.setObjectName(f"remark_{self.parameter.name}")
            self._place_below(self._remark, 5)
        self._remark.setText(sentence)
        self._remark.setVisible(bool(sentence))

    def on_typed(self, value: Any) -> None:
        """The field has a new value and more may follow."""
        self._show_beside_field(value)
        self.edited.emit(value, True)

    def on_committed(self, value: Any) -> None:
        """The field's value stays."""
        self.edited.emit(value, False)

    def on_helped(self, value: Any, is_dragging: bool) -> None:
        """The slider was moved, or the box was clicked."""
        self.field.show_value(value)
        self._mark(value)
        self._tell_epochs(value)
        self.edited.emit(value, is_dragging)

    def on_complaint_changed(self, sentence: str) -> None:
        """Something is refused, or no longer; most rows never have to say so."""
        if self._error is None:
            self._error = ErrorLine(self.field, self)
            self._error.setObjectName(f"error_{self.parameter.name}")
            self._place_below(self._error, 2)

    def _tell_epochs(self, value: Any) -> None:
        if self._epochs is None and self.field.steps_per_epoch is not None:
            self._epochs = EpochsNote(self.field, self)
            self._place_below(self._epochs, 3)
        if self._epochs is not None:
            self._epochs.show_value(value)

    def _show_beside_field(self, value: Any) -> None:
        self._mark(value)
        self._tell_epochs(value)
        if self.helper is not None:
            self.helper.show_value(value)

    def _add_helper(self) -> ParameterSlider | WholeRunBox | None:
        if self.parameter.kind in LISTS:
            self._place_wide(self.field)
            return None
        self._place_editor(self.field)
        helper: ParameterSlider | WholeRunBox
        if self.parameter.kind == "length":
            helper = WholeRunBox(self.parameter, self)
            self.field.setPlaceholderText(self.parameter.left_open)
        elif scale_of(self.parameter):
            helper = ParameterSlider(self.parameter, self)
            helper.setObjectName(f"slider_{self.parameter.name}")
        else:
            return None
        helper.moved.connect(self.on_helped)
        self._place_below(helper, 1)
        return helper


class ChoiceRow(ParameterRow):
    """One of a few named variants."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self.box = QuietComboBox(self)
        for choice in parameter.choices:
            self.box.addItem(readable(choice), choice)
        if self.box.minimumSizeHint().width() > _WIDEST_COLUMN * self._column():
            self._place_wide(self.box)
        else:
            self._place_editor(self.box)
        self.box.activated.connect(self.on_activated)

    def show_value(self, value: str, is_other_subject: bool) -> None:
        self.box.setCurrentIndex(self.parameter.choices.index(value))
        self._mark(value)

    def reset(self) -> None:
        self._choose(self.parameter.default)

    def on_activated(self, index: int) -> None:
        """The user chose a variant, perhaps the same one again."""
        self._choose(self.parameter.choices[index])

    def _choose(self, choice: str) -> None:
        self.show_value(choice, is_other_subject=False)
        self.edited.emit(choice, False)


class FlagRow(ParameterRow):
    """Yes or no."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self.box = QCheckBox(self)
        self._place_editor(self.box)
        self.box.clicked.connect(self.on_clicked)

    def show_value(self, value: bool, is_other_subject: bool) -> None:
        self.box.setChecked(value)
        self._mark(value)

    def reset(self) -> None:
        self.box.setChecked(self.parameter.default)
        self.on_clicked(self.parameter.default)

    def on_clicked(self, is_on: bool) -> None:
        """The user ticked or cleared the box."""
        self._mark(is_on)
        self.edited.emit(is_on, False)


class ListRow(NumberRow):
    """A list of numbers; one that is too long to be typed is only counted."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        if parameter.kind == "intervals":
            self.field.setPlaceholderText(parameter.left_open)
        self._count = note()
        self._count.setObjectName(f"count_{parameter.name}")
        self._place_below(self._count, 4)

    def show_value(self, value: Any, is_other_subject: bool) -> None:
        is_long = len(value) > _MOST_TYPED
        self.field.setHidden(is_long)
        self._count.setHidden(not is_long)
        if is_long:  # a line would cut it off, and what was cut off would then be lost
            self._count.setText(f"{len(value):,} values; edit them in the file")
            self._mark(value)
        else:
            super().show_value(value, is_other_subject)


def row_for(parameter: Parameter) -> ParameterRow:
    """The row that edits this kind of parameter."""
    if parameter.kind == "schedules":
        from lrstudio.gui.parts_row import PartsRow  # noqa: PLC0415 - a form that holds forms

        return PartsRow(parameter)
    if parameter.kind == "dataset":
        from lrstudio.gui.dataset_row import DatasetRow  # noqa: PLC0415 - a form that holds a form

        return DatasetRow(parameter)
    if parameter.kind == "points":
        from lrstudio.gui.points_row import PointsRow  # noqa: PLC0415 - built on these rows

        return PointsRow(parameter)
    if parameter.kind in ("formula", "constants"):
        from lrstudio.gui import formula_row  # noqa: PLC0415 - built on these rows

        is_text = parameter.kind == "formula"
        return (formula_row.FormulaRow if is_text else formula_row.ConstantsRow)(parameter)
    if parameter.kind in LISTS:
        return ListRow(parameter)
    if parameter.kind == "choice":
        return ChoiceRow(parameter)
    if parameter.kind == "flag":
        return FlagRow(parameter)
    return NumberRow(parameter)
