"""Large arrays in blocks of rows: the numbers of one go, and nothing taken apart wrongly."""

from typing import Any

import numpy as np
import pytest

from lrstudio.core import OPTIMIZERS, Optimizer
from lrstudio.core.arrays import Array
from lrstudio.engine import blocks
from lrstudio.engine.blocks import in_blocks
from lrstudio.engine.peephole import Entry
from lrstudio.engine.stepping import Stepper
from tests.core.variants import name

DIM, LANES = 100, 6


def steps_of(stepper: Stepper, gradients: Array) -> Array:
    for k, gradient in enumerate(gradients):
        stepper.gradient[...] = gradient
        stepper.rate[...] = 0.01 * (k + 1) * np.linspace(0.5, 1.5, LANES)
        stepper.advance()
    return stepper.position


@pytest.mark.parametrize(
    "cls", [c for c in OPTIMIZERS.values() if not c().needs and not c().unsuited(None)], ids=name
)
def test_rules_step_in_blocks_as_in_one_go(
    cls: type[Optimizer], monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(0)
    start, gradients = random.normal(size=(DIM, LANES)), random.normal(size=(4, DIM, LANES))
    ends = []
    for size in (8 * LANES * 32, 10**9):
        monkeypatch.setattr(blocks, "BLOCK_BYTES", size)
        with np.errstate(all="ignore"):
            stepper = Stepper([cls()] * LANES, start.copy(), np.zeros((DIM, LANES)))
            ends.append(steps_of(stepper, gradients))
    assert np.array_equal(*ends, equal_nan=True)


def run(entries: list[Entry]) -> None:
    for entry in entries:
        entry.function(*entry.inputs, entry.out)


def arrays(*names: str) -> dict[str, Any]:
    random = np.random.default_rng(1)
    return {n: random.normal(size=(64, 512)) for n in names}


def test_adam_is_taken_apart() -> None:
    rows = 10 * blocks.BLOCK_BYTES // (8 * LANES)
    with np.errstate(all="ignore"):
        adam = [OPTIMIZERS["adam"]()] * LANES
        stepper = Stepper(adam, np.zeros((rows, LANES)), np.ones((rows, LANES)))
    assert stepper._tape is not None
    assert len(stepper._tape.operations()) > 5 * len(stepper._tape.entries())


def test_a_sum_over_rows_ends_a_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 8 * 512 * 16)
    a = arrays("x", "y", "z")
    total = np.zeros(512)
    expected = a["x"] * 2 - (a["x"] * 2).sum(axis=0)
    entries = [
        Entry(np.multiply, [a["x"], np.array(2.0)], a["y"]),
        Entry(lambda x, out: np.add.reduce(x, 0, None, out), [a["y"]], total),
        Entry(np.subtract, [a["y"], total], a["z"]),
    ]
    made = in_blocks(entries, {id(a["y"])}, ())
    assert len(made) > len(entries)
    run(made)
    assert np.allclose(a["z"], expected, rtol=1e-13)


def test_arrays_that_overlap_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 8 * 512 * 16)
    memory = np.arange(65.0 * 512).reshape(65, 512)
    entries = [Entry(np.add, [memory[1:], np.array(1.0)], memory[:-1])]
    assert in_blocks(entries, (), ()) == entries


@pytest.mark.parametrize("row", [0, slice(1)])
def test_a_row_of_what_is_written_is_left_alone(
    row: int | slice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 8 * 512 * 16)
    a = arrays("x", "y")
    entries = [
        Entry(np.multiply, [a["x"], a["x"][row]], a["y"]),
        Entry(np.add, [a["x"], np.array(1.0)], a["x"]),
    ]
    assert in_blocks(entries, (), ()) == entries


def test_a_number_that_is_changed_after_it_was_read_stays_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 8 * 512 * 16)
    a = arrays("x", "y", "z")
    factor = np.array(3.0)
    entries = [
        Entry(np.multiply, [a["x"], factor], a["y"]),
        Entry(np.add, [factor, np.array(1.0)], factor),
        Entry(np.multiply, [a["x"], factor], a["z"]),
    ]
    run(in_blocks(entries, (), ()))
    assert np.array_equal(a["y"], 3 * a["x"])
    assert np.array_equal(a["z"], 4 * a["x"])
