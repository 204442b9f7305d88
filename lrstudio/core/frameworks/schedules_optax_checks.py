"""What Optax refuses when a schedule is made or called, 0.2.8. A check may tidy its arguments."""

from collections.abc import Callable, Mapping
from typing import Any

from lrstudio.core.frameworks.schedules_entry import Arguments, Unfit, boundaries, listed, numbers
from lrstudio.core.validation import shown


def are_numbers(*names: str) -> Callable[[Arguments], None]:
    """A check that some arguments are numbers."""
    return lambda a: numbers(a, *names)


def exponential(a: Arguments) -> None:
    """Exponential decays, with or without a warm-up, take any numbers."""
    numbers(a, *(n for n in vars(a) if n not in ("staircase", "end_value")))
    if a.end_value is not None:
        numbers(a, "end_value")


def cosine(a: Arguments) -> None:
    """A cosine decay has steps."""
    numbers(a, *vars(a))
    if not a.decay_steps > 0:
        raise Unfit(f"decay_steps: expected a number above 0, got {a.decay_steps:g}")


def warmup_cosine(a: Arguments) -> None:
    """The steps of a warm-up cosine decay include its warm-up."""
    numbers(a, *vars(a))
    if not a.decay_steps - a.warmup_steps > 0:
        raise Unfit(
            f"decay_steps: expected more than the {a.warmup_steps:g} steps of the warm-up, which "
            f"it includes, got {a.decay_steps:g}"
        )


def pieces(a: Arguments) -> None:
    """Pieces: a kind that is known, and factors that are not negative."""
    kind = getattr(a, "interpolate_type", "linear")
    if kind not in ("linear", "cosine"):
        raise Unfit(f"interpolate_type: expected 'linear' or 'cosine', got {shown(kind)}")
    numbers(a, "init_value")
    pairs = boundaries(a.boundaries_and_scales or {}, "boundaries_and_scales")
    for step, scale in pairs:
        if not scale >= 0:
            raise Unfit(
                f"boundaries_and_scales: expected factors of at least 0, got {scale:g} at {step:g}"
            )
    a.boundaries_and_scales = pairs


def one_cycle(a: Arguments) -> None:
    """One-cycles have steps; Optax divides by both factors."""
    numbers(a, *vars(a))
    if a.transition_steps <= 0:
        raise Unfit(f"transition_steps: expected a number above 0, got {a.transition_steps:g}")
    for name in ("div_factor", "final_div_factor"):
        if getattr(a, name) <= 0:
            raise Unfit(f"{name}: expected a number above 0, got {getattr(a, name):g}")


def listed_calls(value: Any) -> list[Mapping[str, Any]]:
    """The arguments of several calls; there must be some."""
    calls = listed(value, "cosine_kwargs")
    if not calls or not all(isinstance(call, Mapping) for call in calls):
        raise Unfit("cosine_kwargs: expected the arguments of at least one warm-up cosine decay")
    return calls


def plateau(a: Arguments) -> None:
    """A factor between 0 and 1 and a threshold."""
    numbers(a, "factor", "rtol", "atol", "min_scale")
    if not 0 < a.factor < 1:
        raise Unfit(f"factor: expected a number above 0 and below 1, got {a.factor:g}")
    if a.rtol < 0 or a.atol < 0 or a.rtol > 1:
        raise Unfit(f"rtol: expected a number from 0 to 1 (atol from 0 on), got {a.rtol:g}")
    if a.rtol == 0 and a.atol == 0:
        raise Unfit("rtol: expected rtol or atol above 0, got 0 for both")
    for name in ("patience", "cooldown", "accumulation_size"):
        if not isinstance(getattr(a, name), int):
            raise Unfit(f"{name}: expected a whole number, got {shown(getattr(a, name))}")
    if a.min_scale > 1:
        raise Unfit(
            f"min_scale: expected at most 1, the scale at the beginning, got {a.min_scale:g}"
        )
