"""The sentence above the results, on rows whose winner is plain to see."""

import math

import msgspec
import pytest

from lrstudio.engine import Result, Verdict, headline, results, run
from lrstudio.engine.significant import significant
from tests.engine.races import contender, experiment


def row(
    name: str,
    kind: str = "descending",
    *,
    loss: float = math.nan,
    steps: int | None = None,
    seed: int = 0,
    validation: float = math.nan,
    mean_gap: float = math.nan,
) -> Result:
    """A result of a contender, who is known by the first letter of its name."""
    metrics = {} if math.isnan(validation) else {"validation_loss": validation}
    numbers = {} if math.isnan(mean_gap) else {"mean_gap": mean_gap, "mean_loss": mean_gap}
    return Result(
        lane=0,
        contender_index=ord(name[0]),
        contender=msgspec.structs.replace(contender(), name=name),
        start=(0.0,),
        seed=seed,
        final_loss=loss,
        best_loss=loss,
        best_step=0,
        steps_to_tolerance=steps,
        evaluations=100,
        evaluations_to_tolerance=steps,
        verdict=Verdict(kind=kind, sentence=kind, numbers=numbers),
        metrics=metrics,
    )


def arrived(name: str, steps: int, seed: int = 0) -> Result:
    return row(name, "converged", loss=1e-9, steps=steps, seed=seed)


def test_who_is_first_alone_is_named_alone() -> None:
    told = headline((arrived("A", 30), arrived("B", 12), row("C", loss=1.0)))
    assert told == "B is first: within tolerance from step 12 on. 2 of 3 runs converged."


def test_who_arrives_at_the_same_step_is_first_together() -> None:
    told = headline((arrived("A", 12), arrived("B", 12), arrived("C", 14)))
    assert told == "A and B are first: within tolerance from step 12 on. 3 of 3 runs converged."
    many = tuple(arrived(name, 12) for name in "ABCDE")
    assert headline(many).startswith("A, B and 3 others are first:")
    assert headline(many[:3]).startswith("A, B and C are first:")


def test_one_lucky_seed_does_not_make_a_winner() -> None:
    lucky = (arrived("A", 5, 0), row("A", loss=1.0, seed=1), row("A", loss=1.0, seed=2))
    steady = tuple(arrived("B", steps, seed) for seed, steps in enumerate((40, 60, 90)))
    assert headline(lucky + steady) == (
        "B is first: 3 of 3 runs within tolerance, the median one from step 60 on. "
        "4 of 6 runs converged."
    )


def test_as_many_runs_and_the_same_median_are_equally_good() -> None:
    rows = (arrived("A", 5, 0), row("A", loss=1.0, seed=1))
    rows += (arrived("B", 5, 0), row("B", "diverged", seed=1))
    assert headline(rows).startswith(
        "A and B are first: each 1 of 2 runs within tolerance, from step 5 on."
    )


def test_the_lowest_loss_of_several_seeds_is_their_median() -> None:
    a = tuple(row("A", loss=loss, seed=i) for i, loss in enumerate((1e-9, 0.4, 0.5)))
    b = tuple(row("B", loss=loss, seed=i) for i, loss in enumerate((0.1, 0.2, 7.0)))
    assert headline(a + b) == (
        "No run stayed within the tolerance. Lowest median of 3 runs, final loss: B (0.2)."
    )


def test_who_was_within_the_tolerance_and_left_it_is_not_said_never_to_have_been_there() -> None:
    race = experiment("sphere", contender(lr=0.3), noise=0.3, steps=400, tolerance=1e-2)
    (shaken,) = results(run(race))
    assert shaken.best_loss < race.tolerance
    assert shaken.steps_to_tolerance is None
    assert headline((shaken,)).startswith("No run stayed within the tolerance. ")


def test_a_contender_that_mostly_diverges_has_no_lowest_loss() -> None:
    a = (row("A", "diverged", seed=0), row("A", "diverged", seed=1), row("A", loss=0.1, seed=2))
    b = tuple(row("B", loss=0.3, seed=i) for i in range(3))
    assert headline(a + b).endswith("final loss: B (0.3).")
    assert headline(a) == (
        "No run stayed within the tolerance, and most diverged: lower the learning rates."
    )


def test_losses_that_look_alike_are_lowest_together() -> None:
    rows = (row("A", loss=1.5702), row("B", loss=1.5704), row("C", loss=1.6))
    assert headline(rows).endswith("Lowest final loss: A and B (1.57).")


def test_the_lowest_training_loss_is_not_the_last_word_on_a_model() -> None:
    rows = (row("A", loss=0.112, validation=0.41), row("B", loss=0.135, validation=0.19))
    assert headline(rows).endswith("Lowest final loss: A (0.112); validation loss: B (0.19).")


def test_who_is_lowest_on_both_is_named_once() -> None:
    rows = (row("A", loss=0.1, validation=0.2), row("B", loss=0.3, validation=0.4))
    assert headline(rows).endswith("Lowest final and validation loss: A (0.1 and 0.2).")


def test_who_follows_a_moving_optimum_is_told_by_medians_too() -> None:
    gaps = {"A": (0.01, 3.0, 4.0), "B": (0.5, 0.6, 9.0)}
    rows = tuple(
        row(name, "tracking", loss=1.0, seed=i, mean_gap=gap)
        for name, known in gaps.items()
        for i, gap in enumerate(known)
    )
    assert headline(rows) == (
        "The optimum moves. B stays closest to it: f − f* around 0.6 in the median of 3 runs."
    )


@pytest.mark.parametrize(
    ("number", "digits", "shown"),
    [
        (424.0, 2, "420"),
        (3614.2, 3, "3610"),
        (31_400.0, 2, "31000"),
        (426_000_000.0, 2, "4.3e8"),
        (0.00011234, 2, "0.00011"),
        (1.09e-6, 2, "1.1e−6"),
        (-0.25, 3, "−0.25"),
        (-2.5e-6, 2, "−2.5e−6"),
        (-0.0, 2, "0"),
        (0.0, 2, "0"),
        (math.inf, 2, "inf"),
    ],
)
def test_powers_of_ten_are_for_large_and_small_numbers(
    number: float, digits: int, shown: str
) -> None:
    assert significant(number, digits) == shown
