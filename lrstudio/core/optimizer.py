"""What an optimizer is: its hyper-parameters and an update rule.

A rule is a short, pure function of arrays in the paper's letters. It is given

* `g`, the gradient `(dim, lanes)`;
* `s`, its state: one array per name in `slots` (and `lane_slots`), zero at the start, kept by
  assigning to it; besides, to be read only, `s.x`, the position `(dim, lanes)`, and, where `needs`
  asks for them, `s.loss` `(lanes,)` and `s.oracle` (see `core.oracle`; who asks it for second
  derivatives needs `hessian` as well); a rule that needs `layers`, or the `matrix` of each, steps
  every layer of a model by itself;
* `h`, its hyper-parameters: numbers where all lanes agree, `(lanes,)` where they differ, `h.lr`
  already multiplied by the schedule; choices and flags as they are; besides `h.next_lr`, the rate
  of the step after this one where it is known beforehand, else the present one;
* `t`, the number of this step, from 1,

and returns the step to add to the position. A hyper-parameter that is zero is zero for all lanes
that advance together, so `if np.any(h.momentum)` is a choice made once, not at each step.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import msgspec
import numpy as np

from lrstudio.core.arrays import ArrayLike
from lrstudio.core.families import OPTIMIZER_FAMILIES, OTHER, Family

if TYPE_CHECKING:
    from lrstudio.core.modifier import Modifier as AnyModifier

Need = Literal["loss", "next_rate", "oracle", "hessian", "layers", "matrix"]
MOST_MODIFIERS = 20
"""Modifiers around one rule."""


class Optimizer(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="rule"
):
    """Base of all optimizers. See the module for how a rule is written."""

    modifiers: tuple["AnyModifier", ...] = ()
    """What is done around the rule, outermost first: clipping, lookahead, averaging, ..."""

    slots: ClassVar[tuple[str, ...]] = ()
    """Names of the state arrays `(dim, lanes)` that the rule keeps."""
    lane_slots: ClassVar[tuple[str, ...]] = ()
    """Names of its states with one number for each lane `(lanes,)`."""
    needs: ClassVar[tuple[Need, ...]] = ()
    """What else it looks at: the loss, the next rate, evaluations of its own, a matrix's shape."""
    momentum_name: ClassVar[str | None] = None
    """The field that a schedule which cycles momentum takes over, if there is one."""
    year: ClassVar[int] = 9999
    """Year of publication; lists stand in this order."""
    families: ClassVar[tuple[Family, ...]] = OPTIMIZER_FAMILIES
    family: ClassVar[str] = OTHER.id
    """Id of one of `families`."""
    aliases: ClassVar[tuple[str, ...]] = ()
    """Other names by which people look for the rule."""
    update: ClassVar[Callable[..., ArrayLike]]
    """The rule, `update(g, s, h, t) -> step`."""

    if TYPE_CHECKING:  # a field here would stand before the rule's own, with one default for all

        @property
        def lr(self) -> float:
            """Learning rate, which every rule declares as its first field."""

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        """Set the slots that do not start at zero; `s.x` is the start. Shapes may be others."""

    @staticmethod
    def kept(s: SimpleNamespace, h: Any) -> ArrayLike:
        """The point `(dim, lanes)` that the run would hand over now: an average, or `s.x`."""
        return s.x

    @classmethod
    def step(
        cls, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        """Step from `x`: the update, with weight decay where it is switched on."""
        weight_decay = getattr(h, "weight_decay", 0.0)
        if not np.any(weight_decay):
            return cls.update(g, s, h, t)
        if h.decay == "coupled":
            return cls.update(g + weight_decay * x, s, h, t)
        return cls.update(g, s, h, t) - h.lr * weight_decay * x

    def wants(self, need: Need) -> bool:
        """Whether the rule, or a modifier around it, looks at something."""
        return need in self.needs or any(need in modifier.needs for modifier in self.modifiers)

    def unsuited(self, shape: tuple[int, int] | None) -> str | None:
        """Why it cannot step parameters of a shape (None: a vector); None where it can."""
        return None

    def variant(self) -> tuple[Any, ...]:
        """What decides the course of the computation; lanes of one variant advance together.

        Choices, flags and modifiers by value, numbers only by whether they are zero.
        """
        values = (getattr(self, name) for name in self.__struct_fields__)
        return type(self), *(v != 0 if isinstance(v, float) else v for v in values)
