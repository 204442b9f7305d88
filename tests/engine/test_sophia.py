"""Sophia asks for second derivatives only now and then."""

import msgspec
import numpy as np
import pytest

from lrstudio.core import OPTIMIZERS, Refused
from lrstudio.engine import replay, run
from tests.engine.races import contender, experiment

SOPHIA = OPTIMIZERS["sophia"]


def test_the_curvature_is_asked_for_at_every_interval_and_used_from_the_next_step() -> None:
    gradients = np.full((7, 1), 0.5)
    known = np.full((7, 1), np.nan)
    known[[0, 3, 6]] = 100.0  # NaN anywhere else would show
    rule = SOPHIA(lr=0.1, beta2=0.0, gamma=1.0, update_interval=3)
    steps = np.diff(replay(rule, gradients, [1.0], hessian=known)[:, 0])
    assert steps[0] == pytest.approx(-0.1)  # clipped: no curvature is known yet
    assert steps[1:] == pytest.approx(np.full(6, -0.1 * 0.5 / 100.0))


def test_without_second_derivatives_a_replay_is_refused() -> None:
    with pytest.raises(Refused, match="second derivatives"):
        replay(SOPHIA(), np.ones((3, 2)), [1.0, 1.0])


def test_a_race_counts_what_the_curvature_costs() -> None:
    racers = [
        msgspec.structs.replace(contender(), optimizer=SOPHIA(lr=0.01, update_interval=every))
        for every in (1, 10)
    ]
    often, seldom = (run(experiment("rosenbrock", racer, steps=100)) for racer in racers)
    assert often.evaluations[0] - 100 == 10 * (seldom.evaluations[0] - 100) > 0
