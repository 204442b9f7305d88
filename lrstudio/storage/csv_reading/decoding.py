"""The text in the bytes of a file, and in which encoding it stood there."""

import codecs
from typing import NamedTuple

from lrstudio.core.datasets.own import Encoding
from lrstudio.storage.csv_reading.records import NotTable

LARGEST_BYTES = 50_000_000

_CODECS: dict[Encoding, str] = {
    "utf-8": "utf-8-sig",
    "utf-16": "utf-16",
    "windows-1252": "cp1252",
    "latin-1": "latin-1",
}
TITLES: dict[Encoding, str] = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "windows-1252": "Windows-1252",
    "latin-1": "Latin-1",
}
_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What a file begins with, what it is then, and what to do.
_BINARY = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a compressed file (gzip); unpack it first"),
    (b"7z\xbc\xaf", "a compressed file (7z); unpack it first"),
    (b"PAR1", "a Parquet file; export the table as CSV"),
    (b"SQLite format 3", "an SQLite database; export the table as CSV"),
    (b"\x89HDF", "an HDF5 file; export the table as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook; export the sheet as CSV"),
    (b"\x93NUMPY", "a NumPy array; save it with numpy.savetxt"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
)


class Decoded(NamedTuple):
    """Text, and the encoding that it was in."""

    text: str
    encoding: Encoding
    note: str = ""
    """Why this encoding was taken, where that is not plain."""


def decoded(data: bytes, wish: Encoding | None = None) -> Decoded:
    """The text in some bytes, in the encoding that is wished or recognised; raises `NotTable`."""
    if len(data) > LARGEST_BYTES:
        raise NotTable(f"it is larger than {LARGEST_BYTES // 1_000_000} MB; open a part of it")
    if not data.strip():
        raise NotTable("it is empty")
    _refuse_binary(data)
    found = _as(data, wish) if wish is not None else _recognised(data)
    if "\0" in found.text:
        line = _line(found.text, found.text.index("\0"))
        raise NotTable(
            f"line {line} holds a null byte, which no text does; export the table as CSV in UTF-8"
        )
    return found


def _refuse_binary(data: bytes) -> None:
    if data.startswith(b"PK\x03\x04"):
        raise NotTable(_packed(data))
    for start, what in _BINARY:
        if data.startswith(start):
            raise NotTable(f"it is {what}" if ";" in what else f"it is {what}, not a table of text")


def _packed(data: bytes) -> str:
    if b"xl/" in data[:4000] or b"xl/worksheets" in data:
        return "it is an Excel workbook; export the sheet as CSV"
    if b"opendocument.spreadsheet" in data[:200]:
        return "it is an OpenDocument spreadsheet; export the sheet as CSV"
    return "it is a compressed file (zip); unpack it first"


def _recognised(data: bytes) -> Decoded:
    if data.startswith(_MARKS):
        return _as(data, "utf-16")
    try:
        return _as(data, "utf-8")
    except NotTable:
        pass
    try:
        found = _as(data, "windows-1252")
    except NotTable:
        found = _as(data, "latin-1")
    place = next(i for i, c in enumerate(found.text) if ord(c) > 127)
    return found._replace(
        note=f"Not UTF-8 (line {_line(found.text, place)} has {found.text[place]!r}), so taken for "
        f"{TITLES[found.encoding]}."
    )


def _as(data: bytes, encoding: Encoding) -> Decoded:
    try:
        return Decoded(data.decode(_CODECS[encoding]), encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NotTable(
            f"line {line} is not text in {TITLES[encoding]} (byte {error.start:,}); choose another "
            "encoding"
        ) from None


def _line(text: str, place: int) -> int:
    before = text[:place].replace("\r\n", "\n")
    return before.count("\n") + before.count("\r") + 1
