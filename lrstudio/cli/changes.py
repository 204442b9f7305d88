"""`--set contenders.0.optimizer.lr=0.01`: an experiment with some of its values changed.

The changes are made in the experiment as it stands in a file, and the whole is then validated like
a file. What is refused is reported under the option that asked for it.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import click
import msgspec
from msgspec.structs import replace

from lrstudio.cli.epochs import counted_in_steps, match_steps
from lrstudio.core import (
    DATASETS,
    DISTURBANCES,
    FLAVOURS,
    MODIFIERS,
    OPTIMIZERS,
    PROBLEMS,
    SCHEDULES,
    Refused,
    Warmup,
    identifier,
)
from lrstudio.core.epochs import speaks_of_epochs
from lrstudio.core.registry import union
from lrstudio.core.validation import shown, unknown_id
from lrstudio.engine import Experiment, edits, experiment_from
from lrstudio.storage.errors import shown_path

_CHOSEN: Mapping[str, Mapping[str, Any]] = {
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "problem": PROBLEMS,
    "data": DATASETS,
    "flavour": FLAVOURS,
}
"""What is chosen by its id, and from where."""

_GROWING: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "disturbances": ("disturbance", DISTURBANCES),
    "modifiers": ("rule", MODIFIERS),
    "parts": ("rule", SCHEDULES),
}
"""Lists that the place behind their end adds to, with the key and the ids of what they hold."""

_DECLARED: Mapping[str, Mapping[str, Any]] = {
    "rule": {**MODIFIERS, **OPTIMIZERS, **SCHEDULES},
    "function": PROBLEMS,
    "disturbance": DISTURBANCES,
    "data": DATASETS,
}
"""What an object may be, by the key that names it: a schedule and a problem may share an id."""
_TAGS = tuple(_DECLARED)
_WORDS = {
    **dict.fromkeys(("true", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "no", "off", "0"), False),
}
_NAMES = re.compile(r"[^.\[\]]+")  # contenders.0.name, or contenders[0].name as messages have it
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


class Change(NamedTuple):
    """A value for the place at the end of a path, and the option that asks for it."""

    option: str
    path: tuple[str, ...]
    text: str

    @property
    def is_choice(self) -> bool:
        """Whether it chooses an optimizer, schedule, problem, data set or flavour by its id."""
        return self.path[-1] in _CHOSEN and not self.text.startswith("{")


def parsed(texts: Iterable[str]) -> list[Change]:
    """Changes out of the arguments of `--set`."""
    return [_parsed(text) for text in texts]


def changed(experiment: Experiment, changes: Sequence[Change]) -> Experiment:
    """The experiment with all changes made; raises `click.UsageError` with one sentence.

    First comes what replaces a whole rule, so that values for the new one find their place; a
    problem before its data.
    """
    for change in sorted(changes, key=_depth):
        if change.is_choice:
            with _reporting(change):
                experiment = _chosen(change, experiment)
    tree = json.loads(msgspec.json.encode(experiment))
    # The problem before all else: how many steps an epoch has depends on it.
    for change in sorted(changes, key=_is_of_the_rest):
        if not change.is_choice:
            with _reporting(change):
                _make(change, tree)
    if not any(change.path[0] == "starts" for change in changes):
        _drop_unfit_starts(tree, experiment)
    match_steps(tree, {change.path[0] for change in changes})
    try:
        return experiment_from(tree)
    except Refused as refused:
        raise _blaming(refused, changes) from None


def _parsed(text: str) -> Change:
    left, equals, value = text.partition("=")
    path = tuple(name.strip() for name in _NAMES.findall(left))
    if not equals or not path:
        raise _usage(f"--set {shown_path(text)}", "expected PATH=VALUE, for example steps=1000")
    # optimizer.rule=adam is optimizer=adam, and data.data=iris is data=iris
    if len(path) > 1 and path[-1] in _TAGS and (path[-1] != "data" or path[-2] == "data"):
        path = path[:-1]
    return Change(f"--set {shown_path(left.strip())}", path, value.strip())


def _depth(change: Change) -> int:
    return len(change.path)


@contextmanager
def _reporting(change: Change) -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        raise _usage(change.option, refused.sentence) from None


def _chosen(change: Change, experiment: Experiment) -> Experiment:
    """Another optimizer, schedule, problem, … and what follows, as in the window."""
    kind, chosen = change.path[-1], change.text
    if chosen not in _CHOSEN[kind]:
        raise Refused(unknown_id(chosen, tuple(_CHOSEN[kind])))
    match change.path:
        case ("problem",):
            problem = edits.like(experiment.problem, PROBLEMS[chosen])
            return edits.with_problem(experiment, problem)
        case ("problem", "data"):
            if not hasattr(experiment.problem, "data"):
                name = identifier(type(experiment.problem))
                raise Refused(f"{name} has no data; choose a model, as in problem=perceptron")
            return edits.with_data(experiment, DATASETS[chosen]())
        case ("contenders", place, "optimizer"):
            return edits.with_optimizer(experiment, _index(experiment, place), chosen)
        case ("contenders", place, "flavour"):
            return edits.with_flavour(experiment, _index(experiment, place), chosen)
        case ("contenders", place, "schedule"):
            index = _index(experiment, place)
            contender = experiment.contenders[index]
            schedule = SCHEDULES[chosen](warmup=contender.schedule.warmup)
            return edits.with_contender(experiment, index, replace(contender, schedule=schedule))
    place = {"problem": "problem", "data": "problem.data"}.get(kind, f"contenders.0.{kind}")
    raise Refused(f"there is no {kind!r} here; its place is {place}")


def _index(experiment: Experiment, place: str) -> int:
    return int(_key(list(experiment.contenders), place))


def _make(change: Change, tree: Any) -> None:
    if _HALF_CHARACTER.search(change.text):
        raise Refused("the value is no text in the encoding of this terminal")
    root = tree
    *way, last = change.path
    for i, name in enumerate(way):
        key = _key(tree, name)
        if name == "warmup" and tree[key] is None:
            tree[key] = msgspec.to_builtins(Warmup())
        tree = tree[key]
        _grow(tree, name, change, i)
    key = _key(tree, last)
    if speaks_of_epochs(change.text) and not isinstance(tree[key], str):
        tree[key] = counted_in_steps(change.text, root, change.path)
    else:
        tree[key] = _value(change.text, tree[key])


def _grow(node: Any, name: str, change: Change, place: int) -> None:
    """Add what is chosen by its id, where the path ends behind the end of a list."""
    if name not in _GROWING or not isinstance(node, list) or place + 2 != len(change.path):
        return
    tag, known = _GROWING[name]
    if change.path[-1] == str(len(node)) and not change.text.startswith("{"):
        if change.text not in known:
            raise Refused(unknown_id(change.text, tuple(known)))
        node.append({tag: change.text})
    elif change.path[-1] == str(len(node)):
        node.append({})


def _is_of_the_rest(change: Change) -> tuple[bool, int]:
    return change.path[0] != "problem", len(change.path)


def _drop_unfit_starts(tree: Any, experiment: Experiment) -> None:
    """Take the problem's own start where its dimension is another one, as the window does."""
    try:
        problem = msgspec.convert(tree["problem"], union(PROBLEMS))
        is_other = problem.dim != experiment.problem.dim
    except (msgspec.ValidationError, Refused):  # which is reported when all is put together
        return
    if is_other:
        tree["starts"] = []


