"""What is too much for a computer, or no match for a rule: refused before anything is computed."""

from typing import TYPE_CHECKING

from lrstudio.core import Problem, Refused, describe
from lrstudio.core.epochs import counted
from lrstudio.engine.measuring import measured_every, rows_of

if TYPE_CHECKING:
    from lrstudio.engine.experiment import Experiment

MOST_NUMBERS = 1_000_000
"""Runs times coordinates that advance at once: some 100 MB of working memory."""

MOST_AT_ONCE = 50_000_000
"""Numbers that the examples of a step, or all measurements of a run, may make: some 400 MB."""

MOST_CURVED = 1000
"""Parameters up to which a matrix of all second derivatives is made at each step."""


def number_of_runs(experiment: "Experiment") -> int:
    """Enabled contenders times starts times seeds."""
    enabled = sum(contender.enabled for contender in experiment.contenders)
    return enabled * max(1, len(experiment.starts)) * len(experiment.seeds)


def refuse_too_many_runs(experiment: "Experiment") -> None:
    """Raise `Refused` if the experiment asks for more runs than a computer should be given."""
    problem, runs = experiment.problem, number_of_runs(experiment)
    dim = problem.dim
    if dim > MOST_NUMBERS:
        raise Refused(
            f"the problem has {dim:,} coordinates and may have {MOST_NUMBERS:,}; make it smaller",
            "problem",
        )
    if runs * dim > MOST_NUMBERS:
        raise Refused(
            f"the contenders, starts and seeds make {runs:,} runs of {dim:,} coordinates; at most "
            f"{MOST_NUMBERS // dim:,} runs can be made, use fewer starts or seeds"
        )
    _refuse_too_many_examples(problem, runs)
    _refuse_too_many_measurements(experiment, runs)
    _refuse_too_many_curvatures(experiment, runs)


def _refuse_too_many_curvatures(experiment: "Experiment", runs: int) -> None:
    """Raise `Refused` if more curvatures would be measured than memory holds."""
    every, steps = experiment.curvature_every, experiment.steps
    if every is not None and runs * (steps // every) > MOST_AT_ONCE:
        raise Refused(
            f"the curvature of {counted(runs, 'run')} would be measured {steps // every:,} times; "
            f"measure it every {-(-steps * runs // MOST_AT_ONCE):,} steps or less often",
            "curvature_every",
        )


def _refuse_too_many_measurements(experiment: "Experiment", runs: int) -> None:
    """Raise `Refused` if more metrics would be measured than memory holds."""
    every = measured_every(experiment)
    if not every:
        return
    rows = rows_of(experiment.steps, every)
    most = MOST_AT_ONCE // (rows * len(experiment.problem.metrics))
    if runs > most:
        raise Refused(
            f"{counted(runs, 'run')} would be measured {rows:,} times; at most {most:,} runs can "
            "be, measure less often or use fewer starts or seeds",
            "metrics_every" if experiment.metrics_every is not None else "",
        )


def _refuse_too_many_examples(problem: Problem, runs: int) -> None:
    """Raise `Refused` if a step, or a measurement, looks at more than memory holds."""
    sampling = problem.sampling
    if sampling is None or runs == 0:
        return
    if 2 * runs * sampling.examples > MOST_AT_ONCE:
        raise Refused(
            f"{runs:,} runs would be measured on {sampling.examples:,} examples; at most "
            f"{MOST_AT_ONCE // (2 * sampling.examples):,} runs can be, use fewer starts or seeds"
        )
    most = MOST_AT_ONCE // (runs * problem.numbers_per_example)
    if sampling.most_at_once > most:
        size = f"batches of at most {counted(most, 'example')}, or " if most else ""
        raise Refused(
            f"each step of {counted(runs, 'run')} would look at {sampling.most_at_once:,} "
            f"examples; use {size}fewer starts or seeds"
        )


def refuse_unsuited(experiment: "Experiment") -> None:
    """Raise `Refused` if an enabled contender cannot step the parameters of the problem."""
    shape, dim = matrix_shape_of(experiment.problem), experiment.problem.dim
    for i, contender in enumerate(experiment.contenders):
        if not contender.enabled:
            continue
        complaint = contender.optimizer.unsuited(shape)
        if contender.optimizer.wants("hessian") and dim > MOST_CURVED:
            complaint = (
                f"{describe(type(contender.optimizer)).title} needs the second derivatives of all "
                f"parameters, which are {dim:,} here and may be {MOST_CURVED}; choose another rule"
            )
        if complaint:
            raise Refused(complaint, f"contenders[{i}].optimizer")


def matrix_shape_of(problem: Problem) -> tuple[int, int] | None:
    """Outputs and inputs of a matrix among the parameters; None where there is none."""
    if problem.matrix_shape is not None or len(problem.layers) < 2:
        return problem.matrix_shape
    shapes = (layer.shape for layer in problem.layers)
    return next(((s[1], s[0]) for s in shapes if len(s) == 2), None)
