"""From a text to a formula whose every name has a meaning."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from lrstudio.core.typed_formula.errors import FormulaError
from lrstudio.core.typed_formula.functions import COUNT, INDEX, RESERVED
from lrstudio.core.typed_formula.header import USUAL, parted, usual_variables
from lrstudio.core.typed_formula.operations import OPERATIONS
from lrstudio.core.typed_formula.parsing import Parser
from lrstudio.core.typed_formula.steps import (
    ALL,
    COUNT_OF,
    ENTRY,
    INDEX_PART,
    NAME,
    NUMBER,
    PART,
    Step,
)
from lrstudio.core.typed_formula.tokens import tokens

MOST_CONSTANTS = 20
REDUCING = ("sum", "mean", "prod", "smallest", "largest")
"""Operations that make one number of a vector."""
_NOT_FINITE = ("inf", "infinity", "nan")

Size = int | None
"""How many entries a vector has less than x; None for a single number."""


class Formula(NamedTuple):
    """A formula that was understood.

    In `steps` the operations variable (its number), part (first and end), entry (its place),
    index (first and end), count, name (a constant) and number take nothing; all others work on
    earlier steps. `sizes` says of each step what it is.
    """

    steps: tuple[Step, ...]
    sizes: tuple[Size, ...]
    variables: tuple[str, ...]
    constants: tuple[str, ...]
    """Names that are neither variables nor functions, in the order in which they occur."""
    is_vector: bool
    """Whether the only variable is a vector of any number of entries."""
    least_entries: int
    """Entries that the vector must have."""


@lru_cache(maxsize=512)
def read(text: str) -> Formula:
    """The formula in a text; raises `FormulaError` with the place of what is wrong."""
    left, right = parted(tokens(text))
    parser = Parser(right)
    parser.expression()
    _refuse_odd_names(parser.steps, left or USUAL)
    variables = left or usual_variables(parser.steps, len(text))
    is_vector = any(
        step.operation in (*REDUCING, PART, ENTRY)
        or (step.operation == NAME and step.name == INDEX)
        for step in parser.steps
    )
    if is_vector and len(variables) > 1:
        raise _too_many_for_a_vector(parser.steps)
    steps = tuple(_meant(step, variables, is_vector) for step in parser.steps)
    _refuse_infinite(steps)
    constants = tuple(dict.fromkeys(s.name for s in steps if s.operation == NAME))
    _refuse_many(steps, constants)
    sizes = _sizes(steps)
    if sizes[-1] is not None:
        last = steps[-1]
        raise FormulaError(
            "expected one number, got a vector: put sum(…) around it", last.position, last.length
        )
    least = max((_entries(step) for step in steps), default=2)
    return Formula(steps, sizes, variables, constants, is_vector, max(least, 2))


def _too_many_for_a_vector(steps: list[Step]) -> FormulaError:
    vectorial = (*REDUCING, PART, ENTRY, NAME)
    guilty = next(
        s for s in steps if s.operation in vectorial and (s.operation != NAME or s.name == INDEX)
    )
    return FormulaError(
        "expected a single variable, f(x) = …, where entries of a vector are named or summed",
        guilty.position,
        guilty.length,
    )


def _meant(step: Step, variables: tuple[str, ...], is_vector: bool) -> Step:
    """The step with names turned into what they stand for."""
    if step.operation == NAME:
        return _name(step, variables, is_vector)
    if step.operation in (PART, ENTRY):
        name = step.name
        if name != variables[0] and (name != INDEX or step.operation == ENTRY):
            raise FormulaError(
                f"expected {variables[0]} before the bracket, got {name}",
                step.position,
                step.length,
            )
        return step._replace(operation=INDEX_PART) if name == INDEX else step
    return step


def _name(step: Step, variables: tuple[str, ...], is_vector: bool) -> Step:
    if step.name in variables:
        if is_vector:
            return step._replace(operation=PART, part=ALL)
        return step._replace(operation=ENTRY, place=variables.index(step.name))
    if step.name == COUNT:
        return step._replace(operation=COUNT_OF)
    if step.name == INDEX:
        return step._replace(operation=INDEX_PART, part=ALL)
    return step


def _refuse_odd_names(steps: list[Step], variables: tuple[str, ...]) -> None:
    """Refuse names that look like slips: xy for x*y, PI for pi."""
    for step in steps:
        hint = _meant_by(step.name, variables) if step.operation == NAME else ""
        if hint:
            sentence = f"the name {step.name} is not known; {hint}"
            raise FormulaError(sentence, step.position, step.length)


def _meant_by(name: str, variables: tuple[str, ...]) -> str:
    if name in variables or len(name) == 1:
        return ""
    if all(letter in variables for letter in name):
        return f"write {'*'.join(name)} for the product"
    long = [known for known in RESERVED if len(known) > 1]
    if name.lower() in long:
        return f"write {name.lower()}"
    if name.lower() in _NOT_FINITE:
        return "all numbers are finite"
    import difflib  # noqa: PLC0415 - for those who mistype

    near = difflib.get_close_matches(name, long, n=1, cutoff=0.79) if len(name) > 2 else []
    return f"did you mean {near[0]}?" if near else ""


def _refuse_many(steps: tuple[Step, ...], constants: tuple[str, ...]) -> None:
    if len(constants) > MOST_CONSTANTS:
        step = next(s for s in steps if s.operation == NAME and s.name == constants[-1])
        raise FormulaError(
            f"expected at most {MOST_CONSTANTS} constants", step.position, step.length
        )


def _refuse_infinite(steps: tuple[Step, ...]) -> None:
    """Refuse arithmetic of numbers that has no finite result, such as 9**9**9**9 or log(-1)."""
    values: list[float | None] = []
    with np.errstate(all="ignore"):
        for step in steps:
            values.append(_value(step, values))
            value = values[-1]
            if value is not None and not np.isfinite(value):
                raise FormulaError(
                    "expected a finite number, but this gives "
                    f"{'infinity' if np.isinf(value) else 'no number'}",
                    step.position,
                    step.length,
                )


def _value(step: Step, values: list[float | None]) -> float | None:
    """The value of a step that depends on numbers alone."""
    if step.operation == NUMBER:
        return step.number
    operands = [values[place] for place in step.operands]
    if not operands or step.operation in REDUCING or None in operands:
        return None
    return float(OPERATIONS[step.operation](*(np.float64(o) for o in operands if o is not None)))


def _sizes(steps: tuple[Step, ...]) -> tuple[Size, ...]:
    sizes: list[Size] = []
    for step in steps:
        if step.operation in (PART, INDEX_PART):
            first, last = step.part
            sizes.append(first - (last or 0))
        elif step.operation in REDUCING:
            _refuse_single(step, sizes[step.operands[0]])
            sizes.append(None)
        else:
            sizes.append(_common(step, {sizes[place] for place in step.operands} - {None}))
    return tuple(sizes)


def _refuse_single(step: Step, size: Size) -> None:
    if size is None:
        name = {"smallest": "min", "largest": "max"}.get(step.operation, step.operation)
        raise FormulaError(
            f"expected a vector in {name}(…), got a single number", step.position, step.length
        )


def _common(step: Step, sizes: set[Size]) -> Size:
    if len(sizes) > 1:
        less, more = sorted(size for size in sizes if size is not None)
        raise FormulaError(
            f"expected vectors of one length, got N{_minus(less)} and N{_minus(more)} entries",
            step.position,
            step.length,
        )
    return next(iter(sizes), None)


def _minus(count: int) -> str:
    return f" - {count}" if count else ""


def _entries(step: Step) -> int:
    """How many entries a vector must have for this step."""
    if step.operation == ENTRY:
        return step.place + 1 if step.place >= 0 else -step.place
    if step.operation in (PART, INDEX_PART):
        first, last = step.part
        return first - (last or 0) + 1
    return 0
