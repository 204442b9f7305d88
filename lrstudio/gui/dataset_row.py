"""A row whose value is a data set: which one, its own parameters, and files of one's own."""

from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from lrstudio.core import DATASETS, Dataset, Parameter, Refused, identifier
from lrstudio.core.catalogue import catalogue
from lrstudio.core.datasets.own import OwnTable, is_known
from lrstudio.core.epochs import counted
from lrstudio.gui.chooser import RuleChooser
from lrstudio.gui.csv_dialog import ask_for_table
from lrstudio.gui.data_picture import picture_of
from lrstudio.gui.folded_form import FoldedForm
from lrstudio.gui.form_rows import ParameterRow
from lrstudio.gui.kept_pictures import KeptPictures
from lrstudio.gui.panel_parts import note, small_button

_STEP_IN = 6
"""Pixels by which the parameters stand to the right of what they are parameters of."""


class DatasetRow(ParameterRow):
    """A list of data sets and a button for files; below them the parameters of the chosen one."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self._value: Dataset = parameter.default
        self._subject = 0
        pictures = KeptPictures(picture_of)
        self.box = RuleChooser(
            catalogue("datasets"), f"field_{parameter.name}", "Data set", pictures.picture
        )
        pictures.setParent(self.box)
        self._open = small_button("open_csv", "", "folder-open", "Open a CSV file of your own")
        self._columns = small_button(
            "choose_columns", "", "sliders-horizontal", "Choose target and features again"
        )
        self._facts = note()
        self._facts.setObjectName("data_facts")
        self._facts.setContentsMargins(0, 2, 0, 4)
        self._form = FoldedForm("data", kept=2)
        self._form.setProperty("role", "nested")
        self._form.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._form.layout().setContentsMargins(_STEP_IN, 0, 0, 0)
        self._place_below(self._make_choice(), 1)
        self._place_below(self._facts, 2)
        self._place_across(self._form, 3)
        self._name(self.box)
        self._label.setBuddy(self.box)
        self.box.chosen.connect(self.on_chosen)
        self._open.clicked.connect(self.open_file)
        self._columns.clicked.connect(self.choose_columns)
        self._form.edited.connect(self.on_form_edited)

    def show_value(self, value: Dataset, is_other_subject: bool) -> None:
        self._subject += is_other_subject
        self._value = value
        self.box.show_id(identifier(type(value)))
        self.box.setToolTip(self.toolTip())
        with QSignalBlocker(self._form):  # a row of the old data set may lose the focus
            self._form.show_config(value, (type(value), self._subject))
        self._form.setHidden(self._form.is_empty())
        self._facts.setText(facts(value))
        self._columns.setVisible(isinstance(value, OwnTable) and is_known(value))
        self._mark(value)

    def reset(self) -> None:
        self.edited.emit(self.parameter.default, False)

    def on_chosen(self, name: str) -> None:
        """Another data set was chosen; one of one's own is asked for."""
        if DATASETS[name] is OwnTable:
            self.open_file()
        elif DATASETS[name] is not type(self._value):
            self.edited.emit(DATASETS[name](), False)

    def open_file(self) -> None:
        """Ask for a CSV file and take it."""
        table = ask_for_table(self.window())
        if table is not None and table != self._value:
            self.edited.emit(table, False)
        self.box.show_id(identifier(type(self._value)))

    def choose_columns(self) -> None:
        """Choose among the columns of the table at hand."""
        from lrstudio.gui.csv_choice_dialog import chosen_again  # noqa: PLC0415 - not at start

        assert isinstance(self._value, OwnTable)
        table = chosen_again(self.window(), self._value)
        if table is not None and table != self._value:
            self.edited.emit(table, False)

    def on_form_edited(self, name: str, value: Any, is_going_on: bool) -> None:
        """A parameter of the data set was edited."""
        self._value = replace(self._value, **{name: value})
        self._mark(self._value)
        self.edited.emit(self._value, is_going_on)

    def _make_choice(self) -> QWidget:
        choice = QWidget()
        layout = QHBoxLayout(choice)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.box, 1)
        layout.addWidget(self._columns)
        layout.addWidget(self._open)
        self._columns.hide()
        return choice


def facts(data: Dataset) -> str:
    """What a data set holds, in a line; for one's own also which file, and what is told."""
    try:
        table = data.table()
    except Refused as refused:
        return f"{str(refused)[:1].upper()}{str(refused)[1:]}."
    what = counted(len(table.classes), "class") if table.classes else "a quantity"
    features = counted(table.columns, "feature")
    told = f"{counted(table.examples, 'example')}, {features}, {what}"
    if isinstance(data, OwnTable):
        where = "stays in its file" if data.path else "stored here"
        return f"{data.name} ({where})\n{told}: {data.target}"
    return told
