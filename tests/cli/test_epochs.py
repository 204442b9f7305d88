"""Epochs on the command line: of the run, and wherever steps are counted."""

import click
import pytest

from lrstudio.cli.changes import changed, parsed
from lrstudio.core import PROBLEMS
from lrstudio.engine import Experiment, edits
from tests.cli.program import three_fates
from tests.cli.test_changes import refused as refused_elsewhere

MODEL = PROBLEMS["softmax_regression"](validation_share=0.0, batch_size=40)  # 400 examples
COSINE = "contenders.0.schedule=cosine"
LENGTH = "contenders.0.schedule.length"
STEPS = "contenders.0.schedule=multi_step"
MILESTONES = "contenders.0.schedule.milestones"


def model() -> Experiment:
    return edits.with_problem(three_fates(steps=77), MODEL)


def with_set(*texts: str, epochs: int | None = None) -> Experiment:
    return changed(edits.with_epochs(model(), epochs), parsed(texts))


def refused(*texts: str, epochs: int | None = None) -> str:
    with pytest.raises(click.UsageError) as caught:
        with_set(*texts, epochs=epochs)
    return str(caught.value)


def test_epochs_of_the_run_make_its_steps() -> None:
    race = with_set("epochs=3")
    assert (race.epochs, race.steps) == (3, 30)
    race = with_set("epochs=3", "steps=30")
    assert (race.epochs, race.steps) == (3, 30)
    assert "3 epochs of 10 steps make 30 steps, got 40" in refused("epochs=3", "steps=40")


def test_steps_follow_epochs_until_they_are_told() -> None:
    assert with_set("problem.batch_size=20", epochs=3).steps == 60
    race = with_set("steps=50", epochs=3)
    assert (race.epochs, race.steps) == (None, 50)
    race = with_set("epochs=null", epochs=3)
    assert (race.epochs, race.steps) == (None, 30)


@pytest.mark.parametrize("problem", ["sphere", '{"function": "sphere"}'])
def test_a_problem_without_epochs_keeps_the_number_of_steps(problem: str) -> None:
    race = with_set(f"problem={problem}", epochs=3)
    assert (race.epochs, race.steps) == (None, 30)
    assert "the problem has no examples" in refused(f"problem={problem}", "epochs=3")


@pytest.mark.parametrize(
    ("text", "length"), [("2.5 epochs", 25), ("1 epoch", 10), (".5ep", 5), ("0.06 EPOCHS", 1)]
)
def test_lengths_may_be_given_in_epochs(text: str, length: int) -> None:
    schedule = with_set(COSINE, f"{LENGTH}={text}").contenders[0].schedule
    assert schedule.length == length  # type: ignore[attr-defined]


def test_epochs_are_those_of_the_problem_that_is_raced() -> None:
    race = with_set(COSINE, f"{LENGTH}=2 epochs", "problem.batch_size=100", "steps=9 ep")
    assert race.contenders[0].schedule.length == 8  # type: ignore[attr-defined]
    assert (race.steps, race.epochs) == (36, None)


def test_lists_points_and_warm_ups_may_be_given_in_epochs() -> None:
    schedule = with_set(STEPS, f"{MILESTONES}=2 epochs, 4 epochs").contenders[0].schedule
    assert schedule.milestones == (20, 40)  # type: ignore[attr-defined]
    changes = (f"{MILESTONES}=[5, 9]", f"{MILESTONES}.1=3 epochs")
    schedule = with_set(STEPS, *changes).contenders[0].schedule
    assert schedule.milestones == (5, 30)  # type: ignore[attr-defined]
    points = ("contenders.0.schedule=piecewise", "contenders.0.schedule.points=[[0, 1], [1, 0.5]]")
    race = with_set(*points, "contenders.0.schedule.points.1.0=2 epochs")
    assert race.contenders[0].schedule.points == ((0, 1), (20, 0.5))  # type: ignore[attr-defined]
    warmup = with_set("contenders.0.schedule.warmup.steps=2 epochs").contenders[0].schedule.warmup
    assert warmup is not None
    assert warmup.steps == 20


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (("contenders.0.optimizer.lr=2 epochs",), "lr counts no steps, so '2 epochs' says nothing"),
        ((COSINE, f"{LENGTH}=0.01 epochs"), "one epoch is 10 steps, 0.01 epochs are none"),
        ((COSINE, f"{LENGTH}=1,5 epochs"), "1 could be epochs or steps"),
        ((COSINE, f"{LENGTH}=1 ep 2 ep"), "expected one number of epochs"),
        ((COSINE, f"{LENGTH}=0 epochs"), "at least 1 and at most 100,000,000, got 0"),
        ((STEPS, f"{MILESTONES}=2, 4 epochs"), "2 could be epochs or steps"),
        ((STEPS, f"{MILESTONES}=2 ep, 1..4 ep"), "expected a number of epochs"),
        ((COSINE, f"{LENGTH}=2 ep", "problem.batch_size=0"), "problem.batch_size: expected"),
    ],
)
def test_what_makes_no_steps_is_refused(changes: tuple[str, ...], sentence: str) -> None:
    assert sentence in refused(*changes)


def test_functions_have_no_epochs() -> None:
    assert "the problem has no examples and so no epochs" in refused_elsewhere("steps=5 epochs")
    assert "the problem has no examples and so no epochs" in refused_elsewhere("epochs=5")


def test_text_may_speak_of_epochs() -> None:
    assert with_set("title=5 epochs").title == "5 epochs"
