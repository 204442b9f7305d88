"""Finding the declarations: every class in a package that derives from its base."""

import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType, ModuleType
from typing import Any, TypeVar, Union

import msgspec

from lrstudio.core.declaration import identifier

Base = TypeVar("Base", bound=msgspec.Struct)


def collect(package: ModuleType, base: type[Base]) -> Mapping[str, type[Base]]:
    """Read-only mapping from id to class over all modules of `package`.

    Optimizers stand in the order of their publication (`year`); where there is none, modules come
    in alphabetical order and classes as they stand in their file.
    """
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    classes = sorted(base.__subclasses__(), key=_year)
    known = {identifier(c): c for c in classes}
    assert len(known) == len(classes), f"two classes of {package.__name__} have one id"
    return MappingProxyType(known)


def union(known: Mapping[str, type[Base]]) -> Any:
    """The type "any of them": msgspec decodes into the class that the tag names."""
    return Union[tuple(known.values())]  # noqa: UP007 - built at run time


def _year(cls: type[msgspec.Struct]) -> int:
    return getattr(cls, "year", 0)
