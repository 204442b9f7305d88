"""Saving and exporting onto a full disk and into a folder that takes nothing.

The disk is full by the system's own limit on the size of files, which needs no rights. Set
LRSTUDIO_FULL_DISK to a folder on a disk of some 64 kB to have a really full one.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QComboBox, QDialog, QMessageBox
from pytestqt.qtbot import QtBot
from window_driver import Driver, dialog_answered, press

from lrstudio.gui import messages

resource = pytest.importorskip("resource", reason="limits and rights of POSIX")

OK, YES, CANCEL = (getattr(QMessageBox.StandardButton, n) for n in ("Ok", "Yes", "Cancel"))
OLD = b"the old file"
NOBODY = 65534
LIMIT = 10_000
LARGE = "word " * 3900
"""Notes that make an experiment larger than the limit, and are not refused for their length."""


class Disk(NamedTuple):
    folder: Path
    in_trouble: Callable[[], AbstractContextManager[None]]
    sentence: str

    def put_old(self, name: str) -> Path:
        """A file that is there already, where the folder takes one."""
        if os.access(self.folder, os.W_OK):
            (self.folder / name).write_bytes(OLD)
        return self.folder / name


@contextmanager
def limited() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    with (folder / "filler").open("wb", buffering=0) as filler:
        try:
            while filler.write(b"x" * 4096):
                pass
        except OSError:
            yield
    (folder / "filler").unlink()


@contextmanager
def unprivileged() -> Iterator[None]:
    """As somebody to whom rights apply: they do not to root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture(params=["full", "read-only"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    if request.param == "full":
        small = os.environ.get("LRSTUDIO_FULL_DISK")
        if small:
            yield Disk(Path(small), lambda: filled(Path(small)), "the disk is full")
        else:
            yield Disk(tmp_path, limited, "the file is larger than this disk allows")
        return
    # Not in `tmp_path`, which is closed to others.
    folder = Path(tempfile.mkdtemp())
    (folder / "old.lrx").write_bytes(OLD)
    folder.chmod(0o555)
    yield Disk(folder, unprivileged, "permission is denied")
    folder.chmod(0o755)
    shutil.rmtree(folder)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "filler"}


def accept_as(kind: str) -> Callable[[QDialog], None]:
    """Answers the question which pictures are to be exported."""

    def accept(dialog: QDialog) -> None:
        box = dialog.findChild(QComboBox, "format")
        box.setCurrentIndex(box.findData(kind))
        dialog.accept()

    return accept


def is_calm(text: str, disk: Disk) -> bool:
    return text.startswith("Cannot save ") and disk.sentence in text and text.endswith(".")


@pytest.mark.parametrize("action", ["save", "save_as"])
def test_an_experiment_that_cannot_be_saved_stays_open_and_unsaved(
    driver: Driver, choose_file, disk: Disk, action: str
):
    document = driver.studio.document
    file = disk.put_old("race.lrx")
    choose_file(file)
    if action == "save" and os.access(disk.folder, os.W_OK):
        driver.trigger("save_as")
    before = contents(disk.folder)
    path = document.path
    document.edit("Write notes", replace(document.experiment, notes=LARGE))

    with disk.in_trouble(), dialog_answered(press(OK)) as texts:
        driver.trigger(action)
        after = contents(disk.folder)

    assert len(texts) == 1
    assert is_calm(texts[0], disk)
    assert after == before
    assert document.path == path
    assert document.is_modified
    assert document.experiment.notes == LARGE
    assert driver.window.isWindowModified()
    document.undo_stack.setClean()


def test_data_that_cannot_be_exported(driver: Driver, qtbot: QtBot, choose_file, disk: Disk):
    file = disk.put_old("data.csv")
    before = contents(disk.folder)
    choose_file(file)

    with disk.in_trouble(), dialog_answered(press(OK)) as texts:
        driver.trigger("export_data")
        qtbot.waitUntil(lambda: bool(texts) and driver.studio.exporting._task is None)
        after = contents(disk.folder)

    assert is_calm(texts[0], disk)
    assert after == before


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_a_picture_that_cannot_be_exported(
    driver: Driver, qtbot: QtBot, choose_file, disk: Disk, kind: str
):
    file = disk.put_old(f"landscape.{kind}")
    before = contents(disk.folder)
    choose_file(file)

    with disk.in_trouble():
        with dialog_answered(accept_as(kind)):
            driver.studio.exporting.export_picture("landscape")
        with dialog_answered(press(OK)) as texts:
            qtbot.waitUntil(lambda: driver.studio.exporting._task is None, timeout=20_000)
        after = contents(disk.folder)

    assert is_calm(texts[0], disk)
    assert after == before
    assert "Wrote" not in driver.window.statusBar().currentMessage()


def test_an_export_that_fails_for_another_reason_does_not_look_written(
    driver: Driver, choose_file, tmp_path: Path, monkeypatch, caplog
):
    def broken(*arguments) -> None:
        raise ValueError("a defect")

    monkeypatch.setattr("lrstudio.storage.exporters.save_csv", broken)
    choose_file(tmp_path / "data.csv")

    with caplog.at_level("CRITICAL"), dialog_answered(press(OK)) as texts:
        driver.trigger("export_data")
        driver.qtbot.waitUntil(lambda: driver.studio.exporting._task is None)

    assert texts == ["The export failed: a defect"]
    assert "Wrote" not in driver.window.statusBar().currentMessage()


@pytest.mark.parametrize("is_replaced", [True, False])
def test_a_suffix_that_is_added_replaces_nothing_unasked(
    driver: Driver, choose_file, tmp_path: Path, *, is_replaced: bool
):
    file = tmp_path / "race.lrx"
    file.write_bytes(OLD)
    choose_file(tmp_path / "race")  # for which the system's dialog found nothing to ask

    with dialog_answered(press(YES if is_replaced else CANCEL)) as texts:
        driver.trigger("save_as")

    assert texts == ["Replace “race.lrx”?"]
    assert (file.read_bytes() != OLD) == is_replaced
    assert (driver.studio.document.path == file) == is_replaced


def test_pictures_in_a_folder_replace_nothing_unasked(
    driver: Driver, choose_file, tmp_path: Path, monkeypatch
):
    asked: list[str] = []

    def refuse(parent, paths) -> bool:
        asked.extend(path.name for path in paths if path.exists())
        return False

    monkeypatch.setattr(messages, "may_replace", refuse)
    for name in ("loss.png", "landscape.png"):
        (tmp_path / name).write_bytes(OLD)
    choose_file(tmp_path)

    with dialog_answered(accept_as("png")):
        driver.trigger("export_pictures")

    assert sorted(asked) == ["landscape.png", "loss.png"]
    assert driver.studio.exporting._task is None
    assert contents(tmp_path) == {"loss.png": OLD, "landscape.png": OLD}
