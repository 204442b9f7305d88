"""The same race as other people would run it: PyTorch's loop, JAX' compiled scan."""

import os
from collections.abc import Callable
from typing import Any

os.environ.setdefault("JAX_ENABLE_X64", "1")

import jax
import jax.numpy as jnp
import optax
import torch

RATE = 1e-3

torch.set_num_threads(1)


def torch_loop(start: tuple[float, float], steps: int) -> tuple[float, ...]:
    """One run of `torch.optim.Adam` on Rosenbrock, nothing recorded; the end."""
    point = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([point], lr=RATE)
    for _ in range(steps):
        optimizer.zero_grad()
        x, y = point
        loss = 100 * (y - x**2) ** 2 + (1 - x) ** 2
        loss.backward()
        optimizer.step()
    return tuple(point.tolist())


def rosenbrock(point: Any) -> Any:
    x, y = point
    return 100 * (y - x**2) ** 2 + (1 - x) ** 2


def jax_scan(steps: int, *, is_clock_shared: bool) -> Callable[[Any], Any]:
    """`jit(scan(vmap(adam)))` in float64: starts `(lanes, 2)` to ends and best losses.

    With `vmap` over the optimizer every lane counts its own steps, and the bias correction is
    worked out per lane. A shared clock leaves that out, because Adam's update is element-wise and
    needs no `vmap`; it is what somebody who knows would write.
    """
    optimizer = optax.adam(RATE)
    init = optimizer.init if is_clock_shared else jax.vmap(optimizer.init)
    update = optimizer.update if is_clock_shared else jax.vmap(optimizer.update)
    evaluate = jax.vmap(jax.value_and_grad(rosenbrock))

    def step(carry: Any, _: Any) -> Any:
        points, state, best = carry
        losses, gradients = evaluate(points)
        moves, state = update(gradients, state, points)
        return (optax.apply_updates(points, moves), state, jnp.minimum(best, losses)), None

    def run(starts: Any) -> Any:
        carry = (starts, init(starts), jnp.full(len(starts), jnp.inf))
        (points, _, best), _ = jax.lax.scan(step, carry, length=steps)
        return points, best

    return jax.jit(run)
