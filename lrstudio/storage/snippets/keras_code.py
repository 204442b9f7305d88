"""Programs for Keras."""

from lrstudio.core import Modifier, Optimizer, identifier
from lrstudio.engine import Contender
from lrstudio.storage.snippets import comments
from lrstudio.storage.snippets.keras_schedules import KERAS, rate
from lrstudio.storage.snippets.layout import Code, assignment, call
from lrstudio.storage.snippets.parts import Rate, schedule_of, title, written
from lrstudio.storage.snippets.rules import as_it_moves

_PROBLEM = f"""\
# {comments.STAND_IN}
inputs = np.array([[1.0, 2.0], [2.0, 1.0], [1.0, -1.0], [-1.0, 1.0]])
targets = np.array([[-1.0], [1.0], [2.0], [-2.0]])
start = keras.initializers.Constant(0.5)
model = keras.Sequential(
    [keras.Input((2,)), keras.layers.Dense(1, use_bias=False, kernel_initializer=start)]
)"""
_TRAINING = """\
# All data make one batch, so that an epoch is one step.
model.compile(optimizer=optimizer, loss="mse")
"""
_FITTING = {
    "batch_size": Code("len(inputs)"),
    "epochs": Code("steps"),
    "shuffle": False,
    "verbose": 0,
}


def program(contender: Contender, steps: int) -> str:
    """A program that trains a small model with the contender's rule."""
    kept, left_out = _writable(contender.optimizer)
    found = written(KERAS, contender, kept)
    if found is None:
        return comments.missing(contender, KERAS)
    moved = rate(schedule_of(contender), steps, found)
    arguments = found.arguments
    if moved.value and found.rate_name:
        arguments = arguments | {found.rate_name: Code(moved.value)}
    setting = [f"steps = {steps}", *moved.definitions, found.note]
    setting += [assignment("optimizer", call(found.name, **arguments))]
    body = "\n".join(line for line in setting if line)
    lines = ["import math\n"] if "math." in body else []
    imports = "\n".join([*lines, "import keras", "import numpy as np"])
    imports += "\nfrom keras import ops" if "ops." in body else ""
    remarks = [*(comments.not_in(KERAS, title(m), _why(m)) for m in left_out), *moved.remarks]
    head = f"{comments.heading(contender, KERAS)}\n{imports}"
    ending = "print(f\"loss in step {steps}: {history.history['loss'][-1]:.6g}\")"
    return comments.blocks([head, _PROBLEM, "\n".join(remarks), body, _training(moved), ending])


def _training(moved: Rate) -> str:
    """All steps at once."""
    watching = {"callbacks": Code(f"[{moved.callback}]")} if moved.callback else {}
    fit = call("model.fit", Code("inputs"), Code("targets"), **_FITTING, **watching)
    return _TRAINING + assignment("history", fit)


def _writable(
    optimizer: Optimizer,
) -> tuple[tuple[Modifier, ...], tuple[Modifier, ...]]:
    """The modifiers that are arguments of every class of Keras, and those that are none."""
    kept: tuple[Modifier, ...] = ()
    left_out: tuple[Modifier, ...] = ()
    assert KERAS.arguments_of is not None
    for modifier in optimizer.modifiers:
        if KERAS.arguments_of(tuple(map(as_it_moves, (*kept, modifier)))) is None:
            left_out = (*left_out, modifier)
        else:
            kept = (*kept, as_it_moves(modifier))
    return kept, left_out


def _why(modifier: Modifier) -> str:
    """The reason, where Keras has the thing but does it in another place."""
    known = identifier(type(modifier)) in ("clip_norm", "clip_value", "accumulate")
    return "Keras clips once, after it has gathered gradients" if known else ""
