"""Whether an edit needs another run at all."""

from msgspec.structs import replace

from lrstudio.engine import Experiment


def same_numbers(old: Experiment, new: Experiment) -> bool:
    """Whether two experiments differ in names, notes and colours only."""
    if len(old.contenders) != len(new.contenders):
        return False
    plain = [replace(c, name="", colour=0) for c in new.contenders]
    before = [replace(c, name="", colour=0) for c in old.contenders]
    strip = {"title": "", "notes": "", "contenders": ()}
    return plain == before and replace(old, **strip) == replace(new, **strip)
