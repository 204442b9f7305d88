"""Reading the tables that come with the program: `resources/datasets/*.csv`."""

from functools import cache

import numpy as np

from lrstudio import resources
from lrstudio.core.table import Table


@cache
def bundled(name: str, classes: tuple[str, ...] = ()) -> Table:
    """The table of a file: a line of names, then one example a line, its target last.

    With `classes` the target is one of these words, else a number.
    """
    path = resources.path("datasets", f"{name}.csv")
    with path.open(encoding="utf-8") as lines:
        *features, target = lines.readline().rstrip("\n").split(",")
    columns = range(len(features))
    numbers = np.loadtxt(path, delimiter=",", skiprows=1, usecols=columns, encoding="utf-8")
    words = np.loadtxt(
        path, str, delimiter=",", skiprows=1, usecols=len(features), encoding="utf-8"
    )
    told = [classes.index(word) for word in words.tolist()] if classes else words
    return Table(numbers, np.array(told, dtype=np.float64), tuple(features), target, classes)
