"""Modifiers in programs for Optax: transformations before a rule, and wrappers around it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from lrstudio.core import FRAMEWORKS, Modifier, identifier
from lrstudio.storage.snippets.comments import not_in
from lrstudio.storage.snippets.layout import Code, call, literal
from lrstudio.storage.snippets.parts import title

OPTAX = FRAMEWORKS["optax"]


class Around(NamedTuple):
    """An optimizer with modifiers around it, and what that asks of the loop."""

    optimizer: str
    rate: str
    """Its learning rate: a number, or the name of a schedule."""
    start: str = ""
    """What becomes of the parameters before the first update."""
    point: str = "params"
    """Where the gradient is taken."""
    told: tuple[str, ...] = ()
    """What is told at each update, besides gradient and parameters."""
    kept: str = ""
    """What gives the point that is kept at the end, where it is not `params`."""
    remarks: tuple[str, ...] = ()


def around(modifiers: Sequence[Modifier], rule: Around) -> Around:
    """Modifiers around a rule, from the innermost one out."""
    found, pending = rule, list[str]()
    for modifier in reversed(modifiers):
        tag = identifier(type(modifier))
        transform = _TRANSFORMS[tag](modifier) if tag in _TRANSFORMS else None
        if transform is not None and (not found.start or tag in _STATELESS):
            pending.insert(0, transform)
            continue
        inside = found._replace(optimizer=_chained(pending, found), kept="")
        wrapped = _WRAPPERS[tag](modifier, inside) if tag in _WRAPPERS else None
        if wrapped is not None and not found.start:
            found, pending = wrapped, []
        else:
            remark = not_in(OPTAX, title(modifier))
            found = found._replace(remarks=(*found.remarks, remark))
    kept = "" if pending and found.kept == EVALUATED else found.kept  # of another state
    return found._replace(optimizer=_chained(pending, found), kept=kept)


def _chained(pending: Sequence[str], found: Around) -> str:
    if not pending:
        return found.optimizer
    return call("optax.chain", *map(Code, pending), Code(found.optimizer))


# --- transformations of the gradient --------------------------------------------------------------


def _clip_norm(modifier: Any) -> str | None:
    if modifier.form != "exact":
        return None
    if modifier.scope == "all":
        return call("optax.clip_by_global_norm", modifier.limit)
    factor = f"jnp.minimum(1.0, {literal(modifier.limit)} / jnp.linalg.norm(g))"
    return call("optax.stateless_with_tree_map", Code(f"lambda g, _: {factor} * g"))


def _clip_value(modifier: Any) -> str:
    return call("optax.clip", modifier.limit)


def _clip_rms(modifier: Any) -> str:
    return call("optax.clip_by_block_rms", modifier.limit)


def _clip_adaptively(modifier: Any) -> str:
    smallest = {"eps": modifier.smallest_norm} if modifier.smallest_norm != 1e-3 else {}
    return call("optax.adaptive_grad_clip", modifier.share, **smallest)


def _normalize(modifier: Any) -> str:
    small = {"eps": modifier.eps} if modifier.eps != 1e-6 else {}
    length = {"scale_factor": modifier.length} if modifier.length != 1 else {}
    return call("optax.normalize_by_update_norm", **length, **small)


def _average(modifier: Any) -> str | None:
    if modifier.form == "sum":
        ahead = {"nesterov": True} if modifier.nesterov else {}
        return call("optax.trace", modifier.momentum, **ahead)
    if modifier.nesterov:
        return None
    return call("optax.ema", modifier.momentum, **({} if modifier.debias else {"debias": False}))


def _apply_every(modifier: Any) -> str:
    return call("optax.apply_every", modifier.every)


def _scale(modifier: Any) -> str:
    return call("optax.scale", modifier.factor)


def _decay(modifier: Any) -> str:
    return call("optax.add_decayed_weights", modifier.weight_decay)


def _ascent(modifier: Any) -> str:
    return call("optax.scale", -1.0)


_TRANSFORMS: Mapping[str, Callable[[Any], str | None]] = {
    "clip_norm": _clip_norm,
    "clip_value": _clip_value,
    "clip_rms": _clip_rms,
    "clip_adaptively": _clip_adaptively,
    "normalize": _normalize,
    "average_gradient": _average,
    "apply_every": _apply_every,
    "scale_gradient": _scale,
    "decay_gradient": _decay,
    "ascent": _ascent,
}
_STATELESS = ("clip_norm", "clip_value", "clip_rms", "normalize", "scale_gradient", "ascent")
"""These look at nothing but the gradient, and may stand around parameters of two points."""


# --- wrappers ------------------------------------------------------------------------------------


def _accumulate(modifier: Any, inside: Around) -> Around:
    mean = {} if modifier.mean else {"use_grad_mean": False}
    every = {"every_k_schedule": modifier.every}
    made = call("optax.MultiSteps", Code(inside.optimizer), **every, **mean)
    return inside._replace(optimizer=made)


def _lookahead(modifier: Any, inside: Around) -> Around:
    made = call(
        "optax.lookahead",
        Code(inside.optimizer),
        sync_period=modifier.sync_period,
        slow_step_size=modifier.slow_step_size,
        **({"reset_state": True} if modifier.reset_state else {}),
    )
    return inside._replace(
        optimizer=made,
        start="params = optax.LookaheadParams.init_synced(params)",
        point="params.fast",
        kept="params.slow",
    )


def _schedule_free(modifier: Any, inside: Around) -> Around | None:
    if modifier.weight_rate != "next":
        return None
    power = {"weight_lr_power": modifier.weight_power} if modifier.weight_power != 2 else {}
    made = call(
        "optax.contrib.schedule_free",
        Code(inside.optimizer),
        learning_rate=Code(inside.rate),
        **({"b1": modifier.beta1} if modifier.beta1 != 0.9 else {}),
        **power,
    )
    return inside._replace(optimizer=made, kept=EVALUATED)


EVALUATED = "optax.contrib.schedule_free_eval_params(state, params)"
"""The average that a schedule-free rule hands over."""


def _mechanic(modifier: Any, inside: Around) -> Around:
    defaults = type(modifier)()
    names = ("weight_decay", "eps", "s_init", "num_betas")
    values = {
        n: getattr(modifier, n) for n in names if getattr(modifier, n) != getattr(defaults, n)
    }
    made = call("optax.contrib.mechanize", Code(inside.optimizer), **values)
    return inside._replace(optimizer=made)


def _sam(modifier: Any, inside: Around) -> Around:
    return inside._replace(optimizer=_sharpness_aware(modifier, inside))


def _opaque_sam(modifier: Any, inside: Around) -> Around:
    made = _sharpness_aware(modifier, inside, opaque_mode=True)
    gradient = "grad_fn=lambda params, step: jax.grad(loss_function)(params)"
    return inside._replace(optimizer=made, told=(*inside.told, gradient))


def _sharpness_aware(modifier: Any, inside: Around, **mode: bool) -> str:
    uphill = f"optax.chain(optax.contrib.normalize(), optax.sgd({literal(modifier.rho)}))"
    period = {"sync_period": modifier.sync_period} if modifier.sync_period != 2 else {}
    return call("optax.contrib.sam", Code(inside.optimizer), Code(uphill), **period, **mode)


_WRAPPERS: Mapping[str, Callable[[Any, Around], Around | None]] = {
    "accumulate": _accumulate,
    "lookahead": _lookahead,
    "schedule_free": _schedule_free,
    "mechanic": _mechanic,
    "sam": _sam,
    "sam_opaque": _opaque_sam,
}
