"""Functions of one variable, on which traps can be seen at a glance."""

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike
from lrstudio.core.problem import Problem

PI = np.pi


class Forrester(Problem, tag="forrester", frozen=True, kw_only=True):
    """Forrester: a shallow trap beside the global minimum.

    f(x) = (6x − 2)² sin(12x − 4)

    Minimum at 0.7572 with f = −6.0207; the trap is at 0.1426 with f = −0.9863. Outside the domain
    the waves grow: positions are kept within it.

    Forrester, Sóbester & Keane, "Engineering Design via Surrogate Modelling", 2008.
    """

    family = "one_dimension"
    traits = ("separable", "multimodal", "smooth")
    is_confined = True
    minimum_value = -6.0207400557670825
    domain = ((0.0, 1.0),)
    start = (0.3,)
    minima = ((0.7572487578418559,),)
    local_minima = ((0.1425891893247163,),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        a = 6 * position - 2
        wave, square = np.sin(2 * a), np.square(a)
        gradient = 12 * (a * wave + square * np.cos(2 * a))
        return (square * wave)[0], gradient

    def hessians(self, position: Array) -> tuple[Array, int]:
        a = 6 * position - 2
        bend = 72 * ((1 - 2 * np.square(a)) * np.sin(2 * a) + 4 * a * np.cos(2 * a))
        return bend[None], self.dim


class GramacyLee(Problem, tag="gramacy_lee", frozen=True, kw_only=True):
    """Gramacy–Lee: a row of traps that grow shallower to the right.

    f(x) = sin(10πx) / (2x) + (x − 1)⁴

    Minimum at 0.5486 with f = −0.8690, the first of ten. Left of the domain there is a deeper one:
    positions are kept within it. At 0 the function is 5π + 1, its limit.

    Gramacy & Lee, "Cases for the Nugget in Modeling Computer Experiments", 2012, arXiv:1007.4580.
    """

    family = "one_dimension"
    traits = ("separable", "multimodal", "smooth")
    is_confined = True
    minimum_value = -0.8690111349894998
    domain = ((0.5, 2.5),)
    start = (2.2,)
    minima = ((0.5485634445276052,),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        off, phase = position - 1, 10 * PI * position
        safe = np.where(np.equal(position, 0), 1.0, position)
        wave = np.where(np.equal(position, 0), 5 * PI, np.sin(phase) / (2 * safe))
        slope = np.where(np.equal(position, 0), 0.0, (5 * PI * np.cos(phase) - wave) / safe)
        cube = np.square(off) * off
        return (wave + cube * off)[0], slope + 4 * cube
