"""Finding the declarations: every class in a package that derives from its base."""

import importlib
import pkgutil
from abc import ABCMeta
from collections.abc import Iterator, Mapping
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
    classes = sorted(_declared(base), key=_year)
    known = {identifier(c): c for c in classes}
    assert len(known) == len(classes), f"two classes of {package.__name__} have one id"
    return MappingProxyType(known)


def union(known: Mapping[str, type[Base]]) -> Any:
    """The type "any of them": msgspec decodes into the class that the tag names."""
    return Union[tuple(known.values())]  # noqa: UP007 - built at run time


def any_of(known: Mapping[str, type[Base]]) -> Any:
    """The same for fields that only `validation.converted` fills: it takes the class that is named.

    Of a union msgspec takes all classes apart before it decodes the first object.
    """
    kind = ABCMeta("AnyOf", (), {"known": known})
    for cls in known.values():
        kind.register(cls)
    return kind


def class_named(node: Any, known: Mapping[str, type[Base]]) -> type[Base] | None:
    """The class whose id stands in an object; None where it is no object or names none of them."""
    key = next(iter(known.values())).__struct_config__.tag_field
    name = node.get(key) if isinstance(node, Mapping) else None
    return known.get(name) if isinstance(name, str) else None


def _declared(base: type[Base]) -> Iterator[type[Base]]:
    """The classes below `base` that name an id; one that does not is a base of others itself."""
    for cls in base.__subclasses__():
        if cls.__struct_config__.tag != cls.__name__:  # which it is where none is named
            yield cls
        else:
            yield from _declared(cls)


def _year(cls: type[msgspec.Struct]) -> int:
    return getattr(cls, "year", 0)
