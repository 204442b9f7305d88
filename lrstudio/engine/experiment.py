"""What the user asks for: the document that is saved, undone, shared."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import numpy as np

from lrstudio.core import (
    DATASETS,
    DISTURBANCES,
    MODIFIERS,
    OPTIMIZERS,
    PROBLEMS,
    SCHEDULES,
    Disturbance,
    Flavour,
    Optimizer,
    Problem,
    Refused,
    Schedule,
    Warmup,
    converted,
    describe,
    flavours_of,
)
from lrstudio.core.declaration import meta
from lrstudio.core.disturbance import MOST_DISTURBANCES
from lrstudio.core.epochs import counted
from lrstudio.core.optimizer import MOST_MODIFIERS
from lrstudio.core.registry import any_of
from lrstudio.core.schedules import composed
from lrstudio.core.validation import builtins, unknown_id
from lrstudio.engine.limits import refuse_too_many_runs, refuse_unsuited

if TYPE_CHECKING:
    AnyOptimizer = Optimizer
    AnySchedule = Schedule
    AnyProblem = Problem
    AnyDisturbance = Disturbance
else:
    AnyOptimizer = any_of(OPTIMIZERS)
    AnySchedule = any_of(SCHEDULES)
    AnyProblem = any_of(PROBLEMS)
    AnyDisturbance = any_of(DISTURBANCES)

MOST_STEPS = 100_000_000
"""Longest run."""
LONGEST_TITLE, LONGEST_NOTES = 200, 20_000
"""Characters that a file holds."""

Steps = Annotated[
    int,
    meta(
        "N",
        "Steps",
        "Number of updates each contender may make.",
        unit="steps",
        scale="log",
        low=10,
        high=100_000,
        ge=1,
        le=MOST_STEPS,
    ),
]
Epochs = Annotated[
    Annotated[int, msgspec.Meta(ge=1, le=MOST_STEPS)] | None,
    meta(
        "E",
        "Epochs",
        "How often each contender meets every example: the steps follow the size of the data and "
        "of the batches. Left empty, so many steps are made, however many epochs that is.",
        scale="log",
        low=1,
        high=1000,
        unit="epochs",
        left_open="as the steps say",
    ),
]
Noise = Annotated[
    float,
    meta(
        "σ",
        "Gradient noise",
        "Standard deviation of the Gaussian noise added to each coordinate of the gradient.",
        scale="log",
        low=1e-3,
        high=100.0,
        ge=0.0,
        le=1e6,
    ),
]
Tolerance = Annotated[
    float,
    meta(
        "τ",
        "Tolerance",
        "A run has converged when f − f* is no larger than this.",
        scale="log",
        low=1e-12,
        high=1.0,
        gt=0.0,
        le=1e12,
    ),
]
MetricsEvery = Annotated[
    Annotated[int, msgspec.Meta(ge=1, le=MOST_STEPS)] | None,
    meta(
        "",
        "Metrics every",
        "Losses and metrics of all examples are measured every so many steps, which costs as much "
        "as a step with all of them. Left empty they are once an epoch, or less often where there "
        "are more than 200.",
        scale="log",
        low=1,
        high=1000,
        unit="steps",
        left_open="each epoch",
    ),
]
CurvatureEvery = Annotated[
    Annotated[int, msgspec.Meta(ge=1, le=MOST_STEPS)] | None,
    meta(
        "k",
        "Curvature every",
        "The largest eigenvalue of the Hessian is measured every so many steps, which costs some "
        "ten to hundred gradients each time; of more than 2,000 examples a selection is looked at. "
        "Left empty it is not.",
        scale="log",
        low=1,
        high=1000,
        unit="steps",
        left_open="never",
    ),
]
Name = Annotated[str, msgspec.Meta(max_length=LONGEST_TITLE)]
Notes = Annotated[str, msgspec.Meta(max_length=LONGEST_NOTES)]
Seed = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Slot = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
Start = tuple[Annotated[float, msgspec.Meta(ge=-1e300, le=1e300)], ...]


class Contender(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of the race: an optimizer, a schedule, a name, a palette slot.

    The `flavour` says whose defaults and variant the optimizer was given; what decides the numbers
    stands in the optimizer itself.
    """

    name: Name
    flavour: Flavour = "textbook"
    optimizer: AnyOptimizer
    schedule: AnySchedule = msgspec.field(default_factory=SCHEDULES["constant"])
    enabled: bool = True
    colour: Slot = 0


