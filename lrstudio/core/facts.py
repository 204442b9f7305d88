"""What is known about a problem and what was checked, as short texts for window and terminal."""

import math

from lrstudio.core.certificate import Certificate, Search, certificate
from lrstudio.core.problem import Problem
from lrstudio.core.traits import TRAITS
from lrstudio.core.wording import MOST_POINTS, number, point, points

_FOUND = 1e-3
"""Gap to f*, against its size, at which a search is said to have found it."""
_ROUNDING = 1e-11
"""And the gap that rounding may make of none."""


def facts(problem: Problem) -> tuple[tuple[str, str], ...]:
    """What is known about a problem, and what was checked: name and text of each fact."""
    checked = certificate(problem)
    known = [
        ("domain", _domain(problem)),
        ("start", point(problem.start)),
        ("minima", _minima(problem)),
    ]
    if problem.local_minima:
        known.append(("local minima", _local_minima(problem, checked)))
    curvatures = _curvatures(problem, checked)
    known += zip(("curvature", *("",) * len(curvatures)), curvatures, strict=False)
    known.append(("gradient", _gradient(checked)))
    if checked.search is not None:
        known.append(("search", _search(problem, checked.search)))
    if traits := _traits(problem):
        known.append(("traits", ", ".join(traits)))
    return tuple(known)


def _domain(problem: Problem) -> str:
    spans = [f"{number(low)} to {number(high)}" for low, high in problem.domain]
    kept = "; positions are kept within it" if problem.is_confined else ""
    if len(spans) > 2 and len(set(spans)) == 1:
        return f"each coordinate from {spans[0]}{kept}"
    named = (f"{n} from {span}" for n, span in zip(problem.coordinates, spans, strict=True))
    return ", ".join(named) + kept


def _minima(problem: Problem) -> str:
    if not problem.is_bounded_below:
        return "none: the loss falls without end"
    if problem.minimum_value is None:
        return "none found" if problem.minima_are_found else "not known"
    text = f"{points(problem.minima)} with f = {number(problem.minimum_value)}"
    if problem.minima_are_found:
        return f"{text}, found numerically"
    return f"for example {text}" if problem.minima_are_examples else text


def _local_minima(problem: Problem, checked: Certificate) -> str:
    if len(problem.local_minima) > MOST_POINTS:
        return points(problem.local_minima)
    local = [m for m in checked.minima if not m.is_global]
    return ", ".join(f"{point(m.point)} with f = {number(m.loss)}" for m in local)


def _curvatures(problem: Problem, checked: Certificate) -> list[str]:
    """What the Hessian is like at the minima; once where it is alike at all of them."""
    known = [m for m in checked.minima if m.is_global]
    if not known:
        return []
    if any(m.curvature is None for m in known):
        is_large = problem.is_smooth
        return ["too many coordinates to compute it" if is_large else "not smooth at the minimum"]
    spans = [_span(*m.curvature) for m in known if m.curvature is not None]
    if len(set(spans)) == 1:
        span, rate, condition = spans[0]
        place = "the minimum" if len(known) == 1 else "each minimum"
        stable = f"there gradient descent is stable while η < {rate}"
        return [f"{span} at {place}{condition}; {stable}" if rate else f"none at {place}"]
    lines = [
        f"at {point(m.point)}: {span}{condition}, {rate}"
        for m, (span, rate, condition) in zip(known[:MOST_POINTS], spans, strict=False)
    ]
    return [*lines, "gradient descent comes to rest only where η < 2/λmax"]


def _span(smallest: float, largest: float) -> tuple[str, str, str]:
    """The curvatures, the largest stable rate, and the condition number where there is one."""
    if largest <= 0:
        return "none", "", ""
    rate = f"2/λmax = {2 / largest:.3g}"
    if math.isclose(smallest, largest, rel_tol=1e-6):
        return f"{largest:.4g}", rate, ""
    condition = f", condition number {largest / smallest:.4g}" if smallest > 0 else ""
    return f"{smallest:.4g} to {largest:.4g}", rate, condition


def _gradient(checked: Certificate) -> str:
    share = number(float(f"{checked.gradient_error:.1e}"))
    points = checked.gradient_points
    return (
        f"checked at {points} points: differs from measured slopes by {share} of its size at most"
    )


def _search(problem: Problem, search: Search) -> str:
    tried = f"{search.evaluations:,} evaluations all over the domain"
    lowest = number(search.lowest)
    if problem.minimum_value is None:
        return f"the lowest f of {tried} was {lowest} at {point(search.point)}"
    gap, size = search.lowest - problem.minimum_value, max(1.0, abs(problem.minimum_value))
    if gap < -_ROUNDING * size:
        return f"{tried} found f = {lowest} at {point(search.point)}, which is lower"
    if gap > _FOUND * size:
        return f"{tried} found nothing lower; the best was f = {lowest}"
    return f"{tried} found the minimum and nothing lower"


def _traits(problem: Problem) -> list[str]:
    """As it is configured: some have several minima only from so many dimensions on."""
    is_multimodal = len(problem.minima) + len(problem.local_minima) > 1
    having = {*problem.traits, *(["multimodal"] if is_multimodal else [])}
    return [trait.title.lower() for trait in TRAITS if trait.id in having]
