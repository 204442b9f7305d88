"""Changed copies of an experiment: what the window and the command line make of one."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from lrstudio.core import (
    FLAVOURS,
    OPTIMIZERS,
    PROBLEMS,
    Dataset,
    Optimizer,
    Problem,
    Refused,
    describe,
    flavoured,
    flavours_of,
    parameters,
    reflavoured,
    refusal,
)
from lrstudio.engine.experiment import Contender, Experiment


def with_problem(experiment: Experiment, problem: Problem) -> Experiment:
    """Another problem; starts that no longer fit its dimension are dropped.

    So are epochs where there are none now, or they would take too long: the steps then stay.
    """
    fits = problem.dim == experiment.problem.dim and type(problem) is type(experiment.problem)
    starts = experiment.starts if fits else ()
    try:
        return replace(experiment, problem=problem, starts=starts)
    except Refused as refused:
        if refused.path != "epochs":
            raise
    return replace(experiment, problem=problem, starts=starts, epochs=None)


def like(old: Problem, chosen: type[Problem]) -> Problem:
    """The chosen function with what was changed of the old one where both have it, else its own."""
    changed = {
        p.name: getattr(old, p.name)
        for p in parameters(type(old))
        if getattr(old, p.name) != p.default
    }
    kept = {
        p.name: changed[p.name]
        for p in parameters(chosen)
        if p.name in changed and refusal(p, changed[p.name]) is None
    }
    return chosen(**kept)


def with_steps(experiment: Experiment, steps: int) -> Experiment:
    """Another number of steps, which no longer follows from epochs."""
    return replace(experiment, steps=steps, epochs=None)


def with_epochs(experiment: Experiment, epochs: int | None) -> Experiment:
    """So many epochs, from which the steps follow; without any the steps stay.

    Raises `Refused` where the problem has no epochs, or they make too many steps.
    """
    return replace(experiment, epochs=epochs)


def with_data(experiment: Experiment, data: Dataset) -> Experiment:
    """Other examples to learn from; where nothing learns yet, a regression that fits them."""
    problem = experiment.problem
    if "data" in problem.__struct_fields__:
        return with_problem(experiment, replace(problem, data=data))
    model = "softmax_regression" if data.table().classes else "linear_regression"
    return with_problem(experiment, replace(PROBLEMS[model](), data=data))


def with_contender(experiment: Experiment, index: int, contender: Contender) -> Experiment:
    """One contender replaced."""
    return _rearranged(experiment, lambda c: c.__setitem__(index, contender))


def with_added(experiment: Experiment, contender: Contender, index: int) -> Experiment:
    """A contender inserted before `index`."""
    return _rearranged(experiment, lambda c: c.insert(index, contender))


def without(experiment: Experiment, index: int) -> Experiment:
    """A contender removed."""
    return _rearranged(experiment, lambda c: c.pop(index))


def with_moved(experiment: Experiment, index: int, target: int) -> Experiment:
    """A contender moved so that it stands at `target` afterwards."""
    return _rearranged(experiment, lambda c: c.insert(target, c.pop(index)))


def with_start(experiment: Experiment, index: int, point: tuple[float, ...]) -> Experiment:
    """One start moved; the problem's own start becomes an explicit one."""
    starts = list(experiment.starts or (experiment.problem.start,))
    starts[index] = point
    return replace(experiment, starts=tuple(starts))


def new_contender(experiment: Experiment, rule: str) -> Contender:
    """A contender with a rule's defaults, a name and a colour that are not yet taken."""
    cls = OPTIMIZERS[rule]
    name = unique_name(experiment, describe(cls).title)
    return Contender(name=name, optimizer=cls(), colour=free_slot(experiment))


def duplicate(experiment: Experiment, index: int) -> Contender:
    """A copy of a contender under another name and colour."""
    original = experiment.contenders[index]
    name = unique_name(experiment, original.name)
    return replace(original, name=name, colour=free_slot(experiment))


def with_optimizer(experiment: Experiment, index: int, rule: str) -> Experiment:
    """Another rule with its defaults; a name that was the old rule's follows.

    The flavour and the modifiers stay; a framework that has no such rule gives way to the
    textbook.
    """
    contender = experiment.contenders[index]
    cls = OPTIMIZERS[rule]
    flavour = contender.flavour if contender.flavour in flavours_of(cls) else "textbook"
    optimizer = replace(flavoured(cls, flavour), modifiers=contender.optimizer.modifiers)
    return _with_rule(experiment, index, optimizer, flavour)


def with_flavour(experiment: Experiment, index: int, flavour: str) -> Experiment:
    """Another flavour of a contender's rule; values changed by hand stay, the name follows."""
    contender = experiment.contenders[index]
    optimizer = reflavoured(contender.optimizer, contender.flavour, flavour)
    return _with_rule(experiment, index, optimizer, flavour)


def title(rule: type[Optimizer], flavour: str) -> str:
    """What a rule in a flavour is called: "RMSProp", "RMSProp (Keras)"."""
    name = describe(rule).title
    return name if flavour == "textbook" else f"{name} ({FLAVOURS[flavour]})"


def rule_title(contender: Contender) -> str:
    """What the rule of a contender is called."""
    return title(type(contender.optimizer), contender.flavour)


def _with_rule(
    experiment: Experiment, index: int, optimizer: Optimizer, flavour: Any
) -> Experiment:
    """Another optimizer; a name that was the old one's title follows."""
    contender = experiment.contenders[index]
    old = rule_title(contender)
    name = contender.name
    if name == old or (name.startswith(f"{old} ") and name[len(old) + 1 :].isdigit()):
        name = unique_name(without(experiment, index), title(type(optimizer), flavour))
    changed = replace(contender, optimizer=optimizer, flavour=flavour, name=name)
    return with_contender(experiment, index, changed)


def unique_name(experiment: Experiment, wish: str) -> str:
    """`wish`, or `wish 2`, `wish 3`, … if that is taken."""
    taken = {contender.name for contender in experiment.contenders}
    stem, _, number = wish.rpartition(" ")
    base = stem if stem and number.isdigit() else wish
    candidates = (wish, *(f"{base} {n}" for n in range(2, len(taken) + 3)))
    return next(name for name in candidates if name not in taken)


def free_slot(experiment: Experiment) -> int:
    """The first palette slot that no contender uses."""
    taken = {contender.colour for contender in experiment.contenders}
    return next(slot for slot in range(len(taken) + 1) if slot not in taken)


def _rearranged(experiment: Experiment, change: Callable[[list[Contender]], object]) -> Experiment:
    contenders = list(experiment.contenders)
    change(contenders)
    return replace(experiment, contenders=tuple(contenders))
