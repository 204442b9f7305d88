import gc
import weakref
from itertools import pairwise

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel, QToolButton

from lrstudio.core import DATASETS, MODIFIERS, OPTIMIZERS, PROBLEMS
from lrstudio.engine import SERIES, X_AXES, Contender, Experiment, Trajectory, run
from lrstudio.gui import theme
from lrstudio.gui.plots.canvas import Canvas
from lrstudio.gui.plots.choices import (
    MOST_PARAMETERS,
    curvature_choices,
    gradient_norm_choices,
    learning_rate_choices,
    loss_choices,
    parameter_choices,
)
from lrstudio.gui.plots.legend import LegendEntry, LegendStrip
from lrstudio.gui.plots.pointed import at_step
from lrstudio.gui.plots.series_data import SeriesData, of_lane

CONTROL = Qt.KeyboardModifier.ControlModifier


def columns_with(ink, plot, slot):
    """Pixel columns of the picture where the contender's colour shows."""
    mask = ink(plot.canvas, theme.colour_for(slot), slack=60)
    left = plot.canvas.from_view(QPointF(0, 0)).x()
    return np.flatnonzero(mask[:, int(left) + 1 :].any(axis=0))


def y_range(plot):
    return tuple(plot.canvas.view.viewRange()[1])


def test_without_a_run_it_says_what_to_do(series_plot):
    plot = series_plot(loss_choices, None)
    hint = plot.findChild(QLabel, "plotHint")
    assert hint.isVisible()
    assert "Run" in hint.text()
    assert not plot.canvas.isVisible()


def test_without_a_quantity_it_goes_by_its_own_name(series_plot, race):
    plot = series_plot(curvature_choices, race(curvature_every=10))
    plot.set_empty_text("Not measured.", "Curvature")
    assert plot.header.title.text() == "Largest curvature"
    assert plot.log_switch.isVisible()
    plot.show_trajectory(race())
    assert plot.header.title.text() == "Curvature"
    assert not plot.log_switch.isVisible()
    plot.show_trajectory(race(curvature_every=10))
    assert plot.log_switch.isVisible()


def test_every_contender_is_drawn_over_the_whole_run(series_plot, race, ink):
    plot = series_plot(loss_choices, race())
    width = plot.canvas.view.rect().width()
    for slot in (0, 1):
        columns = columns_with(ink, plot, slot)
        assert columns.min() < 0.05 * width
        assert columns.max() > 0.93 * width


def test_the_newest_row_is_drawn_while_a_run_grows(series_plot, race, growing, ink):
    trajectory = growing(race(steps=1000), 100)
    plot = series_plot(loss_choices, trajectory)
    plot.set_hidden({1})  # both end on the lowest line, one over the other
    width = plot.canvas.view.rect().width()
    for rows in (400, 701):
        trajectory.rows = rows
        plot.refresh()
        reached = columns_with(ink, plot, 0).max() / width
        assert reached == pytest.approx((rows / 1000 + 0.015) / 1.03, abs=0.02)


def test_refreshing_without_news_does_nothing(series_plot, race, monkeypatch):
    plot = series_plot(loss_choices, race())
    calls = []
    monkeypatch.setattr(SeriesData, "spans", lambda *_: calls.append(1))
    for _ in range(5):
        plot.refresh()
    assert not calls


def test_the_wheel_zooms_the_steps_of_all_linked_plots(series_plot, race, mouse):
    trajectory = race()
    loss, rate = (series_plot(c, trajectory) for c in (loss_choices, learning_rate_choices))
    before = loss.canvas.view.viewRange()
    under_mouse = loss.canvas.frame().value_at(200, 50)[0]

    mouse.turn(loss, 200, 50, 2)

    (first, last), y = loss.canvas.view.viewRange()
    assert last - first < 0.7 * (before[0][1] - before[0][0])
    assert loss.canvas.frame().value_at(200, 50)[0] == pytest.approx(under_mouse, abs=0.5)
    assert rate.canvas.view.viewRange()[0] == pytest.approx([first, last])
    assert y[1] <= before[1][1]


