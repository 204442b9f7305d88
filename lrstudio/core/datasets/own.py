"""A table of one's own: stored in the experiment, or a file that the experiment names."""

import re
from functools import lru_cache
from typing import Literal

import msgspec

from lrstudio.core.dataset import Dataset
from lrstudio.core.sheet import MOST_COLUMNS, Choice, Missing, Sheet, chosen
from lrstudio.core.sheet_text import parsed
from lrstudio.core.table import Table
from lrstudio.core.validation import Refused

Encoding = Literal["utf-8", "utf-16", "windows-1252", "latin-1"]
Separator = Literal[",", ";", "\t", "|", " "]
Decimal = Literal[".", ","]

MOST_STORED = 5_000_000
"""Characters of a table that an experiment may hold; a larger one stays in its file."""
_LONGEST_NAME, _LONGEST_PATH = 255, 4_000
_CHECKSUM = re.compile("[0-9a-f]{64}")

EXAMPLE = """"hours","pages","passed"
0.5,10,"no"
1,35,"no"
1.5,20,"no"
2,15,"yes"
2.5,50,"no"
3,40,"yes"
3.5,30,"no"
4,60,"yes"
4.5,45,"yes"
5,70,"yes"
5.5,55,"yes"
6,80,"yes"
"""
_OF_EXAMPLE = "f6fab452f8b3c4845d5ea4c2fdb77ae3310ec3a523c21026b511c8007fb853b7"
"""Its checksum."""


class Reading(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the text of a file is taken apart, so that it is read the same way each time."""

    encoding: Encoding = "utf-8"
    separator: Separator = ","
    decimal: Decimal = "."
    has_header: bool = True


def checksum(data: bytes) -> str:
    """What tells one content from another: its SHA-256 in hexadecimal digits."""
    import hashlib  # noqa: PLC0415 - loads OpenSSL, for which no start should wait

    return hashlib.sha256(data).hexdigest()


class OwnTable(Dataset, tag="own_table", frozen=True, kw_only=True):
    """Your own table: a CSV file of yours.

    Examples are rows, and columns become the target and its features.

    It is stored in the experiment or read from a file that must not have changed since. A category
    becomes one feature for each of its texts. Until a file is opened it holds twelve rows that were
    made up: whether somebody passed a test after so many hours and pages.

    Read as RFC 4180, 2005, has it; the licence is that of your file.
    """

    name: str = "example.csv"
    """Name of the file."""
    checksum: str = _OF_EXAMPLE
    """Of the content; where there is a path, of the bytes of the file."""
    content: str | None = EXAMPLE
    """The table as `core.sheet_text` has it; None where it stays in a file."""
    path: str | None = None
    """Where the file is; None where the content is stored."""
    reading: Reading = Reading()
    features: tuple[str, ...] = ("hours", "pages")
    target: str = "passed"
    target_is_class: bool = True
    missing: Missing = "refuse"

    family = "own"
    aliases = ("CSV", "file", "spreadsheet")

    def __post_init__(self) -> None:
        if (self.content is None) == (self.path is None):
            raise Refused("expected either the content of a table or the path to its file")
        if len(self.features) > MOST_COLUMNS:
            raise Refused(f"expected at most {MOST_COLUMNS:,} features, got {len(self.features):,}")
        if len(set(self.features)) < len(self.features):
            raise Refused("a feature stands twice in the list; name each once")
        if len(self.name) > _LONGEST_NAME or len(self.path or "") > _LONGEST_PATH:
            raise Refused("the name of the data file is too long; give it a shorter one")
        if not _CHECKSUM.fullmatch(self.checksum):
            raise Refused("expected a checksum of 64 hexadecimal digits; open the file anew")
        if self.content is not None:
            _check_content(self.content, self.checksum)

    @property
    def choice(self) -> Choice:
        """Which column is to be told from which."""
        return Choice(self.features, self.target, self.target_is_class, self.missing)

    @property
    def sheet(self) -> Sheet:
        """The columns of the content or the file; raises `Refused` for a file that is not read."""
        return parsed(self.content) if self.content is not None else known(self)

    def table(self) -> Table:
        return _table(self)


@lru_cache(maxsize=8)
def _table(own: OwnTable) -> Table:
    return chosen(own.sheet, own.choice).table


def _check_content(content: str, expected: str) -> None:
    if len(content) > MOST_STORED:
        raise Refused(
            f"expected a stored table of at most {MOST_STORED:,} characters, got "
            f"{len(content):,}; leave it in its file"
        )
    found = checksum(content.encode("utf-8", "surrogatepass"))
    if found != expected:
        raise Refused(
            f"the stored table was changed: expected the checksum {expected[:12]}…, found "
            f"{found[:12]}…; open the CSV file anew"
        )


_SHEETS: dict[tuple[str, Reading], Sheet] = {}
"""What has been read from files, by their content and the way of reading: core opens no files."""


def remember(checksum: str, reading: Reading, sheet: Sheet) -> None:
    """Make the sheet of a file known to all tables that refer to a file of this content."""
    _SHEETS[checksum, reading] = sheet


def is_known(own: OwnTable) -> bool:
    """Whether the sheet of a table can be had without a file being opened."""
    return own.content is not None or (own.checksum, own.reading) in _SHEETS


def known(own: OwnTable) -> Sheet:
    """The sheet of a file that was read before; raises `Refused`."""
    found = _SHEETS.get((own.checksum, own.reading))
    if found is None:
        raise Refused(f"the data file {own.name!r} has not been read; open it: {own.path}")
    return found
