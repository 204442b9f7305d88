"""The operations of a step, written out as a Python function of plain floats.

An array operation takes some 200 ns however few elements it has, one of two floats 20. So where
there are few elements, the recorded operations are unrolled: each element becomes a local
variable, each operation a line for each element. These are the operations that arrays would run,
in the same order and the same arithmetic, so that the numbers are the same, bit for bit.

What depends on the number of the step alone (rates, bias corrections, noise) is worked out
beforehand, for many steps at once.
"""

import functools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from lrstudio.core.arrays import Array
from lrstudio.engine.elements import Elements
from lrstudio.engine.peephole import Entry, copy_into
from lrstudio.engine.tape import Untraceable, fill_with_zero, select

OF_ONE: tuple[Any, ...] = (
    *(np.sin, np.cos, np.tan, np.arcsin, np.arccos, np.arctan, np.sinh, np.cosh, np.tanh),
    *(np.exp, np.expm1, np.log, np.log1p, np.log2, np.log10, np.cbrt, np.floor),
)
"""Functions of one number that Python either lacks or computes otherwise."""
LINES: Mapping[Any, str] = {f: f"float({f.__name__}({{}}))" for f in OF_ONE} | {
    np.add: "{} + {}",
    np.subtract: "{} - {}",
    np.multiply: "{} * {}",
    np.divide: "{} / {}",
    np.negative: "-{}",
    np.positive: "{}",
    np.square: "{0} * {0}",
    np.sqrt: "sqrt({})",
    np.maximum: "{0} if {0} >= {1} or {0} != {0} else {1}",
    np.minimum: "{0} if {0} <= {1} or {0} != {0} else {1}",
    np.absolute: "abs({})",
    np.sign: "1.0 if {0} > 0.0 else -1.0 if {0} < 0.0 else 0.0 if {0} == 0.0 else {0}",
    np.copysign: "copysign({}, {})",
    np.greater: "{} > {}",
    np.greater_equal: "{} >= {}",
    np.less: "{} < {}",
    np.less_equal: "{} <= {}",
    np.equal: "{} == {}",
    np.not_equal: "{} != {}",
    np.isnan: "{0} != {0}",
    np.isfinite: "isfinite({})",
    np.logical_and: "{} and {}",
    np.logical_or: "{} or {}",
    np.logical_not: "not {}",
    np.bitwise_and: "{} and {}",
    np.bitwise_or: "{} or {}",
    np.invert: "not {}",
    select: "{1} if {0} else {2}",
    np.reciprocal: "1.0 / {}",
    np.power: "float(power({}, {}))",
    np.arctan2: "float(arctan2({}, {}))",
    np.hypot: "float(hypot({}, {}))",
    copy_into: "{}",
    fill_with_zero: "0.0",
}
CAREFUL = {
    **LINES,
    np.divide: "float(divide({}, {}))",
    np.reciprocal: "float(divide(1.0, {}))",
    np.sqrt: "float(root({}))",
}
"""For steps at which Python raises what IEEE 754 gives a value to: 1/0, √−1."""
FUNCTIONS = {
    "sqrt": math.sqrt,
    "copysign": math.copysign,
    "isfinite": math.isfinite,
    "root": np.sqrt,
    "divide": np.divide,
    "power": np.power,
    "arctan2": np.arctan2,
    "hypot": np.hypot,
    **{f.__name__: f for f in OF_ONE},
}
LOGICAL = (
    np.logical_and,
    np.logical_or,
    np.logical_not,
    np.bitwise_and,
    np.bitwise_or,
    np.invert,
)
ARITHMETIC = (np.add, np.multiply)
"""What does something else to truth values than to numbers."""
SLOW_CALL = 8
"""Lines of arithmetic that take as long as a call of one of NumPy's functions."""

Step = Callable[[Sequence[float], Sequence[float], Iterable[Sequence[float]]], Any]


class _Line(NamedTuple):
    """Operations on elements that are done at once: `targets = function(operands), ...`."""

    targets: list[str]
    function: Any
    operands: list[tuple[str, ...]]

    def text(self, lines: Mapping[Any, str]) -> str:
        values = (lines[self.function].format(*names) for names in self.operands)
        return f"{', '.join(self.targets)} = {', '.join(values)}"


