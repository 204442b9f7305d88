"""The reference, opened and browsed as a person would."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QDesktopServices, QGuiApplication, QImage, QTextDocument
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QTreeView, QWidget
from pytestqt.qtbot import QtBot
from window_driver import Driver

from lrstudio.core import OPTIMIZERS, PROBLEMS, SCHEDULES, Warmup, reference
from lrstudio.gui import reference_html, reference_page, theme
from lrstudio.gui.help_mark import HelpMark
from lrstudio.gui.reference_page import ReferencePage
from lrstudio.gui.reference_window import ReferenceWindow
from lrstudio.gui.settings import Settings

IMAGE = QTextDocument.ResourceType.ImageResource.value
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def driver(qtbot: QtBot) -> Iterator[Driver]:
    driver = Driver(qtbot)
    yield driver
    driver.close()


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[ReferenceWindow]:
    """The reference alone, on the first optimizer."""
    owner = QWidget()
    qtbot.addWidget(owner)
    window = ReferenceWindow(Settings(), owner)
    window.resize(1040, 740)
    window.show_class(OPTIMIZERS["sgd"])
    yield window
    window.close()


def opened(driver: Driver) -> ReferenceWindow:
    """The one window of the reference."""
    (found,) = driver.window.findChildren(ReferenceWindow)
    assert found.isVisible()
    return found


def title(window: ReferenceWindow) -> str:
    return window.page.toPlainText().splitlines()[0]


def search(window: ReferenceWindow) -> QLineEdit:
    return window.findChild(QLineEdit, "reference_search")


def listed(window: ReferenceWindow) -> list[str]:
    model = window.findChild(QTreeView, "reference_list").model()
    sections = [model.index(row, 0) for row in range(model.rowCount())]
    return [
        model.index(row, 0, section).data()
        for section in sections
        for row in range(model.rowCount(section))
    ]


# --- from the window of the program --------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("contender_optimizer", "Gradient descent"),
        ("field_lr", "Gradient descent"),
        ("contender_schedule", "Constant"),
        ("contender_warmup", "Warm-up"),
        ("problem_function", "Beale"),
    ],
)
def test_f1_opens_the_page_of_what_has_the_focus(
    driver: Driver, qtbot: QtBot, field: str, expected: str
) -> None:
    add_plain_contender(driver)
    driver.find(QWidget, field).setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F1)
    assert title(opened(driver)) == expected


def add_plain_contender(driver: Driver) -> None:
    """So that the test knows what is selected, whatever the default experiment is."""
    driver.studio.contenders.add("sgd")
    driver.wait_for_run()


def test_f1_elsewhere_opens_the_rule_of_the_selected_contender(
    driver: Driver, qtbot: QtBot
) -> None:
    add_plain_contender(driver)
    driver.studio.deck.centre.setFocus()
    driver.trigger("reference")
    assert title(opened(driver)) == "Gradient descent"


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        ("help_contender_optimizer", "Gradient descent"),
        ("help_contender_schedule", "Constant"),
        ("help_contender_warmup", "Warm-up"),
        ("help_problem_function", "Beale"),
    ],
)
def test_a_question_mark_opens_its_page(
    driver: Driver, qtbot: QtBot, mark: str, expected: str
) -> None:
    add_plain_contender(driver)
    qtbot.mouseClick(driver.find(HelpMark, mark), LEFT)
    assert title(opened(driver)) == expected


def test_there_is_one_window_and_it_opens_where_it_was(driver: Driver, qtbot: QtBot) -> None:
    driver.trigger("reference")
    first = opened(driver)
    first.resize(700, 500)
    qtbot.keyClick(search(first), Qt.Key.Key_Escape)
    assert not first.isVisible()
    driver.trigger("reference")
    assert opened(driver) is first
    driver.close()
    again = Driver(qtbot)
    again.trigger("reference")
    assert (opened(again).width(), opened(again).height()) == (700, 500)
    again.close()


def test_without_contenders_there_is_still_a_reference(driver: Driver) -> None:
    while driver.studio.contenders.selected() >= 0:
        driver.studio.contenders.remove()
    driver.trigger("reference")
    assert title(opened(driver)) == "Gradient descent"
    driver.wait_for_run()


# --- browsing ------------------------------------------------------------------------------------


def test_the_list_holds_everything(window: ReferenceWindow) -> None:
    expected = [reference.page(cls).title for s in reference.contents().values() for cls in s]
    assert listed(window) == expected


def test_typing_finds_a_page_and_arrows_go_on(window: ReferenceWindow, qtbot: QtBot) -> None:
    qtbot.keyClicks(search(window), "cosine")
    assert "Cosine with warm restarts" in listed(window)
    assert "Adam" not in listed(window)
    assert title(window) == "Cosine annealing"
    qtbot.keyClick(search(window), Qt.Key.Key_Down)
    assert title(window) == listed(window)[listed(window).index("Cosine annealing") + 1]
    for _ in range(20):
        qtbot.keyClick(search(window), Qt.Key.Key_Up)
    assert title(window) == listed(window)[0]


def test_a_title_that_begins_so_comes_before_one_that_only_mentions_it(
    window: ReferenceWindow, qtbot: QtBot
) -> None:
    qtbot.keyClicks(search(window), "momen")
    assert title(window) == "Momentum"


def test_escape_empties_the_search_before_it_closes(window: ReferenceWindow, qtbot: QtBot) -> None:
    qtbot.keyClicks(search(window), "adam")
    qtbot.keyClick(search(window), Qt.Key.Key_Escape)
    assert (search(window).text(), window.isVisible()) == ("", True)
    assert title(window) == "Adam"
    qtbot.keyClick(search(window), Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_a_search_without_result_says_so_and_keeps_the_page(
    window: ReferenceWindow, qtbot: QtBot
) -> None:
    nothing = window.findChild(QLabel, "reference_nothing")
    before = title(window)
    search(window).setText("zebra(")
    assert listed(window) == []
    assert nothing.isVisible()
    assert title(window) == before
    search(window).clear()
    assert not nothing.isVisible()


def test_a_page_that_the_search_hides_is_shown_all_the_same(
    window: ReferenceWindow, qtbot: QtBot
) -> None:
    qtbot.keyClicks(search(window), "cosine")
    window.show_class(PROBLEMS["beale"])
    assert title(window) == "Beale"
    assert search(window).text() == ""


def test_a_click_on_a_title_shows_its_page_from_the_top(
    window: ReferenceWindow, qtbot: QtBot
) -> None:
    view = window.findChild(QTreeView, "reference_list")
    window.page.verticalScrollBar().setValue(100)
    model = view.model()
    optimizers = model.index(0, 0)
    titles = [model.index(row, 0, optimizers) for row in range(model.rowCount(optimizers))]
    adam = next(index for index in titles if index.data() == "Adam")
    view.scrollTo(adam)
    qtbot.mouseClick(view.viewport(), LEFT, pos=view.visualRect(adam).center())
    assert title(window) == "Adam"
    assert window.page.verticalScrollBar().value() == 0
    view.scrollTo(model.index(1, 0))
    section = view.visualRect(model.index(1, 0)).center()
    qtbot.mouseClick(view.viewport(), LEFT, pos=section)
    assert title(window) == "Adam"


# --- a page --------------------------------------------------------------------------------------

EVERYTHING = [cls for section in reference.contents().values() for cls in section]


@pytest.mark.parametrize("cls", EVERYTHING, ids=lambda cls: cls.__name__)
def test_a_page_shows_all_that_is_known(window: ReferenceWindow, cls: type) -> None:
    window.show_class(cls)
    page, text = reference.page(cls), window.page.toPlainText().replace(reference_html.BREAK, "")
    shown = " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())
    for row in (*page.parameters, *page.warmup):
        assert row.label in shown
        assert row.name in shown
    for paragraph in (*page.notes, page.use, page.source):
        plain = paragraph.replace("`", "").replace('"', "")
        assert plain in shown.replace("“", "").replace("”", "")
    assert shown.count("Copy address") == len(page.papers)
    assert "\ufffd" not in text


@pytest.mark.parametrize("cls", EVERYTHING, ids=lambda cls: cls.__name__)
def test_every_formula_and_symbol_is_typeset(window: ReferenceWindow, cls: type) -> None:
    window.show_class(cls)
    page = reference.page(cls)
    symbols = [row.symbol for row in (*page.parameters, *page.warmup) if row.symbol]
    expected = bool(page.formula) + len(symbols) + len(page.letters)
    assert window.page.toPlainText().count("\ufffc") == expected
    for number in range(expected):
        assert has_ink(window.page.loadResource(IMAGE, QUrl(f"picture:{number}")))


def has_ink(image: object, colour: str = "") -> bool:
    assert isinstance(image, QImage)
    wanted = QColor(colour or theme.current().text)
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return any(p.alpha() > 200 and near(p, wanted) for p in pixels)


def near(one: QColor, other: QColor) -> bool:
    return abs(one.red() - other.red()) + abs(one.blue() - other.blue()) < 24


def test_a_formula_has_the_pixels_of_its_screen(
    window: ReferenceWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = window.page.loadResource(IMAGE, QUrl("picture:0"))
    monkeypatch.setattr(ReferencePage, "devicePixelRatioF", lambda self: 2.0)
    sharp = window.page.loadResource(IMAGE, QUrl("picture:0"))
    assert sharp.width() == 2 * plain.width()
    assert sharp.devicePixelRatio() == 2.0
    assert sharp.deviceIndependentSize() == plain.deviceIndependentSize()


def test_a_page_is_written_anew_for_another_screen(
    window: ReferenceWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.page.grab()  # what has been drawn once is kept
    drawn: list[float] = []
    original = reference_page._drawn
    monkeypatch.setattr(
        reference_page, "_drawn", lambda picture, ratio: drawn.append(ratio) or original(picture, 2)
    )
    window.page.grab()
    assert not drawn
    QApplication.sendEvent(window.page, QEvent(QEvent.Type.DevicePixelRatioChange))
    window.page.grab()
    assert drawn


def test_the_page_follows_the_theme(window: ReferenceWindow, qapp: QApplication) -> None:
    chosen, place = theme.mode(), 40
    window.show_class(OPTIMIZERS["adam"])
    window.page.verticalScrollBar().setValue(place)
    for mode in ("dark", "light"):
        theme.apply(qapp, mode)
        assert has_ink(window.page.loadResource(IMAGE, QUrl("picture:0")))
        assert window.page.verticalScrollBar().value() == place
    theme.apply(qapp, chosen)


def test_a_page_loads_no_file(window: ReferenceWindow, tmp_path) -> None:
    picture = tmp_path / "0"
    picture.write_bytes(b"<svg/>")
    for address in (picture.as_uri(), str(picture), "../0", "picture:99", "picture:-1", "picture:"):
        assert window.page.loadResource(IMAGE, QUrl(address)) is None
    assert window.page.loadResource(IMAGE + 1, QUrl("picture:0")) is None


def test_words_are_wrapped_and_only_a_wide_formula_scrolls(window: ReferenceWindow) -> None:
    bar = window.page.horizontalScrollBar()
    window.show_class(OPTIMIZERS["rmsprop"])
    assert not bar.isVisible()
    window.resize(720, 500)
    assert bar.isVisible()
    window.show_class(OPTIMIZERS["sgd"])
    assert not bar.isVisible()


def test_a_formula_that_cannot_be_typeset_is_shown_as_it_was_written(
    window: ReferenceWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ImportError("ziamath")

    monkeypatch.setattr(reference_html.typesetting, "formula_picture", fail)
    monkeypatch.setattr(reference_html.typesetting, "symbol_picture", fail)
    window.show_class(SCHEDULES["cosine"])
    assert "factor = α + (1−α)" in window.page.toPlainText()
    assert "\ufffc" not in window.page.toPlainText()


def test_a_line_that_cannot_be_read_stands_among_those_that_can(
    window: ReferenceWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    torn = replace(reference.page(SCHEDULES["cosine"]), formula="a = 1\nb = 1/2x  <b>\nc = 3")
    monkeypatch.setattr(reference, "page", lambda cls: torn)
    window.show_class(SCHEDULES["cosine"])
    assert "\ufffc\nb = 1/2x  <b>\n\ufffc\n" in window.page.toPlainText()


def test_names_that_may_break_are_copied_whole(window: ReferenceWindow) -> None:
    window.show_class(OPTIMIZERS["lbfgs"])
    window.page.selectAll()
    window.page.copy()
    copied = QGuiApplication.clipboard().text()
    assert "tolerance_grad\n" in copied
    assert "torch.optim.LBFGS" in copied
    assert "strong_wolfe" in copied


def test_links_copy_or_open_and_nothing_else(
    window: ReferenceWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: asked.append(url.toString()))
    window.show_class(OPTIMIZERS["adam"])
    told = window.findChild(QLabel, "reference_told")
    click(window.page, "copy:1412.6980", qtbot)
    assert QGuiApplication.clipboard().text() == "https://arxiv.org/abs/1412.6980"
    assert told.isVisible()
    assert told.text() == "Copied https://arxiv.org/abs/1412.6980"
    assert asked == []
    click(window.page, "open:1904.09237", qtbot)
    assert asked == ["https://arxiv.org/abs/1904.09237"]
    window.page.on_anchor_clicked(QUrl("file:///etc/passwd"))
    assert len(asked) == 1
    window.show_class(Warmup)
    assert not told.isVisible()


def click(page: ReferencePage, link: str, qtbot: QtBot) -> None:
    """Click a link where it is."""
    bar = page.verticalScrollBar()
    bar.setValue(bar.maximum())
    area = page.viewport()
    places = (QPoint(x, y) for y in range(0, area.height(), 5) for x in range(0, area.width(), 9))
    qtbot.mouseClick(area, LEFT, pos=next(p for p in places if page.anchorAt(p) == link))
