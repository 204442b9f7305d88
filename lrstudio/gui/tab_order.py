"""Where Tab goes in what is made late."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def put_in_order(holder: QWidget, parts: Iterable[QWidget]) -> None:
    """Let Tab go from what stands before `holder` through its parts, one after the other.

    Qt takes widgets in the order in which they came into the window, and these may be the newest.
    """
    if holder.isWindow():  # all that it holds is in order when it comes into another one
        return
    before = holder.previousInFocusChain()
    while not _takes_tab(before) and before is not holder:
        before = before.previousInFocusChain()
    for part in parts:
        for field in filter(_takes_tab, (part, *part.findChildren(QWidget))):
            if field.window() is holder.window():  # the list of a combo box is not
                QWidget.setTabOrder(before, field)
                before = field


def _takes_tab(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
