"""Figures show what was computed; their SVG is well-formed, small and stays inside its frame."""

import re
import subprocess
import sys
import time
from functools import cache
from xml.etree import ElementTree as ET

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from lrstudio.core import DATASETS, DISTURBANCES, MODIFIERS, OPTIMIZERS, PROBLEMS, SCHEDULES
from lrstudio.engine import (
    SERIES,
    X_AXES,
    Contender,
    Experiment,
    Recording,
    Trajectory,
    plan,
    run,
    simulate,
)
from lrstudio.storage import palette
from lrstudio.storage.contours import spread_levels
from lrstudio.storage.figure import Area, Axis, Figure, Line, Marker, Note
from lrstudio.storage.figures import FIGURES, figure_kinds, standard_figures
from lrstudio.storage.landscape_figure import landscape_figure
from lrstudio.storage.series_figure import FLOOR, series_figure
from lrstudio.storage.svg import svg
from lrstudio.storage.view import View

SAM = MODIFIERS["sam_opaque"]  # two gradients a step
NAMESPACE = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "rect", "path", "text", "tspan"}
NUMBER = re.compile(r"-?\d+\.?\d*(?:e-?\d+)?")


def contender(name: str, rule: str, slot: int, **fields: object) -> Contender:
    return Contender(name=name, optimizer=OPTIMIZERS[rule](**fields), colour=slot)


RACE = Experiment(
    title="A race",
    problem=PROBLEMS["ellipse"](),
    contenders=(
        contender("SGD", "sgd", 0, lr=0.05),
        contender("Adam", "adam", 1, lr=0.3),
        contender("Far too fast", "sgd", 2, lr=0.5),
    ),
    steps=300,
)


CIRCLE = DISTURBANCES["circle_drift"](radius=3.0, period=100.0)


@cache
def race() -> Trajectory:
    return run(RACE)


def changed(**changes: object) -> Experiment:
    return msgspec.structs.replace(RACE, **changes)


def parsed(text: str) -> ET.Element:
    root = ET.fromstring(text)
    assert {e.tag.removeprefix(NAMESPACE) for e in root.iter()} <= ELEMENTS
    for element in root.iter():
        for value in element.attrib.values():
            assert not re.search(r"\b(nan|inf)\b", value, re.IGNORECASE), element.attrib
    return root


def texts(text: str) -> str:
    return " ".join("".join(e.itertext()) for e in parsed(text).iter(f"{NAMESPACE}text"))


def strokes(text: str, colour: str) -> list[str]:
    paths = parsed(text).iter(f"{NAMESPACE}path")
    return [e.attrib["d"] for e in paths if e.attrib.get("stroke") == colour]


def points(path: str) -> NDArray[np.float64]:
    return np.array([float(n) for n in NUMBER.findall(path)]).reshape(-1, 2)


def stopped_at_once() -> Trajectory:
    planned = plan(changed(steps=5000), Recording(every=1000))
    trajectory = Trajectory(planned)
    next(simulate(planned, trajectory))
    return trajectory


RUNS = {
    "race": race,
    "nobody": lambda: run(changed(contenders=())),
    "all diverge": lambda: run(changed(contenders=RACE.contenders[2:])),
    "one step": lambda: run(changed(steps=1)),
    "stopped at once": stopped_at_once,
    "thinned": lambda: run(RACE, Recording(every=7)),
    "noisy, several starts and seeds": lambda: run(
        changed(starts=((1.0, 2.0), (-30.0, 4.0)), seeds=(0, 1, 2), noise=3.0)
    ),
    "one dimension": lambda: run(changed(problem=PROBLEMS["double_well"](), starts=())),
    "five dimensions": lambda: run(changed(problem=PROBLEMS["rastrigin"](dim=5), starts=())),
    "negative loss": lambda: run(changed(problem=PROBLEMS["styblinski_tang"](), starts=())),
    "moving": lambda: run(changed(disturbances=(CIRCLE,))),
    "moving in one dimension": lambda: run(
        changed(problem=PROBLEMS["double_well"](), starts=(), disturbances=(CIRCLE,))
    ),
    "moving in five dimensions": lambda: run(
        changed(problem=PROBLEMS["rastrigin"](dim=5), starts=(), disturbances=(CIRCLE,))
    ),
    "start at the minimum": lambda: run(changed(starts=((0.0, 0.0),))),
    "start far away": lambda: run(changed(starts=((1e150, -1e200),))),
}


