"""Frameworks read from their tables, in both directions."""

from typing import Any

import msgspec
import pytest

from lrstudio.core import (
    FRAMEWORKS,
    OPTIMIZERS,
    Refused,
    differences,
    flavoured,
    flavours_of,
    from_framework,
    identifier,
    reflavoured,
)
from lrstudio.core.frameworks.table import REQUIRED, Argument, Call, is_within, read

ENTRIES = [(f, call) for f in FRAMEWORKS.values() for call in f.calls]

each_call = pytest.mark.parametrize(
    ("framework", "call"),
    ENTRIES,
    ids=[f"{f.id} {c.name} {identifier(c.rule)}" for f, c in ENTRIES],
)


def defaults_of(call: Call) -> dict[str, Any]:
    """The smallest call: what must be given, and what chooses this rule."""
    required = {a.name: 0.01 for a in call.arguments if a.default is REQUIRED}
    return required | {name: allowed[0] for name, allowed in call.when.items()} | call.flavour


@each_call
def test_the_defaults_of_a_call_make_a_rule_and_are_written_again(
    framework: Any, call: Call
) -> None:
    given = defaults_of(call)
    if call.complaint and call.complaint({a.name: a.default for a in call.arguments} | given):
        return  # only there to say why it cannot be done
    optimizer = framework.read(call.name, given)
    found = framework.write(optimizer)
    assert found is not None
    known, values = found
    again = framework.read(known.name, {n: v for n, v in values.items() if v is not None})
    assert again == optimizer


@each_call
def test_every_field_that_a_table_names_is_one_of_the_rule(framework: Any, call: Call) -> None:
    others = {
        field for c in framework.calls if c.name == call.name for field in c.rule.__struct_fields__
    }
    for argument in call.arguments:
        assert set(argument.targets) <= others, argument.name
    assert set(call.fixed) <= set(call.rule.__struct_fields__)


@each_call
def test_arguments_and_their_bounds_are_checked_by_name(framework: Any, call: Call) -> None:
    with pytest.raises(Refused, match=r"'nonsense' is not known"):
        from_framework(framework.id, call.name, {**defaults_of(call), "nonsense": 1})
    for argument in call.arguments:
        if argument.targets and not argument.is_irrelevant:
            broken = {**defaults_of(call), argument.name: object()}
            with pytest.raises(Refused, match=argument.name):
                from_framework(framework.id, call.name, broken)


def test_frameworks_and_names_that_are_not_known_are_refused_with_the_nearest() -> None:
    with pytest.raises(Refused, match="did you mean 'torch'"):
        from_framework("tourch", "Adam")
    with pytest.raises(Refused, match="did you mean 'RMSprop'"):
        from_framework("torch", "RMSProp")


def test_what_is_missing_is_named() -> None:
    calls = [Call(name="x", rule=OPTIMIZERS["sgd"], arguments=(Argument("lr", REQUIRED, "lr"),))]
    with pytest.raises(Refused, match=r"lib\.x needs the argument 'lr'"):
        read(calls, "lib.x", {})


@pytest.mark.parametrize(
    ("bounds", "inside", "outside"),
    [(">= 0", 0.0, -1e-9), ("> 0", 1e-9, 0.0), ("[0, 1)", 0.0, 1.0), ("(0, 1]", 1.0, 0.0)],
)
def test_bounds_are_read_as_they_are_written(bounds: str, inside: float, outside: float) -> None:
    assert is_within(bounds, inside)
    assert not is_within(bounds, outside)


# --- flavours ----------------------------------------------------------------------------------


def test_a_flavour_is_the_frameworks_call_without_arguments() -> None:
    rmsprop = OPTIMIZERS["rmsprop"]
    assert flavoured(rmsprop, "torch") == from_framework("torch", "RMSprop")
    assert flavoured(rmsprop, "textbook") == rmsprop()


def test_values_changed_by_hand_stay_and_all_else_follows() -> None:
    rmsprop = OPTIMIZERS["rmsprop"]
    changed = reflavoured(rmsprop(eps=1e-3), "textbook", "torch")
    assert changed == msgspec.structs.replace(flavoured(rmsprop, "torch"), eps=1e-3)
    assert differences(changed, "torch") == ("eps",)
    assert reflavoured(changed, "torch", "textbook") == rmsprop(eps=1e-3)


@pytest.mark.parametrize("cls", OPTIMIZERS.values(), ids=identifier)
def test_every_flavour_of_a_rule_has_no_differences_from_itself(cls: type[Any]) -> None:
    for flavour in flavours_of(cls):
        assert differences(flavoured(cls, flavour), flavour) == ()
