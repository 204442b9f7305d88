"""Imports point downwards only: core < engine < storage < gui < command line.

Every file's imports are read from its source, so an import inside a function or under
`TYPE_CHECKING` counts too. What a package really loads is looked at in a process of its own.
"""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
STANDARD = set(sys.stdlib_module_names)


class Layer(NamedTuple):
    """Who belongs to it, and what it may import: further parts of lrstudio, and libraries."""

    name: str
    parts: set[str]
    libraries: set[str]
    # Libraries and parts that may be imported inside a function only.
    late: frozenset[str] = frozenset()


ARRAYS = {"numpy", "msgspec"}
CORE = {"lrstudio.core"}
ENGINE = CORE | {"lrstudio.engine"}
STORAGE = ENGINE | {"lrstudio.storage", "lrstudio.resources"}
GUI = STORAGE | {"lrstudio.gui"}
QT = {"PySide6", "shiboken6"}

# The first whose name fits a file holds for it.
LAYERS = (
    # Data sets that come with the program are declared in core and lie in resources.
    Layer("lrstudio.core.datasets", CORE | {"lrstudio.resources"}, ARRAYS),
    Layer("lrstudio.core", CORE, ARRAYS),
    Layer("lrstudio.engine", ENGINE, ARRAYS),
    Layer("lrstudio.storage", STORAGE, ARRAYS | {"contourpy"}, frozenset({"ziamath"})),
    Layer("lrstudio.resources", set(), set()),
    Layer("lrstudio.gui.plots", GUI, ARRAYS | QT | {"contourpy", "pyqtgraph"}),
    Layer("lrstudio.gui", GUI, ARRAYS | QT | {"contourpy"}),
    Layer(
        "lrstudio.cli",
        STORAGE | {"lrstudio.cli"},
        ARRAYS | {"click"},
        frozenset(QT | {"lrstudio.gui"}),
    ),
    Layer("lrstudio.__main__", {"lrstudio.cli"}, set()),
    Layer("lrstudio", set(), set()),
)

# Imports every module of the package it is given; what that loads is looked at below.
COMPUTED = {"lrstudio.core.registry"}


class Import(NamedTuple):
    """A module that a file imports, and whether it does so only when a function is called."""

    line: int
    module: str
    is_late: bool


def wrong_arrows(module: str, source: str) -> list[str]:
    """One sentence for each import of the module that its layer does not allow."""
    layer = next(layer for layer in LAYERS if is_within(module, {layer.name}))
    return [
        f"{module} line {found.line}: {layer.name} may not import {found.module}"
        for found in imports(ast.parse(source))
        if not is_allowed(found, layer) and not (found.module == "?" and module in COMPUTED)
    ]


def is_allowed(found: Import, layer: Layer) -> bool:
    if found.is_late and is_within(found.module, layer.late):
        return True
    if is_within(found.module, {"lrstudio"}):
        # `from lrstudio import __version__` reads a string and loads nothing.
        return found.module == "lrstudio.__version__" or is_within(found.module, layer.parts)
    return found.module.partition(".")[0] in STANDARD | layer.libraries


