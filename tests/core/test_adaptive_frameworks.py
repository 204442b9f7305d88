"""What frameworks call gradient descent, sign methods and adaptive rules, and what they refuse."""

from typing import Any

import numpy as np
import pytest

from lrstudio.core import FRAMEWORKS, OPTIMIZERS, Optimizer, Refused, from_framework
from lrstudio.core.modifiers.accumulation import Accumulate, ApplyEvery
from lrstudio.core.modifiers.clipping import ClipNorm, ClipValue
from lrstudio.core.modifiers.filtering import AverageGradient, ScaleGradient
from lrstudio.core.modifiers.weight_average import WeightAverage
from lrstudio.engine import replay
from tests.engine.rules import noise


def rule_of(framework: str, name: str, **arguments: Any) -> Optimizer:
    rule = from_framework(framework, name, arguments)
    assert isinstance(rule, Optimizer)
    return rule


def refusal_of(framework: str, name: str, **arguments: Any) -> str:
    with pytest.raises(Refused) as caught:
        from_framework(framework, name, arguments)
    return caught.value.sentence


# --- which rule a class is -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("framework", "name", "arguments", "rule"),
    [
        ("keras", "SGD", {}, "sgd"),
        ("keras", "SGD", {"nesterov": True}, "sgd"),
        ("keras", "SGD", {"momentum": 0.9}, "momentum"),
        ("keras", "SGD", {"momentum": 0.9, "nesterov": True}, "nesterov"),
        ("optax", "sgd", {"learning_rate": 0.1}, "sgd"),
        ("optax", "sgd", {"learning_rate": 0.1, "momentum": 0.0, "nesterov": True}, "sgd"),
        ("optax", "sgd", {"learning_rate": 0.1, "momentum": 0.9}, "momentum"),
        ("optax", "noisy_sgd", {"learning_rate": 0.1, "eta": 0.0, "key": 3}, "sgd"),
    ],
)
def test_one_class_is_several_rules(
    framework: str, name: str, arguments: dict[str, Any], rule: str
) -> None:
    assert type(rule_of(framework, name, **arguments)) is OPTIMIZERS[rule]


def test_the_rate_stands_where_the_framework_has_it() -> None:
    assert rule_of("keras", "SGD", momentum=0.9).lr_position == "inside"  # type: ignore[attr-defined]
    optax = rule_of("optax", "sgd", learning_rate=0.1, momentum=0.9)
    assert optax.lr_position == "outside"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("framework", "name", "arguments", "words"),
    [
        ("optax", "noisy_sgd", {"learning_rate": 0.1}, "noise"),
        ("optax", "adadelta", {}, "learning_rate"),
        ("optax", "adadelta", {"learning_rate": None}, "learning_rate"),
        ("optax", "adafactor", {"learning_rate": None}, "learning_rate"),
        ("optax", "sgd", {"learning_rate": 0.1, "accumulator_dtype": "float32"}, "accumulator"),
        ("keras", "SGD", {"momentum": 1}, "float"),
        ("keras", "SGD", {"momentum": 1.5}, "[0, 1]"),
        ("keras", "SGD", {"learning_rate": 1}, "float"),
        ("keras", "Ftrl", {"learning_rate_power": 0.5}, "0]"),
        ("keras", "Ftrl", {"l1_regularization_strength": -1.0}, ">= 0"),
        ("torch", "Rprop", {"etas": (1.2, 0.5)}, "below and above 1"),
        ("torch", "Adafactor", {"beta2_decay": 0.8}, "0]"),
        ("torch", "Adafactor", {"d": 0.5}, ">= 1"),
        ("torch", "Adagrad", {"lr_decay": -1.0}, ">= 0"),
        ("torch", "LBFGS", {"maximize": True}, "maximize"),
    ],
)
def test_what_the_framework_refuses_is_refused(
    framework: str, name: str, arguments: dict[str, Any], words: str
) -> None:
    assert words in refusal_of(framework, name, **arguments)


# --- where a framework departs from the publication -----------------------------------------------


