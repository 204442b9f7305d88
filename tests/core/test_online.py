"""Problems that come in pieces: what was published about the rules that fail on them."""

import numpy as np
import pytest

from lrstudio.core import OPTIMIZERS, PROBLEMS, SCHEDULES
from lrstudio.engine import Contender, Experiment, run

TRAP = PROBLEMS["adam_trap"]()


def test_the_mean_of_the_pieces_is_the_loss() -> None:
    position = np.array([[-1.0, -0.25, 0.5]])
    pieces = [TRAP.on_examples(position, np.array([row])) for row in range(3)]
    loss, gradient = TRAP.loss_and_gradient(position)
    assert np.mean([piece for piece, _ in pieces], axis=0) == pytest.approx(loss)
    assert np.mean([slope for _, slope in pieces], axis=0) == pytest.approx(gradient)
    everything, slope = TRAP.on_examples(position, slice(None))
    assert everything == pytest.approx(loss)
    assert slope == pytest.approx(gradient)
    assert TRAP.minimum_value == pytest.approx(-2 / 3)
    assert TRAP.loss(np.array([-1.0])) == pytest.approx(TRAP.minimum_value)


def test_every_lane_may_have_pieces_of_its_own() -> None:
    position, gradient = np.array([[0.5, 0.5]]), np.empty((1, 2))
    losses, written = TRAP.on_examples(position, np.array([[0], [2]]), gradient)
    assert losses.tolist() == [2.0, -0.5]
    assert written is gradient
    assert gradient.tolist() == [[4.0, -1.0]]


def test_the_steep_piece_comes_first_as_in_the_paper() -> None:
    """t mod 3 = 1, with t from 1."""
    assert TRAP.sampling == (3, 1, "in_order")
    slopes = [TRAP.on_examples(np.ones((1, 1)), np.array([t % 3]))[1].item() for t in range(4)]
    assert slopes == [4, -1, -1, 4]


def walked(start: float, beta2: float, steps: int, *, remembers: bool = False) -> list[float]:
    """Adam without momentum, or AMSGrad, as the paper writes them: x from step to step."""
    x, v, largest, seen = start, 0.0, 0.0, []
    for t in range(1, steps + 1):
        _, slope = TRAP.on_examples(np.full((1, 1), x), np.array([(t - 1) % 3]))
        g = slope.item()
        v = beta2 * v + (1 - beta2) * g * g
        largest = max(largest, v) if remembers else v
        x = min(1.0, max(-1.0, x - 0.1 / np.sqrt(t) * g / np.sqrt(largest)))
        seen.append(x)
    return seen


def test_adam_returns_to_the_worst_point_after_every_round() -> None:
    """The proof of theorem 1: from x₁ = 1 follows x₃ₜ₊₁ = 1 for all t."""
    seen = walked(1.0, 1 / 17, 9_000)
    assert set(seen[2::3]) == {1.0}
    assert walked(0.0, 1 / 17, 9_000)[-1] == 1.0
    assert walked(0.0, 1 / 17, 9_000, remembers=True)[-1] < -0.99


CONTENDERS = {
    "adam": (OPTIMIZERS["adam"](lr=0.1, beta1=0.0, beta2=1 / 17), 1.0),
    "amsgrad": (OPTIMIZERS["adam"](lr=0.1, beta1=0.0, beta2=1 / 17, amsgrad=True), -1.0),
    "long memory": (OPTIMIZERS["adam"](lr=0.1, beta1=0.0, beta2=0.999), -1.0),
    "gradient descent": (OPTIMIZERS["sgd"](lr=0.1), -1.0),
}


@pytest.mark.parametrize("order", ["in_order", "replacement"])
def test_adam_ends_at_the_worst_point_and_others_at_the_best(order: str) -> None:
    schedule = SCHEDULES["inverse_sqrt"](timescale=1.0)
    trajectory = run(
        Experiment(
            problem=PROBLEMS["adam_trap"](order=order),
            contenders=tuple(
                Contender(name=key, optimizer=rule, schedule=schedule)
                for key, (rule, _) in CONTENDERS.items()
            ),
            steps=9_000,
        )
    )
    ends = [end for _, end in CONTENDERS.values()]
    assert trajectory.position[-1][0] == pytest.approx(ends, abs=0.02)
    assert np.abs(trajectory.position).max() <= 1
