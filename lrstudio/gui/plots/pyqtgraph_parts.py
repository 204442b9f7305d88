"""The parts of pyqtgraph that the plots are made of, without the rest of it.

`import pyqtgraph` loads all of its two hundred modules and makes a Python type of every name of Qt,
which takes longer than showing a window. So the package is entered into `sys.modules` without its
`__init__` having run, and so is its mirror of Qt; the few names that the parts below ask them for
are provided here. Whoever asks for any other name gets it: then the `__init__` does run, and all is
as after `import pyqtgraph`.
"""

import importlib.util
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import shiboken6
from PySide6 import QtCore, QtGui, QtWidgets

_OPTIONS = {
    "antialias": False,
    "background": "k",
    "crashWarning": False,
    "enableExperimental": False,
    "foreground": "d",
    "leftButtonPan": True,
    "mouseRateLimit": 100,
    "useCupy": False,
    "useNumba": False,
    "useOpenGL": False,
}
"""What `pyqtgraph.getConfigOption` says by default."""

_SUBMODULES = {"debug", "functions", "reload"}
"""Submodules that the parts import from their package: found where a name is missing there."""

_QT = {
    "QT_LIB": "PySide6",
    "PYSIDE6": "PySide6",
    "QtCore": QtCore,
    "QtGui": QtGui,
    "QtWidgets": QtWidgets,
    "isQObjectAlive": shiboken6.isValid,
}


class _Unprofiled:
    """What `pyqtgraph.debug.Profiler` makes while nobody profiles: it takes note of nothing."""

    def __call__(self, message: str | None = None) -> None:
        """Something is done."""


def _register(name: str, contents: dict[str, Any]) -> ModuleType:
    """A module with these contents whose own code runs when anything else is asked of it."""
    spec = importlib.util.find_spec(name)
    assert spec is not None, f"{name} is not installed"
    assert spec.loader is not None, f"{name} is a folder without code"
    module = importlib.util.module_from_spec(spec)
    vars(module).update(contents, __getattr__=_completion(module, spec.loader.exec_module))
    sys.modules[name] = module
    return module


def _completion(module: ModuleType, run: Callable[[ModuleType], None]) -> Callable[[str], Any]:
    def complete(attribute: str) -> Any:
        """The attribute of a module (PEP 562) that has not run yet."""
        if attribute.startswith("__") or attribute in _SUBMODULES:
            raise AttributeError(attribute)
        vars(module).pop("__getattr__", None)
        run(module)
        return getattr(module, attribute)

    return complete


def _stand_in() -> None:
    """Enter pyqtgraph and its mirror of Qt, with what the parts need of them."""
    package = {"getConfigOption": _OPTIONS.__getitem__, "_connectCleanup": _connect_cleanup}
    pyqtgraph = _register("pyqtgraph", package)
    qt = pyqtgraph.Qt = _register("pyqtgraph.Qt", _QT)
    for module in (QtCore, QtGui, QtWidgets):
        sys.modules[module.__name__.replace("PySide6", "pyqtgraph.Qt")] = module
    # What its `__init__` does for PySide6.
    compat = importlib.import_module("pyqtgraph.Qt.compat")
    compat.wrapinstance = shiboken6.wrapInstance
    compat.unwrapinstance = _address
    compat.voidptr = shiboken6.VoidPtr
    qt.internals = importlib.import_module("pyqtgraph.Qt.internals")
    qt.OpenGLHelpers = _register("pyqtgraph.Qt.OpenGLHelpers", {})
    pyqtgraph.debug = _register("pyqtgraph.debug", {"Profiler": _Unprofiled})
    pyqtgraph.reload = _register("pyqtgraph.reload", {})


def _address(wrapped: object) -> int:
    return shiboken6.getCppPointer(wrapped)[0]


_connected: list[QtCore.QCoreApplication] = []


def _connect_cleanup() -> None:
    """As pyqtgraph does: views that are left when the program ends need not sign off."""
    app = QtCore.QCoreApplication.instance()
    if app is not None and app not in _connected:
        _connected.append(app)
        app.aboutToQuit.connect(ViewBox.quit)


if "pyqtgraph" not in sys.modules:
    _stand_in()

from pyqtgraph import functions  # noqa: E402
from pyqtgraph.graphicsItems.AxisItem import AxisItem  # noqa: E402
from pyqtgraph.graphicsItems.ViewBox import ViewBox  # noqa: E402
from pyqtgraph.widgets.GraphicsView import GraphicsView  # noqa: E402

__all__ = ["AxisItem", "GraphicsView", "ViewBox", "functions"]
