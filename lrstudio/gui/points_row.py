"""A row for a curve that is drawn by hand: its points as text, and as handles to drag."""

from typing import Any

from PySide6.QtWidgets import QWidget

from lrstudio.core import Parameter
from lrstudio.gui.curve_canvas import CurveCanvas, Points
from lrstudio.gui.form_rows import ListRow


class PointsRow(ListRow):
    """Points of a curve; those over a share of the run are dragged on a canvas as well."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self.canvas: CurveCanvas | None = None
        if parameter.x_maximum == 1:
            self.canvas = CurveCanvas(self)
            self.canvas.setObjectName(f"canvas_{parameter.name}")
            self.canvas.dragged.connect(self.on_dragged)
            self._place_below(self.canvas, 5)

    def show_value(self, value: Points, is_other_subject: bool) -> None:
        super().show_value(value, is_other_subject)
        if self.canvas is not None:
            self.canvas.show_points(value)

    def on_typed(self, value: Any) -> None:
        super().on_typed(value)
        if self.canvas is not None:
            self.canvas.show_points(value)

    def on_dragged(self, points: Points, is_going_on: bool) -> None:
        """A handle was moved, added or removed."""
        self.field.show_value(points)
        self._mark(points)
        self._tell_epochs(points)
        self.edited.emit(points, is_going_on)
