"""`lrstudio code`: contenders as programs for a framework that people train with."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click

from lrstudio.cli import terminal
from lrstudio.cli.changes import Change, changed, parsed
from lrstudio.cli.examples import STDOUT
from lrstudio.cli.group import DONE
from lrstudio.cli.race import NO_CONTENDERS, loaded
from lrstudio.core.validation import unknown_id
from lrstudio.engine import Contender, Experiment
from lrstudio.storage.errors import shown_path
from lrstudio.storage.saver import save_bytes
from lrstudio.storage.snippets import PROGRAMS, snippet

_RULE = 70


class Request(NamedTuple):
    """What was asked for on the command line."""

    file: str | None
    framework: str
    contender: str | None
    changes: tuple[str, ...]
    steps: str | None
    out: str | None
    is_forced: bool


def write_code(request: Request) -> int:
    """Print the programs, or write them to a file; returns the exit code."""
    framework = request.framework.lower()
    if framework not in PROGRAMS:
        raise _usage(f"--framework: {unknown_id(request.framework, tuple(PROGRAMS))}")
    changes = parsed(request.changes)
    if request.steps is not None:
        changes.append(Change("--steps", ("steps",), request.steps))
    experiment = changed(loaded(request.file), changes)
    text = _text(experiment, chosen(experiment, request.contender), framework)
    if request.out in (None, STDOUT):
        terminal.out(text.rstrip("\n"))
    else:
        _write(str(request.out), text, request.is_forced)
    return DONE


def chosen(experiment: Experiment, wanted: str | None) -> Sequence[Contender]:
    """The contenders that are meant: all that are switched on, or one by its name or place."""
    contenders = experiment.contenders
    if not contenders:
        raise click.ClickException(NO_CONTENDERS)
    if wanted is None:
        enabled = [contender for contender in contenders if contender.enabled]
        if not enabled:
            raise click.ClickException(
                "The experiment has no contender that is switched on; name one with --contender."
            )
        return enabled
    named = [c for c in contenders if c.name.strip().lower() == wanted.strip().lower()]
    if named:
        return named[:1]
    if wanted.isdecimal() and int(wanted) < len(contenders):
        return [contenders[int(wanted)]]
    known = tuple(terminal.printable(contender.name) for contender in contenders)
    places = f"expected a name, or a place from 0 to {len(contenders) - 1}"
    raise _usage(f"--contender: {places}; {unknown_id(wanted, known)}")


def _text(experiment: Experiment, contenders: Sequence[Contender], framework: str) -> str:
    programs = [snippet(contender, experiment.steps, framework) for contender in contenders]
    if len(programs) == 1:
        return programs[0]
    return "\n\n".join(
        f"{_line(f'{place} of {len(programs)}')}\n{program}"
        for place, program in enumerate(programs, start=1)
    )


def _line(text: str) -> str:
    """A line of comment that parts two programs."""
    return f"# ==== {text} ".ljust(_RULE, "=")


def _write(out: str, text: str, is_forced: bool) -> None:
    path = Path(out)
    if path.exists() and not is_forced:
        raise click.ClickException(
            f"Cannot save {shown_path(path)}: it exists; choose another name or add --force."
        )
    save_bytes(path, text.encode("utf-8"))
    terminal.tell(f"Wrote {shown_path(path)}. Now: python {shlex.quote(shown_path(path))}")


def _usage(sentence: str) -> click.UsageError:
    return click.UsageError(sentence, click.get_current_context(silent=True))