class Experiment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A problem, contenders, steps, starts and seeds: everything that decides the numbers.

    Where `epochs` are given, `steps` are those that they make, whatever else is said of them.
    `starts` are points `(dim,)`; none means the problem's own start. Every contender runs from
    every start with every seed; contenders with the same seed meet the same noise. What else comes
    between the function and the rules are `disturbances`, in any order.
    """

    title: Name = ""
    notes: Notes = ""
    problem: AnyProblem
    contenders: Annotated[tuple[Contender, ...], msgspec.Meta(max_length=1000)] = ()
    steps: Steps = 500
    epochs: Epochs = None
    starts: Annotated[tuple[Start, ...], msgspec.Meta(max_length=10_000)] = ()
    seeds: Annotated[tuple[Seed, ...], msgspec.Meta(min_length=1, max_length=10_000)] = (0,)
    noise: Noise = 0.0
    disturbances: Annotated[
        tuple[AnyDisturbance, ...], msgspec.Meta(max_length=MOST_DISTURBANCES)
    ] = ()
    tolerance: Tolerance = 1e-6
    metrics_every: MetricsEvery = None
    curvature_every: CurvatureEvery = None

    def __post_init__(self) -> None:
        dim = self.problem.dim if self.starts else 0
        for i, start in enumerate(self.starts):
            if len(start) != dim:
                count = f"{len(start)} coordinate{'s' * (len(start) != 1)}"
                raise ValueError(
                    f"starts[{i}] has {count}, the problem has {dim}; "
                    "give each start one number per coordinate"
                )
        if len(set(self.seeds)) < len(self.seeds):
            place = next(i for i, seed in enumerate(self.seeds) if seed in self.seeds[:i])
            raise ValueError(f"seeds[{place}] repeats {self.seeds[place]}; give each seed once")
        # Constructors do not validate: what is no number of epochs is refused when it is checked.
        is_whole = isinstance(self.epochs, int | np.integer)
        if self.epochs is not None and is_whole and 1 <= self.epochs <= MOST_STEPS:
            steps = _steps_of(int(self.epochs), self.steps_per_epoch)
            msgspec.structs.force_setattr(self, "steps", steps)

    @property
    def steps_per_epoch(self) -> int | None:
        """Steps in which every example is met once; None where there are no examples."""
        sampling = self.problem.sampling
        return sampling.steps_per_epoch if sampling else None


def experiment_from(data: Any) -> Experiment:
    """An experiment from builtins (decoded JSON); raises `Refused` with path and sentence."""
    if not isinstance(data, Mapping):
        raise Refused("expected an object with a problem and contenders")
    _check_ids(data)
    experiment = converted(_coloured(data), Experiment, _declaration)
    _check_examples(experiment)
    _check_steps(data, experiment)
    _check_flavours(experiment)
    refuse_too_many_runs(experiment)
    refuse_unsuited(experiment)
    return experiment


def checked(experiment: Experiment) -> Experiment:
    """The same experiment, checked like a file would be; raises `Refused`."""
    return experiment_from(builtins(experiment))


def _steps_of(epochs: int, steps_per_epoch: int | None) -> int:
    """The steps that some epochs make; raises `Refused` where there are none, or too many."""
    if steps_per_epoch is None:
        raise Refused("the problem has no examples and so no epochs; give steps instead", "epochs")
    steps = epochs * steps_per_epoch
    if steps > MOST_STEPS:
        raise Refused(
            f"{epochs:,} epochs of {counted(steps_per_epoch, 'step')} are {steps:,} steps and may "
            f"be {MOST_STEPS:,}; give at most {MOST_STEPS // steps_per_epoch:,}",
            "epochs",
        )
    return steps


def _check_examples(experiment: Experiment) -> None:
    """Refuse a model to which its knobs leave too little to learn from."""
    try:
        _ = experiment.problem.sampling
    except Refused as refused:
        path = f"problem.{refused.path}" if refused.path else "problem"
        raise Refused(refused.sentence, path) from None


def _check_steps(data: Mapping[str, Any], experiment: Experiment) -> None:
    """Refuse steps that are told besides the epochs and are not those."""
    told, steps, epochs = data.get("steps", experiment.steps), experiment.steps, experiment.epochs
    if epochs is not None and told != steps:
        raise Refused(
            f"{counted(epochs, 'epoch')} of {counted(experiment.steps_per_epoch or 1, 'step')} "
            f"make {counted(steps, 'step')}, got {told}; leave out steps or epochs",
            "steps",
        )


def _coloured(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same with the slot of its place for each contender that names no colour."""
    contenders = data.get("contenders")
    if not isinstance(contenders, list | tuple):
        return data
    told = [
        {"colour": place, **node} if isinstance(node, Mapping) else node
        for place, node in enumerate(contenders)
    ]
    return {**data, "contenders": told}


