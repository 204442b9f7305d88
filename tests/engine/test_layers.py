"""Rules that look at layers or matrices step each layer of a model by itself, as frameworks do."""

from typing import Any

import msgspec
import numpy as np
import pytest

from lrstudio.core import (
    DATASETS,
    MODIFIERS,
    OPTIMIZERS,
    PROBLEMS,
    Modifier,
    Optimizer,
    from_framework,
)
from lrstudio.core.arrays import Array
from lrstudio.engine import Contender, Experiment, Trajectory, run
from lrstudio.engine.layers import parts_of

MODEL = PROBLEMS["perceptron"](
    data=DATASETS["iris"](), hidden_layers=1, width=5, order="full", l2=0.01
)
STEPS = 12


def race(*optimizers: Optimizer, seeds: tuple[int, ...] = (0,)) -> Trajectory:
    contenders = tuple(Contender(name=str(i), optimizer=o) for i, o in enumerate(optimizers))
    return run(Experiment(problem=MODEL, contenders=contenders, steps=STEPS, seeds=seeds))


def as_layers(point: Array) -> list[Array]:
    """The arrays of a model; weights are (inputs, outputs)."""
    return [point[layer.places].reshape(layer.shape) for layer in MODEL.layers]


def test_the_parts_of_a_model_are_its_layers_output_by_output() -> None:
    parts = parts_of(MODEL.layers)
    assert [p.shape for p in parts] == [(5, 4), None, (3, 5), None]
    assert sorted(np.concatenate([p.rows for p in parts])) == list(range(MODEL.dim))
    weights = np.arange(MODEL.dim)[MODEL.layers[0].places].reshape(4, 5)
    assert np.array_equal(parts[0].rows.reshape(5, 4), weights.T)


RULES = ("lamb", "lars", "fromage", "novograd", "adafactor", "sm3", "muon")


@pytest.mark.parametrize("rule", RULES)
def test_a_lane_in_layers_does_not_depend_on_its_neighbours(rule: str) -> None:
    many = race(OPTIMIZERS[rule](), OPTIMIZERS["adam"](), seeds=(0, 1))
    for lane in many.plan.lanes:
        if lane.contender == 0:
            alone = race(OPTIMIZERS[rule](), seeds=(lane.seed,))
            assert alone.position[:, :, 0] == pytest.approx(
                many.position[:, :, lane.index], rel=1e-9, abs=1e-12
            )


def test_a_layer_steps_by_its_own_length() -> None:
    # Fromage: every layer moves by a share of its own length, whatever the others do.
    trajectory = race(OPTIMIZERS["fromage"](lr=0.01))
    start, first = (as_layers(trajectory.position[k, :, 0]) for k in (0, 1))
    gradients = as_layers(MODEL.loss_and_gradient(trajectory.position[0])[1][:, 0])
    for before, after, g in zip(start, first, gradients, strict=True):
        length, slope = (max(np.linalg.norm(a), 1e-6) for a in (before, g))
        expected = (before - 0.01 * g * length / slope) / np.sqrt(1 + 0.01**2)
        assert after == pytest.approx(expected, rel=1e-12)


def test_a_layer_is_clipped_by_its_own_length() -> None:
    limit = 0.05
    clip = MODIFIERS["clip_norm"](limit=limit, scope="layer")
    trajectory = race(OPTIMIZERS["sgd"](lr=1.0, modifiers=(clip,)))
    points = [as_layers(trajectory.position[k, :, 0]) for k in (0, 1)]
    gradients = as_layers(MODEL.loss_and_gradient(trajectory.position[0])[1][:, 0])
    lengths = [np.linalg.norm(g) for g in gradients]
    assert min(lengths) < limit < max(lengths)
    for before, after, g, length in zip(*points, gradients, lengths, strict=True):
        assert before - after == pytest.approx(g * min(1.0, limit / length), rel=1e-9)


def test_all_layers_are_clipped_together_if_nothing_else_is_said() -> None:
    trajectory = race(OPTIMIZERS["sgd"](lr=1.0, modifiers=(MODIFIERS["clip_norm"](limit=0.05),)))
    before, after = trajectory.position[:2, :, 0]
    gradient = MODEL.loss_and_gradient(before)[1]
    assert np.linalg.norm(gradient) > 0.05
    assert before - after == pytest.approx(gradient * 0.05 / np.linalg.norm(gradient), rel=1e-9)


MODIFIED = [(rule, modifier) for rule in RULES for modifier in MODIFIERS]


@pytest.mark.parametrize(("rule", "modifier"), MODIFIED)
def test_every_modifier_goes_around_a_rule_in_layers(rule: str, modifier: str) -> None:
    trajectory = race(OPTIMIZERS[rule](modifiers=(MODIFIERS[modifier](),)))
    assert trajectory.is_finished
    assert np.isfinite(trajectory.position).all()


