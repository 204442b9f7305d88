"""`--set`: every value of an experiment can be changed, and what cannot be is said in words."""

import click
import pytest

from lrstudio.cli.changes import changed, parsed
from lrstudio.core import (
    DISTURBANCES,
    MODIFIERS,
    OPTIMIZERS,
    PROBLEMS,
    SCHEDULES,
    Warmup,
    from_framework,
)
from lrstudio.engine import Experiment
from tests.cli.program import three_fates


def with_set(*texts: str, **settings: object) -> Experiment:
    return changed(three_fates(**settings), parsed(texts))


def refused(*texts: str, **settings: object) -> str:
    with pytest.raises(click.UsageError) as caught:
        with_set(*texts, **settings)
    return str(caught.value)


def test_nothing_to_change_changes_nothing() -> None:
    assert with_set() == three_fates()


def test_numbers_are_numbers() -> None:
    experiment = with_set("contenders.0.optimizer.lr=0.25", "steps=1e3", "noise=1", "seeds=[3, 4]")
    assert experiment.contenders[0].optimizer == OPTIMIZERS["sgd"](lr=0.25)
    assert (experiment.steps, experiment.noise, experiment.seeds) == (1000, 1.0, (3, 4))


@pytest.mark.parametrize(
    ("text", "number"), [(".1", 0.1), ("5.", 5.0), ("+1", 1.0), ("+.5E-1", 0.05)]
)
def test_numbers_may_be_written_as_people_do(text: str, number: float) -> None:
    experiment = with_set(f"contenders.0.optimizer.lr={text}", f"title={text}", "steps=+5.")
    assert experiment.contenders[0].optimizer == OPTIMIZERS["sgd"](lr=number)
    assert (experiment.title, experiment.steps) == (text, 5)


def test_the_paths_of_messages_are_understood() -> None:
    assert with_set("contenders[1].name=x").contenders[1].name == "x"


@pytest.mark.parametrize("text", ["2024", "null", "[1]", "a=b", "x y", '"quoted"'])
def test_text_needs_no_quotes(text: str) -> None:
    assert with_set(f"title={text}").title == text.strip('"')


@pytest.mark.parametrize(("word", "value"), [("no", False), ("false", False), ("On", True)])
def test_switches_take_words(word: str, value: bool) -> None:
    assert with_set(f"contenders.0.enabled={word}").contenders[0].enabled is value


def test_an_optimizer_is_chosen_by_its_id_with_its_defaults() -> None:
    for path in ("contenders.2.optimizer", "contenders.2.optimizer.rule"):
        contender = with_set(f"{path}=adam", "contenders.2.optimizer.beta1=0.5").contenders[2]
        assert contender.optimizer == OPTIMIZERS["adam"](beta1=0.5)
        assert contender.name == "Adam"  # it was called like its optimizer
        assert contender.schedule == three_fates().contenders[2].schedule


def test_values_for_a_chosen_rule_may_stand_before_it() -> None:
    texts = ("contenders.0.optimizer.rho=0.8", "contenders.0.optimizer=rmsprop")
    assert with_set(*texts).contenders[0].optimizer == OPTIMIZERS["rmsprop"](rho=0.8)


def test_a_chosen_schedule_keeps_the_warm_up() -> None:
    schedule = with_set("contenders.2.schedule=step").contenders[2].schedule
    assert schedule == SCHEDULES["step"](warmup=Warmup(steps=5))


def test_a_warm_up_can_be_switched_on_and_off() -> None:
    experiment = with_set(
        "contenders.0.schedule.warmup.steps=7", "contenders.2.schedule.warmup=null"
    )
    assert experiment.contenders[0].schedule.warmup == Warmup(steps=7)
    assert experiment.contenders[2].schedule.warmup is None


