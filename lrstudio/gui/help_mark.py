"""The "?" beside a rule, a schedule or a problem: its formula, notes and source."""

import html
import textwrap

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QWhatsThis, QWidget

from lrstudio.core.declaration import Description
from lrstudio.gui import theme
from lrstudio.gui.panel_parts import described


class HelpMark(QToolButton):
    """Shows what a declaration says about itself until the next click."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._description: Description | None = None
        self.setText("?")
        self.setProperty("role", "help")
        self.setFixedSize(16, 16)
        self.clicked.connect(self.show_help)

    def show_declaration(self, cls: type[msgspec.Struct]) -> None:
        """Be the help on another declaration."""
        description = described(cls)
        if description is self._description:
            return
        self._description = description
        self.setToolTip(textwrap.fill(f"{description.title}: {description.summary}", 56))
        self.setAccessibleName(f"Help on {description.title}")
        self.setWhatsThis(help_html(description))

    def show_help(self) -> None:
        """Show formula, notes and source below the mark."""
        place = self.mapToGlobal(self.rect().bottomLeft())
        QWhatsThis.showText(place, self.whatsThis(), self)


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
    """A help mark that the keyboard skips: Shift+F1 on `editor` shows the same."""
    mark = HelpMark()
    mark.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    mark.setObjectName(f"help_{editor.objectName()}")
    return mark
