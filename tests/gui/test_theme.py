from collections.abc import Iterator
from itertools import product

import pytest
from msgspec.structs import fields
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QImage, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from lrstudio import resources
from lrstudio.gui import theme
from lrstudio.gui.style_sheet import style_sheet
from lrstudio.storage import palette
from lrstudio.storage.palette import contrast

THEMES = pytest.mark.parametrize("worn", [theme.LIGHT, theme.DARK], ids=["light", "dark"])


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, "light")
    yield
    theme.apply(qapp, "light")


@THEMES
def test_text_is_readable_wherever_it_stands(worn: theme.Theme) -> None:
    inks = (worn.text, worn.muted, worn.accent, worn.error, worn.success, worn.warning)
    for ink, ground in product(inks, (worn.background, worn.surface)):
        assert contrast(ink, ground) >= 4.5, (ink, ground)
    for ground in (worn.raised, worn.selection, worn.error_background):
        assert contrast(worn.text, ground) >= 4.5
    for ink in (worn.muted, worn.accent):  # the summary of the chosen row, and its name
        assert contrast(ink, worn.selection) >= 4.5
    assert contrast(worn.accent_text, worn.accent) >= 4.5
    assert contrast(worn.error, worn.error_background) >= 4.5


@THEMES
def test_every_word_of_a_program_is_readable(worn: theme.Theme) -> None:
    inks = (getattr(worn.syntax, field.name) for field in fields(worn.syntax))
    for ink, ground in product(inks, (worn.background, worn.surface)):
        assert contrast(ink, ground) >= 4.5, (ink, ground)


@THEMES
def test_focus_and_boxes_are_visible(worn: theme.Theme) -> None:
    for ground in (worn.background, worn.surface):
        assert contrast(worn.accent, ground) >= 3.0
        assert contrast(worn.axis, ground) >= 3.0


@THEMES
def test_the_accent_is_no_contenders_colour(worn: theme.Theme) -> None:
    hue = QColor(worn.accent).hue()
    for slot in range(6):
        other = QColor(palette.colour(slot, dark=worn.is_dark))
        if other != QColor(Qt.GlobalColor.black):
            assert abs(other.hue() - hue) > 20


@THEMES
def test_the_style_sheet_is_filled_in(worn: theme.Theme) -> None:
    sheet = style_sheet(worn)
    assert "@" not in sheet
    assert "%" not in sheet
    assert worn.accent in sheet


@THEMES
def test_the_marks_of_the_style_sheet_are_in_the_themes_colours(worn: theme.Theme) -> None:
    suffix = "dark" if worn.is_dark else "light"
    for mark, colour in (("check", worn.accent_text), ("chevron", worn.muted)):
        drawing = resources.path("themes", f"{mark}-{suffix}.svg")
        assert f'stroke="{colour}"' in drawing.read_text(encoding="utf-8")
        assert drawing.as_posix() in style_sheet(worn)


@pytest.mark.parametrize(("mode", "worn"), [("light", theme.LIGHT), ("dark", theme.DARK)])
def test_applying_dresses_the_program(
    qapp: QApplication, mode: theme.Mode, worn: theme.Theme
) -> None:
    theme.apply(qapp, mode)
    assert theme.current() == worn
    assert theme.mode() == mode
    role = QPalette.ColorRole
    window = qapp.palette()
    assert window.color(role.Window).name() == worn.surface.lower()
    assert window.color(role.Base).name() == worn.background.lower()
    assert window.color(QPalette.ColorGroup.Disabled, role.Text).name() == worn.disabled.lower()
    assert contrast(window.color(role.WindowText).name(), window.color(role.Window).name()) > 7


def test_a_widget_takes_the_new_colours(qtbot: QtBot, qapp: QApplication) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    field.resize(80, 24)
    field.show()
    for mode, worn in (("dark", theme.DARK), ("light", theme.LIGHT)):
        theme.apply(qapp, mode)
        inside = field.grab().toImage().pixelColor(40, 4).name()
        assert inside == worn.background.lower()


def test_a_change_is_told_once_and_only_then(qtbot: QtBot, qapp: QApplication) -> None:
    with qtbot.waitSignal(theme.notifier.changed):
        theme.apply(qapp, "dark")
    with qtbot.assertNotEmitted(theme.notifier.changed):
        theme.apply(qapp, "dark")


def test_it_follows_the_system_only_if_asked(qtbot: QtBot, qapp: QApplication) -> None:
    hints = qapp.styleHints()
    theme.apply(qapp, "system")
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.current().is_dark
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert not theme.current().is_dark
    theme.apply(qapp, "light")
    with qtbot.assertNotEmitted(theme.notifier.changed):
        hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert not theme.current().is_dark


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_pens_have_colour_and_dashes(qapp: QApplication, mode: theme.Mode) -> None:
    theme.apply(qapp, mode)
    looks = set()
    for slot in range(12):
        pen = theme.pen_for(slot, width=2.0)
        assert pen.isCosmetic()
        assert pen.widthF() == 2.0
        assert pen.color().name() == theme.colour_for(slot).lower()
        assert (pen.dashPattern() or None) == theme.dash_for(slot)
        looks.add((pen.color().name(), tuple(pen.dashPattern())))
    assert len(looks) == 12


@pytest.mark.usefixtures("fine_screen")
def test_swatches_differ_even_in_grey_and_are_sharp() -> None:
    size = QSize(*theme.SWATCH)
    pictures = [theme.swatch_icon(slot).pixmap(size, 2.0).toImage() for slot in range(6)]
    assert all(picture.size() == 2 * size for picture in pictures)
    patterns = {pattern_of(picture) for picture in pictures}
    assert len(patterns) == 6


@pytest.mark.parametrize("slot", range(6))
def test_a_swatch_shows_the_pattern_twice(slot: int) -> None:
    picture = theme.swatch_icon(slot).pixmap(QSize(*theme.SWATCH), 2.0).toImage()
    dashes = theme.dash_for(slot) or []
    drawn = [part for part in pattern_of(picture).split(" ") if part]
    assert len(drawn) >= max(len(dashes), 1)


def pattern_of(picture: QImage) -> str:
    line = picture.height() // 2
    return "".join(
        "─" if picture.pixelColor(x, line).alpha() > 127 else " " for x in range(picture.width())
    )


def test_a_swatch_keeps_its_colour_in_a_selected_row() -> None:
    icon = theme.swatch_icon(1)
    size = QSize(*theme.SWATCH)
    assert icon.pixmap(size, QIcon.Mode.Selected).toImage() == icon.pixmap(size).toImage()


def test_fonts(qapp: QApplication) -> None:
    assert theme.symbol_font().italic()
    assert theme.small_font().pointSizeF() < qapp.font().pointSizeF()
    figures = theme.tabular_font(theme.small_font())
    assert figures.featureValue(QFont.Tag("tnum")) == 1
    assert figures.pointSizeF() == theme.small_font().pointSizeF()
