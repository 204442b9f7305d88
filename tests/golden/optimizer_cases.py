"""Which call of which framework each rule of ours stands for.

A call is evaluated as it stands by `make_goldens`: `p` is the parameter, `rate` the learning rate
of the configuration, already scheduled where the framework takes a function.
"""

from typing import Any, NamedTuple


class Case(NamedTuple):
    """A configuration of ours as it stands in a file, and the framework's call for the same."""

    config: dict[str, Any]
    call: str


def case(rule: str, call: str, **fields: Any) -> Case:
    return Case({"rule": rule, **fields}, call)


INSIDE = {"eps_position": "inside"}
BUFFERED = {"lr_position": "inside"}

SGD = (
    case("sgd", "torch.optim.SGD(p, lr=rate)", lr=0.05),
    case("sgd", "optax.sgd(rate)", lr=0.05),
    case("sgd", "keras.optimizers.SGD(rate)", lr=0.05),
    case("sgd", "torch.optim.SGD(p, lr=rate, weight_decay=0.1)", lr=0.05, weight_decay=0.1),
    case(
        "sgd",
        "keras.optimizers.SGD(rate, weight_decay=0.1)",
        lr=0.05,
        weight_decay=0.1,
        decay="decoupled",
    ),
)

MOMENTUM = (
    case("momentum", "torch.optim.SGD(p, lr=rate, momentum=0.9)", lr=0.02),
    case("momentum", "optax.sgd(rate, momentum=0.5)", lr=0.02, momentum=0.5),
    case(
        "momentum",
        "torch.optim.SGD(p, lr=rate, momentum=0.9, dampening=0.3)",
        lr=0.02,
        dampening=0.3,
    ),
    case(
        "momentum",
        "torch.optim.SGD(p, lr=rate, momentum=0.9, dampening=1.0)",
        lr=0.02,
        dampening=1.0,
    ),
    case(
        "momentum",
        "torch.optim.SGD(p, lr=rate, momentum=0.9, dampening=0.9, weight_decay=0.1)",
        lr=0.02,
        dampening=0.9,
        weight_decay=0.1,
    ),
    case(
        "momentum",
        "optax.chain(optax.trace(0.9), optax.add_decayed_weights(0.1),"
        " optax.scale_by_learning_rate(rate))",
        lr=0.02,
        weight_decay=0.1,
        decay="decoupled",
    ),
    case("momentum", "keras.optimizers.SGD(rate, momentum=0.9)", lr=0.02, **BUFFERED),
    case(
        "momentum",
        "optax.chain(optax.add_decayed_weights(0.1), optax.scale_by_learning_rate(rate),"
        " optax.trace(0.9))",
        lr=0.02,
        weight_decay=0.1,
        **BUFFERED,
    ),
    case(
        "momentum",
        "keras.optimizers.SGD(rate, momentum=0.9, weight_decay=0.1)",
        lr=0.02,
        weight_decay=0.1,
        decay="decoupled",
        **BUFFERED,
    ),
)

NESTEROV = (
    case("nesterov", "torch.optim.SGD(p, lr=rate, momentum=0.9, nesterov=True)", lr=0.02),
    case("nesterov", "optax.sgd(rate, momentum=0.5, nesterov=True)", lr=0.02, momentum=0.5),
    case(
        "nesterov",
        "torch.optim.SGD(p, lr=rate, momentum=0.9, nesterov=True, weight_decay=0.1)",
        lr=0.02,
        weight_decay=0.1,
    ),
    case(
        "nesterov",
        "optax.chain(optax.trace(0.9, nesterov=True), optax.add_decayed_weights(0.1),"
        " optax.scale_by_learning_rate(rate))",
        lr=0.02,
        weight_decay=0.1,
        decay="decoupled",
    ),
    case(
        "nesterov", "keras.optimizers.SGD(rate, momentum=0.9, nesterov=True)", lr=0.02, **BUFFERED
    ),
    case(
        "nesterov",
        "optax.chain(optax.add_decayed_weights(0.1), optax.scale_by_learning_rate(rate),"
        " optax.trace(0.9, nesterov=True))",
        lr=0.02,
        weight_decay=0.1,
        **BUFFERED,
    ),
    case(
        "nesterov",
        "keras.optimizers.SGD(rate, momentum=0.9, nesterov=True, weight_decay=0.1)",
        lr=0.02,
        weight_decay=0.1,
        decay="decoupled",
        **BUFFERED,
    ),
)

