"""What PyTorch's schedulers refuse when they are made, 2.13. Each check may tidy its arguments."""

from typing import Any

from lrstudio.core.frameworks.schedules_entry import Arguments, Unfit, listed, numbers
from lrstudio.core.validation import shown


def function(a: Arguments) -> None:
    """A function of the step number."""
    a.lr_lambda = alone(a.lr_lambda)
    if not callable(a.lr_lambda):
        raise Unfit(f"lr_lambda: expected a function of the step, got {shown(a.lr_lambda)}")


def step(a: Arguments) -> None:
    """StepLR takes any numbers."""
    numbers(a, "step_size", "gamma")


def milestones(a: Arguments) -> None:
    """MultiStepLR takes any milestones."""
    numbers(a, "gamma")
    a.milestones = listed(a.milestones, "milestones")


def constant(a: Arguments) -> None:
    """ConstantLR: a factor from 0 to 1."""
    numbers(a, "factor", "total_iters")
    if not 0 <= a.factor <= 1:
        raise Unfit(f"factor: expected a number from 0 to 1, got {a.factor:g}")


def linear(a: Arguments) -> None:
    """LinearLR: a start above 0, both ends at most 1."""
    numbers(a, "start_factor", "end_factor", "total_iters")
    if not 0 < a.start_factor <= 1:
        raise Unfit(f"start_factor: expected a number above 0, at most 1, got {a.start_factor:g}")
    if not 0 <= a.end_factor <= 1:
        raise Unfit(f"end_factor: expected a number from 0 to 1, got {a.end_factor:g}")


def exponential(a: Arguments) -> None:
    """ExponentialLR takes any number."""
    numbers(a, "gamma")


def polynomial(a: Arguments) -> None:
    """PolynomialLR takes any numbers."""
    numbers(a, "total_iters", "power")


def cosine(a: Arguments) -> None:
    """CosineAnnealingLR takes any numbers."""
    numbers(a, "T_max", "eta_min")


def restarts(a: Arguments) -> None:
    """CosineAnnealingWarmRestarts: whole lengths."""
    for name in ("T_0", "T_mult"):
        value = getattr(a, name)
        if not isinstance(value, int) or value < 1:
            raise Unfit(f"{name}: expected a whole number of at least 1, got {shown(value)}")
    numbers(a, "eta_min")


def cyclic(a: Arguments) -> None:
    """CyclicLR: a mode that is known, or a function for it."""
    a.base_lr, a.max_lr = alone(a.base_lr), alone(a.max_lr)
    a.base_momentum, a.max_momentum = alone(a.base_momentum), alone(a.max_momentum)
    numbers(a, "base_lr", "max_lr", "step_size_up", "gamma", "base_momentum", "max_momentum")
    if a.step_size_down is not None:
        numbers(a, "step_size_down")
    known = ("triangular", "triangular2", "exp_range")
    if a.scale_fn is None and a.mode not in known:
        raise Unfit(f"mode: expected {', '.join(known)} or a scale_fn, got {shown(a.mode)}")
    if a.scale_fn is not None and not callable(a.scale_fn):
        raise Unfit(f"scale_fn: expected a function, got {shown(a.scale_fn)}")


def one_cycle(a: Arguments) -> None:
    """OneCycleLR: a length that is known and a share of it, which must be a float."""
    a.max_lr = alone(a.max_lr)
    a.base_momentum, a.max_momentum = alone(a.base_momentum), alone(a.max_momentum)
    numbers(a, "max_lr", "div_factor", "final_div_factor", "base_momentum", "max_momentum")
    names = ("total_steps",) if a.total_steps is not None else ("epochs", "steps_per_epoch")
    if any(getattr(a, name) is None for name in names):
        raise Unfit("total_steps is missing, or epochs and steps_per_epoch")
    for name in names:
        value = getattr(a, name)
        if not isinstance(value, int) or value <= 0:
            raise Unfit(f"{name}: expected a whole number above 0, got {shown(value)}")
    if a.total_steps is None:
        a.total_steps = a.epochs * a.steps_per_epoch
    if not isinstance(a.pct_start, float) or not 0 <= a.pct_start <= 1:
        raise Unfit(f"pct_start: expected a float from 0.0 to 1.0, got {shown(a.pct_start)}")
    strategy(a)


def strategy(a: Arguments) -> None:
    """How OneCycleLR and SWALR go from one rate to another."""
    if a.anneal_strategy not in ("cos", "linear"):
        raise Unfit(f"anneal_strategy: expected 'cos' or 'linear', got {shown(a.anneal_strategy)}")


def swa(a: Arguments) -> None:
    """SWALR: a whole number of epochs."""
    a.swa_lr = alone(a.swa_lr)
    numbers(a, "swa_lr")
    strategy(a)
    if not isinstance(a.anneal_epochs, int) or a.anneal_epochs < 0:
        raise Unfit(
            f"anneal_epochs: expected a whole number of at least 0, got {shown(a.anneal_epochs)}"
        )


def alone(value: Any) -> Any:
    """The value for the one parameter group there is."""
    if isinstance(value, list | tuple):
        if len(value) != 1:
            raise Unfit(f"expected one value for the one parameter group, got {len(value)}")
        return value[0]
    return value


def plateau(a: Arguments) -> None:
    """ReduceLROnPlateau: a factor below 1 and modes that are known."""
    a.min_lr = alone(a.min_lr)
    numbers(a, "factor", "patience", "threshold", "cooldown", "min_lr", "eps")
    if a.factor >= 1:
        raise Unfit(f"factor: expected a number below 1, got {a.factor:g}")
    for name, known in (("mode", ("min", "max")), ("threshold_mode", ("rel", "abs"))):
        if getattr(a, name) not in known:
            raise Unfit(f"{name}: expected {' or '.join(known)}, got {shown(getattr(a, name))}")
    if a.min_lr < 0 and a.factor < 0:
        raise Unfit(f"factor: {a.factor:g} with a min_lr below 0 would make the rate negative")
