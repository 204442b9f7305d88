"""What the plots against the step can show of a run."""

from collections.abc import Callable, Sequence

import numpy as np

from lrstudio.engine import (
    MOMENTUM,
    SERIES,
    Plan,
    Series,
    curvature_series,
    loss_series,
    metric_series,
    parameter_series,
)

Choices = Callable[[Plan], Sequence[Series]]

MOST_PARAMETERS = 200
"""Coordinates that a list offers."""


def loss_choices(plan: Plan) -> Sequence[Series]:
    """Loss above the minimum, or the loss itself; of models also the validation loss."""
    return loss_series(plan)


def metric_choices(plan: Plan) -> Sequence[Series]:
    """What a model is measured by besides its loss."""
    metrics = plan.experiment.problem.metrics
    return tuple(metric_series(plan, i) for i, m in enumerate(metrics) if not m.is_loss)


def learning_rate_choices(plan: Plan) -> Sequence[Series]:
    """The learning rate, and the momentum where a schedule cycles it."""
    rate = SERIES["learning_rate"]
    return (rate, MOMENTUM) if plan.cycles_momentum else (rate,)


def gradient_norm_choices(plan: Plan) -> Sequence[Series]:
    """The norm of the gradient."""
    return (SERIES["gradient_norm"],)


def curvature_choices(plan: Plan) -> Sequence[Series]:
    """The largest eigenvalue of the Hessian, where it is measured."""
    return curvature_series(plan)


def parameter_choices(plan: Plan) -> Sequence[Series]:
    """Each coordinate of the position; of very many some of every layer.

    These go from the outputs back, since the first weights may belong to a feature that never
    changes, such as a corner of an image, and then never move.
    """
    shown = np.arange(plan.dim)
    if plan.dim > MOST_PARAMETERS:
        shown = np.linspace(plan.dim - 1, 0, MOST_PARAMETERS).astype(int)
    return tuple(parameter_series(plan, i) for i in shown.tolist())
