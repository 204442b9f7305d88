"""A CSV file is looked at, corrected and taken, or refused calmly."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QPushButton,
    QTableView,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from lrstudio.core.datasets.own import OwnTable
from lrstudio.gui.csv_dialog import CsvDialog
from lrstudio.gui.csv_preview import MOST_ROWS
from lrstudio.storage import own_tables

FLOWERS = (
    "länge;breite;ort;art\n5,1;3,5;n;a\n4,9;3;s;b\n7;;s;a\n6,4;3,2;n;b\n6;3;s;a\n5,5;3,1;n;b\n"
)


class Look:
    """A dialog on a file, driven as a person would."""

    def __init__(self, qtbot: QtBot, path: Path, before: OwnTable | None = None) -> None:
        self.qtbot = qtbot
        self.dialog = CsvDialog(path, before)
        self.dialog.show()
        self.wait()

    def wait(self) -> None:
        self.qtbot.waitUntil(lambda: self.message != "Reading…")

    @property
    def message(self) -> str:
        return self.dialog.findChild(QLabel, "csv_message").text()

    @property
    def accept(self) -> QPushButton:
        box = self.dialog.findChild(QDialogButtonBox)
        return box.button(QDialogButtonBox.StandardButton.Ok)

    def box(self, name: str) -> QComboBox:
        return self.dialog.findChild(QComboBox, f"csv_{name}")

    def choose(self, name: str, text: str) -> None:
        """Choose an entry with the keyboard."""
        box = self.box(name)
        row = next(i for i in range(box.count()) if box.itemText(i).startswith(text))
        box.setFocus()
        while box.currentIndex() != row:
            key = Qt.Key.Key_Down if box.currentIndex() < row else Qt.Key.Key_Up
            self.qtbot.keyClick(box, key)
        self.wait()

    def tick(self, name: str) -> None:
        features = self.dialog.findChild(QListWidget, "csv_features")
        item = next(
            features.item(row)
            for row in range(features.count())
            if features.item(row).text().startswith(name)
        )
        is_ticked = item.checkState() == Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if is_ticked else Qt.CheckState.Checked)

    def headers(self) -> list[str]:
        model = self.dialog.findChild(QTableView, "csv_preview").model()
        return [
            model.headerData(i, Qt.Orientation.Horizontal).replace("\n", ": ")
            for i in range(model.columnCount())
        ]

    def take(self) -> OwnTable:
        self.qtbot.mouseClick(self.accept, Qt.MouseButton.LeftButton)
        assert self.dialog.table is not None, self.message
        return self.dialog.table


@pytest.fixture
def look(qtbot: QtBot, tmp_path: Path) -> Iterator[object]:
    looks: list[Look] = []

    def at(content: str | bytes, name: str = "flowers.csv", before: OwnTable | None = None):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        looks.append(Look(qtbot, path, before))
        return looks[-1]

    yield at
    for one in looks:
        one.dialog.reject()
        one.dialog.deleteLater()


def test_what_was_recognised_is_shown_before_it_is_taken(look):
    seen = look(FLOWERS.replace(";;", ";1;"))
    shown = {n: seen.box(n).itemText(0) for n in ("encoding", "separator", "decimal", "has_header")}
    assert shown == {
        "encoding": "Recognised: UTF-8",
        "separator": "Recognised: Semicolon",
        "decimal": "Recognised: Comma  1,5",
        "has_header": "Recognised: Column names",
    }
    assert seen.headers() == [
        "länge: number",
        "breite: number",
        "ort: 2 categories",
        "art: 2 categories",
    ]
    model = seen.dialog.findChild(QTableView, "csv_preview").model()
    assert model.data(model.index(0, 0)) == "5.1"
    assert model.headerData(0, Qt.Orientation.Vertical) == "2"  # the line in the file
    assert seen.message == "6 examples with 4 features from 3 columns."
    told = seen.dialog.findChild(QLabel, "csv_told").text()
    assert told.endswith("At most 50 MB, 1,000,000 rows, 1,000 columns and 10,000,000 cells.")
    table = seen.take()
    assert table.features == ("länge", "breite", "ort")
    assert (table.target, table.path) == ("art", None)


def test_a_gap_is_named_until_such_rows_are_dropped(look):
    seen = look(FLOWERS)
    assert seen.message.startswith("Line 4, column 'breite': the value is missing")
    assert not seen.accept.isEnabled()
    seen.choose("missing", "Drop")
    assert (
        seen.message == "5 examples with 4 features from 3 columns. 1 row left out: values missing."
    )
    table = seen.take().table()
    assert (table.examples, table.columns) == (5, 4)


def test_another_separator_is_tried_and_taken_back(look):
    seen = look("a,b;c\n1,2;3\n4,5;6\n")
    assert seen.accept.isEnabled()
    first = seen.headers()
    seen.choose("separator", "Tab")
    assert len(seen.headers()) == 1
    assert not seen.accept.isEnabled()
    seen.choose("separator", "Recognised")
    assert seen.headers() == first
    assert seen.accept.isEnabled()


def test_what_cannot_be_read_is_told_with_its_line(look):
    seen = look("a,b,c\n1,2,3\n4,5\n6,7,8\n")
    assert seen.message == (
        "Expected 3 cells in each line (separated by comma), but line 3 has 2; correct these "
        "lines or choose another separator."
    )
    assert not seen.accept.isEnabled()
    assert seen.headers() == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(9), "It is a PNG picture, not a table of text."),
        (b"PK\x03\x04 xl/workbook.xml", "It is an Excel workbook; export the sheet as CSV."),
        (b"", "It is empty."),
    ],
)
def test_what_is_no_table_is_told(look, content, words):
    seen = look(content)
    assert seen.message == words
    assert not seen.accept.isEnabled()


def test_a_file_that_is_gone_is_told(qtbot, tmp_path):
    seen = Look(qtbot, tmp_path / "gone.csv")
    assert "it does not exist; check the path." in seen.message
    seen.dialog.reject()
    seen.dialog.deleteLater()


def test_an_open_question_has_to_be_decided(look):
    seen = look("x;y;z\n1.000;2;a\n2.000;3;b\n")
    assert "'1.000' may be 1000" in seen.message
    assert not seen.accept.isEnabled()
    seen.choose("decimal", "Comma")
    assert seen.message.startswith("Line 2, column 'x': '1.000' may have marks between the")
    seen.choose("decimal", "Point")
    assert seen.accept.isEnabled()
    assert seen.take().table().features.tolist() == [[1, 2], [2, 3]]


def test_target_and_features_are_chosen(look):
    seen = look(FLOWERS.replace(";;", ";1;"))
    seen.choose("target", "länge")
    assert seen.box("target_kind").currentText() == "A quantity"
    seen.tick("ort")
    table = seen.take()
    assert (table.target, table.target_is_class) == ("länge", False)
    assert table.features == ("breite", "art")
    assert table.table().feature_names == ("breite", "art=a", "art=b")


def test_whole_numbers_may_be_a_class_or_a_quantity(look):
    seen = look("x,y\n0.5,3\n1.5,1\n2.5,3\n")
    assert seen.box("target_kind").currentText() == "A class"
    assert seen.take().table().classes == ("1", "3")
    seen = look("x,y\n0.5,3\n1.5,1\n2.5,3\n")
    seen.choose("target_kind", "A quantity")
    assert seen.take().table().classes == ()


def test_all_features_can_be_cleared_and_ticked(look, qtbot):
    seen = look("a,b,name,y\n" + "".join(f"{i},{i}.5,n{i},{i % 2}\n" for i in range(150)))
    assert "Nothing can be learnt from name." in seen.message
    button = seen.dialog.findChild(QToolButton, "csv_none")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert seen.message.startswith("No feature is chosen")
    qtbot.mouseClick(seen.dialog.findChild(QToolButton, "csv_all"), Qt.MouseButton.LeftButton)
    assert seen.take().features == ("a", "b")


def test_only_the_first_rows_are_shown(look):
    seen = look("x,y\n" + "1.5,2.5\n3.5,1.5\n" * 200)
    assert seen.dialog.findChild(QTableView, "csv_preview").model().rowCount() == MOST_ROWS


def test_a_table_may_stay_in_its_file(look, tmp_path):
    seen = look("x,y\n0.5,1.5\n1.5,2.5\n3,4.5\n")
    seen.choose("store", "In its file")
    table = seen.take()
    assert (table.path, table.content) == (str(tmp_path / "flowers.csv"), None)
    assert table.table().examples == 3


def test_a_table_that_is_too_large_stays_in_its_file(look, monkeypatch):
    monkeypatch.setattr(own_tables, "MOST_STORED", 10)
    seen = look("x,y\n0.5,1.5\n1.5,2.5\n3,4.5\n")
    assert not seen.box("store").isEnabled()
    assert seen.take().path is not None


def test_a_file_that_is_found_again_is_read_as_before(look, tmp_path):
    seen = look("x;y;z\n1.000;2;3\n2.000;3;5\n")
    seen.choose("decimal", "Point")
    seen.choose("target", "x")
    seen.choose("store", "In its file")
    before = seen.take()
    again = look("x;y;z\n1.000;2;3\n2.000;3;5\n4.000;3;5\n", before=before)
    after = again.take()
    assert (after.choice, after.reading) == (before.choice, before.reading)
    assert after.checksum != before.checksum


def test_a_dialog_closes_while_it_reads(qtbot, tmp_path):
    path = tmp_path / "large.csv"
    path.write_bytes(b"1.5,2.5,3.5\n" * 400_000)
    dialog = CsvDialog(path)
    dialog.show()
    assert dialog.findChild(QLabel, "csv_message").text() == "Reading…"
    dialog.reject()
    dialog.deleteLater()


def test_names_and_cells_are_plain_text(look):
    seen = look("<b>x</b>,y,<img src=x>\n<i>1</i>,2,3\na,3,5\n")
    assert seen.headers()[0] == "<b>x</b>: 2 categories"
    for name in ("csv_message", "csv_told"):
        assert seen.dialog.findChild(QLabel, name).textFormat() == Qt.TextFormat.PlainText


def test_whether_the_first_line_names_the_columns_has_to_be_decided(look):
    seen = look("2019,2020,kind\n1,2,a\n3,4,b\n5,6,b\n7,8,a\n")
    assert "'kind' stands in no other line" in seen.message
    assert not seen.accept.isEnabled()
    seen.choose("has_header", "Column names")
    assert seen.accept.isEnabled()
    assert seen.take().table().examples == 4


def test_one_of_a_thing_is_not_called_several(look):
    seen = look("x,y,kind\n-0.25,1,a\n2,3,a\n")
    assert seen.headers()[-1] == "kind: 1 category"
    seen.choose("target", "y")
    seen.tick("kind")
    assert seen.message.startswith("2 examples with 1 feature.")
    model = seen.dialog.findChild(QTableView, "csv_preview").model()
    assert model.data(model.index(0, 0)) == "−0.25"
