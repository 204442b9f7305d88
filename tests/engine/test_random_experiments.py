"""Any experiment that is accepted runs to its end, and what comes out is consistent."""

import functools
import re
from operator import itemgetter
from typing import Any

import msgspec
import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrstudio.core import (
    DATASETS,
    DISTURBANCES,
    MODIFIERS,
    OPTIMIZERS,
    PROBLEMS,
    SCHEDULES,
    Parameter,
    Problem,
    Refused,
    Warmup,
    parameters,
)
from lrstudio.core.declaration import LISTS
from lrstudio.engine import (
    NEVER,
    SERIES,
    Contender,
    Experiment,
    Recording,
    Trajectory,
    experiment_from,
    ranking,
    results,
    run,
)

SIMPLE_SCHEDULES = {
    name: cls for name, cls in SCHEDULES.items() if not cls.listens and not hasattr(cls, "parts")
}
"""What schedules of schedules are made of here."""

FORMULAS = (
    "a*x**2 + b*y**2",
    "f(u) = log(u)*u",
    "sum(x**2) + c*prod(cos(x))",
    "-x - y",
    "abs(x)**1.5/(1 + x*y)",
    "0*x",
)


SMALL = {
    "dim": (2, 12),
    "rows": (2, 4),
    "columns": (2, 4),
    "examples": (4, 60),
    "hidden_layers": (1, 3),
    "width": (1, 3),
    "classes": (2, 4),
    "features": (1, 4),
}
"""Sizes that decide how long a run takes."""
DRAWN = {key: cls for key, cls in DATASETS.items() if cls.family == "generated"}
"""Data sets that come in any size."""


def entries(parameter: Parameter) -> st.SearchStrategy[Any]:
    """The entries of lists."""
    return {
        "integers": st.integers(0, 100),
        "numbers": st.floats(0, 1),
        "points": st.tuples(st.floats(0, 1), st.floats(0, 10)),
        "schedules": st.deferred(lambda: any_of(SIMPLE_SCHEDULES)),
        "constants": st.tuples(st.sampled_from("abcd"), st.floats(-10, 10)),
        "intervals": st.tuples(st.floats(-100, 0), st.floats(1, 100)),
    }[parameter.kind]


def values(parameter: Parameter) -> st.SearchStrategy[Any]:
    """Everything that is allowed, the default more often than chance would have it."""
    if parameter.kind == "flag":
        return st.booleans()
    if parameter.kind == "choice":
        return st.sampled_from(parameter.choices)
    if parameter.kind == "formula":
        return st.sampled_from(FORMULAS)
    if parameter.kind == "dataset":
        return any_of(DRAWN)
    if parameter.name in SMALL:
        low, high = SMALL[parameter.name]
        return st.integers(low, min(high, int(parameter.maximum or high)))
    if parameter.kind in LISTS:
        unique = itemgetter(0) if parameter.kind == "constants" else None
        return st.lists(entries(parameter), max_size=4, unique_by=unique).map(tuple)
    if parameter.kind in ("integer", "length"):
        most = 200 if parameter.high is None else min(200, int(parameter.high))
        whole = st.integers(int(parameter.minimum or 0), most)
        return st.none() | whole if parameter.kind == "length" else whole
    return st.just(parameter.default) | st.floats(
        parameter.minimum,
        parameter.maximum,
        exclude_min=parameter.exclusive_minimum,
        exclude_max=parameter.exclusive_maximum,
    )


@functools.cache
def configurations(cls: type[Any]) -> st.SearchStrategy[Any]:
    fields = {p.name: values(p) for p in parameters(cls)}
    if cls in SCHEDULES.values():
        fields["warmup"] = st.none() | configurations(Warmup)
    if cls in OPTIMIZERS.values():
        fields["modifiers"] = st.just(()) | st.lists(any_of(MODIFIERS), max_size=2).map(tuple)
    return st.builds(cls, **fields)


