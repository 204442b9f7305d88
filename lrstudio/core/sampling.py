"""Problems whose gradient comes from a few examples at a time."""

from typing import Literal, NamedTuple

Order = Literal["shuffled", "replacement", "in_order", "full"]


class Sampling(NamedTuple):
    """How each step draws from the examples of a problem.

    * `shuffled`: every epoch goes through all examples in an order of its own;
    * `replacement`: every batch is drawn anew from all of them;
    * `in_order`: every epoch goes through them as they stand;
    * `full`: every batch holds all of them.
    """

    examples: int
    batch_size: int
    order: Order

    @property
    def most_at_once(self) -> int:
        """Examples that a step looks at."""
        return self.examples if self.order == "full" else min(self.batch_size, self.examples)

    @property
    def steps_per_epoch(self) -> int:
        """Steps in which every example is met once; the last batch of an epoch may be smaller."""
        return -(-self.examples // self.most_at_once)


class Metric(NamedTuple):
    """What is measured of a model now and then, besides the loss of the batch."""

    id: str
    title: str
    symbol: str
    is_loss: bool = False
    """Whether it is a loss, which has no upper bound; else it is at most 1."""
