"""The look of the window: palettes, style sheet, fonts, pens.

Every colour a widget or a plot uses comes from here (or, shared with the exports, from
`lrstudio.storage.palette`). Fusion draws the widgets on every platform, with palettes of our own:
a platform's dark mode is followed, but what dark means is decided here.
"""

from functools import lru_cache
from typing import Literal

from msgspec import Struct
from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QIcon,
    QPainter,
    QPalette,
    QPen,
    QPixmap,
    QScreen,
)
from PySide6.QtWidgets import QApplication

from lrstudio.gui.style_sheet import style_sheet
from lrstudio.storage import palette

Mode = Literal["system", "light", "dark"]

SPACING = 8
"""The rhythm of every layout in pixels: margins are 8, gaps 4, 8 or 16."""

SWATCH = (40, 14)
"""Width and height in pixels of a piece of a contender's line beside its name."""
_SWATCH_REPEATS = 2.0  # dashes are shortened until the pattern is seen so often


class Syntax(Struct, frozen=True):
    """Colours of a program; text that is none of these has the theme's."""

    keyword: str
    string: str
    number: str
    function: str
    comment: str


class Theme(Struct, frozen=True):
    """One look; every colour is "#rrggbb".

    `surface` is the window with its docks and bars, `background` is what is written and drawn on:
    fields, tables, pictures.
    """

    is_dark: bool
    background: str
    surface: str
    raised: str
    border: str
    text: str
    muted: str
    disabled: str
    accent: str
    accent_text: str
    selection: str
    grid: str
    axis: str
    contour: str
    error: str
    error_background: str
    success: str
    warning: str
    syntax: Syntax


_LIGHT_FIGURE = palette.figure_colours(dark=False)
_DARK_FIGURE = palette.figure_colours(dark=True)

LIGHT = Theme(
    is_dark=False,
    background=_LIGHT_FIGURE.background,
    surface="#F4F5F7",
    raised="#E7E9ED",
    border="#C9CED6",
    text=_LIGHT_FIGURE.text,
    muted=_LIGHT_FIGURE.muted,
    disabled="#9CA3AD",
    accent="#4453C8",
    accent_text="#FFFFFF",
    selection="#DFE2F8",
    grid=_LIGHT_FIGURE.grid,
    axis=_LIGHT_FIGURE.axis,
    contour=_LIGHT_FIGURE.contour,
    error="#B3261E",
    error_background="#FDF1F0",
    success="#1B6E3C",
    warning="#855300",
    syntax=Syntax(
        keyword="#7A3EB1",
        string="#1B6E3C",
        number="#9A4A00",
        function="#2A5DB0",
        comment="#626A75",
    ),
)
DARK = Theme(
    is_dark=True,
    background=_DARK_FIGURE.background,
    surface="#1E2227",
    raised="#2B3037",
    border="#414852",
    text=_DARK_FIGURE.text,
    muted=_DARK_FIGURE.muted,
    disabled="#666E79",
    accent="#98A3FF",
    accent_text="#12141C",
    selection="#333A66",
    grid=_DARK_FIGURE.grid,
    axis=_DARK_FIGURE.axis,
    contour=_DARK_FIGURE.contour,
    error="#FF8A80",
    error_background="#331E20",
    success="#6FCF97",
    warning="#F2B35B",
    syntax=Syntax(
        keyword="#C99BF5",
        string="#8FD3A3",
        number="#F0B27A",
        function="#8AB8FF",
        comment="#969FAB",
    ),
)


class Notifier(QObject):
    """Tells views that draw by themselves that the colours are others now."""

    changed = Signal()

    def on_color_scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        """The system went dark or light: follow it, unless the user chose one."""
        app = QApplication.instance()
        if _state.mode == "system" and isinstance(app, QApplication):
            _wear(app, DARK if scheme == Qt.ColorScheme.Dark else LIGHT)

    def on_screen_added(self, screen: QScreen) -> None:
        """Another screen: if it is a fine one, icons are to be drawn for it as well."""
        if screen.devicePixelRatio() > 1:
            self.changed.emit()


class _State(Struct):
    mode: Mode = "system"
    theme: Theme = LIGHT
    is_dressed: bool = False
    has_sheet: bool = True


notifier = Notifier()
_state = _State()


def current() -> Theme:
    """The theme that is worn now; do not keep it across `notifier.changed`."""
    return _state.theme


def mode() -> Mode:
    """What was chosen: to follow the system, or one of the two themes."""
    return _state.mode


def apply(app: QApplication, chosen: Mode, *, has_sheet: bool = True) -> None:
    """Dress the program; "system" follows the platform's light or dark mode from now on.

    Without the style sheet hundreds of widgets are built faster: `add_style_sheet` afterwards.
    """
    _state.mode, _state.has_sheet = chosen, has_sheet
    hints = app.styleHints()
    if not _state.is_dressed:
        app.setStyle("Fusion")
        hints.colorSchemeChanged.connect(notifier.on_color_scheme_changed)
        app.screenAdded.connect(notifier.on_screen_added)
    # Title bars and native dialogs are drawn by the platform: tell it as well.
    if chosen == "system":
        hints.unsetColorScheme()
        is_dark = hints.colorScheme() == Qt.ColorScheme.Dark
    else:
        is_dark = chosen == "dark"
        hints.setColorScheme(Qt.ColorScheme.Dark if is_dark else Qt.ColorScheme.Light)
    _wear(app, DARK if is_dark else LIGHT)


