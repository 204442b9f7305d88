"""What the plots against the step can show of a run."""

from collections.abc import Callable, Sequence

from lrstudio.engine import MOMENTUM, SERIES, Plan, Series, parameter_series

Choices = Callable[[Plan], Sequence[Series]]


def loss_choices(plan: Plan) -> Sequence[Series]:
    """Loss above the minimum, or the loss itself."""
    return SERIES["excess"], SERIES["loss"]


def learning_rate_choices(plan: Plan) -> Sequence[Series]:
    """The learning rate, and the momentum where a schedule cycles it."""
    rate = SERIES["learning_rate"]
    return (rate, MOMENTUM) if plan.cycles_momentum else (rate,)


def gradient_norm_choices(plan: Plan) -> Sequence[Series]:
    """The norm of the gradient."""
    return (SERIES["gradient_norm"],)


def parameter_choices(plan: Plan) -> Sequence[Series]:
    """Each coordinate of the position."""
    return tuple(parameter_series(plan, coordinate) for coordinate in range(plan.dim))
