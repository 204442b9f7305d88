"""What all models share: the data that they learn from, and the knobs on it."""

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import msgspec
import numpy as np

from lrstudio.core.arrays import Array, ArrayLike
from lrstudio.core.dataset import Dataset
from lrstudio.core.datasets.generated import TwoGaussians
from lrstudio.core.declaration import meta
from lrstudio.core.learner import Examiner, Learner
from lrstudio.core.network import Network, initial
from lrstudio.core.preparation import Preparation, Sample, Task, prepared
from lrstudio.core.problem import SUBSCRIPTS, Interval, Layer, Point, Problem, Rows
from lrstudio.core.sampling import Metric, Order, Sampling
from lrstudio.core.table import Table

if TYPE_CHECKING:
    AnyDataset = Dataset
else:
    AnyDataset = Any
    """The union of all data sets, which is put here when all are known."""

Data = Annotated["AnyDataset", meta("", "Data", "The examples to learn from.")]
Subset = Annotated[
    Annotated[int, msgspec.Meta(ge=4, le=1_000_000)] | None,
    meta(
        "n",
        "Examples used",
        "So many are drawn from the data set; left empty all are used.",
        scale="log",
        low=10,
        high=2000,
        left_open="all",
    ),
]
BatchSize = Annotated[
    int,
    meta(
        "B",
        "Batch size",
        "Examples that one step looks at.",
        scale="log",
        low=1,
        high=500,
        ge=1,
        le=1_000_000,
    ),
]
BatchOrder = Annotated[
    Order,
    meta(
        "",
        "Order",
        "Shuffled anew for each epoch; drawn with replacement; as they stand; or all at each step.",
    ),
]
LabelNoise = Annotated[
    float,
    meta(
        "ν",
        "Label noise",
        "Share of the training labels that are replaced by another class; for a quantity the "
        "spread of what is added, in spreads of the target.",
        low=0.0,
        high=0.5,
        ge=0.0,
        le=1.0,
    ),
]
RareShare = Annotated[
    float,
    meta(
        "p",
        "Share of the rare class",
        "The rarest class is made this rare by leaving out examples of it, or of the others; 0 "
        "leaves the classes as they are.",
        scale="log",
        low=0.01,
        high=0.5,
        ge=0.0,
        lt=1.0,
    ),
]
ClassWeights = Annotated[
    Literal["none", "balanced"],
    meta(
        "",
        "Class weights",
        "Balanced: each example counts inversely to how frequent its class is.",
    ),
]
Scaling = Annotated[
    bool,
    meta(
        "",
        "Scale features",
        "Shift and scale each feature to mean 0 and spread 1 over the training examples.",
    ),
]
ScaledTarget = Annotated[
    bool,
    meta("", "Scale target", "The same for the target, where it is a quantity."),
]
ValidationShare = Annotated[
    float,
    meta(
        "q",
        "Kept for validation",
        "Share of the examples that are kept apart and never trained on.",
        low=0.0,
        high=0.5,
        ge=0.0,
        le=0.9,
    ),
]
L2 = Annotated[
    float,
    meta(
        "λ",
        "L2 penalty",
        "Penalty ½λ‖w‖² that is added to the loss, for weights and not for biases.",
        scale="log",
        low=1e-5,
        high=1.0,
        ge=0.0,
        le=1e3,
    ),
]
DataSeed = Annotated[
    int,
    meta(
        "#",
        "Draw",
        "Another number draws another subset, split and label noise.",
        low=0,
        high=100,
        ge=0,
        le=2**53,
    ),
]
Initialization = Annotated[
    Literal["zero", "scaled", "xavier", "he"],
    meta(
        "",
        "Initial weights",
        "All 0, or normal with variance 1/in (scaled), 2/(in + out) (Xavier), 2/in (He).",
    ),
]
InitialScale = Annotated[
    float,
    meta(
        "s",
        "Initial scale",
        "Factor on the initial weights.",
        scale="log",
        low=0.1,
        high=10.0,
        ge=0.0,
        le=1e3,
    ),
]


REACH = 3.0
"""How far from 0 a weight is looked at, where nothing is known of it."""
START_STREAM = 1
"""Of the random numbers of a lane: initial weights have a stream of their own."""


