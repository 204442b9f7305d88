"""What holds for everything that is declared: bounds, messages, files, help."""

import re
from typing import Any

import msgspec
import numpy as np
import pytest

from lrstudio.core import (
    OPTIMIZERS,
    PROBLEMS,
    SCHEDULES,
    Dataset,
    Parameter,
    Refused,
    Warmup,
    describe,
    identifier,
    parameters,
    refusal,
    validated,
)
from lrstudio.core.datasets.own import OwnTable
from lrstudio.engine import Experiment
from tests.core.variants import DECLARED, REGISTRIES, accepted, name, refused

# A problem that has epochs, each of one step, so that there may be as many of them as of steps.
RACE = Experiment(problem=PROBLEMS["softmax_regression"](order="full"))
CONFIGURATIONS = [cls() for cls in (*DECLARED, Warmup)] + [RACE]
FIELDS = [(config, p) for config in CONFIGURATIONS for p in parameters(type(config))]

each_declaration = pytest.mark.parametrize("cls", DECLARED, ids=name)
each_field = pytest.mark.parametrize(
    ("config", "parameter"), FIELDS, ids=[f"{type(c).__name__}.{p.name}" for c, p in FIELDS]
)


# --- registries --------------------------------------------------------------------------------


@pytest.mark.parametrize("registry", REGISTRIES, ids="omspdn")
def test_registries_map_ids_to_classes_and_cannot_be_changed(registry: Any) -> None:
    assert all(identifier(cls) == key for key, cls in registry.items())
    with pytest.raises(TypeError):
        registry["new"] = None


def test_optimizers_stand_in_the_order_of_their_publication() -> None:
    years = [cls.year for cls in OPTIMIZERS.values()]
    assert years == sorted(years)
    assert all(1900 < year < 2100 for year in years)


def test_the_learning_rate_is_the_first_field_of_every_rule() -> None:
    assert {parameters(cls)[0].name for cls in OPTIMIZERS.values()} == {"lr"}


# --- bounds ------------------------------------------------------------------------------------


def refused_by_file(config: Any, parameter: Parameter, value: Any) -> str:
    """The sentence with which a file that holds `value` is refused."""
    with pytest.raises(Refused) as caught:
        validated(msgspec.structs.replace(config, **{parameter.name: value}))
    assert caught.value.path.partition("[")[0] == parameter.name
    return caught.value.sentence


@each_field
def test_values_inside_the_bounds_are_accepted_and_kept(config: Any, parameter: Parameter) -> None:
    for value in accepted(parameter):
        assert refusal(parameter, value) is None, value
        changed = msgspec.structs.replace(config, **{parameter.name: value})
        assert validated(changed) == changed


@each_field
def test_values_outside_the_bounds_are_refused_by_form_and_file_alike(
    config: Any, parameter: Parameter
) -> None:
    for value in refused(parameter):
        sentence = refusal(parameter, value)
        assert sentence, value
        assert refused_by_file(config, parameter, value) == sentence, value


@each_field
def test_a_refusal_says_what_came_and_what_to_do(config: Any, parameter: Parameter) -> None:
    for value in refused(parameter):
        sentence = refusal(parameter, value) or ""
        assert re.search(r"expected|known", sentence)
        assert len(sentence) < 250
        assert "`" not in sentence  # msgspec's own words


@each_field
def test_numbers_of_numpy_are_numbers(config: Any, parameter: Parameter) -> None:
    if parameter.kind not in ("real", "integer"):
        return
    value = np.float64(parameter.default) if parameter.kind == "real" else np.int64(7)
    assert refusal(parameter, value) is None
    changed = validated(msgspec.structs.replace(config, **{parameter.name: value}))
    assert type(getattr(changed, parameter.name)) in (int, float)
    assert getattr(changed, parameter.name) == value


@each_field
def test_a_slider_covers_the_default_within_the_bounds(config: Any, parameter: Parameter) -> None:
    if parameter.kind not in ("real", "integer"):
        return
    low, high = parameter.low, parameter.high
    assert low is not None
    assert high is not None
    assert low < high
    assert low > 0 or parameter.scale == "linear"
    assert refusal(parameter, type(parameter.default)(low)) is None
    assert refusal(parameter, type(parameter.default)(high)) is None
    assert low <= parameter.default <= high or parameter.default == 0


