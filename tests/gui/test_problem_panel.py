import re
from collections.abc import Iterator

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from lrstudio.core import DATASETS, DISTURBANCES, OPTIMIZERS, PROBLEMS
from lrstudio.engine import Contender, Experiment, curvature_cost, plan
from lrstudio.gui import theme
from lrstudio.gui.document import Document
from lrstudio.gui.help_mark import HelpMark
from lrstudio.gui.problem_panel import ProblemPanel
from lrstudio.gui.problem_picture import problem_picture
from lrstudio.gui.problem_preview import facts_text
from lrstudio.gui.slider import ParameterSlider
from lrstudio.gui.starts_editor import random_points

KEY = Qt.Key
BUTTON = Qt.MouseButton.LeftButton
SCROLL_BAR = 10  # pixels, as in the style sheet


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, "light")
    yield
    theme.apply(qapp, "light")


@pytest.fixture
def document(qapp):
    contender = Contender(name="Adam", optimizer=OPTIMIZERS["adam"]())
    return Document(Experiment(problem=PROBLEMS["rosenbrock"](), contenders=(contender,)))


@pytest.fixture
def panel(qtbot: QtBot, document: Document):
    panel = ProblemPanel(document)
    qtbot.addWidget(panel)
    panel.resize(264, 700)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def field(panel: QWidget, name: str) -> QLineEdit:
    found = panel.findChild(QLineEdit, name)
    assert found is not None, name
    return found


def type_into(qtbot: QtBot, editor: QLineEdit, text: str) -> None:
    editor.setFocus()
    editor.selectAll()
    qtbot.keyClicks(editor, text)
    qtbot.keyClick(editor, KEY.Key_Return)


def click(qtbot: QtBot, panel: QWidget, name: str) -> None:
    button = panel.findChild(QToolButton, name)
    assert button is not None, name
    assert button.isVisible()
    qtbot.mouseClick(button, BUTTON)


def choose(qtbot: QtBot, panel: QWidget, identifier: str) -> None:
    qtbot.mouseClick(panel.findChild(QComboBox, "problem_function"), BUTTON)
    search = field(panel, "problem_function_search")
    qtbot.keyClicks(search, identifier)
    qtbot.keyClick(search, KEY.Key_Return)


def complaint(panel: QWidget) -> str:
    """All sentences that are shown in the colour of mistakes."""
    labels = [label for label in panel.findChildren(QLabel) if label.property("role") == "error"]
    return " ".join(label.text() for label in labels if label.isVisible())


def texts(panel: QWidget) -> str:
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def starts_shown(panel: QWidget) -> list[str]:
    fields = panel.findChildren(QLineEdit)
    return [f.text() for f in fields if f.objectName().startswith("start_") and f.isVisible()]


# --- the function --------------------------------------------------------------------------------


def test_a_function_is_chosen_from_the_list(qtbot, panel, document):
    choose(qtbot, panel, "himmelblau")
    assert document.experiment.problem == PROBLEMS["himmelblau"]()
    assert document.undo_stack.undoText() == "Change problem to Himmelblau"
    document.undo_stack.undo()
    assert panel.findChild(QComboBox, "problem_function").currentText() == "Rosenbrock"


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_function_can_be_shown(qtbot, panel, document, name):
    choose(qtbot, panel, name)
    assert document.experiment.problem == PROBLEMS[name]()
    is_known = PROBLEMS[name]().minimum_value is not None
    assert bool(re.search(r"f\* [=≈] ", texts(panel))) == is_known
    picture = panel.findChild(QLabel, "problem_picture").pixmap()
    colours = {picture.toImage().pixelColor(x, 30).name() for x in range(picture.width())}
    assert len(colours) > 2


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_picture_is_as_large_and_as_sharp_as_it_was_asked_for(qapp, name):
    picture = problem_picture(PROBLEMS[name](), 40, 30, ratio=2.0)
    assert (picture.width(), picture.height()) == (80, 60)
    assert picture.devicePixelRatio() == 2.0


