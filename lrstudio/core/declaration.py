"""What a declaration says about itself.

Optimizers, schedules and problems are declared once, as frozen `msgspec` structs: annotated fields
for the hyper-parameters, a docstring for title, formula and source. Forms, messages, help, file
schema and tests read both through the two functions here, `parameters` and `describe`.
"""

import inspect
import re
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec
from msgspec.inspect import Metadata, multi_type_info
from msgspec.structs import FieldInfo

Scale = Literal["linear", "log"]
Kind = Literal[
    "real",
    "integer",
    "flag",
    "choice",
    "length",
    "integers",
    "numbers",
    "points",
    "schedules",
    "formula",
    "constants",
    "intervals",
    "dataset",
]
Unit = Literal["", "steps", "epochs"]
WHOLE_RUN = "whole run"
"""What a length that is left empty means, if its declaration does not say otherwise."""
LISTS: frozenset[Kind] = frozenset(
    {"integers", "numbers", "points", "schedules", "constants", "intervals"}
)
"""Kinds whose value is a list: of whole numbers, numbers, pairs of numbers, schedules, pairs of a
name and a number, and pairs (from, to)."""


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """One hyper-parameter: what a form, a message and a help text need to know about it.

    `minimum` and `maximum` are the bounds that a value must keep (exclusive where the flag says
    so); `low` and `high` are the range worth covering with a slider. Of a list the bounds are those
    of each entry; of points, which are pairs (x, y), those of y, and `x_minimum` and `x_maximum`
    those of x.
    """

    name: str
    kind: Kind
    default: Any
    symbol: str
    label: str
    help: str
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False
    x_minimum: float | None = None
    x_maximum: float | None = None
    scale: Scale = "linear"
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    left_open: str = WHOLE_RUN
    """What a length, or a list of intervals, means that is left empty."""
    max_items: int | None = None
    """Largest number of entries, where the value is a list."""
    unit: Unit = ""
    """What is counted: steps (of points it is x that counts them) may be given in epochs."""


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """A docstring taken apart: title and summary, formula lines, notes, use, source."""

    id: str
    title: str
    summary: str
    formula: str
    symbols: tuple[tuple[str, str], ...]
    """Letters of the formula that are no parameters, each with what it stands for."""
    notes: str
    use: str
    """When it is used, in a sentence or two; may be empty."""
    source: str


def meta(
    symbol: str,
    label: str,
    help: str,
    *,
    scale: Scale = "linear",
    low: float | None = None,
    high: float | None = None,
    left_open: str = WHOLE_RUN,
    kind: Kind | None = None,
    unit: Unit = "",
    **bounds: Any,
) -> msgspec.Meta:
    """Annotation of a hyper-parameter; `bounds` are msgspec's gt, ge, lt, le, min_length, ...

    `kind` says what the type alone does not: that a text is a formula.
    """
    return msgspec.Meta(
        title=label,
        description=help,
        extra={
            "symbol": symbol,
            "scale": scale,
            "low": low,
            "high": high,
            "left_open": left_open,
            "kind": kind,
            "unit": unit,
        },
        **bounds,
    )


def parameters(cls: type[msgspec.Struct]) -> tuple[Parameter, ...]:
    """The annotated fields of a declaration, in the order of their declaration."""
    known = _PARAMETERS.get(cls)
    if known is None:
        # Not `type_info(cls)`: it would take apart all the rules that may be nested in it, too.
        fields = [f for f in msgspec.structs.fields(cls) if _is_parameter(f.type)]
        nodes = zip(fields, multi_type_info([field.type for field in fields]), strict=True)
        known = tuple(_parameter(f, node) for f, node in nodes if isinstance(node, Metadata))
        _PARAMETERS[cls] = known
    return known


_PARAMETERS: dict[type[msgspec.Struct], tuple[Parameter, ...]] = {}


def _is_parameter(hint: Any) -> bool:
    """Whether a field was annotated with `meta`, not with bounds alone."""
    notes = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    return any(isinstance(note, msgspec.Meta) and note.title is not None for note in notes)


def _parameter(field: FieldInfo, node: Metadata) -> Parameter:
    schema = node.extra_json_schema or {}
    extra = node.extra or {}
    kind, bounded = _kind(node.type)
    kind = extra.get("kind") or kind
    places = _places(node.type) if kind == "points" else None
    lower = _bound(bounded, "gt", "ge")
    upper = _bound(bounded, "lt", "le")
    return Parameter(
        name=field.name,
        kind=kind,
        default=field.default,
        symbol=extra.get("symbol", ""),
        label=schema["title"],
        help=schema["description"],
        minimum=lower,
        maximum=upper,
        exclusive_minimum=getattr(bounded, "gt", None) is not None,
        exclusive_maximum=getattr(bounded, "lt", None) is not None,
        x_minimum=_bound(places, "gt", "ge"),
        x_maximum=_bound(places, "lt", "le"),
        scale=extra.get("scale", "linear"),
        low=extra.get("low") if extra.get("low") is not None else lower,
        high=extra.get("high") if extra.get("high") is not None else upper,
        # From the hint, because msgspec sorts the values of a Literal.
        choices=get_args(get_args(field.type)[0]) if kind == "choice" else (),
        left_open=extra.get("left_open", WHOLE_RUN),
        max_items=getattr(node.type, "max_length", None),
        unit=extra.get("unit", ""),
    )


