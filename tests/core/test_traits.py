"""Traits are claims about a function: each is put to the test, and so is its absence."""

import numpy as np
import pytest

from lrstudio.core import Problem, describe
from lrstudio.core.arrays import Array
from lrstudio.core.traits import TRAITS
from tests.core.test_problems import DESCENDED, FUNCTIONS, NOT_ALL_NAMED, descended, each_function
from tests.core.variants import name

KNOWN = {trait.id for trait in TRAITS}
PAIRS = 4000


def pairs(problem: Problem) -> tuple[Array, Array]:
    """Two times random points `(dim, PAIRS)`, near and far from a minimum and from each other."""
    random = np.random.default_rng(3)
    low, high = np.array(problem.domain).T[:, :, None]
    a, b = random.uniform(low, high, (2, problem.dim, PAIRS))
    nearness = 10.0 ** random.uniform([[-4], [-2]], 0, (2, PAIRS))
    centre = np.array((*problem.minima, problem.start)[0])[:, None]
    a = np.where(random.random(PAIRS) < 0.5, a, centre + nearness[0] * (a - centre))
    return a, a + nearness[1] * (b - a)


@each_function
def test_traits_are_known_and_named_once(cls: type[Problem]) -> None:
    assert set(cls.traits) <= KNOWN
    assert len(set(cls.traits)) == len(cls.traits)
    assert list(cls.traits) == [t.id for t in TRAITS if t.id in cls.traits]


@each_function
def test_a_function_is_convex_exactly_if_no_chord_lies_below_it(cls: type[Problem]) -> None:
    problem = cls()
    a, b = pairs(problem)
    on_chord = (problem.loss(a) + problem.loss(b)) / 2
    below = problem.loss((a + b) / 2)
    size = np.maximum(np.abs(problem.loss(a)), np.abs(problem.loss(b)))
    is_convex = bool((below <= on_chord + 1e-12 * size + 1e-300).all())
    assert is_convex == ("convex" in cls.traits)


@each_function
def test_a_function_is_separable_exactly_if_coordinates_can_be_swapped(cls: type[Problem]) -> None:
    problem = cls()
    if problem.dim == 1:
        assert "separable" in cls.traits
        return
    a, b = pairs(problem)
    is_separable = True
    for i in range(problem.dim):
        crossed, other = a.copy(), b.copy()
        crossed[i], other[i] = b[i], a[i]
        losses = [problem.loss(points) for points in (a, b, crossed, other)]
        size = np.abs(losses).max()
        off = losses[0] + losses[1] - losses[2] - losses[3]
        is_separable &= bool((np.abs(off) <= 1e-12 * size).all())
    assert is_separable == ("separable" in cls.traits)


@each_function
def test_a_function_is_scalable_exactly_if_it_has_dimensions(cls: type[Problem]) -> None:
    assert ("scalable" in cls.traits) == ("dim" in cls.__struct_fields__)


@pytest.mark.parametrize("cls", DESCENDED, ids=name)
def test_a_function_that_is_not_multimodal_has_one_minimum(cls: type[Problem]) -> None:
    problem = cls()
    named = len(problem.minima) + len(problem.local_minima)
    if "multimodal" in cls.traits:
        assert named > 1 or cls.__struct_config__.tag in NOT_ALL_NAMED
    else:
        assert named == 1
        ends, _ = descended(problem)
        slope = np.abs(problem.loss_and_gradient(ends)[1]).max(axis=0)
        far = np.linalg.norm(ends.T - problem.minima[0], axis=1) > 0.5
        low, high = np.array(problem.domain).T[:, :, None]
        assert not (far & (slope < 1e-9) & ((low <= ends) & (ends <= high)).all(axis=0)).any()


@each_function
def test_a_convex_function_is_not_multimodal(cls: type[Problem]) -> None:
    assert not {"convex", "multimodal"} <= set(cls.traits)


@each_function
def test_what_is_said_to_be_smooth_has_second_derivatives_that_do_not_jump(
    cls: type[Problem],
) -> None:
    if "smooth" not in cls.traits:
        return
    problem = cls()
    assert problem.is_smooth
    a, b = pairs(problem)
    a, b = a[:, :200], b[:, :200]
    jump, before = 0.0, 0.0
    for part in (1e-3, 1e-6):  # bends a thousandth of the way apart differ a thousandth as much
        near = a + part * (b - a)
        bends = problem.hessians(a)[0], problem.hessians(near)[0]
        before, jump = jump, float(np.abs(bends[0] - bends[1]).max())
    assert jump <= 0.05 * before + 1e-5 * float(np.abs(bends[0]).max())


def test_every_trait_has_functions_with_it_and_without() -> None:
    for trait in TRAITS:
        having = [cls for cls in FUNCTIONS.values() if trait.id in cls.traits]
        assert 5 <= len(having) < len(FUNCTIONS) - 5, trait.title


def test_titles_are_told_apart() -> None:
    titles = [describe(cls).title for cls in FUNCTIONS.values()]
    assert len(set(titles)) == len(titles)