ADAGRAD = (
    case("adagrad", "torch.optim.Adagrad(p, lr=rate)", lr=0.1),
    case(
        "adagrad",
        "torch.optim.Adagrad(p, lr=rate, eps=1e-3, initial_accumulator_value=0.5, lr_decay=0.05)",
        lr=0.1,
        eps=1e-3,
        initial_accumulator=0.5,
        lr_decay=0.05,
    ),
    case(
        "adagrad",
        "torch.optim.Adagrad(p, lr=rate, weight_decay=0.1)",
        lr=0.1,
        weight_decay=0.1,
    ),
    case(
        "adagrad",
        "keras.optimizers.Adagrad(rate)",
        lr=0.1,
        eps=1e-7,
        initial_accumulator=0.1,
        **INSIDE,
    ),
    case(
        "adagrad",
        "keras.optimizers.Adagrad(rate, weight_decay=0.1, epsilon=1e-3)",
        lr=0.1,
        eps=1e-3,
        initial_accumulator=0.1,
        weight_decay=0.1,
        decay="decoupled",
        **INSIDE,
    ),
    case(
        "adagrad",
        "optax.adagrad(rate, initial_accumulator_value=0.0, eps=1e-3)",
        lr=0.1,
        eps=1e-3,
        **INSIDE,
    ),
    case(
        "adagrad",
        "optax.chain(optax.add_decayed_weights(0.1), optax.adagrad(rate))",
        lr=0.1,
        eps=1e-7,
        initial_accumulator=0.1,
        weight_decay=0.1,
        **INSIDE,
    ),
)

RMSPROP = (
    case("rmsprop", "torch.optim.RMSprop(p, lr=rate, alpha=0.9)", lr=0.01),
    case("rmsprop", "torch.optim.RMSprop(p, lr=rate, eps=1e-3)", lr=0.01, rho=0.99, eps=1e-3),
    case(
        "rmsprop",
        "torch.optim.RMSprop(p, lr=rate, alpha=0.9, momentum=0.8)",
        lr=0.01,
        momentum=0.8,
    ),
    case(
        "rmsprop",
        "torch.optim.RMSprop(p, lr=rate, alpha=0.9, momentum=0.8, weight_decay=0.1)",
        lr=0.01,
        momentum=0.8,
        weight_decay=0.1,
    ),
    case(
        "rmsprop",
        "optax.rmsprop(rate, decay=0.9, eps=1e-3, eps_in_sqrt=False, momentum=0.8)",
        lr=0.01,
        eps=1e-3,
        momentum=0.8,
        **BUFFERED,
    ),
    case("rmsprop", "optax.rmsprop(rate, decay=0.9, eps=1e-4)", lr=0.01, eps=1e-4, **INSIDE),
    case("rmsprop", "keras.optimizers.RMSprop(rate)", lr=0.01, eps=1e-7, **INSIDE),
    case(
        "rmsprop",
        "keras.optimizers.RMSprop(rate, momentum=0.8, epsilon=1e-3)",
        lr=0.01,
        eps=1e-3,
        momentum=0.8,
        **INSIDE,
        **BUFFERED,
    ),
    case(
        "rmsprop",
        "keras.optimizers.RMSprop(rate, momentum=0.8, weight_decay=0.1)",
        lr=0.01,
        eps=1e-7,
        momentum=0.8,
        weight_decay=0.1,
        decay="decoupled",
        **INSIDE,
        **BUFFERED,
    ),
    case(
        "rmsprop",
        "optax.chain(optax.scale_by_rms(0.9, eps=1e-3), optax.trace(0.8),"
        " optax.scale_by_learning_rate(rate))",
        lr=0.01,
        eps=1e-3,
        momentum=0.8,
        **INSIDE,
    ),
    case(
        "rmsprop",
        "optax.chain(optax.scale_by_rms(0.9, eps=1e-8, eps_in_sqrt=False),"
        " optax.add_decayed_weights(0.1), optax.scale_by_learning_rate(rate))",
        lr=0.01,
        weight_decay=0.1,
        decay="decoupled",
    ),
    case(
        "rmsprop",
        "torch.optim.RMSprop(p, lr=rate, alpha=0.9, centered=True)",
        lr=0.01,
        centered=True,
    ),
    case(
        "rmsprop",
        "torch.optim.RMSprop(p, lr=rate, alpha=0.9, centered=True, momentum=0.8)",
        lr=0.01,
        centered=True,
        momentum=0.8,
    ),
    case(
        "rmsprop",
        "optax.rmsprop(rate, decay=0.9, eps=1e-3, eps_in_sqrt=False, centered=True, momentum=0.8)",
        lr=0.01,
        eps=1e-3,
        centered=True,
        momentum=0.8,
        **BUFFERED,
    ),
    case(
        "rmsprop",
        "keras.optimizers.RMSprop(rate, centered=True)",
        lr=0.01,
        eps=1e-7,
        centered=True,
        **INSIDE,
    ),
    case(
        "rmsprop",
        "keras.optimizers.RMSprop(rate, centered=True, momentum=0.8)",
        lr=0.01,
        eps=1e-7,
        centered=True,
        momentum=0.8,
        **INSIDE,
        **BUFFERED,
    ),
    case(
        "rmsprop",
        "optax.chain(optax.scale_by_stddev(0.9, eps=1e-3), optax.trace(0.8),"
        " optax.scale_by_learning_rate(rate))",
        lr=0.01,
        eps=1e-3,
        centered=True,
        momentum=0.8,
        **INSIDE,
    ),
)