def test_ctrl_and_the_wheel_zoom_the_values_of_one_plot(series_plot, race, mouse):
    trajectory = race()
    loss, rate = (series_plot(c, trajectory) for c in (loss_choices, learning_rate_choices))
    before, rate_before = loss.canvas.view.viewRange(), rate.canvas.view.viewRange()

    mouse.turn(loss, 200, 50, 2, CONTROL)

    x, (bottom, top) = loss.canvas.view.viewRange()
    assert x == pytest.approx(before[0])
    assert top - bottom == pytest.approx(0.64 * (before[1][1] - before[1][0]))
    assert rate.canvas.view.viewRange() == rate_before


def test_dragging_pans_and_a_double_click_shows_everything(series_plot, race, mouse, link):
    plot = series_plot(loss_choices, race())
    home = plot.canvas.view.viewRange()
    mouse.turn(plot, 200, 50, 4)
    zoomed = plot.canvas.view.viewRange()

    mouse.drag(plot, (200, 100), (230, 110), (260, 130))

    panned = plot.canvas.view.viewRange()
    pixel = (zoomed[0][1] - zoomed[0][0]) / plot.canvas.view.rect().width()
    assert zoomed[0][0] - panned[0][0] == pytest.approx(60 * pixel, rel=0.05)
    assert panned[1][1] > zoomed[1][1]
    mouse.double_click(plot, 200, 50)
    assert plot.canvas.view.viewRange() == home
    assert not link.is_zoomed


def test_panning_stops_at_the_ends_of_the_run(series_plot, race, mouse, link):
    plot = series_plot(loss_choices, race(steps=200))
    mouse.turn(plot, 200, 50, 3)
    mouse.drag(plot, (50, 100), (400, 100), (450, 100))
    assert link.visible[0] == pytest.approx(-3.0)


def test_the_scale_can_be_switched_and_is_remembered_per_quantity(series_plot, race, qtbot):
    plot = series_plot(loss_choices, race())
    switch = plot.findChild(QToolButton, "logSwitch")
    assert plot.series.id == "excess"
    assert plot.is_logarithmic
    assert switch.isChecked()
    assert y_range(plot)[1] < 4  # decades

    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)

    assert not plot.is_logarithmic
    assert y_range(plot)[1] > 10
    plot.choose_series("loss")
    assert plot.header.chooser.currentText() == "f"
    plot.set_logarithmic(True)
    plot.choose_series("excess")
    assert not plot.is_logarithmic
    plot.choose_series("loss")
    assert plot.is_logarithmic


def test_values_that_no_logarithm_has_lie_on_a_labelled_line(series_plot, race):
    trajectory = race(steps=100)
    trajectory.loss[50:, 0] = 0.0
    trajectory.loss[50:, 1] = -1.0
    plot = series_plot(loss_choices, trajectory)
    low, high = y_range(plot)
    assert low < -16 < high
    plot.grab()
    axis = plot.canvas.left_axis
    ticks = axis.tickValues(low, high, plot.canvas.view.rect().height())[0][1]
    assert axis.tickStrings(ticks, 1.0, None)[0] == "≤ 10⁻¹⁶"


def test_a_parameter_plot_offers_each_coordinate(series_plot, race):
    plot = series_plot(parameter_choices, race(problem="sphere", dim=3))
    chooser = plot.header.chooser
    assert [chooser.itemText(i) for i in range(chooser.count())] == ["x₁", "x₂", "x₃"]
    plot.on_header_chosen(2)
    plot.show_trajectory(race(problem="sphere", dim=3, steps=100))
    assert plot.series.id == "parameter_2"
    plot.show_trajectory(race(problem="rosenbrock"))
    assert plot.series.id == "parameter_0"


