"""Array types. Coordinates come first, lanes last: `(dim,)` is one point, `(dim, lanes)` many."""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
# What a rule sees: an array, or a stand-in that notes the operations done to it.
ArrayLike = Any
