"""How often the metrics of a model are measured, and how many numbers that makes."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lrstudio.engine.experiment import Experiment

MOST_MEASUREMENTS = 200
"""Measurements of a run, if nobody says how often: more cannot be told apart in a picture."""


def measured_every(experiment: "Experiment") -> int:
    """Steps from one measurement of the metrics to the next; 0 where there are none.

    As often as the experiment says, else once an epoch or in every so many epochs.
    """
    if not experiment.problem.metrics:
        return 0
    if experiment.metrics_every is not None:
        return experiment.metrics_every
    epoch = experiment.steps_per_epoch or 1
    return epoch * -(-experiment.steps // (epoch * MOST_MEASUREMENTS))


def rows_of(steps: int, every: int) -> int:
    """How often something is measured that is at the start, every so many steps and at the end."""
    return steps // every + 1 + (steps % every > 0)
