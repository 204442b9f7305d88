"""Holes in a plain: sums of bells and craters from published tables."""

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike
from lrstudio.core.problem import Problem, column, plane_matrices


class ShekelFoxholes(Problem, tag="shekel_foxholes", frozen=True, kw_only=True):
    """Shekel foxholes: a grid of holes in a plateau.

    f(x, y) = 1 / (0.002 + Σⱼ 1/(j + (x − aⱼ)⁶ + (y − bⱼ)⁶))

    Symbols: j, the number of a hole from 1 to 25; a, its place along x, from −32 in steps of 16 to
    32; b, its place along y.

    The deepest hole is the first, at (−31.978, −31.978) with f = 0.998004; textbooks print −32.
    Holes are a few units wide, and the plateau of 500 around them is flat.

    De Jong, "An Analysis of the Behavior of a Class of Genetic Adaptive Systems", 1975, F5.
    """

    family = "steep"
    aliases = ("De Jong 5", "De Jong F5")
    traits = ("multimodal", "smooth")
    minimum_value = 0.9980038377944502
    domain = ((-65.536, 65.536), (-65.536, 65.536))
    start = (-11.5, 11.5)
    minima = ((-31.97833483565697, -31.978334837300796),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        a, b, crater = _foxholes(position)
        aa, bb = np.square(a), np.square(b)
        loss = 1 / (0.002 + np.add.reduce(crater, axis=0))
        wall = 6 * crater * crater
        along_x = np.add.reduce(wall * (np.square(aa) * a), axis=0)
        along_y = np.add.reduce(wall * (np.square(bb) * b), axis=0)
        return loss, np.square(loss) * np.stack([along_x, along_y])

    def hessians(self, position: Array) -> tuple[Array, int]:
        a, b, crater = _foxholes(position)
        loss, (along_x, along_y) = self.loss_and_gradient(position)
        cube, steep = 72 * crater**3, 30 * np.square(crater)
        s_xx = np.add.reduce(cube * a**10 - steep * a**4, axis=0)
        s_yy = np.add.reduce(cube * b**10 - steep * b**4, axis=0)
        s_xy = np.add.reduce(cube * a**5 * b**5, axis=0)
        # Of 1/s, with s the sum of all craters: 2 s′ s′/s³ − s″/s².
        xx = 2 * along_x * along_x / loss - np.square(loss) * s_xx
        xy = 2 * along_x * along_y / loss - np.square(loss) * s_xy
        yy = 2 * along_y * along_y / loss - np.square(loss) * s_yy
        return plane_matrices(xx, xy, yy, position.shape[1]), self.dim


def _foxholes(position: ArrayLike) -> tuple[ArrayLike, ArrayLike, ArrayLike]:
    """Offsets from each hole along x and y `(25, ...)`, and its crater."""
    x, y = position
    # Beyond 10³⁰ the tenth power would be infinite, and the loss has long been 500.
    a = np.clip(x - column(_FOXHOLES[0], position), -1e30, 1e30)
    b = np.clip(y - column(_FOXHOLES[1], position), -1e30, 1e30)
    number = column(np.arange(1.0, 26.0), position)
    aa, bb = np.square(a), np.square(b)
    return a, b, 1 / (number + aa * np.square(aa) + bb * np.square(bb))


_PLACES = np.array([-32.0, -16.0, 0.0, 16.0, 32.0])
_FOXHOLES = np.tile(_PLACES, 5), np.repeat(_PLACES, 5)


class Shekel10(Problem, tag="shekel10", frozen=True, kw_only=True):
    """Shekel 10: ten craters of different depth in four dimensions.

    f(x) = −Σⱼ 1/(cⱼ + Σᵢ (xᵢ − aᵢⱼ)²)

    Symbols: j, the number of a crater from 1 to 10; cⱼ, its width; aᵢⱼ, its place.

    Minimum near (4, 4, 4, 4) with f = −10.5364. The seventh crater is at (5, 5, 3, 3), as published
    first; the table with (5, 3, 5, 3), often copied, has another minimum.

    Dixon & Szegő, "Towards Global Optimisation 2", 1978.
    """

    family = "few_minima"
    traits = ("multimodal", "smooth")
    minimum_value = -10.536409816692043
    domain = ((0.0, 10.0),) * 4
    start = (5.6, 5.4, 4.7, 4.5)
    minima = ((4.000746531592046, 4.000592934138532, 3.9996633980403224, 3.9995098005868077),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        off = _wide(position) - _places(_CRATERS, position)
        crater = 1 / (column(_WIDTHS, position) + np.add.reduce(np.square(off), axis=1))
        wall = 2 * np.square(crater)
        gradient = np.add.reduce(_wide_rows(wall) * off, axis=0)
        return -np.add.reduce(crater, axis=0), gradient


_CRATERS = np.array(
    [
        [4.0, 4.0, 4.0, 4.0],
        [1.0, 1.0, 1.0, 1.0],
        [8.0, 8.0, 8.0, 8.0],
        [6.0, 6.0, 6.0, 6.0],
        [3.0, 7.0, 3.0, 7.0],
        [2.0, 9.0, 2.0, 9.0],
        [5.0, 5.0, 3.0, 3.0],
        [8.0, 1.0, 8.0, 1.0],
        [6.0, 2.0, 6.0, 2.0],
        [7.0, 3.6, 7.0, 3.6],
    ]
)
_WIDTHS = np.array([0.1, 0.2, 0.2, 0.4, 0.4, 0.6, 0.3, 0.7, 0.5, 0.5])


class Hartmann3(Problem, tag="hartmann3", frozen=True, kw_only=True):
    """Hartmann 3: four bells in three dimensions.

    f(x) = −Σⱼ cⱼ exp[−Σᵢ aᵢⱼ (xᵢ − pᵢⱼ)²]

    Symbols: j, the number of a bell from 1 to 4; cⱼ, its depth 1, 1.2, 3 or 3.2; aᵢⱼ, how narrow
    it is; pᵢⱼ, its place.

    Minimum at (0.1146, 0.5556, 0.8525) with f = −3.8628.

    Hartman, "Some Experiments in Global Optimization", 1973.
    """

    family = "few_minima"
    aliases = ("Hartman 3",)
    traits = ("multimodal", "smooth")
    minimum_value = -3.8627821478207554
    domain = ((0.0, 1.0),) * 3
    start = (0.9, 0.15, 0.15)
    minima = ((0.11461433858967197, 0.5556488499718569, 0.8525469535208657),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        return _bells(position, _NARROW_3, _PLACES_3)


class Hartmann6(Problem, tag="hartmann6", frozen=True, kw_only=True):
    """Hartmann 6: four bells in six dimensions.

    f(x) = −Σⱼ cⱼ exp[−Σᵢ aᵢⱼ (xᵢ − pᵢⱼ)²]

    Symbols: j, the number of a bell from 1 to 4; cⱼ, its depth 1, 1.2, 3 or 3.2; aᵢⱼ, how narrow
    it is; pᵢⱼ, its place.

    Minimum at (0.2017, 0.1500, 0.4769, 0.2753, 0.3117, 0.6573) with f = −3.3224; a local minimum
    with f = −3.2032 attracts about as many starts.

    Hartman, "Some Experiments in Global Optimization", 1973.
    """

    family = "few_minima"
    aliases = ("Hartman 6",)
    traits = ("multimodal", "smooth")
    minimum_value = -3.3223680114155147
    domain = ((0.0, 1.0),) * 6
    start = (0.7, 0.7, 0.3, 0.7, 0.2, 0.2)
    minima = (
        (
            *(0.20168951100670543, 0.15001069182345797, 0.476873974221897),
            *(0.2753324304940561, 0.31165161660011326, 0.6573005340656203),
        ),
    )

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        return _bells(position, _NARROW_6, _PLACES_6)


def _bells(position: ArrayLike, narrow: Array, places: Array) -> tuple[ArrayLike, ArrayLike]:
    off, width = _wide(position) - _places(places, position), _places(narrow, position)
    slope = width * off
    bell = column(_DEPTHS, position) * np.exp(-np.add.reduce(slope * off, axis=1))
    gradient = np.add.reduce(_wide_rows(2 * bell) * slope, axis=0)
    return -np.add.reduce(bell, axis=0), gradient


def _wide(position: ArrayLike) -> ArrayLike:
    """Position `(dim, ...)` as `(1, dim, ...)`."""
    return position[None]


def _wide_rows(rows: ArrayLike) -> ArrayLike:
    """One number for each hole `(holes, ...)` as `(holes, 1, ...)`."""
    return rows[:, None]


def _places(table: Array, position: ArrayLike) -> Array:
    """A table `(holes, dim)` that broadcasts against `(1, dim, ...)`."""
    return table.reshape(*table.shape, *(1,) * (len(position.shape) - 1))


_DEPTHS = np.array([1.0, 1.2, 3.0, 3.2])
_NARROW_3 = np.array([[3.0, 10.0, 30.0], [0.1, 10.0, 35.0], [3.0, 10.0, 30.0], [0.1, 10.0, 35.0]])
_PLACES_3 = np.array(
    [
        [0.3689, 0.1170, 0.2673],
        [0.4699, 0.4387, 0.7470],
        [0.1091, 0.8732, 0.5547],
        [0.03815, 0.5743, 0.8828],
    ]
)
_NARROW_6 = np.array(
    [
        [10.0, 3.0, 17.0, 3.5, 1.7, 8.0],
        [0.05, 10.0, 17.0, 0.1, 8.0, 14.0],
        [3.0, 3.5, 1.7, 10.0, 17.0, 8.0],
        [17.0, 8.0, 0.05, 10.0, 0.1, 14.0],
    ]
)
_PLACES_6 = np.array(
    [
        [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
        [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
        [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
        [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
    ]
)
