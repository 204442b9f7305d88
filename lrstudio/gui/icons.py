"""The icons of the window: lucide's line drawings in the colours of the theme.

Actions and buttons that were given an icon from here get it again, in the new colours, when the
theme changes. Whatever else shows one (a tab, a list item) asks again on `theme.notifier.changed`.
"""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QIconEngine, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication

from lrstudio import resources
from lrstudio.gui import theme

SMALL = 16
"""Pixels of an icon in a menu or beside text."""
LARGE = 20
"""Pixels of an icon in the tool bar."""

_PROGRAM = "lrstudio"

_icons: dict[str, QIcon] = {}
_names_of_keys: dict[int, str] = {}


class IconMissing(LookupError):
    """There is no icon of that name among the program's resources."""


def icon(name: str) -> QIcon:
    """The icon `resources/icons/<name>.svg`; raises `IconMissing` at once if there is none."""
    found = _icons.get(name)
    if found is None:
        found = QIcon(_Drawing(_drawing(name)))
        _icons[name] = found
        _names_of_keys[found.cacheKey()] = name
    return found


def names() -> tuple[str, ...]:
    """The names of all icons, in alphabetical order."""
    drawings = resources.path("icons").glob("*.svg")
    return tuple(sorted(p.stem for p in drawings if p.stem != _PROGRAM))


def program_icon() -> QIcon:
    """The program's own icon, in its own colours, from 16 to 256 pixels."""
    renderer = QSvgRenderer(_drawing(_PROGRAM))
    result = QIcon()
    for pixels in (16, 32, 64, 256):
        result.addPixmap(QPixmap.fromImage(_shape(renderer, pixels)))
    return result


def on_theme_changed() -> None:
    """Draw the icons anew and hand them out again to the actions and buttons that show them."""
    shown = dict(_names_of_keys)
    _icons.clear()
    _names_of_keys.clear()
    for window in QApplication.topLevelWidgets():
        for child in (*window.findChildren(QAction), *window.findChildren(QAbstractButton)):
            name = shown.get(child.icon().cacheKey())
            if name is not None:
                child.setIcon(icon(name))


theme.notifier.changed.connect(on_theme_changed)


def _drawing(name: str) -> bytes:
    try:
        return resources.path("icons", f"{name}.svg").read_bytes()
    except FileNotFoundError:
        raise IconMissing(
            f"There is no icon {name!r}; the icons are {', '.join(names())}. "
            "Copy the drawing from lucide to resources/icons, or correct the name."
        ) from None


class _Drawing(QIconEngine):
    """Draws an icon when it is first shown: half of them are in menus that nobody opens."""

    def __init__(self, drawing: bytes) -> None:
        super().__init__()
        self._drawing = drawing
        self._shapes: dict[int, QImage] = {}
        self._drawn: dict[str, QIcon] = {}
        self._clones: list[_Drawing] = []  # Qt keeps no reference that Python would know of

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        self._icon(mode, state).paint(painter, rect, Qt.AlignmentFlag.AlignCenter, mode, state)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        return self._icon(mode, state).pixmap(size, scale, mode, state)

    def actualSize(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QSize:
        return size.boundedTo(QSize(LARGE, LARGE))

    def isNull(self) -> bool:
        return False

    def clone(self) -> QIconEngine:
        self._clones.append(_Drawing(self._drawing))
        return self._clones[-1]

    def _icon(self, mode: QIcon.Mode, state: QIcon.State) -> QIcon:
        """The pixmaps from which Qt makes those of a mode and a state."""
        is_on = state == QIcon.State.On
        is_disabled = mode == QIcon.Mode.Disabled and not is_on
        colours = theme.current()
        colour = colours.accent if is_on else colours.disabled if is_disabled else colours.text
        if colour not in self._drawn:
            made = self._drawn[colour] = QIcon()
            made_for = QIcon.Mode.Disabled if is_disabled else QIcon.Mode.Normal
            for ratio in theme.pixel_ratios():
                for pixels in (SMALL, LARGE):
                    shape = self._shape(round(pixels * ratio))
                    made.addPixmap(_tinted(shape, colour, ratio), made_for, state)
        return self._drawn[colour]

    def _shape(self, pixels: int) -> QImage:
        if pixels not in self._shapes:
            self._shapes[pixels] = _shape(QSvgRenderer(self._drawing), pixels)
        return self._shapes[pixels]


def _shape(renderer: QSvgRenderer, pixels: int) -> QImage:
    """The drawing on nothing; QtSvg draws `currentColor` in black."""
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(image.rect()))
    painter.end()
    return image


def _tinted(shape: QImage, colour: str, ratio: float) -> QPixmap:
    image = QImage(shape)
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(image.rect(), QColor(colour))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return QPixmap.fromImage(image)
