"""Record once, replay: a pure function of arrays becomes a list of in-place operations.

Rules and problems are written as plain NumPy expressions. Calling them at every step would spend
most of its time on making arrays and looking up names, so the first call is done with stand-ins
that note each operation; from then on the same ufuncs run in the same order into the same buffers.
The numbers are those of the plain call, bit for bit.

What cannot be noted (a branch on a value that changes, a random draw, a loop until convergence)
raises one of `UNTRACEABLE`; the caller then keeps to the plain call.
"""

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from lrstudio.core.arrays import Array, is_lined_up, lined_up, lined_up_copy
from lrstudio.engine.blocks import in_blocks
from lrstudio.engine.buffers import with_shared_buffers
from lrstudio.engine.peephole import Entry, copy_into, without_copies

Operation = Callable[[], Any]


class Untraceable(TypeError):
    """The function does something that a list of array operations cannot express."""


UNTRACEABLE = (Untraceable, TypeError, AttributeError, IndexError)
"""What is raised by a function that asks a stand-in for what only an array can do.

A mistake in the function itself raises one of these as well, and does so again when it is called
plainly.
"""


FEW_ROWS = 4
"""Rows up to which adding them one by one, as NumPy does it too, is faster than a reduction."""


SHORT_CUTS = {2: np.square, 0.5: np.sqrt, -1: np.reciprocal, 1: np.positive}
"""What NumPy makes of a power with such an exponent."""


class Tape:
    """The operations of recorded calls, in order."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._temporaries: dict[int, Array] = {}

    def variable(self, buffer: Array) -> "Traced":
        """Stand-in for `buffer`, whose content changes between replays."""
        return Traced(buffer, self, is_constant=False)

    def constant(self, value: Any) -> "Traced":
        """Stand-in for a value that is the same at every replay."""
        return Traced(np.asarray(value), self, is_constant=True)

    def temporary(self, buffer: Array) -> "Traced":
        """Stand-in for a buffer of the tape's own, which is written before it is read."""
        self._temporaries[id(buffer)] = buffer
        return self.variable(buffer)

    def note(self, function: Callable[..., Any], inputs: Sequence[Any], out: Array) -> None:
        """Append `function(*inputs, out)`."""
        self._entries.append(Entry(function, list(inputs), out))

    def copy(self, target: Array, source: Any) -> None:
        """Append `target[...] = source`."""
        self.note(copy_into, [_array(source)], target)

    def result(self, value: Any, shape: tuple[int, ...]) -> Array:
        """Where `value` stands after each replay: the tape's own buffer, or a copy of another."""
        array = _array(value)
        fits = array.shape == shape and array.dtype == np.float64
        if id(array) in self._temporaries and fits and is_lined_up(array):
            del self._temporaries[id(array)]
            return array
        out = lined_up_copy(np.zeros(shape))
        self.note(copy_into, [array], out)
        return out

    def entries(self) -> list[Entry]:
        """The finished list; executing each in order is one replay."""
        return without_copies(self._entries, set(self._temporaries))

    def operations(self) -> list[Operation]:
        """The same as functions without arguments."""
        entries, owned = with_shared_buffers(self.entries(), self._temporaries)
        return [_bound(e) for e in in_blocks(entries, owned, (copy_into, select))]


def replay_of(operations: Sequence[Operation]) -> Callable[[], None]:
    """All operations as one function."""

    def replay() -> None:
        for operation in operations:
            operation()

    return replay


def _bound(entry: Entry) -> Operation:
    if entry.function is copy_into:
        return functools.partial(np.copyto, entry.out, *entry.inputs)
    # `out` by position is the faster call, but NumPy 2.4 deprecates it for these two.
    if entry.function in (np.maximum, np.minimum):
        return functools.partial(entry.function, *entry.inputs, out=entry.out)
    return functools.partial(entry.function, *entry.inputs, entry.out)


def select(condition: Array, yes: Array, no: Array, out: Array | None = None) -> Array:
    """`np.where`, into `out` if there is one; twice as fast as a copy with a mask."""
    chosen = np.where(condition, yes, no)
    if out is None:
        return chosen
    np.copyto(out, chosen)
    return out


