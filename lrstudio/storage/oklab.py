"""Colours between colours, evenly spaced to the eye."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_Reals = NDArray[np.float64]

# Björn Ottosson, "A perceptual color space for image processing", 2020: linear sRGB to cone
# responses, and their cube roots to lightness and two colour axes.
_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def even_ramp(anchors: Sequence[str], count: int) -> NDArray[np.uint8]:
    """`count` colours through the anchors ("#rrggbb"), (count, 3), read-only.

    Neighbours are equally far apart in OKLab wherever the anchors lie.
    """
    lab = _oklab(np.array([list(bytes.fromhex(anchor[1:])) for anchor in anchors]) / 255.0)
    lengths = np.linalg.norm(np.diff(lab, axis=0), axis=1)
    place = np.concatenate(([0.0], np.cumsum(lengths)))
    even = np.linspace(0.0, place[-1], count)
    between = np.stack([np.interp(even, place, axis) for axis in lab.T], axis=1)
    table = np.rint(_srgb(between) * 255).astype(np.uint8)
    table.flags.writeable = False
    return table


def _oklab(rgb: _Reals) -> _Reals:
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    lab: _Reals = np.cbrt(linear @ _CONES.T) @ _LAB.T
    return lab


def _srgb(lab: _Reals) -> _Reals:
    linear = (lab @ np.linalg.inv(_LAB).T) ** 3 @ np.linalg.inv(_CONES).T
    linear = np.clip(linear, 0.0, 1.0)
    gamma = 1.055 * linear ** (1 / 2.4) - 0.055
    return np.where(linear <= 0.0031308, linear * 12.92, gamma)
