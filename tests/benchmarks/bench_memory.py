"""A million steps of eight contenders, and their table on disk, in little memory.

`python tests/benchmarks/bench_memory.py` prints the peak;
`pytest -m benchmark tests/benchmarks/bench_memory.py` holds it against its goal. The race is a
process of its own, so that nothing else counts.
"""

import subprocess
import sys
from pathlib import Path

import pytest

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.timing import say

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(900)]

GOAL_MB = 400

RACE = """
import resource, sys, time
sys.path.insert(0, sys.argv[1])
from lrstudio.core import OPTIMIZERS, PROBLEMS, SCHEDULES
from lrstudio.engine import Contender, Experiment, results, run

def peak() -> float:
    if sys.platform == "darwin":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    # Not ru_maxrss, which Linux hands down from the process that started this one.
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if "VmHWM" in line) / 1e3

RULES = "sgd momentum nesterov adagrad rmsprop adadelta adam adamw".split()
schedules = [SCHEDULES["cosine"](floor=0.01 * i) for i in range(8)]
contenders = tuple(
    Contender(name=rule, optimizer=OPTIMIZERS[rule](lr=1e-4), schedule=schedule)
    for rule, schedule in zip(RULES, schedules, strict=True)
)
race = Experiment(problem=PROBLEMS["rosenbrock"](), contenders=contenders, steps=1_000_000)
started = time.perf_counter()
trajectory = run(race)
assert trajectory.reached == 1_000_000
assert len(results(trajectory)) == 8
seconds, after_run = time.perf_counter() - started, peak()
print(f"{seconds:.1f} {trajectory.plan.stride} {after_run:.0f}")
if len(sys.argv) > 2:
    from lrstudio.storage.tables import save_csv
    started = time.perf_counter()
    save_csv(sys.argv[2], trajectory)
    print(f"{time.perf_counter() - started:.1f} {peak():.0f}")
"""


def measured(*arguments: str) -> list[list[float]]:
    command = [sys.executable, "-c", RACE, str(ROOT), *arguments]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [[float(number) for number in line.split()] for line in text.splitlines()]


def test_a_million_steps_and_their_table_stay_below_400_megabytes(tmp_path: Path) -> None:
    table = tmp_path / "race.csv"
    (seconds, stride, peak), (writing, peak_with_table) = measured(str(table))
    say(
        f"8 contenders × 1,000,000 steps: {seconds:.0f} s, every {stride:.0f}. step kept, "
        f"peak {peak:.0f} MB; with {table.stat().st_size / 1e6:.0f} MB of CSV written in "
        f"{writing:.0f} s: peak {peak_with_table:.0f} MB (goal {GOAL_MB})"
    )
    assert peak_with_table < GOAL_MB


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        test_a_million_steps_and_their_table_stay_below_400_megabytes(Path(folder))
