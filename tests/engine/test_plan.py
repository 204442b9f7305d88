"""From an experiment to lanes: their order, their groups, and what will be recorded."""

import itertools
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrstudio.core import DATASETS, PROBLEMS, Refused
from lrstudio.engine import Experiment, Plan, Recording, plan
from lrstudio.engine.experiment import checked
from lrstudio.engine.limits import MOST_AT_ONCE
from tests.engine.races import contender, experiment, line_up


def test_every_contender_runs_from_every_start_with_every_seed() -> None:
    race = experiment("beale", *line_up(), starts=((1.0, 1.0), (2.0, 0.0)), seeds=(3, 5, 8))
    lanes = plan(race).lanes
    runs = {(lane.contender, lane.start, lane.seed) for lane in lanes}
    assert runs == set(itertools.product(range(9), range(2), (3, 5, 8)))
    assert len(lanes) == len(runs)
    assert [lane.index for lane in lanes] == list(range(len(lanes)))


def test_disabled_contenders_have_no_lane_and_change_no_number() -> None:
    on, off = contender(lr=0.1), msgspec.structs.replace(contender("adam"), enabled=False)
    planned = plan(experiment("beale", off, on, off, on))
    assert [lane.contender for lane in planned.lanes] == [1, 3]
    assert [planned.contender(lane) for lane in planned.lanes] == [on, on]


def test_groups_cover_all_lanes_and_hold_one_variant_each() -> None:
    planned = plan(experiment("beale", *line_up(), seeds=(0, 1)))
    groups = list(planned.groups())
    assert [g.first for g in groups] == [0, *(g.last for g in groups[:-1])]
    assert groups[-1].last == len(planned.lanes)
    variants = [{o.variant() for o in g.optimizers} for g in groups]
    assert all(len(v) == 1 for v in variants)
    assert len(set().union(*variants)) == len(groups)  # and no variant is split in two
    for group in groups:
        lanes = planned.lanes[group.first : group.last]
        assert group.optimizers == tuple(planned.contender(lane).optimizer for lane in lanes)


def test_lanes_of_one_variant_keep_the_order_of_the_contenders() -> None:
    planned = plan(experiment("beale", *line_up()))
    for group in planned.groups():
        order = [lane.contender for lane in planned.lanes[group.first : group.last]]
        assert order == sorted(order)


def test_no_starts_mean_the_problems_own() -> None:
    planned = plan(experiment("beale"))
    assert planned.starts == (PROBLEMS["beale"]().start,)
    assert planned.initial_positions().tolist() == [[1.0], [1.5]]


def test_positions_stand_in_the_columns_of_their_lanes() -> None:
    starts = ((1.0, 2.0), (3.0, 4.0))
    planned = plan(experiment("beale", contender(), contender("adam"), starts=starts))
    positions = planned.initial_positions()
    assert positions.flags.c_contiguous
    for lane in planned.lanes:
        assert tuple(positions[:, lane.index]) == starts[lane.start]


def test_rates_are_those_of_each_lanes_optimizer_and_schedule() -> None:
    race = experiment("beale", *line_up(), seeds=tuple(range(10)), steps=50)
    planned = plan(race)
    assert len(planned.rates.schedules) == 4  # constant, cosine, step, exponential
    everything = planned.rates.at(np.arange(50))
    some = planned.rates.at(np.array([0, 7, 49]))
    for lane in planned.lanes:
        racer = planned.contender(lane)
        expected = racer.optimizer.lr * racer.schedule.factors(50)
        assert np.array_equal(everything[:, lane.index], expected)
        assert np.array_equal(some[:, lane.index], expected[[0, 7, 49]])


def test_lanes_share_a_rate_if_optimizer_and_schedule_agree() -> None:
    same, other = contender("adam", lr=0.1), contender("adam", lr=0.2)
    for racers, is_shared in (((same, same), True), ((same, other), False)):
        planned = plan(experiment("beale", *racers, seeds=(0, 1)))
        (group,) = planned.groups()
        assert planned.rates.are_shared(group.lanes) == is_shared


def test_nothing_enabled_is_a_plan_without_lanes() -> None:
    planned = plan(Experiment(problem=PROBLEMS["beale"]()))
    assert planned.lanes == ()
    assert planned.memory_bytes == 0
    assert planned.initial_positions().shape == (2, 0)
    assert list(planned.groups()) == []


