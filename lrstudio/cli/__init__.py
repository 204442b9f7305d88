"""The command line: the same engine without a window.

`commands` declares what can be typed and loads neither NumPy nor Qt, so that `--help` and
`--version` answer at once; each command imports the module that does its work when it is called.
"""

import os
import sys

from lrstudio.cli import group
from lrstudio.cli.commands import lrstudio


def main() -> None:
    """The command `lrstudio`."""
    # Before NumPy is loaded: matrices here are small, and its threads spin while they wait.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.exit(group.run(lrstudio))


def gui_main() -> None:
    """The command `lrstudio-gui`: the same, started without a console."""
    main()