def test_of_very_many_parameters_some_of_every_layer_are_offered(race):
    """A perceptron on digits: 64 × 16 + 16 weights, then 16 × 10 + 10 of which all move."""
    digits = DATASETS["digits"]()
    trajectory = race(problem="perceptron", data=digits, width=16, steps=2)
    offered = parameter_choices(trajectory.plan)
    names = [series.symbol for series in offered]
    assert len(set(names)) == MOST_PARAMETERS
    assert (names[0], names[-1]) == ("b₂[10]", "W₁[1,1]")
    assert {name.split("[")[0] for name in names} == {"W₁", "b₁", "W₂", "b₂"}
    first, last = (series.values(trajectory, 0, 2) for series in (offered[0], offered[-1]))
    assert np.ptp(first, axis=0).all()  # a bias of the outputs
    assert not np.ptp(last, axis=0).any()  # that corner is white in all images


def test_the_crosshair_reads_all_plots_at_the_recorded_step(
    series_plot, race, mouse, crosshair, qtbot
):
    trajectory = race(steps=200, every=10)
    loss, norm = (series_plot(c, trajectory) for c in (loss_choices, gradient_norm_choices))
    x = float(loss.canvas.frame().x(np.array(83.0)))

    with qtbot.waitSignal(crosshair.moved) as moved:
        mouse.move(loss, x, 60)

    assert moved.args[0].x == 80
    for plot in (loss, norm):
        readout = plot._readout
        assert readout.isVisible()
        assert [r.name for r in readout.readings] == ["SGD", "Adam"]
    expected = trajectory.gradient_norm[8, 0]
    assert float(norm._readout.readings[0].value) == pytest.approx(expected, rel=0.01)
    QApplication.sendEvent(loss.canvas, QEvent(QEvent.Type.Leave))
    assert crosshair.pointed is None
    assert not norm._readout.isVisible()


@pytest.mark.parametrize("share", [0.01, 0.3, 0.49, 0.51, 0.7, 0.99])
def test_the_readout_is_never_under_the_mouse_nor_outside(series_plot, race, mouse, share):
    plot = series_plot(loss_choices, race())
    x = share * plot.canvas.view.rect().width()
    mouse.move(plot, x, 20)
    box = plot._readout.mapRectToParent(plot._readout.boundingRect())
    assert not box.contains(x, 20)
    assert plot.canvas.view.rect().contains(box)


def test_a_plot_that_floats_has_a_legend_of_its_own(series_plot, race, qtbot):
    plot = series_plot(loss_choices, race())
    assert plot.findChild(LegendStrip) is None
    plot.set_hidden({1})
    plot.set_legend_visible(True)
    legend = plot.findChild(LegendStrip)
    assert legend.isVisible()
    assert legend.hidden_contenders == {1}
    entry = legend.findChild(LegendEntry, "legendEntry1")
    with qtbot.waitSignal(plot.contender_toggled) as told:
        qtbot.mouseClick(entry, Qt.MouseButton.LeftButton)
    assert told.args == [1, True]
    plot.show_trajectory(race(third_rate=0.01))
    assert legend.findChild(LegendEntry, "legendEntry2").isVisible()
    plot.set_legend_visible(False)
    assert not legend.isVisible()


def test_a_narrow_plot_shortens_its_title(series_plot, race):
    plot = series_plot(loss_choices, race())
    plot.resize(230, 200)
    QApplication.processEvents()
    assert plot.width() == 230
    assert plot.header.title.width() < plot.header.title.sizeHint().width()
    assert plot.log_switch.geometry().right() <= plot.header.width()


def test_a_low_plot_reads_in_one_line_and_only_what_there_is(series_plot, race, mouse, crosshair):
    trajectory = race(third_rate=0.01)
    third = next(lane.index for lane in trajectory.plan.lanes if lane.contender == 2)
    trajectory.loss[50:, third] = np.nan
    plot = series_plot(loss_choices, trajectory)
    plot.resize(520, 110)
    QApplication.processEvents()
    crosshair.move_to(at_step(100))
    assert [r.name for r in plot._readout.readings] == ["SGD", "Adam"]
    box = plot._readout.mapRectToParent(plot._readout.boundingRect())
    assert box.height() < 24
    assert plot.canvas.view.rect().contains(box)
    trajectory.loss[50:] = np.nan
    crosshair.move_to(at_step(120))
    assert not plot._readout.isVisible()


