import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QToolButton

from lrstudio.core import DISTURBANCES
from lrstudio.engine import Trajectory
from lrstudio.engine.planes import CoordinatePlane as Plane
from lrstudio.gui import theme
from lrstudio.gui.plots.landscape_signs import point_text
from lrstudio.gui.plots.pointed import at_step
from lrstudio.gui.plots.terrain_item import TerrainItem


def signs(plot, *kinds):
    return [sign for sign in plot._run.signs.signs if sign.kind in kinds]


def pixel(plot, x, y):
    frame = plot.canvas.frame()
    return float(frame.x(np.array(x))), float(frame.y(np.array(y)))


def told(plot):
    """Every start_moved of a plot, as it comes."""
    moves = []
    plot.start_moved.connect(lambda *move: moves.append(move))
    return moves


def test_without_a_run_it_says_what_to_do(landscape):
    plot = landscape(None)
    assert plot.findChild(QLabel, "plotHint").isVisible()
    plot.refresh()
    plot.set_step(3)
    plot.highlight({0})
    assert not plot.canvas.isVisible()


def test_it_shows_domain_minima_starts_and_where_the_runs_are(landscape, race):
    trajectory = race(problem="himmelblau", starts=((0.0, 0.0), (1.0, 2.0)))
    plot = landscape(trajectory)
    assert plot.canvas.view.viewRange() == [[-5.0, 5.0], [-5.0, 5.0]]
    assert len(signs(plot, "star")) == 4
    assert [(s.x, s.y) for s in signs(plot, "start")] == [
        pytest.approx(pixel(plot, 0.0, 0.0)),
        pytest.approx(pixel(plot, 1.0, 2.0)),
    ]
    heads = {(round(s.x), round(s.y)) for s in signs(plot, "head")}
    ends = trajectory.position[-1].T
    assert heads == {tuple(round(v) for v in pixel(plot, *end)) for end in ends}


def test_ways_are_drawn_in_the_colours_of_the_contenders(landscape, race, ink):
    plot = landscape(race(problem="beale", steps=300))
    for slot in (0, 1):
        assert ink(plot.canvas, theme.colour_for(slot), slack=50).sum() > 60


def test_a_start_can_be_dragged_and_lands_where_it_is_dropped(landscape, race, mouse):
    trajectory = race(problem="himmelblau", starts=((0.0, 0.0), (1.0, 2.0)))
    plot = landscape(trajectory)
    moves = told(plot)
    x, y = pixel(plot, 1.0, 2.0)
    home = plot.canvas.view.viewRange()

    mouse.press(plot, x + 5, y - 4)  # a hand is not that exact
    mouse.move(plot, x + 30, y + 10)
    mouse.move(plot, x + 60, y + 40)
    ring = signs(plot, "start")[1]
    assert (ring.x, ring.y) == pytest.approx((x + 60, y + 40), abs=1.0)
    mouse.release(plot, x + 60, y + 40)

    assert [(index, is_dragging) for index, _, is_dragging in moves] == [
        (1, True),
        (1, True),
        (1, False),
    ]
    point = moves[-1][1]
    expected = plot.canvas.frame().value_at(x + 60, y + 40)
    assert point == pytest.approx(expected, abs=0.06)
    assert all(len(repr(value)) <= 6 for value in point)  # no digits that nobody aimed at
    assert plot.canvas.view.viewRange() == home


def test_a_click_sets_the_first_start(landscape, race, mouse, qtbot):
    plot = landscape(race(problem="himmelblau"))
    with qtbot.waitSignal(plot.start_moved) as moved:
        mouse.click(plot, *pixel(plot, 3.0, -2.0))
    index, point, is_dragging = moved.args
    assert (index, is_dragging) == (0, False)
    assert point == pytest.approx((3.0, -2.0), abs=0.05)


def test_clicks_that_mean_something_else_set_no_start(landscape, race, mouse, qtbot):
    plot = landscape(race(problem="himmelblau"))
    moves = told(plot)
    start = pixel(plot, *plot._trajectory.plan.starts[0])
    mouse.click(plot, *start)  # on the ring itself
    mouse.click(plot, -20, 50)  # on the axis
    mouse.drag(plot, (50, 50), (90, 60), (120, 80))
    for _ in range(3):
        QApplication.processEvents()
    assert not moves


