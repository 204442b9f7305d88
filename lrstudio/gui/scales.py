"""How a parameter's values lie on a slider, and which value comes next.

Three scales: even (linear), even in decades (log), and even in decades of the distance to an open
upper bound, for shares such as β₂ where 0.9, 0.99 and 0.999 are as far apart as they behave.
"""

import math
from collections.abc import Callable
from decimal import Decimal

from msgspec import Struct

from lrstudio.core import Parameter

_MANTISSAS = (1, 2, 5)


class Scale(Struct, frozen=True):
    """The range of a slider with the mapping between values and 0..1."""

    low: float
    high: float
    warp: Callable[[float], float]
    unwarp: Callable[[float], float]
    tidy: Callable[[float], float]

    def fraction(self, value: float) -> float:
        """Where `value` lies on the slider, 0 to 1; values beyond its ends lie at the ends."""
        inside = min(max(value, self.low), self.high)
        first, last = self.warp(self.low), self.warp(self.high)
        return (self.warp(inside) - first) / (last - first)

    def value(self, fraction: float) -> float:
        """The value at `fraction`, rounded to the few digits that a hand can aim at."""
        first, last = self.warp(self.low), self.warp(self.high)
        value = self.tidy(self.unwarp(first + (last - first) * min(max(fraction, 0.0), 1.0)))
        return min(max(value, self.low), self.high)


def scale_of(parameter: Parameter) -> Scale | None:
    """The slider's scale for a number, or None where no finite range is declared."""
    if parameter.kind not in {"real", "integer", "length"}:
        return None
    low, high = parameter.low, parameter.high
    if low is None or high is None or not math.isfinite(high - low) or low >= high:
        return None
    number = float if parameter.kind == "real" else int
    low, high = number(low), number(high)
    if parameter.scale == "log" and low > 0:
        return _logarithmic(parameter, low, high)
    if _nears_open_end(parameter):
        return _towards_open_end(low, high, float(parameter.maximum or 0.0))
    return _linear(parameter, low, high)


def stepped(parameter: Parameter, value: float, direction: int, is_page: bool = False) -> float:
    """The next sensible value up (+1) or down (-1), within the bounds of the parameter.

    Log scales walk 1-2-5 and a page is a decade; even scales walk a round hundredth of the
    slider's range and a page is ten of them.
    """
    if parameter.scale == "log":
        candidate = _log_neighbour(parameter, value, direction, is_page)
    else:
        candidate = _even_neighbour(parameter, value, direction, is_page)
    candidate = float(candidate) if parameter.kind == "real" else round(candidate)
    return _bounded(parameter, value, candidate)


def _logarithmic(parameter: Parameter, low: float, high: float) -> Scale:
    digits = 2 if high / low >= 100 else 3
    tidy = _rounded_to(digits, is_whole=parameter.kind != "real")
    return Scale(low, high, math.log10, _power_of_ten, tidy)


def _towards_open_end(low: float, high: float, end: float) -> Scale:
    def warp(value: float) -> float:
        return -math.log10(end - value)

    def unwarp(warped: float) -> float:
        return float(end - 10.0**-warped)

    def tidy(value: float) -> float:
        return float(Decimal(repr(end)) - Decimal(f"{end - value:.1e}"))

    return Scale(low, high, warp, unwarp, tidy)


def _linear(parameter: Parameter, low: float, high: float) -> Scale:
    is_whole = parameter.kind != "real"
    decimals = 0 if is_whole else -math.floor(math.log10((high - low) / 200))

    def tidy(value: float) -> float:
        return round(value) if is_whole else float(round(value, decimals))

    return Scale(low, high, float, float, tidy)


def _rounded_to(digits: int, is_whole: bool) -> Callable[[float], float]:
    def tidy(value: float) -> float:
        rounded = float(f"{value:.{digits - 1}e}")
        return round(rounded) if is_whole else rounded

    return tidy


def _power_of_ten(exponent: float) -> float:
    return float(10.0**exponent)


def _nears_open_end(parameter: Parameter) -> bool:
    """Whether the range ends so close to a bound it may not touch that decades of it matter."""
    low, high, maximum = parameter.low, parameter.high, parameter.maximum
    if not parameter.exclusive_maximum or low is None or high is None or maximum is None:
        return False
    return 0.0 < maximum - high < 0.05 * (high - low)


def _log_neighbour(parameter: Parameter, value: float, direction: int, is_page: bool) -> float:
    if value <= 0.0:
        return (parameter.low or 1.0) if direction > 0 else value
    if is_page:
        return float(Decimal(repr(value)).scaleb(direction))
    if parameter.kind != "real" and value + direction <= 10:
        return value + direction
    return _on_125(value, direction)


def _on_125(value: float, direction: int) -> float:
    """The nearest of ..., 1, 2, 5, 10, 20, ... above or below a positive value."""
    exponent = math.floor(math.log10(value))
    grid = [float(f"{m}e{e}") for e in range(exponent - 1, exponent + 3) for m in _MANTISSAS]
    if direction > 0:
        return min(g for g in grid if g > value * (1 + 1e-9))
    return max(g for g in grid if g < value * (1 - 1e-9))


def _even_neighbour(parameter: Parameter, value: float, direction: int, is_page: bool) -> float:
    step = Decimal(repr(_even_step(parameter, value))) * (10 if is_page else 1)
    quotient = Decimal(repr(float(value))) / step
    count = math.floor(quotient) + 1 if direction > 0 else math.ceil(quotient) - 1
    candidate = float(count * step)
    end = parameter.maximum
    if parameter.exclusive_maximum and end is not None and candidate >= end:
        return _closer_to(end, value, is_page)
    return candidate


def _even_step(parameter: Parameter, value: float) -> float:
    low, high = parameter.low, parameter.high
    if low is not None and high is not None and 0.0 < high - low < math.inf:
        hundredth = (high - low) / 100
    else:
        hundredth = abs(value) / 10 or 0.1
    exponent = math.floor(math.log10(hundredth))
    mantissa = hundredth / 10.0**exponent
    nearest = min((1, 2, 5, 10), key=lambda m: abs(math.log(m / mantissa)))
    step = float(f"{nearest}e{exponent}")
    return step if parameter.kind == "real" else max(1.0, round(step))


def _closer_to(end: float, value: float, is_page: bool) -> float:
    """Halfway or, by page, nine tenths of the way to a bound that may not be reached."""
    distance = Decimal(repr(float(end))) - Decimal(repr(float(value)))
    if distance <= Decimal("1e-9"):
        return value
    if is_page:
        return float(Decimal(repr(float(end))) - distance.scaleb(-1))
    return float(Decimal(repr(float(end))) - Decimal(repr(_on_125(float(distance), -1))))


def _bounded(parameter: Parameter, value: float, candidate: float) -> float:
    low, high = parameter.minimum, parameter.maximum
    if low is not None and (candidate < low or (parameter.exclusive_minimum and candidate <= low)):
        return value if parameter.exclusive_minimum else type(candidate)(low)
    if high is not None and (
        candidate > high or (parameter.exclusive_maximum and candidate >= high)
    ):
        return value if parameter.exclusive_maximum else type(candidate)(high)
    return candidate