def test_a_low_plot_still_reads_every_contender(series_plot, race, mouse):
    plot = series_plot(loss_choices, race(third_rate=0.01))
    plot.resize(520, 110)
    QApplication.processEvents()
    mouse.move(plot, 200, 20)
    box = plot._readout.boundingRect()
    assert len(plot._readout.readings) == 3
    assert box.height() <= plot.canvas.view.rect().height()


def test_several_runs_of_a_contender_are_read_by_their_extent(series_plot, race, mouse, crosshair):
    trajectory = race(starts=((1.0, 1.0), (3.0, 3.0)))
    plot = series_plot(loss_choices, trajectory)
    mouse.move(plot, 200, 50)
    values = [r.value for r in plot._readout.readings]
    assert len(values) == 2
    assert all("…" in value for value in values)
    plot.highlight({lane.index for lane in trajectory.plan.lanes if lane.contender == 1})
    crosshair.move_to(None)
    mouse.move(plot, 210, 50)
    assert [r.name for r in plot._readout.readings] == ["Adam"]


def test_moving_the_play_head_reads_one_row_and_draws_no_curve_anew(series_plot, race, monkeypatch):
    plot = series_plot(loss_choices, race())
    plot.grab()
    monkeypatch.setattr(SeriesData, "spans", None)
    picture = plot._curves._picture
    image = picture._image.cacheKey()

    plot.set_step(77)
    plot.grab()

    assert plot._play_head.isVisible()
    assert plot._play_head.pos().x() == pytest.approx(
        float(plot.canvas.frame().x(np.array(77.0))), abs=0.6
    )
    assert picture._image.cacheKey() == image
    plot.set_step(None)
    assert not plot._play_head.isVisible()


def test_hidden_contenders_leave_the_picture_and_the_readout(series_plot, race, ink, mouse):
    plot = series_plot(loss_choices, race())
    plot.set_hidden({1})
    assert not len(columns_with(ink, plot, 1))
    assert len(columns_with(ink, plot, 0))
    mouse.move(plot, 200, 50)
    assert [r.name for r in plot._readout.readings] == ["SGD"]


def test_a_highlighted_run_stands_out_and_the_others_step_back(series_plot, race, ink):
    plot = series_plot(loss_choices, race())
    before = ink(plot.canvas, theme.colour_for(1)).sum()
    plot.highlight({1})
    assert ink(plot.canvas, theme.colour_for(1)).sum() > 1.3 * before
    assert not len(columns_with(ink, plot, 0))
    plot.highlight(set())
    assert len(columns_with(ink, plot, 0))


def test_a_highlighted_run_that_is_hidden_does_not_fade_the_others(series_plot, race, ink):
    plot = series_plot(loss_choices, race())
    plot.highlight({1})
    plot.set_hidden({1})
    assert len(columns_with(ink, plot, 0))


def test_a_diverged_run_ends_with_a_cross_or_leaves_with_an_arrow(series_plot, race, ink):
    trajectory = race(third_rate=1.5, steps=200)  # doubles its distance with every step
    assert trajectory.diverged_at[trajectory.plan.lanes[1].index] > 0
    plot = series_plot(loss_choices, trajectory)
    plot.grab()
    assert plot._curves._departures
    assert y_range(plot)[1] < 10  # the tame ones fill the picture
    plot.canvas.view.setYRange(-20, 110)
    plot.grab()
    assert plot._curves._crosses
    assert not plot._curves._departures


def test_another_run_of_the_same_length_keeps_the_zoom(series_plot, race, mouse, link):
    plot = series_plot(loss_choices, race(steps=200))
    mouse.turn(plot, 200, 50, 3)
    zoom = link.visible
    plot.show_trajectory(race(steps=200, third_rate=0.01))
    assert link.visible == zoom
    plot.show_trajectory(race(steps=300))
    assert not link.is_zoomed


