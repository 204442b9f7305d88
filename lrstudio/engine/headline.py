"""Who won and why, in one sentence.

A contender that ran from several starts or with several seeds is judged by all of its runs: by how
many converged, and by medians. Its luckiest run says nothing about it. Who did equally well is
named together.
"""

import math
from statistics import median, median_low
from typing import NamedTuple

from lrstudio.engine.results import Result, ranking
from lrstudio.engine.significant import significant

_MOST_NAMED = 3
_UNEQUAL = " Steps of some cost more evaluations than those of others."


class _Score(NamedTuple):
    """What the runs of one contender came to."""

    name: str
    runs: int
    converged: int
    steps: float
    """Step from which on the median one of the converged runs was within the tolerance."""
    losses: dict[str, float]
    """Medians of the losses by what they are called; infinite where most runs diverged."""


def headline(rows: tuple[Result, ...]) -> str:
    """Who won and why, in one sentence; empty without rows."""
    if not rows:
        return ""
    best = ranking(rows)[0].verdict.kind
    if best == "diverged":
        return _all_diverged(rows)
    scores = _scores(rows)
    if best == "converged":
        return _first(rows, scores)
    return _closest(scores) if best == "tracking" else _lowest(scores)


def _scores(rows: tuple[Result, ...]) -> list[_Score]:
    groups: dict[int, list[Result]] = {}
    for row in rows:
        groups.setdefault(row.contender_index, []).append(row)
    return [_score(group) for group in groups.values()]


def _score(rows: list[Result]) -> _Score:
    steps = [row.steps_to_tolerance or 0 for row in rows if row.verdict.kind == "converged"]
    return _Score(
        name=rows[0].contender.name,
        runs=len(rows),
        converged=len(steps),
        steps=median_low(steps) if steps else math.inf,
        losses={
            "final loss": _median(rows, [row.final_loss for row in rows]),
            "validation loss": _median(rows, [_validation_loss(row) for row in rows]),
            "f − f*": _median(rows, _told(rows, "mean_gap")),
            "loss": _median(rows, _told(rows, "mean_loss")),
        },
    )


def _median(rows: list[Result], values: list[float]) -> float:
    """Diverged runs count as infinitely bad."""
    has_diverged = (row.verdict.kind == "diverged" for row in rows)
    counted = zip(values, has_diverged, strict=True)
    return median(math.inf if bad or math.isnan(value) else value for value, bad in counted)


def _told(rows: list[Result], number: str) -> list[float]:
    """A number of the verdicts; infinite where they do not have it."""
    return [row.verdict.numbers.get(number, math.inf) for row in rows]


def _validation_loss(row: Result) -> float:
    return row.metrics.get("validation_loss", math.inf)


def _all_diverged(rows: tuple[Result, ...]) -> str:
    if "fall" in ranking(rows)[0].verdict.numbers:
        return "All runs left the domain downhill: the function has no minimum."
    if all(row.verdict.step == 0 for row in rows):
        return "No run could begin: the loss is not a finite number at the start. Move it."
    return "All runs diverged: lower the learning rates."


def _first(rows: tuple[Result, ...], scores: list[_Score]) -> str:
    """Who came within the tolerance most often, and among those, first."""
    most = max(score.converged for score in scores)
    soonest = min(score.steps for score in scores if score.converged == most)
    best = [score for score in scores if (score.converged, score.steps) == (most, soonest)]
    verb, each = ("is", "") if len(best) == 1 else ("are", "each ")
    runs = best[0].runs
    when = f"from step {soonest:,} on"
    if runs > 1:
        when = f"the median one {when}" if most > 1 else when
        told = f"{each}{most} of {runs} runs within tolerance, {when}"
    else:
        told = f"within tolerance {when}"
    total = sum(score.converged for score in scores)
    share = f"{total} of {len(rows)} {'run' if len(rows) == 1 else 'runs'} converged"
    end = _UNEQUAL if _are_unequal(rows) else ""
    return f"{_named(best)} {verb} first: {told}. {share}.{end}"


def _are_unequal(rows: tuple[Result, ...]) -> bool:
    """Whether runs of the same length asked for different numbers of evaluations."""
    return len({row.evaluations for row in rows if row.verdict.kind != "diverged"}) > 1


def _closest(scores: list[_Score]) -> str:
    """Who follows an optimum that moves."""
    gaps = [score.losses["f − f*"] for score in scores]
    what = "loss" if math.isinf(min(gaps)) else "f − f*"  # of a model no minimum is known
    lowest = min(score.losses[what] for score in scores)
    best = [score for score in scores if score.losses[what] == lowest]
    stays = "stays" if len(best) == 1 else "stay"
    over = f" in the median of {best[0].runs} runs" if best[0].runs > 1 else " at the end"
    around = f"{what} around {significant(lowest, 2)}{over}"
    return f"The optimum moves. {_named(best)} {stays} closest to it: {around}."


def _lowest(scores: list[_Score]) -> str:
    """Who came lowest, on the training examples and on those kept aside, where nobody arrived."""
    final, validation = (
        _who_is_lowest(scores, "final loss"),
        _who_is_lowest(scores, "validation loss"),
    )
    if not final:
        return "No run stayed within the tolerance, and most diverged: lower the learning rates."
    if not validation:
        told = "final loss: {} ({})".format(*final)
    elif final[0] == validation[0]:
        told = f"final and validation loss: {final[0]} ({final[1]} and {validation[1]})"
    else:
        told = "final loss: {} ({}); validation loss: {} ({})".format(*final, *validation)
    runs = scores[0].runs
    of_runs = f"median of {runs} runs, " if runs > 1 else ""
    return f"No run stayed within the tolerance. Lowest {of_runs}{told}."


def _who_is_lowest(scores: list[_Score], loss: str) -> tuple[str, str] | None:
    """Names, and what they came to; None where most runs of all diverged, or nothing is known."""
    lowest = min(score.losses[loss] for score in scores)
    if math.isinf(lowest):
        return None
    shown = significant(lowest, 3)
    best = [score for score in scores if significant(score.losses[loss], 3) == shown]
    return _named(best), shown


def _named(scores: list[_Score]) -> str:
    """The names as one writes them in a row; not more than a line holds."""
    names = [score.name for score in scores]
    if len(names) > _MOST_NAMED:
        others = len(names) - _MOST_NAMED + 1
        names = [*names[: _MOST_NAMED - 1], f"{others} others"]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
