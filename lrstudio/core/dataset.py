"""What a data set is: a declaration that knows its table.

A data set that comes with the program, one that is drawn at random and one that a user brought are
the same to everything that learns from them.
"""

from typing import ClassVar

import msgspec

from lrstudio.core.families import DATASET_FAMILIES, OTHER, Family
from lrstudio.core.table import Table


class Dataset(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="data"
):
    """Base of all data sets; a subclass declares `table`.

    The docstring is that of any declaration: title and summary, the formula of data that are drawn
    (of measured data what the examples, their features and their target are), notes, and last the
    source with its licence.
    """

    families: ClassVar[tuple[Family, ...]] = DATASET_FAMILIES
    family: ClassVar[str] = OTHER.id
    """Id of one of `families`."""
    aliases: ClassVar[tuple[str, ...]] = ()
    """Other names by which people look for it."""
    has_classes: ClassVar[bool] = True
    """Whether the target is a class; if not, it is a quantity."""

    def table(self) -> Table:
        """All examples, the same ones at each call.

        Raises `Refused` with a sentence where they cannot be had.
        """
        raise TypeError(f"{type(self).__name__} declares no table")
