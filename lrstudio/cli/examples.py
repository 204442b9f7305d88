"""`lrstudio new`: a shipped experiment written to a file of one's own."""

import shlex
from pathlib import Path

import click

from lrstudio.cli import terminal
from lrstudio.core.validation import unknown_id
from lrstudio.engine import Experiment
from lrstudio.storage import experiments
from lrstudio.storage.errors import shown_path

STDOUT = "-"


def write_example(name: str, out: str | None, is_forced: bool) -> None:
    """Write the example to a file, or to stdout, and say what can be done with it."""
    write(experiments.load(example(name).path), name, out, is_forced)


def write(experiment: Experiment, name: str, out: str | None, is_forced: bool) -> None:
    """Write an experiment to a file that is called `name` if nothing else is said, or to stdout."""
    if out == STDOUT:
        terminal.out(experiments.encode(experiment).decode().rstrip("\n"))
        return
    path = Path(out or f"{name}{experiments.EXTENSION}")
    if path.exists() and not is_forced:
        raise click.ClickException(
            f"Cannot save {shown_path(path)}: it exists; choose another name or add --force."
        )
    experiments.save(path, experiment)
    quoted = shlex.quote(shown_path(path))
    terminal.tell(f"Wrote {shown_path(path)}. Now: lrstudio {quoted}, or lrstudio run {quoted}")


def example(name: str) -> experiments.Example:
    """The shipped example of an id; raises `click.UsageError` with the nearest one."""
    known = {found.id: found for found in experiments.examples()}
    if name not in known:
        sentence = f"The example {unknown_id(name, tuple(known))}"
        raise click.UsageError(sentence, click.get_current_context(silent=True))
    return known[name]
