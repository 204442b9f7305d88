"""Programs for Optax."""

from collections.abc import Mapping

from lrstudio.engine import Contender
from lrstudio.storage.snippets import comments
from lrstudio.storage.snippets.layout import Code, assignment, call, laid_out, literal
from lrstudio.storage.snippets.optax_modifiers import EVALUATED, OPTAX, Around, around
from lrstudio.storage.snippets.optax_schedules import rate
from lrstudio.storage.snippets.parts import Rate, Written, schedule_of, written

_PROBLEM = f"""\
# {comments.STAND_IN}
inputs = jnp.array([[1.0, 2.0], [2.0, 1.0], [1.0, -1.0], [-1.0, 1.0]])
targets = jnp.array([-1.0, 1.0, 2.0, -2.0])
params = jnp.array([0.5, 0.5])


def loss_function(params):
    return jnp.mean((inputs @ params - targets) ** 2)
"""
_IMPORTS = "import jax\nimport jax.numpy as jnp\nimport optax"
_LOSS_AND_GRADIENT = "loss, gradient = jax.value_and_grad(loss_function)"

_EXTRA: Mapping[str, tuple[str, ...]] = {
    "optax.polyak_sgd": ("value=loss",),
    "optax.contrib.momo": ("value=loss",),
    "optax.contrib.momo_adam": ("value=loss",),
    "optax.contrib.sophia": ("obj_fn=loss_function",),
    "optax.lbfgs": ("value=loss", "grad=gradient", "value_fn=loss_function"),
}
"""What these ask to be told at each update, besides gradient and parameters."""


def program(contender: Contender, steps: int) -> str:
    """A program that trains a small model with the contender's rule."""
    found = written(OPTAX, contender)
    if found is None:
        return comments.missing(contender, OPTAX)
    modifiers = contender.optimizer.modifiers
    moved = rate(schedule_of(contender), steps, found, modifiers)
    whole = around(modifiers, _rule(found, moved))
    setting = [f"steps = {steps}", *moved.definitions, found.note]
    setting += [assignment("optimizer", whole.optimizer), whole.start]
    setting += ["state = optimizer.init(params)"]
    body = "\n".join(line for line in setting if line)
    remarks = "\n".join((*whole.remarks, *moved.remarks))
    head = f"{comments.heading(contender, OPTAX)}\n{_IMPORTS}"
    parts = [head, _PROBLEM, remarks, f"{body}\n", _update(whole), _LOOP, _ending(whole)]
    return comments.blocks(parts)


def _rule(found: Written, moved: Rate) -> Around:
    """The rule alone, with its schedule."""
    arguments, value = found.arguments, moved.value or literal(found.rate)
    behind = moved.behind
    if moved.value and found.rate_name:
        arguments = arguments | {found.rate_name: Code(moved.value)}
    if moved.value and found.name in _NUMBERS_ONLY:
        arguments = arguments | {"learning_rate": 1.0}
        behind = call("optax.scale_by_schedule", Code(moved.value))
    made, told = call(found.name, **arguments), _EXTRA.get(found.name, ())
    if behind:
        made = call("optax.chain", Code(made), Code(behind))
    if moved.behind:
        told = told if "value=loss" in told else ("value=loss", *told)
    kept = EVALUATED if "schedule_free" in found.name else ""
    return Around(made, value, told=told, kept=kept)


_NUMBERS_ONLY = ("optax.sm3",)
"""These take no schedule in place of the learning rate."""
_LOOP = "\nfor step in range(steps):\n    params, state, loss = update(params, state)"


def _update(whole: Around) -> str:
    """One step, compiled."""
    told = ", ".join(("gradient", "state", "params", *whole.told))
    inside = [
        f"    {_LOSS_AND_GRADIENT}({whole.point})",
        laid_out("updates, state = ", f"optimizer.update({told})", indent=1),
        "    return optax.apply_updates(params, updates), state, loss",
    ]
    return "\n".join(["@jax.jit", "def update(params, state):", *inside])


def _ending(whole: Around) -> str:
    """What is looked at in the end: the loss, and of an average its own."""
    if not whole.kept:
        return 'print(f"loss after {steps} steps: {loss:.6g}")'
    said = 'print(f"loss after {steps} steps: {loss_function(kept):.6g}")'
    return f"kept = {whole.kept}\n{said}"
