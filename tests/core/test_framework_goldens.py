"""Classes of PyTorch, Keras and Optax, by their own names and arguments, against themselves.

`tests/golden/frameworks.json` lists more than a thousand calls, `frameworks.npz` what they gave;
`tests/golden/make_framework_goldens.py` makes them anew.
"""

from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from lrstudio.core import FRAMEWORKS, OPTIMIZERS, identifier
from lrstudio.core.arrays import Array
from tests.golden import courses

ROOT = Path(__file__).parents[2]
INDEX, DATA = courses.load()

DEPARTURES = {
    ("optax", "rprop"): "Optax 0.2.8 emits the update before; ours follows the publication",
}
"""What a framework gets wrong, by its class."""


def by_class(case: dict[str, Any]) -> tuple[str, str]:
    return case["lib"], case.get("key", case["cls"])


ELSEWHERE = {
    "armijo": "tests/engine/test_oracle_rules.py",
    "conjugate_gradient": "tests/engine/test_oracle_rules.py",
    "newton": "tests/engine/test_oracle_rules.py",
    "barzilai_borwein": "tests/engine/test_oracle_rules.py",
    "qhm": "tests/engine/test_rules_by_hand.py",
    "aggmo": "tests/engine/test_rules_by_hand.py",
}
"""Rules that none of the three has, and where they are proven."""

CASES = {key: list(cases) for key, cases in groupby(sorted(INDEX["cases"], key=by_class), by_class)}


def failures(cases: list[dict[str, Any]], data: dict[str, Array]) -> list[str]:
    """The calls that are not met, with their errors."""
    found = []
    for case in cases:
        worst = float(courses.stored_errors(case, INDEX, data).max())
        if not worst <= case["rtol"]:
            found.append(f"{case['id']} {case['kwargs']} {case['source']}: {worst:.1e}")
    return found


@pytest.mark.parametrize("key", CASES, ids=" ".join)
def test_the_rule_moves_as_the_frameworks_class_does(key: tuple[str, str]) -> None:
    found = failures(CASES[key], DATA)
    if key in DEPARTURES:
        assert len(found) == len(CASES[key]), "it agrees: the departure is over"
    else:
        assert not found, "\n".join(found)


@pytest.mark.frameworks
@pytest.mark.timeout(600)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of `optax.optimistic_adam`
@pytest.mark.parametrize("key", CASES, ids=" ".join)
def test_the_frameworks_still_say_the_same(key: tuple[str, str]) -> None:
    # Not by importing them: Keras' backend has to be chosen before that.
    if not all(map(find_spec, ("torch", "optax", "keras"))):
        pytest.skip("needs the `frameworks` extra")
    from tests.golden import make_framework_goldens as goldens

    for case in CASES[key][::10]:
        found = goldens.course(case, INDEX, DATA)
        worst = goldens.difference(found, case, DATA)
        assert worst <= case["rtol"], (case["id"], case["kwargs"], case["source"])


def test_every_rule_is_met_by_a_framework_or_proven_elsewhere() -> None:
    met = {identifier(type(courses.optimizer_of(case))) for case in INDEX["cases"]}
    assert set(OPTIMIZERS) - met == set(ELSEWHERE)
    for rule, place in ELSEWHERE.items():
        assert f'"{rule}"' in (ROOT / place).read_text(encoding="utf-8"), rule


def test_every_class_of_the_tables_has_cases() -> None:
    known = {(lib, case["cls"]) for (lib, _), cases in CASES.items() for case in cases}
    tables = {(f.id, name) for f in FRAMEWORKS.values() for name in f.names}
    assert tables - known == {
        ("optax", "noisy_sgd"),  # random unless it is SGD
    }