def test_a_run_without_contenders_shows_the_sentence(series_plot, race, growing):
    trajectory = race()
    plot = series_plot(loss_choices, trajectory)
    disabled = [replace(c, enabled=False) for c in trajectory.plan.experiment.contenders]
    nobody = replace(trajectory.plan.experiment, contenders=tuple(disabled))
    plot.show_trajectory(run(nobody))
    assert plot.findChild(QLabel, "plotHint").isVisible()
    plot.refresh()
    plot.set_step(5)
    plot.show_trajectory(trajectory)
    assert plot.canvas.isVisible()


def test_a_run_that_has_not_begun_is_an_empty_picture(series_plot, race, mouse):
    trajectory = Trajectory(race().plan)
    plot = series_plot(loss_choices, trajectory)
    mouse.move(plot, 200, 50)
    plot.set_step(3)
    plot.grab()
    assert plot.canvas.isVisible()


def test_the_context_menu_is_our_own(series_plot, race, qtbot):
    plot = series_plot(loss_choices, race())
    names = [a.objectName() for a in plot.menu.actions() if not a.isSeparator()]
    assert names == ["resetView", "logScale", "copyPicture", "exportPicture"]
    assert plot.canvas.view.menu is None
    actions = {a.objectName(): a for a in plot.menu.actions()}
    with qtbot.waitSignal(plot.export_requested):
        actions["exportPicture"].trigger()
    actions["copyPicture"].trigger()
    assert not QGuiApplication.clipboard().pixmap().isNull()
    actions["logScale"].trigger()
    assert not plot.is_logarithmic


def test_a_plot_that_was_hidden_catches_up_when_it_is_shown(series_plot, race, growing, ink):
    trajectory = growing(race(steps=1000), 100)
    plot = series_plot(loss_choices, trajectory)
    plot.hide()
    trajectory.rows = 1001
    plot.refresh()
    plot.show()
    QApplication.processEvents()
    assert columns_with(ink, plot, 0).max() > 0.93 * plot.canvas.view.rect().width()


def test_all_plots_have_axes_of_the_same_width(series_plot, race):
    trajectory = race()
    plots = [series_plot(c, trajectory) for c in (loss_choices, learning_rate_choices)]
    assert len({plot.canvas.from_view(QPointF(0, 0)).x() for plot in plots}) == 1


def test_it_is_dressed_anew_when_the_theme_changes(series_plot, race, ink, qapp):
    plot = series_plot(loss_choices, race())
    theme.apply(qapp, "dark")
    try:
        assert ink(plot.canvas, theme.DARK.background, slack=2).mean() > 0.5
        assert len(columns_with(ink, plot, 0))
    finally:
        theme.apply(qapp, "light")
    assert ink(plot.canvas, theme.LIGHT.background, slack=2).mean() > 0.5


def test_everything_that_takes_the_focus_has_a_name(series_plot, race):
    plot = series_plot(loss_choices, race())
    for widget in (plot.canvas, plot.header.chooser, plot.log_switch):
        assert widget.accessibleName()
        assert widget.objectName() or widget is plot.canvas


