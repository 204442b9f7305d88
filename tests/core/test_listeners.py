"""Schedules that listen to the loss: one run or many, PyTorch's rules written down anew."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrstudio.core import SCHEDULES, Refused, Warmup

Plateau = SCHEDULES["reduce_on_plateau"]

LOSSES = st.lists(
    st.floats(-10, 10) | st.sampled_from([math.nan, math.inf, -math.inf, 1.0]),
    min_size=1,
    max_size=60,
)
RULES = st.builds(
    Plateau,
    mode=st.sampled_from(["min", "max"]),
    factor=st.sampled_from([0.0, 0.1, 0.5, 0.9]),
    patience=st.integers(-1, 4),
    patience_rule=st.sampled_from(["beyond", "at"]),
    rtol=st.sampled_from([0.0, 1e-4, 0.3, 1.0]),
    atol=st.sampled_from([0.0, 0.1]),
    cooldown=st.integers(0, 4),
    accumulation=st.integers(1, 3),
    floor=st.sampled_from([0.0, 0.2]),
    least_change=st.sampled_from([0.0, 0.2]),
    acts=st.sampled_from(["next", "same"]),
    warmup=st.none() | st.builds(Warmup, steps=st.integers(1, 20)),
)


def loop(rule: Any, losses: list[float]) -> Iterator[float]:
    """Factors after each loss, as PyTorch's `step` computes them."""
    factor, best = 1.0, math.inf if rule.mode == "min" else -math.inf
    bad = cooling = 0
    for loss in losses:
        if rule.mode == "min":
            is_better = loss < best * (1 - rule.rtol) - rule.atol
        else:
            is_better = loss > best * (1 + rule.rtol) + rule.atol
        if is_better:
            best, bad = loss, 0
        else:
            bad += 1
        if cooling > 0:
            cooling -= 1
            bad = 0
        if bad > rule.patience:
            lower = max(factor * rule.factor, rule.floor)
            if factor - lower > rule.least_change:
                factor = lower
            cooling, bad = rule.cooldown, 0
        yield factor


@given(RULES, LOSSES)
def test_the_factor_falls_as_in_pytorchs_loop(rule: Any, losses: list[float]) -> None:
    plain = Plateau(
        **{
            name: getattr(rule, name)
            for name in rule.__struct_fields__
            if name not in ("warmup", "accumulation", "patience_rule", "acts")
        }
    )
    after = list(loop(plain, losses))
    assert plain.factors(len(losses), np.array(losses)).tolist() == [1.0, *after[:-1]]


@given(RULES, st.lists(LOSSES, min_size=2, max_size=5))
def test_many_runs_at_once_are_like_each_alone(rule: Any, runs: list[list[float]]) -> None:
    length = min(map(len, runs))
    listener = rule.listener(len(runs))
    together = [listener.factor]
    for k in range(length):
        listener.hear(np.array([losses[k] for losses in runs]))
        together.append(listener.factor)
    first = 1 if rule.acts == "same" else 0
    for lane, losses in enumerate(runs):
        alone = rule.factors(length, np.array(losses[:length]))
        heard = [factors[lane] for factors in together[first : first + length]]
        assert heard == alone.tolist()


def test_a_loss_acts_on_the_next_update_or_on_its_own() -> None:
    losses = np.array([1.0, 1.0, 1.0, 1.0])
    late = Plateau(patience=0).factors(4, losses)
    early = Plateau(patience=0, acts="same").factors(4, losses)
    assert late.tolist() == [1, 1, 0.5, 0.25]
    assert early.tolist() == [1, 0.5, 0.25, 0.125]


def test_patience_ends_beyond_or_at() -> None:
    losses = np.ones(8)
    beyond = Plateau(patience=2).factors(8, losses)
    at = Plateau(patience=2, patience_rule="at").factors(8, losses)
    assert beyond.tolist() == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25]
    assert at.tolist() == [1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.125]


def test_means_of_losses_take_the_place_of_losses() -> None:
    losses = np.array([3.0, 1.0, 1.0, 3.0, 2.0, 2.0])  # three means of 2
    factors = Plateau(patience=0, accumulation=2, acts="same").factors(6, losses)
    assert factors.tolist() == [1, 1, 1, 0.5, 0.5, 0.25]


def test_the_losses_of_a_warm_up_are_not_heard() -> None:
    rule = Plateau(patience=1, warmup=Warmup(steps=4, start=0.0))
    factors = rule.factors(9, np.ones(9))
    assert factors.tolist() == [0, 0.25, 0.5, 0.75, 1, 1, 1, 0.5, 0.5]


def test_missing_losses_are_refused_in_a_sentence() -> None:
    for values in (None, np.ones(3), np.ones((5, 1))):
        with pytest.raises(Refused, match="listens to the loss: give it 5 losses"):
            Plateau().factors(5, values)


def test_the_others_do_not_listen() -> None:
    for name, cls in SCHEDULES.items():
        assert cls.listens == (name == "reduce_on_plateau")
    cosine = SCHEDULES["cosine"]()
    assert np.array_equal(cosine.factors(9, np.ones(9)), cosine.factors(9))
    with pytest.raises(TypeError, match="does not listen"):
        cosine.listener(3)


def test_nothing_heard_is_the_factor_that_stands() -> None:
    rule = Plateau(warmup=Warmup(steps=2, start=0.5))
    assert rule.at(np.arange(4), 4).tolist() == [0.5, 0.75, 1, 1]