def test_rprop_steps_at_once_where_optax_waits_for_the_next_update() -> None:
    rule = rule_of("optax", "rprop", learning_rate=0.1)
    positions = replay(rule, [[1.0], [1.0], [-1.0], [-1.0]], [0.0])
    assert positions[:, 0].tolist() == pytest.approx([0.0, -0.1, -0.22, -0.22, -0.16])


@pytest.mark.parametrize(
    "arguments",
    [
        {"centered": True, "bias_correction": True, "eps_in_sqrt": False},
        {"centered": True, "eps_in_sqrt": False, "decay": 0.9},
    ],
)
def test_a_centred_spread_is_never_negative(arguments: dict[str, Any]) -> None:
    rule = rule_of("optax", "rmsprop", learning_rate=1e-3, **arguments)
    assert np.isfinite(replay(rule, np.full((500, 2), 0.1), [1.0, 2.0])).all()


def test_a_leader_who_has_seen_no_gradient_is_zero() -> None:
    rule = rule_of("keras", "Ftrl", initial_accumulator_value=0.0)
    assert replay(rule, [[0.0, 1.0]], [1.0, 2.0])[1, 0] == 0.0


# --- modifiers of Keras and PyTorch ---------------------------------------------------------------


def test_arguments_of_keras_are_modifiers_in_its_order() -> None:
    rule = rule_of(
        "keras",
        "RMSprop",
        clipnorm=0.5,
        gradient_accumulation_steps=3,
        loss_scale_factor=4.0,
        use_ema=True,
        ema_momentum=0.9,
        ema_overwrite_frequency=2,
        weight_decay=0.1,
    )
    assert rule.modifiers == (
        WeightAverage(momentum=0.9, overwrite=2, pace=3),
        ScaleGradient(factor=0.25),
        Accumulate(every=3),
        ClipNorm(limit=0.5, scope="layer"),
    )
    written = FRAMEWORKS["keras"].write(rule)
    assert written is not None
    assert from_framework("keras", "RMSprop", written[1]) == rule


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"clipnorm": 1.0, "clipvalue": 1.0}, "only one"),
        ({"clipnorm": "1"}, "number"),
        ({"gradient_accumulation_steps": 1}, ">= 2"),
        ({"gradient_accumulation_steps": 2.0}, "whole number"),
        ({"use_ema": True, "ema_momentum": 1.5}, "[0, 1]"),
        ({"use_ema": True, "ema_overwrite_frequency": -1}, ">= 1"),
        ({"loss_scale_factor": 0.0}, "other than 0"),
    ],
)
def test_what_keras_refuses_of_its_common_arguments(arguments: dict[str, Any], words: str) -> None:
    assert words in refusal_of("keras", "Adagrad", **arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        {"clipvalue": 0.0},
        {"clipnorm": -1.0},
        {"gradient_accumulation_steps": 0},
        {"ema_momentum": 7.0},
    ],
)
def test_what_keras_takes_for_nothing(arguments: dict[str, Any]) -> None:
    assert rule_of("keras", "Adagrad", **arguments).modifiers == ()


def test_modifiers_that_keras_lacks_are_not_written() -> None:
    keras = FRAMEWORKS["keras"]
    for modifiers in (
        (ApplyEvery(),),
        (ClipNorm(form="torch"),),
        (ClipValue(), Accumulate()),
        (ScaleGradient(factor=0.0),),
    ):
        rule = OPTIMIZERS["sgd"](decay="decoupled", modifiers=modifiers)
        assert keras.write(rule) is None, modifiers


def test_uphill_is_a_gradient_turned_round() -> None:
    rule = rule_of("torch", "Adagrad", maximize=True)
    assert rule.modifiers == (ScaleGradient(factor=-1.0),)
    written = FRAMEWORKS["torch"].write(rule)
    assert written is not None
    assert written[1]["maximize"] is True


# --- chains of Optax ------------------------------------------------------------------------------


def chain(*parts: Any) -> Optimizer:
    return rule_of("optax", "chain", parts=list(parts))


def test_what_stands_before_a_rule_is_around_it() -> None:
    rule = chain(
        ["clip", {"max_delta": 0.1}],
        ["ema", {"decay": 0.5}],
        ["sgd", {"learning_rate": 0.02, "momentum": 0.9}],
    )
    assert rule.modifiers == (ClipValue(limit=0.1), AverageGradient(momentum=0.5, debias=True))
    assert type(rule) is OPTIMIZERS["momentum"]


