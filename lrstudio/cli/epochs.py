"""`--set contenders.0.schedule.length="5 epochs"`: epochs on the command line, kept as steps."""

import math
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from lrstudio.core import (
    DISTURBANCES,
    MODIFIERS,
    OPTIMIZERS,
    SCHEDULES,
    Parameter,
    Refused,
    Warmup,
    parameters,
)
from lrstudio.core.epochs import closed_up, refuse_half_told, steps_in
from lrstudio.engine import Experiment, experiment_from

_RULES: Mapping[str, Any] = {**MODIFIERS, **OPTIMIZERS, **SCHEDULES, **DISTURBANCES}


def counted_in_steps(text: str, tree: Mapping[str, Any], path: Sequence[str]) -> Any:
    """The steps in a text such as `5 epochs` or `2 epochs, 4 epochs`, for a place in the tree.

    Raises `Refused` where nothing counts steps, or the problem has no epochs.
    """
    parameter = _parameter(tree, path)
    if parameter is None or parameter.unit != "steps":
        raise Refused(f"{path[-1]} counts no steps, so {text!r} says nothing here")
    per_epoch = _steps_per_epoch(tree["problem"])
    parts = [part for part in re.split(r"[,;\s]+", closed_up(text)) if part]
    refuse_half_told(parts)
    steps = [steps_in(part, per_epoch, _number) for part in parts]
    is_list = parameter.kind == "integers" and not path[-1].isdecimal()
    if None in steps or (len(steps) != 1 and not is_list):
        raise Refused(f"expected one number of epochs, such as 2.5 epochs, got {text!r}")
    return steps if is_list else steps[0]


def match_steps(tree: dict[str, Any], told: set[str]) -> None:
    """Let the steps follow from the epochs or take their place, as in the window.

    `told` are the fields of the experiment that were changed.
    """
    if tree["epochs"] is None or {"steps", "epochs"} <= told:
        return
    if "steps" in told or ("epochs" not in told and not _has_epochs(tree["problem"])):
        tree["epochs"] = None
    else:
        del tree["steps"]


def _has_epochs(problem: Any) -> bool:
    with suppress(Refused):  # what is wrong with it will be said with the whole
        return _steps_per_epoch(problem) is not None
    return True


def _steps_per_epoch(problem: Any) -> int | None:
    try:
        return experiment_from({"problem": problem}).steps_per_epoch
    except Refused as refused:
        raise Refused(str(refused)) from None  # with the path, for it is about another place


def _parameter(tree: Any, path: Sequence[str]) -> Parameter | None:
    """The parameter that a path leads to, or whose list it leads into."""
    owner, name = tree, path[0]
    for step in path:
        if isinstance(tree, dict):
            owner, name = tree, step
        tree = tree[int(step) if isinstance(tree, list) else step]
    known = parameters(_declaration(owner)) if _declaration(owner) else ()
    return next((parameter for parameter in known if parameter.name == name), None)


def _declaration(node: Mapping[str, Any]) -> Any:
    if "contenders" in node:
        return Experiment
    if "shape" in node and "rule" not in node:
        return Warmup
    return _RULES.get(node.get("rule") or node.get("disturbance") or "")


def _number(text: str) -> float:
    with suppress(ValueError):
        number = float(text)
        if math.isfinite(number):
            return number
    raise Refused(f"expected a number of epochs, such as 2.5 epochs, got {text!r}")
