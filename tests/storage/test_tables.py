"""Other programs read back exactly what was computed; here it is the csv module that does."""

import csv
import io
import json
import math
import time
import tracemalloc
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrstudio import __version__
from lrstudio.core import DISTURBANCES, OPTIMIZERS, PROBLEMS, SCHEDULES, Warmup
from lrstudio.engine import (
    Contender,
    Experiment,
    Recording,
    Trajectory,
    headline,
    plan,
    results,
    run,
    simulate,
)
from lrstudio.storage import experiments, tables
from lrstudio.storage.columns import quantities
from lrstudio.storage.errors import StorageError

LABELS = ["run", "contender", "optimizer", "schedule", "start", "seed"]
QUANTITIES = ["step", "learning_rate", "loss", "loss_minus_minimum", "gradient_norm"]


def race(**changes: object) -> Experiment:
    """Two starts, two seeds, rules that do not stand in one group, one that diverges."""
    experiment = Experiment(
        problem=PROBLEMS["styblinski_tang"](),
        contenders=(
            Contender(name="Adam", optimizer=OPTIMIZERS["adam"](lr=0.05)),
            Contender(name='SGD, "fast"', optimizer=OPTIMIZERS["sgd"](lr=0.9)),
            Contender(name="off", optimizer=OPTIMIZERS["sgd"](), enabled=False),
            Contender(
                name="=Adam",
                optimizer=OPTIMIZERS["adam"](lr=0.02),
                schedule=SCHEDULES["cosine"](warmup=Warmup(steps=5)),
            ),
        ),
        starts=((0.5, 1.0), (-4.0, 4.5)),
        seeds=(3, 4),
        steps=40,
        noise=0.5,
    )
    return msgspec.structs.replace(experiment, **changes)


def written(trajectory: Trajectory) -> bytes:
    return b"".join(tables.csv_blocks(trajectory))


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def number(cell: str) -> float:
    return float(cell) if cell else math.nan


def test_every_number_reads_back_exactly() -> None:
    trajectory = run(race())
    rows = rows_of(written(trajectory))
    assert list(rows[0]) == [*LABELS, *QUANTITIES, "x", "y"]
    plan = trajectory.plan
    assert len(rows) == len(plan.lanes) * trajectory.rows
    lanes = sorted(plan.lanes, key=lambda lane: (lane.contender, lane.start, lane.seed))
    rates = trajectory.learning_rate(0, trajectory.rows)
    minimum = plan.experiment.problem.minimum_value
    for n, lane in enumerate(lanes):
        own = rows[n * trajectory.rows : (n + 1) * trajectory.rows]
        assert {row["run"] for row in own} == {str(n + 1)}
        assert {row["start"] for row in own} == {str(lane.start + 1)}
        assert {row["seed"] for row in own} == {str(lane.seed)}
        assert [row["step"] for row in own] == [str(k) for k in range(41)]
        column = {
            name: np.array([number(row[name]) for row in own]) for name in (*QUANTITIES, "x", "y")
        }
        i = lane.index
        np.testing.assert_array_equal(column["learning_rate"], rates[:, i])
        np.testing.assert_array_equal(column["loss"], trajectory.loss[:, i])
        np.testing.assert_array_equal(column["loss_minus_minimum"], trajectory.loss[:, i] - minimum)
        np.testing.assert_array_equal(column["gradient_norm"], trajectory.gradient_norm[:, i])
        np.testing.assert_array_equal(column["x"], trajectory.position[:, 0, i])
        np.testing.assert_array_equal(column["y"], trajectory.position[:, 1, i])


def test_rates_are_worked_out_for_the_rows_that_are_written() -> None:
    planned = plan(race(steps=100_000_000), Recording(every=50_000_000))
    trajectory = Trajectory(planned)
    next(simulate(planned, trajectory))  # the start is recorded, the run goes on
    tracemalloc.start()
    written(trajectory)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


def test_a_diverged_run_has_empty_cells() -> None:
    trajectory = run(race())
    assert (trajectory.diverged_at >= 0).any()
    data = written(trajectory)
    assert b",,,,,," in data
    assert b"nan" not in data.lower()
    assert b"null" not in data


