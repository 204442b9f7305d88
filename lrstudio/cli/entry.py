"""The text of `lrstudio show`: formula, parameters, what is known, source."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from lrstudio.cli import layout, terminal
from lrstudio.core import (
    Dataset,
    Disturbance,
    Modifier,
    Optimizer,
    Problem,
    Schedule,
    Warmup,
    identifier,
    reference,
)
from lrstudio.core.epochs import counted
from lrstudio.core.reference import ParameterRow
from lrstudio.core.wording import number, points, value
from lrstudio.engine import Experiment

Lines = Iterator[str]

_MOST_SEEDS = 6
_TRIALS: Mapping[type[msgspec.Struct], str] = {
    Optimizer: "contenders.0.optimizer={}",
    Modifier: "contenders.0.optimizer.modifiers.0={}",
    Schedule: "contenders.0.schedule={}",
    Problem: "problem={}",
    Dataset: "problem=perceptron --set problem.data={}",
    Disturbance: "disturbances.0={}",
}
"""What makes the default experiment try a declaration."""


def declaration_text(cls: type[msgspec.Struct], width: int) -> Lines:
    """An optimizer, a schedule, a problem or a data set, explained."""
    page = reference.page(cls)
    yield from _title(page.title, page.id)
    yield from layout.paragraph(page.summary, width)
    if page.formula:
        yield ""
        yield from (f"    {line}".rstrip() for line in page.formula.splitlines())
    yield from _parameter_table("Parameters", page.parameters, width)
    yield from _section("In the formula", page.letters, width)
    yield from _parameter_table("Warm-up, before any schedule", page.warmup, width)
    yield from _section("What is known", page.facts, width)
    yield from _paragraphs(page.notes_title, page.notes, width)
    yield from _section("In the frameworks", _frameworks(page), width)
    yield from _paragraphs("When it is used", (page.use,), width)
    yield from _paragraphs("Source", (page.source,), width)
    yield ""
    yield f"Try: {_trial(cls)}"


def experiment_text(name: str, experiment: Experiment, width: int) -> Lines:
    """A shipped experiment, explained."""
    yield from _title(terminal.printable(experiment.title) or name, name)
    for note in experiment.notes.split("\n\n"):
        yield from layout.paragraph(terminal.printable(note), width)
    yield from _section("The race", _setting(experiment), width)
    yield ""
    yield terminal.heading("Contenders")
    rows = [
        (str(place), terminal.printable(c.name), _configured(c.optimizer), _configured(c.schedule))
        for place, c in enumerate(experiment.contenders)
    ]
    yield from layout.aligned(rows, width, indent=2) if rows else ()
    yield ""
    yield f"Start from it: lrstudio new {name} --out {name}.lrx"


def _title(title: str, id: str) -> Lines:
    yield terminal.heading(title) + (f"  ({id})" if title.lower() != id else "")


def _section(title: str, rows: Sequence[layout.Row], width: int) -> Lines:
    if rows:
        yield ""
        yield terminal.heading(title)
        yield from layout.aligned(rows, width, indent=2)


def _paragraphs(title: str, texts: Sequence[str], width: int) -> Lines:
    """Prose under its heading, a blank line between paragraphs."""
    for place, text in enumerate(filter(None, texts)):
        yield ""
        yield from (terminal.heading(title),) if place == 0 else ()
        yield from layout.paragraph(text, width)


def _frameworks(page: reference.Page) -> list[tuple[str, str, str]]:
    return [
        (row.framework, row.call, ". ".join(filter(None, (row.defaults, row.notes))))
        for row in page.frameworks
    ]


def _parameter_table(title: str, rows: Sequence[ParameterRow], width: int) -> Lines:
    if rows:
        shown = [(row.name, row.symbol, row.default, row.allowed, row.help) for row in rows]
        yield from _section(title, [("name", "", "default", "allowed", ""), *shown], width)


def _trial(cls: type[msgspec.Struct]) -> str:
    base = next(b for b in _TRIALS if issubclass(cls, b))
    return f"lrstudio run --set {_TRIALS[base].format(identifier(cls))}"


def _setting(experiment: Experiment) -> list[tuple[str, str]]:
    rows = [("problem", _configured(experiment.problem)), ("steps", _steps(experiment))]
    if experiment.starts:
        rows.append(("starts", points(experiment.starts)))
    if experiment.noise:
        rows.append(("noise", number(experiment.noise)))
    rows += [("disturbance", _configured(known)) for known in experiment.disturbances]
    if len(experiment.seeds) > 1:
        rows.append(("seeds", _seeds(experiment.seeds)))
    return [*rows, ("tolerance", number(experiment.tolerance))]


def _steps(experiment: Experiment) -> str:
    """The number of steps, and that of the epochs that it follows from."""
    steps, epochs = str(experiment.steps), experiment.epochs
    return steps if epochs is None else f"{steps} ({counted(epochs, 'epoch')})"


def _seeds(seeds: tuple[int, ...]) -> str:
    shown = ", ".join(map(str, seeds[:_MOST_SEEDS]))
    rest = len(seeds) - _MOST_SEEDS
    return f"{shown} and {rest} more" if rest > 0 else shown


def _configured(config: msgspec.Struct) -> str:
    """An id and what differs from its defaults."""
    default = type(config)()
    parts = [identifier(type(config))]
    for name in config.__struct_fields__:
        content = getattr(config, name)
        if isinstance(content, Warmup):
            parts.append(f"warm-up of {content.steps} steps")
        elif content != getattr(default, name):
            parts.append(f"{name} {value(content)}")
    return parts[0] if len(parts) == 1 else f"{parts[0]} ({', '.join(parts[1:])})"
