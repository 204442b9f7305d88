"""Tables of one's own: from a file to a data set, and back to the file when it is opened again.

What stays in its file is read when the experiment is opened, and only if its bytes are the same.
"""

import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath, PureWindowsPath
from typing import Any

import msgspec

from lrstudio.core import Refused
from lrstudio.core.datasets import own
from lrstudio.core.datasets.own import MOST_STORED, OwnTable, Reading, checksum
from lrstudio.core.sheet import Choice, is_probably_class, kept_rows
from lrstudio.core.sheet_text import written
from lrstudio.storage.csv_reading import LARGEST_BYTES, Found, NotTable, Wishes, read
from lrstudio.storage.csv_reading.reading import UNSAID, as_read
from lrstudio.storage.csv_reading.records import is_wanted
from lrstudio.storage.errors import StorageError, explained, refused, shown_path

SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".dat", ".data")
_SAMPLED = 1_000
"""Rows by which a size is judged."""
_MOST_STEPS_UP = 3
"""How far from the experiment its data may be to be named from there."""


class LostTable(StorageError):
    """The file that an experiment learns from is not there, or is another one now."""

    def __init__(self, sentence: str, table: OwnTable) -> None:
        super().__init__(sentence)
        self.table = table
        """What the experiment says of it."""


def file_bytes(path: str | Path) -> bytes:
    """The bytes of a data file; raises `StorageError` with one sentence."""
    try:
        status = Path(path).stat()
        if not stat.S_ISREG(status.st_mode):
            raise refused("open", path, "it is no ordinary file", "choose a CSV file")
        with Path(path).open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise explained("open", path, error) from error
    except ValueError as error:  # a NUL or half a character in the name
        raise refused("open", path, "no file can have this name", "check the path") from error
    return data


def table_in(
    path: str | Path, wishes: Wishes = UNSAID, wanted: Callable[[], bool] = is_wanted
) -> Found:
    """The table in a file; raises `StorageError` with one sentence."""
    data = file_bytes(path)
    try:
        return read(data, wishes, wanted)
    except NotTable as error:
        raise StorageError(f"Cannot open {shown_path(path)}: {error}.") from None


def proposed(found: Found, target: str | None = None) -> Choice:
    """What a file most likely is for: the last column told from all that can be learnt from.

    Columns that name the rows are no features. Raises `Refused` for a target that the file does not
    have.
    """
    usable = [c for c in found.sheet.columns if not c.problem and not c.names_rows]
    if target is None:
        # The last one, unless only a column before it has classes that are named.
        named = [c.name for c in usable if c.kind == "category"]
        names = [column.name for column in usable] or list(found.sheet.names)
        target = named[0] if len(named) == 1 else names[-1]
    column = found.sheet.column(target)
    features = tuple(c.name for c in usable if c.name != target)
    return Choice(features, target, is_probably_class(column))


def stored_size(found: Found, choice: Choice) -> int:
    """About how many characters the chosen columns would take; raises `Refused`."""
    rows = len(kept_rows(found.sheet, choice))
    sampled = min(rows, _SAMPLED)
    return len(written(found.sheet, choice, sampled)) * rows // sampled


def fits_in(found: Found, choice: Choice) -> bool:
    """Whether the chosen columns are small enough to be stored in an experiment."""
    return stored_size(found, choice) <= MOST_STORED


def stored(found: Found, choice: Choice, name: str) -> OwnTable:
    """The chosen columns as a data set that an experiment holds; raises `Refused`."""
    content = written(found.sheet, choice)
    if len(content) > MOST_STORED:
        raise Refused(
            f"the chosen columns make {len(content):,} characters, an experiment holds at most "
            f"{MOST_STORED:,}; leave the table in its file, or choose fewer columns"
        )
    return OwnTable(
        name=name[-255:],
        checksum=checksum(content.encode()),
        content=content,
        reading=Reading(),
        features=choice.features,
        target=choice.target,
        target_is_class=choice.target_is_class,
    )


