"""Choosing one among sixty-five, as a person does it: keys, mouse, favourites, another start."""

from collections.abc import Iterator
from itertools import pairwise
from time import perf_counter

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, QSettings, QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from lrstudio.core import PROBLEMS
from lrstudio.core.catalogue import Catalogue, catalogue
from lrstudio.core.families import OPTIMIZER_FAMILIES
from lrstudio.core.traits import TRAITS
from lrstudio.gui import theme
from lrstudio.gui.chooser import RuleChooser
from lrstudio.gui.chooser_list import star_area
from lrstudio.gui.chooser_model import CHOSEN_ROLE, DETAIL_ROLE, ENTRY_ROLE, FAVOURITE_ROLE
from lrstudio.gui.chooser_popup import SIZE, placed
from lrstudio.gui.settings import Settings
from tests.core.many_rules import OPTIMIZERS

KEY = Qt.Key
BUTTON = Qt.MouseButton.LeftButton
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
MANY = Catalogue("optimizers", OPTIMIZERS)
FAMILIES = [family.title for family in OPTIMIZER_FAMILIES]
OPENED_WITHIN_MS = 50


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, "light")
    yield
    theme.apply(qapp, "light")


class Hands:
    """A chooser between two buttons, and what a person does with it."""

    def __init__(self, qtbot: QtBot, catalogue: Catalogue = MANY) -> None:
        self.qtbot = qtbot
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.field = RuleChooser(catalogue, "rule", "Rule")
        self.heard: list[str] = []
        self.field.chosen.connect(self.heard.append)
        layout = QVBoxLayout(self.window)
        for part in (QPushButton("Before"), self.field, QPushButton("After")):
            layout.addWidget(part)
        self.window.resize(264, 160)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.activateWindow()
        self.field.setFocus()
        self.field.show_id("adamw")

    @property
    def popup(self) -> QWidget:
        return self.field.findChild(QWidget, "rule_popup")

    @property
    def search(self) -> QLineEdit:
        return self.field.findChild(QLineEdit, "rule_search")

    @property
    def view(self) -> QListView:
        return self.field.findChild(QListView, "rule_list")

    @property
    def is_open(self) -> bool:
        return self.popup is not None and self.popup.isVisible()

    def open(self) -> None:
        self.qtbot.mouseClick(self.field, BUTTON)
        assert self.is_open

    def type(self, text: str) -> None:
        self.qtbot.keyClicks(self.search, text)

    def press(self, key: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.search, key, modifier)

    def rows(self) -> list[str]:
        """What is listed: titles of headings in capitals, ids of rules."""
        model = self.view.model()
        indices = [model.index(row) for row in range(model.rowCount())]
        return [i.data(ENTRY_ROLE).id if i.data(ENTRY_ROLE) else i.data().upper() for i in indices]

    def section(self, title: str) -> list[str]:
        rows = self.rows()
        below = rows[rows.index(title.upper()) + 1 :] if title.upper() in rows else []
        end = next((n for n, row in enumerate(below) if row.isupper()), len(below))
        return below[:end]

    def current(self) -> str:
        return self.view.currentIndex().data(ENTRY_ROLE).id

    def row_rect(self, identifier: str) -> QRect:
        index = self.view.model().index(self.rows().index(identifier))
        self.view.scrollTo(index)
        return self.view.visualRect(index)

    def click_row(self, identifier: str) -> None:
        rect = self.row_rect(identifier)
        self.qtbot.mouseClick(self.view.viewport(), BUTTON, pos=rect.center())

    def click_star(self, identifier: str) -> None:
        place = star_area(self.row_rect(identifier)).center()
        self.qtbot.mouseClick(self.view.viewport(), BUTTON, pos=place)


@pytest.fixture
def hands(qtbot: QtBot) -> Hands:
    return Hands(qtbot)


# --- opening -------------------------------------------------------------------------------------


def test_a_click_opens_the_list_with_the_focus_in_the_search_field(hands):
    hands.open()
    hands.qtbot.waitUntil(hands.search.hasFocus)
    assert hands.search.text() == ""
    assert [row for row in hands.rows() if row.isupper()] == [f.upper() for f in FAMILIES]
    assert {row for row in hands.rows() if not row.isupper()} == {e.id for e in OPTIMIZERS}


