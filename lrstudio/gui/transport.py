"""The play-head's place in the tool bar: a slider along the run, the step, the speed."""

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QStyle,
    QWidget,
)

from lrstudio.core.epochs import epoch_at
from lrstudio.gui import theme
from lrstudio.gui.play_head import SPEEDS, PlayHead

_LARGEST = 2**31 - 1
_HANDLE = 12
"""Width of the handle in the style sheet, borders included."""


class Scrubber(QSlider):
    """Goes where it is clicked, and keeps hold of the handle from there."""

    play_asked = Signal()

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName("scrubber")
        self.setAccessibleName("Step")
        self.setToolTip("Click or drag to look at another step; Space plays")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            room = self.width() - _HANDLE
            place = round(event.position().x() - _HANDLE / 2)
            value = QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), place, room)
            self.setSliderPosition(value)
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self.play_asked.emit()
        else:
            super().keyPressEvent(event)


class Transport(QWidget):
    """Scrubs through a run and says where the play-head stands."""

    def __init__(self, play_head: PlayHead, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._play_head = play_head
        self.slider = Scrubber()
        self.slider.setRange(0, 0)
        self.label = QLabel(objectName="step_label", alignment=Qt.AlignmentFlag.AlignCenter)
        self.label.setFont(theme.tabular_font())
        self.speed = QComboBox(objectName="speed", toolTip="Playing speed: 1× takes eight seconds")
        self.speed.setAccessibleName("Playing speed")
        for value in SPEEDS:
            self.speed.addItem(f"{value:g}×", value)
        self.speed.setCurrentIndex(SPEEDS.index(1.0))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.SPACING // 2, 0, theme.SPACING // 2, 0)
        layout.setSpacing(theme.SPACING)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.label)
        layout.addWidget(self.speed)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._connect()
        self._show()

    def sizeHint(self) -> QSize:
        return QSize(420, super().sizeHint().height())

    def on_slider_moved(self, step: int) -> None:
        """The user scrubs."""
        self._play_head.go_to(step)

    def on_speed_activated(self, index: int) -> None:
        """Another speed was chosen."""
        self._play_head.set_speed(self.speed.itemData(index))

    def on_play_head_moved(self, step: int) -> None:
        """Follow the play-head."""
        self._show()

    def on_range_changed(self) -> None:
        """The run has another length."""
        self._show()

    def _connect(self) -> None:
        self.slider.valueChanged.connect(self.on_slider_moved)
        self.slider.play_asked.connect(self._play_head.toggle)
        self.speed.activated.connect(self.on_speed_activated)
        self._play_head.moved.connect(self.on_play_head_moved)
        self._play_head.range_changed.connect(self.on_range_changed)

    def _show(self) -> None:
        head = self._play_head
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, min(head.end, _LARGEST))
            self.slider.setPageStep(max(1, head.end // 20))
            self.slider.setValue(head.step)
        self.slider.setEnabled(head.end > 0)
        widest = _place(head.end, head.end, head.steps_per_epoch)
        # A label rounds the width of its text up.
        width = QFontMetrics(self.label.font()).horizontalAdvance(widest) + 1
        self.label.setMinimumWidth(width)
        self.label.setText(_place(head.step, head.end, head.steps_per_epoch))


def _place(step: int, end: int, steps_per_epoch: int | None) -> str:
    """`step 212 / 1,000`, and the epoch where there are any: `· epoch 5.3`."""
    place = f"step {step:,} / {end:,}"
    return f"{place} · epoch {epoch_at(step, steps_per_epoch)}" if steps_per_epoch else place