def test_starts_of_another_problem_go() -> None:
    starts = ((1.0, 2.0),)
    assert with_set("steps=9", starts=starts).starts == starts
    assert with_set("problem.kappa=3", starts=starts).starts == starts
    assert with_set("problem=beale", starts=starts).starts == ()
    sphere = with_set("problem=sphere", "problem.dim=3", starts=starts)
    assert (sphere.problem, sphere.starts) == (PROBLEMS["sphere"](dim=3), ())
    assert with_set("problem=beale", "starts=[[3, 4]]", starts=starts).starts == ((3.0, 4.0),)


def test_a_whole_part_can_be_given_as_json() -> None:
    text = 'contenders=[{"name": "only", "optimizer": {"rule": "sgd"}}]'
    assert [c.name for c in with_set(text).contenders] == ["only"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("steps", "--set steps: expected PATH=VALUE, for example steps=1000"),
        ("=3", "--set =3: expected PATH=VALUE, for example steps=1000"),
        ("stpes=3", "--set stpes: 'stpes' is not known; did you mean 'steps'?"),
        ("steps.x=3", "--set steps.x: there is no 'x' below a single value"),
        ("contenders.3.name=x", "--set contenders.3.name: '3' is no place in this list (0 to 2)"),
        (
            "contenders.-1.name=x",
            "--set contenders.-1.name: '-1' is no place in this list (0 to 2)",
        ),
        ("starts.0=[1,1]", "--set starts.0: '0' is no place in this list (and it is empty)"),
        ("problem=rosen", "--set problem: 'rosen' is not known; did you mean 'rosenbrock'?"),
        ("contenders.0.optimizer=sdg", "'sdg' is not known; did you mean 'sgd'?"),
        ("contenders.0.schedule.warmup.stps=3", "did you mean 'steps'?"),
        (
            "contenders.0.optimizer.learning_rate=1",
            "learning_rate: sgd has no 'learning_rate'; it has modifiers, lr, weight_decay, decay",
        ),
        ("optimizer=adam", "there is no 'optimizer' here; its place is contenders.0.optimizer"),
        ("contenders.0.problem=beale", "there is no 'problem' here; its place is problem"),
        ("contenders.9.optimizer=adam", "'9' is no place in this list (0 to 2)"),
        ("problem={}", "--set problem: the key 'function' is missing"),
        ("contenders.0.enabled=maybe", "--set contenders.0.enabled: expected"),
        ("title=\udcff", "--set title: the value is no text in the encoding of this terminal"),
        ("starts=[[1,2,3]]", "--set starts: starts[0] has 3 coordinates, the problem has 2"),
        ("starts=[[1,1e400]]", "--set starts: [0][1]: expected a number at most 1e+300, got inf"),
        ("starts=[[1]]", "--set starts: starts[0] has 1 coordinate, the problem has 2"),
        (
            "starts=[[nan,1]]",
            "expected a list as [1, 2] or [[1, 2], [3, 4]]; at character 3 came 'nan,1]]'",
        ),
        ("starts=[[1,2]", "--set starts: expected a list as [1, 2] or [[1, 2], [3, 4]]; this one"),
        ("seeds=[1 2]", "at character 4 came '2]'"),
        ("starts=1,2", "--set starts: expected a list, got '1,2'"),
        ("starts=" + "[" * 99_999, "--set starts: expected a list"),
    ],
)
def test_what_cannot_be_is_said_under_the_option(text: str, sentence: str) -> None:
    assert sentence in refused(text)


def test_a_problem_without_parameters_says_so() -> None:
    sentence = refused("problem=beale", "problem.kappa=10")
    assert sentence == "--set problem.kappa: beale has no 'kappa'; it has no parameters"


@pytest.mark.parametrize(
    "rate", ["0", "-.1", "1_0", "+inf", "+1e999", "NaN", "nan", "1e300", "1e400", "fast", "", "[]"]
)
def test_an_impossible_learning_rate_is_refused_by_its_bounds(rate: str) -> None:
    path = "contenders.0.optimizer.lr"
    sentence = refused("steps=10", f"{path}={rate}")
    assert sentence.startswith(f"--set {path}: expected a number above 0 and at most 1e+06, got ")


def test_a_mistake_that_no_option_made_alone_blames_none() -> None:
    sentence = refused("problem=quadratic", "starts.0=[1,2]", starts=((1.0, 2.0),))
    assert "starts" in sentence