def any_of(registry: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(list(registry.values())).flatmap(configurations)


CONTENDERS = st.builds(
    Contender,
    name=st.just(""),
    optimizer=any_of(OPTIMIZERS),
    schedule=any_of(SCHEDULES),
    enabled=st.booleans(),
)


NOTHING_TO_LEARN = re.compile("expected (at least 2 examples|examples of two classes)")


def can_be_learned(problem: Problem) -> bool:
    """Whether a model's knobs leave it examples to learn from."""
    try:
        return problem.dim > 0
    except Refused as refused:
        if NOTHING_TO_LEARN.match(refused.sentence):
            return False
        raise


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    problem = draw(any_of(PROBLEMS).filter(can_be_learned))
    near, far = st.floats(-10, 10), st.floats(-1e300, 1e300)
    suited = CONTENDERS.filter(lambda c: c.optimizer.unsuited(problem.matrix_shape) is None)
    start = st.tuples(*[near | far] * problem.dim)
    return Experiment(
        problem=problem,
        contenders=tuple(draw(st.lists(suited, max_size=5))),
        steps=draw(st.integers(1, 60)),
        starts=tuple(draw(st.lists(start, max_size=2))),
        seeds=tuple(draw(st.lists(st.integers(0, 2**53), min_size=1, max_size=2, unique=True))),
        noise=draw(st.just(0.0) | st.floats(0, 1e6)),
        disturbances=tuple(draw(st.just([]) | st.lists(any_of(DISTURBANCES), max_size=3))),
        tolerance=draw(st.floats(5e-324, 1e12)),
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(race=experiments(), every=st.none() | st.integers(1, 80))
def test_any_experiment_runs_to_its_end_and_is_consistent(
    race: Experiment, every: int | None
) -> None:
    assert experiment_from(msgspec.to_builtins(race)) == race
    trajectory = run(race, Recording(every=every))
    assert trajectory.is_finished
    assert len(results(trajectory)) == len(ranking(results(trajectory))) == lanes_of(race)
    if trajectory.plan.lanes:
        check_the_record(trajectory)
        check_the_table(trajectory)


def lanes_of(race: Experiment) -> int:
    enabled = sum(c.enabled for c in race.contenders)
    return enabled * max(1, len(race.starts)) * len(race.seeds)


def check_the_record(trajectory: Trajectory) -> None:
    assert trajectory.rows == trajectory.plan.rows
    assert trajectory.reached == trajectory.plan.experiment.steps
    steps = trajectory.steps_array()
    has_ended = (trajectory.diverged_at != NEVER) & (steps[:, None] >= trajectory.diverged_at)
    # A lane is finite up to its divergence and NaN from there, in all that is recorded of it.
    assert np.array_equal(np.isnan(trajectory.loss), has_ended)
    assert not np.isinf(trajectory.loss).any()
    assert np.isnan(trajectory.position.transpose(0, 2, 1)[has_ended]).all()
    assert np.isnan(trajectory.gradient_norm[has_ended]).all()
    # A rate may be below zero: growing waves around a high floor lead there, in the frameworks too.
    is_over = has_ended | (steps[:, None] == trajectory.reached)
    assert np.array_equal(np.isnan(trajectory.learning_rate()), is_over)
    for series in SERIES.values():
        assert series.values(trajectory, 0, trajectory.rows).shape == trajectory.loss.shape


def check_the_table(trajectory: Trajectory) -> None:
    problem = trajectory.plan.experiment.problem
    is_searched = problem.minimum_value is None or problem.minima_are_found
    minimum = -np.inf if problem.minimum_value is None else problem.minimum_value
    size = max(1.0, abs(problem.floor))
    for row in results(trajectory):
        verdict, lane = row.verdict, row.lane
        assert verdict.kind in verdict.sentence
        assert np.isnan(row.final_loss) == (trajectory.diverged_at[lane] != NEVER)
        if not is_searched:
            assert row.best_loss >= minimum - 1e-12 * size
        assert not row.final_loss < row.best_loss
        assert verdict.kind == "diverged" or trajectory.diverged_at[lane] == NEVER
        if verdict.kind == "converged":
            assert row.steps_to_tolerance == verdict.step
            assert verdict.minimum in (*problem.minima, None) or trajectory.plan.is_drifting
            is_named = bool(problem.minima) and not problem.minima_are_examples
            assert verdict.minimum is not None or not is_named
        if row.steps_to_tolerance is not None:
            assert 0 <= row.steps_to_tolerance <= trajectory.reached