@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (KEY.Key_Space, Qt.KeyboardModifier.NoModifier),
        (KEY.Key_F4, Qt.KeyboardModifier.NoModifier),
        (KEY.Key_Down, ALT),
    ],
)
def test_the_keys_of_a_combo_box_open_it(hands, key, modifier):
    hands.qtbot.keyClick(hands.field, key, modifier)
    assert hands.is_open
    assert hands.heard == []


def test_the_present_choice_is_current_marked_and_in_sight(hands):
    hands.open()
    index = hands.view.currentIndex()
    assert index.data(ENTRY_ROLE).id == "adamw"
    assert index.data(CHOSEN_ROLE)
    assert hands.view.viewport().rect().contains(hands.view.visualRect(index))


def test_what_was_searched_before_is_gone_when_it_opens_again(hands):
    hands.open()
    hands.type("lion")
    hands.press(KEY.Key_Escape)
    hands.open()
    assert hands.search.text() == ""
    assert hands.current() == "adamw"


def test_a_click_on_the_field_closes_it_and_does_not_open_it_again(hands):
    place = hands.field.mapTo(hands.window, QPoint(20, 10))
    for is_open in (True, False, True, False):
        click_as_the_platform_does(hands.window, place)
        assert hands.is_open == is_open
    # Platforms that give the press to the field as well are told not to.
    assert hands.popup.testAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)
    click_as_the_platform_does(hands.window, place)
    click_as_the_platform_does(hands.window, QPoint(2, 2))
    assert not hands.is_open
    assert not hands.popup.testAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)
    assert hands.heard == []


def click_as_the_platform_does(window: QWidget, place: QPoint) -> None:
    """Through the window, so that Qt decides which widget or pop-up gets it."""
    QTest.mouseClick(window.windowHandle(), BUTTON, Qt.KeyboardModifier.NoModifier, place)
    QApplication.processEvents()


def test_it_opens_at_once(hands):
    hands.open()  # the first time makes the widgets
    hands.press(KEY.Key_Escape)
    took = []
    for _ in range(5):
        began = perf_counter()
        hands.field.showPopup()
        QApplication.processEvents()
        took.append(1e3 * (perf_counter() - began))
        hands.field.hidePopup()
    assert min(took) < OPENED_WITHIN_MS


def test_the_first_time_is_at_once_as_well(qtbot):
    took = []
    for _ in range(3):
        hands = Hands(qtbot)
        began = perf_counter()
        hands.field.showPopup()
        QApplication.processEvents()
        took.append(1e3 * (perf_counter() - began))
        hands.field.hidePopup()
    assert min(took) < OPENED_WITHIN_MS


def test_everything_has_a_spoken_name(hands):
    hands.open()
    assert hands.field.accessibleName() == "Rule"
    assert hands.popup.accessibleName() == "Choose from optimizers"
    assert hands.search.accessibleName() == "Search optimizers"
    assert hands.view.accessibleName() == "Optimizers"
    assert hands.search.accessibleDescription().startswith("AdamW, 2019: Weight decay")
    hands.press(KEY.Key_D, CONTROL)
    assert hands.search.accessibleDescription().startswith("AdamW, 2019, favourite: ")


# --- searching -----------------------------------------------------------------------------------


def test_typing_finds_and_enter_takes_the_best(hands):
    hands.open()
    hands.type("nes mom")
    assert hands.rows()[0] == hands.current() == "nesterov"
    assert hands.heard == []
    hands.press(KEY.Key_Return)
    assert not hands.is_open
    assert hands.heard == ["nesterov"]
    assert hands.field.currentText() == "Nesterov momentum"
    hands.qtbot.waitUntil(hands.field.hasFocus)


def test_what_is_found_has_no_headings_and_says_its_family(hands):
    hands.open()
    hands.type("sign")
    assert not any(row.isupper() for row in hands.rows())
    first = hands.view.model().index(0)
    assert first.data() == "SignSGD"
    assert first.data(DETAIL_ROLE) == "Sign methods · 2018"
    for _ in "sign":
        hands.press(KEY.Key_Backspace)
    assert hands.rows()[0] == "GRADIENT DESCENT"
    assert hands.view.model().index(1).data(DETAIL_ROLE) == "1951"
    assert hands.current() == "adamw"


