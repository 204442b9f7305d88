"""What can be typed: commands, their options and their help.

Nothing here computes; each command hands over to the module that does.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from lrstudio import __version__
from lrstudio.cli.examples_of_use import (
    CODE_EXAMPLES,
    EXAMPLES,
    LIST_EXAMPLES,
    NEW_EXAMPLES,
    RUN_EXAMPLES,
)
from lrstudio.cli.group import PROGRAM, Command, Group, Sectioned

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(
    PROGRAM,
    cls=Group,
    context_settings=SETTINGS,
    invoke_without_command=True,
    subcommand_metavar="[FILE | COMMAND ...]",
    options_metavar="",
    epilog=EXAMPLES,
)
@click.version_option(__version__, "-V", "--version", message="LR Studio %(version)s")
@click.pass_context
def lrstudio(context: click.Context) -> int | None:
    """Race optimizers and learning-rate schedules, and see why one wins.

    Without a command the window opens; FILE is an experiment (.lrx) to open in it (./run, if it is
    called like a command). With a command, the same engine works without a window.
    """
    return context.invoke(opened) if context.invoked_subcommand is None else None


@click.command("open", cls=Command)
@click.argument("file", required=False)
def opened(file: str | None) -> int:
    """Open the window."""
    from lrstudio.cli.window import open_window

    return open_window(file)


lrstudio.opener = opened


@lrstudio.command(epilog=RUN_EXAMPLES)
@click.argument("file", required=False)
@click.option(
    "--set",
    "changes",
    cls=Sectioned,
    section="The race",
    multiple=True,
    metavar="PATH=VALUE",
    help="Change any value of the experiment; may be repeated. PATH leads through the file, with "
    "list places from 0 (contenders.0.optimizer.lr); VALUE is JSON or plain text.",
)
@click.option(
    "--steps",
    cls=Sectioned,
    section="The race",
    metavar="N",
    help="Number of updates each contender may make.",
)
@click.option(
    "--seed",
    "seeds",
    cls=Sectioned,
    section="The race",
    multiple=True,
    metavar="N",
    help="Seed of the gradient noise; repeated, every contender runs with each of them.",
)
@click.option(
    "-o",
    "--out",
    cls=Sectioned,
    section="The results",
    default="results",
    show_default=True,
    metavar="DIR",
    help="Folder to write to; made if it is not there, files of the same name are replaced.",
)
@click.option(
    "-f",
    "--format",
    "formats",
    cls=Sectioned,
    section="The results",
    multiple=True,
    default=("csv,svg",),
    metavar="LIST",
    help="What to write, with commas between: csv (every recorded step, with a json that repeats "
    "the run), json (only that), svg, png, pdf (one picture per plot), none.  [default: csv,svg]",
)
@click.option(
    "-x",
    "--x-axis",
    cls=Sectioned,
    section="The results",
    default="steps",
    show_default=True,
    metavar="NAME",
    help="What curves are drawn against: steps, epochs or evaluations.",
)
@click.option(
    "--dark",
    "is_dark",
    is_flag=True,
    cls=Sectioned,
    section="The results",
    help="Draw the pictures on a dark ground.",
)
@click.option(
    "-q",
    "--quiet",
    is_flag=True,
    cls=Sectioned,
    section="The results",
    help="Say nothing but the table of results and errors.",
)
def run(
    *,
    file: str | None,
    changes: tuple[str, ...],
    steps: str | None,
    seeds: tuple[str, ...],
    out: str,
    formats: tuple[str, ...],
    x_axis: str,
    is_dark: bool,
    quiet: bool,
) -> int:
    """Race an experiment without a window.

    FILE is an experiment (.lrx), a results.json of an earlier run, or - for stdin; without it, the
    default experiment runs. The results go to stdout as a table (with tabs when it is no terminal),
    data and pictures to a folder.
    """
    from lrstudio.cli.race import Request, race

    return race(Request(file, changes, steps, seeds, out, formats, x_axis, is_dark, quiet))


@lrstudio.command("list", epilog=LIST_EXAMPLES)
@click.argument("kind", required=False)
@click.option("--family", metavar="FAMILY", help="Only this family: its id, or its title.")
@click.option(
    "--trait",
    "traits",
    multiple=True,
    metavar="TRAIT",
    help="Only problems with this property: convex, separable, multimodal, smooth or scalable (to "
    "any dimension); repeated, only those with all of them.",
)
@click.option(
    "-s",
    "--search",
    "words",
    metavar="WORDS",
    help="Only what these words find, the best match first: parts of names, families, words of "
    "summaries.",
)
def listed(
    *, kind: str | None, family: str | None, traits: tuple[str, ...], words: str | None
) -> None:
    """List optimizers, modifiers, schedules, problems, datasets, disturbances, examples.

    KIND is one of these; without it, all are listed. Prints id, title and summary by family,
    each with its id in brackets; when stdout is no terminal, with tabs and in a fixed order.
    """
    from lrstudio.cli.listing import print_list

    print_list(kind, family, words, traits)


@lrstudio.command()
@click.argument("name")
def show(name: str) -> None:
    """Explain an optimizer, schedule, problem, data set, disturbance or example.

    NAME is an id that 'lrstudio list' prints. Shown are the formula, every parameter with its
    default and bounds, notes and the source; for a problem also its domain, minima and curvature.
    """
    from lrstudio.cli.reference import print_entry

    print_entry(name)


@lrstudio.command(epilog=CODE_EXAMPLES)
@click.argument("file", required=False)
@click.option(
    "-f",
    "--framework",
    default="torch",
    show_default=True,
    metavar="NAME",
    help="torch, keras or optax.",
)
@click.option(
    "-c",
    "--contender",
    metavar="NAME",
    help="Only this contender: its name, or its place from 0.  [default: all that are switched on]",
)
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="PATH=VALUE",
    help="Change any value of the experiment first, as with 'lrstudio run'; may be repeated.",
)
@click.option("--steps", metavar="N", help="Number of updates.")
@click.option("-o", "--out", metavar="FILE", help="File to write, - for stdout.  [default: stdout]")
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
def code(
    *,
    file: str | None,
    framework: str,
    contender: str | None,
    changes: tuple[str, ...],
    steps: str | None,
    out: str | None,
    force: bool,
) -> int:
    """Write contenders as programs for PyTorch, Keras or Optax.

    FILE is an experiment (.lrx), a results.json of a run, or - for stdin; without it, the default
    experiment. The programs of several contenders come one after the other.
    """
    from lrstudio.cli.programs import Request, write_code

    return write_code(Request(file, framework, contender, changes, steps, out, force))


def _of_table(*names: str, **settings: Any) -> Callable[[Any], Any]:
    return click.option(*names, cls=Sectioned, section="A table of your own", **settings)


_OF_TABLE = (
    *("target", "features", "missing", "reference"),
    *("encoding", "separator", "decimal", "header"),
)


def _refuse_mixed_up(context: click.Context, *, is_of_table: bool) -> None:
    """Refuse an example beside a table, and what is said about a table where there is none."""
    given = [name for name in context.params if _is_typed(context, name)]
    if is_of_table and "example" in given:
        raise click.UsageError("Give either EXAMPLE or --data, not both.", context)
    options = {name: name for name in _OF_TABLE} | {"kind": "as"}
    odd = next((options[name] for name in given if name in options), None)
    if odd and not is_of_table:
        raise click.UsageError(f"--{odd} is said of a table; name its file with --data.", context)


def _is_typed(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is ParameterSource.COMMANDLINE


@lrstudio.command(epilog=NEW_EXAMPLES)
@click.argument("example", default="default")
@_of_table("--data", metavar="FILE", help="Learn from this CSV file instead of an example.")
@_of_table("--target", metavar="NAME", help="Column to be told from the others.")
@_of_table(
    "--as",
    "kind",
    type=click.Choice(("class", "quantity")),
    metavar="KIND",
    help="What the target is: class or quantity.  [default: what it looks like]",
)
@_of_table(
    "--features",
    metavar="NAMES",
    help="Columns to tell it from, parted by commas.  [default: all that can be learnt from]",
)
@_of_table(
    "--missing",
    type=click.Choice(("refuse", "drop")),
    default="refuse",
    metavar="WHAT",
    show_default=True,
    help="What is done about rows with missing values: refuse or drop.",
)
@_of_table("--reference", is_flag=True, help="Leave the table in its file and only name it.")
@_of_table(
    "--encoding",
    type=click.Choice(("utf-8", "utf-16", "windows-1252", "latin-1")),
    metavar="NAME",
    help="utf-8, utf-16, windows-1252 or latin-1.  [default: recognised, as the next three]",
)
@_of_table(
    "--separator",
    type=click.Choice(("comma", "semicolon", "tab", "bar", "space")),
    metavar="NAME",
    help="What parts the cells: comma, semicolon, tab, bar or space.",
)
@_of_table(
    "--decimal",
    type=click.Choice(("point", "comma")),
    metavar="NAME",
    help="The decimal mark: point or comma.",
)
@_of_table("--header/--no-header", default=None, help="Whether the first line names the columns.")
@click.option(
    "-o",
    "--out",
    metavar="FILE",
    help="File to write, - for stdout.  [default: EXAMPLE.lrx in this folder]",
)
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
def new(
    *,
    example: str,
    data: str | None,
    target: str | None,
    kind: Any,
    features: str | None,
    missing: Any,
    reference: bool,
    encoding: Any,
    separator: str | None,
    decimal: str | None,
    header: bool | None,
    out: str | None,
    force: bool,
) -> None:
    """Write an experiment to start from.

    EXAMPLE is an id that 'lrstudio list examples' prints; without it, the default experiment. With
    --data three optimizers learn from a table of your own: a softmax regression for classes, a
    linear regression for a quantity.
    """
    from lrstudio.cli.examples import write, write_example

    _refuse_mixed_up(click.get_current_context(), is_of_table=data is not None)
    if data is None:
        write_example(example, out, force)
        return
    from lrstudio.cli.own_data import Request, experiment_on

    reading = encoding, separator, decimal, header
    request = Request(data, target, kind, features, *reading, missing, reference)
    write(experiment_on(request), Path(data).stem, out, force)
