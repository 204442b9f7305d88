"""Every example shows what its notes say: the numbers in the notes are checked here."""

from collections import Counter
from functools import cache

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from lrstudio.core import DISTURBANCES, OPTIMIZERS, SCHEDULES, Disturbance, Warmup
from lrstudio.engine import Contender, Experiment, Result, Trajectory, results, run
from lrstudio.storage import experiments

IDS = [example.id for example in experiments.examples()]


@cache
def race(example: str) -> Trajectory:
    return run(example_of(example))


def example_of(name: str) -> Experiment:
    return next(experiments.load(e.path) for e in experiments.examples() if e.id == name)


def result_of(example: str) -> dict[str, Result]:
    return {r.contender.name: r for r in results(race(example))}


def losses(trajectory: Trajectory, name: str) -> NDArray[np.float64]:
    """Loss of all lanes of a contender, (rows, its lanes)."""
    plan = trajectory.plan
    return trajectory.loss[:, [n.index for n in plan.lanes if plan.contender(n).name == name]]


def with_contenders(example: str, *contenders: Contender) -> Experiment:
    return msgspec.structs.replace(example_of(example), contenders=contenders)


def with_noise(example: str, noise: float) -> Experiment:
    return msgspec.structs.replace(example_of(example), noise=noise)


def test_the_default_comes_first_and_is_the_default() -> None:
    assert IDS[0] == "default"
    assert len(IDS) >= 6
    assert experiments.default() == example_of("default")


@pytest.mark.parametrize("name", IDS)
def test_every_example_is_complete_and_as_we_write_it(name: str) -> None:
    example = next(e for e in experiments.examples() if e.id == name)
    experiment = experiments.load(example.path)
    assert example.title == experiment.title != ""
    assert "Try: " in experiment.notes
    assert len({c.colour for c in experiment.contenders}) == len(experiment.contenders)
    assert experiments.encode(experiment) == example.path.read_bytes()


def test_default() -> None:
    found = result_of("default")
    assert {name: r.verdict.kind for name, r in found.items()} == {
        "SGD": "descending",
        "Momentum": "descending",
        "RMSProp": "oscillating",
        "Adam": "converged",
    }
    assert found["Adam"].steps_to_tolerance == pytest.approx(300, abs=5)
    loss = {name: losses(race("default"), name)[:, 0] for name in found}
    leader = [min(loss, key=lambda name: loss[name][step]) for step in range(401)]
    assert set(leader[1:31]) == {"SGD"}
    assert set(leader[350:]) == {"Adam"}
    assert (loss["Momentum"][60:] < loss["SGD"][60:] / 3).all()
    calmed = Contender(
        name="RMSProp", optimizer=OPTIMIZERS["rmsprop"](lr=0.05), schedule=SCHEDULES["cosine"]()
    )
    (arrived,) = results(run(with_contenders("default", calmed)))
    assert arrived.verdict.kind == "converged"


def test_step_size() -> None:
    found = list(result_of("step-size").values())
    assert [r.verdict.kind for r in found] == ["descending", "converged", "oscillating", "diverged"]
    assert found[1].steps_to_tolerance == 47
    curvature = example_of("step-size").problem.curvature()
    assert curvature == pytest.approx((2, 20))
    # Exactly at 2/L the steep coordinate keeps its size.
    trajectory = race("step-size")
    np.testing.assert_allclose(np.abs(trajectory.position[:, 1, found[2].lane]), 6.0)


def test_schedules() -> None:
    forty = msgspec.structs.replace(example_of("schedules"), seeds=tuple(range(40)))
    for trajectory in (race("schedules"), run(forty)):
        names = [c.name for c in forty.contenders]
        ends = [losses(trajectory, name)[-1].mean() for name in names]
        assert ends[0] > ends[1] > ends[3] > ends[2]
    np.testing.assert_allclose(ends, [0.50, 0.058, 0.029, 0.042], rtol=0.02)
    quiet = [r.final_loss for r in results(run(with_noise("schedules", 0.0)))]
    assert np.argmin(quiet) == 0


