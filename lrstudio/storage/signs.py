"""The signs that stand at points of a figure: dots, rings, stars, crosses and arrows."""

import math
from collections.abc import Iterator

import numpy as np

from lrstudio.storage.figure import Marker
from lrstudio.storage.geometry import Points
from lrstudio.storage.svg_elements import closed, element, filled, opened, stroke

_HALO = 2.4  # pixels that a halo is wider than the stroke it surrounds
_WIDTH = 2.2


def sign(marker: Marker, x: float, y: float) -> Iterator[str]:
    """SVG elements of a marker at a pixel."""
    radius = marker.size / 2
    if marker.shape == "dot":
        yield filled(_disc(x, y, radius), marker.colour, marker.halo)
    elif marker.shape == "star":
        yield filled(closed(_star(x, y, radius)), marker.colour, marker.halo)
    elif marker.shape == "arrow":
        yield filled(closed(_arrow(x, y, marker)), marker.colour, marker.halo)
    else:
        path = _cross(x, y, radius) if marker.shape == "cross" else _disc(x, y, radius)
        if marker.halo:
            yield stroke(path, marker.halo, _WIDTH + _HALO)
        yield stroke(path, marker.colour, _WIDTH)


def dots(points: Points, colour: str, radius: float) -> str:
    """Many small dots as one element."""
    path = "".join(_disc(float(x), float(y), radius) for x, y in points)
    return element("path", {"d": path, "fill": colour})


def _disc(x: float, y: float, radius: float) -> str:
    r = f"{radius:g}"
    half = f"a{r},{r},0,1,0,"
    return f"M{x - radius:.2f},{y:.2f}{half}{2 * radius:g},0{half}{-2 * radius:g},0Z"


def _cross(x: float, y: float, r: float) -> str:
    rising = np.array([[x - r, y - r], [x + r, y + r]])
    return opened(rising) + opened(rising * (1, -1) + (0, 2 * y))


def _star(x: float, y: float, radius: float) -> Points:
    turn = np.pi * (np.arange(10) / 5 - 0.5)
    reach = radius * np.where(np.arange(10) % 2, 0.42, 1.0)
    return np.stack((x + reach * np.cos(turn), y + reach * np.sin(turn)), axis=1)


def _arrow(x: float, y: float, marker: Marker) -> Points:
    """A triangle whose tip is at the point."""
    turn = math.radians(marker.angle)
    along = np.array([math.cos(turn), -math.sin(turn)])
    aside = np.array([along[1], -along[0]]) * marker.size * 0.5
    tip = np.array([x, y])
    base = tip - along * marker.size
    return np.stack((tip, base + aside, base - aside))