@pytest.mark.parametrize("is_dark", [False, True])
@pytest.mark.parametrize("name", RUNS)
def test_every_figure_of_every_kind_of_run_is_well_formed(name: str, is_dark: bool) -> None:
    trajectory = RUNS[name]()
    for view in (None, View(is_dark=is_dark, step=3, size=(500, 400))):
        for kind in figure_kinds(trajectory):
            root = parsed(svg(kind.build(trajectory, view)))
            assert root.attrib["width"] == ("500" if view else root.attrib["width"])


@pytest.mark.parametrize("problem", list(PROBLEMS))
def test_every_problem_has_a_landscape_and_its_minima_in_it(problem: str) -> None:
    trajectory = run(changed(problem=PROBLEMS[problem](), starts=(), steps=3))
    figure = landscape_figure(trajectory)
    parsed(svg(figure))
    stars = [m for m in figure.marks if isinstance(m, Marker) and m.shape == "star"]
    plane = trajectory.plan.experiment.problem
    assert len(stars) >= len(plane.minima)
    assert bool(stars) == bool(plane.minima)
    assert {(s.x) for s in stars} >= {minimum[0] for minimum in plane.minima}


@pytest.mark.parametrize(
    ("step", "where"), [(0, (3, 0)), (25, (0, 3)), (50, (-3, 0)), (None, (3, 0))]
)
def test_a_moving_function_is_drawn_where_it_is_at_the_play_head(
    step: int | None, where: tuple[int, int]
) -> None:
    trajectory = run(changed(disturbances=(CIRCLE,)))
    moved = landscape_figure(trajectory, View(step=step))
    stars = [m for m in moved.marks if isinstance(m, Marker) and m.shape == "star"]
    assert [(s.x, s.y) for s in stars] == [pytest.approx(where, abs=1e-9)]
    assert (moved.x, moved.y) == (landscape_figure(race()).x, landscape_figure(race()).y)
    # The lowest outline lies around the star.
    outlines = [m for m in moved.marks if isinstance(m, Line) and m.width == 0.8]
    low, high = np.nanmin(outlines[0].points, axis=0), np.nanmax(outlines[0].points, axis=0)
    assert (low + high) / 2 == pytest.approx(where, abs=0.05)


def test_the_way_of_the_optimum_is_drawn_up_to_the_play_head() -> None:
    trajectory = run(changed(disturbances=(CIRCLE,)))
    text = palette.figure_colours(False).text
    for step in (0, 40, 300):
        lines = [
            m.points
            for m in landscape_figure(trajectory, View(step=step)).marks
            if isinstance(m, Line) and m.colour == text
        ]
        angles = 2 * np.pi * np.arange(step + 1) / 100
        (way,) = lines
        assert way == pytest.approx(3 * np.stack([np.cos(angles), np.sin(angles)], axis=1))


def test_every_series_has_a_figure() -> None:
    assert set(FIGURES) == {"landscape", *SERIES}
    assert [k.id for k in figure_kinds(race())][-2:] == ["parameter_0", "parameter_1"]
    many = run(changed(problem=PROBLEMS["sphere"](dim=9), starts=(), steps=1))
    assert {k.id for k in standard_figures(many)} == set(FIGURES)