def test_warm_restarts_rise_and_fall() -> None:
    loss = losses(race("schedules"), "Cosine with warm restarts").mean(axis=1)
    assert loss[300] < loss[110:290].mean() / 4
    assert loss[310:400].mean() > 4 * loss[300]


def test_noise_floor() -> None:
    names = [c.name for c in example_of("noise-floor").contenders]
    trajectory = race("noise-floor")
    floors = [losses(trajectory, name)[-500:].mean() for name in names]
    assert floors[0] / floors[1] == pytest.approx(10, rel=0.25)
    assert floors[1] / floors[2] == pytest.approx(10, rel=0.5)
    assert floors[3] < floors[2]
    arrival = [int((losses(trajectory, n).mean(axis=1) < 0.5).argmax()) for n in names]
    assert arrival[1] / arrival[0] == pytest.approx(10, rel=0.3)
    assert arrival[3] < 1.5 * arrival[0]
    quiet = [r.final_loss for r in results(run(with_noise("noise-floor", 0.0)))][::3]
    assert quiet[0] == min(quiet)
    assert quiet[3] > quiet[0]


def test_saddle() -> None:
    trajectory = race("saddle")
    half_way = {}
    for lane in trajectory.plan.lanes:
        away = np.abs(trajectory.position[:, 0, lane.index]) > 0.5
        half_way[trajectory.plan.contender(lane).name, lane.start] = away.argmax() * away.any()
    assert [half_way[name, 1] for name in ("SGD", "Momentum", "RMSProp", "Adam")] == [
        91,
        33,
        12,
        11,
    ]
    assert all(half_way[name, 0] == 0 for name, _ in half_way)
    noisy = run(with_noise("saddle", 0.001))
    assert (np.abs(noisy.position[-1, 0]) > 0.5).all()


def test_many_starts() -> None:
    found = results(race("many-starts"))
    kinds = Counter((r.contender_index, r.verdict.kind) for r in found)
    assert kinds == {(0, "stalled"): 16, (1, "stalled"): 16, (2, "converged"): 16}
    position = race("many-starts").position[-1]
    for r in found:
        if r.contender_index < 2:
            assert np.abs(position[:, r.lane] - np.array(r.start)).max() < 1
    # The jumps are chaotic, so another machine may see other ones: shifted starts stand for that.
    for shift in (1e-12, 1e-10, 1e-8):
        assert arrivals(shift, 1000) == 16
    assert min(arrivals(shift, 200) for shift in (1e-12, 1e-10, 1e-8)) < 16


def arrivals(shift: float, steps: int) -> int:
    """Runs with long steps that end at the global minimum."""
    experiment = example_of("many-starts")
    starts = tuple((x + shift, y - shift) for x, y in experiment.starts)
    changed = msgspec.structs.replace(
        experiment, starts=starts, steps=steps, contenders=experiment.contenders[2:]
    )
    return sum(r.final_loss < 0.5 for r in results(run(changed)))


def test_momentum_position() -> None:
    trajectory = race("momentum-position")
    outside, inside, outside_dropped, inside_dropped = (
        losses(trajectory, c.name)[:, 0] for c in example_of("momentum-position").contenders
    )
    np.testing.assert_allclose(inside, outside, rtol=1e-6)
    np.testing.assert_allclose(inside_dropped[:40], outside_dropped[:40], rtol=1e-6)
    assert inside_dropped[40:60].max() > 100 * outside_dropped[40:60].max()
    assert inside_dropped[-1] > 100 * outside_dropped[-1]


def test_warm_up() -> None:
    found = list(result_of("warm-up").values())
    assert found[0].verdict.kind == "diverged"
    assert found[1].final_loss == pytest.approx(found[2].final_loss, rel=0.15)
    assert found[3].final_loss > 5 * found[1].final_loss
    experiment = example_of("warm-up")
    wall = np.linalg.eigvalsh(experiment.problem.hessian(experiment.starts[0]))[-1]
    valley = experiment.problem.curvature()
    assert valley is not None
    assert 5.5 < wall / valley[1] < 6
    kinds = []
    for steps in (1, 2):
        schedule = SCHEDULES["constant"](warmup=Warmup(steps=steps))
        contender = Contender(name="", optimizer=OPTIMIZERS["sgd"](lr=0.0015), schedule=schedule)
        kinds.append(results(run(with_contenders("warm-up", contender)))[0].verdict.kind)
    assert kinds == ["diverged", "descending"]


