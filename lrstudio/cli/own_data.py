"""`lrstudio new --data FILE.csv`: an experiment that learns from a table of one's own."""

import csv
from pathlib import Path
from typing import NamedTuple

import click
from msgspec.structs import replace

from lrstudio.cli import terminal
from lrstudio.core import PROBLEMS, Refused
from lrstudio.core.datasets.own import Decimal, Encoding, OwnTable, Separator
from lrstudio.core.epochs import counted
from lrstudio.core.sheet import Choice, Missing, chosen
from lrstudio.core.table import Table
from lrstudio.engine import Experiment, edits
from lrstudio.storage import own_tables
from lrstudio.storage.csv_reading import Found, Wishes
from lrstudio.storage.csv_reading.decoding import TITLES
from lrstudio.storage.csv_reading.records import NAMES
from lrstudio.storage.errors import shown_path

SEPARATORS: dict[str, Separator] = {name: sign for sign, name in NAMES.items()}
DECIMALS: dict[str, Decimal] = {"point": ".", "comma": ","}
ANSWERS = {
    "separator": "--separator comma or --separator space",
    "decimal": "--decimal point or --decimal comma",
    "has_header": "--header or --no-header",
}
"""The options that settle what a table leaves open."""
CONTENDERS = (("sgd", 0.1), ("momentum", 0.05), ("adam", 0.01))


class Request(NamedTuple):
    """What was said about a file; whatever is None is recognised."""

    file: str
    target: str | None
    kind: str | None
    features: str | None
    encoding: Encoding | None
    separator: str | None
    decimal: str | None
    has_header: bool | None
    missing: Missing
    is_referred: bool


def experiment_on(request: Request) -> Experiment:
    """Three optimizers on a regression that fits the table; says how the file was read."""
    path = Path(request.file)
    found = own_tables.table_in(path, _wishes(request))
    try:
        choice = _choice(found, request)
        data = _data(found, choice, path, request.is_referred)
        table = chosen(found.sheet, choice)
        experiment = _experiment(data)
    except Refused as refused:
        end = "" if str(refused).endswith("?") else "."
        raise click.ClickException(f"Cannot use {shown_path(path)}: {refused}{end}") from None
    _tell(found, data, table.table, table.dropped)
    return experiment


def _wishes(request: Request) -> Wishes:
    return Wishes(
        request.encoding,
        SEPARATORS[request.separator] if request.separator else None,
        DECIMALS[request.decimal] if request.decimal else None,
        request.has_header,
    )


def _choice(found: Found, request: Request) -> Choice:
    if found.doubt:
        raise Refused(f"{found.doubt} with {ANSWERS[found.asks]}")
    choice = own_tables.proposed(found, request.target)
    if request.kind:
        choice = replace(choice, target_is_class=request.kind == "class")
    choice = replace(choice, missing=request.missing)
    if request.features is not None:
        return replace(choice, features=_named(request.features))
    for column in found.sheet.columns:
        if column.problem and column.name != choice.target:
            terminal.tell(f"Left out: {terminal.printable(column.problem)}.")
    return choice


def _named(line: str) -> tuple[str, ...]:
    """The columns in a list; names with a comma stand in quotation marks, as in a file."""
    return tuple(name.strip() for name in next(csv.reader([line], skipinitialspace=True), []))


def _data(found: Found, choice: Choice, path: Path, is_referred: bool) -> OwnTable:
    if is_referred or not own_tables.fits_in(found, choice):
        return own_tables.referred(found, choice, path)
    return own_tables.stored(found, choice, path.name)


def _experiment(data: OwnTable) -> Experiment:
    experiment = edits.with_data(Experiment(problem=PROBLEMS["sphere"](), title=data.name), data)
    for rule, rate in CONTENDERS:
        contender = edits.new_contender(experiment, rule)
        contender = replace(contender, optimizer=replace(contender.optimizer, lr=rate))
        experiment = edits.with_added(experiment, contender, len(experiment.contenders))
    return experiment


def _tell(found: Found, data: OwnTable, table: Table, dropped: int) -> None:
    """Say on stderr what was recognised and what came of it."""
    reading = found.reading
    mark = "comma" if reading.decimal == "," else "point"
    header = "with a header" if reading.has_header else "without a header"
    terminal.tell(
        f"Read {shown_path(data.name)} as {TITLES[reading.encoding]}, separated by "
        f"{NAMES[reading.separator]}, decimal {mark}, {header}."
    )
    for note in found.notes:
        terminal.tell(terminal.printable(note))
    what = f"one of {len(table.classes)} classes" if table.classes else "a quantity"
    examples, features = counted(table.examples, "example"), counted(table.columns, "feature")
    terminal.tell(
        f"{examples} with {features}; the target is {terminal.printable(data.target)}, {what}."
    )
    if dropped:
        rows = "row was" if dropped == 1 else "rows were"
        terminal.tell(f"{dropped:,} {rows} dropped for missing values.")
    where = "stays in its file" if data.path else "is stored in the experiment"
    terminal.tell(f"The table {where}.")