def add_style_sheet(app: QApplication) -> None:
    """Put on the style sheet that `apply` was told to leave for later."""
    _state.has_sheet = True
    app.setStyleSheet(style_sheet(_state.theme))


def pixel_ratios() -> tuple[float, ...]:
    """How finely icons are to be drawn: for the finest screen, and no finer, which takes long."""
    app = QApplication.instance()
    finest = app.devicePixelRatio() if isinstance(app, QApplication) else 1.0
    return tuple(ratio for ratio in (1.0, 2.0, 3.0) if ratio < finest + 1)


def _wear(app: QApplication, theme: Theme) -> None:
    if theme == _state.theme and _state.is_dressed:
        return
    _state.theme = theme
    _state.is_dressed = True
    app.setPalette(_qt_palette(theme))
    app.setPalette(_menu_palette(theme), "QMenu")
    app.setPalette(_menu_palette(theme), "QMenuBar")
    if _state.has_sheet:
        app.setStyleSheet(style_sheet(theme))
    notifier.changed.emit()


def _qt_palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.surface,
        role.WindowText: theme.text,
        role.Base: theme.background,
        role.AlternateBase: theme.surface,
        role.Text: theme.text,
        role.Button: theme.surface,
        role.ButtonText: theme.text,
        role.BrightText: theme.error,
        role.ToolTipBase: theme.background,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.muted,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.accent_text,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Light: theme.background,
        role.Midlight: theme.raised,
        role.Mid: theme.border,
        role.Dark: theme.axis,
        role.Shadow: theme.axis,
    }
    worn = QPalette()
    for which, colour in colours.items():
        worn.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText):
        worn.setColor(QPalette.ColorGroup.Disabled, which, QColor(theme.disabled))
    worn.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(theme.border))
    return worn


def _menu_palette(theme: Theme) -> QPalette:
    """Pale behind the chosen entry: an icon keeps its colour there and must stay readable."""
    worn = _qt_palette(theme)
    worn.setColor(QPalette.ColorRole.Highlight, QColor(theme.selection))
    worn.setColor(QPalette.ColorRole.HighlightedText, QColor(theme.text))
    return worn


def colour_for(slot: int) -> str:
    """The colour of a contender's palette slot in the current theme."""
    return palette.colour(slot, dark=_state.theme.is_dark)


def dash_for(slot: int) -> list[float] | None:
    """The dash pattern of a palette slot in line widths, None where the line is solid."""
    return list(palette.dash(slot)) or None


def pen_for(slot: int, width: float = 1.0) -> QPen:
    """A cosmetic pen in a contender's colour and dash pattern, `width` in pixels."""
    pen = QPen(QColor(colour_for(slot)), width)
    pen.setCosmetic(True)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    dashes = dash_for(slot)
    if dashes:
        pen.setDashPattern(dashes)
    return pen


def swatch_icon(slot: int) -> QIcon:
    """A piece of a contender's line, as large as `SWATCH`, in its colour and with its dashes.

    A picture of the current theme: ask again after `notifier.changed`.
    """
    return _swatch_icon(slot, _state.theme, pixel_ratios())


@lru_cache(maxsize=256)  # some pixmaps: too much for each row of each repaint
def _swatch_icon(slot: int, theme: Theme, ratios: tuple[float, ...]) -> QIcon:
    icon = QIcon()
    for ratio in ratios:
        pixmap = _swatch(slot, ratio)
        icon.addPixmap(pixmap)
        icon.addPixmap(pixmap, QIcon.Mode.Selected)  # or Qt would tint it in a selected row
    return icon


def _swatch(slot: int, ratio: float) -> QPixmap:
    width, height = SWATCH
    pixmap = QPixmap(round(width * ratio), round(height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(swatch_pen(slot))
    painter.drawLine(QPointF(1, height / 2), QPointF(width - 1, height / 2))
    painter.end()
    return pixmap


def swatch_pen(slot: int) -> QPen:
    """A pen for a swatch: its dashes repeat within so short a line."""
    pen = pen_for(slot, width=2.0)
    pen.setCosmetic(False)  # a cosmetic pen would be thin on a sharp screen
    dashes = dash_for(slot)
    if dashes:
        room = (SWATCH[0] - 2) / pen.widthF()
        shorter = min(1.0, room / (_SWATCH_REPEATS * sum(dashes)))
        pen.setDashPattern([length * shorter for length in dashes])
        pen.setDashOffset(pen.dashPattern()[0] / 2)  # so that the first gap is well inside
    return pen


def tabular_font(base: QFont | None = None) -> QFont:
    """`base` (or the program's font) with figures of equal width, for columns of numbers."""
    font = QFont(base) if base is not None else QApplication.font()
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def symbol_font() -> QFont:
    """An italic serif for the letters of formulas, as textbooks set them."""
    font = QApplication.font()
    families = QFontDatabase.families()
    found = [name for name in _FORMULA_FAMILIES if name in families]
    font.setFamilies([*found[:1], *font.families()])
    font.setItalic(True)
    font.setPointSizeF(font.pointSizeF() + 0.5)
    return font


_FORMULA_FAMILIES = ("Cambria", "STIX Two Text", "Libertinus Serif", "DejaVu Serif")


def code_font() -> QFont:
    """The platform's font of equal widths, as large as the program's."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(QApplication.font().pointSizeF())
    return font


def small_font() -> QFont:
    """The program's font one size down, for captions and notes."""
    font = QApplication.font()
    font.setPointSizeF(max(font.pointSizeF() - 1.0, 7.0))
    return font