ADADELTA = (
    case("adadelta", "torch.optim.Adadelta(p, lr=rate)", lr=1.0),
    case(
        "adadelta",
        "torch.optim.Adadelta(p, lr=rate, rho=0.95, eps=1e-3, weight_decay=0.1)",
        lr=0.5,
        rho=0.95,
        eps=1e-3,
        weight_decay=0.1,
    ),
    case(
        "adadelta",
        "keras.optimizers.Adadelta(rate, weight_decay=0.1)",
        lr=0.5,
        rho=0.95,
        eps=1e-7,
        weight_decay=0.1,
        decay="decoupled",
    ),
    case("adadelta", "optax.adadelta(rate, rho=0.8, eps=1e-4)", lr=1.0, rho=0.8, eps=1e-4),
)

ADAM = (
    case("adam", "torch.optim.Adam(p, lr=rate)", lr=0.02),
    case("adam", "optax.adam(rate)", lr=0.02),
    case(
        "adam",
        "torch.optim.Adam(p, lr=rate, betas=(0.5, 0.6), eps=1e-2)",
        lr=0.02,
        beta1=0.5,
        beta2=0.6,
        eps=1e-2,
    ),
    case("adam", "optax.adam(rate, b1=0.0, b2=0.99)", lr=0.02, beta1=0.0, beta2=0.99),
    case("adam", "torch.optim.Adam(p, lr=rate, amsgrad=True)", lr=0.02, amsgrad=True),
    case(
        "adam",
        "torch.optim.Adam(p, lr=rate, betas=(0.9, 0.6), amsgrad=True, weight_decay=0.1)",
        lr=0.02,
        beta2=0.6,
        amsgrad=True,
        weight_decay=0.1,
    ),
    case("adam", "torch.optim.Adam(p, lr=rate, weight_decay=0.1)", lr=0.02, weight_decay=0.1),
    case(
        "adam",
        "torch.optim.Adam(p, lr=rate, weight_decay=0.1, decoupled_weight_decay=True)",
        lr=0.02,
        weight_decay=0.1,
        decay="decoupled",
    ),
)

ADAMW = (
    case("adamw", "torch.optim.AdamW(p, lr=rate)", lr=0.02),
    case("adamw", "optax.adamw(rate, weight_decay=0.1)", lr=0.02, weight_decay=0.1),
    case(
        "adamw",
        "torch.optim.AdamW(p, lr=rate, betas=(0.9, 0.6), amsgrad=True, weight_decay=0.1)",
        lr=0.02,
        beta2=0.6,
        amsgrad=True,
        weight_decay=0.1,
    ),
    case("adamw", "torch.optim.AdamW(p, lr=rate, weight_decay=0.0)", lr=0.02, weight_decay=0.0),
)

CASES = (*SGD, *MOMENTUM, *NESTEROV, *ADAGRAD, *RMSPROP, *ADADELTA, *ADAM, *ADAMW)
