"""Signs on a landscape: minima, starts, where the runs are, and where they have gone to."""

import math
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from lrstudio.gui import theme
from lrstudio.gui.plots.frame import Frame
from lrstudio.gui.plots.pyqtgraph_parts import ViewBox

Kind = Literal["star", "small_star", "start", "head", "point", "cross", "arrow"]

_SIZES: dict[Kind, float] = {
    "star": 8.5,
    "small_star": 5.5,
    "start": 6.5,
    "head": 5.0,
    "point": 5.0,
    "cross": 4.5,
    "arrow": 15.0,
}
_EDGE = 2.0
_APART = 14.0


class Sign(Struct, frozen=True):
    """One sign at a pixel; an arrow points along `angle` (radians, clockwise from the right)."""

    kind: Kind
    x: float
    y: float
    colour: str
    tip: str = ""
    angle: float = 0.0
    scale: float = 1.0

    @property
    def size(self) -> float:
        """Half of its extent in pixels."""
        return _SIZES[self.kind] * self.scale

    @property
    def reach(self) -> float:
        """How far from its middle it can be pointed at, in pixels."""
        return self.size + 5.0


def arrow_towards(sign: Sign, frame: Frame) -> Sign:
    """An arrow at the edge of the picture, in the direction of a place outside."""
    centre_x, centre_y = frame.width / 2, frame.height / 2
    across, down = sign.x - centre_x, sign.y - centre_y
    share = min(
        centre_x / abs(across) if across else math.inf,
        centre_y / abs(down) if down else math.inf,
    )
    x, y = centre_x + across * share, centre_y + down * share
    return replace(sign, kind="arrow", x=x, y=y, angle=math.atan2(down, across))


def set_apart(arrow: Sign, frame: Frame, others: Sequence[Sign]) -> Sign:
    """The arrow a little inside of the edge, beside the arrows that are there already."""
    x = min(max(arrow.x, _EDGE), frame.width - _EDGE)
    y = min(max(arrow.y, _EDGE), frame.height - _EDGE)
    is_at_side = x in {_EDGE, frame.width - _EDGE}
    middle = frame.height / 2 if is_at_side else frame.width / 2
    step = _APART if (y if is_at_side else x) < middle else -_APART
    while any(math.hypot(x - other.x, y - other.y) < _APART - 1 for other in others):
        x, y = (x, y + step) if is_at_side else (x + step, y)
    return replace(arrow, x=x, y=y)


class SignsItem(QGraphicsObject):
    """Draws signs over everything else."""

    def __init__(self, view: ViewBox) -> None:
        super().__init__(view)
        self._view = view
        self._signs: Sequence[Sign] = ()
        self.setZValue(20)

    @property
    def signs(self) -> Sequence[Sign]:
        """What is drawn, the topmost last."""
        return self._signs

    def show_signs(self, signs: Sequence[Sign]) -> None:
        """Draw these signs; one that has no place, for want of a finite loss, is left out."""
        self._signs = [s for s in signs if math.isfinite(s.x) and math.isfinite(s.y)]
        self.update()

    def nearest(self, position: QPointF, kinds: Sequence[Kind] = ()) -> Sign | None:
        """The sign that is pointed at."""
        near = [
            (math.hypot(sign.x - position.x(), sign.y - position.y()), sign)
            for sign in self._signs
            if not kinds or sign.kind in kinds
        ]
        within = [pair for pair in near if pair[0] <= pair[1].reach]
        return min(within, key=_distance)[1] if within else None

    def boundingRect(self) -> QRectF:
        return self._view.rect()

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self._view.rect())
        for sign in self._signs:
            _paint(painter, sign)


def _distance(pair: tuple[float, Sign]) -> float:
    return pair[0]


def _paint(painter: QPainter, sign: Sign) -> None:
    colour, ground = QColor(sign.colour), QColor(theme.current().background)
    centre, size = QPointF(sign.x, sign.y), sign.size
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if sign.kind == "head":
        painter.setPen(QPen(ground, 1.6))
        painter.setBrush(colour)
        painter.drawEllipse(centre, size, size)
    elif sign.kind in {"start", "point"}:
        _paint_ring(painter, centre, size, colour, ground, is_bold=sign.kind == "start")
    elif sign.kind == "cross":
        for pen in (QPen(ground, 5.0), QPen(colour, 2.4)):
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLine(centre + QPointF(-size, -size), centre + QPointF(size, size))
            painter.drawLine(centre + QPointF(-size, size), centre + QPointF(size, -size))
    elif sign.kind == "arrow":
        painter.setPen(QPen(ground, 1.4))
        painter.setBrush(colour)
        painter.drawPolygon(_arrow(centre, sign.angle, size))
    else:
        painter.setPen(QPen(ground if sign.kind == "star" else colour, 1.3))
        painter.setBrush(colour if sign.kind == "star" else ground)
        painter.drawPolygon(_star(centre, size))


def _paint_ring(
    painter: QPainter,
    centre: QPointF,
    size: float,
    colour: QColor,
    ground: QColor,
    *,
    is_bold: bool,
) -> None:
    width = 2.2 if is_bold else 1.8
    painter.setPen(QPen(ground, width + 2.4))
    painter.drawEllipse(centre, size, size)
    painter.setPen(QPen(colour, width))
    painter.drawEllipse(centre, size, size)


def _star(centre: QPointF, radius: float) -> QPolygonF:
    points = []
    for k in range(10):
        turn = math.pi * (k / 5 - 0.5)
        reach = radius * (0.42 if k % 2 else 1.0)
        points.append(centre + QPointF(math.cos(turn), math.sin(turn)) * reach)
    return QPolygonF(points)


def _arrow(tip: QPointF, angle: float, size: float) -> QPolygonF:
    along = QPointF(math.cos(angle), math.sin(angle))
    across = QPointF(-along.y(), along.x())
    back = tip - along * size
    notch = back + along * (size * 0.28)
    wing = across * (size * 0.45)
    return QPolygonF([tip, back + wing, notch, back - wing])
