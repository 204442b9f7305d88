"""The learning rate of a program for Optax: one of its schedules, or a function with a formula."""

import math
from collections.abc import Sequence
from typing import Any

from lrstudio.core import FRAMEWORKS, Modifier, Schedule, identifier
from lrstudio.storage.snippets import comments
from lrstudio.storage.snippets.formulas import Vocabulary, translated
from lrstudio.storage.snippets.layout import assignment, indented, laid_out
from lrstudio.storage.snippets.parts import Rate, Written, formula_of, is_plain, own_schedule

OPTAX = FRAMEWORKS["optax"]
_NAMES = ("cos", "exp", "sqrt", "floor", "log", "pi", "minimum", "maximum", "where")
_JAX = Vocabulary({name: f"jnp.{name}" for name in _NAMES}, has_arrays=True)


_WITHOUT_SCHEDULE = ("optax.rprop",)
"""For these the learning rate is the first step alone."""


def rate(
    schedule: Schedule, steps: int, found: Written, modifiers: Sequence[Modifier] = ()
) -> Rate:
    """The schedule, as one of Optax' own or as a function."""
    if is_plain(schedule) and schedule.warmup is None:
        return Rate()
    if found.rate_name != "learning_rate" or found.name in _WITHOUT_SCHEDULE:
        return Rate(remarks=(comments.not_in(OPTAX, "the schedule", "The rule takes none"),))
    base = found.rate
    every = _pace(modifiers)
    own = own_schedule(OPTAX, schedule, base, steps) if every == 1 else None
    if own is not None:
        return (
            Rate(behind=own)
            if schedule.listens
            else Rate((assignment("schedule", own),), "schedule")
        )
    formula, remarks = formula_of(schedule, steps, OPTAX)
    if formula is None:
        return Rate(remarks=remarks)
    return Rate((function(formula, base, every),), "schedule", remarks)


def _pace(modifiers: Sequence[Any]) -> int:
    """Gradients for one update; Optax' schedules count updates, ours gradients."""
    paces = {"accumulate": "every", "sam": "sync_period"}
    names = [(modifier, paces.get(identifier(type(modifier)))) for modifier in modifiers]
    return math.prod(int(getattr(modifier, name)) for modifier, name in names if name)


def function(formula: str, base: float, every: int = 1) -> str:
    """A formula as a function of the number of updates so far."""
    doc = '"""The learning rate of update k, from 0."""'
    argument, lines = "k", [doc]
    if every > 1:
        argument = "step"
        lines.append(f"k = {every} * step + {every - 1}  # every gradient counts")
    made = laid_out("return ", translated(f"{base!r} * ({formula})", _JAX), indent=1)
    return "\n".join([f"\n\ndef schedule({argument}):", *indented(lines), made, "\n"])
