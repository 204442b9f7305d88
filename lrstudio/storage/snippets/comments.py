"""What a snippet says about itself, as comments."""

import textwrap
from collections.abc import Iterable

from msgspec.structs import replace

from lrstudio.core import FRAMEWORKS, Optimizer, Schedule, describe, flavoured
from lrstudio.core.frameworks.framework import Framework
from lrstudio.engine import Contender
from lrstudio.storage.snippets.layout import WIDTH, literal
from lrstudio.storage.snippets.rules import suited

STAND_IN = "A small problem that stands in for yours: replace data, model and loss."


def comment(text: str) -> str:
    """A sentence as one or more lines of comment."""
    return "\n".join(textwrap.wrap(text, WIDTH, initial_indent="# ", subsequent_indent="# "))


def heading(contender: Contender, framework: Framework) -> str:
    """The first line: what the program is, and for which version."""
    rule = describe(type(contender.optimizer)).title
    schedule = describe(type(contender.schedule)).title
    warmup = contender.schedule.warmup
    parts = [rule, schedule.lower() if schedule != "Constant" else "constant rate"]
    if warmup:
        parts.append(f"warm-up of {warmup.steps} steps")
    what = f"{one_line(contender.name)}: {', '.join(parts)}"
    return comment(f"{what} ({framework.title} {framework.version})")


def one_line(text: str) -> str:
    """A name without what would end a comment."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def missing(contender: Contender, framework: Framework) -> str:
    """A whole snippet where a framework has no such rule."""
    optimizer = contender.optimizer
    told = describe(type(optimizer))
    blocks = [heading(contender, framework), comment(_reason(contender, framework))]
    blocks += ["\n".join(f"#   {line}".rstrip() for line in told.formula.splitlines())]
    blocks.append(comment(_where_else(contender, framework)))
    return "\n#\n".join(blocks) + "\n"


def not_in(framework: Framework, what: str, why: str = "") -> str:
    """What a program leaves out."""
    return comment(f"NOT IN THIS PROGRAM: {what}. {why or f'{framework.title} has none'}.")


def without_schedule(framework: Framework, schedule: Schedule) -> str:
    """Why the rate of a program stays as it is."""
    what = f"the schedule, {describe(type(schedule)).title}"
    if schedule.listens:
        return not_in(framework, what, f"What {framework.title} has listens in another way")
    return not_in(framework, what, f"{framework.title} has none, and it is no formula of one line")


def _reason(contender: Contender, framework: Framework) -> str:
    optimizer = contender.optimizer
    title = describe(type(optimizer)).title
    calls = framework.calls_of(type(optimizer))
    if not calls:
        return f"{framework.title} {framework.version} has no optimizer with this rule:"
    name = framework.where(calls[0].name)
    blamed = _blamed(contender, framework)
    if blamed:
        values = " and ".join(f"{f} = {literal(getattr(optimizer, f))}" for f in blamed)
        other = f"What it computes is this rule's flavour {framework.title}"
        return f"{name} is {title}, but not with {values}. {other}, not this one:"
    return f"{name} is {title}, but cannot be given these parameters; its rule is another one:"


def _blamed(contender: Contender, framework: Framework) -> list[str]:
    """The fewest fields whose values keep a framework from computing the rule."""
    optimizer = suited(framework, contender, replace(contender.optimizer, modifiers=()))
    own = flavoured(type(optimizer), framework.id)
    names = [f for f in optimizer.__struct_fields__ if f not in ("modifiers", "lr")]
    fields = {f: getattr(own, f) for f in names if getattr(optimizer, f) != getattr(own, f)}
    for name, value in fields.items():
        if framework.write(replace(optimizer, **{name: value})):
            return [name]
    for name in list(fields):  # what can be given back one by one is not to blame
        fewer = {f: v for f, v in fields.items() if f != name}
        if framework.write(replace(optimizer, **fewer)):
            fields = fewer
    return list(fields) if framework.write(replace(optimizer, **fields)) else []


def _where_else(contender: Contender, framework: Framework) -> str:
    """Which other frameworks compute the rule."""
    rule = replace(contender.optimizer, modifiers=())
    others = [other for other in FRAMEWORKS.values() if other is not framework]
    found = [(other, other.write(suited(other, contender, rule))) for other in others]
    able = [f"{other.title} has it: {other.where(f[0].name)}." for other, f in found if f]
    if not able and any(other.calls_of(type(rule)) for other in others):
        able = [f"{other.title} has {_what_near(other, rule)}." for other in others]
    return " ".join(able) or f"Neither has {' or '.join(other.title for other in others)}."


def _what_near(framework: Framework, rule: Optimizer) -> str:
    return "it in a variant of its own" if framework.calls_of(type(rule)) else "none"


def blocks(parts: Iterable[str]) -> str:
    """Parts of a program with a line between them, those that are empty left out."""
    return "\n\n".join(part for part in parts if part) + "\n"
