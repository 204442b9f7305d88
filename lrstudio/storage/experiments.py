"""Experiment files (`.lrx`): JSON that diffs well and is refused in one sentence if it is wrong.

    {"format": "lrstudio-experiment", "schema": 1, "title": ..., "problem": {...}, ...}

A data set's sidecar (see `sidecar`) holds the experiment it came from and opens like one.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import msgspec

from lrstudio import resources
from lrstudio.core import Dataset, Refused
from lrstudio.engine import Experiment, experiment_from
from lrstudio.storage.csv_reading.records import is_wanted
from lrstudio.storage.errors import StorageError, explained, shown_path
from lrstudio.storage.migrations import SCHEMA, migrated
from lrstudio.storage.own_tables import with_data_read, with_paths_from
from lrstudio.storage.saver import save_bytes
from lrstudio.storage.strict_json import NotJson, parse, written

EXTENSION = ".lrx"
FORMAT = "lrstudio-experiment"
RUN_FORMAT = "lrstudio-run"
"""Format of a sidecar; its key "experiment" holds an experiment document."""
LARGEST_BYTES = 12_000_000
"""Enough for a table that is stored, and far more than anything else."""


class Example(NamedTuple):
    """An experiment that comes with the program."""

    id: str
    title: str
    path: Path


def load(
    path: str | Path, data: Dataset | None = None, wanted: Callable[[], bool] = is_wanted
) -> Experiment:
    """The experiment in a file; raises `StorageError` with one sentence.

    It learns from `data` in place of its own, if these are given. Raises `LostTable` where it
    refers to a file that is not as it was, and `Stopped` when it is not `wanted` any more.
    """
    try:
        with Path(path).open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise explained("open", path, error) from error
    except ValueError as error:  # a NUL or half a character in the name
        raise StorageError(
            f"Cannot open {shown_path(path)}: no file can have this name; check the path."
        ) from error
    return decode(content, shown_path(path), Path(path).parent, data, wanted)


def save(path: str | Path, experiment: Experiment) -> None:
    """Write an experiment; what could not be read again is refused before the file is touched."""
    data = encode(experiment, Path(path).parent)
    try:
        _experiment(_document(data))
    except (NotJson, Refused) as error:
        raise _sentence("save", shown_path(path), error) from None
    save_bytes(path, data)


def encode(experiment: Experiment, folder: Path | None = None) -> bytes:
    """The file of an experiment, in a folder: the same bytes for the same experiment."""
    return written(document(experiment, folder)).encode("utf-8", "backslashreplace")


def document(experiment: Experiment, folder: Path | None = None) -> dict[str, Any]:
    """The experiment as builtins, with format and schema first, as it is written in a folder."""
    fields = msgspec.to_builtins(experiment)
    for contender in fields["contenders"]:
        modifiers = contender["optimizer"].pop("modifiers")
        if modifiers:  # last, so that the rule is read before what is done around it
            contender["optimizer"]["modifiers"] = modifiers
    if not fields["disturbances"]:  # as in files from before there were any
        del fields["disturbances"]
    for name in ("epochs", "metrics_every", "curvature_every"):
        if fields[name] is None:
            del fields[name]
    if folder is not None:
        fields = with_paths_from(fields, folder)
    return {"format": FORMAT, "schema": SCHEMA, **fields}


def decode(
    content: bytes,
    name: str = "the file",
    folder: Path = Path(),
    data: Dataset | None = None,
    wanted: Callable[[], bool] = is_wanted,
) -> Experiment:
    """The experiment in the bytes of a file called `name` in a folder; as of `load`."""
    try:
        fields = _present(_document(content))
        if data is None:
            fields = with_data_read(fields, folder, name, wanted)
        elif isinstance(fields.get("problem"), dict):
            fields["problem"]["data"] = msgspec.to_builtins(data)
        return experiment_from(fields)
    except (NotJson, Refused) as error:
        raise _sentence("open", name, error) from None


def examples() -> tuple[Example, ...]:
    """The experiments that come with the program, the default one first, then by title."""
    found = [_example(path) for path in resources.path("examples").glob(f"*{EXTENSION}")]
    return tuple(sorted(found, key=lambda example: (example.id != "default", example.title)))


def default() -> Experiment:
    """The experiment on screen when the program starts."""
    return load(resources.path("examples", f"default{EXTENSION}"))


def _sentence(attempt: str, name: str, error: ValueError) -> StorageError:
    text = str(error)
    return StorageError(f"Cannot {attempt} {name}: {text}{'' if text.endswith('?') else '.'}")


def _example(path: Path) -> Example:
    return Example(path.stem, load(path).title, path)


def _document(data: bytes) -> dict[str, Any]:
    if len(data) > LARGEST_BYTES:
        raise NotJson(f"it is larger than {LARGEST_BYTES // 1_000_000} MB, too large to be one")
    if not data.strip():
        raise NotJson("it is empty")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotJson(f"it is not text in UTF-8 (byte {error.start})") from None
    found = parse(text)
    if not isinstance(found, dict):
        raise NotJson("it is JSON, but no experiment of LR Studio")
    if found.get("format") == RUN_FORMAT:
        found = found.get("experiment")
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise NotJson(f'it is JSON, but no experiment of LR Studio (no "format": "{FORMAT}")')
    return found


def _experiment(found: dict[str, Any]) -> Experiment:
    return experiment_from(_present(found))


def _present(found: dict[str, Any]) -> dict[str, Any]:
    """The fields of a document in the present schema."""
    schema = found.get("schema")
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
        _refuse_schema(f"expected a whole number from 1 on, got {schema!r:.40}")
    if schema > SCHEMA:
        _refuse_schema(f"this file needs a newer LR Studio (schema {schema}, known up to {SCHEMA})")
    fields = {key: value for key, value in found.items() if key not in ("format", "schema")}
    return migrated(fields, schema)


def _refuse_schema(sentence: str) -> NoReturn:
    raise Refused(sentence, "schema")
