"""What was measured of models, as a table of its own: one row per run and measurement."""

from collections.abc import Iterator
from pathlib import Path

from lrstudio.engine import Trajectory
from lrstudio.storage.columns import LABELS, runs
from lrstudio.storage.saver import save_stream
from lrstudio.storage.tables import block, labels, line


def metrics_path(table: str | Path) -> Path:
    """Where the metrics beside an exported table stand: run.csv has run-metrics.csv."""
    path = Path(table)
    return path.with_name(f"{path.stem}-metrics{path.suffix}")


def save_metrics(table: str | Path, trajectory: Trajectory) -> tuple[Path, ...]:
    """Write them, if the problem has any; returns the path. Raises `StorageError`."""
    if not trajectory.plan.measured_every:
        return ()
    path = metrics_path(table)
    save_stream(path, metric_blocks(trajectory))
    return (path,)


def metric_blocks(trajectory: Trajectory) -> Iterator[bytes]:
    """The header, then run after run; cells are empty after a divergence."""
    problem, measured = trajectory.plan.experiment.problem, trajectory.measured
    steps = trajectory.measured_steps()
    per_epoch = problem.sampling.steps_per_epoch if problem.sampling else 1
    names = [label.name for label in LABELS]
    yield line([*names, "step", "epoch", *(metric.id for metric in problem.metrics)])
    for run in runs(trajectory):
        values = trajectory.measures[:measured, :, run.lane.index].T
        yield block(labels(run), [steps, steps / per_epoch, *values])
