"""A contender as a program: short, runnable, in the words of a framework that people train with.

One module for each framework knows how its programs go (`torch_code`, `keras_code`, `optax_code`);
a new framework is one such module with `program(contender, steps)`, named in `PROGRAMS`.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from lrstudio.core import FRAMEWORKS, Refused
from lrstudio.core.validation import unknown_id
from lrstudio.engine import Contender
from lrstudio.storage.snippets import keras_code, optax_code, torch_code

PROGRAMS: Mapping[str, Callable[[Contender, int], str]] = MappingProxyType(
    {"torch": torch_code.program, "keras": keras_code.program, "optax": optax_code.program}
)
TITLES: Mapping[str, str] = MappingProxyType({f: FRAMEWORKS[f].title for f in PROGRAMS})
"""What the frameworks are called, by id."""
EXTENSION = ".py"


def snippet(contender: Contender, steps: int, framework: str) -> str:
    """A program that trains a small model as the contender would, for a number of steps.

    Where the framework has no such rule it is a comment that says so. Raises `Refused` for a
    framework that is not known.
    """
    if framework not in PROGRAMS:
        raise Refused(f"the framework {unknown_id(framework, tuple(PROGRAMS))}")
    return PROGRAMS[framework](contender, steps)
