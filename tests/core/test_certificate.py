"""A certificate tells the truth: about what is right, and about what is not."""

import numpy as np
import pytest

from lrstudio.core import PROBLEMS, Problem
from lrstudio.core.arrays import ArrayLike
from lrstudio.core.certificate import certificate
from lrstudio.core.facts import facts


class Claims(Problem, frozen=True, kw_only=True):
    """A bowl with its bottom at (1, −2) that may say something else about itself."""

    slip: float = 0.0
    shift: float = 0.0

    minimum_value = 3.0
    domain = ((-5.0, 5.0), (-5.0, 5.0))
    start = (4.0, 4.0)

    @property
    def minima(self) -> tuple[tuple[float, ...], ...]:
        return ((1.0 + self.shift, -2.0),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        loss = np.square(x - 1) + 4 * np.square(y + 2) + 3
        return loss, np.stack([2 * (x - 1) * (1 + self.slip), 8 * (y + 2)])


def told(problem: Problem) -> dict[str, str]:
    return dict(facts(problem))


def test_what_is_right_is_found_right() -> None:
    found = certificate(Claims())
    (minimum,) = found.minima
    assert (minimum.loss, minimum.gradient_norm, minimum.is_global) == (3.0, 0.0, True)
    assert minimum.curvature == pytest.approx((2, 8))
    assert found.gradient_error < 1e-10
    assert found.search is not None
    assert found.search.lowest == pytest.approx(3.0, abs=1e-6)
    assert found.search.point == pytest.approx((1, -2), abs=1e-3)
    assert told(Claims())["search"].endswith("found the minimum and nothing lower")


@pytest.mark.parametrize("slip", [1e-2, -1e-4, 1e-6])
def test_a_gradient_that_is_wrong_is_found_out(slip: float) -> None:
    found = certificate(Claims(slip=slip)).gradient_error
    assert found == pytest.approx(abs(slip), rel=0.1)


def test_a_minimum_that_is_none_is_found_out() -> None:
    (minimum,) = certificate(Claims(shift=0.5)).minima
    assert minimum.loss == 3.25
    assert minimum.gradient_norm == 1.0


def test_a_least_value_that_is_too_high_is_found_out() -> None:
    class Boasting(Claims, frozen=True, kw_only=True):
        minimum_value = 3.5

    assert "which is lower" in told(Boasting())["search"]


def test_a_certificate_is_the_same_each_time_and_kept() -> None:
    first = certificate(PROBLEMS["beale"]())
    assert certificate(PROBLEMS["beale"]()) is first
    certificate.cache_clear()
    assert certificate(PROBLEMS["beale"]()) == first


def test_random_numbers_of_others_are_left_alone() -> None:
    state = np.random.get_state()[1].tolist()  # noqa: NPY002 - the one that others share
    certificate(Claims(shift=0.25))
    assert np.random.get_state()[1].tolist() == state  # noqa: NPY002


def test_the_facts_of_a_page_are_those_of_the_certificate() -> None:
    himmelblau = facts(PROBLEMS["himmelblau"]())
    names = [name for name, _ in himmelblau]
    lines = [text for _, text in himmelblau]
    assert names[:4] == ["domain", "start", "minima", "curvature"]
    assert names[-3:] == ["gradient", "search", "traits"]
    # 2 JᵀJ at (3, 2) is [[74, 20], [20, 34]].
    smallest, largest = np.linalg.eigvalsh([[74, 20], [20, 34]])
    at = f"at (3, 2): {smallest:.4g} to {largest:.4g}, condition number {largest / smallest:.4g}"
    assert lines[3].startswith(at)
    assert sum("2/λmax = " in line for line in lines) == 4


def test_the_facts_of_special_cases_read_well() -> None:
    assert told(PROBLEMS["saddle"]())["minima"] == "none: the loss falls without end"
    assert "curvature" not in told(PROBLEMS["saddle"]())
    assert told(PROBLEMS["deep_linear"]())["minima"].startswith("for example (1, 1), ")
    assert told(PROBLEMS["ackley"]())["curvature"] == "not smooth at the minimum"
    assert told(PROBLEMS["sphere"](dim=1000))["curvature"].startswith("too many coordinates")
    assert told(PROBLEMS["hartmann6"]())["domain"] == "each coordinate from 0 to 1"
    assert "kept within it" in told(PROBLEMS["eggholder"]())["domain"]
    assert told(PROBLEMS["powell"]())["curvature"].startswith("0 to 202 at the minimum; there")
    assert "with f = 48.9843" in told(PROBLEMS["freudenstein_roth"]())["local minima"]
