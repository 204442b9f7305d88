"""Epochs become whole steps, and nothing that could be read in two ways is guessed."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrstudio.core import (
    DISTURBANCES,
    MODIFIERS,
    OPTIMIZERS,
    SCHEDULES,
    Parameter,
    Refused,
    Warmup,
    parameters,
)
from lrstudio.core.epochs import (
    closed_up,
    epoch_at,
    epochs_text,
    refuse_half_told,
    speaks_of_epochs,
    steps_in,
)


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("5 epochs", 200),
        ("5ep", 200),
        ("1 epoch", 40),
        ("0.5 Epochs", 20),
        ("  1e1  EP ", 400),
        ("0 epochs", 0),
        ("0.02 epochs", 1),
        ("-1 epochs", -40),
    ],
)
def test_epochs_are_the_nearest_number_of_steps(text: str, steps: int) -> None:
    assert steps_in(text, 40) == steps


@pytest.mark.parametrize("text", ["5", "5 steps", "", "5 e", "epochal", "5 epochs more"])
def test_what_is_no_number_of_epochs_is_left_to_others(text: str) -> None:
    assert steps_in(text, 40) is None


@given(st.floats(0.6, 1e4), st.integers(1, 10_000))
def test_no_step_is_further_than_half_a_step_from_the_epochs(epochs: float, size: int) -> None:
    steps = steps_in(f"{epochs!r} epochs", size)
    assert steps is not None
    assert abs(Fraction(steps) - Fraction(epochs) * size) <= Fraction(1, 2) + Fraction(1, 10**6)


def test_what_cannot_be_is_refused_in_words() -> None:
    with pytest.raises(Refused, match="no examples and so no epochs; give a number of steps"):
        steps_in("5 epochs", None)
    with pytest.raises(Refused, match=r"one epoch is 40 steps, 0\.001 epochs are none; give more"):
        steps_in("0.001 epochs", 40)
    with pytest.raises(Refused, match="2 could be epochs or steps"):
        refuse_half_told(["2", "4 epochs"])
    refuse_half_told(["2", "4"])
    refuse_half_told(["2 ep", "4ep"])


def test_lists_keep_their_gaps() -> None:
    assert closed_up("2 epochs, 4 ep  8") == "2epochs, 4ep  8"
    assert speaks_of_epochs("2 epochs, 4 epochs")
    assert not speaks_of_epochs("1e-3")
    assert not speaks_of_epochs("step 5")


@pytest.mark.parametrize(
    ("steps", "size", "text"),
    [
        (40, 40, "1 epoch"),
        (100, 40, "2.5 epochs"),
        (1, 40, "0.025 epochs"),
        (1, 3, "0.333 epochs"),
        (50_000, 40, "1,250 epochs"),
        (0, 40, "0 epochs"),
    ],
)
def test_steps_are_read_as_epochs(steps: int, size: int, text: str) -> None:
    assert epochs_text(steps, size) == text


def test_an_epoch_of_one_step_has_no_tenths() -> None:
    assert (epoch_at(212, 40), epoch_at(40_000, 40), epoch_at(212, 1)) == ("5.3", "1,000.0", "212")


def of_every_rule() -> list[tuple[str, Parameter]]:
    registries = (OPTIMIZERS, SCHEDULES, MODIFIERS, DISTURBANCES)
    declared = [*(cls for known in registries for cls in known.values()), Warmup]
    return [(cls.__name__, parameter) for cls in declared for parameter in parameters(cls)]


def test_whatever_says_that_it_is_a_number_of_steps_counts_steps() -> None:
    words = ("Number of steps", "Steps ", "so many steps", "A step")
    spoken = {
        (owner, p.name)
        for owner, p in of_every_rule()
        if any(word in p.help for word in words) and p.kind not in ("choice", "flag")
    }
    counted = {(owner, p.name) for owner, p in of_every_rule() if p.unit == "steps"}
    assert spoken <= counted
    others = {name for _, name in counted - spoken}
    assert others == {"accumulation", "every", "points"}  # losses and gradients: one for each step
    kinds = {p.kind for _, p in of_every_rule() if p.unit}
    assert kinds == {"integer", "length", "integers", "points", "real"}
