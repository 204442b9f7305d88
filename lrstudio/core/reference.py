"""The pages of the reference: all that is known of a rule, a schedule, a problem, ...

A page is made from the declaration alone: the docstring through `describe`, the fields through
`parameters`. Window and terminal show the same page.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import msgspec

from lrstudio.core import (
    DATASETS,
    DISTURBANCES,
    FRAMEWORKS,
    MODIFIERS,
    OPTIMIZERS,
    PROBLEMS,
    SCHEDULES,
    Dataset,
    Disturbance,
    Modifier,
    Optimizer,
    Problem,
    Schedule,
    Warmup,
    describe,
    parameters,
)
from lrstudio.core.catalogue import catalogue
from lrstudio.core.dataset_facts import dataset_facts
from lrstudio.core.facts import facts
from lrstudio.core.formula import letters
from lrstudio.core.frameworks.schedules import TABLES, where
from lrstudio.core.frameworks.schedules_entry import Required
from lrstudio.core.frameworks.schedules_writing import NOTES, names_of
from lrstudio.core.frameworks.table import REQUIRED, Call
from lrstudio.core.wording import allowed, number, value

Declaration = type[msgspec.Struct]


class ParameterRow(NamedTuple):
    """A hyper-parameter in the table of symbols."""

    symbol: str
    name: str
    label: str
    default: str
    allowed: str
    help: str
    left_open: str
    """What null means, where it is allowed."""


class FrameworkRow(NamedTuple):
    """The same rule or schedule in a framework that people train with."""

    framework: str
    """Its title, as people write it: PyTorch."""
    call: str
    """What to call, with its module: torch.optim.RMSprop."""
    defaults: str
    """Its defaults as text: lr 0.01, alpha 0.99."""
    notes: str = ""
    """Where it differs, in a sentence."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What the reference says about one declaration, section by section; sections may be empty."""

    id: str
    title: str
    summary: str
    formula: str
    """Empty for data that were measured."""
    parameters: tuple[ParameterRow, ...]
    warmup: tuple[ParameterRow, ...]
    """The parameters of the warm-up that may precede a schedule."""
    letters: tuple[tuple[str, str], ...]
    """Letters of the formula that are not parameters, and their meaning."""
    facts: tuple[tuple[str, str], ...]
    """What is known of a problem or a data set."""
    notes: tuple[str, ...]
    """Paragraphs: how published variants differ, and whatever else is worth knowing."""
    notes_title: str
    frameworks: tuple[FrameworkRow, ...]
    use: str
    source: str
    papers: tuple[str, ...]
    """Identifiers at arXiv that the source names: 1412.6980."""


def contents() -> Mapping[str, tuple[Declaration, ...]]:
    """Everything that has a page, by the title of its section."""
    return {
        "Optimizers": _by_family(OPTIMIZERS, "optimizers"),
        "Modifiers": tuple(MODIFIERS.values()),
        "Schedules": (*_by_family(SCHEDULES, "schedules"), Warmup),
        "Problems": _by_family(PROBLEMS, "problems"),
        "Data sets": _by_family(DATASETS, "datasets"),
        "Noise and change": tuple(DISTURBANCES.values()),
    }


def _by_family(known: Mapping[str, Declaration], kind: str) -> tuple[Declaration, ...]:
    """Declarations in the order in which choosers list them."""
    return tuple(known[entry.id] for entry in catalogue(kind).entries)


@cache
def page(cls: Declaration) -> Page:
    """The page of a declaration."""
    told = describe(cls)
    return Page(
        id=told.id,
        title=told.title,
        summary=told.summary[:1].upper() + told.summary[1:],
        formula=told.formula,
        parameters=_parameter_rows(cls),
        warmup=_parameter_rows(Warmup, "warmup.") if issubclass(cls, Schedule) else (),
        letters=_letters(cls, told.formula, dict(told.symbols)),
        facts=_facts(cls),
        notes=tuple(told.notes.split("\n\n")) if told.notes else (),
        notes_title="Variants" if issubclass(cls, Optimizer | Modifier | Schedule) else "Notes",
        frameworks=framework_rows(cls),
        use=told.use,
        source=told.source,
        papers=tuple(re.findall(r"arXiv:(\d{4}\.\d{4,5})", told.source)),
    )


def _facts(cls: Declaration) -> tuple[tuple[str, str], ...]:
    if issubclass(cls, Dataset):
        return dataset_facts(cls())
    return facts(cls()) if issubclass(cls, Problem) else ()