def _kind(node: Any) -> tuple[Kind, Any]:
    """Kind of a field, and the node that carries its bounds."""
    if isinstance(node, Metadata):
        return _kind(node.type)
    if isinstance(node, msgspec.inspect.VarTupleType):
        return _kind_of_list(node.item_type)
    if isinstance(node, msgspec.inspect.UnionType):
        number = next((t for t in node.types if isinstance(t, msgspec.inspect.IntType)), None)
        return ("dataset", node) if number is None else ("length", number)
    return _KINDS.get(type(node), "real"), node


_KINDS: dict[type, Kind] = {
    msgspec.inspect.LiteralType: "choice",
    msgspec.inspect.BoolType: "flag",
    msgspec.inspect.IntType: "integer",
    msgspec.inspect.StructType: "dataset",  # a union of one
}


def _kind_of_list(item: Any) -> tuple[Kind, Any]:
    item = _bare(item)
    if isinstance(item, msgspec.inspect.IntType):
        return "integers", item
    if isinstance(item, msgspec.inspect.FloatType):
        return "numbers", item
    if isinstance(item, msgspec.inspect.TupleType):
        return "points", _bare(item.item_types[1])
    return "schedules", item


def _places(node: Any) -> Any:
    """The node with the bounds of the x of points."""
    return _bare(_bare(_bare(node).item_type).item_types[0])


def _bare(node: Any) -> Any:
    return node.type if isinstance(node, Metadata) else node


def _bound(node: Any, exclusive: str, inclusive: str) -> float | None:
    value = getattr(node, exclusive, None)
    return value if value is not None else getattr(node, inclusive, None)


def identifier(cls: type[msgspec.Struct]) -> str:
    """The id under which a declaration is registered and saved."""
    tag = cls.__struct_config__.tag
    return tag if isinstance(tag, str) else cls.__name__.lower()


def describe(cls: type[msgspec.Struct]) -> Description:
    """Take the docstring of a declaration apart.

    The form is fixed: `Title: summary.` on the first line; the next paragraph is the formula, in
    the notation of `lrstudio.core.formula` (a sentence is none: measured data have no formula, and
    then it is the first of the notes); the last paragraph is the source; what is between are
    notes, but for two paragraphs, each of which may stand anywhere among them:

    * `Symbols: s, the sum of the squares; u, ...` explains letters of the formula that are neither
      parameters nor known to everybody (`lrstudio.core.reference` knows x, g, t, m, v, ...);
    * `Used ...` says when and by whom it is used.
    """
    known = _DESCRIPTIONS.get(cls)
    if known is None:
        known = _DESCRIPTIONS[cls] = _described(cls)
    return known


_DESCRIPTIONS: dict[type[msgspec.Struct], Description] = {}


def _described(cls: type[msgspec.Struct]) -> Description:
    paragraphs = re.split(r"\n\s*\n", inspect.getdoc(cls) or "")
    title, _, summary = paragraphs[0].partition(": ")
    has_formula = len(paragraphs) > 1 and not paragraphs[1].endswith(".")
    between = [_one_line(p) for p in paragraphs[2 if has_formula else 1 : -1]]
    symbols = _taken(between, "Symbols: ")
    use = _taken(between, "Used ")
    return Description(
        id=identifier(cls),
        title=title.strip(),
        summary=_one_line(summary),
        formula=paragraphs[1] if has_formula else "",
        symbols=_symbols(symbols.removeprefix("Symbols: ")),
        notes="\n\n".join(between),
        use=use,
        source=_one_line(paragraphs[-1]) if len(paragraphs) > 2 else "",
    )


def _taken(paragraphs: list[str], opening: str) -> str:
    """Take the paragraph with this opening out of the others; empty where there is none."""
    found = next((p for p in paragraphs if p.startswith(opening)), "")
    if found:
        paragraphs.remove(found)
    return found


def _symbols(text: str) -> tuple[tuple[str, str], ...]:
    """`s, the sum; u, the rest.` as pairs of letter and meaning."""
    pairs = (part.partition(",") for part in text.rstrip(".").split(";") if part.strip())
    return tuple((letter.strip(), meaning.strip()) for letter, _, meaning in pairs)


def _one_line(text: str) -> str:
    return " ".join(text.split())
