"""A small live picture of the learning rate over the run."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from lrstudio.core.arrays import Array
from lrstudio.engine import Contender
from lrstudio.gui import theme
from lrstudio.gui.parameter_texts import wrapped
from lrstudio.gui.rate_curve import columns, rate_curve
from lrstudio.storage.ticks import number

_HEIGHT = 76
_MARGIN = 5.0
_GAP = 6.0
_LISTENING = "as long as no loss changes it. The plot of the learning rate shows that of each run"


class RatePreview(QWidget):
    """Learning rate × schedule in the contender's colour, with least, largest and zero."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rate_preview")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._contender: Contender | None = None
        self._steps = 1
        self._step: int | None = None
        self._at: Array = np.zeros(1)
        self._rates: Array = np.zeros(1)
        theme.notifier.changed.connect(self.update)

    def show_contender(self, contender: Contender, steps: int) -> None:
        """Show the rate of another contender, or over a run of another length."""
        if contender is self._contender and steps == self._steps:
            return
        self._contender, self._steps = contender, steps
        self._at, self._rates = rate_curve(contender.optimizer.lr, contender.schedule, steps)
        self.setToolTip(wrapped(self._told(contender)))
        self.setAccessibleName(self.toolTip())
        self.update()

    def set_step(self, step: int | None) -> None:
        """Mark the play-head's step; None marks nothing."""
        if step != self._step:
            self._step = step
            self.update()

    def rate_at(self, step: int) -> float:
        """The rate of the update that leaves `step`; at the end, that of the last update."""
        row = min(int(np.searchsorted(self._at, step)), len(self._rates) - 1)
        return float(self._rates[row])

    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.tabular_font(theme.small_font()))
        line = QFontMetricsF(painter.font()).height()
        field = QRectF(self.rect())
        painter.fillRect(field, QColor(theme.current().background))
        painter.setPen(QColor(theme.current().border))
        painter.drawRect(field.adjusted(0, 0, -1, -1))
        plot = field.adjusted(_MARGIN, line + 4, -_MARGIN, -line - 2)
        self._draw_words(painter, field.adjusted(_MARGIN, 2, -_MARGIN, -1))
        self._draw_curve(painter, plot)
        painter.end()

    def _told(self, contender: Contender) -> str:
        low, high = self._rates.min(), self._rates.max()
        words = f"from {self._rates[0]:.3g} to {self._rates[-1]:.3g}"
        told = (
            f"Learning rate of {contender.name} over {self._steps} steps: {words}, "
            f"least {low:.3g}, largest {high:.3g}"
        )
        return f"{told}, {_LISTENING}" if contender.schedule.listens else told

    def _draw_words(self, painter: QPainter, room: QRectF) -> None:
        flag = Qt.AlignmentFlag
        painter.setPen(QColor(theme.current().muted))
        low, high = self._rates.min(), self._rates.max()
        most, least = f"max {high:.3g}", f"min {low:.3g}"
        painter.drawText(room, flag.AlignLeft | flag.AlignTop, most)
        painter.drawText(room, flag.AlignRight | flag.AlignTop, least)
        painter.drawText(room, flag.AlignLeft | flag.AlignBottom, "0")
        painter.drawText(room, flag.AlignRight | flag.AlignBottom, number(self._steps, 0))
        if self._is_listening():
            painter.drawText(room, flag.AlignHCenter | flag.AlignBottom, "depends on the loss")
        width = QFontMetricsF(painter.font()).horizontalAdvance
        self._draw_reading(painter, room.adjusted(width(most) + _GAP, 0, -width(least) - _GAP, 0))

    def _draw_reading(self, painter: QPainter, room: QRectF) -> None:
        """The rate at the play-head, as near above it as the words beside it leave room."""
        if self._step is None or self._is_listening():
            return
        words = f"η {self.rate_at(self._step):.3g}"
        width = QFontMetricsF(painter.font()).horizontalAdvance(words) + 1
        if width > room.width():
            return
        left = min(max(self._x_of(self._step) - width / 2, room.left()), room.right() - width)
        painter.setPen(QColor(theme.current().text))
        place = QRectF(left, room.top(), width, room.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, words)

    def _is_listening(self) -> bool:
        return self._contender is not None and self._contender.schedule.listens

    def _x_of(self, step: int) -> float:
        across = self.width() - 2 * _MARGIN
        return _MARGIN + across * min(step / max(self._steps - 1, 1), 1.0)

    def _draw_curve(self, painter: QPainter, plot: QRectF) -> None:
        top = float(self._rates.max()) or 1.0
        zero = QPen(QColor(theme.current().axis), 1.0)
        zero.setDashPattern([3.0, 3.0])
        painter.setPen(zero)
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        if self._step is not None:
            x = self._x_of(self._step)
            painter.setPen(QPen(QColor(theme.current().accent), 1.0))
            painter.drawLine(QPointF(x, plot.top() - 2), QPointF(x, plot.bottom()))
        x, rates = columns(self._at, self._rates, self._steps, max(round(plot.width()), 1))
        if len(x) == 1:  # a run of one step is a level line
            x, rates = np.array([0.0, 1.0]), np.repeat(rates, 2)
        across = (plot.left() + plot.width() * x).tolist()
        up = (plot.bottom() - plot.height() * rates / top).tolist()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        slot = self._contender.colour if self._contender else 0
        painter.setPen(theme.pen_for(slot, width=1.5))
        painter.drawPolyline(QPolygonF([QPointF(*p) for p in zip(across, up, strict=True)]))