def test_a_flavour_brings_its_defaults_and_keeps_what_was_changed() -> None:
    found = with_set(
        "contenders.0.optimizer=rmsprop",
        "contenders.0.flavour=torch",
        "contenders.0.optimizer.eps=1e-3",
    ).contenders[0]
    assert found.flavour == "torch"
    assert found.optimizer == from_framework("torch", "RMSprop", {"eps": 1e-3})


def test_unknown_flavours_are_refused_with_the_nearest() -> None:
    assert "did you mean 'torch'" in refused("contenders.0.flavour=pytorch")


def test_what_another_change_brought_has_its_parameters() -> None:
    clipped = with_set(
        'contenders.0.optimizer.modifiers=[{"rule": "clip_norm"}]',
        "contenders.0.optimizer.modifiers.0.limit=0.5",
    )
    clip = MODIFIERS["clip_norm"](limit=0.5)
    assert clipped.contenders[0].optimizer.modifiers == (clip,)
    parted = with_set(
        'contenders.0.schedule={"rule": "sequence"}', "contenders.0.schedule.parts.0=rex"
    )
    assert parted.contenders[0].schedule.parts[0] == SCHEDULES["rex"]()


def test_disturbances_are_added_and_changed() -> None:
    changed = with_set('disturbances=[{"disturbance": "jump_drift"}]', "disturbances.0.rest=7")
    assert changed.disturbances == (DISTURBANCES["jump_drift"](rest=7),)
    sentence = refused('disturbances=[{"disturbance": "jump_drfit"}]')
    assert "[0].disturbance: 'jump_drfit' is not known; did you mean 'jump_drift'?" in sentence


def test_an_unknown_modifier_is_refused_with_the_nearest() -> None:
    sentence = refused('contenders.0.optimizer.modifiers=[{"rule": "clipnorm"}]')
    assert "[0].rule: 'clipnorm' is not known; did you mean 'clip_norm'?" in sentence


def test_metrics_are_asked_for_in_steps() -> None:
    changed = with_set("problem=logistic_regression", "metrics_every=1")
    assert changed.metrics_every == 1
    assert "metrics_every" in refused("metrics_every=0")


def test_the_curvature_is_asked_for_in_steps() -> None:
    assert with_set("curvature_every=50").curvature_every == 50
    assert with_set("curvature_every=50", "curvature_every=null").curvature_every is None
    assert "curvature_every" in refused("curvature_every=0")


def test_a_list_grows_by_what_is_named_behind_its_end():
    changed = with_set(
        "disturbances.0.rest=7", "disturbances.0=jump_drift", "disturbances.1=loss_noise"
    )
    assert [known.__struct_config__.tag for known in changed.disturbances] == [
        "jump_drift",
        "loss_noise",
    ]
    assert changed.disturbances[0].rest == 7
    clipped = with_set("contenders.0.optimizer.modifiers.0=clip_norm").contenders[0]
    assert len(clipped.optimizer.modifiers) == 1
    described = with_set('disturbances.0={"disturbance": "loss_noise", "sigma": 2}')
    assert described.disturbances[0].sigma == 2
    assert refused("disturbances.0=jump_drfit").startswith(
        "--set disturbances.0: 'jump_drfit' is not known; did you mean 'jump_drift'?"
    )
    assert "'1' is no place in this list" in refused("disturbances.1=jump_drift")
    assert "'0' is no place in this list" in refused("disturbances.0.rest=7")


def test_a_model_that_is_left_nothing_to_learn_from_is_refused():
    told = refused(
        "problem=softmax_regression", "problem.examples_used=4", "problem.validation_share=0.9"
    )
    assert "expected at least 2 examples to train on, got 0; use more of the data set" in told


def test_a_model_that_is_too_large_is_refused():
    told = refused("problem=perceptron", "problem.width=1000", "problem.hidden_layers=20")
    assert "problem: the problem has 19,024,002 coordinates and may have 1,000,000" in told
