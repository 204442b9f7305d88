"""Starting the program, and what came out of it."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from lrstudio.core import OPTIMIZERS, PROBLEMS, SCHEDULES, Warmup
from lrstudio.engine import Contender, Experiment

ROOT = Path(__file__).parents[2]
DISPLAY_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "QT_QPA_PLATFORM")

# A shell starts background programs with SIGINT ignored, and they inherit it: this undoes that.
ATTENTIVE = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from lrstudio.cli import main; main()"
)


class Outcome(NamedTuple):
    """Exit code and what was said."""

    code: int
    out: str
    err: str

    @property
    def error(self) -> str:
        """The one sentence on stderr, nothing having been said on stdout."""
        assert self.out == ""
        assert self.err.startswith("Error: ")
        assert self.err.count("\n") == 1
        return self.err.removeprefix("Error: ").rstrip("\n")


Start = Callable[..., Outcome]


def environment(**changes: str | None) -> dict[str, str]:
    """The variables of this process with some changed, or taken away where None."""
    wanted = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **changes}
    return {name: value for name, value in wanted.items() if value is not None}


def without_display() -> dict[str, str]:
    return environment(**dict.fromkeys(DISPLAY_VARIABLES))


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "lrstudio", *arguments]


def three_fates(**changes: object) -> Experiment:
    """One contender descends, one diverges, one arrives."""
    settings: dict[str, object] = {"title": "Three fates", "steps": 200, **changes}
    return Experiment(
        problem=PROBLEMS["ellipse"](),
        contenders=(
            Contender(name="Descent", optimizer=OPTIMIZERS["sgd"](lr=0.001)),
            Contender(name="Too fast", optimizer=OPTIMIZERS["sgd"](lr=1.0), colour=1),
            Contender(
                name="Momentum",
                optimizer=OPTIMIZERS["momentum"](lr=0.03, momentum=0.7),
                schedule=SCHEDULES["cosine"](warmup=Warmup(steps=5)),
                colour=2,
            ),
        ),
        **settings,  # type: ignore[arg-type]
    )
