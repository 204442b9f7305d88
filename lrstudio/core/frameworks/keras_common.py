"""Arguments that every class of `keras.optimizers` has, and that are modifiers here.

Keras, 3.15, divides the gradient by the scale of the loss, gathers it, clips it, decays the
parameters, takes the rule's step and averages the parameters, in this order.
"""

from typing import Any

from lrstudio.core.frameworks.table import Values
from lrstudio.core.modifier import Modifier
from lrstudio.core.modifiers.accumulation import Accumulate
from lrstudio.core.modifiers.clipping import ClipNorm, ClipValue
from lrstudio.core.modifiers.filtering import ScaleGradient
from lrstudio.core.modifiers.weight_average import WeightAverage
from lrstudio.core.validation import Refused, shown

DEFAULTS: Values = {
    "use_ema": False,
    "ema_momentum": 0.99,
    "ema_overwrite_frequency": None,
    "loss_scale_factor": None,
    "gradient_accumulation_steps": None,
    "clipnorm": None,
    "clipvalue": None,
    "global_clipnorm": None,
}
CLIPPING = ("clipnorm", "clipvalue", "global_clipnorm")


def modifiers_of(where: str, values: Values) -> tuple[Values, tuple[Modifier, ...]]:
    """The other arguments, and the modifiers that these are; raises `Refused` as Keras does."""
    rate = values.get("learning_rate", 0.0)
    if not isinstance(rate, float):
        raise Refused(f"{where}: learning_rate must be a float, got {shown(rate)}")
    common = {name: values.get(name, default) for name, default in DEFAULTS.items()}
    others = {name: value for name, value in values.items() if name not in DEFAULTS}
    gathered = _whole(where, "gradient_accumulation_steps", common, 2)
    modifiers = (
        *_average(where, common, gathered or 1),
        *_scaling(where, common["loss_scale_factor"]),
        *((Accumulate(every=gathered),) if gathered else ()),
        *_clipping(where, common),
    )
    return others, modifiers


def arguments_of(modifiers: tuple[Modifier, ...]) -> Values | None:
    """The arguments that are these modifiers; None where there are none."""
    found: Values = {}
    for modifier in modifiers:
        match modifier:
            case WeightAverage(momentum=momentum, overwrite=overwrite):
                found |= {"use_ema": True, "ema_momentum": momentum}
                found |= {"ema_overwrite_frequency": overwrite} if overwrite else {}
            case ScaleGradient(factor=factor) if factor:
                found["loss_scale_factor"] = 1 / factor
            case Accumulate(every=every) if every > 1:
                found["gradient_accumulation_steps"] = every
            case ClipNorm(limit=limit, scope="layer"):
                found["clipnorm"] = limit
            case ClipNorm(limit=limit):
                found["global_clipnorm"] = limit
            case ClipValue(limit=limit):
                found["clipvalue"] = limit
    try:
        _, again = modifiers_of("", dict(found))
    except Refused:
        return None
    return found if again == modifiers else None


def _average(where: str, common: Values, pace: int) -> tuple[Modifier, ...]:
    if not common["use_ema"]:
        return ()
    momentum = _number(where, "ema_momentum", common["ema_momentum"])
    if not 0 <= momentum <= 1:
        raise Refused(f"{where}: ema_momentum: expected a number [0, 1], got {shown(momentum)}")
    overwrite = _whole(where, "ema_overwrite_frequency", common, 1)
    return (WeightAverage(momentum=momentum, overwrite=overwrite, pace=pace),)


def _scaling(where: str, scale: Any) -> tuple[Modifier, ...]:
    if scale is None:
        return ()
    if not _number(where, "loss_scale_factor", scale):
        raise Refused(f"{where}: loss_scale_factor: expected a number other than 0, got {scale!r}")
    return (ScaleGradient(factor=1 / scale),)


def _clipping(where: str, common: Values) -> tuple[Modifier, ...]:
    given = {n: _number(where, n, common[n]) for n in CLIPPING if common[n] is not None}
    if len(given) > 1:
        raise Refused(f"{where}: only one of {', '.join(CLIPPING)} may be set")
    for name, limit in given.items():
        if limit > 0:  # Keras takes the others for none
            if name == "clipvalue":
                return (ClipValue(limit=limit),)
            return (ClipNorm(limit=limit, scope="layer" if name == "clipnorm" else "all"),)
    return ()


def _whole(where: str, name: str, common: Values, least: int) -> int | None:
    """A number of steps; Keras takes zero for none."""
    value = common[name]
    if value is None or value == 0:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise Refused(f"{where}: {name}: expected a whole number >= {least}, got {shown(value)}")
    return value


def _number(where: str, name: str, value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise Refused(f"{where}: {name}: expected a number, got {shown(value)}")
    return float(value)
