"""The "?" beside a rule, a schedule or a problem: a click opens its page of the reference."""

import html
import textwrap

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton, QWidget

from lrstudio.core.declaration import Description
from lrstudio.gui import theme
from lrstudio.gui.panel_parts import described


class HelpMark(QToolButton):
    """Asks for the page of a declaration; its tool tip and What's This say what is on it."""

    requested = Signal(object)
    """The class whose page is wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._declaration: type[msgspec.Struct] | None = None
        self.setText("?")
        self.setProperty("role", "help")
        self.setFixedSize(16, 16)
        self.clicked.connect(self.on_clicked)

    def show_declaration(self, cls: type[msgspec.Struct]) -> None:
        """Be the help on another declaration."""
        if cls is self._declaration:
            return
        self._declaration = cls
        description = described(cls)
        self.setToolTip(textwrap.fill(f"{description.title}: {description.summary}", 56))
        self.setAccessibleName(f"Help on {description.title}")
        self.setWhatsThis(help_html(description))

    def on_clicked(self) -> None:
        """The page is wanted."""
        if self._declaration is not None:
            self.requested.emit(self._declaration)


def help_html(description: Description) -> str:
    """Title, summary, formula, notes and source as rich text, with everything escaped."""
    families = ", ".join(f"'{name}'" for name in theme.symbol_font().families())
    formula = html.escape(description.formula)
    parts = [
        f"<p><b>{html.escape(description.title)}</b>: {html.escape(description.summary)}</p>",
        f'<pre style="font-family: {families}">{formula}</pre>' if formula else "",
        *(f"<p>{html.escape(text)}</p>" for text in description.notes.split("\n\n") if text),
        f"<p><small>{html.escape(description.source)}</small></p>" if description.source else "",
    ]
    return f"<qt>{''.join(parts)}</qt>"


def mark_beside(editor: QWidget) -> HelpMark:
    """A help mark that the keyboard skips: F1 on `editor` opens the same page."""
    mark = HelpMark()
    mark.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    mark.setObjectName(f"help_{editor.objectName()}")
    return mark
