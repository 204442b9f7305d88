"""An optimum that moves: the function met at step t is f(x − c), with c changing from step to step.

Runs are measured by the function as it stands at their step. A domain that confines runs moves as
well.
"""

from typing import Annotated

import numpy as np

from lrstudio.core.arrays import Array, Places
from lrstudio.core.declaration import meta
from lrstudio.core.disturbance import Disturbance, Target

Radius = Annotated[
    float,
    meta(
        "R",
        "Radius",
        "Distance at which the optimum circles.",
        scale="log",
        low=1e-2,
        high=10.0,
        ge=0.0,
        le=1e6,
    ),
]
Turn = Annotated[
    float,
    meta(
        "T",
        "Period",
        "Number of steps that a turn takes.",
        scale="log",
        low=10.0,
        high=10_000.0,
        unit="steps",
        ge=2.0,
        le=1e9,
    ),
]
JumpLength = Annotated[
    float,
    meta(
        "d",
        "Length",
        "How far the optimum jumps.",
        scale="log",
        low=1e-2,
        high=10.0,
        ge=0.0,
        le=1e6,
    ),
]
Rest = Annotated[
    int,
    meta(
        "K",
        "Steps between jumps",
        "Number of steps that the optimum rests.",
        scale="log",
        low=1,
        high=10_000,
        unit="steps",
        ge=1,
        le=100_000_000,
    ),
]
StepOfWalk = Annotated[
    float,
    meta(
        "σ",
        "Speed",
        "Standard deviation of what each coordinate moves in a step.",
        scale="log",
        low=1e-4,
        high=1.0,
        ge=0.0,
        le=1e6,
    ),
]


class CircleDrift(Disturbance, tag="circle_drift", frozen=True, kw_only=True):
    """Circling optimum: it goes round its place, at the same pace all the time.

    c = R (cos 2πt/T, sin 2πt/T, 0, …)

    Symbols: c, where the function has moved to; t, the number of the step, from 0; π, half a turn:
    3.14159.

    Only the first two coordinates move; if there is one, by the cosine. A run that follows is late
    and cuts the corner: gradient descent on a quadratic circles with a smaller radius.

    Angeline, "Tracking Extrema in Dynamic Environments", 1997, Evolutionary Programming VI, pages
    335-345.
    """

    radius: Radius = 1.0
    period: Turn = 200.0

    is_random = False

    @property
    def target(self) -> Target:
        return "offset"

    def draw(self, generator: "np.random.Generator", before: Array, steps: Places) -> Array:
        angle = 2.0 * np.pi * (np.mod(steps, self.period) / self.period)
        place = np.zeros((len(steps), len(before)))
        for column, wave in zip(place.T[:2], (np.cos, np.sin), strict=False):
            column[:] = self.radius * wave(angle)
        return place


class JumpDrift(Disturbance, tag="jump_drift", frozen=True, kw_only=True):
    """Jumping optimum: it rests, then jumps by a fixed length in a random direction.

    c ← c + d u        when t is a multiple of K

    Symbols: c, where the function has moved to, 0 at the start; u, a direction of length 1, drawn
    for each jump, every one as likely; t, the number of the step.

    After each jump a run descends anew: a rate that has run down by then is of no use, and sums of
    squared gradients that only grow hold the steps down.

    Angeline, "Tracking Extrema in Dynamic Environments", 1997, Evolutionary Programming VI, pages
    335-345.
    """

    length: JumpLength = 1.0
    rest: Rest = 200

    @property
    def target(self) -> Target:
        return "offset"

    def draw(self, generator: "np.random.Generator", before: Array, steps: Places) -> Array:
        is_jump = (steps % self.rest == 0) & (steps > 0)
        moves = np.zeros((len(steps), len(before)))
        directions = generator.standard_normal((int(is_jump.sum()), len(before)))
        lengths = np.sqrt(np.square(directions).sum(axis=1, keepdims=True))
        moves[is_jump] = self.length * (directions / lengths)
        return walked(before, moves)


class RandomWalkDrift(Disturbance, tag="random_walk_drift", frozen=True, kw_only=True):
    """Wandering optimum: each coordinate moves by a small random amount at every step.

    cᵢ ← cᵢ + σ ξᵢ

    Symbols: c, where the function has moved to, 0 at the start; ξ, a standard normal number,
    another one for each coordinate and step; i, the number of a coordinate.

    With noise in the gradient there is a best constant rate, which grows with the drift: a smaller
    one is late, a larger one follows the noise. A rate that decays to zero loses the optimum.

    Cutler, Drusvyatskiy & Harchaoui, "Stochastic Optimization under Distributional Drift", 2023,
    arXiv:2108.07356.
    """

    sigma: StepOfWalk = 0.01

    @property
    def target(self) -> Target:
        return "offset"

    def draw(self, generator: "np.random.Generator", before: Array, steps: Places) -> Array:
        moves = self.sigma * generator.standard_normal((len(steps), len(before)))
        moves[steps == 0] = 0.0
        return walked(before, moves)


def walked(before: Array, moves: Array) -> Array:
    """Places `(n, dim)` after each of the `moves` `(n, dim)`, added one by one."""
    places = moves.copy()
    places[:1] += before
    return np.cumsum(places, axis=0, out=places)
