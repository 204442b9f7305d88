"""What puts rules together in Optax 0.2.8: chains, clipping, wrappers of another optimizer."""

from collections.abc import Mapping
from types import MappingProxyType

from lrstudio.core.frameworks.framework import Reader
from lrstudio.core.frameworks.optax_transforms import (
    read_chain,
    read_multi_steps,
    read_noisy_sgd,
)
from lrstudio.core.frameworks.optax_wrappers import WRAPPERS

CLIPPING: Mapping[str, Reader] = {
    "chain": read_chain,
    "MultiSteps": read_multi_steps,
    "noisy_sgd": read_noisy_sgd,
}

READERS: Mapping[str, Reader] = MappingProxyType({**CLIPPING, **WRAPPERS})
