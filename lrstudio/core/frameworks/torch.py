"""`torch.optim`, PyTorch 2.13: which class is which rule of ours."""

from lrstudio.core.frameworks.table import Argument

# Arguments that choose between equal ways of computing.
IMPLEMENTATION = tuple(
    Argument(name, None, is_irrelevant=True)
    for name in ("foreach", "fused", "capturable", "differentiable")
)
COMMON = (Argument("maximize", False), *IMPLEMENTATION)
LEARNING_RATE = Argument("lr", 1e-3, "lr", ">= 0")
EPSILON = Argument("eps", 1e-8, "eps", ">= 0")
BETAS = Argument("betas", (0.9, 0.999), ("beta1", "beta2"), "[0, 1)")
COUPLED = {"decay": "coupled"}


def weight_decay(default: float = 0.0) -> Argument:
    """The argument `weight_decay`."""
    return Argument("weight_decay", default, "weight_decay", ">= 0")


SGD_ARGUMENTS = (
    LEARNING_RATE,
    Argument("momentum", 0.0, "momentum", ">= 0"),
    Argument("dampening", 0.0, "dampening"),
    weight_decay(),
    Argument("nesterov", False, values={True: True, False: False}),
    *COMMON,
)