def test_the_list_shows_pictures_in_the_colours_of_the_theme(qtbot, panel, qapp):
    qtbot.mouseClick(panel.findChild(QComboBox, "problem_function"), BUTTON)
    view = panel.findChild(QListView, "problem_function_list")

    def picture() -> set[str]:
        rect = view.visualRect(view.currentIndex())
        image = view.viewport().grab().toImage()
        return {image.pixelColor(x, rect.center().y()).name() for x in range(8, 48)}

    light = picture()
    assert len(light) > 5
    theme.apply(qapp, "dark")
    assert len(picture() - light) > 5


def test_choosing_the_same_function_again_changes_nothing(qtbot, panel, document):
    document.edit("", replace(document.experiment, problem=PROBLEMS["rosenbrock"](dim=3)))
    choose(qtbot, panel, "rosenbrock")
    assert document.experiment.problem.dim == 3
    assert document.undo_stack.count() == 1


def test_parameters_that_both_functions_have_are_kept(qtbot, panel, document):
    choose(qtbot, panel, "ellipse")
    type_into(qtbot, field(panel, "field_kappa"), "250")
    choose(qtbot, panel, "rotated_ellipse")
    assert document.experiment.problem == PROBLEMS["rotated_ellipse"](kappa=250.0)


def test_a_typed_parameter_is_one_edit(qtbot, panel, document):
    choose(qtbot, panel, "ellipse")
    type_into(qtbot, field(panel, "field_kappa"), "250")
    assert document.experiment.problem.kappa == 250.0
    assert document.undo_stack.count() == 2
    assert document.undo_stack.undoText() == "Change condition number"
    document.undo_stack.undo()
    assert field(panel, "field_kappa").text() == "10"


