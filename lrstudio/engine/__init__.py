"""How an experiment becomes numbers: lanes, one loop, trajectories, verdicts."""

from lrstudio.engine.experiment import Contender, Experiment, experiment_from
from lrstudio.engine.plan import Lane, Plan, Recording, plan
from lrstudio.engine.replay import replay
from lrstudio.engine.simulate import run, simulate
from lrstudio.engine.trajectory import NEVER, Trajectory

__all__ = [
    "NEVER",
    "Contender",
    "Experiment",
    "Lane",
    "Plan",
    "Recording",
    "Trajectory",
    "experiment_from",
    "plan",
    "replay",
    "run",
    "simulate",
]
