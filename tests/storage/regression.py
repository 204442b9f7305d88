"""The problem of the snippets: ours, and that of a program run in its framework."""

import contextlib
import io
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from lrstudio.core import Problem
from lrstudio.core.arrays import Array, ArrayLike
from lrstudio.engine import Contender, Experiment, Trajectory, plan, simulate

INPUTS = np.array([[1.0, 2.0], [2.0, 1.0], [1.0, -1.0], [-1.0, 1.0]])
TARGETS = np.array([-1.0, 1.0, 2.0, -2.0])
START = (0.5, 0.5)


class Regression(Problem, tag="regression_of_the_snippets", frozen=True, kw_only=True):
    """Regression: the mean square of four residuals.

    f(x) = ‖Ax − t‖²/4

    Ours.
    """

    shape: tuple[int, int] | None = None
    """That of the parameters in a framework."""

    @property
    def matrix_shape(self) -> tuple[int, int] | None:
        return self.shape

    @property
    def domain(self) -> tuple[tuple[float, float], ...]:
        return ((-5.0, 5.0), (-5.0, 5.0))

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        targets = TARGETS.reshape(4, *(1,) * (np.ndim(position) - 1))
        residual = np.tensordot(INPUTS, position, 1) - targets
        return np.mean(residual**2, axis=0), np.tensordot(INPUTS.T, residual, 1) / 2


SHAPES = {"torch": (1, 2), "keras": (2, 1), "optax": None}


def ours(
    contender: Contender, steps: int, framework: str, start: tuple[float, ...] = START
) -> Array:
    """Our positions `(steps+1, 2)`, the parameters shaped as the framework has them."""
    problem = Regression(shape=SHAPES[framework])
    race = Experiment(problem=problem, contenders=(contender,), steps=steps, starts=(start,))
    planned = plan(race)  # not `run`, which knows registered problems only
    trajectory = Trajectory(planned)
    for _ in simulate(planned, trajectory):
        pass
    return trajectory.position[:, :, 0]


def comparable(contender: Contender, steps: int, framework: str, tolerance: float) -> int:
    """The number of first steps that rounding leaves alone.

    A difference of 1e-15 at the start must stay well below the tolerance.
    """
    there = ours(contender, steps, framework)
    moved = ours(contender, steps, framework, tuple(x * (1 + 1e-15) for x in START))
    with np.errstate(all="ignore"):
        size = np.maximum(np.abs(there), 1e-3)
        grown = np.max(np.abs(there - moved) / size, axis=1) > tolerance / 10
    return int(np.argmax(grown)) - 1 if grown.any() else steps


def torch_course(program: str) -> Array:
    """Parameters after each update of PyTorch."""
    import torch
    from torch.optim.optimizer import register_optimizer_step_post_hook

    found = []

    def note(optimizer: Any, *_: Any) -> None:
        found.append(optimizer.param_groups[0]["params"][0].detach().numpy().ravel().copy())

    hook = register_optimizer_step_post_hook(note)
    torch.set_default_dtype(torch.float64)
    try:
        obey(program)
    finally:
        hook.remove()
        torch.set_default_dtype(torch.float32)
    return np.array(found)


def keras_course(program: str) -> Array:
    """Parameters after each batch of Keras."""
    from tests.golden.make_goldens import keras

    found = []

    class Note(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            self.model.jax_state_sync()
            value = self.model.trainable_variables[0].value
            found.append(keras.ops.convert_to_numpy(value).ravel())

    def fit(fitted: Callable[..., Any]) -> Callable[..., Any]:
        def noted(self: Any, *args: Any, callbacks: Any = (), **settings: Any) -> Any:
            return fitted(self, *args, callbacks=[*callbacks, Note()], **settings)

        return noted

    with replaced(keras.Model, "fit", fit):
        obey(program)
    return np.array(found)


def optax_course(program: str) -> Array:
    """Parameters that the compiled function of an Optax program gives."""
    import jax

    from tests.golden.make_goldens import optax

    found = []

    def jit(compiled: Callable[..., Any]) -> Callable[..., Any]:
        def compiled_and_noted(function: Callable[..., Any]) -> Callable[..., Any]:
            fast = compiled(function)

            def call(*args: Any) -> Any:
                result = fast(*args)
                params = result[0]
                if isinstance(params, optax.LookaheadParams):
                    params = params.fast
                found.append(np.array(params))
                return result

            return call if function.__module__ == MAIN else fast

        return compiled_and_noted

    # Optax counts in int32, and JAX divides those in float32.
    with replaced(jax, "jit", jit), replaced(jax.numpy, "int32", lambda _: jax.numpy.int64):
        obey(program)
    return np.array(found)


COURSES = {"torch": torch_course, "keras": keras_course, "optax": optax_course}
MAIN = "the_program"


def obey(program: str) -> str:
    """Run a program as it is; what it printed."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(program, "snippet.py", "exec"), {"__name__": MAIN})
    return said.getvalue()


@contextlib.contextmanager
def replaced(owner: Any, name: str, change: Callable[[Any], Any]) -> Iterator[None]:
    """A function of a module with something around it, for a while."""
    before = getattr(owner, name)
    setattr(owner, name, change(before))
    try:
        yield
    finally:
        setattr(owner, name, before)