def _check_ids(data: Mapping[str, Any]) -> None:
    """Refuse unknown rules and functions before anything else, naming the nearest known one."""
    problem = data.get("problem")
    _check_id(problem, "function", PROBLEMS, "problem")
    if isinstance(problem, Mapping):
        _check_id(problem.get("data"), "data", DATASETS, "problem.data")
    _check_listed(data, "disturbances", MOST_DISTURBANCES, "")
    for i, disturbance in enumerate(_listed(data, "disturbances")):
        _check_id(disturbance, "disturbance", DISTURBANCES, f"disturbances[{i}]")
    contenders = data.get("contenders")
    for i, contender in enumerate(contenders if isinstance(contenders, list | tuple) else ()):
        if isinstance(contender, Mapping):
            where = f"contenders[{i}]"
            _check_optimizer(contender.get("optimizer"), f"{where}.optimizer")
            _check_schedule(contender.get("schedule"), f"{where}.schedule")


def _check_optimizer(node: Any, path: str) -> None:
    """Check the id of a rule and those of its modifiers, and that these are not too many."""
    _check_id(node, "rule", OPTIMIZERS, path)
    _check_listed(node, "modifiers", MOST_MODIFIERS, f"{path}.")
    for i, modifier in enumerate(_listed(node, "modifiers")):
        _check_id(modifier, "rule", MODIFIERS, f"{path}.modifiers[{i}]")


def _listed(node: Any, key: str) -> Sequence[Any]:
    """The list under a key; empty where there is none."""
    found = node.get(key) if isinstance(node, Mapping) else None
    return found if isinstance(found, list | tuple) else ()


def _check_listed(node: Any, key: str, most: int, prefix: str) -> None:
    """Refuse a list that is too long before what is in it is looked at."""
    count = len(_listed(node, key))
    if count > most:
        raise Refused(f"expected at most {most} {key}, got {count}", f"{prefix}{key}")


def _check_schedule(node: Any, path: str, level: int = 0) -> None:
    """Check the id of a schedule and of those that it is made of."""
    _check_id(node, "rule", SCHEDULES, path)
    parts = node.get("parts") if isinstance(node, Mapping) else None
    if not isinstance(parts, list | tuple):
        return
    if level == composed.MOST_LEVELS:
        raise Refused(composed.too_deep(), path)
    for i, part in enumerate(parts):
        _check_schedule(part, f"{path}.parts[{i}]", level + 1)


def _check_flavours(experiment: Experiment) -> None:
    for i, contender in enumerate(experiment.contenders):
        known = flavours_of(type(contender.optimizer))
        if contender.flavour not in known:
            title = describe(type(contender.optimizer)).title
            raise Refused(
                f"{contender.flavour!r} has no {title}; choose one of {', '.join(known)}",
                f"contenders[{i}].flavour",
            )


def _check_id(node: Any, key: str, known: Mapping[str, Any], path: str) -> None:
    value = node.get(key) if isinstance(node, Mapping) else None
    if isinstance(value, str) and value not in known:
        raise Refused(unknown_id(value, tuple(known)), f"{path}.{key}")


def _declaration(node: Any) -> type[msgspec.Struct] | None:
    """The declaration that a node of a file stands for."""
    if not isinstance(node, Mapping):
        return None
    rule, function, disturbance = (node.get(k) for k in ("rule", "function", "disturbance"))
    if isinstance(rule, str):
        return OPTIMIZERS.get(rule) or SCHEDULES.get(rule) or MODIFIERS.get(rule)
    if isinstance(function, str):
        return PROBLEMS.get(function)
    if isinstance(disturbance, str):
        return DISTURBANCES.get(disturbance)
    if isinstance(node.get("data"), str):
        return DATASETS.get(node["data"])
    return Warmup if "shape" in node else Contender if "optimizer" in node else None
