"""Epochs in place of steps: the steps follow the size of the data and of the batches."""

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from lrstudio.core import PROBLEMS, Problem, Refused, validated
from lrstudio.engine import Experiment, edits, experiment_from, plan
from lrstudio.storage import experiments

SOFTMAX = PROBLEMS["softmax_regression"]


def model(**knobs: Any) -> Problem:
    """A regression on 400 examples, of which `validation_share` are kept apart."""
    return SOFTMAX(**{"validation_share": 0.0, **knobs})


@pytest.mark.parametrize(
    ("knobs", "steps"),
    [
        ({"batch_size": 40}, 30),
        ({"batch_size": 64}, 3 * 7),  # six full batches and one of 16
        ({"batch_size": 1}, 1200),
        ({"batch_size": 1000}, 3),
        ({"batch_size": 40, "order": "full"}, 3),
        ({"batch_size": 40, "order": "replacement"}, 30),
        ({"batch_size": 40, "examples_used": 100}, 3 * 3),  # 40, 40 and 20
        ({"batch_size": 40, "validation_share": 0.5}, 15),
    ],
)
def test_the_steps_are_those_of_the_epochs(knobs: dict[str, Any], steps: int) -> None:
    race = Experiment(problem=model(**knobs), epochs=3, steps=7)
    assert race.steps == steps
    assert plan(race).rows == steps + 1
    other = Experiment(problem=model(), epochs=3)
    assert edits.with_problem(other, model(**knobs)).steps == steps
    assert replace(other, problem=model(**knobs)) == race


def test_without_epochs_the_steps_stay_whatever_the_batches_are() -> None:
    race = Experiment(problem=model(batch_size=40), steps=7)
    assert race.epochs is None
    assert race.steps_per_epoch == 10
    assert edits.with_problem(race, model(batch_size=1)).steps == 7
    assert Experiment(problem=PROBLEMS["sphere"]()).steps_per_epoch is None


def test_steps_and_epochs_are_edited_so_that_they_agree() -> None:
    race = edits.with_epochs(Experiment(problem=model(batch_size=40), steps=7), 2)
    assert (race.epochs, race.steps) == (2, 20)
    assert edits.with_epochs(race, None) == replace(race, epochs=None)
    fixed = edits.with_steps(race, 33)
    assert (fixed.epochs, fixed.steps) == (None, 33)


def test_numbers_of_numpy_are_epochs_and_what_is_no_number_of_them_is_refused_when_checked() -> (
    None
):
    assert Experiment(problem=model(batch_size=40), epochs=np.int64(3)).steps == 30
    for value in (0, -1, 2.5, "3", True):
        race = Experiment(problem=model(), epochs=value)  # type: ignore[arg-type]
        with pytest.raises(Refused, match="epochs: expected a whole number"):
            validated(race)


def test_a_problem_without_epochs_keeps_the_number_of_steps() -> None:
    race = Experiment(problem=model(batch_size=40), epochs=2)
    other = edits.with_problem(race, PROBLEMS["sphere"]())
    assert (other.epochs, other.steps) == (None, 20)


def test_epochs_that_would_become_too_long_keep_the_number_of_steps() -> None:
    race = Experiment(problem=model(order="full"), epochs=1_000_000)
    other = edits.with_problem(race, model(batch_size=1))
    assert (other.epochs, other.steps) == (None, 1_000_000)
    with pytest.raises(Refused, match="give at most 250,000"):
        edits.with_epochs(other, 1_000_000)


DATA = {"function": "softmax_regression", "validation_share": 0.0, "batch_size": 40}


def test_a_file_may_tell_either_or_both_alike() -> None:
    assert experiment_from({"problem": DATA, "epochs": 2}).steps == 20
    assert experiment_from({"problem": DATA, "epochs": 2, "steps": 20}).epochs == 2
    assert experiment_from({"problem": DATA, "epochs": None, "steps": 7}).steps == 7


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"epochs": 2, "steps": 30},
            "steps: 2 epochs of 10 steps make 20 steps, got 30; leave out steps or epochs",
        ),
        (
            {"epochs": 0},
            "epochs: expected a whole number at least 1 and at most 100,000,000, got 0",
        ),
        ({"epochs": 2.5}, "epochs: expected a whole number at least 1 and at most 100,000,000"),
        ({"epochs": "2"}, "epochs: expected a whole number"),
        (
            {"epochs": 20_000_000},
            "epochs: 20,000,000 epochs of 10 steps are 200,000,000 steps and may be 100,000,000; ",
        ),
        (
            {"epochs": 2, "problem": {"function": "sphere"}},
            "epochs: the problem has no examples and so no epochs; give steps instead",
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused) as caught:
        experiment_from({"problem": DATA, **fields})
    assert str(caught.value).startswith(sentence)


def test_files_keep_epochs_and_say_nothing_where_there_are_none() -> None:
    race = Experiment(problem=model(batch_size=40), epochs=2)
    assert experiments.decode(experiments.encode(race)) == race
    assert experiments.document(race)["epochs"] == 2
    assert "epochs" not in experiments.document(edits.with_steps(race, 20))