def test_curves_are_the_recorded_numbers() -> None:
    trajectory = race()
    figure = series_figure(trajectory, SERIES["gradient_norm"])
    lines = [m for m in figure.marks if isinstance(m, Line) and m.thinning == "columns"]
    assert [line.colour for line in lines] == [palette.colour(n) for n in range(3)]
    for line, lane in zip(lines, (0, 1, 2), strict=True):
        column = next(
            n.index for n in trajectory.plan.lanes if trajectory.plan.contender(n).colour == lane
        )
        np.testing.assert_array_equal(line.points[:, 0], np.arange(301))
        expected = np.maximum(trajectory.gradient_norm[:, column], FLOOR)
        np.testing.assert_array_equal(line.points[:, 1], expected)


def test_data_lands_on_the_pixels_that_the_axes_say() -> None:
    line = Line(np.array([[0.0, 1e-2], [5.0, 1.0], [10.0, 1e2]]), "#123456")
    figure = Figure("", Axis("x", 0, 10), Axis("y", 1e-2, 1e2, is_log=True), (line,))
    text = svg(figure)
    (frame,) = strokes(text, palette.figure_colours().axis)
    left, top, bottom, right = (float(n) for n in NUMBER.findall(frame)[:4])
    (path,) = strokes(text, "#123456")
    expected = [[left, bottom], [right, top]]  # its middle lies on the straight line
    np.testing.assert_allclose(points(path), expected, atol=0.02)


def test_curves_stay_inside_the_frame() -> None:
    view = View(x_range=(20, 120), y_range=(1e-3, 10))
    text = svg(series_figure(race(), SERIES["excess"], view))
    (frame,) = strokes(text, palette.figure_colours().axis)
    left, top, bottom, right = (float(n) for n in NUMBER.findall(frame)[:4])
    for slot in (0, 1):
        for path in strokes(text, palette.colour(slot)):
            if "h" in path:  # the legend
                continue
            x, y = points(path).T
            assert left <= x.min() + 0.01
            assert x.max() <= right + 0.01
            assert top <= y.min() + 0.01
            assert y.max() <= bottom + 0.01


@settings(max_examples=40, deadline=None)
@given(
    st.tuples(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9)),
    st.tuples(st.floats(-300, 290), st.floats(0.01, 300)),
    st.booleans(),
)
def test_any_zoom_is_well_formed(
    x: tuple[float, float], exponents: tuple[float, float], is_log: bool
) -> None:
    low, high = (10.0 ** min(e, 300) for e in (exponents[0], sum(exponents)))
    x_range = (x[0], x[0] + x[1] * max(1, abs(x[0])))
    view = View(x_range=x_range, y_range=(low, high), is_log=is_log)
    parsed(svg(series_figure(race(), SERIES["excess"], view)))
    parsed(svg(landscape_figure(race(), View(x_range=x_range, y_range=(-3, 4)))))


def test_a_diverged_run_is_followed_to_the_edge_and_does_not_flatten_the_others() -> None:
    figure = series_figure(race(), SERIES["excess"])
    assert figure.y.high < 1e12  # it ended at 1e100
    (arrow,) = [m for m in figure.marks if isinstance(m, Marker)]
    assert (arrow.shape, arrow.colour, arrow.y) == ("arrow", palette.colour(2), figure.y.high)
    assert "Far too fast diverged at" in texts(svg(figure))

    alone = series_figure(run(changed(contenders=RACE.contenders[2:])), SERIES["excess"])
    (cross,) = [m for m in alone.marks if isinstance(m, Marker)]
    assert (cross.shape, cross.y) == ("cross", pytest.approx(1e100, rel=1e3))


def test_a_run_that_leaves_the_landscape_gets_an_arrow_at_the_edge() -> None:
    figure = landscape_figure(race())
    (arrow,) = [m for m in figure.marks if isinstance(m, Marker) and m.shape == "arrow"]
    assert arrow.colour == palette.colour(2)
    assert arrow.y in (figure.y.low, figure.y.high) or arrow.x in (figure.x.low, figure.x.high)
    assert arrow.y == pytest.approx(figure.y.low)  # the first step goes down across the valley
    assert arrow.angle == pytest.approx(-90, abs=30)


