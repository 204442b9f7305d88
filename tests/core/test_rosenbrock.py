"""The second minimum of Rosenbrock's function, against Newton's method in 50-digit arithmetic."""

import numpy as np
import pytest

from lrstudio.core import PROBLEMS
from lrstudio.core.facts import facts

ULP = float(np.finfo(float).eps)

FIRST: dict[int, tuple[float, ...]] = {
    4: (-0.7756592265653526, 0.6130933654850435, 0.38206284633839316, 0.1459720185521946),
    5: (-0.9620510206947501, 0.93573939597671, 0.8807136041943205, 0.7778776758544064),
    8: (-0.9929093902018321, 0.9959047633788944, 0.9968442242481032, 0.9961994846405652),
    20: (-0.9932861009549481, 0.9966510747511319, 0.998330319783976, 0.9991677378872659),
    100: (-0.9932861009750849, 0.996651074791033, 0.998330319863459, 0.9991677380461392),
}
"""Its first coordinates; of four dimensions all."""
LOSS = {
    4: 3.701428610430017,
    5: 3.930839434133028,
    8: 3.98588776959949,
    20: 3.9866238542611985,
    100: 3.986623854300934,
}


@pytest.mark.parametrize("dim", FIRST)
def test_the_second_minimum_is_known_to_the_last_digit(dim: int) -> None:
    problem = PROBLEMS["rosenbrock"](dim=dim)
    (found,) = problem.local_minima
    assert len(found) == dim
    assert found[:4] == pytest.approx(FIRST[dim], rel=ULP, abs=0)
    assert float(problem.loss(np.array(found))) == pytest.approx(LOSS[dim], rel=8 * ULP)
    smallest, _ = np.linalg.eigvalsh(problem.hessian(found))[[0, -1]]
    assert smallest > 0.3


def test_the_end_of_the_chain_is_right_as_well() -> None:
    (found,) = PROBLEMS["rosenbrock"](dim=20).local_minima
    assert found[-2:] == pytest.approx((0.9999945257901134, 0.9999890516101938), rel=ULP, abs=0)


@pytest.mark.parametrize("dim", [63, 64, 65, 66, 10_000])
def test_where_coordinates_are_no_longer_computed_they_go_on_as_they_were(dim: int) -> None:
    problem = PROBLEMS["rosenbrock"](dim=dim)
    (found,) = problem.local_minima
    # Distances from 1 are halved by each; the gradient is no more than the last digits make of it.
    assert found[:50] == PROBLEMS["rosenbrock"](dim=100).local_minima[0][:50]
    assert np.abs(problem.loss_and_gradient(np.array(found))[1]).max() < 2e-13


@pytest.mark.parametrize("dim", [2, 3])
def test_below_four_dimensions_there_is_no_other_minimum(dim: int) -> None:
    assert PROBLEMS["rosenbrock"](dim=dim).local_minima == ()


@pytest.mark.parametrize(
    ("dim", "traits"), [(3, "smooth, any dimension"), (4, "multimodal, smooth, any dimension")]
)
def test_its_page_says_so_in_as_many_dimensions_as_are_set(dim: int, traits: str) -> None:
    assert dict(facts(PROBLEMS["rosenbrock"](dim=dim)))["traits"] == traits
