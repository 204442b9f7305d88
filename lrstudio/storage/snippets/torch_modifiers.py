"""Modifiers in programs for PyTorch: lines in the loop."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from lrstudio.core import Modifier, identifier
from lrstudio.storage.snippets.comments import not_in
from lrstudio.storage.snippets.layout import Code, assignment, call, literal
from lrstudio.storage.snippets.parts import title
from lrstudio.storage.snippets.torch_schedules import TORCH

_OTHER_NORM = "# PyTorch divides by the norm + 1e-6, not by the norm itself."
_PARAMETERS = Code("model.parameters()")


class Around(NamedTuple):
    """What stands in the loop around a step."""

    before: tuple[str, ...] = ()
    """Between the gradient and the step."""
    after: tuple[str, ...] = ()
    """At the end of each turn."""
    definitions: tuple[str, ...] = ()
    every: int = 1
    """Gradients that are gathered for one step."""
    is_mean: bool = True
    """Whether the mean of gathered gradients is taken, not their sum."""
    is_ascent: bool = False
    is_averaged: bool = False
    """Whether there is an averaged model besides."""
    remarks: tuple[str, ...] = ()


def around(modifiers: Sequence[Modifier]) -> Around:
    """The lines for modifiers, outermost first; remarks for what PyTorch has not."""
    found = Around()
    for modifier in modifiers:
        tag = identifier(type(modifier))
        more = _MODIFIERS[tag](modifier, found) if tag in _MODIFIERS else None
        if more is None:
            more = found._replace(remarks=(*found.remarks, not_in(TORCH, title(modifier))))
        found = more
    return found


def _clip_norm(modifier: Any, found: Around) -> Around | None:
    remark = () if modifier.form == "torch" else (_OTHER_NORM,)
    found = found._replace(before=(*found.before, *remark))
    is_whole = modifier.scope == "all"
    what = _PARAMETERS if is_whole else Code("parameter")
    line = call("torch.nn.utils.clip_grad_norm_", what, max_norm=modifier.limit)
    if not is_whole:
        return _for_each(line, found)
    return found._replace(before=(*found.before, line))


def _clip_value(modifier: Any, found: Around) -> Around | None:
    line = call("torch.nn.utils.clip_grad_value_", _PARAMETERS, clip_value=modifier.limit)
    return found._replace(before=(*found.before, line))


def _scale(modifier: Any, found: Around) -> Around | None:
    return _for_each(f"parameter.grad.mul_({literal(modifier.factor)})", found)


def _decay(modifier: Any, found: Around) -> Around | None:
    share = literal(modifier.weight_decay)
    return _for_each(f"parameter.grad.add_(parameter.detach(), alpha={share})", found)


def _for_each(line: str, found: Around) -> Around:
    lines = ("for parameter in model.parameters():", f"    {line}")
    return found._replace(before=(*found.before, *lines))


def _accumulate(modifier: Any, found: Around) -> Around | None:
    if found.before or found.every > 1:  # done to each gradient before it is gathered
        return None
    return found._replace(every=modifier.every, is_mean=modifier.mean)


def _ascent(modifier: Any, found: Around) -> Around | None:
    return found._replace(is_ascent=not found.is_ascent)


def _average(modifier: Any, found: Around) -> Around | None:
    """A running mean, or a plain one from a step on."""
    if found.is_averaged or found.before or found.every > 1:
        return None
    update, plain = "averaged.update_parameters(model)", "torch.optim.swa_utils.AveragedModel"
    if hasattr(modifier, "period"):
        made, lines = call(plain, Code("model")), _in_time(modifier.start, modifier.period, update)
    elif modifier.overwrite is None and modifier.pace == 1:
        mean = f"torch.optim.swa_utils.get_ema_multi_avg_fn({literal(modifier.momentum)})"
        made, lines = call(plain, Code("model"), multi_avg_fn=Code(mean)), (update,)
    else:
        return None
    definition = assignment("averaged", made)
    return found._replace(after=lines, definitions=(definition,), is_averaged=True)


def _in_time(start: int, period: int, line: str) -> tuple[str, ...]:
    conditions = [f"step >= {start}"] if start else []
    conditions += [f"(step + 1 - {start}) % {period} == 0".replace(" - 0", "")] * (period > 1)
    return (f"if {' and '.join(conditions)}:", f"    {line}") if conditions else (line,)


_MODIFIERS: Mapping[str, Callable[[Any, Around], Around | None]] = {
    "clip_norm": _clip_norm,
    "clip_value": _clip_value,
    "scale_gradient": _scale,
    "decay_gradient": _decay,
    "accumulate": _accumulate,
    "ascent": _ascent,
    "weight_average": _average,
    "mean_weights": _average,
}