def referred(found: Found, choice: Choice, path: Path) -> OwnTable:
    """The chosen columns as a data set that stays in its file; raises `Refused`."""
    kept_rows(found.sheet, choice)
    own.remember(found.checksum, found.reading, found.sheet)
    return OwnTable(
        name=path.name[-255:],
        checksum=found.checksum,
        content=None,
        path=str(path.absolute()),
        reading=found.reading,
        features=choice.features,
        target=choice.target,
        target_is_class=choice.target_is_class,
        missing=choice.missing,
    )


def chosen_anew(table: OwnTable, choice: Choice) -> OwnTable:
    """Another choice among the columns that a table holds or refers to; raises `Refused`."""
    kept_rows(table.sheet, choice)
    return msgspec.structs.replace(table, **msgspec.structs.asdict(choice))


def with_paths_from(document: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The same document with the path of its data as it is written in that folder."""
    data = _reference(document)
    if data is None:
        return document
    return _with_path(document, _from_folder(PurePath(data["path"]), folder))


def with_data_read(
    document: dict[str, Any],
    folder: Path,
    name: str,
    wanted: Callable[[], bool] = is_wanted,
) -> dict[str, Any]:
    """The same document with the data that it refers to read; raises `LostTable`, or `Stopped`."""
    data = _reference(document)
    if data is None:
        return document
    try:
        table = msgspec.convert(data, OwnTable)
    except msgspec.ValidationError:  # said with its path by who decodes all of it
        return document
    path = _place(table, folder, name)
    _read(table, path, name, wanted)
    return _with_path(document, str(path))


def _reference(document: Mapping[str, Any]) -> dict[str, Any] | None:
    """The data of a document, if they are a file."""
    problem = document.get("problem")
    data = problem.get("data") if isinstance(problem, Mapping) else None
    if not isinstance(data, dict) or data.get("data") != "own_table":
        return None
    return data if isinstance(data.get("path"), str) else None


def _with_path(document: dict[str, Any], path: str) -> dict[str, Any]:
    problem = document["problem"]
    return {**document, "problem": {**problem, "data": {**problem["data"], "path": path}}}


def _from_folder(path: PurePath, folder: Path) -> str:
    try:
        near = PurePath(os.path.relpath(path, folder.absolute()))
    except ValueError:  # another drive
        return str(path)
    return near.as_posix() if near.parts.count("..") <= _MOST_STEPS_UP else str(path)


def _place(table: OwnTable, folder: Path, name: str) -> Path:
    """Where the file of a table is: where it is said to be, or else beside the experiment."""
    assert table.path is not None
    said = PureWindowsPath(table.path)
    if said.drive.startswith("\\\\"):  # opening a file must not call on another computer
        raise LostTable(
            f"Cannot open {name}: its data file {shown_path(table.path)} is on another computer; "
            "copy it beside the experiment and choose it there.",
            table,
        )
    folder = folder.absolute()
    path = Path(os.path.normpath(folder / table.path))  # the way in which it was written
    beside = folder / said.name
    return beside if not path.exists() and beside.exists() else path


def _read(table: OwnTable, path: Path, name: str, wanted: Callable[[], bool]) -> None:
    """Read the file of a table, if it is the one that was used."""
    try:
        data = file_bytes(path)
    except StorageError as error:
        what = str(error).partition(": ")[2].partition(";")[0]
        raise LostTable(
            f"Cannot open {name}: its data file {shown_path(path)} cannot be read ({what}); put it "
            "there, or choose where it is now.",
            table,
        ) from None
    sum_now = checksum(data)
    if sum_now != table.checksum:
        raise LostTable(
            f"Cannot open {name}: its data file {shown_path(path)} was changed: expected the "
            f"checksum {table.checksum[:12]}…, found {sum_now[:12]}…; put back the file that was "
            "used, or choose it anew.",
            table,
        )
    try:
        found = read(data, as_read(table.reading), wanted)
    except NotTable as error:
        sentence = f"Cannot open {name}: its data file {shown_path(path)}: {error}."
        raise LostTable(sentence, table) from None
    own.remember(table.checksum, table.reading, found.sheet)
