"""Second derivatives as differences of gradients.

A kink that is passed on the way would count as a curvature that nothing has. Where there are many,
the way is short, so that few lie on it, and one side alone is looked at, the one without a kink.
"""

from collections.abc import Callable

import numpy as np

from lrstudio.core.arrays import Array

WIDTH = float(np.cbrt(np.finfo(float).eps))
"""Half the way for a position of length 1, where rounding and curvature disturb equally little."""
SHORT_WIDTH = 1e-8
"""The same among kinks; rounding leaves eight digits still."""


def among_kinks(behind: Array, here: Array, ahead: Array, width: Array) -> Array:
    """Slopes of gradients `(dim, lanes)`, which are `width` `(lanes,)` apart, on the side on which
    they change less.
    """
    forward, backward = (ahead - here) / width, (here - behind) / width
    is_forward = np.square(forward).sum(axis=0) <= np.square(backward).sum(axis=0)
    return np.where(is_forward, forward, backward)


def central_hessians(
    gradient: Callable[[Array], Array], position: Array, *, has_kinks: bool = False
) -> tuple[Array, int]:
    """Second derivatives `(dim, dim, lanes)` by differences of a gradient, and their cost.

    `gradient(points)` is `(dim, lanes)` at points of that shape; it is asked 2 dim times, and once
    more among kinks.
    """
    spacing = (SHORT_WIDTH if has_kinks else WIDTH) * np.maximum(np.abs(position), 1.0)
    here = gradient(position) if has_kinks else None
    slopes = np.empty((len(position), *position.shape))
    for i in range(len(position)):
        ahead, behind = position.copy(), position.copy()
        ahead[i] += spacing[i]
        behind[i] -= spacing[i]
        after, before, way = gradient(ahead), gradient(behind), ahead[i] - behind[i]
        if here is None:
            slopes[i] = (after - before) / way
        else:
            slopes[i] = among_kinks(before, here, after, way / 2)
    return (slopes + slopes.swapaxes(0, 1)) / 2, 2 * len(position) + has_kinks