def test_dragging_the_ground_pans_and_a_double_click_goes_home(landscape, race, mouse, qtbot):
    plot = landscape(race(problem="himmelblau"))
    home = plot.canvas.view.viewRange()
    moves = told(plot)
    mouse.turn(plot, 300, 100, 2)
    zoomed = plot.canvas.view.viewRange()
    assert zoomed[0][1] - zoomed[0][0] == pytest.approx(6.4)
    mouse.drag(plot, (50, 50), (90, 60), (120, 80))
    panned = plot.canvas.view.viewRange()
    assert panned[0][0] < zoomed[0][0]
    assert panned[1][1] > zoomed[1][1]

    mouse.double_click(plot, 300, 100)
    qtbot.wait(QApplication.doubleClickInterval() + 50)  # a click would have been taken by now

    assert plot.canvas.view.viewRange() == home
    assert not moves


def test_a_single_click_while_zoomed_is_taken_once_it_is_certain(landscape, race, mouse, qtbot):
    plot = landscape(race(problem="himmelblau"))
    mouse.turn(plot, 300, 100, 2)
    with qtbot.waitSignal(plot.start_moved):
        mouse.click(plot, 200, 100)


def test_the_home_button_and_the_home_key_show_the_domain(landscape, race, mouse, qtbot):
    plot = landscape(race(problem="himmelblau"))
    home = plot.canvas.view.viewRange()
    mouse.turn(plot, 300, 100, 2)
    plot.findChild(QToolButton, "home").click()
    assert plot.canvas.view.viewRange() == home
    mouse.turn(plot, 300, 100, 2)
    qtbot.keyClick(plot.canvas, Qt.Key.Key_Home)
    assert plot.canvas.view.viewRange() == home


def test_the_view_stays_while_the_ground_stays(landscape, race, mouse):
    plot = landscape(race(problem="rotated_ellipse", kappa=5.0))
    mouse.turn(plot, 200, 100, 2)
    zoomed = plot.canvas.view.viewRange()
    plot.show_trajectory(race(problem="rotated_ellipse", kappa=50.0))
    assert plot.canvas.view.viewRange() == zoomed
    plot.show_trajectory(race(problem="beale"))
    assert plot.canvas.view.viewRange()[0] == [-4.5, 4.5]


def test_runs_that_left_are_told_by_arrows_with_tips(landscape, race, mouse):
    trajectory = race(problem="sphere", third_rate=1.2, steps=100)
    plot = landscape(trajectory)
    (arrow,) = signs(plot, "arrow")
    frame = plot.canvas.frame()
    at_side = min(arrow.x, frame.width - arrow.x) < 4
    at_end = min(arrow.y, frame.height - arrow.y) < 4
    assert at_side or at_end
    outwards = np.array([np.cos(arrow.angle), np.sin(arrow.angle)])
    centre = np.array([arrow.x - frame.width / 2, arrow.y - frame.height / 2])
    assert outwards @ centre > 0
    mouse.move(plot, arrow.x, arrow.y)
    assert "Third left the picture" in plot.canvas.toolTip()
    mouse.move(plot, frame.width / 2, 20)
    assert not plot.canvas.toolTip()


def test_a_start_outside_is_told_by_an_arrow_and_keeps_its_number(landscape, race, mouse):
    plot = landscape(race(problem="himmelblau", starts=((1e9, 0.0), (1.0, 2.0))))
    assert plot.canvas.view.viewRange()[0] == [-5.0, 5.0]
    arrow = next(s for s in signs(plot, "arrow") if "Start 1" in s.tip)
    assert arrow.x == pytest.approx(plot.canvas.frame().width, abs=4)
    moves = told(plot)
    x, y = pixel(plot, 1.0, 2.0)
    mouse.drag(plot, (x, y), (x + 20, y), (x + 40, y))
    assert {move[0] for move in moves} == {1}


def test_arrows_of_several_runs_stand_beside_each_other(landscape, race):
    trajectory = race(problem="sphere", third_rate=1.2, steps=100, seeds=(0, 1, 2))
    plot = landscape(trajectory)
    arrows = signs(plot, "arrow")
    assert len(arrows) == 3
    places = [complex(a.x, a.y) for a in arrows]
    assert min(abs(a - b) for i, a in enumerate(places) for b in places[:i]) > 10


