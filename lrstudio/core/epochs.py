"""Epochs beside steps: what counts steps may be given in epochs, and is kept as whole steps.

An epoch is as many steps as it takes to meet every example once (`Sampling.steps_per_epoch`). A
number of epochs becomes the nearest number of steps.
"""

import re
from collections.abc import Callable, Sequence

from lrstudio.core.validation import Refused

_UNIT = "ep(?:o(?:c(?:hs?)?)?)?"  # `5 epochs`, `5 ep`, and what stands there while it is typed
_EPOCHS = re.compile(rf"(.*?)\s*{_UNIT}", re.IGNORECASE | re.DOTALL)
_SPOKEN = re.compile(rf"[\d.,]\s*{_UNIT}\b", re.IGNORECASE)
_GAP = re.compile(r"\s+(?=ep)", re.IGNORECASE)
_MOST_STEPS = 1e15
_WHOLE_FROM = 100


def speaks_of_epochs(text: str) -> bool:
    """Whether there is a number of epochs in a text, alone or in a list."""
    return _SPOKEN.search(text) is not None


def closed_up(text: str) -> str:
    """`2 epochs, 4 epochs` as `2epochs, 4epochs`: no gap but between the entries of a list."""
    return _GAP.sub("", text)


def steps_in(
    text: str, steps_per_epoch: int | None, read: Callable[[str], float] = float
) -> int | None:
    """The steps in `2.5 epochs`, whose number `read` reads; None where it is none of epochs.

    Raises `Refused` where there are no epochs, or fewer than make half a step.
    """
    match = _EPOCHS.fullmatch(text.strip())
    if match is None:
        return None
    if steps_per_epoch is None:
        raise Refused("the problem has no examples and so no epochs; give a number of steps")
    epochs = read(match[1])
    steps = round(min(max(epochs * steps_per_epoch, -_MOST_STEPS), _MOST_STEPS))
    if steps == 0 and epochs != 0:
        sentence = f"one epoch is {counted(steps_per_epoch, 'step')}, {epochs:g} epochs are none"
        raise Refused(f"{sentence}; give more")
    return steps


def refuse_half_told(texts: Sequence[str]) -> None:
    """Raise `Refused` for a list such as `2, 4 epochs`: the 2 could be epochs or steps."""
    bare = [text for text in texts if not _EPOCHS.fullmatch(text)]
    if bare and len(bare) < len(texts):
        raise Refused(f"{bare[0]} could be epochs or steps; write epochs behind each number")


def epochs_text(steps: float, steps_per_epoch: int) -> str:
    """How many epochs some steps are, to read: `1 epoch`, `2.5 epochs`, `1,250 epochs`."""
    epochs = steps / steps_per_epoch
    number = f"{epochs:,.0f}" if abs(epochs) >= _WHOLE_FROM else f"{epochs:.3g}"
    return f"{number} epoch" if number == "1" else f"{number} epochs"


def epoch_at(step: int, steps_per_epoch: int) -> str:
    """How many epochs have passed at a step, to a tenth: `5.3`."""
    return f"{step / steps_per_epoch:,.1f}" if steps_per_epoch > 1 else f"{step:,}"


def counted(number: int, noun: str) -> str:
    """`1 step`, `1,000 steps`, `2 categories`."""
    endings = {"y": f"{noun[:-1]}ies", "s": f"{noun}es"}
    several = endings.get(noun[-1], f"{noun}s")
    return f"{number:,} {noun if number == 1 else several}"
