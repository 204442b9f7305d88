"""How an experiment becomes numbers: lanes, one loop, trajectories, verdicts."""

from lrstudio.engine.experiment import Contender, Experiment, experiment_from
from lrstudio.engine.plan import Lane, Plan, Recording, plan
from lrstudio.engine.replay import replay
from lrstudio.engine.results import Result, headline, ranking, results
from lrstudio.engine.series import (
    CURVATURE,
    MOMENTUM,
    SERIES,
    Series,
    curvature_series,
    loss_series,
    metric_series,
    parameter_series,
    series_of,
)
from lrstudio.engine.simulate import run, simulate
from lrstudio.engine.trajectory import NEVER, Trajectory
from lrstudio.engine.verdicts import Verdict
from lrstudio.engine.x_axes import STEPS, X_AXES, XAxis, x_axis_for

__all__ = [
    "CURVATURE",
    "MOMENTUM",
    "NEVER",
    "SERIES",
    "STEPS",
    "X_AXES",
    "Contender",
    "Experiment",
    "Lane",
    "Plan",
    "Recording",
    "Result",
    "Series",
    "Trajectory",
    "Verdict",
    "XAxis",
    "curvature_series",
    "experiment_from",
    "headline",
    "loss_series",
    "metric_series",
    "parameter_series",
    "plan",
    "ranking",
    "replay",
    "results",
    "run",
    "series_of",
    "simulate",
    "x_axis_for",
]
