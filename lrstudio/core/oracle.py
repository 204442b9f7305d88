"""What a rule may ask about the function it descends, besides the gradient it is given.

Every answer is counted, lane by lane, so that rules can be compared by what they cost.
"""

from typing import Protocol

from lrstudio.core.arrays import Array, Places


class Oracle(Protocol):
    """Answers at the present step; with a noisy gradient all of them see the same noise."""

    def loss_and_gradient(self, points: Array, where: Places | bool = True) -> tuple[Array, Array]:
        """Loss `(lanes,)` and gradient `(dim, lanes)` at `points` `(dim, lanes)`.

        Only the lanes `where` is true are counted; what the others are told is to be ignored.
        """

    def hessian(self) -> Array:
        """Second derivatives `(dim, dim, lanes)` at the present position."""

    def hessian_diagonal(self) -> Array:
        """Their diagonal `(dim, lanes)`."""
