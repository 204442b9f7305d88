"""The icons of the window: lucide's line drawings in the colours of the theme.

Actions and buttons that were given an icon from here get it again, in the new colours, when the
theme changes. Whatever else shows one (a tab, a list item) asks again on `theme.notifier.changed`.
"""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QImage, QPainter, QPixmap
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
        found = _drawn(_drawing(name))
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


def _drawn(drawing: bytes) -> QIcon:
    colours = theme.current()
    renderer = QSvgRenderer(drawing)
    result = QIcon()
    for ratio in theme.pixel_ratios():
        for size in (SMALL, LARGE):
            shape = _shape(renderer, round(size * ratio))
            for state in (QIcon.State.Off, QIcon.State.On):
                is_on = state == QIcon.State.On
                normal = _tinted(shape, colours.accent if is_on else colours.text, ratio)
                result.addPixmap(normal, QIcon.Mode.Normal, state)
            result.addPixmap(_tinted(shape, colours.disabled, ratio), QIcon.Mode.Disabled)
    return result


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
