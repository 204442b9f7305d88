"""Experiments in one line each."""

from typing import Any

import numpy as np

from lrstudio.core import OPTIMIZERS, PROBLEMS, SCHEDULES
from lrstudio.core.arrays import Array
from lrstudio.engine import Contender, Experiment, Plan, Trajectory, simulate


def contender(rule: str = "sgd", schedule: Any = None, **fields: Any) -> Contender:
    """A contender with the fields of its optimizer."""
    return Contender(
        name=rule,
        optimizer=OPTIMIZERS[rule](**fields),
        schedule=schedule or SCHEDULES["constant"](),
    )


def experiment(
    problem: str | Any = "rosenbrock", *contenders: Contender, **fields: Any
) -> Experiment:
    """An experiment on a problem with its default parameters."""
    known = PROBLEMS[problem]() if isinstance(problem, str) else problem
    return Experiment(problem=known, contenders=contenders or (contender(lr=1e-3),), **fields)


def line_up() -> tuple[Contender, ...]:
    """Contenders of several rules, variants and schedules, in no order."""
    return (
        contender("adam", lr=0.02),
        contender("sgd", lr=1e-3),
        contender("momentum", lr=5e-4, schedule=SCHEDULES["cosine"]()),
        contender("adam", lr=0.05, beta2=0.9, schedule=SCHEDULES["step"](step_size=7)),
        contender("adam", lr=0.02, amsgrad=True),
        contender("rmsprop", lr=0.01, momentum=0.5, lr_position="inside"),
        contender("sgd", lr=2e-3, schedule=SCHEDULES["exponential"]()),
        contender("adam", lr=0.02, weight_decay=0.1, decay="decoupled"),
        contender("adadelta"),
    )


def run_in_chunks(plan: Plan, chunk_seconds: float) -> Trajectory:
    """Run a plan in chunks of four steps (0 seconds) or as large as they may be (many)."""
    trajectory = Trajectory(plan)
    for _ in simulate(plan, trajectory, chunk_seconds):
        pass
    return trajectory


def columns(trajectory: Trajectory, lanes: Any) -> dict[str, Array]:
    """Everything that is known of some lanes."""
    return {
        "position": trajectory.position[: trajectory.rows, :, lanes],
        "loss": trajectory.loss[: trajectory.rows, lanes],
        "gradient_norm": trajectory.gradient_norm[: trajectory.rows, lanes],
        "learning_rate": trajectory.learning_rate()[:, lanes],
        **{
            name: np.asarray(getattr(trajectory, name)[lanes])
            for name in (
                "best_loss",
                "best_step",
                "final_loss",
                "first_below",
                "diverged_at",
                "last_not_above_start",
                "evaluations",
            )
        },
    }


def assert_close(got: dict[str, Array], expected: dict[str, Array]) -> None:
    """But for rounding, NaN included."""
    for name, array in expected.items():
        np.testing.assert_allclose(got[name], array, rtol=1e-12, atol=1e-14, err_msg=name)


def assert_equal(got: dict[str, Array], expected: dict[str, Array]) -> None:
    """Bit for bit, NaN included."""
    for name, array in expected.items():
        assert np.array_equal(got[name], array, equal_nan=True), name
