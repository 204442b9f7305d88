"""What is in the window: document, runner, play-head, panels, plots, and who tells whom."""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QLabel, QMainWindow, QWidget

from lrstudio.engine import Experiment, edits
from lrstudio.gui.code_desk import CodeDesk
from lrstudio.gui.collector import Collector
from lrstudio.gui.contenders_panel import ContendersPanel
from lrstudio.gui.display import Display
from lrstudio.gui.document import Document
from lrstudio.gui.exporting import Exporting
from lrstudio.gui.files import Files, fresh_experiment
from lrstudio.gui.layout import FRONT, DockLayout
from lrstudio.gui.menus import Menus
from lrstudio.gui.notes import NotesStrip
from lrstudio.gui.play_head import PlayHead
from lrstudio.gui.plot_deck import PlotDeck
from lrstudio.gui.plots.series_plot import SeriesPlot
from lrstudio.gui.problem_panel import ProblemPanel
from lrstudio.gui.progress import SHOWN_AFTER_SECONDS, RunProgress
from lrstudio.gui.reference_desk import ReferenceDesk
from lrstudio.gui.results_panel import ResultsPanel
from lrstudio.gui.runner import Runner
from lrstudio.gui.same_numbers import same_numbers
from lrstudio.gui.settings import Settings
from lrstudio.gui.type_ahead import TypeAhead
from lrstudio.gui.worker import Job
from lrstudio.resources import ResourceMissing
from lrstudio.storage import experiments
from lrstudio.storage.errors import StorageError