def test_the_average_of_a_rule_in_layers_is_that_of_its_points() -> None:
    uniform = MODIFIERS["uniform_average"]()
    inner = msgspec.structs.replace(uniform, report="iterate")
    points, average = (
        race(OPTIMIZERS["fromage"](modifiers=(modifier,))).position[:, :, 0]
        for modifier in (inner, uniform)
    )
    assert average[-1] == pytest.approx(points[1:].mean(axis=0), rel=1e-12)


def frameworks() -> Any:
    """Optax and Keras, which compute in double precision there."""
    pytest.importorskip("optax")
    from tests.golden import precision

    return precision


def check_beside_optax(ours: Array, theirs: Any) -> None:
    """Compare a run `(steps, dim)` with one of Optax' transformation, layer by layer."""
    optax = frameworks().optax
    arrays = as_layers(ours[0])
    state = theirs.init(arrays)
    for k in range(STEPS):
        flat = np.concatenate([np.asarray(a).ravel() for a in arrays])
        assert ours[k] == pytest.approx(flat, rel=1e-9, abs=1e-12)
        gradient = as_layers(MODEL.loss_and_gradient(flat)[1])
        updates, state = theirs.update(gradient, state, arrays)
        arrays = optax.apply_updates(arrays, updates)


@pytest.mark.frameworks
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("lamb", {"learning_rate": 0.02, "weight_decay": 0.01}),
        ("lars", {"learning_rate": 0.5, "momentum": 0.9}),
        ("fromage", {"learning_rate": 0.02}),
        ("novograd", {"learning_rate": 0.02}),
        ("sm3", {"learning_rate": 0.1}),
        ("adabelief", {"learning_rate": 0.02}),
    ],
)
def test_layers_move_as_the_arrays_of_optax(name: str, arguments: dict[str, Any]) -> None:
    optax = frameworks().optax
    ours = race(from_framework("optax", name, arguments)).position[:, :, 0]
    theirs = getattr(optax, name)(**arguments)
    check_beside_optax(ours, theirs)


@pytest.mark.frameworks
@pytest.mark.parametrize(
    ("transform", "arguments", "modifier"),
    [
        ("clip_by_global_norm", {"max_norm": 0.05}, MODIFIERS["clip_norm"](limit=0.05)),
        ("clip_by_block_rms", {"threshold": 0.01}, MODIFIERS["clip_rms"](limit=0.01)),
        ("adaptive_grad_clip", {"clipping": 0.05}, MODIFIERS["clip_adaptively"](share=0.05)),
    ],
)
def test_layers_are_clipped_as_the_arrays_of_optax(
    transform: str, arguments: dict[str, float], modifier: Modifier
) -> None:
    optax = frameworks().optax
    ours, free = (
        race(OPTIMIZERS["momentum"](lr=0.5, modifiers=around)).position[:, :, 0]
        for around in ((modifier,), ())
    )
    assert not np.allclose(ours, free)
    theirs = optax.chain(getattr(optax, transform)(**arguments), optax.sgd(0.5, momentum=0.9))
    check_beside_optax(ours, theirs)


@pytest.mark.frameworks
@pytest.mark.parametrize("name", ["clipnorm", "global_clipnorm"])
def test_layers_are_clipped_as_the_variables_of_keras(name: str) -> None:
    keras = frameworks().keras
    arguments = {"learning_rate": 0.5, name: 0.05}
    ours = race(from_framework("keras", "SGD", arguments)).position[:, :, 0]
    theirs = keras.optimizers.SGD(**arguments)
    variables = [keras.Variable(a, dtype="float64") for a in as_layers(ours[0])]
    for k in range(STEPS):
        flat = np.concatenate([np.asarray(v.value).ravel() for v in variables])
        assert ours[k] == pytest.approx(flat, rel=1e-9, abs=1e-12)
        gradient = as_layers(MODEL.loss_and_gradient(flat)[1])
        theirs.apply([keras.ops.convert_to_tensor(g) for g in gradient], variables)


@pytest.mark.frameworks
def test_matrices_move_as_those_of_pytorchs_muon() -> None:
    torch = pytest.importorskip("torch")
    arguments = {"lr": 0.05, "weight_decay": 0.1}
    ours = race(from_framework("torch", "Muon", arguments)).position[:, :, 0]
    places = [i for i, layer in enumerate(MODEL.layers) if len(layer.shape) == 2]
    weights = [
        torch.nn.Parameter(torch.tensor(np.ascontiguousarray(as_layers(ours[0])[i].T)))
        for i in places
    ]
    optimizer = torch.optim.Muon(weights, **arguments)
    for k in range(STEPS):
        gradients = as_layers(MODEL.loss_and_gradient(ours[k])[1])
        for i, weight in zip(places, weights, strict=True):
            # PyTorch orthogonalises in bfloat16.
            assert pytest.approx(weight.detach().numpy(), abs=0.03) == as_layers(ours[k])[i].T
            weight.grad = torch.tensor(np.ascontiguousarray(gradients[i].T))
        optimizer.step()
