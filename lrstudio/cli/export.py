"""Writing what `lrstudio run` found, format by format: one that fails does not stop the others."""

import sys
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

import click

from lrstudio.cli import layout, terminal
from lrstudio.cli.progress import Show, progress
from lrstudio.core.validation import unknown_id
from lrstudio.engine import X_AXES, Plan, Trajectory, XAxis
from lrstudio.storage.errors import StorageError, shown_path
from lrstudio.storage.exporters import EXPORTERS, export_all
from lrstudio.storage.view import View

NAME = "results"
"""Tables are called so; pictures have the names of their plots."""

NOTHING = "none"
WITH_QT = ("png", "pdf")


class Exported(NamedTuple):
    """The files that were written, and sentences about those that were not."""

    files: tuple[Path, ...]
    errors: tuple[str, ...]


def chosen(lists: Sequence[str]) -> tuple[str, ...]:
    """The formats named in lists with commas; raises `click.UsageError` for an unknown one."""
    names = [name.strip().lower() for text in lists for name in text.split(",")]
    known = tuple(dict.fromkeys((*EXPORTERS, *WITH_QT, NOTHING)))
    for name in names:
        if name not in known:
            sentence = f"--format: {unknown_id(name, known)}"
            raise click.UsageError(sentence, click.get_current_context(silent=True))
    if "csv" in names:  # brings the json along, and in it the meaning of its columns
        names = [name for name in names if name != "json"]
    return tuple(name for name in dict.fromkeys(names) if name != NOTHING)


def axis(name: str, plan: Plan) -> XAxis:
    """What curves are drawn against; raises `click.UsageError` where a run has nothing such."""
    name = name.strip().lower()
    if name not in X_AXES:
        complaint = unknown_id(name, tuple(X_AXES))
    elif not X_AXES[name].is_offered(plan):
        others = " or ".join(known for known in X_AXES if X_AXES[known].is_offered(plan))
        complaint = f"the problem has no {name}; draw against {others}"
    else:
        return X_AXES[name]
    raise click.UsageError(f"--x-axis: {complaint}", click.get_current_context(silent=True))


def export(
    trajectory: Trajectory, folder: str, formats: Sequence[str], view: View, is_watched: bool
) -> Exported:
    """Write all formats."""
    files: list[Path] = []
    errors: list[str] = []
    with progress("Writing", is_watched and bool(formats)) as show:
        for done, format_id in enumerate(formats):
            try:
                part = partial(_show_part, show, done, len(formats))
                files += _written(trajectory, folder, format_id, view, part)
            except StorageError as error:
                errors.append(str(error))
            show((done + 1) / len(formats))
    return Exported(tuple(dict.fromkeys(files)), tuple(dict.fromkeys(errors)))


def tell(exported: Exported, folder: str, is_quiet: bool) -> None:
    """Say on stderr what was written where, and what was not."""
    if exported.files and not is_quiet:
        names = ", ".join(shown_path(path.name) for path in exported.files)
        text = f"Written to {shown_path(folder)}: {names}"
        width = terminal.width() if terminal.is_terminal(sys.stderr) else len(text)
        terminal.tell("\n".join(layout.paragraph(text, width)))
    for sentence in exported.errors:
        terminal.complain(sentence)


def _show_part(show: Show, done: int, parts: int, share: float) -> None:
    show((done + share) / parts)


def _written(
    trajectory: Trajectory,
    folder: str,
    format_id: str,
    view: View,
    show: Callable[[float], None],
) -> tuple[Path, ...]:
    if format_id in WITH_QT:
        _qt()
    return export_all(folder, trajectory, (format_id,), name=NAME, view=view, progress=show)


@cache  # holds the application that Qt needs as long as it draws
def _qt() -> object:
    """Make the formats known that Qt draws; raises `StorageError` where Qt cannot start."""
    from lrstudio.gui import preflight

    obstacle = preflight.picture_obstacle()
    if obstacle:
        raise StorageError(f"PNG and PDF pictures cannot be drawn. {obstacle}")
    try:
        from lrstudio.gui import pictures
    except ImportError as error:
        raise StorageError(f"PNG and PDF pictures cannot be drawn: {error}.") from error
    pictures.register()
    return pictures.application()