def test_a_run_that_diverged_inside_the_picture_ends_with_a_cross(landscape, race):
    trajectory = race(problem="sphere", steps=100)
    trajectory.diverged_at[0] = 51
    trajectory.position[51:, :, 0] = np.nan
    plot = landscape(trajectory)
    (cross,) = signs(plot, "cross")
    assert (cross.x, cross.y) == pytest.approx(pixel(plot, *trajectory.position[50, :, 0]))
    assert "diverged at step 51" in cross.tip
    plot.set_step(20)
    assert not signs(plot, "cross")
    assert len(signs(plot, "head")) == 2


def test_the_play_head_moves_the_markers_and_parts_the_ways(landscape, race, ink):
    trajectory = race(problem="himmelblau", steps=300, every=3)
    plot = landscape(trajectory)
    whole = ink(plot.canvas, theme.colour_for(1), slack=50).sum()
    plot.set_step(9)
    heads = sorted((s.x, s.y) for s in signs(plot, "head"))
    assert heads == [
        pytest.approx(place)
        for place in sorted(pixel(plot, *point) for point in trajectory.position[3].T)
    ]
    assert ink(plot.canvas, theme.colour_for(1), slack=50).sum() < 0.8 * whole
    plot.set_step(300)
    assert ink(plot.canvas, theme.colour_for(1), slack=50).sum() == pytest.approx(whole, rel=0.05)


def test_playing_does_not_draw_the_ground_anew(landscape, race, monkeypatch):
    plot = landscape(race(problem="himmelblau"))
    plot.grab()
    monkeypatch.setattr(TerrainItem, "_draw", None)
    for step in range(0, 200, 20):
        plot.set_step(step)
        plot.grab()


def test_the_ways_grow_with_the_run(landscape, race, growing, ink):
    full = race(problem="beale", steps=300)
    trajectory = growing(full, 2)
    plot = landscape(trajectory)
    amounts = []
    for rows in (3, 12, 301):
        trajectory.rows = rows
        plot.refresh()
        amounts.append(ink(plot.canvas, theme.colour_for(0), slack=50).sum())
        heads = [(s.x, s.y) for s in signs(plot, "head")]
        assert pytest.approx(pixel(plot, *full.position[rows - 1, :, 0])) in heads
    assert amounts[-1] > amounts[0] + 20


def test_the_crosshair_shows_points_and_follows_a_way_under_the_mouse(
    landscape, race, mouse, crosshair
):
    trajectory = race(problem="himmelblau", steps=300)
    plot = landscape(trajectory)
    crosshair.move_to(at_step(40))
    points = sorted((s.x, s.y) for s in signs(plot, "point"))
    expected = sorted(pixel(plot, *point) for point in trajectory.position[40].T)
    assert points == [pytest.approx(place) for place in expected]

    lane = 0
    x, y = pixel(plot, *trajectory.position[5, :, lane])
    mouse.move(plot, x + 1, y + 1)
    pointed = trajectory.position[int(crosshair.pointed.x)]
    nearest = min(np.hypot(*(np.array(pixel(plot, *p)) - (x, y))) for p in pointed.T)
    assert nearest < 4
    mouse.move(plot, 3, plot.canvas.frame().height - 3)
    assert crosshair.pointed is None


def test_the_loss_under_the_mouse_is_read(landscape, race, mouse):
    plot = landscape(race(problem="himmelblau"))
    reading = plot.findChild(QLabel, "landscapeReading")
    mouse.move(plot, *pixel(plot, -4.0, 4.0))
    assert reading.text().startswith("f(")
    value = float(reading.text().split("=")[1])
    assert value == pytest.approx(81 + 25, rel=0.05)
    mouse.move(plot, -30, 50)
    assert not reading.text()


CIRCLE = DISTURBANCES["circle_drift"](radius=2.0, period=100.0)


