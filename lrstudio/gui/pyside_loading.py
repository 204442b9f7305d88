"""Loads PySide without what it does at every start for nothing that is used here.

An eighth of the time to a bare window, and a tenth of that to a furnished one, went into that:

* The Python sources of `shibokensupport` lie in a library, where Python keeps no byte code of them:
  they are compiled each time. The longest of them writes stub files and lists all signatures for
  that. Only the maker of PySide's own stub files calls it: these two are taken as empty.
* For its `__feature__` switches PySide puts a hook on the import statement, which reads the source
  of every module that is imported after it, and keeps it. The hook is taken off.

Seen in PySide6 6.11; in a release that has none of this, nothing is done.
"""

import builtins
import gc
import importlib
from collections.abc import Callable
from functools import partial
from typing import Any

_NOT_CALLED = {f"shibokensupport/signature/lib/{name}.py" for name in ("enum_sig", "pyi_generator")}


def load() -> None:
    """Import PySide's widgets; whoever imports them later finds them there."""
    compiling, collects = builtins.compile, gc.isenabled()
    gc.disable()  # next to nothing of what an import makes is garbage
    builtins.compile = partial(_compiled, compiling)
    try:
        importlib.import_module("PySide6.QtWidgets")
    finally:
        builtins.compile = compiling
        if collects:
            gc.enable()
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


def _compiled(
    compiling: Callable[..., Any], source: Any, filename: Any, *rest: Any, **named: Any
) -> Any:
    """As `compile` does it, but nothing of the sources that are not called."""
    return compiling(b"" if filename in _NOT_CALLED else source, filename, *rest, **named)