def test_nothing_found_is_said_in_a_sentence_and_enter_waits(hands):
    hands.open()
    hands.type("zzz")
    words = hands.field.findChild(QLabel, "rule_nothing")
    assert words.isVisible()
    assert words.text().startswith("No optimizer matches “zzz”. Try ")
    assert hands.search.accessibleDescription() == words.text()
    for key in (KEY.Key_Return, KEY.Key_Down, KEY.Key_End, KEY.Key_PageUp):
        hands.press(key)
    hands.press(KEY.Key_D, CONTROL)
    assert hands.search.accessibleDescription() == words.text()
    assert hands.is_open
    assert hands.heard == []
    assert Settings().favourites("optimizers") == ()
    hands.press(KEY.Key_Backspace, CONTROL)
    assert not words.isVisible()


def test_markup_that_is_typed_is_shown_as_it_is(hands):
    hands.open()
    hands.type("<b>zzz</b>")
    words = hands.field.findChild(QLabel, "rule_nothing")
    assert "<b>zzz</b>" in words.text()
    assert words.textFormat() == Qt.TextFormat.PlainText


@pytest.mark.parametrize("text", ["", "lion"])
def test_escape_changes_nothing(hands, text):
    hands.open()
    hands.type(text)
    hands.press(KEY.Key_Escape)
    assert not hands.is_open
    assert hands.heard == []
    assert hands.field.currentData() == "adamw"


# --- moving in the list --------------------------------------------------------------------------


def test_arrows_pass_over_the_headings(hands):
    hands.field.show_id("clipped_sgd")  # the last one of its family
    hands.open()
    hands.press(KEY.Key_Down)
    assert hands.current() == "rprop"
    hands.press(KEY.Key_Up)
    assert hands.current() == "clipped_sgd"
    assert hands.heard == []
    hands.press(KEY.Key_Down)
    hands.press(KEY.Key_Enter)
    assert hands.heard == ["rprop"]


def test_home_end_and_pages_work_from_the_search_field(hands):
    hands.open()
    hands.press(KEY.Key_Home)
    assert hands.current() == "sgd"
    assert hands.view.verticalScrollBar().value() == 0  # with its heading
    hands.press(KEY.Key_Up)
    assert hands.current() == "sgd"
    hands.press(KEY.Key_End)
    assert hands.current() == "soap"
    hands.press(KEY.Key_Down)
    assert hands.current() == "soap"
    hands.press(KEY.Key_PageUp)
    page = [e.id for e in OPTIMIZERS].index("soap") - [e.id for e in OPTIMIZERS].index(
        hands.current()
    )
    assert 5 <= page <= 10
    hands.press(KEY.Key_PageDown)
    assert hands.current() == "soap"
    assert hands.view.viewport().rect().contains(hands.view.visualRect(hands.view.currentIndex()))


def test_keys_that_edit_stay_with_the_text(hands):
    hands.open()
    hands.type("adm")
    hands.press(KEY.Key_Left)
    hands.type("a")
    assert hands.search.text() == "adam"
    hands.press(KEY.Key_Home, Qt.KeyboardModifier.ShiftModifier)
    assert hands.search.selectedText() == "ada"


def test_a_click_takes_a_row_and_a_heading_is_none(hands):
    hands.open()
    view = hands.view
    index = view.model().index(0)
    view.scrollTo(index)
    hands.qtbot.mouseClick(view.viewport(), BUTTON, pos=view.visualRect(index).center())
    assert hands.is_open
    hands.click_row("muon")
    assert not hands.is_open
    assert hands.heard == ["muon"]
    assert hands.field.currentText() == "Muon"


def test_other_buttons_take_nothing(hands):
    hands.open()
    place = hands.row_rect("muon").center()
    hands.qtbot.mouseClick(hands.view.viewport(), Qt.MouseButton.RightButton, pos=place)
    assert hands.is_open
    assert hands.heard == []


def test_the_same_rule_can_be_taken_again(hands):
    hands.open()
    hands.press(KEY.Key_Return)
    assert hands.heard == ["adamw"]


# --- the closed field ----------------------------------------------------------------------------


def test_arrows_on_the_closed_field_step_through_the_families(hands):
    hands.field.show_id("clipped_sgd")
    hands.qtbot.keyClick(hands.field, KEY.Key_Down)
    hands.qtbot.keyClick(hands.field, KEY.Key_Down)
    hands.qtbot.keyClick(hands.field, KEY.Key_Up)
    assert hands.heard == ["rprop", "sign_sgd", "rprop"]
    assert not hands.is_open
    hands.qtbot.keyClick(hands.field, KEY.Key_End)
    assert hands.field.currentText() == "SOAP"


