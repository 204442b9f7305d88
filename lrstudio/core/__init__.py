"""What an optimizer, a schedule and a problem are. NumPy only: no files, no threads, no windows."""

from typing import Union

from lrstudio.core import optimizers, problems, schedules
from lrstudio.core.declaration import Description, Parameter, describe, identifier, parameters
from lrstudio.core.optimizer import Optimizer
from lrstudio.core.problem import Problem
from lrstudio.core.registry import collect
from lrstudio.core.schedule import Listener, Schedule, Warmup
from lrstudio.core.schedules import composed
from lrstudio.core.validation import Refused, converted, refusal, validated

OPTIMIZERS = collect(optimizers, Optimizer)
SCHEDULES = collect(schedules, Schedule)
PROBLEMS = collect(problems, Problem)

# A schedule may be made of any others; msgspec looks this name up when it first decodes one.
setattr(composed, "AnySchedule", Union[tuple(SCHEDULES.values())])  # noqa: B010, UP007 - not a type

__all__ = [
    "OPTIMIZERS",
    "PROBLEMS",
    "SCHEDULES",
    "Description",
    "Listener",
    "Optimizer",
    "Parameter",
    "Problem",
    "Refused",
    "Schedule",
    "Warmup",
    "converted",
    "describe",
    "identifier",
    "parameters",
    "refusal",
    "validated",
]
