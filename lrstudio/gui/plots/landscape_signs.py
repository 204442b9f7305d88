"""Which signs stand where on a landscape."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from msgspec.structs import replace

from lrstudio.engine import NEVER, Trajectory
from lrstudio.engine.planes import Plane, Point
from lrstudio.engine.trajectory import Integers
from lrstudio.gui import theme
from lrstudio.gui.plots.frame import Frame
from lrstudio.gui.plots.lane_looks import LaneLook
from lrstudio.gui.plots.numbers import readable
from lrstudio.gui.plots.signs import Kind, Sign, arrow_towards, set_apart

_FEW_STARTS = 5
_ONE_OF_MANY = 0.6
"""Size of the signs of a contender with many runs."""


def minima_signs(
    plane: Plane, frame: Frame, shift: tuple[float, float] = (0.0, 0.0)
) -> Iterator[Sign]:
    """Stars at the minima that lie in the picture: filled at global ones, hollow at others.

    `shift` is how far the function has moved in the picture.
    """
    colours = theme.current()
    problem = plane.problem
    found: tuple[tuple[Kind, str, str, Sequence[Point]], ...] = (
        ("small_star", "Local minimum", colours.muted, problem.local_minima),
        ("star", "Global minimum", colours.text, problem.minima),
    )
    how = ", found numerically" if problem.minima_are_found else ""
    for kind, name, colour, points in found:
        for point in plane.on_plane(points):
            home = plane.place(point)
            place = home[0] + shift[0], home[1] + shift[1]
            x, y = pixel(frame, *place)
            where = f"at {point_text(point)}"
            if any(shift):
                where = f"moved to {point_text(place[:1] if plane.is_curve else place)}"
            yield Sign(kind, x, y, colour, f"{name} {where}{how}")


def start_signs(
    plane: Plane, frame: Frame, starts: Sequence[Point], held: Mapping[int, Point], may_move: bool
) -> Iterator[Sign]:
    """Rings at the starts, arrows to those outside; one in the hand is where the mouse has it."""
    hint = ": drag to move" if may_move else ""
    for index, start in enumerate(starts):
        point = held.get(index, start)
        x, y = pixel(frame, *plane.place(point))
        name = f"Start {index + 1}" if len(starts) > 1 else "Start"
        tip = f"{name} at {point_text(point)}{hint}"
        scale = 1.0 if len(starts) <= _FEW_STARTS else 0.7
        sign = Sign("start", x, y, theme.current().text, tip, scale=scale)
        yield sign
        if not (0 <= x <= frame.width and 0 <= y <= frame.height):
            outside = replace(sign, tip=f"{name} at {point_text(point)} is outside of the picture")
            yield set_apart(arrow_towards(outside, frame), frame, ())


def head_signs(
    plane: Plane, frame: Frame, trajectory: Trajectory, looks: Sequence[LaneLook], row: int
) -> Iterator[tuple[int, Sign]]:
    """Where every visible lane is at a row, with its index: a disc, × where it diverged, or an
    arrow towards it if that is outside.
    """
    for lane, (x, y, has_ended) in enumerate(_heads(plane, frame, trajectory, row)):
        look = looks[lane]
        if not look.is_visible or np.isnan(x) or np.isnan(y):
            continue
        who = trajectory.plan.contender(trajectory.plan.lanes[lane]).name
        scale = _ONE_OF_MANY if look.is_one_of_many else 1.0
        ended = f" and diverged at step {trajectory.diverged_at[lane]}" if has_ended else ""
        if 0 <= x <= frame.width and 0 <= y <= frame.height:
            kind: Kind = "cross" if has_ended else "head"
            yield lane, Sign(kind, x, y, look.colour, f"{who}{ended}", scale=scale)
        else:
            tip = f"{who} left the picture{ended}"
            yield lane, arrow_towards(Sign("arrow", x, y, look.colour, tip), frame)


def pointed_signs(
    plane: Plane, frame: Frame, trajectory: Trajectory, looks: Sequence[LaneLook], rows: Integers
) -> Iterator[Sign]:
    """Rings where the lanes were in the rows that the crosshair points at; -1 is nowhere."""
    for lane, (x, y, has_ended) in enumerate(_heads(plane, frame, trajectory, rows.clip(0))):
        is_inside = 0 <= x <= frame.width and 0 <= y <= frame.height
        is_there = looks[lane].is_visible and not has_ended and rows[lane] != NEVER
        if is_there and is_inside:
            scale = _ONE_OF_MANY if looks[lane].is_one_of_many else 1.0
            yield Sign("point", x, y, looks[lane].colour, scale=scale)


def pixel(frame: Frame, x: float, y: float) -> tuple[float, float]:
    """The pixel of a place."""
    return float(frame.x(np.array(x))), float(frame.y(np.array(y)))


def point_text(point: Point) -> str:
    """A point for reading; only the first coordinates of many."""
    shown = [_brief(value) for value in point[:4]]
    return f"({', '.join(shown)}{', …' if len(point) > 4 else ''})"


def _brief(value: float) -> str:
    """A coordinate without zeros at the end of its decimals: 0.5, 100, 1e−10."""
    mantissa, e, exponent = readable(value).partition("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}{e}{exponent}"


def _heads(
    plane: Plane, frame: Frame, trajectory: Trajectory, row: int | Integers
) -> Iterator[tuple[float, float, bool]]:
    """Pixel of every lane at a row (of its own), or at its end, and whether it had ended."""
    diverged_at = trajectory.diverged_at
    last_rows = np.where(diverged_at == NEVER, row, (diverged_at - 1) // trajectory.plan.stride)
    rows = np.clip(np.minimum(last_rows, row), 0, max(trajectory.rows - 1, 0))
    has_ended = (diverged_at != NEVER) & (last_rows < row)
    x, y = plane.at(trajectory, rows)
    yield from zip(frame.x(x).tolist(), frame.y(y).tolist(), has_ended.tolist(), strict=True)
