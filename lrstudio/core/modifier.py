"""What a modifier is: something done around any rule, such as clipping its gradient.

A modifier is declared like an optimizer. Its `step` is given `inner`, the rule (or the next
modifier) inside it, and calls it as

* `inner(g)`: the step of the rule for the gradient `g`;
* `inner(g, t)`: the same at another count of steps;
* `inner(g, t, where)`: the same, where the lanes (or all, by a single flag) that are not in
  `where` keep their state as it was;
* `inner(g, at=y)`: the step of a rule that stands at `y` instead of `x`;
* `inner(g, renew=where)`: the same, where lanes in `where` lose their memory after the step; they
  go on as if they started at `x`.

`x`, `g`, `s`, `h`, `t` are those of `core.optimizer`; slots are the modifier's own. A modifier that
needs `layers` meets the whole position, and finds in `s.layers` which places each layer has.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, ClassVar

import msgspec

from lrstudio.core.arrays import ArrayLike
from lrstudio.core.optimizer import Need

Inner = Callable[..., ArrayLike]


class Modifier(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="rule"
):
    """Base of all modifiers."""

    slots: ClassVar[tuple[str, ...]] = ()
    """Names of the state arrays `(dim, lanes)` that the modifier keeps."""
    lane_slots: ClassVar[tuple[str, ...]] = ()
    """Names of its states with one number for each lane `(lanes,)`."""
    needs: ClassVar[tuple[Need, ...]] = ()
    """What else it looks at."""
    step: ClassVar[Callable[..., ArrayLike]]
    """`step(inner, x, g, s, h, t) -> step to add to the position`."""

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        """Set the slots that do not start at zero; `s.x` is the start."""

    @staticmethod
    def kept(s: SimpleNamespace, h: Any, inside: ArrayLike) -> ArrayLike:
        """The point that the run would hand over now; `inside` is what the rule would."""
        return inside
