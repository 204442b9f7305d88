"""Make the golden sequences of this folder: `python -m tests.golden.make_goldens`, from the root.

Needs the `frameworks` extra. Optimizers are fed with recorded gradients, because closed loops of
adaptive rules are chaotic: there a last digit grows to a visible difference.

Everything is float64 (see `precision`). Optax counts steps in int32 and would compute its
schedules in float32, so that it is given float64 steps or a table of rates.
"""

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from tests.golden import framework_cases, live, optimizer_cases, schedule_cases
from tests.golden.precision import in_double, jnp, keras, optax, torch

FOLDER = Path(__file__).parent
STEPS = 200
RATES = 301
KEPT = [*range(12), *range(12, RATES, 13), 149, 150, 199, 200, RATES - 2, RATES - 1]
"""Steps whose rates are kept of the frameworks' own schedules."""
ROWS = np.array([*range(1, 21), *range(30, STEPS + 1, 10)])

Array = np.ndarray[Any, Any]


def sequence() -> dict[str, Array]:
    """Noisy gradients on four very different scales, the last with gaps; a start; factors."""
    rng = np.random.default_rng(20240229)
    k = np.arange(STEPS)
    gradients = rng.standard_normal((STEPS, 4))
    gradients[:, 0] += 0.5
    gradients[:, 1] = 1e-4 * (gradients[:, 1] - 1)
    gradients[:, 2] = 30 * np.cos(k / 9) + 10 * gradients[:, 2]
    gradients[k % 7 > 3, 3] = 0.0
    decline = (1 + np.cos(np.pi * (k - 20) / (STEPS - 20))) / 2
    factors = np.where(k < 20, k / 20, decline)
    return {"gradients": gradients, "start": np.array([1.0, -0.5, 2.0, 3.0]), "factors": factors}


def positions(case: optimizer_cases.Case, rates: Array, inputs: dict[str, Array]) -> Array:
    """Positions `(len(ROWS), dim)` that the framework's rule reaches."""
    steps = zip(inputs["gradients"], rates.tolist(), strict=True)
    with in_double():
        update = begin(case.call, inputs["start"], rates)
        reached = [update(g, rate, live.NOTHING) for g, rate in steps]
    assert all(x.dtype == np.float64 for x in reached), case
    return np.array(reached)[ROWS - 1]


def begin(call: str, start: Array, rates: Array) -> live.Update:
    """The updates of the optimizer that a call makes."""
    rate = float(rates.max())
    match call.split(".", maxsplit=1)[0]:
        case "torch":
            parameter = torch.nn.Parameter(torch.tensor(start))
            optimizer = eval(call, {"torch": torch, "p": [parameter], "rate": rate})
            return live.torch_update(optimizer, parameter)
        case "keras":
            return live.keras_update(eval(call, {"keras": keras, "rate": rate}), start)
    table = jnp.asarray(rates)
    optimizer = eval(call, {"optax": optax, "rate": lambda count: table[count]})
    return live.optax_update(optimizer, jnp.asarray(start))


def factors(case: schedule_cases.Case) -> list[float]:
    """Rates of the framework's schedule at a base rate of 1, for the first update and on."""
    if case.call.startswith("torch."):
        return _torch_rates(case)
    schedule = eval(case.call, {"optax": optax, "keras": keras, "np": np})
    one = jnp.asarray(1.0)  # keeps the type where a schedule answers with a Python number
    rates = [one * schedule(jnp.asarray(float(k))) for k in range(case.until)]
    assert all(r.dtype == jnp.float64 for r in rates), case
    return [float(r) for r in rates]


def _torch_rates(case: schedule_cases.Case) -> list[float]:
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = eval(case.call, {"torch": torch, "optimizer": optimizer})
    rates = [float(optimizer.param_groups[0]["lr"])]
    for _ in range(case.until - 1):
        optimizer.step()
        with warnings.catch_warnings():
            # SequentialLR calls its children in a way that PyTorch itself has deprecated.
            warnings.simplefilter("ignore", UserWarning)
            schedule.step()
        rates.append(float(optimizer.param_groups[0]["lr"]))
    return rates


def optimizer_data() -> tuple[dict[str, Array], list[dict[str, Any]]]:
    """Inputs with all positions `(cases, 2, rows, dim)`, fixed and scheduled, and the index."""
    inputs = sequence()
    found = []
    for case in optimizer_cases.CASES:
        rates = case.config["lr"] * np.array([np.ones(STEPS), inputs["factors"]])
        found.append([positions(case, r, inputs) for r in rates])
    index = [{"config": case.config, "call": case.call} for case in optimizer_cases.CASES]
    return {**inputs, "rows": ROWS, "positions": np.array(found)}, index


def schedule_data() -> list[dict[str, Any]]:
    """Every schedule case with its factors."""
    return [
        {"config": case.config, "call": case.call, "factors": factors(case)}
        for case in schedule_cases.CASES
    ]


def framework_data() -> list[dict[str, Any]]:
    """The frameworks' own schedules: rates and momenta at `KEPT`, and where they fail."""
    from tests.golden import schedule_rates

    found = []
    for steps, calls in ((RATES, framework_cases.CALLS), (8, framework_cases.ODD_CALLS)):
        for framework, name, arguments, base_lr in calls:
            made = schedule_rates.rates_of(
                framework, name, framework_cases.with_functions(arguments), base_lr or 1.0, steps
            )
            call = {"framework": framework, "name": name, "arguments": arguments}
            outcome = {
                "steps": steps,
                "rates": [made.rates[k] for k in KEPT if k < len(made.rates)],
                "momenta": [made.momenta[k] for k in KEPT if k < len(made.momenta)],
                "made": len(made.rates),
                "fails": made.error is not None,
            }
            found.append({**call, "base_lr": base_lr, **outcome})
    return found


def plateau_data() -> list[dict[str, Any]]:
    """Rates, from 0.1, that listen to losses; every step at which they change."""
    from tests.golden import schedule_rates

    found = []
    for framework, arguments, name in framework_cases.PLATEAUS:
        losses = [framework_cases.LOSSES[name](k) for k in range(RATES)]
        rates = schedule_rates.plateau_rates(framework, arguments, losses)
        changes = [[k, r] for k, r in enumerate(rates) if k == 0 or r != rates[k - 1]]
        call = {"framework": framework, "arguments": arguments, "losses": name}
        found.append({**call, "changes": changes})
    return found


def versions() -> dict[str, str]:
    """What made the numbers."""
    return {module.__name__: str(module.__version__) for module in (torch, optax, keras, np)}


def main() -> None:
    arrays, index = optimizer_data()
    np.savez_compressed(FOLDER / "optimizers.npz", **arrays)
    _write("optimizers.json", index)
    _write("schedules.json", schedule_data())
    _write("framework_schedules.json", framework_data())
    _write("framework_plateaus.json", plateau_data())


def _write(name: str, cases: list[dict[str, Any]]) -> None:
    lines = ",\n".join(json.dumps(case) for case in cases)
    text = f'{{"versions": {json.dumps(versions())}, "cases": [\n{lines}\n]}}\n'
    (FOLDER / name).write_text(text, encoding="utf-8")
    sys.stdout.write(f"{name}: {len(cases)} cases\n")


if __name__ == "__main__":
    main()