def framework_rows(cls: Declaration) -> tuple[FrameworkRow, ...]:
    """How the frameworks call a rule or a schedule, and with which defaults, as in their tables."""
    if issubclass(cls, Schedule):
        return tuple(
            _schedule_row(framework, name, cls)
            for framework in FRAMEWORKS
            for name in names_of(framework, cls)
        )
    if not issubclass(cls, Optimizer):
        return ()
    return tuple(
        FrameworkRow(framework.title, framework.where(call.name), _defaults(call), call.note)
        for framework in FRAMEWORKS.values()
        for call in framework.calls_of(cls)
    )


def _schedule_row(framework: str, name: str, cls: type[Schedule]) -> FrameworkRow:
    call, title = where(framework, name), FRAMEWORKS[framework].title
    defaults = _arguments(TABLES[framework][name].arguments)
    return FrameworkRow(title, call, defaults, NOTES.get((name, cls), ""))


def _defaults(call: Call) -> str:
    """The arguments of a call that decide numbers, with their defaults."""
    values = {a.name: a.default for a in call.arguments if a.targets or a.name in call.when}
    return _arguments(values | {name: allowed[0] for name, allowed in call.when.items()})


def _arguments(values: Mapping[str, object]) -> str:
    """Arguments with their defaults, but for those that decide no numbers."""
    return ", ".join(
        name if default in (REQUIRED, Required) else f"{name} {_python(default)}"
        for name, default in values.items()
        if name not in ("last_epoch", "name")
    )


def _python(default: object) -> str:
    if isinstance(default, tuple):
        return f"({', '.join(map(_python, default))})"
    return number(default) if isinstance(default, float) else str(default)


def unexplained(cls: Declaration) -> tuple[str, ...]:
    """Letters of the formula that the page says nothing about."""
    made = page(cls)
    symbols = [row.symbol for row in (*made.parameters, *made.warmup)]
    known = {symbol[:1] for symbol in (*symbols, *(letter for letter, _ in made.letters))}
    return tuple(letter for letter in letters(made.formula) if letter[0] not in known)


def _parameter_rows(cls: Declaration, prefix: str = "") -> tuple[ParameterRow, ...]:
    return tuple(
        ParameterRow(
            p.symbol,
            prefix + p.name,
            p.label,
            value(p.default),
            allowed(p),
            p.help,
            p.left_open,
        )
        for p in parameters(cls)
    )


def _letters(cls: Declaration, formula: str, own: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Letters in the order of the formula; then those that only the docstring names."""
    taken = {parameter.symbol for parameter in parameters(cls)}
    known = {**_common(cls), **own}
    shown = [letter for letter in letters(formula) if letter in known and letter not in taken]
    rest = [letter for letter in own if letter not in shown]
    return tuple((letter, _sentence(known[letter])) for letter in (*shown, *rest))


def _sentence(text: str) -> str:
    begins_with_letter = text[1:2] == ","  # of the formula, which must stay as it is
    return f"{text if begins_with_letter else text[:1].upper() + text[1:]}."


def _common(cls: Declaration) -> Mapping[str, str]:
    """The letters that mean the same for all declarations of this kind."""
    return next((known for base, known in _COMMON.items() if issubclass(cls, base)), {})


_OPTIMIZER_LETTERS = {
    "x": "the parameters: where the contender stands",
    "g": "the gradient of the loss at x",
    "t": "the number of this step, from 1",
    "b": "the momentum buffer: a velocity, 0 at the start",
    "m": "the running mean of the gradient, 0 at the start",
    "v": "the running mean of the squared gradient, 0 at the start",
    "m̂": "m, corrected for its start at 0",
    "v̂": "v, corrected for its start at 0",
}
_SCHEDULE_LETTERS = {
    "factor": "what the contender's learning rate is multiplied by",
    "k": "the number of this step, from 0 after the warm-up",
    "e": "Euler's number, 2.71828",
}
_PROBLEM_LETTERS = {
    "f": "the loss",
    "x": "the parameters; x and y in a plane, xᵢ in N dimensions",
    "y": "the second parameter",
    "i": "the number of a parameter",
    "N": "the number of parameters",
    "e": "Euler's number, 2.71828",
}
_DATASET_LETTERS = {
    "x": "the features of an example; x₁ and x₂ in the plane",
    "y": "its target: a quantity, or the number of its class",
    "e": "Euler's number, 2.71828",
}
_COMMON: Mapping[Declaration, Mapping[str, str]] = {
    Optimizer: _OPTIMIZER_LETTERS,
    Modifier: _OPTIMIZER_LETTERS,
    Schedule: _SCHEDULE_LETTERS,
    Warmup: {"k": "the number of this step, from 0"},
    Problem: _PROBLEM_LETTERS,
    Dataset: _DATASET_LETTERS,
    Disturbance: {"g": "the gradient that rules meet"},
}
