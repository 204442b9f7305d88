"""The result table: one row per lane, with its verdict."""

import msgspec

from lrstudio.engine.experiment import Contender
from lrstudio.engine.trajectory import NEVER, Trajectory
from lrstudio.engine.verdicts import Verdict, verdict


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What came out of one lane."""

    lane: int
    contender_index: int
    contender: Contender
    start: tuple[float, ...]
    """Empty where it was drawn from the seed."""
    seed: int
    final_loss: float
    """Loss at the last step; NaN after a divergence."""
    best_loss: float
    best_step: int
    steps_to_tolerance: int | None
    """Step from which on f − f* stayed within the tolerance."""
    evaluations: int
    """Gradients used in the whole run."""
    evaluations_to_tolerance: int | None
    """Those used up to the step from which on f − f* stayed within the tolerance."""
    verdict: Verdict
    metrics: dict[str, float] = {}
    """The problem's metrics as they were measured last, by id."""


def results(trajectory: Trajectory) -> tuple[Result, ...]:
    """Results of all lanes in the order of the contenders; empty before the first step."""
    if trajectory.reached < 0:
        return ()
    evaluations, within = trajectory.evaluations, trajectory.evaluations_within
    has_drawn_starts = trajectory.plan.has_drawn_starts
    rows = []
    for lane in trajectory.plan.lanes:
        i = lane.index
        settled = int(trajectory.within_since[i])
        rows.append(
            Result(
                lane=i,
                contender_index=lane.contender,
                contender=trajectory.plan.contender(lane),
                start=() if has_drawn_starts else trajectory.plan.starts[lane.start],
                seed=lane.seed,
                final_loss=float(trajectory.final_loss[i]) + 0.0,  # people read −0 as a mistake
                best_loss=float(trajectory.best_loss[i]) + 0.0,
                best_step=int(trajectory.best_step[i]),
                steps_to_tolerance=None if settled == NEVER else settled,
                evaluations=int(evaluations[i]),
                evaluations_to_tolerance=None if within[i] == NEVER else int(within[i]),
                verdict=verdict(trajectory, lane),
                metrics=_measured(trajectory, i),
            )
        )
    return tuple(sorted(rows, key=lambda r: (r.contender_index, r.lane)))


def _measured(trajectory: Trajectory, lane: int) -> dict[str, float]:
    if not trajectory.measured:
        return {}
    last = trajectory.measures[trajectory.measured - 1, :, lane].tolist()
    metrics = trajectory.plan.experiment.problem.metrics
    return {metric.id: value for metric, value in zip(metrics, last, strict=True)}


_UNEQUAL = " Steps of some cost more evaluations than those of others."


def _are_unequal(rows: tuple[Result, ...]) -> bool:
    """Whether runs of the same length asked for different numbers of evaluations."""
    return len({row.evaluations for row in rows if row.verdict.kind != "diverged"}) > 1


def ranking(rows: tuple[Result, ...]) -> tuple[Result, ...]:
    """Best first: by steps to the tolerance, then by final loss; diverged ones last.

    Where the optimum moves, the mean loss over the last steps takes the place of the final one.
    """
    return tuple(sorted(rows, key=_rank))


def _rank(row: Result) -> tuple[bool, bool, float, float]:
    has_diverged = row.verdict.kind == "diverged"
    is_there = row.verdict.kind == "converged"
    steps = float(row.steps_to_tolerance or 0) if is_there else 0.0
    return has_diverged, not is_there, steps, row.verdict.numbers.get("mean_loss", row.final_loss)


def headline(rows: tuple[Result, ...]) -> str:
    """Who won and why, in one sentence; empty without rows."""
    if not rows:
        return ""
    best = ranking(rows)[0]
    name = best.contender.name
    converged = sum(row.verdict.kind == "converged" for row in rows)
    if converged:
        share = f"{converged} of {len(rows)} {'run' if len(rows) == 1 else 'runs'} converged"
        steps = best.steps_to_tolerance
        told = f"{name} is first: within tolerance from step {steps:,} on. {share}."
        return told + (_UNEQUAL if _are_unequal(rows) else "")
    if best.verdict.kind == "diverged":
        if "fall" in best.verdict.numbers:
            return "All runs left the domain downhill: the function has no minimum."
        if all(row.verdict.step == 0 for row in rows):
            return "No run could begin: the loss is not a finite number at the start. Move it."
        return "All runs diverged: lower the learning rates."
    if best.verdict.kind == "tracking":
        gap = best.verdict.numbers["mean_gap"]
        return f"The optimum moves. {name} stays closest to it: f − f* around {gap:.2g} at the end."
    return f"No run reached the tolerance. Lowest final loss: {name}, {best.final_loss:.3g}."
