"""What an optimizer is: its hyper-parameters and an update rule.

A rule is a short, pure function of arrays in the paper's letters. It is given

* `g`, the gradient `(dim, lanes)`;
* `s`, its state: one array per name in `slots`, zero at the start, kept by assigning to it;
* `h`, its hyper-parameters: numbers where all lanes agree, `(lanes,)` where they differ, `h.lr`
  already multiplied by the schedule; choices and flags as they are;
* `t`, the number of this step, from 1,

and returns the step to add to the position. A hyper-parameter that is zero is zero for all lanes
that advance together, so `if np.any(h.momentum)` is a choice made once, not at each step.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
import numpy as np

from lrstudio.core.arrays import ArrayLike
from lrstudio.core.families import OPTIMIZER_FAMILIES, OTHER, Family


class Optimizer(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="rule"
):
    """Base of all optimizers. See the module for how a rule is written."""

    slots: ClassVar[tuple[str, ...]] = ()
    """Names of the state arrays that the rule keeps."""
    year: ClassVar[int] = 9999
    """Year of publication; lists stand in this order."""
    families: ClassVar[tuple[Family, ...]] = OPTIMIZER_FAMILIES
    family: ClassVar[str] = OTHER.id
    """Id of one of `families`."""
    aliases: ClassVar[tuple[str, ...]] = ()
    """Other names by which people look for the rule."""
    evaluations: ClassVar[int] = 1
    """Gradient evaluations that one step costs."""
    update: ClassVar[Callable[..., ArrayLike]]
    """The rule, `update(g, s, h, t) -> step`."""

    if TYPE_CHECKING:  # a field here would stand before the rule's own, with one default for all

        @property
        def lr(self) -> float:
            """Learning rate, which every rule declares as its first field."""

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        """Set the slots that do not start at zero."""

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

    def variant(self) -> tuple[Any, ...]:
        """What decides the course of the computation; lanes of one variant advance together.

        Choices and flags by value, numbers only by whether they are zero.
        """
        values = (getattr(self, name) for name in self.__struct_fields__)
        return type(self), *(v != 0 if isinstance(v, float) else v for v in values)