def test_flavours() -> None:
    experiment = example_of("flavours")
    torch, changed, keras, optax = (
        losses(race("flavours"), c.name)[:, 0] for c in experiment.contenders
    )
    kinds = [r.verdict.kind for r in result_of("flavours").values()]
    assert kinds == ["descending", "converged", "converged", "converged"]
    found = list(result_of("flavours").values())
    steps = [row.steps_to_tolerance or 0 for row in found[1:]]
    assert len(set(steps)) == 1
    assert found[0].verdict.numbers["steps_left"] > steps[0]
    position = race("flavours").position
    assert np.abs(position[:, :, 2] - position[:, :, 3]).max() < 2e-5
    first = np.abs(np.diff(position[:2], axis=0)).max(axis=1)[0]
    np.testing.assert_allclose(first[0] / first[1:], np.sqrt(0.1 / 0.01), rtol=1e-3)
    assert np.isfinite([torch[-1], changed[-1], keras[-1], optax[-1]]).all()


def test_flavours_differ_only_by_their_switches() -> None:
    experiment = example_of("flavours")
    constant = [
        msgspec.structs.replace(c, schedule=SCHEDULES["constant"]()) for c in experiment.contenders
    ]
    optimizer = msgspec.structs.replace(constant[1].optimizer, eps_position="inside")
    changed = msgspec.structs.replace(constant[1], optimizer=optimizer)
    position = run(with_contenders("flavours", changed, constant[3])).position
    np.testing.assert_allclose(position[:, :, 0], position[:, :, 1], rtol=1e-11)


def test_edge_of_stability() -> None:
    ends = race("edge-of-stability").position[-1]
    sharpness = np.square(ends).sum(axis=0)
    assert sharpness == pytest.approx([8.05, 7.96, 4.76, 2.02], abs=0.005)
    assert (sharpness < 2 / np.array([0.05, 0.2, 0.3, 0.4])).all()
    assert {r.verdict.kind for r in result_of("edge-of-stability").values()} == {"converged"}
    too_large = Contender(name="", optimizer=OPTIMIZERS["sgd"](lr=0.5))
    (thrown_out,) = results(run(with_contenders("edge-of-stability", too_large)))
    assert thrown_out.verdict.kind == "diverged"


def test_momentum_cycle() -> None:
    rows = results(race("momentum-cycle"))
    assert [r.verdict.kind for r in rows] == ["oscillating", "converged", "converged", "converged"]
    assert rows[1].steps_to_tolerance == 26
    circle = race("momentum-cycle").position[-3:, 0, 0]
    assert sorted(circle) == pytest.approx([-1.8024, 0.6465, 2.1159], abs=5e-5)
    example = msgspec.structs.replace(example_of("momentum-cycle"), starts=((3.6,),))
    assert results(run(example))[0].verdict.kind == "converged"
    same = OPTIMIZERS["nesterov"](lr=1 / 9, momentum=4 / 9)
    nesterov = with_contenders("momentum-cycle", Contender(name="", optimizer=same))
    assert results(run(nesterov))[0].verdict.kind == "diverged"


def test_nesterov_limit() -> None:
    found = result_of("nesterov-limit")
    kinds = {name: r.verdict.kind for name, r in found.items()}
    assert kinds.pop("Nesterov") == "diverged"
    assert set(kinds.values()) == {"converged"}
    position = race("nesterov-limit").position[:, 0]
    halved, thrown = (position[:, found[name].lane] for name in ("Gradient descent", "Nesterov"))
    np.testing.assert_allclose(halved[1:20] / halved[:19], -0.5)
    np.testing.assert_allclose(thrown[-50:] / thrown[-51:-1], -1.297, atol=5e-4)
    calmed = OPTIMIZERS["nesterov"](lr=1.3, momentum=0.9)
    (arrived,) = results(
        run(with_contenders("nesterov-limit", Contender(name="", optimizer=calmed)))
    )
    assert arrived.verdict.kind == "converged"
    faster = [
        msgspec.structs.replace(c, optimizer=msgspec.structs.replace(c.optimizer, lr=2.1))
        for c in example_of("nesterov-limit").contenders
    ]
    ends = [r.verdict.kind for r in results(run(with_contenders("nesterov-limit", *faster)))]
    assert ends == ["diverged", "converged", "diverged", "converged"]


