"""What an optimizer, a schedule and a problem are. NumPy only: no files, no threads, no windows."""

from lrstudio.core import (
    data_problem,
    datasets,
    disturbances,
    modifiers,
    optimizer,
    optimizers,
    problems,
    schedules,
)
from lrstudio.core.dataset import Dataset
from lrstudio.core.declaration import Description, Parameter, describe, identifier, parameters
from lrstudio.core.disturbance import Disturbance
from lrstudio.core.modifier import Modifier
from lrstudio.core.optimizer import Optimizer
from lrstudio.core.problem import Problem
from lrstudio.core.registry import collect, union
from lrstudio.core.schedule import Listener, Schedule, Warmup
from lrstudio.core.schedules import composed
from lrstudio.core.table import Table
from lrstudio.core.validation import Refused, converted, refusal, validated

DATASETS = collect(datasets, Dataset)
DISTURBANCES = collect(disturbances, Disturbance)
MODIFIERS = collect(modifiers, Modifier)
OPTIMIZERS = collect(optimizers, Optimizer)
SCHEDULES = collect(schedules, Schedule)
PROBLEMS = collect(problems, Problem)
# Fields whose type is "any of them" are resolved when a file is read for the first time.
setattr(optimizer, "AnyModifier", union(MODIFIERS))  # noqa: B010 - a type checker sees the base
setattr(data_problem, "AnyDataset", union(DATASETS))  # noqa: B010
setattr(composed, "AnySchedule", union(SCHEDULES))  # noqa: B010

# After the registries, because the tables name their classes.
from lrstudio.core.frameworks import FRAMEWORKS, from_framework  # noqa: E402
from lrstudio.core.frameworks.flavours import (  # noqa: E402
    FLAVOURS,
    Flavour,
    differences,
    flavoured,
    flavours_of,
    reflavoured,
)

__all__ = [
    "DATASETS",
    "DISTURBANCES",
    "FLAVOURS",
    "FRAMEWORKS",
    "MODIFIERS",
    "OPTIMIZERS",
    "PROBLEMS",
    "SCHEDULES",
    "Dataset",
    "Description",
    "Disturbance",
    "Flavour",
    "Listener",
    "Modifier",
    "Optimizer",
    "Parameter",
    "Problem",
    "Refused",
    "Schedule",
    "Table",
    "Warmup",
    "converted",
    "describe",
    "differences",
    "flavoured",
    "flavours_of",
    "from_framework",
    "identifier",
    "parameters",
    "reflavoured",
    "refusal",
    "validated",
]
