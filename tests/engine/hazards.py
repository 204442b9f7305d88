"""Small rules that a careless recording, or a careless unrolling, would get wrong."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from lrstudio.core import Optimizer
from lrstudio.core.arrays import ArrayLike
from lrstudio.core.hyperparameters import LearningRate


class Rule(Optimizer, frozen=True):
    """Base of the rules here: two slots, the second of which starts at one."""

    lr: LearningRate = 0.1
    slots = ("a", "b")

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        s.b = s.b + 1.0


class SlotsThatSwap(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.a, s.b = s.b, s.a
        return -h.lr * (g + s.a)


class SlotsThatSwapAndChange(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.a, s.b = 0.5 * s.b + g, 0.9 * s.a
        return -h.lr * (s.a + s.b)


class SlotThatKeepsTheOldValueOfAnother(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.b = s.a
        s.a = 0.9 * s.a + g
        return -h.lr * (s.a - 0.5 * s.b)


class OneValueInTwoSlots(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        new = 0.9 * s.b + g
        s.a = new
        s.b = new
        return -h.lr * (s.a + s.b)


class OneValueInTwoSlotsReadOnce(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.a = s.b = 0.9 * s.a + g
        return -h.lr * s.b


class SlotsThatTurnEachOther(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.a, s.b = g + s.b, s.a[::-1]
        return -h.lr * s.b


class SlotThatKeepsTheGradient(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        difference = g - s.a
        s.a = g
        return -h.lr * difference


class SlotThatKeepsTwiceTheGradient(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        before = 0.5 * s.a
        s.a = 2.0 * g
        return -h.lr * before


class SlotThatKeepsTheStep(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.a = -h.lr * g + 0.5 * s.a
        return s.a


class SlotThatKeepsThePosition(Rule, frozen=True):
    @classmethod
    def step(
        cls, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        moved = x - s.a
        s.a = x
        return -h.lr * (g + 0.1 * moved)


class SlotChangedInPlace(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        before = 1.0 * s.a
        s.a *= 0.5
        s.a += g
        s.b = s.b + s.a
        return -h.lr * (before + s.b)


class SlotPlusItsReverse(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.b *= 0.5
        s.b += s.b[::-1]
        return -h.lr * (g + s.b)


class RateChangedInPlace(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        rate = 1.0 * h.lr
        early = g * rate
        rate *= 0.5
        return -(early + s.b * rate)


class FirstRowTimesAll(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        return -h.lr * (g[:1] * g + g[2:])


class RowChangedInPlace(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        step = np.zeros_like(g)
        step[0] = g[1]
        step[1:] += g[:-1]
        step[2] -= step[1]
        return -h.lr * step


class RowsUsedTwiceInAStack(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        x, y, z = g
        both = x * y
        s.a = np.stack([both, both, z + both])
        return -h.lr * np.stack([both, s.b[1], both])


class SlotFromAViewOfItself(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.a = s.a[::-1] + g
        return -h.lr * s.a[::-1]


class SlotShiftedByOneRow(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        shifted = np.zeros_like(g)
        shifted[1:] = s.a[:-1]
        s.a = shifted + g
        return -h.lr * s.a


class SlotThatIsAReversedView(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.a = (s.a + g)[::-1]
        s.b = s.b[::-1]
        return -h.lr * (s.a + s.b)


class SumsAndBroadcasts(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.a = np.square(g).sum(axis=0) + 0.5 * s.a
        return -h.lr * g / (1 + np.sqrt(s.a.sum(axis=0)))


class StepOfOneRow(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        return -h.lr * g[0]  # broadcast to all coordinates


class ChoosesByValue(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.a = np.where(g > s.a, g, 0.5 * s.a)
        return -h.lr * np.clip(s.a, -0.5, 0.5) * (t > 3)


class ChoosesBetweenOldAndNew(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.a = np.where(g > s.b, s.a, 0.5 * s.b)
        s.b = np.where(s.a > 0, s.b, g)
        return -h.lr * np.where(t > 3, s.a, s.b)


class ChoosesAmongViewsOfItself(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.a = np.where(g > 0, (s.a + g)[::-1], s.a)
        s.b = np.where(np.logical_not(g[0] > 0.3), s.b[::-1], g)
        return -h.lr * (s.a + s.b)


class ChoosesByNumbers(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        is_due = t % 3 == 0
        s.a = np.where(is_due, 0.0, s.a + g)
        s.b = np.where(np.maximum(g, 0.0), np.sign(g) * s.b, np.minimum(np.abs(g), s.b))
        return -h.lr * np.where((g > 0) & is_due | (s.b < 0.2), s.a, 1)


class TakesPowersAndLogarithms(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        size = 0.1 + np.abs(g)
        s.a = np.power(size, 0.3) + np.log(size) + np.cbrt(g) + size**-1 + np.floor(g)
        return -h.lr * (size**0.5 - s.a * size**1)


class PowersOfTime(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        return -h.lr * g * (1 - 0.9**t) / np.maximum(t**0.5, 1) + 0 * t**2


class ConstantSlot(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.a = 2.0
        return -h.lr * g * s.a


class UnusedUpdate(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        return 0.0


RECORDED = list(Rule.__subclasses__())


class BranchesOnTime(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        return -h.lr * g if t > 5 else h.lr * g


class CountsInWholeNumbers(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        return -h.lr * g * sum(range(int(t)))


class LoopsUntilSmall(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        while np.abs(g).max() > 0.1:
            g = g / 2
        return -h.lr * g


class UsesAMethodOfArrays(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        return -h.lr * (g.copy() - g.mean(axis=0))


class PicksByMask(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        step = -h.lr * g
        step[g > 0] = 0.0
        return step


class AddsWhere(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        return -h.lr * np.sum(g, axis=0, where=g > 0)


class KeepsTheGradientAndBranches(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        difference = g - s.a if t > 1 else g
        s.a = g
        return -h.lr * difference


class KeepsThePositionAndBranches(Rule, frozen=True):
    @classmethod
    def step(
        cls, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        moved = x - s.a if t > 1 else 0.0
        s.a = x
        return -h.lr * (g + 0.1 * moved)


class JoinsArrays(Rule, frozen=True):
    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        return -h.lr * np.concatenate([g[1:], g[:1]])


PLAIN = [cls for cls in Rule.__subclasses__() if cls not in RECORDED]
