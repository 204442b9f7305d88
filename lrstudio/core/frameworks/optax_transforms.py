"""The transformations that `optax.chain` puts together, Optax 0.2.8.

A chain is read from the left: what changes the gradient becomes a modifier, the rule in its middle
(an alias, or a bare `scale_by_...`) becomes a rule of ours, and what scales its step and adds decay
becomes the rule's learning rate and weight decay.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from msgspec.structs import replace

from lrstudio.core.frameworks.framework import Inner
from lrstudio.core.frameworks.table import REQUIRED, Argument, Call, Values, complete, read
from lrstudio.core.modifier import Modifier
from lrstudio.core.modifiers.accumulation import Accumulate, ApplyEvery
from lrstudio.core.modifiers.clipping import (
    ClipAdaptively,
    ClipNorm,
    ClipRMS,
    ClipValue,
    NormalizeGradient,
)
from lrstudio.core.modifiers.filtering import AverageGradient, DecayGradient, ScaleGradient
from lrstudio.core.optimizer import Optimizer
from lrstudio.core.optimizers.momentum import SGD, HeavyBall, Nesterov
from lrstudio.core.validation import Refused, shown

ACCUMULATOR_TYPE = Argument("accumulator_dtype", None, is_irrelevant=True)


def _transform(name: str, modifier: Any, *arguments: Argument, **fixed: Any) -> Call:
    return Call(name=name, rule=modifier, arguments=arguments, fixed=fixed)


TRANSFORMS: Mapping[str, Call] = MappingProxyType(
    {
        call.name: call
        for call in (
            _transform("clip", ClipValue, Argument("max_delta", REQUIRED, "limit", "> 0")),
            _transform(
                "clip_by_global_norm", ClipNorm, Argument("max_norm", REQUIRED, "limit", "> 0")
            ),
            _transform(
                "clip_by_block_rms", ClipRMS, Argument("threshold", REQUIRED, "limit", "> 0")
            ),
            _transform(
                "adaptive_grad_clip",
                ClipAdaptively,
                Argument("clipping", REQUIRED, "share", "> 0"),
                Argument("eps", 1e-3, "smallest_norm"),
                Argument("axis", None),
            ),
            _transform(
                "normalize_by_update_norm",
                NormalizeGradient,
                Argument("scale_factor", 1.0, "length", "> 0"),
                Argument("eps", 1e-6, "eps"),
            ),
            _transform(
                "ema",
                AverageGradient,
                Argument("decay", REQUIRED, "momentum"),
                Argument("debias", True, "debias"),
                ACCUMULATOR_TYPE,
                form="mean",
            ),
            _transform(
                "trace",
                AverageGradient,
                Argument("decay", REQUIRED, "momentum"),
                Argument("nesterov", False, "nesterov"),
                ACCUMULATOR_TYPE,
                form="sum",
            ),
            _transform("apply_every", ApplyEvery, Argument("k", 1, "every", ">= 1")),
            _transform("scale", ScaleGradient, Argument("step_size", REQUIRED, "factor")),
            _transform(
                "add_decayed_weights",
                DecayGradient,
                Argument("weight_decay", 0.0, "weight_decay"),
                Argument("mask", None),
            ),
        )
    }
)


class Bare(NamedTuple):
    """A `scale_by_...` as an alias at rate 1."""

    alias: str
    fixed: Values = {}
    renamed: Mapping[str, str] = {}


BARE: Mapping[str, Bare] = MappingProxyType(
    {
        "scale_by_sign": Bare("sign_sgd"),
        "scale_by_rms": Bare("rmsprop"),
        "scale_by_stddev": Bare("rmsprop", {"centered": True}),
        "scale_by_rss": Bare("adagrad"),
        "scale_by_adadelta": Bare("adadelta"),
        "scale_by_sm3": Bare("sm3", renamed={"b1": "momentum"}),
        "scale_by_optimistic_gradient": Bare("optimistic_gradient_descent"),
        "scale_by_adam": Bare("adam"),
        "scale_by_adamax": Bare("adamax"),
        "scale_by_amsgrad": Bare("amsgrad"),
        "scale_by_belief": Bare("adabelief"),
        "scale_by_yogi": Bare("yogi"),
        "scale_by_radam": Bare("radam"),
        "scale_by_adan": Bare("adan", {"eps_root": 0.0, "weight_decay": 0.0}),
        "scale_by_lion": Bare("lion", {"weight_decay": 0.0}),
    }
)
RATE = Call(
    name="scale_by_learning_rate",
    rule=SGD,
    arguments=(Argument("learning_rate", REQUIRED, "lr"), Argument("flip_sign", True)),
)

Part = tuple[str, Mapping[str, Any]]


class Tail(NamedTuple):
    """What a step becomes: `factor` times itself, plus `pull` times the parameters."""

    factor: float = 1.0
    pull: float = 0.0


def read_chain(given: Mapping[str, Any], inner: Inner) -> Optimizer:
    """The rule with modifiers that `optax.chain(*parts)` is; raises `Refused`."""
    if set(given) != {"parts"} or not isinstance(given["parts"], Sequence):
        raise Refused("optax.chain: expected parts, a list of [name, arguments]")
    parts = [part for part in map(_part, given["parts"]) if part[0] != "identity"]
    places = [i for i, (name, _) in enumerate(parts) if not _is_transform(name)]
    if len(places) > 1:
        names = " and ".join(parts[i][0] for i in places)
        raise Refused(f"optax.chain: {names} in one chain is not supported here")
    if not places:
        return _without_rule(parts)
    (place,) = places
    around = _modifiers(parts[:place])
    name, arguments = parts[place]
    if name in BARE:
        rule = _with_tail(_bare(name, arguments, inner), _tail(parts[place + 1 :]))
    else:
        rule = inner([name, arguments])
        if parts[place + 1 :]:
            raise Refused(f"optax.chain: {parts[place + 1][0]} after {name} is not supported here")
    return replace(rule, modifiers=(*around, *rule.modifiers))


def read_multi_steps(given: Mapping[str, Any], inner: Inner) -> Optimizer:
    """The rule inside `optax.MultiSteps`, which waits for several gradients."""
    call = _transform(
        "MultiSteps",
        Accumulate,
        Argument("every_k_schedule", REQUIRED, "every", ">= 1"),
        Argument("use_grad_mean", True, "mean"),
        Argument("should_skip_update_fn", None),
        ACCUMULATOR_TYPE,
    )
    names = [name for name in ("inner", "opt") if name in given]
    if len(names) != 1:
        raise Refused("optax.MultiSteps needs the argument 'inner', an optimizer")
    others = {name: value for name, value in given.items() if name != names[0]}
    rule = inner(given[names[0]])
    return replace(rule, modifiers=(_modifier(call, others), *rule.modifiers))


def read_noisy_sgd(given: Mapping[str, Any], inner: Inner) -> Optimizer:
    """`optax.noisy_sgd` without its noise; raises `Refused` with it."""
    if given.get("eta", 0.01) != 0:
        raise Refused(
            "optax.noisy_sgd: its noise comes from JAX's generator, so that only eta=0 is "
            "supported here; an experiment has noise of its own"
        )
    noise = ("eta", "gamma", "key", "seed")
    return inner(["sgd", {name: value for name, value in given.items() if name not in noise}])


def _part(given: Any) -> Part:
    match given:
        case str() as name:
            return name, {}
        case [str() as name, Mapping() as arguments]:
            return name, arguments
    raise Refused(f"optax.chain: expected a part [name, arguments], got {shown(given)}")


def _is_transform(name: str) -> bool:
    return name in TRANSFORMS or name == RATE.name


def _modifiers(parts: Sequence[Part]) -> tuple[Modifier, ...]:
    """What is done to the gradient before a rule."""
    for name, _ in parts:
        if name == RATE.name:
            raise Refused(f"optax.chain: {name} before a rule is not supported here")
    return tuple(_modifier(TRANSFORMS[name], arguments) for name, arguments in parts)


def _modifier(call: Call, arguments: Mapping[str, Any]) -> Modifier:
    modifier: Any = read([call], f"optax.{call.name}", arguments)
    if isinstance(getattr(modifier, "every", 1), float):
        raise Refused(f"optax.{call.name}: expected a whole number, got {modifier.every!r}")
    return modifier  # type: ignore[no-any-return]


def _factor(part: Part) -> float | None:
    """What a part multiplies every step by; None where it does something else."""
    name, arguments = part
    if name == RATE.name:
        values = complete([RATE], f"optax.{name}", arguments)
        return -float(values["learning_rate"])
    modifier = _modifier(TRANSFORMS[name], arguments)
    return modifier.factor if isinstance(modifier, ScaleGradient) else None


def _tail(parts: Sequence[Part]) -> Tail:
    """What is done to the step of a bare rule."""
    tail = Tail()
    for part in parts:
        factor = _factor(part)
        if factor is not None:
            tail = Tail(tail.factor * factor, tail.pull * factor)
            continue
        modifier = _modifier(TRANSFORMS[part[0]], part[1])
        if not isinstance(modifier, DecayGradient):
            raise Refused(f"optax.chain: {part[0]} after a rule is not supported here")
        tail = tail._replace(pull=tail.pull + modifier.weight_decay)
    return tail


def _bare(name: str, arguments: Mapping[str, Any], inner: Inner) -> Optimizer:
    bare = BARE[name]
    renamed = {bare.renamed.get(n, n): value for n, value in arguments.items()}
    return inner([bare.alias, {"learning_rate": 1.0, **bare.fixed, **renamed}])


def _with_tail(rule: Optimizer, tail: Tail) -> Optimizer:
    _refuse_to_climb(tail.factor)
    fields: Values = {"lr": -tail.factor}
    if tail.pull:
        if not hasattr(rule, "weight_decay") or rule.weight_decay:
            raise Refused("optax.chain: add_decayed_weights after this rule is not supported here")
        fields["weight_decay"] = tail.pull / tail.factor
        if "decay" in rule.__struct_fields__:
            fields["decay"] = "decoupled"
    return replace(rule, **fields)


def _without_rule(parts: Sequence[Part]) -> Optimizer:
    """Gradient descent, or momentum where `trace` stands beside the rate."""
    if len(parts) > 1 and parts[-1][0] == "trace" and _factor(parts[-2]) is not None:
        *before, rate, trace = parts
        return _momentum(before, rate, trace, "inside")
    factor = _factor(parts[-1]) if parts else None
    if factor is None:
        raise Refused("optax.chain: expected a rule, or the negative learning rate at the end")
    if len(parts) > 1 and parts[-2][0] == "trace":
        *before, trace, rate = parts
        return _momentum(before, rate, trace, "outside")
    _refuse_to_climb(factor)
    return SGD(lr=-factor, modifiers=_modifiers(parts[:-1]))


def _momentum(before: Sequence[Part], rate: Part, trace: Part, position: str) -> Optimizer:
    factor: Any = _factor(rate)
    _refuse_to_climb(factor)
    buffer: Any = _modifier(TRANSFORMS["trace"], trace[1])
    rule = Nesterov if buffer.nesterov else HeavyBall
    return rule(
        lr=-factor,
        momentum=buffer.momentum,
        lr_position="inside" if position == "inside" else "outside",
        modifiers=_modifiers(before),
    )


def _refuse_to_climb(factor: float) -> None:
    if factor >= 0:
        raise Refused(
            "optax.chain: expected a negative factor after the rule, as of "
            f"scale_by_learning_rate, got {factor!r}, which climbs"
        )