def test_the_form_is_that_of_rfc_4180() -> None:
    data = written(run(race()))
    assert data.endswith(b"\r\n")
    assert data.replace(b"\r\n", b"").count(b"\n") == 0
    assert b',"SGD, ""fast""",' in data


def test_text_that_a_spreadsheet_would_compute_is_defused_and_numbers_are_not() -> None:
    rows = rows_of(written(run(race())))
    names = {row["contender"] for row in rows}
    assert names == {"Adam", 'SGD, "fast"', "'=Adam"}
    assert any(row["x"].startswith("-") for row in rows)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=10))
def test_any_name_comes_back_or_is_defused(name: str) -> None:
    contenders = (Contender(name=name, optimizer=OPTIMIZERS["sgd"](lr=1e-3)),)
    trajectory = run(race(contenders=contenders, steps=1, starts=(), seeds=(0,)))
    found = rows_of(written(trajectory))[0]["contender"]
    assert found == (f"'{name}" if name[:1] in tuple("=+-@\t\r") else name)


def test_infinity_is_not_an_empty_cell() -> None:
    trajectory = run(race(steps=3))
    trajectory.gradient_norm[1, 0] = np.inf
    row = rows_of(written(trajectory))[1]
    assert row["gradient_norm"] == "inf"
    assert number(row["loss"]) == trajectory.loss[1, 0]


@pytest.mark.parametrize("bits", [0x0000000000000001, 0x7FEFFFFFFFFFFFFF, 0x8000000000000000])
def test_extreme_numbers_are_exact(bits: int) -> None:
    trajectory = run(race(steps=2))
    trajectory.position[1, 0, 0] = np.uint64(bits).view(np.float64)
    cell = float(rows_of(written(trajectory))[1]["x"])
    assert np.float64(cell).view(np.uint64) == bits


def test_random_bit_patterns_are_exact() -> None:
    values = np.random.default_rng(0).integers(0, 2**63, 2 * 9000, dtype=np.uint64)
    floats = values.view(np.float64)
    floats = floats[np.isfinite(floats)][:9000]
    trajectory = run(race(steps=8999, contenders=race().contenders[:1], seeds=(0,), starts=()))
    trajectory.loss[:, 0] = floats
    found = [float(row["loss"]) for row in rows_of(written(trajectory))]
    np.testing.assert_array_equal(np.array(found), floats)


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    trajectory = run(race())
    whole = written(trajectory)
    monkeypatch.setattr(tables, "_CELLS_PER_BLOCK", 50)
    assert written(trajectory) == whole


def test_thinned_recordings_say_their_steps() -> None:
    trajectory = run(race(), Recording(every=7))
    steps = [row["step"] for row in rows_of(written(trajectory))[: trajectory.rows]]
    assert steps == ["0", "7", "14", "21", "28", "35", "40"]


def test_many_dimensions_have_plain_column_names() -> None:
    trajectory = run(race(problem=PROBLEMS["sphere"](dim=12), starts=(), steps=1))
    header = written(trajectory).split(b"\r\n", 1)[0].decode()
    assert header.endswith("gradient_norm," + ",".join(f"x{i}" for i in range(1, 13)))


def test_sidecar_repeats_the_run(tmp_path: Path) -> None:
    trajectory = run(race())
    table, sidecar = tables.save_csv(tmp_path / "race.csv", trajectory)
    assert (table.name, sidecar.name) == ("race.csv", "race.json")
    found = json.loads(sidecar.read_text("utf-8"))
    assert found["program"]["version"] == __version__
    assert found["table"] == "race.csv"
    assert list(found["columns"]) == list(rows_of(table.read_bytes())[0])
    repeated = run(experiments.load(sidecar))
    assert written(repeated) == table.read_bytes()


def test_sidecar_tells_what_became_of_each_run(tmp_path: Path) -> None:
    trajectory = run(race())
    _, sidecar = tables.save_csv(tmp_path / "race.csv", trajectory)
    runs = json.loads(sidecar.read_text("utf-8"))["runs"]
    assert [r["run"] for r in runs] == list(range(1, 13))
    kinds = {r["contender"]: r["verdict"]["kind"] for r in runs}
    assert kinds['SGD, "fast"'] == "diverged"
    diverged = next(r for r in runs if r["verdict"]["kind"] == "diverged")
    assert diverged["final_loss"] is None
    assert diverged["verdict"]["sentence"].startswith("diverged at step")