class Traced(NDArrayOperatorsMixin):
    """Stand-in for an array: computes like one and notes what was done."""

    def __init__(self, array: Array, tape: Tape, *, is_constant: bool) -> None:
        self.array = array
        self.tape = tape
        self.is_constant = is_constant

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the array."""
        return self.array.shape

    def sum(self, axis: int | None = None) -> Any:
        """Sum over an axis."""
        return np.add.reduce(self, axis=axis)

    def __len__(self) -> int:
        return len(self.array)

    def __bool__(self) -> bool:
        return bool(self._settled())

    def __float__(self) -> float:
        return float(self._settled())

    def __array__(self, *args: Any, **kwargs: Any) -> Array:
        return self._settled()

    def __getitem__(self, key: Any) -> "Traced":
        view = self.array[key]
        if not isinstance(view, np.ndarray) or not np.may_share_memory(view, self.array):
            raise Untraceable("only slices and rows can be followed")
        return Traced(view, self.tape, is_constant=self.is_constant)

    def __setitem__(self, key: Any, value: Any) -> None:
        target = self[key].array
        source = _array(value)
        # `a[i] += b` ends in `a[i] = a[i]`, which was done in place already.
        if not (isinstance(value, Traced) and source.ctypes.data == target.ctypes.data):
            self.tape.copy(target, source)

    def __iter__(self) -> Iterator["Traced"]:
        return (self[i] for i in range(len(self.array)))

    def __pow__(self, exponent: Any) -> Any:
        # NumPy itself computes array**2 as square(array), and so on.
        is_number = isinstance(exponent, int | float)
        short_cut = SHORT_CUTS.get(exponent) if is_number else None
        return short_cut(self) if short_cut else np.power(self, exponent)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        (target,) = options.pop("out", (None,))
        axis = options.pop("axis", 0) if method == "reduce" else 0
        if options or method not in ("reduce", "__call__"):
            raise Untraceable(f"{ufunc.__name__}.{method} with {', '.join(options)}")
        if method == "__call__":
            return self._noted(ufunc, inputs, target)
        if axis == 0 and target is None and self.array.ndim > 1 and len(self) <= FEW_ROWS:
            first, *others = self
            return functools.reduce(ufunc, others, np.positive(first))
        return self._noted(functools.partial(_reduce, ufunc, axis), inputs, target)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        if function is np.stack and not options:
            return self._stacked(*args)
        if function is np.zeros_like and not options:
            zeros = np.zeros_like(self.array)
            self.tape.note(fill_with_zero, [], zeros)
            return self.tape.temporary(zeros)
        if function is np.where and len(args) == 3 and not options:
            return self._selected(*args)
        if function is np.clip and len(args) == 3 and not options:
            value, low, high = args
            return np.minimum(np.maximum(value, low), high)
        if any(isinstance(a, list | tuple) for a in args):
            raise Untraceable(f"{function.__name__} of a list of arrays")
        arrays = [_array(a) for a in args]
        result = np.asarray(function(*arrays, **options))
        if all(a.is_constant for a in args if isinstance(a, Traced)):
            return self.tape.constant(result)
        buffer = np.array(result)
        call = functools.partial(function, **options)
        self.tape.note(functools.partial(_assign, call), arrays, buffer)
        return self.tape.temporary(buffer)

    def _settled(self) -> Array:
        if not self.is_constant:
            raise Untraceable("the course of the computation depends on a value that changes")
        return self.array

    def _noted(self, call: Callable[..., Any], inputs: Sequence[Any], target: Any) -> Any:
        arrays = [_array(i) for i in inputs]
        if target is not None:
            self.tape.note(call, arrays, target.array)
            return target
        result = np.asarray(call(*arrays))
        if all(i.is_constant for i in inputs if isinstance(i, Traced)):
            return self.tape.constant(result)
        self.tape.note(call, arrays, result)
        return self.tape.temporary(result)

    def _selected(self, condition: Any, yes: Any, no: Any) -> Any:
        if _array(condition).dtype != np.bool_:
            condition = np.not_equal(condition, 0.0)
        return self._noted(select, [condition, yes, no], None)

    def _stacked(self, rows: Sequence[Any]) -> "Traced":
        arrays = [_array(r) for r in rows]
        shape = np.broadcast_shapes(*(a.shape for a in arrays))
        out = lined_up((len(arrays), *shape), is_base=True)
        if out.ndim < 2:
            raise Untraceable("numbers stacked to one point")
        for row, array in zip(out, arrays, strict=True):
            self.tape.copy(row, array)
        return self.tape.temporary(out)


def _array(value: Any) -> Array:
    """The array behind a stand-in; Python numbers become 0-d arrays, which are faster operands."""
    if isinstance(value, Traced):
        return value.array
    if isinstance(value, int | float) and not isinstance(value, bool):
        return np.asarray(value, dtype=np.float64)
    return np.asarray(value)


def _reduce(ufunc: np.ufunc, axis: int, array: Array, out: Array | None = None) -> Array:
    return np.asarray(ufunc.reduce(array, axis, None, out))


def _assign(function: Callable[..., Any], *arrays: Array) -> None:
    """A NumPy function that takes no `out`: the last array is the target."""
    *inputs, out = arrays
    np.copyto(out, function(*inputs))


def fill_with_zero(out: Array) -> None:
    """`out[...] = 0`, with the operands in the order of a ufunc."""
    out.fill(0.0)
