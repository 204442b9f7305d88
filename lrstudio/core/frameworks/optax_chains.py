"""What puts rules together in Optax 0.2.8: chains, clipping, wrappers of another optimizer."""

from collections.abc import Mapping
from types import MappingProxyType

from lrstudio.core.frameworks.framework import Reader

CLIPPING: Mapping[str, Reader] = {}

WRAPPERS: Mapping[str, Reader] = {}

READERS: Mapping[str, Reader] = MappingProxyType({**CLIPPING, **WRAPPERS})