def test_a_function_that_moves_is_shown_where_it_is_at_the_play_head(landscape, race, mouse):
    trajectory = race(problem="himmelblau", disturbances=(CIRCLE,))
    plot = landscape(trajectory)
    for step, shift in ((0, (2.0, 0.0)), (25, (0.0, 2.0)), (50, (-2.0, 0.0)), (None, (2.0, 0.0))):
        plot.set_step(step)
        plot.grab()
        stars = {(round(s.x, 3), round(s.y, 3)) for s in signs(plot, "star")}
        minima = [np.add(m, shift) for m in trajectory.plan.experiment.problem.minima]
        assert stars == {tuple(round(v, 3) for v in pixel(plot, *point)) for point in minima}
        # The ground is that of the same part of the function.
        frame = plot._terrain.ground.frame
        assert (frame.left, frame.bottom) == pytest.approx((-5 - shift[0], -5 - shift[1]))
    assert "moved to" in signs(plot, "star")[0].tip
    mouse.move(plot, *pixel(plot, *minima[0]))
    value = float(plot.reading.text().partition("= ")[2].replace("−", "-"))
    assert value == pytest.approx(0.0, abs=0.5)


def test_the_way_of_the_optimum_is_drawn_up_to_the_play_head(landscape, race, ink):
    plot = landscape(race(problem="sphere", disturbances=(CIRCLE,)))
    assert len(plot._run.optimum_way.points[0]) == 201
    plot.set_step(25)
    x, y = plot._run.optimum_way.points
    assert (x[-1], y[-1]) == pytest.approx((0.0, 2.0), abs=1e-12)
    assert np.hypot(x, y) == pytest.approx(2.0)
    plot.show_trajectory(race(problem="sphere"))
    assert len(plot._run.optimum_way.points[0]) == 0
    assert plot._terrain._frame().left == plot.canvas.view.viewRange()[0][0]


def test_of_functions_that_move_apart_the_highlighted_lanes_is_shown(landscape, race):
    walk = DISTURBANCES["random_walk_drift"](sigma=0.1)
    trajectory = race(problem="sphere", disturbances=(walk,), seeds=(1, 2))
    plot = landscape(trajectory)
    for lane in (0, 1, 3):
        plot.highlight({lane})
        (star,) = signs(plot, "star")
        expected = pixel(plot, *trajectory.offsets.at(200, lane))
        assert (star.x, star.y) == pytest.approx(expected)


def test_a_curve_moves_along_its_axis(landscape, race):
    plot = landscape(race(problem="double_well", disturbances=(CIRCLE,)))
    plot.set_step(50)
    plot.grab()
    places = plot._trajectory.plan.experiment.problem.minima
    frame = plot.canvas.frame()
    stars = sorted(s.x for s in signs(plot, "star"))
    assert stars == pytest.approx(sorted(float(frame.x(np.array(p[0] - 2.0))) for p in places))


def test_one_dimension_is_a_curve_with_runs_on_it(landscape, race, mouse, qtbot):
    trajectory = race(problem="double_well")
    plot = landscape(trajectory)
    (start,) = signs(plot, "start")
    at = trajectory.plan.starts[0][0]
    height = float(trajectory.plan.experiment.problem.loss(np.array([at])))
    assert (start.x, start.y) == pytest.approx(pixel(plot, at, height))
    assert not plot.colour_bar.isVisible()
    moves = told(plot)
    mouse.drag(plot, (start.x, start.y), (start.x + 30, start.y), (start.x + 50, start.y + 70))
    assert len(moves[-1][1]) == 1
    ring = signs(plot, "start")[0]
    assert ring.x == pytest.approx(start.x + 50, abs=1)
    x = moves[-1][1][0]
    assert ring.y == pytest.approx(pixel(plot, x, plot.plane.loss_at(x, 0))[1], abs=1)


def test_more_dimensions_are_a_slice_whose_coordinates_can_be_chosen(landscape, race, mouse):
    trajectory = race(problem="rosenbrock", dim=4)
    plot = landscape(trajectory)
    across, up = (plot.findChild(QComboBox, name) for name in ("planeAcross", "planeUp"))
    assert across.isVisible()
    assert "first minimum" in plot.header.note.text()
    assert "first minimum" in plot.header.title.toolTip()
    plot.resize(800, plot.height())  # room for lists of any style
    title = plot.header.title
    assert title.width() >= title.sizeHint().width()  # the note gives way before
    up.setCurrentIndex(3)
    up.activated.emit(3)
    assert plot.plane == Plane(trajectory.plan.experiment.problem, (0, 3))
    across.setCurrentIndex(3)
    across.activated.emit(3)
    assert plot.plane.coordinates == (3, 0)
    moves = told(plot)
    (start,) = signs(plot, "start")
    mouse.drag(plot, (start.x, start.y), (start.x + 20, start.y), (start.x + 40, start.y + 20))
    old, new = trajectory.plan.starts[0], moves[-1][1]
    assert new[1:3] == old[1:3]
    assert new[0] != old[0]
    assert new[3] != old[3]
    plot.show_trajectory(race(problem="beale"))
    assert not across.isVisible()


