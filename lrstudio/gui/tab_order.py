"""Where Tab goes in what is made late."""

from collections.abc import Iterable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def put_in_order(holder: QWidget, parts: Iterable[QWidget]) -> None:
    """Let Tab go from what stands before `holder` through its parts, one after the other.

    Qt takes widgets in the order in which they came into the window, and these may be the newest.
    """
    before = next(_going_back(holder), None)
    for part in parts:
        for field in _fields(part):
            if before is not None and field.window() is before.window():  # no list of a combo box
                QWidget.setTabOrder(before, field)
                before = field


def _going_back(holder: QWidget) -> Iterator[QWidget]:
    """What takes Tab before `holder`: beside it, then beside what it stands in.

    Its own place in Qt's order says nothing, as it may be new itself.
    """
    parent = holder.parentWidget()
    if parent is None or holder.isWindow():  # it will be in order when it comes into another one
        return
    beside = parent.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    for widget in reversed(beside[: beside.index(holder)]):
        yield from (f for f in reversed(_fields(widget)) if f.window() is holder.window())
    yield from _going_back(parent)


def _fields(widget: QWidget) -> list[QWidget]:
    """What takes Tab in a widget, and the widget if it does."""
    inside = (widget, *widget.findChildren(QWidget))
    return [w for w in inside if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