def test_what_is_too_small_for_a_logarithm_lies_on_a_labelled_line() -> None:
    figure = series_figure(run(changed(starts=((0.0, 0.0),))), SERIES["excess"])
    assert any(isinstance(m, Note) and "10⁻¹⁶" in m.text for m in figure.marks)
    assert figure.y.low < FLOOR


def test_a_loss_below_zero_is_not_drawn_on_a_logarithm() -> None:
    trajectory = RUNS["negative loss"]()
    assert not series_figure(trajectory, SERIES["loss"]).y.is_log
    assert series_figure(trajectory, SERIES["excess"]).y.is_log
    assert not series_figure(trajectory, SERIES["excess"], View(is_log=False)).y.is_log


def test_only_the_chosen_contenders_are_drawn() -> None:
    figure = series_figure(race(), SERIES["loss"], View(contenders={1}))
    assert [entry.label for entry in figure.legend] == ["Adam"]
    assert [m.colour for m in figure.marks if isinstance(m, Line)] == [palette.colour(1)]


def test_the_play_head_marks_one_step_everywhere() -> None:
    trajectory = race()
    for figure in (
        series_figure(trajectory, SERIES["loss"], View(step=7)),
        landscape_figure(trajectory, View(step=7, x_range=(-1e3, 1e3), y_range=(-1e6, 1e6))),
    ):
        dots = [m for m in figure.marks if isinstance(m, Marker) and m.shape == "dot"]
        assert len(dots) == 3
    (adam,) = [d for d in dots if d.colour == palette.colour(1)]
    lane = next(n for n in trajectory.plan.lanes if n.contender == 1)
    assert [adam.x, adam.y] == trajectory.position[7, :, lane.index].tolist()


def subtitle_beside(title: str) -> str:
    axis = Axis("x", 0.0, 1.0)
    figure = Figure(title, axis, axis, (), subtitle="Perceptron, the plane of two directions, 90 %")
    told = [e.text for e in parsed(svg(figure)).iter(f"{NAMESPACE}text")]
    return next((text for text in told if text and text.startswith("Perceptron")), "")


def test_the_problem_is_told_where_there_is_no_room_for_all_that_is_known() -> None:
    assert subtitle_beside("Short") == "Perceptron, the plane of two directions, 90 %"
    for length in (30, 36, 40):
        assert subtitle_beside("m" * length) == "Perceptron"
    assert subtitle_beside("m" * 80) == ""


def test_text_is_escaped_and_printable() -> None:
    name = "<b>&\"'\x00\x1b\ud800 ünï"
    experiment = changed(title=name, contenders=(contender(name, "sgd", 0),), steps=2)
    text = svg(series_figure(run(experiment), SERIES["loss"]))
    assert "<b>&\"'\ufffd\ufffd\ufffd ünï" in texts(text)
    text.encode("utf-8")


def test_a_long_legend_is_cut_and_long_names_are_shortened() -> None:
    crowd = tuple(contender(f"{n} " + "x" * 190, "sgd", n) for n in range(60))
    experiment = changed(title="W" * 200, contenders=crowd, steps=2)
    figure = series_figure(run(experiment), SERIES["loss"])
    text = texts(svg(figure))
    assert re.search(r"and \d+ more", text)
    assert "x" * 60 not in text
    assert "W" * 60 not in text
    assert "WWW…" in text


@pytest.mark.parametrize("size", [(10, 10), (120, 90), (320, 240), (4000, 300)])
def test_any_size_of_page(size: tuple[int, int]) -> None:
    for kind in FIGURES.values():
        root = parsed(svg(kind.build(race(), View(size=size))))
        assert root.attrib["viewBox"] == f"0 0 {size[0]} {size[1]}"