def test_typing_on_the_closed_field_jumps(hands):
    hands.qtbot.keyClicks(hands.field, "mu")
    assert hands.field.currentText() == "Muon"
    assert hands.heard[-1] == "muon"


def test_stepping_is_not_using(hands):
    hands.qtbot.keyClick(hands.field, KEY.Key_Down)
    hands.open()
    assert hands.section("Recently used") == []


def test_showing_a_rule_is_no_choice(hands):
    hands.field.show_id("lion")
    assert hands.heard == []


def test_a_disabled_field_does_not_open(hands):
    hands.field.setEnabled(False)
    hands.qtbot.mouseClick(hands.field, BUTTON)
    assert not hands.is_open


# --- favourites and recently used ----------------------------------------------------------------


def test_a_favourite_is_marked_with_the_key_and_stands_on_top_the_next_time(hands):
    hands.open()
    hands.type("lion")
    hands.press(KEY.Key_D, CONTROL)
    assert hands.search.text() == "lion"
    assert hands.view.currentIndex().data(FAVOURITE_ROLE)
    hands.press(KEY.Key_Escape)
    hands.open()
    assert hands.section("Favourites") == ["lion"]
    assert hands.rows()[0] == "FAVOURITES"
    assert "lion" in hands.section("Sign methods")  # and where it belongs
    assert hands.heard == []


def test_the_star_marks_and_takes_back_without_choosing(hands):
    hands.open()
    rows = hands.rows()
    hands.click_star("muon")
    hands.click_star("lars")
    assert hands.rows() == rows  # nothing moves under the hand
    assert Settings().favourites("optimizers") == ("muon", "lars")
    hands.click_star("muon")
    assert Settings().favourites("optimizers") == ("lars",)
    assert hands.is_open
    assert hands.heard == []


def test_what_was_used_last_is_on_top_newest_first(hands):
    used = ["lion", "muon", "lars", "lamb", "adan", "yogi", "muon"]
    for rule in used:
        hands.open()
        hands.type(rule)
        hands.press(KEY.Key_Return)
    hands.open()
    assert hands.section("Recently used") == ["muon", "yogi", "adan", "lamb", "lars"]
    assert hands.current() == "muon"
    assert hands.view.currentIndex().row() == 1  # the first place where it stands
    assert hands.view.verticalScrollBar().value() == 0


def test_favourites_and_recent_ones_survive_a_restart(hands, qtbot, home):
    hands.open()
    hands.click_star("muon")
    hands.click_row("lion")
    QSettings("LR Studio", "LR Studio").sync()
    written = "".join(path.read_text() for path in home.rglob("*.ini"))
    written += "".join(path.read_text() for path in home.rglob("*.conf"))
    assert "muon" in written
    assert "lion" in written
    later = Hands(qtbot)
    later.open()
    assert later.section("Favourites") == ["muon"]
    assert later.section("Recently used") == ["lion"]


def test_every_kind_has_its_own(hands, qtbot):
    hands.open()
    hands.click_star("muon")
    hands.press(KEY.Key_Escape)
    schedules = Hands(qtbot, Catalogue("schedules", OPTIMIZERS))
    schedules.open()
    assert schedules.section("Favourites") == []


@pytest.mark.parametrize(
    "stored",
    [
        *("", "nonsense", "muon,lion", 7, 1.5, True, None, [], {"muon": 1}),
        *([1, None, "muon"], ["gone", "muon", "muon"], [["muon"]], QSize(3, 4), b"\xff\x00"),
    ],
    ids=repr,
)
def test_damaged_settings_are_no_obstacle(hands, stored):
    store = QSettings("LR Studio", "LR Studio")
    for key in ("favourites/optimizers", "recent_rules/optimizers", "recent"):
        store.setValue(key, stored)
    hands.open()
    for section in ("Favourites", "Recently used"):
        assert hands.section(section) in ([], ["muon"])
    assert isinstance(Settings().recent, tuple)
    hands.click_star("lars")
    hands.click_row("lion")
    assert "lars" in Settings().favourites("optimizers")
    assert Settings().recent_rules("optimizers")[0] == "lion"


