"""The play-head: which step of a recorded run is being looked at.

A view state over a trajectory. It can never change a result, and computing never waits for it.
"""

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal

WHOLE_RUN_SECONDS = 8.0
"""Time that a run of any length takes at speed 1."""
SPEEDS = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
_FRAME_MS = 16


class PlayHead(QObject):
    """A position between step 0 and the end, which plays, pauses and steps."""

    moved = Signal(object)
    """The step it stands at."""
    range_changed = Signal()
    """The length of the run, or how much of it there is, is another one."""
    playing_changed = Signal(bool)
    speed_changed = Signal(float)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._step = 0
        self._wanted = 0
        self._end = 0
        self._reached = 0
        self._steps_per_epoch: int | None = None
        self._follows_end = True
        self._speed = 1.0
        self._from_step = 0.0
        self._clock = QElapsedTimer()
        self._timer = QTimer(self, interval=_FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.on_timer_timeout)

    @property
    def step(self) -> int:
        """Where it stands."""
        return self._step

    @property
    def end(self) -> int:
        """Last step of the run."""
        return self._end

    @property
    def reached(self) -> int:
        """Last step there is so far."""
        return self._reached

    @property
    def steps_per_epoch(self) -> int | None:
        """Steps of an epoch of the run; None where there are no epochs."""
        return self._steps_per_epoch

    @property
    def speed(self) -> float:
        """Multiple of the usual speed."""
        return self._speed

    @property
    def is_playing(self) -> bool:
        """Whether it moves by itself."""
        return self._timer.isActive()

    def set_range(self, end: int, reached: int, steps_per_epoch: int | None = None) -> None:
        """A run of `end` steps of which `reached` are there, and how many make an epoch.

        At its end it stays at the end; elsewhere it waits until a new run has come that far.
        """
        if end == 0:
            self._follows_end = True
        new = (end, reached, steps_per_epoch)
        if new != (self._end, self._reached, self._steps_per_epoch):
            self._end, self._reached, self._steps_per_epoch = new
            self.range_changed.emit()
        self._place(reached if self._follows_end else min(self._wanted, reached))

    def go_to(self, step: int) -> None:
        """Look at a step; beyond what there is, at the last one."""
        step = max(0, min(step, self._reached))
        self._follows_end = step == self._reached and not self.is_playing
        self._wanted = step
        self._restart_clock(step)
        self._place(step)

    def follow_end(self) -> None:
        """Stand at the end of whatever run comes."""
        self.pause()
        self._follows_end = True

    def go_to_start(self) -> None:
        """Look at the start."""
        self.go_to(0)

    def go_to_end(self) -> None:
        """Look at the last step, also of a run that grows."""
        self.pause()
        self.go_to(self._reached)

    def step_forward(self) -> None:
        """One step on."""
        self.pause()
        self.go_to(self._step + 1)

    def step_back(self) -> None:
        """One step back."""
        self.pause()
        self.go_to(self._step - 1)

    def toggle(self) -> None:
        """Play or pause; at the end it plays from the start."""
        if self.is_playing:
            self.pause()
        else:
            self.play()

    def play(self) -> None:
        """Move along the run."""
        if self._reached == 0:
            return
        if self._step >= self._reached:
            self._place(0)
        self._follows_end = False
        self._restart_clock(self._step)
        self._timer.start()
        self.playing_changed.emit(True)

    def pause(self) -> None:
        """Stand still."""
        if self.is_playing:
            self._timer.stop()
            self.playing_changed.emit(False)

    def set_speed(self, speed: float) -> None:
        """Multiple of the usual speed, at which the whole run takes eight seconds."""
        if speed != self._speed:
            self._restart_clock(self._step)
            self._speed = speed
            self.speed_changed.emit(speed)

    def on_timer_timeout(self) -> None:
        """Another frame: move to where the clock says."""
        per_second = self._end / WHOLE_RUN_SECONDS * self._speed
        target = self._from_step + self._clock.elapsed() / 1000 * per_second
        self._place(min(int(target), self._reached))
        if self._step >= self._end:
            self._follows_end = True
            self.pause()

    def _restart_clock(self, step: int) -> None:
        self._from_step = float(step)
        self._clock.restart()

    def _place(self, step: int) -> None:
        if self.is_playing:
            self._wanted = step
        if step != self._step:
            self._step = step
            self.moved.emit(step)
