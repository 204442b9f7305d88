import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage, QPixmap
from PySide6.QtWidgets import QApplication, QMainWindow, QPushButton
from pytestqt.qtbot import QtBot

import lrstudio.gui
from lrstudio.gui import actions, icons, theme

SOURCES = sorted(Path(lrstudio.gui.__file__).parent.rglob("*.py"))


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, "light")
    yield
    theme.apply(qapp, "light")


def names_in(source: Path) -> Iterator[str]:
    """Every literal handed to `icons.icon(...)` or `icon(...)`."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else None
            called = node.func.id if isinstance(node.func, ast.Name) else called
            first = node.args[0]
            if called == "icon" and isinstance(first, ast.Constant):
                yield str(first.value)


@pytest.mark.parametrize("source", SOURCES, ids=[p.stem for p in SOURCES])
def test_every_icon_the_window_asks_for_is_there(source: Path) -> None:
    for name in names_in(source):
        assert not icons.icon(name).isNull()


def test_every_icon_of_an_action_is_there() -> None:
    named = [spec.icon for spec in (*actions.ACTIONS, *actions.THEMES) if spec.icon]
    assert named
    assert set(named) <= set(icons.names())


@pytest.mark.parametrize("name", icons.names())
def test_every_drawing_draws_something_in_the_colours_of_the_theme(name: str) -> None:
    icon, size = icons.icon(name), QSize(20, 20)
    assert_drawn_in(theme.LIGHT.text, icon.pixmap(size))
    assert_drawn_in(theme.LIGHT.disabled, icon.pixmap(size, QIcon.Mode.Disabled))
    assert_drawn_in(theme.LIGHT.accent, icon.pixmap(size, QIcon.Mode.Normal, QIcon.State.On))


def assert_drawn_in(colour: str, pixmap: QPixmap) -> None:
    """Check the most opaque pixel; blending at an edge may round by one level."""
    image = pixmap.toImage().convertToFormat(QImage.Format.Format_ARGB32)
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    opaque = max(pixels, key=QColor.alpha)
    assert opaque.alpha() > 200
    wanted = QColor(colour)
    assert opaque.getRgb()[:3] == pytest.approx(wanted.getRgb()[:3], abs=1)


def test_it_is_sharp_on_a_fine_screen_that_is_plugged_in(request: pytest.FixtureRequest) -> None:
    assert icons.icon("play").pixmap(QSize(16, 16), 2.0).width() < 32
    request.getfixturevalue("fine_screen")
    for pixels in (icons.SMALL, icons.LARGE):
        pixmap = icons.icon("play").pixmap(QSize(pixels, pixels), 2.0)
        assert pixmap.size() == QSize(2 * pixels, 2 * pixels)


def test_a_missing_name_is_said_with_what_to_do() -> None:
    with pytest.raises(icons.IconMissing, match=r"no icon 'plya'; the icons are .*play.*lucide"):
        icons.icon("plya")


def test_it_is_drawn_once() -> None:
    assert icons.icon("play").cacheKey() == icons.icon("play").cacheKey()


def test_actions_and_buttons_follow_the_theme(qtbot: QtBot, qapp: QApplication) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    action = window.addToolBar("Run").addAction(icons.icon("play"), "Run")
    in_menu = window.menuBar().addMenu("File").addAction(icons.icon("save"), "Save")
    button = QPushButton(icons.icon("plus"), "Add")
    window.setCentralWidget(button)
    plain = window.menuBar().addAction("Plain")
    theme.apply(qapp, "dark")
    for holder in (action, in_menu, button):
        assert_drawn_in(theme.DARK.text, holder.icon().pixmap(QSize(20, 20)))
    assert plain.icon().isNull()


def test_the_programs_icon_keeps_its_own_colours() -> None:
    icon = icons.program_icon()
    assert {size.width() for size in icon.availableSizes()} >= {16, 256}
    image = icon.pixmap(QSize(64, 64), 1.0).toImage()
    colours = {image.pixelColor(x, y).name() for x in range(64) for y in range(64)}
    assert len(colours) > 10