def test_equal_scales_draw_a_circle_as_a_circle(landscape, race):
    plot = landscape(race(problem="himmelblau"))
    plot.aspect_switch.click()
    frame = plot.canvas.frame()
    assert frame.width / (frame.right - frame.left) == pytest.approx(
        frame.height / (frame.top - frame.bottom), rel=0.01
    )
    assert plot.aspect_action.isChecked()
    assert frame.left <= -5
    assert frame.right >= 5
    plot.aspect_switch.click()
    assert plot.canvas.view.viewRange() == [[-5.0, 5.0], [-5.0, 5.0]]


def test_hidden_and_highlighted_lanes(landscape, race, ink):
    plot = landscape(race(problem="beale", steps=300))
    plot.set_hidden({1})
    assert ink(plot.canvas, theme.colour_for(1), slack=40).sum() == 0
    assert len(signs(plot, "head")) == 1
    plot.set_hidden(set())
    before = ink(plot.canvas, theme.colour_for(0), slack=40).sum()
    plot.highlight({0})
    assert ink(plot.canvas, theme.colour_for(0), slack=40).sum() > before
    assert ink(plot.canvas, theme.colour_for(1), slack=20).sum() == 0


def test_the_ground_becomes_fine_when_the_view_rests(landscape, race, mouse, qtbot):
    plot = landscape(race(problem="himmelblau"))
    qtbot.waitUntil(lambda: plot._terrain.ground.is_fine)
    mouse.turn(plot, 200, 100, 1)
    plot.grab()
    assert not plot._terrain.ground.is_fine
    qtbot.waitUntil(lambda: plot._terrain.ground.is_fine)
    assert plot._terrain.ground.frame == plot.canvas.frame()


def test_the_colour_bar_labels_the_levels(landscape, race):
    plot = landscape(race(problem="styblinski_tang"))
    plot.grab()
    ground = plot._terrain.ground
    assert plot.colour_bar._title == "f − f*"
    assert plot.colour_bar._heights == [level - ground.floor for level in ground.levels]


def test_a_run_that_has_not_begun_shows_the_ground(landscape, race):
    plot = landscape(Trajectory(race(problem="himmelblau").plan))
    plot.grab()
    assert len(signs(plot, "star")) == 4
    assert not signs(plot, "head")


def test_it_is_dressed_anew_when_the_theme_changes(landscape, race, ink, qapp, qtbot):
    plot = landscape(race(problem="himmelblau"))
    theme.apply(qapp, "dark")
    try:
        image = plot.canvas.grab().toImage()
        centre = plot.canvas.from_view(QPointF(100, 100)).toPoint()
        assert image.pixelColor(centre).lightness() < 80
    finally:
        theme.apply(qapp, "light")
    assert plot.canvas.grab().toImage().pixelColor(centre).lightness() > 180


def test_everything_that_takes_the_focus_has_a_name(landscape, race):
    plot = landscape(race(problem="rosenbrock", dim=3))
    widgets = [plot.canvas, plot.aspect_switch, plot.home_button, *plot.findChildren(QComboBox)]
    assert all(widget.accessibleName() for widget in widgets)
    assert plot.canvas.accessibleName() == "Landscape of Rosenbrock"


def test_a_start_without_a_finite_loss_has_no_place_on_the_curve(landscape, race):
    """Qt warns of an arc that is nowhere, and such a warning fails the test."""
    plot = landscape(race(problem="formula", formula="sqrt(-x**2 - 1)", constants=()))
    plot.grab()
    assert signs(plot, "start", "head") == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.5, "−0.5"),
        (10.0, "10"),
        (100.0, "100"),
        (-420.97, "−421"),
        (5000.0, "5\u2009000"),
        (1e-10, "1e−10"),
        (2.5e20, "2.5e20"),
    ],
)
def test_only_zeros_behind_the_point_are_left_out(value, text):
    assert point_text((value,)) == f"({text})"
