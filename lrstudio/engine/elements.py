"""Names for the elements of arrays: what shares memory shares a name."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lrstudio.core.arrays import Array


class Elements:
    """Variables for all elements that a list of operations touches.

    An element of a ticking array is named t1, t2, …; one that is written, x1, x2, …; all others
    are constants, c1, c2, … What is read before it is written is state: it comes from the step
    before.
    """

    def __init__(self, ticking: Sequence[Array], written: Sequence[Array]) -> None:
        self._known_addresses: dict[tuple[int, tuple[int, ...]], list[int]] = {}
        self._ticking = {
            address: (array, i)
            for array in ticking
            for i, address in enumerate(self._addresses(array, array.shape))
        }
        self._written = {a for array in written for a in self._addresses(array, array.shape)}
        self._names: dict[int, str] = {}
        self._clock: dict[str, tuple[Array, int]] = {}
        self._constants: dict[str, float] = {}
        self._state: dict[str, float] = {}

    @property
    def of_state(self) -> list[str]:
        """Names of the elements that a step takes over from the one before."""
        return list(self._state)

    @property
    def of_constants(self) -> list[str]:
        """Names of the elements that never change."""
        return list(self._constants)

    @property
    def of_clock(self) -> list[str]:
        """Names of the elements that are given for each step."""
        return list(self._clock)

    @property
    def constants(self) -> list[float]:
        """Values of the elements that never change."""
        return list(self._constants.values())

    @property
    def initial_state(self) -> list[float]:
        """Values that the first step finds."""
        return list(self._state.values())

    def read(self, array: Array, shape: tuple[int, ...]) -> list[str]:
        """Names of the elements of `array`, broadcast to `shape`, before they are read."""
        known = self._names
        addresses = self._addresses(array, shape)
        if not all(a in known for a in addresses):
            values = np.broadcast_to(array, shape).ravel().tolist()
            for address, value in zip(addresses, values, strict=True):
                if address not in known:
                    known[address] = self._named(address, value)
        return [known[a] for a in addresses]

    def write(self, array: Array) -> list[str]:
        """Names of the elements of `array` before they are written."""
        known = self._names
        addresses = self._addresses(array, array.shape)
        for address in addresses:
            if address not in known:
                known[address] = f"x{len(known)}"
        return [known[a] for a in addresses]

    def columns(self, tables: Mapping[int, Array], steps: int) -> list[list[float]]:
        """Values of the ticking elements, one list per step, from tables `(steps, ...)` by id."""
        flat = {key: table.reshape(steps, -1) for key, table in tables.items()}
        columns = [flat[id(array)][:, i] for array, i in self._clock.values()]
        rows: list[list[float]] = np.reshape(columns, (len(columns), steps)).T.tolist()
        return rows

    def _named(self, address: int, value: Any) -> str:
        number = len(self._names)
        if address in self._ticking:
            self._clock[f"t{number}"] = self._ticking[address]
            return f"t{number}"
        if address in self._written:
            self._state[f"x{number}"] = value
            return f"x{number}"
        self._constants[f"c{number}"] = value
        return f"c{number}"

    def _addresses(self, array: Array, shape: tuple[int, ...]) -> list[int]:
        key = id(array), shape
        known = self._known_addresses.get(key)
        if known is None:
            known = self._known_addresses[key] = _addresses(array, shape)
        return known


def _addresses(array: Array, shape: tuple[int, ...]) -> list[int]:
    """Where in memory the elements of `array`, broadcast to `shape`, are."""
    places = [array.__array_interface__["data"][0]]
    missing = len(shape) - array.ndim
    for axis, length in enumerate(shape):
        own = axis - missing
        stride = array.strides[own] if own >= 0 and array.shape[own] != 1 else 0
        places = [place + stride * i for place in places for i in range(length)]
    return places
