"""Random settings of every schedule of PyTorch, Optax and Keras against the frameworks."""

from importlib.util import find_spec
from random import Random
from typing import Any

import numpy as np
import pytest

from lrstudio.core import Refused, validated
from lrstudio.core.frameworks.schedules import framework_rate, schedule_from_framework
from tests.core.frameworks import random_schedules as settings

pytestmark = [pytest.mark.frameworks, pytest.mark.timeout(900)]

STEPS = 160
TOLERANCE = 1e-12


@pytest.fixture(scope="module")
def live() -> Any:
    if not all(map(find_spec, ("torch", "optax", "keras"))):
        pytest.skip("needs the `frameworks` extra")
    from tests.golden import make_goldens, schedule_rates

    assert make_goldens
    return schedule_rates


def relative_error(got: Any, expected: Any, share: float = 1e-3) -> float:
    """Largest error, against the value itself or a share of the largest value."""
    got, expected = np.asarray(got, dtype=float), np.asarray(expected, dtype=float)
    size = np.maximum(np.abs(expected), share * np.abs(expected).max(initial=0.0))
    return float((np.abs(got - expected) / np.where(size > 0, size, 1.0)).max(initial=0.0))


def compare(live: Any, framework: str, name: str, arguments: dict[str, Any], base: Any) -> None:
    found = live.rates_of(framework, name, arguments, base or 1.0, STEPS)
    is_past_the_end = name == "OneCycleLR" and len(found.rates) > 1
    count = len(found.rates) if is_past_the_end else STEPS
    if not np.isfinite(found.rates).all():
        return  # not a number, or beyond all
    if found.error and not is_past_the_end:
        with pytest.raises(Refused, match=rf"^{framework}\.{name}: "):
            schedule_from_framework(framework, name, arguments, base, STEPS)
        return
    schedule = schedule_from_framework(framework, name, arguments, base, STEPS)
    assert validated(schedule) == schedule
    scale = base or framework_rate(framework, name, arguments)
    # PyTorch makes each rate of this one from the rate before, with errors of the largest's size.
    share = 1.0 if "CosineAnnealingLR" in f"{name} {arguments}" else 1e-3
    got, rates = schedule.factors(count) * scale, np.array(found.rates)
    for k in np.flatnonzero(np.abs(got - rates) > TOLERANCE * np.abs(rates)):
        if framework != "torch":
            rates[k] = live.rate_at(framework, name, arguments, k)
    assert relative_error(got, rates, share) <= TOLERANCE
    momenta = schedule.momenta(count)
    if momenta is not None:
        assert relative_error(momenta, found.momenta) <= TOLERANCE
    elif framework == "torch":
        assert set(found.momenta) == {0.9}


@pytest.mark.parametrize("name", settings.TORCH)
@pytest.mark.parametrize("seed", range(80))
def test_torch(live: Any, name: str, seed: int) -> None:
    rng = Random(f"{name} {seed}")
    compare(live, "torch", name, settings.torch(rng, name), 10 ** rng.uniform(-3, 0))


@pytest.mark.parametrize("name", settings.OPTAX)
@pytest.mark.parametrize("seed", range(40))
def test_optax(live: Any, name: str, seed: int) -> None:
    rng = Random(f"{name} {seed}")
    base = rng.choice([None, 10 ** rng.uniform(-3, 0)])
    compare(live, "optax", name, settings.optax(rng, name), base)


@pytest.mark.parametrize("name", settings.KERAS)
@pytest.mark.parametrize("seed", range(40))
def test_keras(live: Any, name: str, seed: int) -> None:
    rng = Random(f"{name} {seed}")
    base = rng.choice([None, 10 ** rng.uniform(-3, 0)])
    compare(live, "keras", name, settings.keras(rng, name), base)


@pytest.mark.parametrize("framework", ["torch", "optax"])
@pytest.mark.parametrize("seed", range(40))
def test_plateau(live: Any, framework: str, seed: int) -> None:
    rng = Random(seed)
    name = {"torch": "ReduceLROnPlateau", "optax": "contrib.reduce_on_plateau"}[framework]
    arguments = (settings.torch_plateau if framework == "torch" else settings.optax_plateau)(rng)
    losses = settings.losses(rng)
    schedule = schedule_from_framework(framework, name, arguments, 0.1, len(losses))
    expected = live.plateau_rates(framework, arguments, losses)
    got = 0.1 * schedule.factors(len(losses), np.array(losses))
    assert relative_error(got, expected) <= TOLERANCE
