"""Programs for PyTorch."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from lrstudio.core import Modifier, identifier
from lrstudio.engine import Contender
from lrstudio.storage.snippets import comments
from lrstudio.storage.snippets.layout import Code, assignment, call, indented
from lrstudio.storage.snippets.parts import Rate, Written, schedule_of, title, written
from lrstudio.storage.snippets.torch_schedules import TORCH, rate

_PROBLEM = f"""\
# {comments.STAND_IN}
inputs = torch.tensor([[1.0, 2.0], [2.0, 1.0], [1.0, -1.0], [-1.0, 1.0]])
targets = torch.tensor([[-1.0], [1.0], [2.0], [-2.0]])
model = torch.nn.Linear(2, 1, bias=False)
torch.nn.init.constant_(model.weight, 0.5)
loss_function = torch.nn.MSELoss()"""
_LOSS = "loss = loss_function(model(inputs), targets)"


class Around(NamedTuple):
    """What stands in the loop around a step."""

    before: tuple[str, ...] = ()
    """Between the gradient and the step."""
    after: tuple[str, ...] = ()
    definitions: tuple[str, ...] = ()
    every: int = 1
    is_mean: bool = True
    """Whether the mean of gathered gradients is taken, not their sum."""
    remarks: tuple[str, ...] = ()


def program(contender: Contender, steps: int) -> str:
    """A program that trains a small model with the contender's rule."""
    plain = replace(contender.optimizer, modifiers=())
    found = written(TORCH, plain)
    if found is None:
        return comments.missing(contender, TORCH)
    around = _around(contender.optimizer.modifiers)
    moved = rate(schedule_of(contender), steps, found)
    optimizer = call(found.name, Code("model.parameters()"), **found.arguments)
    setting = [f"steps = {steps}", found.note, assignment("optimizer", optimizer)]
    setting += [*around.definitions, *moved.definitions]
    body = "\n".join(line for line in setting if line)
    loop = _loop(found, around, moved)
    imports = "import math\n\nimport torch" if "math." in body else "import torch"
    remarks = "\n".join((*around.remarks, *moved.remarks))
    head = comments.heading(contender, TORCH)
    ending = 'print(f"loss after {steps} steps: {loss.item():.6g}")'
    return comments.blocks([f"{head}\n{imports}", _PROBLEM, remarks, body, loop, ending])


# --- the loop -------------------------------------------------------------------------------------


def _loop(found: Written, around: Around, rate: Rate) -> str:
    """The training loop, its calls in the order that PyTorch wants."""
    told = "loss" if rate.is_told_losses else ""
    ticks = [f"scheduler.step({told})"] if rate.value else []
    if found.name.endswith(".LBFGS"):
        return _loop_with_closure(around, ticks)
    update = [*around.before, "optimizer.step()", *around.after]
    if around.every == 1:
        lines = ["optimizer.zero_grad()", _LOSS, "loss.backward()", *update, *ticks]
    else:
        share = f" / {around.every}" if around.is_mean else ""
        turn = f"if (step + 1) % {around.every} == 0:"
        lines = [_LOSS, f"(loss{share}).backward()" if share else "loss.backward()", turn]
        lines += [*indented([*update, "optimizer.zero_grad()"]), *ticks]
    return "\n".join(["for step in range(steps):", *indented(lines)])


def _loop_with_closure(around: Around, ticks: Sequence[str]) -> str:
    inside = ["optimizer.zero_grad()", _LOSS, "loss.backward()", *around.before, "return loss"]
    step = ["loss = optimizer.step(closure)", *around.after, *ticks]
    return "\n".join(
        [
            *("def closure():", *indented(inside), "", ""),
            *("for step in range(steps):", *indented(step)),
        ]
    )


def _around(modifiers: Sequence[Modifier]) -> Around:
    """The lines for modifiers, outermost first; remarks for what PyTorch has not."""
    found = Around()
    for modifier in modifiers:
        more = _MODIFIERS.get(identifier(type(modifier)), _unknown)(modifier, found)
        if more is None:
            remark = comments.not_in(TORCH, title(modifier))
            more = found._replace(remarks=(*found.remarks, remark))
        found = more
    return found


def _unknown(modifier: Any, found: Around) -> Around | None:
    return None


def _clip_norm(modifier: Any, found: Around) -> Around | None:
    line = call(
        "torch.nn.utils.clip_grad_norm_", Code("model.parameters()"), max_norm=modifier.limit
    )
    remark = "# PyTorch divides by the norm + 1e-6, not by the norm itself."
    lines = (line,) if modifier.form == "torch" else (remark, line)
    return found._replace(before=(*found.before, *lines))


def _clip_value(modifier: Any, found: Around) -> Around | None:
    line = call(
        "torch.nn.utils.clip_grad_value_", Code("model.parameters()"), clip_value=modifier.limit
    )
    return found._replace(before=(*found.before, line))


def _accumulate(modifier: Any, found: Around) -> Around | None:
    if found.before or found.every > 1:  # what is done to each gradient before it is gathered
        return None
    return found._replace(every=modifier.every, is_mean=modifier.mean)


_MODIFIERS: Mapping[str, Any] = {
    "clip_norm": _clip_norm,
    "clip_value": _clip_value,
    "accumulate": _accumulate,
}
