"""What is known about a data set, as short texts for window and terminal."""

import numpy as np

from lrstudio.core.dataset import Dataset
from lrstudio.core.table import Table
from lrstudio.core.validation import Refused
from lrstudio.core.wording import number

_MOST_NAMES = 10


def dataset_facts(dataset: Dataset) -> tuple[tuple[str, str], ...]:
    """What its table holds: name and text of each fact."""
    try:
        table = dataset.table()
    except Refused as refused:
        return (("examples", refused.sentence),)
    return (
        ("examples", f"{table.examples:,}"),
        ("features", f"{table.columns:,}: {_some(table.feature_names)}"),
        ("classes", _classes(table)) if table.classes else ("target", _quantity(table)),
    )


def _classes(table: Table) -> str:
    counts = np.bincount(table.labels, minlength=len(table.classes)).tolist()
    told = [f"{name} ({count:,})" for name, count in zip(table.classes, counts, strict=True)]
    return f"{len(told):,}: {_some(told)}"


def _quantity(table: Table) -> str:
    low, high = table.target.min(), table.target.max()
    name, mean = table.target_name, table.target.mean()
    return f"{name} from {number(low)} to {number(high)}, {number(mean)} in the mean"


def _some(names: tuple[str, ...] | list[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMES])
    return f"{shown} and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else shown
