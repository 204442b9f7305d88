"""Programs for PyTorch."""

from collections.abc import Sequence

from lrstudio.engine import Contender
from lrstudio.storage.snippets import comments
from lrstudio.storage.snippets.layout import Code, assignment, call, indented
from lrstudio.storage.snippets.parts import Rate, Written, schedule_of, written
from lrstudio.storage.snippets.torch_modifiers import Around, around
from lrstudio.storage.snippets.torch_schedules import TORCH, rate

_PROBLEM = f"""\
# {comments.STAND_IN}
inputs = torch.tensor([[1.0, 2.0], [2.0, 1.0], [1.0, -1.0], [-1.0, 1.0]])
targets = torch.tensor([[-1.0], [1.0], [2.0], [-2.0]])
model = torch.nn.Linear(2, 1, bias=False)
torch.nn.init.constant_(model.weight, 0.5)
loss_function = torch.nn.MSELoss()"""
_LOSS = "loss = loss_function(model(inputs), targets)"


def program(contender: Contender, steps: int) -> str:
    """A program that trains a small model with the contender's rule."""
    found = written(TORCH, contender)
    if found is None:
        return comments.missing(contender, TORCH)
    whole = around(contender.optimizer.modifiers)
    if found.name.endswith(_SEARCHING):
        whole = _without_gathering(whole)
    moved = rate(schedule_of(contender), steps, found, whole.every)
    climbing = {"maximize": True} if whole.is_ascent else {}
    optimizer = call(found.name, Code("model.parameters()"), **found.arguments, **climbing)
    setting = [f"steps = {steps}", found.note, assignment("optimizer", optimizer)]
    setting += [*whole.definitions, *moved.definitions]
    body = "\n".join(line for line in setting if line)
    loop = _loop(found, whole, moved)
    imports = "import math\n\nimport torch" if "math." in body else "import torch"
    remarks = "\n".join((*whole.remarks, *moved.remarks))
    head = f"{comments.heading(contender, TORCH)}\n{imports}"
    return comments.blocks([head, _PROBLEM, remarks, body, loop, _ending(whole)])


_SEARCHING = ".LBFGS"
"""This one asks for the loss as often as it likes, and cannot climb."""


def _without_gathering(whole: Around) -> Around:
    """What such a rule leaves of modifiers."""
    names = ["gathered gradients"] * (whole.every > 1) + ["ascent"] * whole.is_ascent
    why = "The rule asks for the loss itself"
    remarks = (*whole.remarks, *(comments.not_in(TORCH, name, why) for name in names))
    return whole._replace(every=1, is_ascent=False, remarks=remarks)


def _loop(found: Written, whole: Around, moved: Rate) -> str:
    """The training loop, its calls in the order that PyTorch wants."""
    told = "loss.item()" if moved.is_told_losses else ""
    tick = [f"scheduler.step({told})"] if moved.value else []
    if found.name.endswith(_SEARCHING):
        return _loop_with_closure(whole, [*whole.after, *tick])
    update = [*whole.before, "optimizer.step()"]
    if whole.every == 1:
        update += [*whole.after, *tick]
        lines = ["optimizer.zero_grad()", _LOSS, "loss.backward()", *update]
    else:
        share = f" / {whole.every}" if whole.is_mean else ""
        turn = f"if (step + 1) % {whole.every} == 0:"
        lines = [_LOSS, f"(loss{share}).backward()" if share else "loss.backward()", turn]
        hearing = tick if moved.is_told_losses else []
        update += ["optimizer.zero_grad()", *(tick if not hearing else [])]
        lines += [*indented(update), *whole.after, *hearing]
    return "\n".join(["for step in range(steps):", *indented(lines)])


def _loop_with_closure(whole: Around, ticks: Sequence[str]) -> str:
    inside = ["optimizer.zero_grad()", _LOSS, "loss.backward()", *whole.before, "return loss"]
    step = ["loss = optimizer.step(closure)", *ticks]
    return "\n".join(
        [
            *("", "def closure():", *indented(inside), "", ""),
            *("for step in range(steps):", *indented(step)),
        ]
    )


def _ending(whole: Around) -> str:
    """What is looked at in the end: the loss, and of an averaged model its own."""
    if not whole.is_averaged:
        return 'print(f"loss after {steps} steps: {loss.item():.6g}")'
    loss = "loss = loss_function(averaged(inputs), targets)"
    return f'{loss}\nprint(f"loss of the averaged model: {{loss.item():.6g}}")'
