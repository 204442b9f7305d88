"""Models that learn from data: regressions and a perceptron."""

from functools import lru_cache
from typing import Annotated, Literal

import numpy as np

from lrstudio.core.activations import ACTIVATIONS, ActivationName
from lrstudio.core.arrays import Array
from lrstudio.core.data_problem import ClassWeights, DataProblem, Initialization
from lrstudio.core.declaration import meta
from lrstudio.core.heads import CrossEntropy, HalfSquares, Head, LogisticLoss
from lrstudio.core.network import Network
from lrstudio.core.problem import LARGEST_MATRIX, Point
from lrstudio.core.table import Table

Reduction = Annotated[
    Literal["mean", "sum"],
    meta(
        "",
        "Loss over examples",
        "The mean over the batch, or the sum, which grows with it and so does its curvature.",
    ),
]
Depth = Annotated[
    int,
    meta("L", "Hidden layers", "How many hidden layers there are.", low=0, high=8, ge=0, le=20),
]
Width = Annotated[
    int,
    meta(
        "h",
        "Width",
        "Units of each hidden layer.",
        scale="log",
        low=2,
        high=128,
        ge=1,
        le=1000,
    ),
]
Activate = Annotated[
    ActivationName, meta("", "Activation", "What each hidden unit does to what it is given.")
]
Norm = Annotated[
    bool,
    meta(
        "",
        "Layer norm",
        "Normalise each hidden layer over its units before the activation.",
    ),
]
PerceptronLoss = Annotated[
    Literal["cross_entropy", "squares"],
    meta(
        "",
        "Loss",
        "Cross-entropy of the softmax, or half the squared distance to the target; a quantity "
        "always has the latter.",
    ),
]


class LinearRegression(DataProblem, tag="linear_regression", frozen=True, kw_only=True):
    """Linear regression: a plane through the examples.

    f(w, b) = 1/(2B) Σᵢ (xᵢ · w + b − yᵢ)²

    Symbols: x, the features of an example; y, its target; i, the number of an example of the batch;
    w, the weights; b, the bias.

    With the sum in place of the mean, the loss and its curvature grow with the batch, and the
    largest stable rate shrinks with them: 2/λmax of XᵀX/n, or of XᵀX. The mean over the validation
    examples is then shown times the number of training examples, so that both losses compare.
    Classes count as their number. The minimum is found by a singular value decomposition.

    `torch.nn.MSELoss` times ½, with the reduction "mean" or "sum", 2.13.
    """

    reduction: Reduction = "mean"

    task = "quantity"
    traits = ("convex", "smooth")
    aliases = ("least squares",)

    @property
    def is_sum(self) -> bool:
        return self.reduction == "sum"

    def network(self, table: Table) -> Network:
        return Network((table.columns, 1), HalfSquares())

    @property
    def minima(self) -> tuple[Point, ...]:
        return (solved(self),)

    @property
    def minimum_value(self) -> float:  # type: ignore[override]
        return lowest(self)

    def hessians(self, position: Array) -> tuple[Array, int]:
        matrix = normal_matrix(self)
        return np.repeat(matrix[:, :, None], position.shape[1], axis=2), self.dim

    def curvature_at(self, point: Point) -> tuple[float, float] | None:
        return None if self.dim > LARGEST_MATRIX else spread_of_curvatures(self)


class LogisticRegression(DataProblem, tag="logistic_regression", frozen=True, kw_only=True):
    """Logistic regression: a straight border between two classes.

    f(w, b) = 1/B Σᵢ [log(1 + e^zᵢ) − yᵢ zᵢ]         zᵢ = xᵢ · w + b

    Symbols: x, the features of an example; y, its class, 0 or 1; i, the number of an example of the
    batch; z, the log-odds of class 1; w, the weights; b, the bias.

    Of more than two classes the rarest is told from the rest; a quantity is cut at its median.
    Where a border parts the classes without error and there is no L2 penalty, the loss falls for
    ever and the weights grow without end.

    `torch.nn.BCEWithLogitsLoss`, 2.13; with class weights the weighted mean.
    """

    class_weights: ClassWeights = "none"

    task = "two_classes"
    traits = ("convex", "smooth")

    @property
    def weighting(self) -> Literal["none", "balanced"]:
        return self.class_weights

    def network(self, table: Table) -> Network:
        return Network((table.columns, 1), LogisticLoss())