class Studio(QObject):
    """The parts of the window and their connections."""

    def __init__(self, window: QMainWindow, settings: Settings) -> None:
        super().__init__(window)
        self.window = window
        self.settings = settings
        self._has_failed = False
        """Whether the newest run could not be made."""
        self.document = Document(first_experiment(), self)
        self.files = Files(self.document, self.settings, window)
        self.collector = Collector(self)
        self.runner = Runner(self)
        self.play_head = PlayHead(self)
        self.deck = PlotDeck(self, self.runner.gate)
        self.display = Display(self.runner, self.deck, self.play_head, self)
        self.run()  # computes while the rest is built
        self.results = ResultsPanel()
        self.problem = ProblemPanel(self.document)
        self.contenders = ContendersPanel(self.document)
        self.notes = NotesStrip(self.document, self.deck.centre)
        self.deck.put_above(self.notes)
        self.progress = RunProgress()
        self.note = QLabel(objectName="run_note")
        self.exporting = Exporting(self.deck, self.settings, window)
        self.reference = ReferenceDesk(window, settings, (self.contenders, self.problem))
        self.code = CodeDesk(window, settings, self.document, self.contenders)
        window.setCentralWidget(self.deck.centre)
        self.layout = DockLayout(window, self._panels())
        self.layout.set_header("results", self.results.header)
        self.menus = Menus(self)
        self.type_ahead = TypeAhead(self)
        window.statusBar().addPermanentWidget(self.note)
        window.statusBar().addPermanentWidget(self.progress)
        self._connect()
        for name in FRONT:  # the others lie behind tabs
            if name in self.deck.docked:
                self.deck.plot(name)
        self.on_file_changed()
        # Once there is a style sheet, and in most cases a finished run, that widgets adapt to.
        QTimer.singleShot(0, self, self.restore_layout)

    def restore_layout(self) -> None:
        """Put the docks where the user left them."""
        self.layout.restore(self.settings.window()[1])

    def run(self) -> None:
        """Run all enabled contenders."""
        self.runner.request(self.document.experiment)

    def stop(self) -> None:
        """Stop the run; what it has computed stays."""
        self.runner.stop()

    def reset(self) -> None:
        """Clear the run."""
        self.runner.discard()
        self.menus.actions["stop"].setEnabled(False)
        self.progress.show_job(None)
        self.display.clear()
        self.results.show_results(())
        self.note.clear()

    def may_close(self) -> bool:
        """Whether the window may be closed: saved, or given up knowingly."""
        return self.files.may_leave()

    def shut_down(self) -> None:
        """Stop everything and wait, before the window is destroyed."""
        self.play_head.pause()
        self.type_ahead.stop()
        self.reference.close()
        self.code.close()
        self.display.stop()
        self.exporting.shut_down()
        self.runner.shut_down()
        self.document.changed.disconnect(self.on_document_changed)
        self.deck.release()
        self.collector.stop()

    def on_document_changed(self, old: Experiment, new: Experiment) -> None:
        """Another experiment: run it at once in live mode, unless only words differ."""
        if same_numbers(old, new):
            self._relabel(old, new)
        elif self.menus.actions["live"].isChecked():
            self.runner.request(new)
        else:
            self.note.setText("Edited since this run")

    def on_start_moved(self, index: int, point: tuple[float, ...], is_going_on: bool) -> None:
        """A start was moved in the landscape."""
        moved = edits.with_start(self.document.experiment, index, point)
        self.document.edit("Move start", moved, merge_key=f"start {index}")
        if not is_going_on:
            self.document.end_gesture()

    def on_started(self, job: Job) -> None:
        """A run has begun."""
        self._has_failed = False
        self.menus.actions["stop"].setEnabled(True)
        self.note.clear()

    def on_displayed(self, job: Job | None) -> None:
        """Another frame of a run is on the screen, or its end."""
        self.progress.show_job(job)
        if job is None:
            return
        if job.ended_at is None:
            if job.seconds > SHOWN_AFTER_SECONDS:
                self.results.show_running()
            return
        self.menus.actions["stop"].setEnabled(False)
        if not self._has_failed:  # else the reason stands there, and a run before it ends late
            self.results.show_results(job.results)
        self.note.setText(self._run_note(job))

    def on_failed(self, sentence: str) -> None:
        """A run could not be made."""
        self._has_failed = True
        self.menus.actions["stop"].setEnabled(self.runner.is_running)
        self.results.show_failure(sentence)

    def on_plot_made(self, name: str) -> None:
        """A dock has its plot."""
        plot, dock = self.deck.plot(name), self.layout.docks[name]
        self.layout.set_header(name, plot.header)
        if isinstance(plot, SeriesPlot):
            plot.add_menu(self.menus.x_axis)
            # A floating plot is away from the legend and brings its own.
            dock.topLevelChanged.connect(plot.set_legend_visible)
            plot.set_legend_visible(dock.isFloating())

    def on_opened(self) -> None:
        """Another experiment: nothing hidden, nothing highlighted, the play-head at the end."""
        self.deck.forget_choices()
        self.play_head.follow_end()

    def on_file_changed(self) -> None:
        """Another file, or something to save."""
        self.window.setWindowTitle(f"{self.document.title}[*] – LR Studio")
        self.window.setWindowModified(self.document.is_modified)

    def _panels(self) -> dict[str, QWidget]:
        return {
            "problem": self.problem,
            "contenders": self.contenders,
            "results": self.results,
            **self.deck.docked,
        }

    def _connect(self) -> None:
        self.document.changed.connect(self.on_document_changed)
        self.document.opened.connect(self.on_opened)
        self.document.file_changed.connect(self.on_file_changed)
        self.runner.started.connect(self.on_started)
        self.runner.failed.connect(self.on_failed)
        self.display.displayed.connect(self.on_displayed)
        self.deck.start_moved.connect(self.on_start_moved)
        self.contenders.reference_requested.connect(self.reference.open)
        self.problem.reference_requested.connect(self.reference.open)
        self.deck.export_requested.connect(self.exporting.export_picture)
        self.results.selection_changed.connect(self.deck.highlight)
        self.deck.plot_made.connect(self.on_plot_made)
        self.play_head.moved.connect(self.deck.set_step)
        self.play_head.moved.connect(self.contenders.set_step)

    def _relabel(self, old: Experiment, new: Experiment) -> None:
        """The same numbers under other names, or with other words about them."""
        self.display.relabel(new)
        self.runner.relabel(new)
        job = self.display.job
        is_seen = old.contenders != new.contenders
        if is_seen and job is not None and same_numbers(job.plan.experiment, new):
            self.on_displayed(job)

    def _run_note(self, job: Job) -> str:
        trajectory = job.trajectory
        notes = []
        if trajectory.reached < job.plan.experiment.steps and job.plan.lanes:
            notes.append(f"Stopped at step {max(trajectory.reached, 0):,}")
        if job.plan.stride > 1:
            notes.append(f"One in {job.plan.stride} steps recorded, results exact")
        return " · ".join(notes)


def first_experiment() -> Experiment:
    """What is on the screen when the program starts."""
    try:
        return experiments.default()
    except (ResourceMissing, StorageError):  # a damaged installation should still open its window
        return fresh_experiment()
