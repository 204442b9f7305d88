"""Experiment files of older versions of the program, brought up to date step by step.

Whoever changes the form of the file appends a function that turns a document of the schema before
into one of the new schema. Files already written stay readable for ever.
"""

from collections.abc import Callable
from typing import Any

Document = dict[str, Any]
Migration = Callable[[Document], Document]

MIGRATIONS: tuple[Migration, ...] = ()
"""The function at index n turns a document of schema n + 1 into one of schema n + 2."""

SCHEMA = len(MIGRATIONS) + 1
"""The schema that this version writes."""


def migrated(
    document: Document, schema: int, migrations: tuple[Migration, ...] = MIGRATIONS
) -> Document:
    """The document in the present schema."""
    for migrate in migrations[schema - 1 :]:
        document = migrate(document)
    return document