def test_levels_show_valley_and_heights() -> None:
    x = np.linspace(-2, 2, 201)
    bowl = x[:, None] ** 2 + x**2
    levels = spread_levels(bowl, 0.0)
    radii = np.sqrt(levels)
    assert np.ptp(np.diff(radii)) < 0.2 * np.diff(radii).mean() + 0.05
    valley = 100 * (x[:, None] - x**2) ** 2 + (1 - x) ** 2
    levels = spread_levels(valley, 0.0)
    assert (valley < levels[0]).mean() < 0.02
    assert levels[-1] > 0.5 * valley.max()
    assert len(spread_levels(np.zeros((3, 3)), 0.0)) == 0
    assert (spread_levels(np.array([[0.0, 0.0], [0.0, 1.0]]), 0.0) > 0).all()


def test_contours_enclose_what_is_higher() -> None:
    figure = landscape_figure(race())
    areas = [m for m in figure.marks if isinstance(m, Area)]
    assert len(areas) > 8
    problem = RACE.problem
    for area in areas[1:]:
        inner = [ring for ring in area.rings if len(ring) > 20]
        heights = np.concatenate([problem.loss(ring.T) for ring in inner])
        border = np.isclose(np.abs(np.concatenate(inner)), 10).any(axis=1)
        if (~border).any():
            np.testing.assert_allclose(heights[~border], np.median(heights[~border]), rtol=0.2)


def long_race() -> Trajectory:
    crowd = tuple(contender(str(n), "sgd", n, lr=1e-3 * (n + 1)) for n in range(8))
    return run(changed(contenders=crowd, steps=60_000, noise=5.0))


def test_a_long_run_makes_a_small_file() -> None:
    trajectory = long_race()
    width = 900
    for kind in standard_figures(trajectory):
        text = svg(kind.build(trajectory, None))
        assert len(text) < 3_000_000, kind.id
        if kind.id != "landscape":
            most = max(
                len(points(p))
                for n in range(6)
                for p in strokes(text, palette.colour(n))
                if "h" not in p
            )
            assert most <= 2 * 4 * 2 * width


@pytest.mark.benchmark
def test_a_long_run_is_drawn_quickly() -> None:
    trajectory = long_race()
    started = time.perf_counter()
    for kind in standard_figures(trajectory):
        svg(kind.build(trajectory, None))
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(("step", "dots"), [(5, 0), (25, 2), (95, 0)])
def test_a_play_head_that_is_elsewhere_leaves_no_dots(step: int, dots: int) -> None:
    rules = (OPTIMIZERS["sgd"](lr=0.01), OPTIMIZERS["sgd"](lr=0.01, modifiers=(SAM(),)))
    contenders = tuple(Contender(name=str(i), optimizer=rule) for i, rule in enumerate(rules))
    trajectory = run(changed(contenders=contenders, steps=100))
    view = View(step=step, x_axis=X_AXES["evaluations"], x_range=(15.0, 60.0))
    marks = series_figure(trajectory, SERIES["loss"], view).marks
    assert sum(isinstance(m, Marker) and m.shape == "dot" for m in marks) == dots


def test_a_part_of_an_epoch_fills_the_figure() -> None:
    problem = PROBLEMS["softmax_regression"](data=DATASETS["iris"](), batch_size=10)
    trajectory = run(changed(problem=problem, steps=6))
    assert trajectory.plan.steps_per_epoch == 12
    figure = series_figure(trajectory, SERIES["loss"], View(x_axis=X_AXES["epochs"]))
    assert (figure.x.low, figure.x.high) == (0.0, 0.5)


def test_no_qt_is_loaded() -> None:
    code = (
        "import lrstudio.storage.exporters, sys; print([m for m in sys.modules if 'PySide' in m])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_schedules_show_their_shape() -> None:
    entry = msgspec.structs.replace(RACE.contenders[0], schedule=SCHEDULES["cosine"]())
    figure = series_figure(run(changed(contenders=(entry,))), SERIES["learning_rate"])
    assert figure.y.low == 0.0
    (line,) = [m for m in figure.marks if isinstance(m, Line)]
    expected = 0.05 * SCHEDULES["cosine"]().factors(300)
    np.testing.assert_allclose(line.points[:-1, 1], expected, rtol=1e-15)
    assert np.isnan(line.points[-1, 1])
