"""How fast the engine is beside its peers, in one process and in turns.

`python tests/benchmarks/bench_engine.py` prints the ratios;
`pytest -m benchmark tests/benchmarks/bench_engine.py` holds them against their goals. Needs the
`frameworks` extra. One thread each: JAX' is a compiled loop over small arrays, PyTorch is told.
"""

from functools import partial
from importlib.util import find_spec
from pathlib import Path
from sys import path

import numpy as np
import pytest

if __name__ == "__main__":
    path.insert(0, str(Path(__file__).parents[2]))

from lrstudio.core import OPTIMIZERS, PROBLEMS
from lrstudio.core.arrays import Array
from lrstudio.engine import Contender, Experiment, Recording, Trajectory, run
from tests.benchmarks.timing import in_turns, say

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        not all(map(find_spec, ("torch", "optax"))), reason="needs the `frameworks` extra"
    ),
]

LANES = 1000
STEPS = 1000
START = (-1.2, 1.0)


def race(starts: tuple[tuple[float, ...], ...], steps: int) -> Experiment:
    """Adam on Rosenbrock from each start."""
    adam = Contender(name="Adam", optimizer=OPTIMIZERS["adam"](lr=1e-3))
    return Experiment(
        problem=PROBLEMS["rosenbrock"](), contenders=(adam,), starts=starts, steps=steps
    )


def many_starts() -> Array:
    return np.random.default_rng(0).uniform(-2, 2, (LANES, 2))


def test_one_lane_is_twenty_times_as_fast_as_a_loop_of_pytorch() -> None:
    from tests.benchmarks import peers

    experiment = race((START,), STEPS)
    ours, theirs = in_turns(7, lambda: run(experiment), lambda: peers.torch_loop(START, STEPS))
    end = run(experiment).position[-1, :, 0]
    assert end == pytest.approx(peers.torch_loop(START, STEPS), rel=1e-9)
    say(
        f"1 lane, recorded: {STEPS / ours:,.0f} steps/s; torch.optim.Adam, not recorded: "
        f"{STEPS / theirs:,.0f}; ratio {theirs / ours:.0f} (goal 20)"
    )
    assert theirs / ours >= 20


def test_a_thousand_lanes_keep_up_with_a_compiled_scan() -> None:
    import jax.numpy as jnp

    from tests.benchmarks import peers

    starts = many_starts()
    points = jnp.asarray(starts)
    experiment = race(tuple(map(tuple, starts.tolist())), STEPS)
    scans = [peers.jax_scan(STEPS, is_clock_shared=shared) for shared in (False, True)]

    def ours() -> Trajectory:
        return run(experiment, Recording(every=STEPS))

    def theirs(number: int) -> Array:
        return np.asarray(scans[number](points)[0].block_until_ready())

    taken = in_turns(9, ours, partial(theirs, 0), partial(theirs, 1))
    assert np.abs(ours().position[-1].T - theirs(0)).max() < 1e-9
    own, lanes, shared = (LANES * STEPS / seconds / 1e6 for seconds in taken)
    say(
        f"{LANES} lanes: {own:.0f} M lane-steps/s; jit(scan(vmap(optax.adam))) {lanes:.0f} M, "
        f"ratio {own / lanes:.2f} (goal 0.4); with one clock for all lanes {shared:.0f} M, "
        f"ratio {own / shared:.2f}"
    )
    assert own / lanes >= 0.4


def test_a_thousand_lanes_are_done_before_a_scan_is_compiled_and_done() -> None:
    import jax
    import jax.numpy as jnp

    from tests.benchmarks import peers

    starts = many_starts()
    experiment = race(tuple(map(tuple, starts.tolist())), STEPS)
    points = jnp.asarray(starts)

    def compile_and_run() -> None:
        jax.clear_caches()
        peers.jax_scan(STEPS, is_clock_shared=True)(points)[0].block_until_ready()

    ours, theirs = in_turns(5, lambda: run(experiment, Recording(every=STEPS)), compile_and_run)
    say(
        f"{LANES} lanes × {STEPS} steps from nothing: {ours * 1e3:.0f} ms; "
        f"jit(scan(vmap(optax.adam))) with compilation {theirs * 1e3:.0f} ms; "
        f"ratio {theirs / ours:.1f} (goal 1)"
    )
    assert theirs / ours > 1


if __name__ == "__main__":
    test_one_lane_is_twenty_times_as_fast_as_a_loop_of_pytorch()
    test_a_thousand_lanes_keep_up_with_a_compiled_scan()
    test_a_thousand_lanes_are_done_before_a_scan_is_compiled_and_done()