@pytest.mark.parametrize("steps", [400, 100_000, 4_000_000, 100_000_000])
def test_steps_are_written_out_and_never_cut_at_the_right(qtbot, steps):
    canvas = Canvas(is_stepped=True)
    qtbot.addWidget(canvas)
    canvas.resize(400, 160)
    canvas.show()
    canvas.view.setXRange(0, steps, padding=0.0)
    axis = canvas.bottom_axis
    image = QImage(canvas.size(), QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    _, _, texts = axis.generateDrawSpecs(painter)
    painter.end()
    assert texts[-1][2] == f"{steps:,}".replace(",", "\u2009" if steps >= 10_000 else "")
    rects = [axis.mapRectToScene(rect) for rect, _, _ in texts]
    assert rects[-1].right() <= canvas.width()
    assert all(a.right() < b.left() for a, b in pairwise(rects))


def test_no_number_runs_into_the_text_in_the_corner(qtbot):
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(400, 160)
    canvas.show()
    canvas.view.setXRange(-2, 2, padding=0.0)
    image = QImage(canvas.size(), QImage.Format.Format_ARGB32)

    def leftmost(corner: str) -> float:
        canvas.set_corner(corner)
        painter = QPainter(image)
        _, _, texts = canvas.bottom_axis.generateDrawSpecs(painter)
        painter.end()
        return canvas.bottom_axis.mapRectToScene(texts[0][0]).left()

    width = QFontMetricsF(theme.small_font()).horizontalAdvance("PC2↑PC1→")
    assert leftmost("") < width < leftmost("PC2↑PC1→")


def test_the_header_says_a_symbol_once(series_plot, race):
    plot = series_plot(parameter_choices, race(problem="double_well"))
    assert (plot.header.title.text(), plot.header.note.text()) == ("Parameter x", "")
    plot = series_plot(learning_rate_choices, race())
    assert plot.header.note.text() == "η"


def test_the_curvature_is_compared_with_two_over_the_rate(series_plot, race, ink):
    measured = race(problem="sphere", steps=60, curvature_every=20)
    plot = series_plot(curvature_choices, measured)
    assert "2/η" in plot.header.note.text()
    low, high = plot.shown_ranges()[1]
    assert low < 2.0 < 2 / 0.02 < high  # the curvature of the sphere, and the limit of SGD
    assert ink(plot.canvas, theme.colour_for(0), slack=60).sum() > 100
    plot.show_trajectory(race(problem="sphere"))
    assert plot.series is None
    assert plot.findChild(QLabel, "plotHint").isVisible()


def test_the_play_head_stands_where_something_was_recorded(series_plot, race):
    plot = series_plot(loss_choices, race(steps=200, every=10))
    plot.set_step(83)
    x = float(plot.canvas.frame().x(np.array(80.0)))
    assert plot._play_head.pos().x() == pytest.approx(x, abs=1)


def test_a_plot_without_a_run_keeps_none(series_plot, race, link):
    plot = series_plot(loss_choices, race())
    alive = weakref.ref(plot._trajectory)
    plot.show_trajectory(None)
    gc.collect()
    assert alive() is None


@pytest.mark.parametrize("stretch", [(0.0, 12_000.0), (3000.0, 9000.0), (5990.0, 6020.0)])
@pytest.mark.parametrize("axis", X_AXES.values(), ids=list(X_AXES))
def test_every_value_lies_in_the_column_of_its_place(axis, stretch):
    sgd, twice = OPTIMIZERS["sgd"], MODIFIERS["sam_opaque"]
    contenders = (
        Contender(name="Plain", optimizer=sgd(lr=0.02)),
        Contender(name="Twice", optimizer=sgd(lr=0.02, modifiers=(twice(),))),
    )
    noisy = {"problem": PROBLEMS["sphere"](), "steps": 6000, "noise": 1.0}
    trajectory = run(Experiment(contenders=contenders, **noisy))
    data = SeriesData(SERIES["loss"], trajectory)
    while data.refresh():
        pass
    spans = data.spans(*stretch, 300, axis)
    rows = np.arange(trajectory.rows)
    places = np.broadcast_to(axis.at(trajectory, rows), (len(rows), 2))
    for lane in range(2):
        seen = rows[(places[:, lane] >= stretch[0]) & (places[:, lane] <= stretch[1])]
        assert len(seen)
        known = ~np.isnan(spans.low[:, lane])
        last, first = (of_lane(ends, lane)[known] for ends in (spans.last, spans.first))
        column = np.searchsorted(last, places[seen, lane])
        assert (first[column] <= places[seen, lane]).all()
        values = trajectory.loss[seen, lane]
        assert (spans.low[column, lane] <= values).all()
        assert (values <= spans.high[column, lane]).all()
        # Neither lane is drawn more coarsely than the pixels are.
        widths = (last - first)[1:-1]
        assert widths.max(initial=0.0) <= 2.1 * (stretch[1] - stretch[0]) / 300


def test_where_nothing_is_shown_nothing_can_be_chosen(series_plot, race):
    plot = series_plot(parameter_choices, race())
    assert plot.header.chooser.isVisible()
    plot.show_trajectory(None)
    assert not plot.header.chooser.isVisible()
    plot.show_trajectory(race())
    assert plot.header.chooser.isVisible()
