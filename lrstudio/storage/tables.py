"""Trajectories as tables: tidy CSV for other programs, a short table of results for people.

The CSV follows RFC 4180 with dot decimals whatever the locale, and holds every number exactly: the
shortest text that reads back as the same float. It is written in blocks of rows, never as a whole.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np

from lrstudio.core.arrays import Array
from lrstudio.core.declaration import identifier
from lrstudio.engine import Result, Trajectory, results
from lrstudio.storage.columns import LABELS, Run, descriptions, quantities, runs, schedule_name
from lrstudio.storage.saver import save_stream
from lrstudio.storage.sidecar import refuse_foreign, save_json, sidecar_path

Progress = Callable[[float], None]
"""Told the share that is written; may raise to cancel, which leaves the old file as it was."""

Rows = list[list[str]]

_CELLS_PER_BLOCK = 200_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet may take for one (CWE-1236)
_ABSENT = "–"


def save_csv(
    path: str | Path, trajectory: Trajectory, progress: Progress | None = None
) -> tuple[Path, Path]:
    """Write one row per run and recorded step, and the sidecar; returns both paths.

    Raises `StorageError`. A trajectory that still grows is written up to the present step.
    """
    table, sidecar = Path(path), sidecar_path(path)
    refuse_foreign(sidecar)
    save_stream(table, csv_blocks(trajectory, progress))
    save_json(sidecar, trajectory, table.name)
    return table, sidecar


def csv_blocks(trajectory: Trajectory, progress: Progress | None = None) -> Iterator[bytes]:
    """The CSV in blocks of rows: first the header, then run after run."""
    columns = quantities(trajectory)
    yield line([name for name, _ in descriptions(trajectory)])
    rows = trajectory.rows  # may grow while we write
    size = max(1, _CELLS_PER_BLOCK // len(columns))
    all_runs = runs(trajectory)
    for done, run in enumerate(all_runs):
        beginning = labels(run)
        for first in range(0, rows, size):
            last = min(first + size, rows)
            yield block(
                beginning, [c.values(trajectory, run.lane.index, first, last) for c in columns]
            )
            if progress is not None:
                progress((done + last / rows) / len(all_runs))


def results_table(trajectory: Trajectory) -> Rows:
    """Results as rows of text, the header first; start and seed only where there are several."""
    experiment = trajectory.plan.experiment
    has_starts, has_seeds = len(trajectory.plan.starts) > 1, len(experiment.seeds) > 1
    header = ["contender", "optimizer", "schedule"]
    header += ["start"] * has_starts + ["seed"] * has_seeds
    metrics = _told_metrics(trajectory)
    header += ["best", "final", *metrics]
    header += [f"steps to {experiment.tolerance:g}", "evaluations", "verdict"]
    return [header] + [_result(r, has_starts, has_seeds, metrics) for r in results(trajectory)]


def _told_metrics(trajectory: Trajectory) -> list[str]:
    """Metrics of the validation examples, or of the training ones where none are kept."""
    if not trajectory.plan.measured_every:
        return []
    known = [metric.id for metric in trajectory.plan.experiment.problem.metrics]
    return [name for name in known if name.startswith("validation_")] or known[1:]


def tab_separated(rows: Rows) -> str:
    """A table as text that a spreadsheet or a document takes from the clipboard."""
    return "".join("\t".join(" ".join(cell.split()) for cell in row) + "\n" for row in rows)


def _result(result: Result, has_start: bool, has_seed: bool, metrics: list[str]) -> list[str]:
    steps = result.steps_to_tolerance
    cells = [
        result.contender.name,
        identifier(type(result.contender.optimizer)),
        schedule_name(result.contender.schedule),
    ]
    cells += [f"({', '.join(map(_short, result.start))})"] * has_start
    cells += [str(result.seed)] * has_seed
    cells += [_short(result.best_loss), _short(result.final_loss)]
    cells += [_short(result.metrics[name]) for name in metrics]
    cells += [_ABSENT if steps is None else str(steps), str(result.evaluations)]
    return [*cells, result.verdict.sentence]


def _short(value: float) -> str:
    return f"{value + 0.0:.3g}" if np.isfinite(value) else _ABSENT  # and −0 is 0


def labels(run: Run) -> bytes:
    """The cells that all rows of a run begin with, and the comma after them."""
    cells = (label.cell(run) for label in LABELS)
    return ",".join(_text(c) if isinstance(c, str) else str(c) for c in cells).encode() + b","


def block(beginning: bytes, columns: list[Array]) -> bytes:
    """Rows of numbers that all begin with the same cells."""
    # The JSON encoder prints floats in C, shortest exact form, some ten times as fast as `repr`.
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    if any(np.isinf(column).any() for column in columns):
        return b"".join(beginning + _exact(row) for row in rows)  # JSON knows no infinity
    text = msgspec.json.encode(rows)[2:-2]
    body = text.replace(b"null", b"").replace(b"],[", b"\r\n" + beginning)
    return beginning + body + b"\r\n"


def _exact(row: tuple[float, ...]) -> bytes:
    return line(["" if value != value else repr(value) for value in row])  # noqa: PLR0124 - NaN


def line(cells: list[str]) -> bytes:
    """One row of text."""
    return (",".join(map(_quoted, cells)) + "\r\n").encode()


def _text(cell: str) -> str:
    """A cell of text that no spreadsheet takes for a formula."""
    return _quoted(f"'{cell}" if cell.startswith(_FORMULA) else cell)


def _quoted(cell: str) -> str:
    if any(c in cell for c in ',"\r\n'):
        return '"' + cell.replace('"', '""') + '"'
    return cell
