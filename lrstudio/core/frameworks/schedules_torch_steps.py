"""PyTorch's schedulers as they really step: each rate from the one before it.

`torch.optim.lr_scheduler`, 2.13, has a closed form for most schedulers and does not use it: a
scheduler multiplies the rate that it finds. That decides what chains of schedulers do, what odd
arguments give, and where a division by zero comes. The classes here are PyTorch's, without the
tensors: `group` stands for the optimizer's parameter group, `k` for `last_epoch`.
"""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

Arguments = SimpleNamespace
Group = SimpleNamespace
"""`lr`, `initial_lr` and, for some schedulers, momentum and the values they go between: a second
one of the same kind overwrites those of the first."""


class PastTheEnd(Exception):
    """OneCycleLR was stepped further than it was made for."""


class Scheduler:
    """Base of all; `rate` is the new rate, `closed` the one after a jump to step `k`."""

    def __init__(self, group: Group, a: Arguments) -> None:
        self.group, self.a = group, a
        if group.initial_lr is None:
            group.initial_lr = group.lr
        self.base, self.k, self.count, self.is_initial = group.initial_lr, -1, 0, False
        self.initial_step()

    def initial_step(self) -> None:
        self.count, self.is_initial = 0, True
        self.step()
        self.is_initial = False

    def step(self) -> None:
        self.count += 1
        self.k += 1
        self.group.lr = self.rate()

    def restart(self) -> None:
        self.k = 0
        self.group.lr = self.closed()

    def undo(self) -> None:
        self.k -= 1

    def rate(self) -> float:
        raise NotImplementedError(type(self).__name__)

    def closed(self) -> float:
        return self.rate()


class LambdaLR(Scheduler):
    def rate(self) -> float:
        return float(self.base * self.a.lr_lambda(self.k))


class MultiplicativeLR(Scheduler):
    def rate(self) -> float:
        lr = self.group.lr
        return float(lr if self.is_initial else lr * self.a.lr_lambda(self.k))