def test_a_dragged_slider_is_one_edit_and_the_next_drag_another(qtbot, panel, document):
    choose(qtbot, panel, "ellipse")
    slider = panel.findChild(ParameterSlider, "slider_kappa")
    seen = []
    document.changed.connect(lambda old, new: seen.append(new.problem.kappa))
    for target in (0.8, 0.2):
        qtbot.mousePress(slider, BUTTON, pos=QPoint(slider.width() // 2, slider.height() // 2))
        for share in (0.4, 0.6, target):
            qtbot.mouseMove(slider, QPoint(round(slider.width() * share), slider.height() // 2))
        qtbot.mouseRelease(slider, BUTTON, pos=QPoint(round(slider.width() * target), 4))
    assert len(seen) >= 6
    assert document.undo_stack.count() == 3


def test_facts_follow_the_parameter(qtbot, panel):
    choose(qtbot, panel, "ellipse")
    assert "κ = 10" in texts(panel)
    assert "2/λmax = 0.1" in texts(panel)
    type_into(qtbot, field(panel, "field_kappa"), "40")
    assert "κ = 40" in texts(panel)
    assert "2/λmax = 0.025" in texts(panel)


def test_facts_leave_out_what_is_not_there():
    assert facts_text(PROBLEMS["ackley"]()) == "f* = 0"
    assert "κ" not in facts_text(PROBLEMS["quadratic"](lam=4.0))
    assert "2/λmax = 0.5" in facts_text(PROBLEMS["quadratic"](lam=4.0))
    assert facts_text(PROBLEMS["rosenbrock"]()).startswith("f* = 0   κ = 2510")
    assert facts_text(PROBLEMS["sphere"](dim=10_000)) == "f* = 0"
    assert facts_text(PROBLEMS["saddle"]()) == "no minimum"
    # Across the edge there is no curvature to compare.
    assert facts_text(PROBLEMS["eggholder"]()) == "f* = −960   2/λmax = 0.88"


def test_a_refused_parameter_shows_its_sentence_and_changes_nothing(qtbot, panel, document):
    before = document.experiment
    type_into(qtbot, field(panel, "field_dim"), "1")
    assert document.experiment == before
    assert "at least 2" in complaint(panel)


def test_help_holds_formula_notes_and_source(qtbot, panel):
    mark = panel.findChild(HelpMark, "help_problem_function")
    help_text = mark.whatsThis()
    assert "Σᵢ [100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)²]" in help_text
    assert "gradient descent is\nstable" in help_text or "stable while η &lt; 0.002" in help_text
    assert "1960" in help_text
    choose(qtbot, panel, "beale")
    assert "1958" in mark.whatsThis()


# --- starts --------------------------------------------------------------------------------------


def test_without_starts_the_problems_own_is_shown_and_named(panel):
    assert starts_shown(panel) == ["-1.2", "1"]
    assert "Default" in texts(panel)
    assert not panel.findChild(QToolButton, "remove_start_0").isVisible()
    assert not panel.findChild(QToolButton, "default_start").isEnabled()


def test_a_typed_coordinate_makes_the_start_explicit(qtbot, panel, document):
    type_into(qtbot, field(panel, "start_0_x"), "0,5")
    assert document.experiment.starts == ((0.5, 1.0),)
    type_into(qtbot, field(panel, "start_0_y"), "-2")
    assert document.experiment.starts == ((0.5, -2.0),)
    assert document.undo_stack.count() == 2
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.experiment.starts == ()
    assert starts_shown(panel) == ["-1.2", "1"]


def test_starts_are_added_and_removed(qtbot, panel, document):
    click(qtbot, panel, "add_start")
    first, second = document.experiment.starts
    assert first == (-1.2, 1.0)
    click(qtbot, panel, "remove_start_0")
    assert document.experiment.starts == (second,)
    click(qtbot, panel, "remove_start_0")
    assert document.experiment.starts == ()
    assert starts_shown(panel) == ["-1.2", "1"]


def test_classes_that_a_model_makes_of_others_are_named():
    """Of the ten digits an 8 is rarest: 174 of 1797."""
    digits = DATASETS["digits"]()
    assert facts_text(PROBLEMS["softmax_regression"](data=digits)).endswith("10 classes")
    assert "2 classes: others, 8" in facts_text(PROBLEMS["logistic_regression"](data=digits))


def test_a_model_is_shown_without_drawing_its_weights(panel, document, monkeypatch):
    """There may be millions of them."""
    perceptron = PROBLEMS["perceptron"]
    monkeypatch.setattr(perceptron, "drawn_start", None)
    document.edit("", replace(document.experiment, problem=perceptron(), starts=()))
    note = panel.findChild(QLabel, "starts_note")
    assert note.text().startswith("Drawn from the seed")


def test_random_starts_come_by_five_and_can_be_repeated(qtbot, panel, document):
    click(qtbot, panel, "random_starts")
    starts = document.experiment.starts
    assert len(starts) == 6
    assert document.undo_stack.count() == 1
    click(qtbot, panel, "default_start")
    assert document.experiment.starts == ()
    click(qtbot, panel, "random_starts")
    assert document.experiment.starts == starts
    click(qtbot, panel, "random_starts")
    assert len(set(document.experiment.starts)) == 11


@pytest.mark.parametrize("name", PROBLEMS)
def test_random_points_lie_in_the_domain_and_are_short_to_read(name):
    problem = PROBLEMS[name]()
    points = random_points(problem, 200, seed=1)
    low, high = np.array(problem.domain).T
    assert np.all((low - 0.05 <= points) & (points <= high + 0.05))
    assert max(len(repr(c)) for point in points for c in point) <= 7


def test_a_refused_coordinate_shows_its_sentence_and_changes_nothing(qtbot, panel, document):
    for text in ("1.000,5", "nan", "1e999", "-1e301", "", "x"):
        type_into(qtbot, field(panel, "start_0_x"), text)
        if not text:
            qtbot.keyClick(field(panel, "start_0_x"), KEY.Key_Backspace)
        assert document.experiment.starts == ()
        assert "xpected" in complaint(panel)


def test_one_coordinate_has_one_field(qtbot, panel, document):
    choose(qtbot, panel, "double_well")
    assert starts_shown(panel) == ["0.1"]
    type_into(qtbot, field(panel, "start_0_x"), "-0.3")
    assert document.experiment.starts == ((-0.3,),)


def test_another_function_brings_its_own_start(qtbot, panel, document):
    type_into(qtbot, field(panel, "start_0_x"), "0.5")
    choose(qtbot, panel, "beale")
    assert document.experiment.starts == ()
    assert starts_shown(panel) == ["1", "1.5"]


def test_another_dimension_drops_starts_and_undo_brings_them_back(qtbot, panel, document):
    type_into(qtbot, field(panel, "start_0_x"), "0.5")
    type_into(qtbot, field(panel, "field_dim"), "4")
    assert document.experiment.problem.dim == 4
    assert document.experiment.starts == ()
    assert starts_shown(panel) == ["-1.2  1  -1.2  1"]
    document.undo_stack.undo()
    assert document.experiment.starts == ((0.5, 1.0),)
    assert starts_shown(panel) == ["0.5", "1"]


@pytest.mark.parametrize(
    "typed", ["1 2 3 4.5", "1; 2; 3; 4,5", "(1  2  3  45e-1)", "1, 2, 3, 4.5", "1;2;3;4.5;"]
)
def test_many_coordinates_are_typed_as_one_line(qtbot, panel, document, typed):
    type_into(qtbot, field(panel, "field_dim"), "4")
    type_into(qtbot, field(panel, "start_0"), typed)
    assert document.experiment.starts == ((1.0, 2.0, 3.0, 4.5),)
    assert starts_shown(panel) == ["1  2  3  4.5"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1 2 3", "Expected 4 numbers, one per coordinate, got 3."),
        ("1 2 3 4 5", "Expected 4 numbers, one per coordinate, got 5."),
        ("1 2 3 x", "Expected a number, such as 0.001 or 1e-3, got 'x'."),
        ("1 2 3 1e308", "Expected a number at least -1e+300 and at most 1e+300, got 1e+308."),
        (";", "Expected 4 numbers, one per coordinate, got 0."),
    ],
)
def test_a_refused_line_shows_its_sentence_and_escape_mends_it(
    qtbot, panel, document, typed, sentence
):
    type_into(qtbot, field(panel, "field_dim"), "4")
    before = document.experiment
    line = field(panel, "start_0")
    type_into(qtbot, line, typed)
    assert document.experiment == before
    assert complaint(panel) == sentence
    qtbot.keyClick(line, KEY.Key_Escape)
    assert complaint(panel) == ""
    assert line.text() == "-1.2  1  -1.2  1"


def test_ten_thousand_coordinates_are_shown_and_stay_exact(qtbot, panel, document):
    type_into(qtbot, field(panel, "field_dim"), "10000")
    click(qtbot, panel, "add_start")
    line = field(panel, "start_1")
    assert len(line.text().split()) == 10_000
    QGuiApplication.clipboard().setText(line.text().replace("  ", "; "))
    first = field(panel, "start_0")
    first.setFocus()
    first.selectAll()
    first.paste()
    qtbot.keyClick(first, KEY.Key_Return)
    assert document.experiment.starts[0] == document.experiment.starts[1]


def test_thousands_of_starts_do_not_become_thousands_of_fields(panel, document):
    starts = random_points(document.experiment.problem, 5000, seed=3)
    document.edit("", replace(document.experiment, starts=starts))
    assert len(starts_shown(panel)) == 80
    assert "… and 4\u2009960 more" in texts(panel)


def test_a_half_typed_start_of_a_dimension_that_is_gone_is_forgotten(qtbot, panel, document):
    type_into(qtbot, field(panel, "field_dim"), "3")
    line = field(panel, "start_0")
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "1 2 3")
    document.edit("", replace(document.experiment, problem=PROBLEMS["beale"](), starts=()))
    assert document.experiment.starts == ()
    assert starts_shown(panel) == ["1", "1.5"]


# --- the run -------------------------------------------------------------------------------------


def test_steps_noise_and_tolerance_are_typed(qtbot, panel, document):
    for name, text in (("steps", "1e3"), ("noise", "0,5"), ("tolerance", "1e-9")):
        type_into(qtbot, field(panel, f"field_{name}"), text)
    run = document.experiment
    assert (run.steps, run.noise, run.tolerance) == (1000, 0.5, 1e-9)
    assert document.undo_stack.undoText() == "Change tolerance"
    for _ in range(3):
        document.undo_stack.undo()
    assert field(panel, "field_steps").text() == "500"


@pytest.mark.parametrize(
    ("name", "text"),
    [("steps", "0"), ("steps", "1.5"), ("steps", "1e9"), ("noise", "-1"), ("tolerance", "0")],
)
def test_refused_numbers_of_the_run_change_nothing(qtbot, panel, document, name, text):
    type_into(qtbot, field(panel, f"field_{name}"), text)
    assert complaint(panel).startswith("Expected")
    assert getattr(document.experiment, name) == getattr(
        Experiment(problem=PROBLEMS["sphere"]()), name
    )


def test_seeds_are_off_without_noise_and_say_why(qtbot, panel):
    assert not field(panel, "field_seed").isEnabled()
    assert not field(panel, "field_repeats").isEnabled()
    assert "Seeds only matter with noise." in texts(panel)
    type_into(qtbot, field(panel, "field_noise"), "1")
    assert field(panel, "field_seed").isEnabled()
    assert "Seeds only matter" not in texts(panel)


def test_seed_and_repeats_make_consecutive_seeds(qtbot, panel, document):
    type_into(qtbot, field(panel, "field_noise"), "1")
    type_into(qtbot, field(panel, "field_repeats"), "3")
    assert document.experiment.seeds == (0, 1, 2)
    type_into(qtbot, field(panel, "field_seed"), "40")
    assert document.experiment.seeds == (40, 41, 42)
    assert len(plan(document.experiment).lanes) == 3
    for text in ("0", "1001", "-2", "x"):
        type_into(qtbot, field(panel, "field_repeats"), text)
        assert len(document.experiment.seeds) in (1, 3)  # a 1 on the way to 1001
    assert "at most 1000" in complaint(panel) or "whole number" in complaint(panel)


def test_repeats_left_behind_by_noise_can_be_taken_back(qtbot, panel, document):
    document.edit("", replace(document.experiment, seeds=(0, 1, 2)))
    type_into(qtbot, field(panel, "field_repeats"), "1")
    assert document.experiment.seeds == (0,)


def test_seeds_of_a_file_are_shown_as_they_are(panel, document):
    document.edit("", replace(document.experiment, seeds=(2, 3, 5, 7), noise=1.0))
    assert "Seeds of the file: 2, 3, 5, 7" in texts(panel)
    assert field(panel, "field_repeats").text() == "4"


def test_the_largest_seeds_stay_within_their_bounds(qtbot, panel, document):
    many = tuple(range(5000))
    document.edit("", replace(document.experiment, seeds=many, noise=1.0))
    type_into(qtbot, field(panel, "field_seed"), str(2**53 - 1000))
    assert document.experiment.seeds[-1] == 2**53
    assert len(document.experiment.seeds) == 5000


# --- together ------------------------------------------------------------------------------------


def menu_of(panel: QWidget) -> QMenu:
    menu = panel.findChild(QToolButton, "add_disturbance").menu()
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()  # which fills it
    return menu


def add(panel: QWidget, kind: str) -> None:
    next(a for a in menu_of(panel).actions() if a.data() == kind).trigger()


def test_disturbances_are_added_edited_and_removed(qtbot, panel, document):
    assert [action.data() for action in menu_of(panel).actions()] == list(DISTURBANCES)
    add(panel, "circle_drift")
    add(panel, "heavy_tailed_noise")
    circle, heavy = DISTURBANCES["circle_drift"], DISTURBANCES["heavy_tailed_noise"]
    assert document.experiment.disturbances == (circle(), heavy())
    card = panel.findChild(QToolButton, "remove_disturbance_1").parentWidget()
    count = document.undo_stack.count()
    type_into(qtbot, field(card, "field_nu"), "3")
    assert document.experiment.disturbances == (circle(), heavy(nu=3.0))
    assert document.undo_stack.count() == count + 1
    # In which order they stand does not matter, so there is nothing to move them by.
    assert all(
        panel.findChild(QToolButton, f"disturbance_{n}_{way}").isHidden()
        for n in (0, 1)
        for way in ("up", "down")
    )
    qtbot.mouseClick(panel.findChild(QToolButton, "remove_disturbance_0"), BUTTON)
    assert document.experiment.disturbances == (heavy(nu=3.0),)
    texts = [document.undo_stack.text(i) for i in range(document.undo_stack.count())]
    assert texts == [
        "Add circling optimum",
        "Add heavy-tailed noise",
        "Change heavy-tailed noise",
        "Remove circling optimum",
    ]
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    assert document.experiment.disturbances == ()
    assert panel.findChild(QToolButton, "remove_disturbance_0") is None


def test_seeds_matter_where_a_disturbance_draws(qtbot, panel, document):
    add(panel, "circle_drift")
    assert not field(panel, "field_seed").isEnabled()
    add(panel, "random_walk_drift")
    assert field(panel, "field_seed").isEnabled()


def test_the_question_mark_of_a_disturbance_asks_for_its_page(qtbot, panel):
    add(panel, "jump_drift")
    mark = panel.findChild(HelpMark, "help_disturbance_0_form")
    with qtbot.waitSignal(panel.reference_requested) as asked:
        qtbot.mouseClick(mark, BUTTON)
    assert asked.args == [DISTURBANCES["jump_drift"]]
    assert panel.declaration_at(mark) is DISTURBANCES["jump_drift"]
    assert panel.declaration_at(field(panel, "field_noise")) is PROBLEMS["rosenbrock"]


def test_undoing_everything_leads_back_to_the_beginning(qtbot, panel, document):
    first = document.experiment
    choose(qtbot, panel, "rastrigin")
    type_into(qtbot, field(panel, "field_dim"), "3")
    click(qtbot, panel, "random_starts")
    type_into(qtbot, field(panel, "start_2"), "1 2 3")
    type_into(qtbot, field(panel, "field_noise"), "0.5")
    last = document.experiment
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    assert document.experiment == first
    assert starts_shown(panel) == ["-1.2", "1"]
    while document.undo_stack.canRedo():
        document.undo_stack.redo()
    assert document.experiment == last
    assert starts_shown(panel)[2] == "1  2  3"


def test_an_edit_of_a_contender_is_nothing_to_this_panel(panel, document, monkeypatch):
    calls = []
    monkeypatch.setattr(panel, "_show_problem", calls.append)
    monkeypatch.setattr(panel._run_form, "show_config", calls.append)
    rows = list(panel._starts._rows)
    monkeypatch.setattr(type(rows[0]), "show_point", lambda *args, **kwargs: calls.append(args))
    contender = replace(document.experiment.contenders[0], name="Other")
    document.edit("", replace(document.experiment, contenders=(contender,)))
    assert calls == []
    assert panel._starts._rows == rows


@pytest.mark.parametrize("name", ["rosenbrock", "rotated_ellipse", "double_well"])
def test_nothing_is_wider_than_the_narrowest_dock(qtbot, panel, document, name):
    choose(qtbot, panel, name)
    click(qtbot, panel, "random_starts")
    content = panel.findChild(QWidget, "problem_scroll_area").widget()
    qtbot.waitUntil(lambda: content.height() >= content.minimumSizeHint().height())
    assert content.minimumSizeHint().width() <= 264 - SCROLL_BAR


def test_pictures_follow_the_theme(qapp, panel):
    def ground() -> int:
        picture = panel.findChild(QLabel, "problem_picture").pixmap().toImage()
        colours = [picture.pixelColor(x, 12) for x in range(1, picture.width() - 1)]
        return round(np.median([colour.lightness() for colour in colours]))

    assert ground() > 200
    theme.apply(qapp, "dark")
    assert ground() < 80


@pytest.mark.parametrize(
    ("name", "value"), [("tolerance", 0.5), ("metrics_every", 7), ("curvature_every", 9)]
)
def test_the_form_of_the_run_follows_undo(panel, document, name, value):
    learning = PROBLEMS["softmax_regression"](data=DATASETS["iris"]())
    document.edit("Learn", replace(document.experiment, problem=learning, starts=()))
    shown = field(panel, f"field_{name}")
    before = shown.value()
    document.edit("Change", replace(document.experiment, **{name: value}))
    assert shown.value() == value
    document.undo_stack.undo()
    assert shown.value() == before


def test_the_cost_of_curvature_stands_below_its_field_where_it_is_felt(
    qtbot: QtBot, panel, document, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(curvature_cost, "seconds_per_gradient", lambda _, runs: runs * 1e-3)
    row = panel._run_form.row("curvature_every")
    document.edit("Repeat", replace(document.experiment, seeds=tuple(range(8)), steps=500))
    type_into(qtbot, field(panel, "field_curvature_every"), "20")
    remark = panel.findChild(QLabel, "remark_curvature_every")
    assert remark.isVisible()
    assert remark.text() == "26 measurements of 8 runs: about 6 s"

    document.edit("Repeat less", replace(document.experiment, curvature_every=10))
    assert remark.text() == "51 measurements of 8 runs: about 10 s"
    document.edit("Never", replace(document.experiment, curvature_every=None))
    assert not remark.isVisible()
    document.edit("Once", replace(document.experiment, curvature_every=500, seeds=(0,)))
    assert not remark.isVisible()  # 0.06 seconds
    assert row.field.value() == 500


def walked(qtbot: QtBot, begin: QWidget, count: int) -> list[str]:
    """Where Tab goes from a widget."""
    begin.window().activateWindow()
    begin.setFocus()
    names = []
    for _ in range(count):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        names.append(QApplication.focusWidget().objectName())
    return names


def test_tab_goes_through_the_fields_of_other_data_and_starts_where_they_stand(
    qtbot: QtBot, panel, document
):
    learning = PROBLEMS["softmax_regression"](data=DATASETS["two_gaussians"]())
    document.edit("Learn", replace(document.experiment, problem=learning, starts=()))
    document.edit(
        "Moons", replace(document.experiment, problem=replace(learning, data=DATASETS["moons"]()))
    )
    fields = [f"field_{name}" for name in ("examples", "noise")]
    found = walked(qtbot, panel.findChild(QToolButton, "open_csv"), 6)
    assert [name for name in found if name.startswith("field_")][:2] == fields

    sphere = PROBLEMS["sphere"]()
    document.edit("Start", replace(document.experiment, problem=sphere, starts=((1.0, 2.0),) * 2))
    found = walked(qtbot, panel.findChild(QToolButton, "add_disturbance"), 7)
    rows = [[f"start_{i}_x", f"start_{i}_y", f"remove_start_{i}"] for i in (0, 1)]
    assert found == [*rows[0], *rows[1], "add_start"]