def late(example: str, *changes: Disturbance, name: str) -> float:
    """Mean f − f* of a contender over the second half of all its runs, perhaps otherwise moved."""
    experiment = example_of(example)
    if changes:
        experiment = msgspec.structs.replace(experiment, disturbances=changes)
    trajectory = race(example) if not changes else run(experiment)
    return float(losses(trajectory, name)[experiment.steps // 2 :].mean())


RATES = {"η = 0.01": 1.5, "η = 0.1": 0.08, "η = 0.6": 0.75}


def test_a_circling_optimum_has_a_best_rate_which_grows_with_its_speed() -> None:
    for name, told in RATES.items():
        assert late("drift", name=name) == pytest.approx(told, rel=0.1)
    decaying = "η = 0.6, as 1/t"
    assert late("drift", name=decaying) > 1.5
    circle = DISTURBANCES["circle_drift"]
    fast, none = circle(radius=2.0, period=30.0), circle(radius=0.0)
    quick = [late("drift", fast, name=name) for name in (*RATES, decaying)]
    assert min(quick) == quick[2]
    still = [late("drift", none, name=name) for name in (*RATES, decaying)]
    assert max(still[0], still[3]) < 0.2 * min(still[1], still[2])
    assert {r.verdict.kind for r in results(race("drift"))} == {"tracking"}


def test_with_heavy_tails_bounded_steps_win() -> None:
    example, descent, clipped = "heavy-tails", "Gradient descent", "Clipped at 5"
    assert late(example, name=descent) == pytest.approx(0.3, rel=0.2)
    half = example_of(example).steps // 2
    assert losses(race(example), descent)[half:].max() > 100
    assert late(example, name=clipped) == pytest.approx(0.02, rel=0.3)
    assert late(example, name="Sign descent") < 0.01
    assert late(example, name="Adam") > 3 * late(example, name=clipped)
    light = DISTURBANCES["heavy_tailed_noise"](nu=30.0)
    ends = [late(example, light, name=name) for name in (descent, clipped)]
    assert ends[0] == pytest.approx(ends[1], rel=0.01)


def test_digits() -> None:
    loss = {name: row.final_loss for name, row in result_of("digits").items()}
    large, small = (
        {rule: loss[f"{rule}, η = {rate}"] for rule in ("SGD", "Momentum", "Adam")}
        for rate in (0.1, 0.001)
    )
    assert sorted(large, key=large.get) == ["Momentum", "Adam", "SGD"]  # type: ignore[arg-type]
    assert sorted(small, key=small.get) == ["Adam", "Momentum", "SGD"]  # type: ignore[arg-type]
    assert large["SGD"] > 5 * large["Momentum"]
    assert small["SGD"] > 2.3  # as good as a guess among ten
    sgd = Contender(name="SGD", optimizer=OPTIMIZERS["sgd"](lr=1.0))
    (faster,) = results(run(with_contenders("digits", sgd)))
    assert faster.final_loss == pytest.approx(large["Momentum"], rel=0.05)


def test_rare_class() -> None:
    slow, fast = (result_of("rare-class")[name] for name in ("η = 0.5", "η = 5"))
    assert slow.final_loss == pytest.approx(fast.final_loss, rel=1e-3)
    assert slow.metrics["validation_recall"] == fast.metrics["validation_recall"] < 0.1
    assert slow.metrics["validation_accuracy"] > 0.97
    weighted = msgspec.structs.replace(
        example_of("rare-class"),
        problem=msgspec.structs.replace(example_of("rare-class").problem, class_weights="balanced"),
    )
    for row in results(run(weighted)):
        assert row.metrics["validation_recall"] > 10 * slow.metrics["validation_recall"]
        assert row.metrics["validation_accuracy"] < 0.9
