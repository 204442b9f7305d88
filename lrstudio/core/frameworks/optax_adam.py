"""The aliases of Optax 0.2.8 that descend from Adam: which function is which rule of ours."""

from lrstudio.core.frameworks.optax_arguments import (
    BETAS,
    EPSILON,
    LEARNING_RATE,
    MASK,
    PRECISION,
    ROOT,
    nesterov,
    weight_decay,
)
from lrstudio.core.frameworks.table import Argument, Call, Values
from lrstudio.core.optimizers.adam import Adam, AdamW, AMSGrad
from lrstudio.core.optimizers.adam_descendants import Adan
from lrstudio.core.optimizers.adam_nesterov import NAdam, OptimisticAdam
from lrstudio.core.optimizers.adam_spread import AdaBelief, Adamax, RAdam, Yogi
from lrstudio.core.optimizers.layerwise import LAMB, NovoGrad
from lrstudio.core.optimizers.lion import Lion

ADAM = (LEARNING_RATE, *BETAS, EPSILON, ROOT, PRECISION)
PLAIN: Values = {"eps_form": "outside", "amsgrad": False}
AHEAD: Values = {"momentum_form": "constant"}


def adam_calls(name: str, *, is_nesterov: bool) -> tuple[Call, Call]:
    """`optax.adam` or `optax.nadam`, which differ in what `nesterov` is by default."""
    arguments = (*ADAM, Argument("nesterov", is_nesterov))
    return (
        Call(
            name=name,
            rule=Adam,
            arguments=arguments,
            when={"nesterov": (False,)},
            fixed={**PLAIN, "lazy": False},
            is_flavour=not is_nesterov,
        ),
        Call(
            name=name,
            rule=NAdam,
            arguments=arguments,
            when={"nesterov": (True,)},
            fixed=AHEAD,
            is_flavour=is_nesterov,
        ),
    )


def adamw_calls(name: str, *, is_nesterov: bool) -> tuple[Call, Call]:
    """`optax.adamw` or `optax.nadamw`."""
    arguments = (*ADAM, weight_decay(1e-4), MASK, Argument("nesterov", is_nesterov))
    return (
        Call(
            name=name,
            rule=AdamW,
            arguments=arguments,
            when={"nesterov": (False,)},
            fixed=PLAIN,
            is_flavour=not is_nesterov,
        ),
        Call(
            name=name,
            rule=NAdam,
            arguments=arguments,
            when={"nesterov": (True,)},
            fixed={**AHEAD, "decay": "decoupled"},
            is_flavour=False,
        ),
    )


def relative_optimism(values: Values) -> Values:
    """Optimism is counted in learning rates here."""
    rate, optimism = values["learning_rate"], values["optimism"]
    return {"alpha": 1.0, "optimism": 1.0 if optimism is None else optimism / rate}


def absolute_optimism(rule: OptimisticAdam) -> Values:
    """The way back."""
    return {"optimism": None if rule.optimism == 1 else rule.optimism * rule.lr}


def optimism_complaint(values: Values) -> str | None:
    """Why optimism cannot be counted in learning rates."""
    if values["optimism"] is not None and not values["learning_rate"]:
        return "a learning_rate of 0 together with optimism is not supported here"
    return None


ADAM_FAMILY = (
    *adam_calls("adam", is_nesterov=False),
    *adam_calls("nadam", is_nesterov=True),
    *adamw_calls("adamw", is_nesterov=False),
    *adamw_calls("nadamw", is_nesterov=True),
    Call(
        name="amsgrad",
        rule=AMSGrad,
        arguments=(
            *ADAM,
            Argument("bias_correction_mu", True, "corrects_mean"),
            Argument("bias_correction_nu", True, "corrects_spread"),
        ),
    ),
    Call(
        name="adamax",
        rule=Adamax,
        arguments=(LEARNING_RATE, *BETAS, EPSILON),
        fixed={"eps_position": "inside", "decay": "coupled"},
    ),
    Call(
        name="adamaxw",
        rule=Adamax,
        arguments=(LEARNING_RATE, *BETAS, EPSILON, weight_decay(1e-4), MASK),
        fixed={"eps_position": "inside", "decay": "decoupled"},
        is_flavour=False,
    ),
    Call(
        name="radam",
        rule=RAdam,
        arguments=(
            LEARNING_RATE,
            *BETAS,
            EPSILON,
            ROOT,
            Argument("threshold", 5.0, "threshold"),
            nesterov(default=False),
        ),
        fixed={"eps_form": "outside"},
    ),
    Call(
        name="adabelief",
        rule=AdaBelief,
        arguments=(
            LEARNING_RATE,
            *BETAS,
            Argument("eps", 1e-16, "eps"),
            Argument("eps_root", 1e-16, "eps_root"),
            nesterov(default=False),
        ),
    ),
    Call(
        name="yogi",
        rule=Yogi,
        arguments=(LEARNING_RATE, *BETAS, Argument("eps", 1e-3, "eps")),
        fixed={"initial_mean": 1e-6, "initial_spread": 1e-6},
        note="The mean of the gradient starts at 1e-6 too, so that zero gradients move it.",
    ),
    Call(
        name="adan",
        rule=Adan,
        arguments=(
            LEARNING_RATE,
            Argument("b1", 0.98, "beta1"),
            Argument("b2", 0.92, "beta2"),
            Argument("b3", 0.99, "beta3"),
            EPSILON,
            Argument("eps_root", 1e-8, "eps_root"),
            weight_decay(),
            MASK,
        ),
        fixed={"decay": "decoupled"},
        note="Weight decay is subtracted; in the paper it divides the parameters.",
    ),
    Call(
        name="lion",
        rule=Lion,
        arguments=(
            LEARNING_RATE,
            Argument("b1", 0.9, "beta1"),
            Argument("b2", 0.99, "beta2"),
            PRECISION,
            weight_decay(1e-3),
            MASK,
        ),
        fixed={"decay": "decoupled"},
    ),
    Call(
        name="lamb",
        rule=LAMB,
        arguments=(
            LEARNING_RATE,
            *BETAS,
            Argument("eps", 1e-6, "eps"),
            ROOT,
            weight_decay(),
            MASK,
        ),
        fixed={"decay": "inside"},
    ),
    Call(
        name="novograd",
        rule=NovoGrad,
        arguments=(
            LEARNING_RATE,
            Argument("b1", 0.9, "beta1"),
            Argument("b2", 0.25, "beta2"),
            Argument("eps", 1e-6, "eps"),
            ROOT,
            weight_decay(),
        ),
    ),
    Call(
        name="optimistic_adam_v2",
        rule=OptimisticAdam,
        arguments=(
            *ADAM,
            Argument("alpha", 1.0, "alpha"),
            Argument("beta", 1.0, "optimism"),
            nesterov(default=True),
        ),
    ),
    Call(
        name="optimistic_adam",
        rule=OptimisticAdam,
        arguments=(*ADAM, Argument("optimism", None, "optimism"), nesterov(default=True)),
        complaint=optimism_complaint,
        to_fields=relative_optimism,
        to_arguments=absolute_optimism,
        is_flavour=False,
        note="Optimism is a rate of its own there, which no schedule moves.",
    ),
)