class DataProblem(Problem, frozen=True, kw_only=True):
    """Base of all models; a subclass declares its `network`."""

    data: Data = TwoGaussians()
    examples_used: Subset = None
    batch_size: BatchSize = 32
    order: BatchOrder = "shuffled"
    label_noise: LabelNoise = 0.0
    rare_share: RareShare = 0.0
    scale_features: Scaling = True
    scale_target: ScaledTarget = False
    validation_share: ValidationShare = 0.2
    l2: L2 = 0.0
    data_seed: DataSeed = 0
    init: Initialization = "zero"
    init_scale: InitialScale = 1.0

    family = "models"
    minimum_value = None

    task: ClassVar[Task] = "any"
    """What the model tells."""

    @property
    def weighting(self) -> Literal["none", "balanced"]:
        """How examples of rare classes count."""
        return "none"

    @property
    def idle_parameters(self) -> tuple[str, ...]:
        has_classes = bool(self.sample.train.classes)
        of_target = ("scale_target",) if has_classes else ("rare_share", "class_weights")
        of_start = ("init_scale",) if self.init == "zero" else ()
        return tuple(n for n in (*of_target, *of_start) if n in self.__struct_fields__)

    def network(self, table: Table) -> Network:
        """The model, for the columns and classes of a table."""
        raise TypeError(f"{type(self).__name__} declares no network")

    @property
    def preparation(self) -> Preparation:
        """What decides which numbers the model sees."""
        return Preparation(
            self.data,
            self.task,
            self.examples_used,
            self.label_noise,
            self.rare_share,
            self.scale_features,
            self.scale_target,
            self.validation_share,
            self.weighting,
            self.data_seed,
        )

    @property
    def sample(self) -> Sample:
        """The examples that are trained on, and those that are kept apart."""
        return prepared(self.preparation)

    @property
    def learner(self) -> Learner:
        """The model with its data."""
        return _learner(self)

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-REACH, REACH),) * self.dim

    @property
    def dim(self) -> int:
        return self.learner.network.dim

    @property
    def layers(self) -> tuple[Layer, ...]:
        return self.learner.network.layers

    @property
    def coordinates(self) -> tuple[str, ...]:
        return coordinate_names(self.layers)

    @property
    def start(self) -> Point:
        return tuple(self.drawn_start(0).tolist())

    @property
    def is_start_drawn(self) -> bool:
        return self.init != "zero"

    def drawn_start(self, seed: int) -> Array:
        random = np.random.default_rng([seed, START_STREAM])
        return initial(self.learner.network, self.init, self.init_scale, random)

    @property
    def sampling(self) -> Sampling:
        return Sampling(self.sample.train.examples, self.batch_size, self.order)

    @property
    def numbers_per_example(self) -> int:
        return sum(self.learner.network.widths)

    @property
    def metrics(self) -> tuple[Metric, ...]:
        return self.learner.metrics

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        points = np.asarray(position, dtype=np.float64)
        columns = points.reshape(len(points), -1)
        loss, gradient = self.learner.on_examples(columns, slice(None))
        return loss.reshape(points.shape[1:]), gradient.reshape(points.shape)

    def loss(self, position: Array) -> Array:
        points = np.asarray(position, dtype=np.float64)
        losses = self.learner.loss(points.reshape(len(points), -1))
        return losses.reshape(points.shape[1:])

    def on_examples(
        self, position: Array, rows: Rows, gradient: Array | None = None
    ) -> tuple[Array, Array]:
        return self.learner.on_examples(position, rows, gradient)

    def measure(self, position: Array) -> Array:
        return self.learner.measure(position)

    def examiner(self) -> Examiner:
        return Examiner(self.learner)


@lru_cache(maxsize=16)
def _learner(problem: DataProblem) -> Learner:
    sample = problem.sample
    return Learner(problem.network(sample.train), sample, problem.l2, is_sum=problem.is_sum)


@lru_cache(maxsize=16)
def coordinate_names(layers: tuple[Layer, ...]) -> tuple[str, ...]:
    """W₂[3,1] for the weight from input 3 to output 1 of the second layer, b₂[1] for a bias."""
    return tuple(
        f"{layer.name.translate(SUBSCRIPTS)}[{','.join(str(i + 1) for i in place)}]"
        for layer in layers
        for place in np.ndindex(*layer.shape)
    )
