"""A line to type a number into, which never misreads it.

Reads a dot or a comma, refuses what could mean two numbers, marks a refused value at once and
goes on with the value from before the typing. Up and down walk a sensible grid, the wheel does so
only when the field has the focus and was not carried under the pointer by a panel that scrolls.
What is shown is the shortest text that reads back as exactly the value.
"""

from typing import Any, Protocol

from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from lrstudio.core import Parameter, refusal
from lrstudio.core.declaration import LISTS
from lrstudio.gui.parameter_texts import default_text, has_default
from lrstudio.gui.scales import stepped
from lrstudio.gui.scrolling import bring_into_view, takes_wheel
from lrstudio.gui.stepping import STEP_KEYS, WheelNotches
from lrstudio.gui.typed_fields import TypedValue
from lrstudio.gui.typed_numbers import Unreadable, read, read_steps, written
from lrstudio.gui.whole_run import usual_length


class NumberField(QLineEdit):
    """Types a value of one parameter: a real, an integer, a length (or nothing), a list."""

    value_changed = Signal(object)
    """Typing or stepping led to another value; more may follow."""
    committed = Signal(object)
    """The last of these values stays: Enter, the focus went, or the stepping key was let go."""
    refused = Signal(str)
    """What was typed is refused; the sentence says why."""
    complaint_changed = Signal(str)
    """The sentence beside the field is another one; "" where all is well."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parameter = parameter
        self.steps_per_epoch: int | None = None
        """So that epochs can be typed where steps are counted; None where there are none."""
        self._typed = TypedValue[Any](None)
        self._selects_on_release = False
        self._wheel = WheelNotches()
        self.setAccessibleName(parameter.label)
        self.setAccessibleDescription(parameter.help)
        self.setWhatsThis(parameter.help)
        self.show_value(_first_value(parameter))
        self.textEdited.connect(self.on_text_edited)
        self.editingFinished.connect(self.on_editing_finished)

    @property
    def complaint(self) -> str:
        """What is wrong with what is typed; "" where all is well."""
        return self._typed.complaint

    def value(self) -> Any:
        """The value in use: what is typed if it is good, else what was there before typing."""
        return self._typed.value

    def set_value(self, value: Any) -> None:
        """Show another value and emit nothing; the same value leaves a half-typed text alone."""
        if value != self._typed.value:
            self.show_value(value)

    def show_value(self, value: Any) -> None:
        """Show `value` and forget what was being typed; emits no value."""
        self._typed.show(value)
        self._complain("")
        self._show_text()

    def show_default(self, default: Any) -> None:
        """Take over another default to go back to."""
        self.parameter = replace(self.parameter, default=default)

    def reset(self) -> None:
        """Go back to the parameter's default, as an edit of the user."""
        self._take(self.parameter.default)
        self._show_text()
        self._commit()

    def restore(self) -> None:
        """Go back to what was there before typing began, as an edit of the user."""
        self._take(self._typed.committed)
        self._show_text()
        self.selectAll()
        self._commit()

    def step_by(self, direction: int, is_page: bool = False) -> None:
        """Go to the next value of the grid, up (+1) or down (-1), as an edit of the user."""
        if self.parameter.kind in LISTS:
            return
        value = self.value()
        begin = value if value is not None else usual_length(self.parameter)
        self._take(stepped(self.parameter, begin, direction, is_page))
        self._show_text()
        self.selectAll()

    def on_text_edited(self, text: str) -> None:
        """Take a good value at once, so that pictures follow; mark any other."""
        try:
            value = self._read(text)
        except Unreadable as error:
            self._refuse(str(error))
            return
        reason = refusal(self.parameter, value)
        if reason:
            self._refuse(reason)
        else:
            self._take(value)

    def on_editing_finished(self) -> None:
        """Enter, or the focus went: keep a good value, leave a refused text to be mended."""
        if not self.complaint and self.text() != written(self.parameter.kind, self.value()):
            self._show_text()
        self._commit()

    def refuse(self, reason: str) -> None:
        """Say that what was typed cannot be, for a reason that the parameter does not know."""
        self._refuse(reason)

    def _read(self, text: str) -> Any:
        if self.parameter.unit == "steps":
            return read_steps(self.parameter.kind, text, self.steps_per_epoch)
        return read(self.parameter.kind, text)

    def _take(self, value: Any) -> None:
        self._complain("")
        self._say(value)

    def _refuse(self, reason: str) -> None:
        sentence = f"{reason[0].upper()}{reason[1:]}."
        self._complain(sentence)
        # On the way to "1,000" there was a 1 that nobody meant: it must not stay in use.
        self._say(self._typed.committed)
        self.refused.emit(sentence)

    def _say(self, value: Any) -> None:
        if self._typed.say(value):
            self.value_changed.emit(value)

    def _commit(self) -> None:
        if self._typed.commit():
            self.committed.emit(self.value())

    def _complain(self, sentence: str) -> None:
        if self._typed.complain(self, sentence, self.parameter.help):
            self.complaint_changed.emit(sentence)

    def _show_text(self) -> None:
        self.setText(written(self.parameter.kind, self.value()))
        self.setCursorPosition(0)  # of a long number the beginning is what matters

    def event(self, event: QEvent) -> bool:
        answer = self._typed.claim(event)
        return super().event(event) if answer is None else answer

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = STEP_KEYS.get(event.key())
        if step:
            self.step_by(*step)
        elif self._typed.is_restored_by(event):
            self.restore()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in STEP_KEYS and not event.isAutoRepeat():
            self._commit()
        super().keyReleaseEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not takes_wheel(self):
            event.ignore()
            return
        for direction in self._wheel.of(event):
            self.step_by(direction)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._selects_on_release = event.reason() == Qt.FocusReason.MouseFocusReason
        if not self._selects_on_release:
            self.selectAll()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._selects_on_release and not self.hasSelectedText():
            self.selectAll()
        self._selects_on_release = False

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addSeparator()
        reset = menu.addAction(f"Reset to default ({default_text(self.parameter)})")
        reset.setObjectName("reset_to_default")
        is_changed = self.value() != self.parameter.default or bool(self.complaint)
        reset.setEnabled(is_changed and has_default(self.parameter))
        reset.triggered.connect(self.reset)
        menu.popup(event.globalPos())


class Complaining(Protocol):
    """A field that says what is wrong with what is typed."""

    @property
    def complaint(self) -> str: ...

    complaint_changed: Any


class ErrorLine(QLabel):
    """The sentence below a field, there only while something is refused, and then in sight."""

    def __init__(self, field: Complaining, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setProperty("role", "error")
        self.on_complaint_changed(field.complaint)
        field.complaint_changed.connect(self.on_complaint_changed)

    def on_complaint_changed(self, sentence: str) -> None:
        """Show the sentence, or disappear."""
        self.setText(sentence)
        self.setVisible(bool(sentence))
        if self.isVisible():  # below the last row that is seen, nobody would know what is wrong
            QTimer.singleShot(0, self, self.on_placed)

    def on_placed(self) -> None:
        """The sentence has its place."""
        bring_into_view(self)


def _first_value(parameter: Parameter) -> Any:
    """The default where there is one that may be shown, else some value within the bounds."""
    if has_default(parameter):
        return parameter.default
    return next((v for v in (parameter.low, parameter.minimum) if v is not None), 0)