def test_a_sidecar_never_replaces_a_file_that_is_none(tmp_path: Path) -> None:
    trajectory = run(race(steps=2))
    tables.save_csv(tmp_path / "a.csv", trajectory)
    tables.save_csv(tmp_path / "a.csv", trajectory)
    (tmp_path / "mine.json").write_text('{"mine": 1}')
    with pytest.raises(StorageError, match="belongs to something else"):
        tables.save_csv(tmp_path / "mine.csv", trajectory)
    assert (tmp_path / "mine.json").read_text() == '{"mine": 1}'
    assert not (tmp_path / "mine.csv").exists()


def test_a_table_called_json_keeps_its_name(tmp_path: Path) -> None:
    table, sidecar = tables.save_csv(tmp_path / "a.json", run(race(steps=1)))
    assert (table.name, sidecar.name) == ("a.json", "a.json.json")


def test_progress_is_told_and_may_cancel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_CELLS_PER_BLOCK", 50)
    shares: list[float] = []
    trajectory = run(race())
    tables.save_csv(tmp_path / "a.csv", trajectory, shares.append)
    assert shares == sorted(shares)
    assert 0 < shares[0] < 0.05
    assert shares[-1] == 1.0

    def cancel(share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    before = (tmp_path / "a.csv").read_bytes()
    with pytest.raises(KeyboardInterrupt):
        tables.save_csv(tmp_path / "a.csv", run(race(steps=9)), cancel)
    assert (tmp_path / "a.csv").read_bytes() == before


def test_the_file_is_never_in_memory_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_CELLS_PER_BLOCK", 5000)
    trajectory = run(race(steps=5000, noise=0.0))
    tracemalloc.start()
    try:
        tables.save_csv(tmp_path / "a.csv", trajectory)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < (tmp_path / "a.csv").stat().st_size / 4


def test_results_table() -> None:
    rows = tables.results_table(run(race()))
    assert rows[0][:5] == ["contender", "optimizer", "schedule", "start", "seed"]
    assert rows[0][-1] == "verdict"
    assert len(rows) == 13
    assert {len(row) for row in rows} == {len(rows[0])}
    assert rows[-1][2] == "warmup+cosine"
    diverged = next(row for row in rows if row[0].startswith("SGD"))
    assert "–" in diverged

    plain = tables.results_table(run(race(starts=(), seeds=(0,))))
    assert plain[0][:4] == ["contender", "optimizer", "schedule", "best"]


def test_a_zero_has_no_sign() -> None:
    # −|x| on a start at 0: the loss is −0.
    problem = PROBLEMS["formula"](formula="f(x) = -abs(x)", limits=((-1.0, 1.0),))
    adam = Contender(name="Adam", optimizer=OPTIMIZERS["adam"]())
    experiment = Experiment(
        problem=problem, contenders=(adam,), steps=3, starts=((-0.0,), (0.0,)), seeds=(0,)
    )
    trajectory = run(experiment)
    assert math.copysign(1.0, trajectory.best_loss[0]) == -1
    header, *rows = tables.results_table(trajectory)
    for row in rows:
        told = dict(zip(header, row, strict=True))
        assert told["start"] == "(0)"
        assert told["best"] == told["final"] == "0"
        assert "-0" not in told["verdict"]
    assert [math.copysign(1.0, row.best_loss) for row in results(trajectory)] == [1, 1]
    assert "-0" not in headline(results(trajectory))


def test_tab_separated_text_keeps_its_grid() -> None:
    text = tables.tab_separated([["a\tb", "c\nd"], ["1", ""]])
    assert text == "a b\tc d\n1\t\n"


@pytest.mark.benchmark
def test_faster_than_the_csv_module() -> None:
    trajectory = run(race(steps=20_000, noise=0.0))
    started = time.perf_counter()
    data = written(trajectory)
    ours = time.perf_counter() - started
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))[1:]
    cells = [[*row[:6], int(row[6]), *map(number, row[7:])] for row in rows]
    started = time.perf_counter()
    csv.writer(io.StringIO(newline="")).writerows(cells)
    theirs = time.perf_counter() - started
    assert theirs / ours > 2, f"{len(rows)} rows: {ours:.2f} s, csv module {theirs:.2f} s"