class StepLR(Scheduler):
    def rate(self) -> float:
        is_kept = self.k == 0 or self.k % self.a.step_size != 0
        return float(self.group.lr * (1 if is_kept else self.a.gamma))

    def closed(self) -> float:
        return float(self.base * self.a.gamma ** (self.k // self.a.step_size))


class MultiStepLR(Scheduler):
    def rate(self) -> float:
        return float(self.group.lr * self.a.gamma ** Counter(self.a.milestones)[self.k])

    def closed(self) -> float:
        return float(self.base * self.a.gamma ** bisect_right(sorted(self.a.milestones), self.k))


class ConstantLR(Scheduler):
    def rate(self) -> float:
        if self.k == 0:
            return float(self.group.lr * self.a.factor)
        return float(self.group.lr * (1 if self.k != self.a.total_iters else 1 / self.a.factor))

    def closed(self) -> float:
        return float(self.base * (1 if self.k >= self.a.total_iters else self.a.factor))


class LinearLR(Scheduler):
    def rate(self) -> float:
        start, change, total = self._numbers()
        if self.k == 0:
            return float(self.group.lr * start)
        if self.is_initial or self.k > total:
            return float(self.group.lr)
        return float(self.group.lr * (1 + change / (total * start + (self.k - 1) * change)))

    def closed(self) -> float:
        start, change, total = self._numbers()
        return float(self.base * (start + change * min(total, self.k) / total))

    def _numbers(self) -> tuple[float, float, float]:
        return self.a.start_factor, self.a.end_factor - self.a.start_factor, self.a.total_iters


class ExponentialLR(Scheduler):
    def rate(self) -> float:
        return float(self.group.lr * (1 if self.is_initial else self.a.gamma))

    def closed(self) -> float:
        return float(self.base * self.a.gamma**self.k)


class PolynomialLR(Scheduler):
    def rate(self) -> float:
        total = self.a.total_iters
        if self.is_initial or self.k > total:
            return float(self.group.lr)
        ratio = (1 - self.k / total) / (1 - (self.k - 1) / total)
        return float(self.group.lr * ratio**self.a.power)

    def closed(self) -> float:
        total = self.a.total_iters
        return float(self.base * (1 - min(total, self.k) / total) ** self.a.power)


class CosineAnnealingLR(Scheduler):
    def rate(self) -> float:
        lr, total, least = self.group.lr, self.a.T_max, self.a.eta_min
        if self.is_initial:
            return float(lr)
        if self.count == 1 and self.k > 0:
            return self.closed()
        if (self.k - 1 - total) % (2 * total) == 0:
            return float(lr + (self.base - least) * (1 - math.cos(math.pi / total)) / 2)
        now, before = (1 + math.cos(math.pi * k / total) for k in (self.k, self.k - 1))
        return float(now / before * (lr - least) + least)

    def closed(self) -> float:
        wave = 1 + math.cos(math.pi * self.k / self.a.T_max)
        return float(self.a.eta_min + (self.base - self.a.eta_min) * wave / 2)


class CosineAnnealingWarmRestarts(Scheduler):
    def __init__(self, group: Group, a: Arguments) -> None:
        self.cycle, self.length = -1, a.T_0
        super().__init__(group, a)

    def step(self) -> None:
        if self.k < 0:
            self.cycle, self.length = 0, self.a.T_0
        else:
            self.cycle += 1
            if self.cycle >= self.length:
                self.cycle %= self.length
                self.length *= self.a.T_mult
        super().step()

    def rate(self) -> float:
        wave = 1 + math.cos(math.pi * self.cycle / self.length)
        return float(self.a.eta_min + (self.base - self.a.eta_min) * wave / 2)


class CyclicLR(Scheduler):
    def __init__(self, group: Group, a: Arguments) -> None:
        group.lr = a.base_lr
        up = float(a.step_size_up)
        self.total = up + (up if a.step_size_down is None else float(a.step_size_down))
        self.ratio = up / self.total
        # At its first step it goes up from the rate that the optimizer had, if another scheduler
        # was made before it.
        self.low = a.base_lr if group.initial_lr is None else group.initial_lr
        if a.cycle_momentum:
            group.momentum = group.max_momentum = a.max_momentum
            group.base_momentum = a.base_momentum
        super().__init__(group, a)
        self.low = a.base_lr

    def rate(self) -> float:
        cycle = math.floor(1 + self.k / self.total)
        x = 1.0 + self.k / self.total - cycle
        height = x / self.ratio if x <= self.ratio else (x - 1) / (self.ratio - 1)
        height *= self._scale(cycle)
        if self.a.cycle_momentum:
            momentum = self.a.max_momentum
            self.group.momentum = momentum - (momentum - self.a.base_momentum) * height
        return float(self.low + (self.a.max_lr - self.low) * height)

    def _scale(self, cycle: int) -> float:
        if self.a.scale_fn is not None:
            return float(self.a.scale_fn(cycle if self.a.scale_mode == "cycle" else self.k))
        if self.a.mode == "exp_range":
            return float(self.a.gamma**self.k)
        return float(1 / 2.0 ** (cycle - 1)) if self.a.mode == "triangular2" else 1.0


class OneCycleLR(Scheduler):
    def __init__(self, group: Group, a: Arguments) -> None:
        group.initial_lr, group.max_lr = a.max_lr / a.div_factor, a.max_lr
        group.min_lr = group.initial_lr / a.final_div_factor
        if a.cycle_momentum:
            group.momentum = group.max_momentum = a.max_momentum
            group.base_momentum = a.base_momentum
        super().__init__(group, a)

    def phases(self) -> tuple[tuple[float, str, str, str, str], ...]:
        up, last = float(self.a.pct_start * self.a.total_steps) - 1, self.a.total_steps - 1
        high, low = "max_momentum", "base_momentum"
        if not self.a.three_phase:
            second = (last, "max_lr", "min_lr", low, high)
            return (up, "initial_lr", "max_lr", high, low), second
        back = float(2 * self.a.pct_start * self.a.total_steps) - 2
        return (
            (up, "initial_lr", "max_lr", high, low),
            (back, "max_lr", "initial_lr", low, high),
            (last, "initial_lr", "min_lr", high, high),
        )

    def rate(self) -> float:
        if self.k > self.a.total_steps:
            raise PastTheEnd
        begin, phases = 0.0, self.phases()
        for phase in phases:
            end, lr_from, lr_to, momentum_from, momentum_to = phase
            if self.k <= end or phase is phases[-1]:
                break
            begin = end
        if end == begin and self.k == self.a.total_steps:
            raise PastTheEnd
        way = (self.k - begin) / (end - begin)
        if self.a.cycle_momentum:
            self.group.momentum = self._between(momentum_from, momentum_to, way)
        return self._between(lr_from, lr_to, way)

    def _between(self, start_name: str, end_name: str, way: float) -> float:
        start, end = getattr(self.group, start_name), getattr(self.group, end_name)
        if self.a.anneal_strategy == "cos":
            return float(end + (start - end) / 2.0 * (math.cos(math.pi * way) + 1))
        return float((end - start) * way + start)


class SWALR(Scheduler):
    def __init__(self, group: Group, a: Arguments) -> None:
        group.swa_lr = a.swa_lr
        super().__init__(group, a)

    def rate(self) -> float:
        step = self.count - 1
        if self.a.anneal_epochs == 0:
            step = max(1, step)
        before, now = self._share(step - 1), self._share(step)
        found, goal = self.group.lr, self.group.swa_lr
        start = goal if before == 1 else (found - before * goal) / (1 - before)
        return float(goal * now + start * (1 - now))

    def _share(self, step: int) -> float:
        t = max(0, min(1, step / max(1, self.a.anneal_epochs)))
        return t if self.a.anneal_strategy == "linear" else (1 - math.cos(math.pi * t)) / 2


class SequentialLR(Scheduler):
    def __init__(self, group: Group, a: Arguments) -> None:
        self.group, self.a, self.k = group, a, 0
        group.lr = group.initial_lr
        self.undo()
        a.schedulers[bisect_right(a.milestones, 0)].initial_step()

    def undo(self) -> None:
        for child in self.a.schedulers:
            child.undo()

    def step(self) -> None:
        self.k += 1
        index = bisect_right(self.a.milestones, self.k)
        if index > 0 and self.a.milestones[index - 1] == self.k:
            self.a.schedulers[index].restart()
        else:
            self.a.schedulers[index].step()


class ChainedScheduler(Scheduler):
    def __init__(self, group: Group, a: Arguments) -> None:
        self.group, self.a = group, a

    def undo(self) -> None:
        for child in self.a.schedulers:
            child.undo()

    def step(self) -> None:
        for child in self.a.schedulers:
            child.step()


BY_NAME: dict[str, Callable[[Group, Arguments], Scheduler]] = {
    cls.__name__: cls
    for cls in (
        LambdaLR,
        MultiplicativeLR,
        StepLR,
        MultiStepLR,
        ConstantLR,
        LinearLR,
        ExponentialLR,
        PolynomialLR,
        CosineAnnealingLR,
        CosineAnnealingWarmRestarts,
        CyclicLR,
        OneCycleLR,
        SWALR,
        SequentialLR,
        ChainedScheduler,
    )
}


def followed(
    make: Callable[[Group], Scheduler], base: float, steps: int
) -> tuple[list[float], list[float] | None, Exception | None]:
    """Rates and momenta of the first updates, and the error that ended them before `steps`."""
    group = Group(lr=base, initial_lr=None, momentum=None)
    rates: list[float] = []
    momenta: list[Any] = []
    try:
        scheduler = make(group)
        for update in range(steps):
            if update:
                scheduler.step()
            rates.append(group.lr)
            momenta.append(group.momentum)
    except (ArithmeticError, TypeError, ValueError, PastTheEnd, NotImplementedError) as error:
        return rates, _known(momenta), error
    return rates, _known(momenta), None


def _known(momenta: list[Any]) -> list[float] | None:
    return momenta if momenta and momenta[0] is not None else None