def test_what_stands_after_a_bare_rule_is_its_rate_and_decay() -> None:
    rule = chain(
        ["scale_by_rss", {}],
        ["scale", {"step_size": 0.5}],
        ["add_decayed_weights", {"weight_decay": 0.1}],
        ["scale_by_learning_rate", {"learning_rate": 0.2}],
    )
    assert rule.lr == pytest.approx(0.1)
    assert rule.weight_decay == pytest.approx(0.2)  # type: ignore[attr-defined]
    assert rule.decay == "decoupled"  # type: ignore[attr-defined]


def test_trace_beside_the_rate_is_momentum() -> None:
    trace, rate = ["trace", {"decay": 0.8}], ["scale", {"step_size": -0.1}]
    outside, inside = chain(trace, rate), chain(rate, trace)
    momentum = OPTIMIZERS["momentum"]
    assert outside == momentum(lr=0.1, momentum=0.8, lr_position="outside")
    assert inside == momentum(lr=0.1, momentum=0.8, lr_position="inside")


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([], "expected a rule"),
        ([["clip", {"max_delta": 1.0}]], "expected a rule"),
        ([["scale", {"step_size": 0.1}]], "climbs"),
        ([["scale_by_rms", {}]], "climbs"),
        ([["sgd", {"learning_rate": 0.1}], ["clip", {"max_delta": 1.0}]], "clip after sgd"),
        ([["scale_by_rms", {}], ["clip", {"max_delta": 1.0}]], "clip after a rule"),
        ([["sgd", {"learning_rate": 0.1}], ["sign_sgd", {"learning_rate": 1.0}]], "in one chain"),
        ([["scale_by_learning_rate", {"learning_rate": 1.0}], ["sgd", {}]], "before a rule"),
        ([["clip", {"max_delta": -1.0}], ["scale", {"step_size": -1.0}]], "> 0"),
        ([["apply_every", {"k": 2.5}], ["scale", {"step_size": -1.0}]], "whole number"),
        ([["nonsense", {}]], "nonsense"),
        ([3], "got 3"),
    ],
)
def test_chains_that_are_no_rule_are_refused(parts: list[Any], words: str) -> None:
    assert words in refusal_of("optax", "chain", parts=parts)


def test_multi_steps_wait_for_gradients() -> None:
    rule = rule_of(
        "optax", "MultiSteps", inner=["sign_sgd", {"learning_rate": 0.1}], every_k_schedule=3
    )
    assert rule.modifiers == (Accumulate(every=3),)
    assert "inner" in refusal_of("optax", "MultiSteps", every_k_schedule=3)
    callable_schedule = {"inner": ["sign_sgd", {"learning_rate": 0.1}], "every_k_schedule": len}
    assert "number" in refusal_of("optax", "MultiSteps", **callable_schedule)


# --- matrices -------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ["adafactor", "sm3"])
def test_a_matrix_of_one_row_is_a_vector(rule: str) -> None:
    gradients = noise(20, 5, 1)[:, :, 0]
    flat = replay(OPTIMIZERS[rule](), gradients, np.arange(5.0))
    row = replay(OPTIMIZERS[rule](), gradients[:, None, :], np.arange(5.0)[None, :])
    np.testing.assert_allclose(row[:, 0], flat, rtol=1e-12)


def test_matrices_that_are_too_small_are_not_factored() -> None:
    gradients = noise(20, 12, 1).reshape(20, 4, 3)
    start = np.arange(12.0).reshape(4, 3)
    rule = rule_of("optax", "adafactor", learning_rate=0.1)
    as_vector = replay(rule, gradients.reshape(20, 12), start.ravel())
    assert np.array_equal(replay(rule, gradients, start).reshape(21, 12), as_vector)
    factored = rule_of("optax", "adafactor", learning_rate=0.1, min_dim_size_to_factor=3)
    assert not np.allclose(replay(factored, gradients, start).reshape(21, 12), as_vector)
