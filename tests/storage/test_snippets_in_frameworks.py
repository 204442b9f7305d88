"""Every snippet run in its framework, against our own course on the same problem."""

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from lrstudio.core import FRAMEWORKS, MODIFIERS, OPTIMIZERS, SCHEDULES, Warmup, flavoured
from lrstudio.engine import Contender
from lrstudio.storage.snippets import snippet
from tests.golden.courses import error
from tests.storage import regression

pytestmark = [
    pytest.mark.frameworks,
    # Keras 3.15 under NumPy 2.2 or newer
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

STEPS = 100
TOLERANCE = 1e-10
LOOSER = {("optax", "adafactor"): (1e-7, "Optax keeps a part of its state in 32 bits")}
FEWEST = 20
"""Steps that must be comparable; else a test would say nothing."""

KNOWN = [
    (framework, rule)
    for framework in FRAMEWORKS
    for rule, cls in OPTIMIZERS.items()
    if FRAMEWORKS[framework].calls_of(cls)
]
BODIES = [(f, s) for f in FRAMEWORKS for s in SCHEDULES if not SCHEDULES[s].listens]
OTHERS: dict[tuple[str, str], str] = {
    ("torch", "muon"): "PyTorch iterates in bfloat16",
    ("optax", "sophia"): "second derivatives are estimated from random directions",
    ("optax", "rprop"): "Optax takes the step of the update before",
}
"""Rules that are not compared, each with the reason."""
WITHOUT = ("chebyshev",)
"""Schedules that no framework has and no line can say."""


FIELDS: dict[tuple[str, str], dict[str, Any]] = {
    ("torch", "clip_norm"): {"form": "torch"},
    ("optax", "schedule_free"): {"weight_rate": "next"},
}
"""What a modifier must be so that the framework has it."""


def compare(framework: str, contender: Contender, tolerance: float = TOLERANCE) -> None:
    """Run the program and compare as many steps as rounding allows."""
    program = snippet(contender, STEPS, framework)
    got = regression.COURSES[framework](program)
    every = STEPS // max(len(got), 1)
    expected = regression.ours(contender, STEPS, framework)[every::every]
    assert len(got) == len(expected), program
    count = regression.comparable(contender, STEPS, framework, tolerance) // every
    assert count >= FEWEST // every, f"only {count} steps are comparable"
    worst = [error(g, e) for g, e in zip(got[:count], expected[:count], strict=True)]
    assert max(worst) <= tolerance, f"step {int(np.argmax(worst))}: {max(worst):.2e}\n{program}"


def compare_rule(framework: str, contender: Contender, rule: str) -> None:
    """Compare as closely as the framework computes; what goes another way runs at least."""
    if (framework, rule) in OTHERS:
        course = regression.COURSES[framework](snippet(contender, STEPS, framework))
        assert np.isfinite(course).all()
        assert len(course) == STEPS
        return
    tolerance, _ = LOOSER.get((framework, rule), (TOLERANCE, ""))
    compare(framework, contender, tolerance)


def contender(framework: str, rule: str, **settings: Any) -> Contender:
    optimizer = as_it_moves(flavoured(OPTIMIZERS[rule], framework))
    return Contender(name="Mine", optimizer=optimizer, **settings)


def as_it_moves(config: Any) -> Any:
    """The configuration reporting the point that it moves, not an average."""
    return replace(config, report="current") if hasattr(config, "report") else config


@pytest.mark.parametrize(("framework", "rule"), KNOWN)
def test_a_rule_at_a_constant_rate(framework: str, rule: str) -> None:
    compare_rule(framework, contender(framework, rule), rule)


@pytest.mark.parametrize(("framework", "rule"), KNOWN)
def test_a_rule_of_the_textbook(framework: str, rule: str) -> None:
    subject = Contender(name="Mine", optimizer=as_it_moves(OPTIMIZERS[rule]()))
    if "import" in snippet(subject, STEPS, framework):
        compare_rule(framework, subject, rule)


@pytest.mark.parametrize(("framework", "rule"), KNOWN)
def test_a_rule_with_a_schedule_and_a_warm_up(framework: str, rule: str) -> None:
    subject = contender(framework, rule, schedule=SCHEDULES["cosine"](warmup=Warmup(steps=10)))
    if "NOT IN THIS PROGRAM" not in snippet(subject, STEPS, framework):
        compare_rule(framework, subject, rule)


@pytest.mark.parametrize("warmup", [None, "linear", "cosine"])
@pytest.mark.parametrize(("framework", "schedule"), BODIES)
def test_a_schedule(framework: str, schedule: str, warmup: str | None) -> None:
    rise = Warmup(steps=15, shape=warmup, start=0.1) if warmup else None
    subject = contender(framework, "adam", schedule=SCHEDULES[schedule](warmup=rise))
    if "NOT IN THIS PROGRAM" not in snippet(subject, STEPS, framework):
        compare(framework, subject)
    else:
        assert schedule in WITHOUT


LISTENING = {
    "torch": {"rtol": 0.01, "cooldown": 2},
    "keras": {"rtol": 0.0, "atol": 0.2, "patience_rule": "at"},
    "optax": {"patience_rule": "at", "acts": "same", "rtol": 0.01, "cooldown": 2},
}
"""A schedule that listens, as each framework does it."""


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_schedule_that_listens(framework: str) -> None:
    schedule = SCHEDULES["reduce_on_plateau"](patience=3, factor=0.5, **LISTENING[framework])
    subject = contender(framework, "adam", schedule=schedule)
    assert "NOT IN THIS PROGRAM" not in snippet(subject, STEPS, framework)
    compare(framework, subject)


def test_a_cycle_of_momentum_in_pytorch() -> None:
    for rule in ("adam", "momentum"):
        for schedule in ("one_cycle", "cyclic"):
            cycle = SCHEDULES[schedule](cycle_momentum=True)
            compare("torch", contender("torch", rule, schedule=cycle))


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("modifier", MODIFIERS)
def test_a_modifier(framework: str, modifier: str) -> None:
    subject = contender(framework, "adam", schedule=SCHEDULES["cosine"](warmup=Warmup(steps=10)))
    fields = FIELDS.get((framework, modifier), {})
    around = as_it_moves(MODIFIERS[modifier](**fields))
    optimizer = replace(subject.optimizer, modifiers=(around,))
    subject = replace(subject, optimizer=optimizer)
    if "NOT IN THIS PROGRAM" not in snippet(subject, STEPS, framework):
        compare(framework, subject)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_clipping_by_the_norm_of_each_layer(framework: str) -> None:
    form = FIELDS.get((framework, "clip_norm"), {})
    clip = MODIFIERS["clip_norm"](limit=0.5, scope="layer", **form)
    optimizer = replace(contender(framework, "sgd").optimizer, modifiers=(clip,), lr=0.05)
    subject = Contender(name="Mine", optimizer=optimizer)
    assert "NOT IN THIS PROGRAM" not in snippet(subject, STEPS, framework)
    compare(framework, subject)
