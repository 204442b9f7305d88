"""Programs for Optax."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from lrstudio.core import identifier
from lrstudio.engine import Contender
from lrstudio.storage.snippets import comments
from lrstudio.storage.snippets.layout import Code, assignment, call, indented, laid_out
from lrstudio.storage.snippets.optax_schedules import OPTAX, rate
from lrstudio.storage.snippets.parts import Written, schedule_of, title, written

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

_TOLD = ("gradient", "state", "params")
_EXTRA: Mapping[str, str] = {
    "optax.polyak_sgd": "value=loss",
    "optax.contrib.momo": "value=loss",
    "optax.contrib.momo_adam": "value=loss",
    "optax.contrib.sophia": "obj_fn=loss_function",
    "optax.lbfgs": "value=loss, grad=gradient, value_fn=loss_function",
}
"""What these ask to be told at each update, besides gradient and parameters."""


class Around(NamedTuple):
    """The optimizer with modifiers around it, and what that asks of the loop."""

    optimizer: str
    start: str = ""
    """What the parameters become before the first update."""
    point: str = "params"
    """Where the gradient is taken."""
    extra: str = ""
    """What is told at each update."""
    remarks: tuple[str, ...] = ()


def program(contender: Contender, steps: int) -> str:
    """A program that trains a small model with the contender's rule."""
    found = written(OPTAX, replace(contender.optimizer, modifiers=()))
    if found is None:
        return comments.missing(contender, OPTAX)
    moved = rate(schedule_of(contender), steps, found, contender.optimizer.modifiers)
    arguments = found.arguments
    if moved.value and found.rate_name:
        arguments = arguments | {found.rate_name: Code(moved.value)}
    around = _around(contender, Around(call(found.name, **arguments)), moved.value)
    setting = [f"steps = {steps}", *moved.definitions, found.note]
    setting += [assignment("optimizer", around.optimizer), around.start]
    setting += ["state = optimizer.init(params)"]
    body = "\n".join(line for line in setting if line)
    remarks = "\n".join((*around.remarks, *moved.remarks))
    head = f"{comments.heading(contender, OPTAX)}\n{_IMPORTS}"
    ending = 'print(f"loss after {steps} steps: {loss:.6g}")'
    parts = [head, _PROBLEM, remarks, f"{body}\n", _update(found, around), _LOOP, ending]
    return comments.blocks(parts)


_LOOP = "\nfor step in range(steps):\n    params, state, loss = update(params, state)"


def _update(found: Written, around: Around) -> str:
    """One step, compiled."""
    told = [part for part in (_EXTRA.get(found.name, ""), around.extra) if part]
    inside = [
        f"{_LOSS_AND_GRADIENT}({around.point})",
        laid_out("updates, state = ", f"optimizer.update({', '.join([*_TOLD, *told])})"),
        "return optax.apply_updates(params, updates), state, loss",
    ]
    return "\n".join(["@jax.jit", "def update(params, state):", *indented(inside)])


# --- modifiers ------------------------------------------------------------------------------------


def _around(contender: Contender, found: Around, schedule: str | None) -> Around:
    """Modifiers around the rule, from the innermost one out."""
    pending: list[str] = []
    for modifier in reversed(contender.optimizer.modifiers):
        tag = identifier(type(modifier))
        transform = _TRANSFORMS[tag](modifier) if tag in _TRANSFORMS else None
        wrapped = None
        if transform is None and tag in _WRAPPERS:
            wrapped = _WRAPPERS[tag](modifier, found._replace(optimizer=_chained(pending, found)))
        if transform is not None:
            pending.insert(0, transform)
        elif wrapped is not None:
            found, pending = wrapped, []
        else:
            remark = comments.not_in(OPTAX, title(modifier))
            found = found._replace(remarks=(*found.remarks, remark))
    return found._replace(optimizer=_chained(pending, found))


def _chained(pending: Sequence[str], found: Around) -> str:
    if not pending:
        return found.optimizer
    return call("optax.chain", *map(Code, pending), Code(found.optimizer))


def _clip_norm(modifier: Any) -> str | None:
    is_exact = modifier.form == "exact"
    return call("optax.clip_by_global_norm", modifier.limit) if is_exact else None


def _filter(modifier: Any) -> str | None:
    if modifier.form == "sum":
        ahead = {"nesterov": True} if modifier.nesterov else {}
        return call("optax.trace", modifier.momentum, **ahead)
    if modifier.nesterov:
        return None
    return call("optax.ema", modifier.momentum, **({} if modifier.debias else {"debias": False}))


def _adaptive(modifier: Any) -> str:
    return call("optax.adaptive_grad_clip", modifier.share, eps=modifier.smallest_norm)


def _normalized(modifier: Any) -> str:
    name = "optax.normalize_by_update_norm"
    return call(name, scale_factor=modifier.length, eps=modifier.eps)


_TRANSFORMS: Mapping[str, Callable[[Any], str | None]] = {
    "clip_norm": _clip_norm,
    "clip_value": lambda modifier: call("optax.clip", modifier.limit),
    "clip_rms": lambda modifier: call("optax.clip_by_block_rms", modifier.limit),
    "clip_adaptively": _adaptive,
    "normalize": _normalized,
    "average_gradient": _filter,
    "apply_every": lambda modifier: call("optax.apply_every", modifier.every),
    "scale_gradient": lambda modifier: call("optax.scale", modifier.factor),
    "decay_gradient": lambda modifier: call("optax.add_decayed_weights", modifier.weight_decay),
}


def _gathered(modifier: Any, found: Around) -> Around:
    mean = {} if modifier.mean else {"use_grad_mean": False}
    inside = Code(found.optimizer)
    made = call("optax.MultiSteps", inside, every_k_schedule=modifier.every, **mean)
    return found._replace(optimizer=made)


_WRAPPERS: Mapping[str, Callable[[Any, Around], Around | None]] = {"accumulate": _gathered}