# --- looks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (QRect(100, 100, 240, 26), QRect(100, 128, 420, 480)),  # below
        (QRect(100, 700, 240, 26), QRect(100, 218, 420, 480)),  # above
        (QRect(1100, 100, 240, 26), QRect(860, 128, 420, 480)),  # in from the right
        (QRect(-50, 100, 240, 26), QRect(0, 128, 420, 480)),  # in from the left
    ],
)
def test_the_pop_up_stays_on_the_screen(field, expected):
    assert placed(field, SIZE, QRect(0, 0, 1280, 800)) == expected


@pytest.mark.parametrize("top", range(0, 400, 40))
def test_on_a_small_screen_it_is_lower_and_hides_neither_field_nor_edge(top):
    screen, field = QRect(0, 30, 400, 380), QRect(20, 30 + top, 240, 26)
    found = placed(field, SIZE, screen)
    assert screen.contains(found) or found.height() < 200
    assert not found.intersects(field)


def test_a_second_screen_may_be_at_the_left():
    screen = QRect(-1920, 0, 1920, 1080)
    assert screen.contains(placed(QRect(-300, 500, 240, 26), SIZE, screen))


def test_few_rules_need_no_high_list(qtbot):
    few = Hands(qtbot, Catalogue("optimizers", OPTIMIZERS[:3]))
    few.open()
    assert few.popup.height() < 300
    assert few.view.verticalScrollBar().maximum() == 0


def test_the_size_stays_while_typing(hands):
    hands.open()
    before = hands.popup.geometry()
    assert before.size() == SIZE
    for letter in "adamzzz":
        hands.type(letter)
        assert hands.popup.geometry() == before


def test_another_theme_is_worn_at_once_even_while_it_is_open(hands, qapp):
    hands.open()
    for mode, colours in (("dark", theme.DARK), ("light", theme.LIGHT)):
        theme.apply(qapp, mode)
        image = hands.view.viewport().grab().toImage()
        index = hands.view.currentIndex()
        corner = hands.view.visualRect(index).topRight() + QPoint(-3, 21)
        assert image.pixelColor(corner) == QColor(colours.selection)
        assert image.pixelColor(2, 2) in (QColor(colours.background), QColor(colours.selection))
        border = hands.popup.grab().toImage().pixelColor(0, 200)
        assert border == QColor(colours.axis)


def test_a_star_is_drawn_where_it_is_clicked(hands):
    hands.open()
    rect = star_area(hands.row_rect("muon"))
    middle = rect.center()
    assert hands.view.viewport().grab().toImage().pixelColor(middle) != accent()
    hands.click_star("muon")
    assert hands.view.viewport().grab().toImage().pixelColor(middle) == accent()


def test_a_row_below_the_pointer_shows_where_its_star_is(hands):
    hands.open()
    row = hands.row_rect("muon")
    edge = QPoint(row.right() - 2, row.center().y())

    def colour() -> str:
        return hands.view.viewport().grab().toImage().pixelColor(edge).name().upper()

    assert colour() == theme.LIGHT.background.upper()
    place = hands.view.viewport().mapTo(hands.popup, row.center())
    QTest.mouseMove(hands.popup.windowHandle(), place)
    hands.qtbot.waitUntil(lambda: colour() == theme.LIGHT.raised.upper())


def accent() -> QColor:
    return QColor(theme.current().accent)


def test_it_goes_while_it_is_open(hands):
    hands.open()
    hands.field.deleteLater()
    QApplication.sendPostedEvents(hands.field, QEvent.Type.DeferredDelete)
    theme.notifier.changed.emit()
    QTest.keyClicks(hands.window, "adam")
    assert hands.heard == []


def test_a_field_that_is_hidden_takes_its_list_along(hands):
    hands.open()
    hands.field.hide()
    assert not hands.is_open


# --- traits --------------------------------------------------------------------------------------


@pytest.fixture
def problems(qtbot: QtBot) -> Hands:
    hands = Hands(qtbot, catalogue("problems"))
    hands.field.show_id("rosenbrock")
    hands.open()
    qtbot.waitUntil(hands.search.hasFocus)
    return hands


def chip(hands: Hands, trait: str) -> QToolButton:
    return hands.field.findChild(QToolButton, f"rule_trait_{trait}")


