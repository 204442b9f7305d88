"""What curves are drawn against: coordinates of rows and rows of coordinates agree."""

import numpy as np
import pytest

from lrstudio.core import DATASETS, MODIFIERS, OPTIMIZERS, PROBLEMS
from lrstudio.engine import (
    NEVER,
    STEPS,
    X_AXES,
    Contender,
    Experiment,
    Recording,
    Trajectory,
    plan,
    run,
    simulate,
    x_axis_for,
)

SAM = MODIFIERS["sam_opaque"]  # two gradients a step, by its definition
EPOCHS, EVALUATIONS = X_AXES["epochs"], X_AXES["evaluations"]
SPHERE = PROBLEMS["sphere"]()
SGD = OPTIMIZERS["sgd"]
IRIS = PROBLEMS["softmax_regression"](data=DATASETS["iris"](), batch_size=50, validation_share=0.0)


def race(*rules, problem=SPHERE, steps=60, every=1) -> Trajectory:
    contenders = tuple(Contender(name=str(i), optimizer=rule) for i, rule in enumerate(rules))
    planned = plan(
        Experiment(problem=problem, contenders=contenders, steps=steps), Recording(every=every)
    )
    trajectory = Trajectory(planned)
    for _ in simulate(planned, trajectory):
        pass
    return trajectory


def test_a_rule_that_asks_twice_a_step_is_twice_as_far_along_evaluations():
    trajectory = race(SGD(lr=0.1), SGD(lr=0.1, modifiers=(SAM(),)))
    rows = np.arange(61)
    assert EVALUATIONS.at(trajectory, rows).tolist() == np.outer(rows, [1, 2]).tolist()
    assert EVALUATIONS.length(trajectory) == 120
    assert STEPS.at(trajectory, rows).tolist() == rows[:, None].tolist()
    assert STEPS.length(trajectory) == 60


@pytest.mark.parametrize(("x", "rows"), [(0, [0, 0]), (41, [41, 20]), (60, [60, 30])])
def test_at_some_evaluations_each_run_is_in_the_last_row_that_costs_no_more(x, rows):
    trajectory = race(SGD(lr=0.1), SGD(lr=0.1, modifiers=(SAM(),)))
    assert EVALUATIONS.rows_at(trajectory, x).tolist() == rows


def test_beyond_what_a_run_used_it_is_nowhere():
    trajectory = race(SGD(lr=0.1), SGD(lr=0.1, modifiers=(SAM(),)))
    assert EVALUATIONS.rows_at(trajectory, 61).tolist() == [NEVER, 30]
    assert EVALUATIONS.rows_at(trajectory, 121).tolist() == [NEVER, NEVER]


def test_a_diverged_run_uses_no_more_evaluations():
    trajectory = race(SGD(lr=0.1), SGD(lr=1e60, modifiers=(SAM(),)))
    gone = int(trajectory.diverged_at[1])
    assert 0 < gone < 10
    assert EVALUATIONS.at_lanes(trajectory, np.array([60, 60])).tolist() == [60, 2 * gone]


@pytest.mark.parametrize("axis", X_AXES.values(), ids=list(X_AXES))
@pytest.mark.parametrize("every", [1, 7])
def test_the_row_found_at_the_coordinate_of_a_row_is_that_row(axis, every):
    armijo = OPTIMIZERS["armijo"]()
    trajectory = race(SGD(lr=0.01), armijo, problem=IRIS, steps=60, every=every)
    for row in range(trajectory.rows):
        for lane, x in enumerate(axis.at_lanes(trajectory, np.full(2, row)).tolist()):
            assert axis.rows_at(trajectory, x)[lane] == row
            assert axis.snapped(trajectory, x) == pytest.approx(x)


@pytest.mark.parametrize("axis", X_AXES.values(), ids=list(X_AXES))
def test_a_stretch_holds_every_row_that_lies_in_it(axis):
    trajectory = race(SGD(lr=0.01), OPTIMIZERS["armijo"](), problem=IRIS, every=3)
    places = axis.at(trajectory, np.arange(trajectory.rows))
    low, high = np.quantile(places, [0.3, 0.6])
    first, last = axis.stretch(trajectory, low, high)
    for lane, column in enumerate(np.broadcast_to(places, (trajectory.rows, 2)).T):
        inside = np.flatnonzero((column >= low) & (column <= high))
        lane_first, lane_last = (end[lane % len(end)] for end in (first, last))
        assert lane_first <= inside[0]
        assert np.floor(lane_last) == inside[-1]


def test_epochs_are_steps_by_their_number_in_an_epoch():
    trajectory = race(SGD(lr=0.01), problem=IRIS, steps=60)  # 150 examples: 3 steps an epoch
    assert EPOCHS.length(trajectory) == 20
    assert EPOCHS.at(trajectory, np.array([0, 3, 30]))[:, 0].tolist() == [0, 1, 10]


def test_what_is_not_offered_is_steps():
    sphere = run(Experiment(problem=PROBLEMS["sphere"](), contenders=())).plan
    assert x_axis_for(sphere, "epochs") is STEPS
    assert x_axis_for(sphere, "of another version") is STEPS
    assert x_axis_for(sphere, "evaluations") is EVALUATIONS
    assert x_axis_for(race(SGD(), problem=IRIS).plan, "epochs") is EPOCHS
