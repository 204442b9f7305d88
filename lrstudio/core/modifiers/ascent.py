"""Going up instead of down."""

from types import SimpleNamespace
from typing import Any

from lrstudio.core.arrays import ArrayLike
from lrstudio.core.modifier import Inner, Modifier


class Ascent(Modifier, tag="ascent", frozen=True, kw_only=True):
    """Ascent: the function is climbed instead of descended.

    g ← −g

    `maximize=True` in `torch.optim`, 2.13; Optax's bare transformations, 0.2.8, whose steps go up
    until a learning rate turns them.
    """

    @staticmethod
    def step(
        inner: Inner, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        return inner(-g)
