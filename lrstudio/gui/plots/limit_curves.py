"""Finely dashed curves that the curves of a plot are compared with, lane by lane."""

from collections.abc import Sequence

from msgspec.structs import replace

from lrstudio.engine import STEPS, Series, Trajectory, XAxis
from lrstudio.gui.plots.curves import CurvesItem
from lrstudio.gui.plots.lane_looks import LaneLook
from lrstudio.gui.plots.pyqtgraph_parts import ViewBox
from lrstudio.gui.plots.series_data import SeriesData, Spans

_DASH = (3.0, 3.0)


class LimitCurves:
    """Shows the limit of a series, where it has one."""

    def __init__(self, view: ViewBox) -> None:
        self._curves = CurvesItem(view)
        self._curves.setZValue(-1)
        self._data: SeriesData | None = None

    def show_limit(self, series: Series | None, trajectory: Trajectory | None) -> None:
        """Take the limit of another series."""
        self._data = None
        self._curves.show_spans(None, False)
        if series is not None and series.limit is not None and trajectory is not None:
            self._data = SeriesData(series.limit, trajectory)

    def set_looks(self, looks: Sequence[LaneLook]) -> None:
        """The looks of the curves themselves."""
        finer = [replace(look, dash=_DASH, is_one_of_many=True) for look in looks]
        self._curves.set_looks(finer)

    def spans(self, first: float, last: float, columns: int, axis: XAxis = STEPS) -> Spans | None:
        """What is known of the limit on a stretch of an axis; `show_spans` draws it."""
        if self._data is None:
            return None
        self._data.refresh()
        return self._data.spans(first, last, columns, axis) if self._data.rows else None

    def show_spans(self, spans: Spans | None, is_logarithmic: bool) -> None:
        """Draw these columns."""
        self._curves.show_spans(spans, is_logarithmic)
