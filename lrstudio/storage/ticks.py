"""Where an axis has its ticks and what stands at them.

Linear axes are divided by 1, 2 or 5 times a power of ten. Logarithmic ones have a label at every
decade, or at every few of them where there are many, and by 1-2-5 where there is hardly one.
"""

import math

from msgspec import Struct

# A tick exactly on the end of the axis must not fall to the last bit of a division.
_NUDGE = 1e-9
_DECADES_APART = (1, 2, 3, 4, 5, 10, 20, 25, 50, 100, 200)


class Tick(Struct, frozen=True):
    """A place on an axis: "10" with the power "−3", "0.5", or nothing for a minor tick."""

    value: float
    label: str = ""
    power: str = ""


class Ticks(Struct, frozen=True):
    """The ticks of an axis; labels are to be multiplied by 10 to the power of `exponent`."""

    major: tuple[Tick, ...]
    minor: tuple[Tick, ...] = ()
    exponent: int = 0


def linear_ticks(low: float, high: float, most: int) -> Ticks:
    """At least two ticks from `low` to `high` on a linear axis, and about `most`."""
    for finer in (1, 2, 4):
        step = _nice_step((high - low) / most / finer)
        first, last = math.ceil(low / step - _NUDGE), math.floor(high / step + _NUDGE)
        if last > first:
            break
    exponent = _common_exponent(max(abs(first), abs(last)) * step)
    decimals = max(0, exponent - math.floor(math.log10(step) + _NUDGE))
    values = [k * step for k in range(first, last + 1)]
    labels = [number(v / 10.0**exponent, decimals) for v in values]
    return Ticks(tuple(map(Tick, values, labels)), exponent=exponent)


def log_ticks(low: float, high: float, most: int) -> Ticks:
    """Ticks from `low` to `high`, both above 0, on a logarithmic axis with room for `most`."""
    first, last = math.ceil(math.log10(low) - _NUDGE), math.floor(math.log10(high) + _NUDGE)
    if last - first < 1:
        return _few_decades(low, high, most)
    apart = next(n for n in _DECADES_APART if last // n - -(-first // n) <= most)
    decades = range(first, last + 1)
    major = tuple(_power(n) for n in decades if n % apart == 0)
    if apart > 1:
        minor = (Tick(10.0**n) for n in decades if n % apart and apart <= 10)
        return Ticks(major, tuple(minor))
    between = (Tick(m * 10.0**n) for n in range(first - 1, last + 1) for m in range(2, 10))
    return Ticks(major, tuple(t for t in between if low <= t.value <= high))


def number(value: float, decimals: int) -> str:
    """A number for reading: a true minus sign, from five digits on thin spaces."""
    comma = "," if abs(value) >= 10_000 else ""
    text = f"{value:{comma}.{decimals}f}".replace(",", "\u2009").replace("-", "\u2212")
    return text.removeprefix("\u2212") if float(f"{value:.{decimals}f}") == 0 else text


def power_label(exponent: int) -> str:
    """The exponent as it is raised: a true minus sign."""
    return str(exponent).replace("-", "\u2212")


def _nice_step(least: float) -> float:
    magnitude = 10.0 ** math.floor(math.log10(least))
    return next(m * magnitude for m in (1, 2, 5, 10) if m * magnitude >= least * (1 - _NUDGE))


def _common_exponent(largest: float) -> int:
    if largest == 0 or 1e-3 <= largest < 1e6:
        return 0
    return math.floor(math.log10(largest) + _NUDGE)


def _power(decade: int) -> Tick:
    return Tick(10.0**decade, "10", power_label(decade))


def _multiple(factor: int, decade: int) -> Tick:
    value = factor * 10.0**decade
    if -3 <= decade <= 3:
        return Tick(value, number(value, max(0, -decade)))
    return Tick(value, f"{factor}×10", power_label(decade))


def _few_decades(low: float, high: float, most: int) -> Ticks:
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    found = [_multiple(m, n) for n in decades for m in (1, 2, 5)]
    inside = tuple(t for t in found if low <= t.value * (1 + _NUDGE) and t.value <= high)
    return Ticks(inside) if len(inside) >= 2 else linear_ticks(low, high, most)