def test_evaluations_are_a_column_where_they_are_not_the_steps() -> None:
    optimizer = OPTIMIZERS["armijo"](lr=0.1)
    searching = race(contenders=(Contender(name="Armijo", optimizer=optimizer),))
    trajectory = run(searching, Recording(every=7))
    rows = rows_of(written(trajectory))
    assert "evaluations" not in rows_of(written(run(race())))[0]
    for column in range(4):
        expected = trajectory.evaluations_at()[:, column]
        got = [number(r["evaluations"]) for r in rows if r["run"] == str(column + 1)]
        assert got == expected.tolist()
        assert got[-1] > 40


def test_where_a_function_moved_to_is_a_column_for_each_coordinate() -> None:
    drift = DISTURBANCES["random_walk_drift"](sigma=0.3)
    still = Experiment(
        problem=PROBLEMS["ellipse"](),
        contenders=(Contender(name="GD", optimizer=OPTIMIZERS["sgd"](lr=0.01)),),
        steps=20,
    )
    moving = msgspec.structs.replace(still, disturbances=(drift,))
    trajectory = run(moving)
    added = [c.name for c in quantities(trajectory)][len(quantities(run(still))) :]
    assert added == ["offset_x", "offset_y"]
    x, y, loss = (
        next(c for c in quantities(trajectory) if c.name == name).values(trajectory, 0, 0, 21)
        for name in ("offset_x", "offset_y", "loss")
    )
    place = trajectory.position[..., 0] - np.stack([x, y], axis=1)
    assert loss == pytest.approx(place[:, 0] ** 2 + 10 * place[:, 1] ** 2)


def test_rates_that_listen_to_the_loss_are_written_as_they_were() -> None:
    schedule = SCHEDULES["reduce_on_plateau"](patience=2, factor=0.5)
    racers = [
        Contender(name="listens", optimizer=OPTIMIZERS["sgd"](lr=1e-9), schedule=schedule),
        Contender(
            name="cycles",
            optimizer=OPTIMIZERS["momentum"](lr=1e-3),
            schedule=SCHEDULES["one_cycle"](cycle_momentum=True),
        ),
    ]
    found = run(Experiment(problem=PROBLEMS["sphere"](), contenders=tuple(racers), steps=40))
    rates, momenta = found.learning_rate(), found.momentum()
    assert len(np.unique(rates[:-1, 0])) > 3
    columns = {quantity.name: quantity for quantity in quantities(found)}
    for lane in range(2):
        written = columns["learning_rate"].values(found, lane, 0, found.rows)
        assert np.array_equal(written, rates[:, lane], equal_nan=True)
        written = columns["momentum"].values(found, lane, 0, found.rows)
        assert np.array_equal(written, momenta[:, lane], equal_nan=True)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_a_minimum_of_all_examples_is_taken_from_no_loss_of_a_batch(reduction: str) -> None:
    problem = PROBLEMS["linear_regression"](
        reduction=reduction, scale_target=True, batch_size=16, l2=0.1
    )
    contenders = (Contender(name="SGD", optimizer=OPTIMIZERS["sgd"](lr=1e-3)),)
    trajectory = run(Experiment(problem=problem, contenders=contenders, steps=50, metrics_every=20))
    train = problem.sample.train
    inputs = np.column_stack([train.features, np.ones(train.examples)])
    share = 1.0 if reduction == "sum" else 1 / train.examples
    penalty = 0.1 * np.diag([1.0] * train.columns + [0.0])

    def loss(w: np.ndarray) -> float:
        off = inputs @ w - train.target
        return float(0.5 * share * off @ off + 0.5 * w @ penalty @ w)

    best = np.linalg.solve(share * inputs.T @ inputs + penalty, share * inputs.T @ train.target)
    rows = rows_of(written(trajectory))
    told = {int(r["step"]): r["loss_minus_minimum"] for r in rows if r["loss_minus_minimum"]}
    assert list(told) == [0, 20, 40, 50]
    for step, excess in told.items():
        expected = loss(trajectory.position[step, :, 0]) - loss(best)
        assert float(excess) == pytest.approx(expected, rel=1e-9)
    meanings = {column.name: column.meaning for column in quantities(trajectory)}
    assert "mini-batch" in meanings["loss"]
    assert "all training examples" in meanings["loss_minus_minimum"]
