"""Which examples each step looks at: equal seeds meet equal batches, whatever their neighbours."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lrstudio.core.problem import Rows
from lrstudio.core.sampling import Sampling
from lrstudio.engine.plan import Plan

STREAM = 2
"""Of the random numbers of a lane: batches have a stream of their own."""


class Batches:
    """Numbers of examples for all lanes, step after step."""

    def __init__(self, plan: Plan) -> None:
        sampling = plan.experiment.problem.sampling
        assert sampling is not None
        seeds = [lane.seed for lane in plan.lanes]
        is_drawn = sampling.order in ("shuffled", "replacement")
        known = list(dict.fromkeys(seeds)) if is_drawn else [0]
        self._streams = [stream(sampling, seed) for seed in known]
        self._place_of = np.array([known.index(seed) for seed in seeds]) if is_drawn else None

    def draw(self) -> Rows:
        """The examples of the next step: `(batch,)` where all lanes share them, or of each lane
        `(lanes, batch)`; or all.
        """
        batches = [next(stream) for stream in self._streams]
        if len(batches) == 1:
            return batches[0]
        return np.stack([b for b in batches if isinstance(b, np.ndarray)])[self._place_of]


def stream(sampling: Sampling, seed: int) -> Iterator[Rows]:
    """The batches of one seed, without end."""
    random = np.random.default_rng([seed, STREAM])
    size = min(sampling.batch_size, sampling.examples)
    while True:
        if sampling.order == "full":
            yield slice(None)
        elif sampling.order == "replacement":
            yield random.integers(sampling.examples, size=size)
        else:
            yield from _epoch(sampling, size, random)


def _epoch(
    sampling: Sampling, size: int, random: "np.random.Generator"
) -> Iterator[NDArray[np.intp]]:
    """Every example once; the last batch may be smaller."""
    everything = np.arange(sampling.examples)
    order = random.permutation(everything) if sampling.order == "shuffled" else everything
    for first in range(0, sampling.examples, size):
        yield order[first : first + size]
