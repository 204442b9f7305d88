"""A catalogue as large as people get lost in, whatever is registered today."""

from lrstudio.core.families import OPTIMIZER_FAMILIES, SCHEDULE_FAMILIES, family
from lrstudio.core.search import Entry

_OPTIMIZERS = """
descent | Gradient descent | sgd | 1951 | A step along the negative gradient. | SGD
descent | Momentum | momentum | 1964 | The heavy ball, which keeps a share of its velocity. | heavy ball
descent | Nesterov momentum | nesterov | 1983 | The gradient is felt where the momentum leads. | NAG
descent | Aggregated momentum | aggmo | 2018 | Several velocities, each with its own damping. |
descent | Quasi-hyperbolic momentum | qhm | 2018 | The mean of a plain and a momentum step. |
descent | Normalised descent | normalised_sgd | 1985 | A step of fixed length along the gradient. |
descent | Clipped descent | clipped_sgd | 2013 | Long gradients are cut to a fixed length. |
sign | Rprop | rprop | 1993 | Step sizes grow while the sign stays. |
sign | SignSGD | sign_sgd | 2018 | The sign of the gradient alone. |
sign | Signum | signum | 2018 | The sign of the momentum. |
sign | Lion | lion | 2023 | The sign of two blended momenta, with half of Adam's memory. |
sign | Tiger | tiger | 2023 | The sign of one momentum. |
adaptive | Adagrad | adagrad | 2011 | Coordinates with large gradients take smaller steps. |
adaptive | RMSProp | rmsprop | 2012 | The gradient divided by its root mean square. |
adaptive | Adadelta | adadelta | 2012 | Steps in the units of past steps. |
adaptive | vSGD | vsgd | 2013 | A rate per coordinate out of variance and curvature. |
adaptive | SM3 | sm3 | 2019 | Adagrad with memory for rows and columns only. |
adaptive | Adafactor | adafactor | 2018 | A factored second moment and relative steps. |
adaptive | CAME | came | 2023 | Adafactor guided by confidence. |
adam | Adam | adam | 2015 | A running mean and a running spread of the gradient. | AMSGrad
adam | AdaMax | adamax | 2015 | The infinity norm in place of the spread. |
adam | AdamW | adamw | 2019 | Weight decay that is not scaled by the spread. |
adam | NAdam | nadam | 2016 | Looks ahead as Nesterov's momentum does. | Nesterov Adam
adam | RAdam | radam | 2020 | Rectified while the spread is uncertain. | Rectified Adam
adam | AdaBelief | adabelief | 2020 | The spread around the expected gradient. |
adam | AdaBound | adabound | 2019 | Rates kept between bounds that close. |
adam | Yogi | yogi | 2018 | The spread changes by a bounded amount. |
adam | PAdam | padam | 2018 | A partial power of the spread. |
adam | QHAdam | qhadam | 2018 | Quasi-hyperbolic in both moments. |
adam | AdamP | adamp | 2021 | Leaves out the radial part of the step. |
adam | AdaMod | adamod | 2019 | Rates bounded by their own mean. |
adam | AdEMAMix | ademamix | 2024 | A fast and a slow momentum. |
adam | Adan | adan | 2022 | Momentum of the gradient's difference. |
adam | Lamda rates | radam_free | 2024 | A free member of the family. |
adam | ADOPT | adopt | 2024 | Converges with any second decay. |
adam | Grams | grams | 2024 | Direction and length decoupled. |
adam | Cautious AdamW | cautious_adamw | 2024 | Only where step and gradient agree. |
adam | StableAdamW | stable_adamw | 2023 | Steps clipped by their root mean square. |
adam | Sophia | sophia | 2023 | A clipped step by a diagonal Hessian. |
adam | Amos | amos | 2022 | Weight decay that adapts to the model. |
trust | LARS | lars | 2017 | A layer-wise ratio of weights to gradients. |
trust | LAMB | lamb | 2020 | The trust ratio over a spread-scaled step. |
trust | NovoGrad | novograd | 2019 | The spread of a whole layer. |
trust | Fromage | fromage | 2020 | Steps relative to the norm of the weights. |
trust | Muon | muon | 2024 | Momentum made orthogonal. |
trust | Scion | scion | 2025 | Steps in the ball of a norm. |
trust | Madam | madam | 2020 | Multiplicative steps. |
averaging | Averaged descent | asgd | 1992 | The mean of the positions. | Polyak averaging
averaging | Lookahead | lookahead | 2019 | Slow weights follow fast ones. |
averaging | Schedule-free SGD | schedule_free_sgd | 2024 | The mean takes the place of a schedule. |
averaging | Schedule-free AdamW | schedule_free_adamw | 2024 | The mean in place of a schedule. |
averaging | SWA | swa | 2018 | Weights averaged at the end of cycles. |
rate_free | Polyak step | polyak | 1987 | The distance to the best loss decides. |
rate_free | COCOB | cocob | 2017 | Betting on coins. |
rate_free | D-Adaptation | dadapt_adam | 2023 | The distance to the solution is estimated. |
rate_free | Prodigy | prodigy | 2023 | A faster estimate of the distance. |
rate_free | DoG | dog | 2023 | Distance over gradients. |
rate_free | DoWG | dowg | 2023 | Weighted distance over gradients. |
rate_free | Mechanic | mechanic | 2023 | Tunes the scale of another rule. |
line_search | L-BFGS | lbfgs | 1989 | Curvature from a few past steps. |
line_search | Armijo descent | armijo | 1966 | Halves the step until the loss falls. |
line_search | Barzilai–Borwein | barzilai_borwein | 1988 | The secant gives the rate. |
line_search | AdaHessian | adahessian | 2021 | A diagonal Hessian in the spread. |
line_search | Shampoo | shampoo | 2018 | A preconditioner on each side. |
line_search | SOAP | soap | 2024 | Adam in the basis of another. |
"""  # noqa: E501 - a table
_SCHEDULES = """
steps | Constant | constant | | The learning rate stays as it is. |
steps | Step decay | step | | Multiplied every T steps. | StepLR
steps | Multi-step decay | multi_step | | Multiplied at each milestone. | MultiStepLR
steps | Piecewise | piecewise | | Constant between boundaries. |
decays | Exponential decay | exponential | | The same share in equal times. | ExponentialLR
decays | Linear | linear | | Straight from a start to an end. | LinearLR
decays | Polynomial decay | polynomial | | A power of the remaining time. | PolynomialLR
decays | Cosine annealing | cosine | | Half a cosine wave. | CosineAnnealingLR
decays | Inverse time decay | inverse_time | | Falls like 1/k. |
decays | Inverse square root decay | inverse_sqrt | | As for transformers. |
decays | Square root decay | sqrt | | One minus a root. |
decays | Natural exponential | natural_exponential | | In the rate form. |
cycles | Cosine with warm restarts | cosine_restarts | | Half waves. | CosineAnnealingWarmRestarts, SGDR
cycles | Triangular | triangular | | Up and down in straight lines. | CyclicLR
cycles | One cycle | one_cycle | | Up, down and further down. | OneCycleLR
cycles | Sawtooth | sawtooth | | Falls and jumps. |
cycles | Noisy cosine | noisy_cosine | | A wave with noise. |
warmup | Warm-up, stable, decay | warmup_stable_decay | | Rises, holds and falls. | WSD
warmup | Trapezoid | trapezoid | | With straight sides. |
warmup | Noam | noam | | Rises, then falls like a root. |
warmup | Infinite | infinite | | Never commits to an end. |
loss | Reduce on plateau | plateau | | Falls when the loss does not. | ReduceLROnPlateau
loss | Bold driver | bold_driver | | Faster while it goes well. |
loss | Greedy | greedy | | Tries both ways. |
composed | Sequence | sequence | | One after the other. | SequentialLR
composed | Product | product | | Factors multiplied. | ChainedScheduler
composed | Drawn curve | drawn | | Through points drawn by hand. |
"""  # noqa: E501 - a table


def _entries(table, families):
    rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return tuple(
        Entry(
            id=key,
            title=title,
            summary=summary,
            family=family(group, families),
            names=tuple(name.strip() for name in names.split(",") if name.strip()),
            year=int(year) if year else None,
        )
        for group, title, key, year, summary, names in rows
    )


OPTIMIZERS = _entries(_OPTIMIZERS, OPTIMIZER_FAMILIES)
SCHEDULES = _entries(_SCHEDULES, SCHEDULE_FAMILIES)
