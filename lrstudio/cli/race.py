"""`lrstudio run`: an experiment raced to its end, its table shown, its files written."""

import contextlib
import signal
import sys
from types import FrameType
from typing import NamedTuple, Self

import click

from lrstudio.cli import terminal
from lrstudio.cli.changes import Change, changed, parsed
from lrstudio.cli.export import axis, chosen, export, tell
from lrstudio.cli.group import DONE, FAILED, STOPPED
from lrstudio.cli.progress import progress
from lrstudio.cli.results import print_results
from lrstudio.engine import Experiment, Plan, Trajectory, plan, simulate
from lrstudio.storage import experiments
from lrstudio.storage.saver import make_folder
from lrstudio.storage.view import View

CHUNK_SECONDS = 0.05
"""How often the progress bar moves and Ctrl+C is looked at."""
NO_CONTENDERS = (
    "The experiment has no contenders; add one in the window, or with "
    """--set 'contenders=[{"name": "Adam", "optimizer": {"rule": "adam"}}]'."""
)


class Request(NamedTuple):
    """What was asked for on the command line."""

    file: str | None
    changes: tuple[str, ...]
    steps: str | None
    seeds: tuple[str, ...]
    out: str
    formats: tuple[str, ...]
    x_axis: str
    is_dark: bool
    is_quiet: bool


def race(request: Request) -> int:
    """Race, show, write; returns the exit code."""
    formats = chosen(request.formats)
    planned = plan(_experiment(request))
    view = View(x_axis=axis(request.x_axis, planned), is_dark=request.is_dark)
    if formats:  # a folder that cannot be made is better known before a long race than after it
        make_folder(request.out)
    is_watched = terminal.is_terminal(sys.stderr) and not request.is_quiet
    trajectory = _raced(planned, is_watched)
    _show(trajectory)
    exported = export(trajectory, request.out, formats, view, is_watched)
    tell(exported, request.out, request.is_quiet)
    if not request.is_quiet:
        _tell_what_is_missing(trajectory)
    if exported.errors:
        return FAILED
    return DONE if trajectory.is_finished else STOPPED


def _experiment(request: Request) -> Experiment:
    """The experiment in the file, with all changes made."""
    experiment = changed(loaded(request.file), _changes(request))
    if not experiment.contenders:
        raise click.ClickException(NO_CONTENDERS)
    if not any(contender.enabled for contender in experiment.contenders):
        raise click.ClickException(
            "The experiment has no contender that is switched on; "
            "add one in the window, or try --set contenders.0.enabled=yes."
        )
    return experiment


def _changes(request: Request) -> list[Change]:
    """All that was asked for, in the words of `--set`."""
    changes = parsed(request.changes)
    if request.steps is not None:
        changes.append(Change("--steps", ("steps",), request.steps))
    if request.seeds:
        places = [0] * len(request.seeds)
        changes.append(Change("--seed", ("seeds",), str(places)))
    for place, seed in enumerate(request.seeds):
        changes.append(Change("--seed", ("seeds", str(place)), seed))
    return changes


def loaded(file: str | None) -> Experiment:
    """The experiment in a file, from stdin (-), or the default one."""
    if file is None:
        return experiments.default()
    if file == "-":
        data = sys.stdin.buffer.read(experiments.LARGEST_BYTES + 1)
        return experiments.decode(data, "what came from stdin")
    return experiments.load(file)


def _raced(planned: Plan, is_watched: bool) -> Trajectory:
    """The trajectory, up to its end or to Ctrl+C."""
    trajectory = Trajectory(planned)
    with _Interrupt() as interrupt, progress("Racing", is_watched) as show:
        for step in simulate(planned, trajectory, CHUNK_SECONDS, interrupt.has_come):
            show(step / planned.experiment.steps)
            if interrupt.has_come():
                break
    return trajectory


def _show(trajectory: Trajectory) -> None:
    """Print the table; a reader that has gone away does not keep the files from being written."""
    with contextlib.suppress(terminal.OutputClosed):
        print_results(trajectory)


def _tell_what_is_missing(trajectory: Trajectory) -> None:
    steps, stride = trajectory.plan.experiment.steps, trajectory.plan.stride
    if stride > 1:
        terminal.tell(
            f"To fit into memory, one step in {stride} was recorded; "
            "the table and results.json are exact."
        )
    if not trajectory.is_finished:
        terminal.tell(f"Stopped at step {trajectory.reached} of {steps}; this is the state there.")


class _Interrupt:
    """Ctrl+C as a question that is looked at between two chunks; a second one ends at once."""

    def __init__(self) -> None:
        self._count = 0
        self._before = signal.getsignal(signal.SIGINT)

    def has_come(self) -> bool:
        """Whether it was pressed."""
        return self._count > 0

    def __enter__(self) -> Self:
        if self._before is not signal.SIG_IGN:  # ignored in the background, and so it stays
            signal.signal(signal.SIGINT, self._on_signal)
        return self

    def __exit__(self, *error: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._count += 1
        if self._count > 1:
            raise KeyboardInterrupt
