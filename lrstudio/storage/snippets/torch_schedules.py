"""The learning rate of a program for PyTorch: a scheduler, its own or one with a formula."""

from lrstudio.core import FRAMEWORKS, Schedule
from lrstudio.storage.snippets import comments
from lrstudio.storage.snippets.formulas import PYTHON, branches
from lrstudio.storage.snippets.layout import Code, assignment, call, laid_out
from lrstudio.storage.snippets.parts import Rate, Written, formula_of, is_plain, own_schedule

TORCH = FRAMEWORKS["torch"]
_OPTIMIZER = Code("optimizer")


def rate(schedule: Schedule, steps: int, found: Written, every: int = 1) -> Rate:
    """The scheduler, as PyTorch's own class or as a formula."""
    if is_plain(schedule) and schedule.warmup is None:
        return Rate()
    if found.rate_name is None:
        return Rate(remarks=(comments.not_in(TORCH, "the schedule", "The rule has no rate"),))
    base = found.rate
    # A scheduler counts updates, ours every gradient; only losses are heard one by one in both.
    scheduler = None
    if every == 1 or schedule.listens:
        scheduler = own_schedule(TORCH, schedule, base, steps, _OPTIMIZER)
    if scheduler is not None:
        made = assignment("scheduler", scheduler)
        return Rate((made,), "scheduler", is_told_losses=schedule.listens)
    formula, remarks = formula_of(schedule, steps, TORCH)
    if formula is None:
        return Rate(remarks=remarks)
    made = call("torch.optim.lr_scheduler.LambdaLR", _OPTIMIZER, lr_lambda=Code("factor"))
    return Rate((function(formula, every), assignment("scheduler", made)), "scheduler", remarks)


def function(formula: str, every: int = 1) -> str:
    """A formula as a function of the step, one line for each of its branches."""
    argument, lines = "k", list[str]()
    if every > 1:
        argument = "update"
        lines.append(f"    k = {every} * update + {every - 1}  # every gradient counts")
    for condition, value in branches(formula, PYTHON):
        if condition is not None:
            lines.append(f"    if {condition}:")
        lines.append(laid_out("return ", value, indent=1 if condition is None else 2))
    doc = '    """What the learning rate is multiplied by."""'
    return "\n".join([f"\n\ndef factor({argument}):", doc, *lines, "\n"])