class SoftmaxRegression(DataProblem, tag="softmax_regression", frozen=True, kw_only=True):
    """Softmax regression: straight borders between any number of classes.

    f(W, b) = 1/B Σᵢ [log Σⱼ e^zᵢⱼ − zᵢ,y]         zᵢ = xᵢ W + b

    Symbols: x, the features of an example; y, its class; i, the number of an example of the batch;
    j, the number of a class; z, the scores of the classes; W, the weights, one column for each
    class; b, the biases.

    A quantity is cut into thirds.

    `torch.nn.CrossEntropyLoss`, 2.13, with its `weight` for class weights.
    """

    class_weights: ClassWeights = "none"

    task = "classes"
    traits = ("convex", "smooth")
    aliases = ("multinomial logistic regression",)

    @property
    def weighting(self) -> Literal["none", "balanced"]:
        return self.class_weights

    def network(self, table: Table) -> Network:
        return Network((table.columns, len(table.classes)), CrossEntropy())


class Perceptron(DataProblem, tag="perceptron", frozen=True, kw_only=True):
    """Multi-layer perceptron: layers of units, each of which sees all of the layer before.

    a₀ = x
    aₗ = φ(aₗ₋₁ Wₗ + bₗ)
    z = a_L W + b

    Symbols: x, the features of an example; a, the activations of a layer; l, the number of a hidden
    layer; φ, the activation function; W, the weights of a layer; b, its biases; z, the outputs.

    The loss is the cross-entropy of the softmax of z, or half the squared distance to the target
    (1 for the right class and 0 for the others), in the mean over the batch.

    `torch.nn.Sequential` of `Linear`, `LayerNorm` and an activation, 2.13; GELU in its exact form.
    """

    hidden_layers: Depth = 1
    width: Width = 16
    activation: Activate = "tanh"
    norm: Norm = False
    model_loss: PerceptronLoss = "cross_entropy"
    class_weights: ClassWeights = "none"
    init: Initialization = "xavier"

    traits = ("multimodal",)
    aliases = ("MLP", "neural network")

    @property
    def weighting(self) -> Literal["none", "balanced"]:
        return self.class_weights

    @property
    def has_kinks(self) -> bool:  # type: ignore[override]
        return ACTIVATIONS[self.activation].has_kink

    def network(self, table: Table) -> Network:
        is_classes = bool(table.classes) and self.model_loss == "cross_entropy"
        head: Head = CrossEntropy() if is_classes else HalfSquares()
        widths = (table.columns, *(self.width,) * self.hidden_layers, head.outputs(table))
        return Network(widths, head, self.activation, self.norm)


def normal_matrix(problem: LinearRegression) -> Array:
    """Second derivatives `(dim, dim)` of a linear regression, the same everywhere."""
    train = problem.sample.train
    inputs = np.column_stack([train.features, np.ones(train.examples)])
    matrix = inputs.T @ inputs
    matrix /= 1 if problem.is_sum else train.examples
    matrix[np.diag_indices(train.columns)] += problem.l2
    return np.asarray(matrix)


def weighted_inputs(problem: LinearRegression) -> Array:
    """The examples as rows `(N + features, dim)` of a matrix A of which AᵀA is the Hessian.

    The penalty is one more example for each weight.
    """
    train = problem.sample.train
    inputs = np.column_stack([train.features, np.ones(train.examples)])
    pull = np.sqrt(problem.l2) * np.eye(train.columns, train.columns + 1)
    return np.vstack([_share(problem) * inputs, pull])


@lru_cache(maxsize=16)
def solved(problem: LinearRegression) -> Point:
    """Where the gradient vanishes; the shortest such point if there are many.

    By a singular value decomposition of the examples themselves: the normal equations would square
    their condition number.
    """
    train = problem.sample.train
    targets = np.concatenate([_share(problem) * train.target, np.zeros(train.columns)])
    point, *_ = np.linalg.lstsq(weighted_inputs(problem), targets)
    return tuple(point.tolist())


@lru_cache(maxsize=16)
def spread_of_curvatures(problem: LinearRegression) -> tuple[float, float]:
    """Smallest and largest eigenvalue of the Hessian, as squares of singular values.

    The eigenvalues themselves would be lost in rounding from a condition number of 1e12 on, which
    features as they stand in a table have.
    """
    inputs = weighted_inputs(problem)
    values = np.linalg.svd(inputs, compute_uv=False)
    values[values <= max(inputs.shape) * np.finfo(float).eps * values[0]] = 0.0
    return float(values[-1] ** 2), float(values[0] ** 2)


def _share(problem: LinearRegression) -> float:
    """Root of the share that each example has in the loss."""
    return 1.0 if problem.is_sum else float(1 / np.sqrt(problem.sample.train.examples))


@lru_cache(maxsize=16)
def lowest(problem: LinearRegression) -> float:
    """The loss there."""
    return float(problem.loss(np.array(solved(problem))))
