"""One start point as a row: a number field per coordinate, or one line for many coordinates."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from lrstudio.core import Parameter, Problem
from lrstudio.core.problem import Point
from lrstudio.gui import theme
from lrstudio.gui.number_field import ErrorLine, NumberField
from lrstudio.gui.panel_parts import INDENT, small_button
from lrstudio.gui.point_line import PointLine

MOST_FIELDS = 2
"""With more coordinates than this a start is typed as one line."""

_LARGEST = 1e300


def coordinate(problem: Problem, axis: int) -> Parameter:
    """One coordinate of a start as something that a number field can edit."""
    low, high = problem.domain[axis]
    name = problem.coordinates[axis]
    return Parameter(
        name=name,
        kind="real",
        default=problem.start[axis],
        symbol=name,
        label=f"Start {name}",
        help=f"Coordinate {name} of the start point.",
        minimum=-_LARGEST,
        maximum=_LARGEST,
        low=low,
        high=high,
    )


class StartRow(QWidget):
    """The number of a start, its coordinates, and a button that removes it."""

    edited = Signal(int, object, bool)
    """Number of the start, its point, and whether the gesture still goes on."""
    remove_asked = Signal(int)

    def __init__(self, number: int, problem: Problem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(INDENT, 0, 0, 0)
        self._grid.setHorizontalSpacing(4)
        self._grid.setVerticalSpacing(1)
        self._fields: tuple[NumberField, ...] = ()
        self._line: PointLine | None = None
        if problem.dim <= MOST_FIELDS:
            self._fields = tuple(self._add_field(problem, axis) for axis in range(problem.dim))
        else:
            self._line = self._add_line(problem)
        self._remove = small_button(
            f"remove_start_{number}", "", "x", f"Remove start point {number + 1}"
        )
        self._remove.setProperty("role", "help")
        self._remove.setFixedSize(16, 16)
        self._remove.setIconSize(QSize(12, 12))
        keeps_its_place = self._remove.sizePolicy()
        keeps_its_place.setRetainSizeWhenHidden(True)
        self._remove.setSizePolicy(keeps_its_place)
        self._remove.clicked.connect(self.on_remove_clicked)
        self._grid.addWidget(self._remove, 0, 2 * MOST_FIELDS)

    def show_point(self, point: Point, is_removable: bool) -> None:
        """Show where the start is; what is half typed stays where the point is the same."""
        for field, value in zip(self._fields, point, strict=False):
            field.set_value(value)
        if self._line is not None:
            self._line.set_point(point)
        self._remove.setVisible(is_removable)

    def on_field_edited(self, value: float) -> None:
        """A coordinate was typed or stepped; more may follow."""
        self.edited.emit(self._number, self._typed_point(), True)

    def on_field_committed(self, value: float) -> None:
        """A coordinate stays."""
        self.edited.emit(self._number, self._typed_point(), False)

    def on_line_edited(self, point: Point, is_going_on: bool) -> None:
        """Another point was typed, or the last one stays."""
        self.edited.emit(self._number, point, is_going_on)

    def on_remove_clicked(self) -> None:
        """The cross was clicked."""
        self.remove_asked.emit(self._number)

    def _typed_point(self) -> Point:
        return tuple(field.value() for field in self._fields)

    def _add_field(self, problem: Problem, axis: int) -> NumberField:
        parameter = coordinate(problem, axis)
        label = QLabel(parameter.symbol)
        label.setFont(theme.symbol_font())
        field = NumberField(parameter, self)
        field.setObjectName(f"start_{self._number}_{parameter.name}")
        field.setMinimumWidth(56)
        field.setAccessibleName(f"Start point {self._number + 1}, {parameter.name}")
        label.setBuddy(field)
        self._grid.addWidget(label, 0, 2 * axis)
        columns = 1 if problem.dim > 1 else 2 * MOST_FIELDS - 1
        self._grid.addWidget(field, 0, 2 * axis + 1, 1, columns)
        self._grid.addWidget(ErrorLine(field, self), 1 + axis, 0, 1, 2 * MOST_FIELDS + 1)
        field.value_changed.connect(self.on_field_edited)
        field.committed.connect(self.on_field_committed)
        return field

    def _add_line(self, problem: Problem) -> PointLine:
        line = PointLine(coordinate(problem, 0), problem.dim, self)
        line.setObjectName(f"start_{self._number}")
        line.setAccessibleName(f"Start point {self._number + 1}")
        self._grid.addWidget(line, 0, 0, 1, 2 * MOST_FIELDS)
        self._grid.addWidget(line.complaint, 1, 0, 1, 2 * MOST_FIELDS + 1)
        line.edited.connect(self.on_line_edited)
        return line
