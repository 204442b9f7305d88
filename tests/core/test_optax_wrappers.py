"""What Optax puts around another optimizer is read as a rule with modifiers."""

from typing import Any

import pytest

from lrstudio.core import MODIFIERS, OPTIMIZERS, Refused, from_framework

SGD = OPTIMIZERS["sgd"](lr=0.1)
INSIDE = ["sgd", {"learning_rate": 0.1}]


def read(name: str, **arguments: Any) -> Any:
    return from_framework("optax", name, arguments)


@pytest.mark.parametrize(
    ("name", "inside", "arguments", "expected"),
    [
        (
            "lookahead",
            "fast_optimizer",
            {"sync_period": 5, "slow_step_size": 0.5, "reset_state": True},
            MODIFIERS["lookahead"](sync_period=5, slow_step_size=0.5, reset_state=True),
        ),
        (
            "contrib.schedule_free",
            "base_optimizer",
            {"learning_rate": 0.1, "b1": 0.95},
            MODIFIERS["schedule_free"](beta1=0.95, weight_rate="next"),
        ),
        (
            "contrib.mechanize",
            "base_optimizer",
            {"num_betas": 4},
            MODIFIERS["mechanic"](num_betas=4),
        ),
        (
            "contrib.sam",
            "optimizer",
            {"rho": 0.2, "sync_period": 3, "reset_state": False},
            MODIFIERS["sam"](rho=0.2, sync_period=3),
        ),
        (
            "contrib.sam",
            "optimizer",
            {"rho": 0.2, "opaque_mode": True},
            MODIFIERS["sam_opaque"](rho=0.2),
        ),
    ],
)
def test_the_modifier_stands_around_the_rule_inside(
    name: str, inside: str, arguments: dict[str, Any], expected: Any
) -> None:
    rule = OPTIMIZERS["adam"](lr=0.1, modifiers=(MODIFIERS["clip_norm"](),))
    for argument in (inside, "inner"):
        found = read(name, **{argument: rule}, **arguments)
        assert found.modifiers == (expected, *rule.modifiers)
        assert found.lr == 0.1
        assert read(name, **{argument: INSIDE}, **arguments).modifiers == (expected,)


def test_the_rate_that_weights_is_that_of_the_optimizer_inside() -> None:
    found = read("contrib.schedule_free", base_optimizer=["sgd", {}], learning_rate=0.3)
    assert found.lr == 0.3
    found = read("contrib.schedule_free", base_optimizer=INSIDE, learning_rate=0.3)
    assert found.lr == 0.1


def test_sam_is_told_its_radius_by_its_adversary() -> None:
    uphill = ["chain", {"parts": [["normalize", {}], ["sgd", {"learning_rate": 0.2}]]}]
    assert read("contrib.sam", optimizer=SGD, adv_optimizer=uphill).modifiers[0].rho == 0.2
    with pytest.raises(Refused, match="adv_optimizer"):
        read("contrib.sam", optimizer=SGD, adv_optimizer=INSIDE)


def test_a_bare_transformation_climbs_unless_its_scale_is_negative() -> None:
    name = "scale_by_distance_over_gradients"
    assert read(name).modifiers == (MODIFIERS["ascent"](),)
    assert read(name, global_scale=-2.0) == OPTIMIZERS["dog"](lr=2.0)


@pytest.mark.parametrize(
    ("name", "arguments", "sentence"),
    [
        ("lookahead", {"inner": SGD}, "needs the argument 'sync_period'"),
        ("lookahead", {"sync_period": 5, "slow_step_size": 0.5}, "needs the argument 'fast_opt"),
        ("lookahead", {"inner": 3, "sync_period": 5, "slow_step_size": 0.5}, r"\[name, arguments"),
        ("lookahead", {"inner": SGD, "sync_period": 0, "slow_step_size": 0.5}, "sync_period"),
        ("lookahead", {"inner": SGD, "sync_period": 2.5, "slow_step_size": 0.5}, "sync_period"),
        ("lookahead", {"inner": ["sdg", {}], "sync_period": 5, "slow_step_size": 0.5}, "'sgd'"),
        ("contrib.mechanize", {"inner": SGD, "num_betas": 0}, "num_betas"),
        ("contrib.mechanize", {"inner": SGD, "betas": 6}, "'num_betas'"),
        ("contrib.sam", {"optimizer": SGD}, "needs the argument 'rho'"),
        ("contrib.sam", {"optimizer": SGD, "rho": 0.1, "opaque_mode": 1}, "True or False"),
        ("scale_by_distance_over_gradients", {"eps": "small"}, "eps"),
    ],
)
def test_what_is_wrong_is_said(name: str, arguments: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        read(name, **arguments)


def test_warm_up_is_counted_in_whole_steps() -> None:
    for name in ("contrib.schedule_free_sgd", "contrib.schedule_free_adamw"):
        with pytest.raises(Refused, match="warmup_steps: expected a whole number"):
            read(name, warmup_steps=2.5)
    with pytest.raises(Refused, match="warmup_steps: expected a whole number"):
        from_framework("keras", "ScheduleFreeAdamW", {"warmup_steps": 2.5})


def test_the_memory_of_prodigys_estimate_is_the_root_of_the_others() -> None:
    assert read("contrib.prodigy", betas=(0.9, 0.81)).beta3 == pytest.approx(0.9)
    assert read("contrib.prodigy", beta3=0.5).beta3 == 0.5


def test_dowgs_first_estimate_is_its_epsilon() -> None:
    assert read("contrib.dowg", eps=0.01).initial == 0.01
    assert read("contrib.dowg", eps=0.01, init_estim_sq_dist=2.0).initial == 2.0