class Unrolled:
    """One step as a function of floats, kept going over many steps.

    `before` are the operations up to the moment at which the `recorded` arrays are noted, `after`
    the others. `clocks` are arrays that the caller gives values to for each step. Raises
    `Untraceable` where an operation cannot be written out.
    """

    def __init__(
        self,
        before: Sequence[Entry],
        after: Sequence[Entry],
        clocks: Sequence[Array],
        recorded: Sequence[Array],
    ) -> None:
        entries = (*before, *after)
        self._clocks = clocks
        self._ahead = _ahead_of_time(entries, clocks)
        ahead = {id(entry) for entry in self._ahead}
        ticking = (*clocks, *(entry.out for entry in self._ahead))
        self._elements = Elements(ticking, [e.out for e in entries if id(e) not in ahead])
        self._before = [*self._lines(e for e in before if id(e) not in ahead)]
        self._noted = [n for array in recorded for n in self._elements.read(array, array.shape)]
        self._after = [*self._lines(e for e in after if id(e) not in ahead)]
        self._state: Sequence[float] = self._elements.initial_state
        self._step = _compiled(self._text(LINES))

    def run(self, values: Sequence[Array]) -> Array:
        """Go n steps with `values` `(n, ...)` for each clock; what was noted `(n, numbers)`."""
        tables = dict(zip(map(id, self._clocks), values, strict=True))
        for entry in self._ahead:
            tables[id(entry.out)] = _tabulated(entry, tables, len(values[0]))
        columns = self._elements.columns(tables, len(values[0]))
        known = self._state, self._elements.constants, columns
        try:
            rows, self._state = self._step(*known)
        except (ArithmeticError, ValueError):
            rows, self._state = _compiled(self._text(CAREFUL))(*known)
        return np.array(rows)

    def _lines(self, entries: Iterable[Entry]) -> Iterator[_Line]:
        for entry in entries:
            if not can_be_written_out(entry):
                raise Untraceable(f"{entry.function} cannot be written out")
            shape = entry.out.shape
            sources = [self._elements.read(i, shape) for i in entry.inputs]
            targets = self._elements.write(entry.out)
            operands = list(zip(*sources, strict=True)) or [()] * len(targets)
            overlaps = any(set(s) & set(targets) and s != targets for s in sources)
            if overlaps:  # as NumPy has it: all is read before anything is written
                yield _Line(targets, entry.function, operands)
            else:
                for target, names in zip(targets, operands, strict=True):
                    yield _Line([target], entry.function, [names])

    def _text(self, lines: Mapping[Any, str]) -> str:
        names = self._elements
        body = (
            *(line.text(lines) for line in self._before),
            f"note(({', '.join(self._noted)},))",
            *(line.text(lines) for line in self._after),
        )
        return (
            "def step(state, constants, clock):\n"
            f" [{', '.join(names.of_state)}] = state\n"
            f" [{', '.join(names.of_constants)}] = constants\n"
            " rows = []\n"
            " note = rows.append\n"
            f" for [{', '.join(names.of_clock)}] in clock:\n  " + "\n  ".join(body) + "\n"
            f" return rows, [{', '.join(names.of_state)}]\n"
        )


def can_be_written_out(entry: Entry) -> bool:
    """Whether Python does to floats what NumPy does to arrays."""
    if entry.function in LOGICAL:
        return all(array.dtype == np.bool_ for array in entry.inputs)
    is_of_truths = entry.out.dtype == np.bool_ and entry.function in ARITHMETIC
    return entry.function in LINES and not is_of_truths


def lines_of(entries: Iterable[Entry]) -> int:
    """Lines of arithmetic that operations come to, slow calls counted by their time."""
    return sum(
        entry.out.size * (SLOW_CALL if "float" in LINES.get(entry.function, "") else 1)
        for entry in entries
        if entry.out.ndim > 0  # what has no lanes depends on the clock alone, as a rule
    )


@functools.lru_cache(maxsize=64)
def _compiled(text: str) -> Step:
    """The function of a text; a dragged slider changes numbers, not the text."""
    namespace: dict[str, Any] = dict(FUNCTIONS)
    # Nothing but our own templates and numbered names is in the text.
    exec(text, namespace)  # noqa: S102
    step: Step = namespace["step"]
    return step


def _ahead_of_time(entries: Sequence[Entry], clocks: Sequence[Array]) -> list[Entry]:
    """Operations on nothing but clocks and constants, whose results nobody has read before."""
    ticking = {id(clock) for clock in clocks}

    def is_known(array: Array) -> bool:
        if id(array) in ticking:
            return True
        is_part = any(np.may_share_memory(array, clock) for clock in clocks)
        return not is_part and not any(entry.writes(array) for entry in entries)

    found = []
    for place, entry in enumerate(entries):
        is_elementwise = isinstance(entry.function, np.ufunc) or entry.function is select
        is_candidate = is_elementwise and any(id(i) in ticking for i in entry.inputs)
        if is_candidate and all(map(is_known, entry.inputs)):
            is_read_before = any(e.reads(entry.out) for e in entries[:place])
            is_written_once = sum(e.writes(entry.out) for e in entries) == 1
            if is_written_once and not is_read_before:
                ticking.add(id(entry.out))
                found.append(entry)
    return found


def _tabulated(entry: Entry, tables: Mapping[int, Array], steps: int) -> Array:
    """The results of an operation over all steps at once `(n, ...)`."""
    rank = entry.out.ndim
    known = [tables.get(id(array), array[None]) for array in entry.inputs]
    inputs = [
        table.reshape(len(table), *(1,) * (rank - array.ndim), *array.shape)
        for table, array in zip(known, entry.inputs, strict=True)
    ]
    results = np.broadcast_to(entry.function(*inputs), (steps, *entry.out.shape))
    return _with_squares(results, *known) if entry.function is np.power else results


def _with_squares(powers: Array, bases: Array, exponents: Array) -> Array:
    """The same with squares as they come out step by step.

    NumPy squares where the exponent is 2 for all, and calls `pow`, whose last digit may be another,
    where it is 2 for one among others.
    """
    if len(exponents) == 1:
        return powers
    powers = powers.copy()
    for k in np.flatnonzero((exponents == 2.0).reshape(len(exponents), -1).any(axis=1)).tolist():
        powers[k] = np.power(bases[min(k, len(bases) - 1)], exponents[k])
    return powers