# --- recording ---------------------------------------------------------------------------------


def recorded_steps(planned: Plan) -> list[int]:
    total = planned.experiment.steps
    return [min(row * planned.stride, total) for row in range(planned.rows)]


@given(steps=st.integers(1, 5000), every=st.integers(1, 6000))
def test_every_nth_step_and_the_last_are_recorded(steps: int, every: int) -> None:
    planned = plan(experiment("beale", steps=steps), Recording(every=every))
    assert recorded_steps(planned) == sorted({*range(0, steps, every), steps})


@pytest.mark.parametrize("every", [0, -1])
def test_steps_that_cannot_be_told_apart_are_refused(every: int) -> None:
    with pytest.raises(ValueError, match=f"expected every to be at least 1, or None, got {every}"):
        Recording(every=every)


def test_everything_is_recorded_where_there_is_room() -> None:
    planned = plan(experiment("beale", *line_up(), steps=100_000))
    assert planned.stride == 1
    assert planned.rows == 100_001


@given(
    steps=st.integers(1, 10**8),
    lanes=st.integers(1, 40),
    budget=st.integers(10_000, 10**9),
)
def test_memory_keeps_to_the_budget_and_makes_use_of_it(
    steps: int, lanes: int, budget: int
) -> None:
    race = experiment("beale", steps=steps, seeds=tuple(range(lanes)))
    planned = plan(race, Recording(budget_bytes=budget))
    assert planned.memory_bytes <= budget
    # Twice as dense would not fit, or everything is recorded.
    assert planned.stride == 1 or planned.memory_bytes > 0.45 * budget - 10 * 32 * lanes


@pytest.mark.parametrize("steps", [1, 1000, 100_000_000])
def test_memory_is_known_for_more_lanes_than_the_budget_has_room_for(steps: int) -> None:
    race = experiment("beale", steps=steps, seeds=tuple(range(1000)))
    planned = plan(race, Recording(budget_bytes=1))
    assert planned.rows <= 4
    assert planned.memory_bytes == planned.rows * 1000 * 4 * 8


# --- what memory does not hold -----------------------------------------------------------------


def on_iris(lanes: int, **fields: Any) -> Experiment:
    known = {name: fields.pop(name) for name in ("order", "examples_used") if name in fields}
    problem = PROBLEMS["softmax_regression"](data=DATASETS["iris"](), batch_size=8, **known)
    return experiment(problem, seeds=tuple(range(lanes)), **fields)


def test_a_step_that_looks_at_too_much_is_refused() -> None:
    """Numbers of an example: 4 features and 3 scores."""
    lanes = MOST_AT_ONCE // (7 * 120)
    assert len(plan(on_iris(lanes, order="full", steps=5)).lanes) == lanes
    with pytest.raises(Refused, match="use batches of at most 119 examples, or fewer starts"):
        plan(on_iris(lanes + 1, order="full", steps=5))
    assert plan(on_iris(lanes + 1, steps=5)).lanes  # the batches are small


def test_measurements_that_memory_does_not_hold_are_refused() -> None:
    """Two losses, accuracies and recalls at 201 steps."""
    lanes = MOST_AT_ONCE // (6 * 201)
    fields: dict[str, Any] = {"order": "full", "examples_used": 50, "steps": 200}
    assert plan(on_iris(lanes, **fields)).memory_bytes > 8 * MOST_AT_ONCE * 0.99
    with pytest.raises(Refused, match=f"201 times; at most {lanes:,} runs"):
        plan(on_iris(lanes + 1, **fields))


def test_measurements_are_refused_when_a_file_is_opened() -> None:
    fields = {"metrics_every": 1, "steps": 1_000_000}
    assert on_iris(8, **fields)
    with pytest.raises(Refused, match="9 runs would be measured 1,000,001 times") as refused:
        checked(on_iris(9, **fields))
    assert refused.value.path == "metrics_every"


def test_curvatures_that_memory_does_not_hold_are_refused() -> None:
    fields: dict[str, Any] = {"seeds": tuple(range(100)), "steps": 10_000_000}
    assert plan(experiment("beale", curvature_every=20, **fields)).lanes
    with pytest.raises(Refused, match="measure it every 20 steps or less often") as refused:
        plan(experiment("beale", curvature_every=19, **fields))
    assert refused.value.path == "curvature_every"