def listed_ids(hands: Hands) -> set[str]:
    model = hands.view.model()
    entries = (model.index(row, 0).data(ENTRY_ROLE) for row in range(model.rowCount()))
    return {entry.id for entry in entries if entry is not None}


def with_traits(*traits: str) -> set[str]:
    return {name for name, cls in PROBLEMS.items() if set(traits) <= set(cls.traits)}


def test_chips_leave_what_has_all_of_their_traits(problems: Hands) -> None:
    assert listed_ids(problems) == set(PROBLEMS)
    QTest.mouseClick(chip(problems, "convex"), BUTTON)
    assert listed_ids(problems) == with_traits("convex")
    QTest.mouseClick(chip(problems, "scalable"), BUTTON)
    assert listed_ids(problems) == with_traits("convex", "scalable")
    QTest.mouseClick(chip(problems, "convex"), BUTTON)
    assert listed_ids(problems) == with_traits("scalable")
    assert problems.search.hasFocus()  # a click leaves it where words are typed


def test_headings_stay_with_what_is_below_them(problems: Hands) -> None:
    QTest.mouseClick(chip(problems, "convex"), BUTTON)
    model = problems.view.model()
    rows = [model.index(row, 0) for row in range(model.rowCount())]
    headings = [row.data() for row in rows if row.data(ENTRY_ROLE) is None]
    assert "Bowls" in headings
    assert "Deceptive" not in headings
    for this, following in pairwise([*(row.data(ENTRY_ROLE) for row in rows), None]):
        assert this is not None or following is not None


def test_words_and_chips_go_together(problems: Hands) -> None:
    QTest.keyClicks(problems.search, "valley")
    found = listed_ids(problems)
    QTest.mouseClick(chip(problems, "convex"), BUTTON)
    assert listed_ids(problems) == found & with_traits("convex")
    assert listed_ids(problems)
    problems.search.clear()
    assert listed_ids(problems) == with_traits("convex")


def test_chips_are_reached_and_set_by_keys(problems: Hands) -> None:
    QTest.keyClick(problems.search, KEY.Key_Tab)
    assert chip(problems, "convex").hasFocus()
    QTest.keyClick(chip(problems, "convex"), KEY.Key_Right)
    assert chip(problems, "separable").hasFocus()
    QTest.keyClick(chip(problems, "separable"), KEY.Key_Left)
    QTest.keyClick(chip(problems, "convex"), KEY.Key_Left)  # and no further
    QTest.keyClick(chip(problems, "convex"), KEY.Key_Space)
    assert listed_ids(problems) == with_traits("convex")
    first = problems.view.currentIndex().data(ENTRY_ROLE).id
    QTest.keyClick(chip(problems, "convex"), KEY.Key_Down)
    second = problems.view.currentIndex().data(ENTRY_ROLE).id
    assert first != second
    QTest.keyClick(chip(problems, "convex"), KEY.Key_Return)
    assert problems.heard == [second]
    assert not problems.is_open


def test_nothing_left_says_what_is_marked_and_how_to_go_on(problems: Hands) -> None:
    for trait in ("convex", "multimodal"):
        QTest.mouseClick(chip(problems, trait), BUTTON)
    told = problems.field.findChild(QLabel, "rule_nothing")
    assert told.isVisible()
    assert told.text().startswith("No problem is convex and multimodal. Switch off")
    QTest.keyClicks(problems.search, "bowl")
    assert "No problem that is convex and multimodal matches “bowl”" in told.text()


def test_the_next_time_everything_is_there_again_and_as_large(problems: Hands) -> None:
    size = problems.popup.size()
    QTest.mouseClick(chip(problems, "convex"), BUTTON)
    QTest.keyClicks(problems.search, "no such problem")
    problems.popup.close()
    problems.open()
    assert not chip(problems, "convex").isChecked()
    assert listed_ids(problems) == set(PROBLEMS)
    assert problems.popup.size() == size


def test_what_has_no_traits_has_no_chips(qtbot: QtBot) -> None:
    hands = Hands(qtbot)
    hands.open()
    assert not hands.popup.findChildren(QToolButton, "rule_trait_convex")


def test_chips_say_what_they_mean(problems: Hands) -> None:
    for trait in TRAITS:
        button = chip(problems, trait.id)
        assert (button.text(), button.toolTip()) == (trait.title, trait.help)
        assert button.isVisible()
        assert button.width() >= button.fontMetrics().horizontalAdvance(trait.title)
