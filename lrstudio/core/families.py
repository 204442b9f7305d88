"""The families of optimizers, schedules, problems and data sets, in the order of lists.

A declaration names its family by id: `family = "adam"`. A new family is one line here.
"""

from typing import NamedTuple


class Family(NamedTuple):
    """Rules that share one idea."""

    id: str
    title: str


OPTIMIZER_FAMILIES = (
    Family("descent", "Gradient descent"),
    Family("sign", "Sign methods"),
    Family("adaptive", "Adaptive rates"),
    Family("adam", "Adam and descendants"),
    Family("trust", "Trust ratio and norms"),
    Family("averaging", "Averaging"),
    Family("rate_free", "Without a learning rate"),
    Family("line_search", "Line search and second order"),
)
SCHEDULE_FAMILIES = (
    Family("steps", "Fixed and steps"),
    Family("decays", "Decays"),
    Family("cycles", "Cycles and restarts"),
    Family("warmup", "Warm-up, hold, decay"),
    Family("loss", "Listening to the loss"),
    Family("composed", "Composed and drawn"),
)
PROBLEM_FAMILIES = (
    Family("one_dimension", "One dimension"),
    Family("bowls", "Bowls"),
    Family("plates", "Plates"),
    Family("valleys", "Valleys and plateaus"),
    Family("few_minima", "A few minima"),
    Family("many_minima", "Many minima"),
    Family("steep", "Steep ridges and drops"),
    Family("non_smooth", "Kinks and cusps"),
    Family("deceptive", "Deceptive"),
    Family("saddles", "Saddles"),
    Family("counter_examples", "Counter-examples"),
    Family("models", "Models and data"),
    Family("own", "Your own"),
)
DATASET_FAMILIES = (
    Family("measured", "Measured"),
    Family("generated", "Generated"),
    Family("own", "Your own"),
)
OTHER = Family("other", "Other")
"""Where a rule stands that names no family of its kind; the last one in every list."""


def family(identifier: str, families: tuple[Family, ...]) -> Family:
    """The family with this id, or `OTHER`."""
    return next((known for known in families if known.id == identifier), OTHER)
