"""Terrains within ±4 that each show one trouble: a shelf, hills, a pit beside a deeper one."""

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike
from lrstudio.core.problem import Problem, column, plane_matrices


class Plateau(Problem, tag="plateau", frozen=True, kw_only=True):
    """Plateau: a wide shelf, nearly flat, around a round basin.

    f(x, y) = 1 − e^(−s) + s/1000         s = (x − 1)² + (y − 1)²

    Symbols: s, the squared distance from the minimum.

    Minimum at (1, 1) with curvature 2.002, where η = ½ arrives at once. On the shelf, from a
    distance of 2.6 on, the curvature is 1/500: the same η needs about 700 steps to come half the
    way. Rules that scale by the size of the gradient cross it as fast as any slope.

    Closed form.
    """

    family = "valleys"
    aliases = ("shelf", "flat region", "vanishing gradients")
    traits = ("smooth",)
    domain = ((-4.0, 4.0), (-4.0, 4.0))
    start = (-3.0, -2.0)
    minima = ((1.0, 1.0),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        off = position - 1
        s = np.square(off).sum(axis=0)
        return 0.001 * s - np.expm1(-s), (2 * np.exp(-s) + 0.002) * off

    def hessians(self, position: Array) -> tuple[Array, int]:
        u, v = position - 1
        slope = 2 * np.exp(-np.square(u) - np.square(v))
        xx = slope * (1 - 2 * np.square(u)) + 0.002
        yy = slope * (1 - 2 * np.square(v)) + 0.002
        return plane_matrices(xx, -2 * slope * u * v, yy, position.shape[1]), self.dim


class Hills(Problem, tag="hills", frozen=True, kw_only=True):
    """Hills: two hills and three hollows of different depth.

    f(x, y) = (x² + y²)/20 + Σⱼ hⱼ exp[−(x − aⱼ)² − (y − bⱼ)²]

    Symbols: j, the number of a hill or hollow from 1 to 5; hⱼ, its height: hills of 2 and 3,
    hollows of −1, −2 and −3; aⱼ, its place along x: 0, 2, 2, −2, −1; bⱼ, its place along y:
    0, 2, −1, 1, −2.

    The deepest hollow, at (−0.9885, −1.9769) with f = −2.7388, is the global minimum; the others
    have f = −1.7398 and −0.7419. On a hill the smallest difference decides into which of them a run
    rolls: from the start gradient descent goes to the second best, and rules that scale each
    coordinate by itself turn off to the best.

    Closed form; minima by Newton's method in 60-digit arithmetic.
    """

    family = "few_minima"
    aliases = ("hills and hollows", "Gaussian hills", "rolling hills")
    traits = ("multimodal", "smooth")
    minimum_value = -2.7387783339661076
    domain = ((-4.0, 4.0), (-4.0, 4.0))
    start = (-0.5, 0.0)
    minima = ((-0.9884818698299818, -1.976879746215024),)
    local_minima = (
        (-1.96637447209505, 0.9829887424733325),
        (1.9376245685963511, -0.9705494180869999),
    )

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        return _bells_in_a_bowl(position, _HILLS, 0.05)

    def hessians(self, position: Array) -> tuple[Array, int]:
        return _bends(position, _HILLS, 0.05), self.dim


class TwoPits(Problem, tag="two_pits", frozen=True, kw_only=True):
    """Two pits: a local minimum beside a global one, in a bowl.

    f(x, y) = (x² + y²)/10 − 2 exp[−(x − 1.5)² − (y − 1)²] − exp[−(x + 1.5)² − (y + 1)²]

    Global minimum at (1.4281, 0.9520) with f = −1.6905, local one at (−1.3600, −0.9067) with
    f = −0.7049. The deeper pit is steeper as well: gradient descent is stable there while η < 0.48,
    and in the shallow one while η < 0.93, so that rates between them stay in the wrong pit only.

    Closed form; minima by Newton's method in 60-digit arithmetic.
    """

    family = "few_minima"
    aliases = ("local minimum", "local and global minimum", "two Gaussians")
    traits = ("multimodal", "smooth")
    minimum_value = -1.6905353266667534
    domain = ((-4.0, 4.0), (-4.0, 4.0))
    start = (-3.5, -3.0)
    minima = ((1.428055221023008, 0.9520368140153386),)
    local_minima = ((-1.3600489183052202, -0.9066992788701468),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        return _bells_in_a_bowl(position, _PITS, 0.1)

    def hessians(self, position: Array) -> tuple[Array, int]:
        return _bends(position, _PITS, 0.1), self.dim


_HILLS = np.array(
    [[2.0, 0.0, 0.0], [3.0, 2.0, 2.0], [-1.0, 2.0, -1.0], [-2.0, -2.0, 1.0], [-3.0, -1.0, -2.0]]
)
_PITS = np.array([[-2.0, 1.5, 1.0], [-1.0, -1.5, -1.0]])
"""Height of each bell, and its place along x and y."""


def _bells_in_a_bowl(
    position: ArrayLike, table: Array, steepness: float
) -> tuple[ArrayLike, ArrayLike]:
    """`steepness` (x² + y²) and the bells of the table, with the slope."""
    u, v, bell = _bells(position, table)
    loss = steepness * np.square(position).sum(axis=0) + np.add.reduce(bell, axis=0)
    slopes = np.stack([np.add.reduce(bell * u, axis=0), np.add.reduce(bell * v, axis=0)])
    return loss, 2 * (steepness * position - slopes)


def _bends(position: Array, table: Array, steepness: float) -> Array:
    u, v, bell = _bells(position, table)
    xx = np.add.reduce(bell * (4 * np.square(u) - 2), axis=0) + 2 * steepness
    yy = np.add.reduce(bell * (4 * np.square(v) - 2), axis=0) + 2 * steepness
    xy = np.add.reduce(4 * bell * u * v, axis=0)
    return plane_matrices(xx, xy, yy, position.shape[1])


def _bells(position: ArrayLike, table: Array) -> tuple[ArrayLike, ArrayLike, ArrayLike]:
    """Offsets from each bell along x and y `(bells, ...)`, and its height there."""
    height, a, b = (column(numbers, position) for numbers in table.T)
    x, y = position
    u, v = x - a, y - b
    return u, v, height * np.exp(-np.square(u) - np.square(v))
