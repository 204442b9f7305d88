"""Small things that the docks at the left share: quiet titles, words, edits by a gesture."""

from functools import cache

import msgspec
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QToolButton, QVBoxLayout, QWidget

from lrstudio.core import describe
from lrstudio.core.declaration import Description
from lrstudio.engine import Experiment
from lrstudio.gui import icons, theme
from lrstudio.gui.document import Document
from lrstudio.gui.scrolling import PanelScroll

INDENT = 12
"""Pixels that the rows of a form keep free at the left, for the mark of a changed value."""


@cache
def described(cls: type[msgspec.Struct]) -> Description:
    """What a declaration says about itself; reading its docstring costs, so it is kept."""
    return describe(cls)


def in_sentence(label: str) -> str:
    """A label as it stands within a sentence: "learning rate", but "AMSGrad"."""
    is_name = not label[1:2].islower()
    return label if is_name else label[0].lower() + label[1:]


def take(document: Document, text: str, new: Experiment, merge_key: str, is_going_on: bool) -> None:
    """Edit the document; all edits of one gesture become one entry of its history."""
    document.edit(text, new, merge_key)
    if not is_going_on:
        document.end_gesture()


def note(text: str = "", parent: QWidget | None = None) -> QLabel:
    """Plain text, small and quiet, that wraps."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", "muted")
    label.setFont(theme.small_font())
    label.setWordWrap(True)
    return label


def section_title(text: str) -> QLabel:
    """The title of a part of a panel, small and quiet."""
    label = note(text)
    font = theme.small_font()
    font.setBold(True)
    label.setFont(font)
    return label


def small_button(name: str, text: str, icon: str, tip: str) -> QToolButton:
    """A flat button with an icon, words, or both."""
    button = QToolButton()
    button.setObjectName(name)
    button.setIconSize(QSize(icons.SMALL, icons.SMALL))
    button.setText(text)
    if icon:
        button.setIcon(icons.icon(icon))
    if icon and text:
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setToolTip(tip)
    button.setStatusTip(tip)
    button.setAccessibleName(text or tip)
    return button


def column(parent: QWidget, spacing: int = theme.SPACING) -> QVBoxLayout:
    """A vertical layout without margins."""
    layout = QVBoxLayout(parent)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    return layout


def scrolled(content: QWidget, name: str) -> PanelScroll:
    """Something that may be higher than there is room; never wider."""
    area = PanelScroll()
    area.setObjectName(name)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what it holds takes the focus
    area.setWidget(content)
    return area