def is_within(module: str, packages: set[str] | frozenset[str]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def imports(node: ast.AST, is_late: bool = False) -> Iterator[Import]:
    """Every import below a node.

    A relative one keeps its dots, one with a computed name is "?": no layer allows either.
    """
    for child in ast.iter_child_nodes(node):
        for module in imported(child):
            yield Import(child.lineno, module, is_late)
        is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from imports(child, is_late or is_function)


def imported(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names):
            return [name.name for name in names]
        case ast.ImportFrom(module, names, level):
            origin = "." * level + (module or "")
            # What comes from lrstudio itself may be a package: `from lrstudio import gui`.
            return [f"{origin}.{name.name}" for name in names] if origin == "lrstudio" else [origin]
        case ast.Call(ast.Name("__import__") | ast.Attribute(attr="import_module"), arguments):
            return [arg.value if isinstance(arg, ast.Constant) else "?" for arg in arguments[:1]]
    return []


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted((ROOT / "lrstudio").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def test_every_import_points_downwards():
    wrong = [
        arrow for name, path in modules() for arrow in wrong_arrows(name, path.read_text("utf-8"))
    ]
    assert wrong == []


@pytest.mark.parametrize("layer", [layer.name for layer in LAYERS])
def test_every_layer_is_there_to_be_checked(layer):
    assert any(is_within(name, {layer}) for name, _ in modules())


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("lrstudio.core.adam", "import lrstudio.engine"),
        ("lrstudio.core.adam", "from lrstudio import engine"),
        ("lrstudio.core.adam", "from lrstudio.resources import path"),
        ("lrstudio.core.adam", "def late():\n    import scipy"),
        ("lrstudio.core.adam", "from __future__ import annotations\nimport PySide6"),
        ("lrstudio.core.adam", "from ..engine import plan"),
        ("lrstudio.core.adam", "import importlib\nimportlib.import_module('PySide6')"),
        ("lrstudio.core.adam", "name = 'x'\n__import__(name)"),
        ("lrstudio.core", "if TYPE_CHECKING:\n    from lrstudio.engine.plan import Plan"),
        ("lrstudio.engine.plan", "import lrstudio.storage.saver"),
        ("lrstudio.engine", "class Plan:\n    from PySide6.QtCore import QObject"),
        ("lrstudio.storage", "def late():\n    from PySide6.QtGui import QImage"),
        ("lrstudio.storage", "def late():\n    from lrstudio.gui import pictures"),
        ("lrstudio.gui.window", "import pyqtgraph"),
        ("lrstudio.gui.window", "def late():\n    from pyqtgraph import PlotWidget"),
        ("lrstudio.gui.plotsmith", "import pyqtgraph"),
        ("lrstudio.gui.window", "import lrstudio.cli"),
        ("lrstudio.gui.plots.loss", "import matplotlib"),
        ("lrstudio.cli", "from PySide6.QtWidgets import QApplication"),
        ("lrstudio.cli", "try:\n    import lrstudio.gui\nexcept ImportError:\n    pass"),
        ("lrstudio.cli", "def late():\n    import pyqtgraph"),
        ("lrstudio.resources", "import numpy"),
        ("lrstudio", "from lrstudio.core import OPTIMIZERS"),
    ],
)
def test_a_wrong_arrow_is_seen(module, source):
    assert len(wrong_arrows(module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("lrstudio.core.adam", "import math\nimport numpy as np\nfrom msgspec import Struct"),
        ("lrstudio.engine.plan", "from lrstudio.core.optimizer import Optimizer"),
        ("lrstudio.storage.tables", "from lrstudio import __version__, core, engine, resources"),
        ("lrstudio.gui.plots.loss", "import pyqtgraph as pg\nfrom lrstudio.gui import theme"),
        ("lrstudio.gui.window", "from lrstudio.gui.plots.loss import LossPlot"),
        (
            "lrstudio.cli",
            "import click\ndef window():\n    from lrstudio.gui.application import open",
        ),
    ],
)
def test_a_right_arrow_is_allowed(module, source):
    assert wrong_arrows(module, source) == []


def loaded_by(module: str) -> set[str]:
    """The modules that a fresh interpreter loads for `import module`, and not at its start."""
    code = (
        f"import sys, json; before = set(sys.modules); import {module}; "
        "print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    command = [sys.executable, "-c", code]
    return set(json.loads(subprocess.check_output(command, cwd=ROOT, text=True)))


def test_core_loads_only_numpy_and_msgspec():
    # msgspec takes typing_extensions where it happens to be installed.
    allowed = STANDARD | {"numpy", "msgspec", "typing_extensions"}
    foreign = {name for name in loaded_by("lrstudio.core") if name.partition(".")[0] not in allowed}
    # NumPy's compiled parts register themselves under names of Cython's.
    foreign = {name for name in foreign if not name.startswith(("cython_runtime", "_cython_"))}
    assert not [name for name in foreign if not is_within(name, CORE | {"lrstudio"})]
    above = GUI - CORE - {"lrstudio.resources"}  # from which data sets are read
    assert not [name for name in foreign if is_within(name, above)]


@pytest.mark.parametrize("module", ["lrstudio.engine", "lrstudio.storage", "lrstudio.cli"])
def test_nothing_below_the_window_loads_qt(module):
    assert not [name for name in loaded_by(module) if is_within(name, QT | {"pyqtgraph"})]


def test_the_look_before_qt_needs_nothing_installed():
    # packaging/dev.py asks it before there is an environment.
    names = {name.partition(".")[0] for name in loaded_by("lrstudio.gui.preflight")}
    assert names <= STANDARD | {"lrstudio"}


def test_the_package_itself_loads_nothing_else():
    assert loaded_by("lrstudio") == {"lrstudio"}