def _key(node: Any, name: str) -> str | int:
    """The name as a key of the node; raises `Refused` where there is nothing of that name."""
    _complete(node)
    if isinstance(node, list):
        if name.isdecimal() and int(name) < len(node):
            return int(name)
        places = f"0 to {len(node) - 1}" if node else "and it is empty"
        raise Refused(f"{name!r} is no place in this list ({places})")
    if not isinstance(node, dict):
        raise Refused(f"there is no {name!r} below a single value")
    if name not in node:
        raise Refused(_unknown_key(node, name))
    return name


def _complete(node: Any) -> None:
    """Write down what an object that another change brought leaves to its defaults."""
    if not isinstance(node, dict):
        return
    for tag, known in _DECLARED.items():
        identifier = node.get(tag)
        if isinstance(identifier, str) and identifier in known:
            defaults = msgspec.json.encode(known[identifier]())
            for name, default in json.loads(defaults).items():
                node.setdefault(name, default)


def _tag(node: Mapping[str, Any]) -> str:
    """The key under which the node names its declaration; "" where it has none."""
    return next((tag for tag in _TAGS if isinstance(node.get(tag), str)), "")


def _unknown_key(node: Mapping[str, Any], name: str) -> str:
    """Sentence for a name that is not in the node; a rule or a function is called by its id."""
    tag = _tag(node)
    known = tuple(key for key in node if key != tag)
    owner = node.get(tag)
    if owner is None:
        return unknown_id(name, known)
    has = f"it has {', '.join(known)}" if known else "it has no parameters"
    return f"{owner} has no {name!r}; {has}"


def _value(text: str, present: Any) -> Any:
    """The value that a text stands for where `present` stands now."""
    tag = _tag(present) if isinstance(present, dict) else ""
    if tag and text in _DECLARED[tag]:  # parts.0=cosine
        return {tag: text}
    value = _json(text)
    if isinstance(present, list) and isinstance(value, str) and text.startswith("["):
        raise Refused(_no_list(text))
    if isinstance(present, str):
        return value if text.startswith('"') else text
    if isinstance(present, bool):
        return _WORDS.get(text.lower(), value)
    is_whole = isinstance(value, float) and value.is_integer()
    return int(value) if is_whole and not isinstance(present, float) else value


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # .1, 5. and +1 are no JSON, but clear
        return float(text) if _NUMBER.fullmatch(text) else text


def _no_list(text: str) -> str:
    """Sentence for a text that begins like a list, and where it cannot be read on."""
    expected = "expected a list as [1, 2] or [[1, 2], [3, 4]]"
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        rest = text[error.pos :]
        if not rest:
            return f"{expected}; this one has no end"
        return f"{expected}; at character {error.pos + 1} came {shown(rest)}"
    except RecursionError:
        pass
    return f"{expected}; this one has too many lists within lists"


def _blaming(refused: Refused, changes: Sequence[Change]) -> click.UsageError:
    """The error under the option whose value was refused."""
    where = tuple(_NAMES.findall(refused.path))
    guilty = [c for c in changes if where and c.path == where[: len(c.path)]]
    guilty += changes if len({change.option for change in changes}) == 1 else []
    if not guilty:
        return _usage("These changes do not fit together", str(refused))
    option, path, _ = guilty[-1]
    end = [name.end() for name in _NAMES.finditer(refused.path)][len(path) - 1] if where else 0
    rest = refused.path[end:].lstrip("].")
    return _usage(option, f"{rest}: {refused.sentence}" if rest else refused.sentence)


def _usage(option: str, sentence: str) -> click.UsageError:
    return click.UsageError(f"{option}: {sentence}", click.get_current_context(silent=True))
