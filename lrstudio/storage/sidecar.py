"""The JSON beside a table: what its columns mean, what came out, and the experiment to repeat it.

It opens as an experiment like any `.lrx` file.
"""

import math
from pathlib import Path
from typing import Any

from lrstudio import __version__
from lrstudio.engine import NEVER, Result, Trajectory, results
from lrstudio.storage.columns import LABELS, Run, descriptions, runs
from lrstudio.storage.errors import refused
from lrstudio.storage.experiments import RUN_FORMAT, document
from lrstudio.storage.saver import save_bytes
from lrstudio.storage.strict_json import written

SCHEMA = 1
EXTENSION = ".json"


def sidecar_path(path: str | Path) -> Path:
    """Where the sidecar of a table stands: `run.csv` has `run.json`."""
    table = Path(path)
    if table.suffix == EXTENSION:
        return table.with_name(table.name + EXTENSION)
    return table.with_suffix(EXTENSION)


def refuse_foreign(path: Path) -> None:
    """Refuse to write a sidecar, whose name nobody chose, over a file that is none."""
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError:  # not there; whatever else is wrong, the saver will say
        return
    if RUN_FORMAT.encode() not in head:
        raise refused(
            "save",
            path,
            "a file of this name is there and belongs to something else",
            "choose another name for the table",
        )


def save_json(path: str | Path, trajectory: Trajectory, table: str | None = None) -> None:
    """Write results and experiment; `table` names the file that holds the rows."""
    save_bytes(path, encode(trajectory, table, Path(path).parent))


def encode(trajectory: Trajectory, table: str | None = None, folder: Path | None = None) -> bytes:
    """The sidecar of a trajectory as it is now, for a folder."""
    return written(_document(trajectory, table, folder)).encode()


def _document(trajectory: Trajectory, table: str | None, folder: Path | None) -> dict[str, Any]:
    plan = trajectory.plan
    return {
        "format": RUN_FORMAT,
        "schema": SCHEMA,
        "program": {"name": "LR Studio", "version": __version__},
        "table": table,
        "recorded": {
            "every": plan.stride,
            "rows_per_run": trajectory.rows,
            "reached_step": trajectory.reached,
            "is_finished": trajectory.is_finished,
        },
        "columns": dict(descriptions(trajectory)),
        # Starts that are drawn follow from the seeds.
        "starts": [] if plan.has_drawn_starts else [list(start) for start in plan.starts],
        "runs": _runs(trajectory),
        "experiment": document(plan.experiment, folder),
    }


def _runs(trajectory: Trajectory) -> list[dict[str, Any]]:
    result_of = {result.lane: result for result in results(trajectory)}
    return [
        _labels(run) | _outcome(trajectory, result_of[run.lane.index])
        for run in runs(trajectory)
        if run.lane.index in result_of
    ]


def _labels(run: Run) -> dict[str, Any]:
    return {label.name: label.cell(run) for label in LABELS}


def _outcome(trajectory: Trajectory, result: Result) -> dict[str, Any]:
    diverged_at = int(trajectory.diverged_at[result.lane])
    verdict = result.verdict
    return {
        "final_loss": _finite(result.final_loss),
        "best_loss": _finite(result.best_loss),
        "best_step": None if result.best_step == NEVER else result.best_step,
        "steps_to_tolerance": result.steps_to_tolerance,
        "diverged_at": None if diverged_at == NEVER else diverged_at,
        "evaluations": result.evaluations,
        "evaluations_to_tolerance": result.evaluations_to_tolerance,
        **({"metrics": _finite_all(result.metrics)} if result.metrics else {}),
        "verdict": {
            "kind": verdict.kind,
            "sentence": verdict.sentence,
            "step": verdict.step,
            "minimum": None if verdict.minimum is None else list(verdict.minimum),
            "numbers": _finite_all(verdict.numbers),
        },
    }


def _finite_all(numbers: dict[str, float]) -> dict[str, float | None]:
    return {name: _finite(value) for name, value in numbers.items()}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