def test_a_list_that_is_too_long_is_refused_by_form_and_file_alike() -> None:
    config = SCHEDULES["multi_step"]()
    (milestones,) = (p for p in parameters(type(config)) if p.kind == "integers")
    assert refusal(milestones, tuple(range(1000))) is None
    sentence = refusal(milestones, tuple(range(1001)))
    assert "1000" in (sentence or "")
    assert refused_by_file(config, milestones, tuple(range(1001))) == sentence


def test_a_value_of_no_kind_at_all_is_refused() -> None:
    with pytest.raises(Refused, match="expected"):
        validated(OPTIMIZERS["sgd"](lr=object()))


# --- immutable values --------------------------------------------------------------------------


@each_declaration
def test_a_configuration_is_an_immutable_value(cls: type[Any]) -> None:
    config = cls()
    assert config == cls()
    assert hash(config) == hash(cls())
    for parameter in parameters(cls):
        with pytest.raises(AttributeError):
            setattr(config, parameter.name, parameter.default)


@each_declaration
def test_fields_are_given_by_name(cls: type[Any]) -> None:
    with pytest.raises(TypeError, match="positional"):
        cls(1)


@each_declaration
def test_a_configuration_survives_a_file(cls: type[Any]) -> None:
    for parameter in parameters(cls):
        for value in accepted(parameter):
            config = cls(**{parameter.name: value})
            text = msgspec.json.encode(config)
            assert msgspec.json.decode(text, type=cls) == config
            assert msgspec.json.decode(text)  # plain JSON with the id as its tag
            assert identifier(cls).encode() in text


@each_declaration
def test_unknown_keys_are_refused(cls: type[Any]) -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.convert({**msgspec.to_builtins(cls()), "nonsense": 1}, cls)


# --- help --------------------------------------------------------------------------------------


@each_declaration
def test_the_docstring_gives_title_summary_formula_and_source(cls: type[Any]) -> None:
    text = describe(cls)
    assert re.fullmatch(r"[A-Z][\w –-]{2,40}", text.title)
    assert re.fullmatch(r"\S.{10,120}\.", text.summary)
    # What was measured, or brought, has no formula: a sentence says what it is.
    has_formula = not issubclass(cls, Dataset) or cls.family == "generated"
    assert bool(re.search("[=←]", text.formula)) == has_formula
    assert text.formula or text.notes
    # A paper with its year, a library with its version, or a reader with a pencil.
    assert re.search(r"\b1[89]\d\d\b|\b20\d\d\b|\b\d\.\d|^Closed form", text.source)
    assert not text.formula or text.formula not in text.notes


@each_declaration
def test_every_parameter_has_a_label_of_its_own_and_a_sentence(cls: type[Any]) -> None:
    known = parameters(cls)
    labels = [p.label for p in known]
    assert len(set(labels)) == len(labels)
    for parameter in known:
        assert re.fullmatch(r"\S.{0,24}", parameter.label)
        assert re.fullmatch(r"[A-ZΑ-ω0-9].*\.", parameter.help)
        if parameter.kind in ("real", "integer", "length"):
            assert 0 < len(parameter.symbol) <= 3


@each_declaration
def test_every_field_is_annotated_for_forms_and_help(cls: type[Any]) -> None:
    shown = {p.name for p in parameters(cls)}
    elsewhere = {"warmup", "modifiers"}  # which have forms of their own
    if cls is OwnTable:  # a dialog asks for it
        elsewhere = set(OwnTable.__struct_fields__)
    assert set(cls.__struct_fields__) - elsewhere == shown


def test_symbols_are_not_used_twice_in_one_declaration() -> None:
    for cls in DECLARED:
        symbols = [p.symbol for p in parameters(cls) if p.symbol]
        assert len(set(symbols)) == len(symbols), cls


def test_letters_that_are_taken_stand_for_no_parameter() -> None:
    of_rules, of_schedules = {"x", "g", "t", "k"}, {"k", "t", "c"}
    for declared, taken in ((OPTIMIZERS, of_rules), (SCHEDULES, of_schedules)):
        for cls in declared.values():
            assert not taken & {p.symbol for p in parameters(cls)}, cls


def test_rules_name_a_source_and_are_not_their_own() -> None:
    for cls in (*OPTIMIZERS.values(), *SCHEDULES.values()):
        assert not describe(cls).source.startswith("Closed form"), cls


def test_a_minus_zero_is_a_zero() -> None:
    rate, decay, _ = parameters(OPTIMIZERS["sgd"])
    assert refusal(rate, -0.0) is not None
    assert refusal(decay, -0.0) is None
