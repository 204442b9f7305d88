"""The learning rate of a program for Keras: one of its schedules, or a class with a formula."""

from typing import Any

from lrstudio.core import FRAMEWORKS, Schedule
from lrstudio.storage.snippets import comments
from lrstudio.storage.snippets.formulas import Vocabulary, translated
from lrstudio.storage.snippets.layout import assignment, call, indented, laid_out
from lrstudio.storage.snippets.parts import Rate, Written, formula_of, is_plain, own_schedule

KERAS = FRAMEWORKS["keras"]
_NAMES = ("cos", "exp", "sqrt", "floor", "log", "minimum", "maximum", "where")
_OPS = Vocabulary({**{name: f"ops.{name}" for name in _NAMES}, "pi": "math.pi"}, has_arrays=True)


def rate(schedule: Schedule, steps: int, found: Written) -> Rate:
    """The schedule, as one of Keras' own or as a class with a formula."""
    if is_plain(schedule) and schedule.warmup is None:
        return Rate()
    if found.rate_name is None:
        return Rate(remarks=(comments.not_in(KERAS, "the schedule", "The rule takes none"),))
    base = found.rate
    if schedule.listens:
        callback = _plateau(schedule, base)
        remark = comments.not_in(KERAS, "the schedule", _OTHER_PLATEAU)
        return Rate(callback=callback) if callback else Rate(remarks=(remark,))
    own = own_schedule(KERAS, schedule, base, steps)
    if own is not None:
        return Rate((assignment("schedule", own),), "schedule")
    formula, remarks = formula_of(schedule, steps, KERAS)
    if formula is None:
        return Rate(remarks=remarks)
    return Rate((_class(formula, base),), "Schedule()", remarks)


_OTHER_PLATEAU = (
    "keras.callbacks.ReduceLROnPlateau counts in another way: it reduces at so many bad losses, "
    "not beyond them, has an absolute threshold only, no warm-up, and a cooldown one shorter"
)


def _plateau(schedule: Any, base: float) -> str | None:
    """The callback, where it reduces the rate at the same steps."""
    same: dict[str, Any] = {"patience_rule": "at", "acts": "next", "rtol": 0, "warmup": None}
    same |= {"cooldown": 0, "accumulation": 1, "least_change": 0}
    is_same = all(getattr(schedule, name) == value for name, value in same.items())
    if not is_same or schedule.patience < 1:
        return None
    return call(
        "keras.callbacks.ReduceLROnPlateau",
        monitor="loss",
        factor=schedule.factor,
        patience=schedule.patience,
        **({} if schedule.mode == "min" else {"mode": "max"}),
        min_delta=schedule.atol,
        **({"min_lr": base * schedule.floor} if schedule.floor else {}),
    )


def _class(formula: str, base: float) -> str:
    """A formula as a schedule of Keras."""
    doc = '"""The learning rate of step k, from 0."""'
    cast = "k = ops.cast(step, keras.config.floatx())"
    lines = [doc, "", "def __call__(self, step):", f"    {cast}"]
    made = laid_out("return ", translated(f"{base!r} * ({formula})", _OPS), indent=2)
    ending = ["", "def get_config(self):", "    return {}"]
    head = "class Schedule(keras.optimizers.schedules.LearningRateSchedule):"
    return "\n".join([f"\n\n{head}", *indented(lines), made, *indented(ending), "\n"])
