"""Python in colours: words of the language, numbers, texts, comments, what is called."""

import keyword
import re

from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from lrstudio.gui import theme

_KEYWORDS = "|".join(keyword.kwlist)
_TOKENS = re.compile(
    r"(?P<comment>#.*)"
    r'|(?P<string>f?"""(?:.*?""")|f?"(?:[^"\\]|\\.)*"|f?\'(?:[^\'\\]|\\.)*\')'
    rf"|(?P<keyword>\b(?:{_KEYWORDS})\b)"
    r"|(?P<number>\b\d[\d_]*\.?\d*(?:[eE][+-]?\d+)?\b)"
    r"|(?P<decorator>@[\w.]+)"
    r"|(?P<function>\b[A-Za-z_]\w*(?=\())"
)


class CodeColours(QSyntaxHighlighter):
    """Colours the programs of a document; no text in them goes over several lines."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._formats: dict[str, QTextCharFormat] = {}
        self.on_theme_changed()
        theme.notifier.changed.connect(self.on_theme_changed)

    def on_theme_changed(self) -> None:
        """Take the colours of the theme."""
        worn = theme.current().syntax
        colours = {
            "comment": worn.comment,
            "string": worn.string,
            "keyword": worn.keyword,
            "number": worn.number,
            "decorator": worn.function,
            "function": worn.function,
        }
        self._formats = {name: _format(colour) for name, colour in colours.items()}
        self._formats["comment"].setFontItalic(True)
        self._formats["keyword"].setFontWeight(QFont.Weight.DemiBold)
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        for match in _TOKENS.finditer(text):
            if match.lastgroup:
                length = match.end() - match.start()
                self.setFormat(_units(text, match.start()), length, self._formats[match.lastgroup])


def _units(text: str, place: int) -> int:
    """The place in the units that Qt counts, where some signs are two."""
    return place + sum(ord(character) > 0xFFFF for character in text[:place])


def _format(colour: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(colour))
    return made
