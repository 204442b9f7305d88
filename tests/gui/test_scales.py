from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrstudio.core import OPTIMIZERS, PROBLEMS, SCHEDULES, Parameter, parameters, refusal
from lrstudio.gui.scales import scale_of, stepped

DECLARED = {
    f"{identifier}.{p.name}": p
    for registry in (OPTIMIZERS, SCHEDULES, PROBLEMS)
    for identifier, declaration in registry.items()
    for p in parameters(declaration)
    if p.kind in {"real", "integer", "length"}
}
NUMBERS = pytest.mark.parametrize("parameter", DECLARED.values(), ids=DECLARED.keys())


def parameter(**about: Any) -> Parameter:
    default = {"name": "x", "kind": "real", "default": 0.5, "symbol": "", "label": "", "help": ""}
    return Parameter(**(default | about))


RATE = parameter(scale="log", low=1e-5, high=10.0, minimum=0.0, exclusive_minimum=True)
SHARE = parameter(low=0.0, high=0.999, minimum=0.0, maximum=1.0, exclusive_maximum=True)
EVEN = parameter(low=0.0, high=0.5, minimum=0.0)
STEPS = parameter(kind="integer", scale="log", low=1, high=10_000, minimum=1)


@NUMBERS
def test_every_declared_number_has_a_slider_and_lies_on_it(parameter: Parameter) -> None:
    scale = scale_of(parameter)
    assert scale is not None
    for value, fraction in ((scale.low, 0.0), (scale.high, 1.0)):
        assert scale.fraction(value) == pytest.approx(fraction)
        assert scale.value(fraction) == value
        assert refusal(parameter, scale.value(fraction)) is None


@NUMBERS
def test_every_place_on_every_slider_is_an_accepted_value_near_it(parameter: Parameter) -> None:
    scale = scale_of(parameter)
    assert scale is not None
    values = [scale.value(k / 300) for k in range(301)]
    assert values == sorted(values)
    assert all(refusal(parameter, v) is None for v in values)
    if parameter.kind == "real":
        # Two digits are kept: no place is further off than a twentieth of a decade.
        assert all(
            scale.fraction(v) == pytest.approx(k / 300, abs=0.03) for k, v in enumerate(values)
        )


@NUMBERS
def test_stepping_stays_within_the_bounds_and_moves_one_way(parameter: Parameter) -> None:
    for direction in (1, -1):
        for is_page in (False, True):
            value = parameter.default if parameter.default is not None else parameter.low
            for _ in range(60):
                after = stepped(parameter, value, direction, is_page)
                assert (after - value) * direction >= 0
                assert refusal(parameter, after) is None
                value = after


@pytest.mark.parametrize(
    ("about", "start", "up", "down"),
    [
        (RATE, 0.001, [0.002, 0.005, 0.01], [0.0005, 0.0002, 0.0001]),
        (RATE, 0.0015, [0.002], [0.001]),
        (RATE, 1e-8, [2e-8], [5e-9]),
        (SHARE, 0.9, [0.91], [0.89]),
        (SHARE, 0.98, [0.99, 0.995, 0.998, 0.999], [0.97]),
        (SHARE, 0.999, [0.9995], [0.99]),
        (SHARE, 0.0, [0.01], [0.0]),
        (EVEN, 0.01, [0.015, 0.02], [0.005, 0.0, 0.0]),
        (STEPS, 2, [3, 4], [1, 1]),
        (STEPS, 10, [20, 50, 100], [9, 8]),
        (STEPS, 500, [1000], [200]),
    ],
)
def test_steps_are_round_numbers(
    about: Parameter, start: float, up: list[float], down: list[float]
) -> None:
    for direction, expected in ((1, up), (-1, down)):
        value = start
        for after in expected:
            value = stepped(about, value, direction)
            assert value == after
            assert type(value) is type(start)


@pytest.mark.parametrize(
    ("about", "start", "up", "down"),
    [(RATE, 0.003, 0.03, 0.0003), (SHARE, 0.95, 0.995, 0.9), (EVEN, 0.01, 0.05, 0.0)],
)
def test_a_page_is_a_decade_or_ten_steps(
    about: Parameter, start: float, up: float, down: float
) -> None:
    assert stepped(about, start, 1, is_page=True) == up
    assert stepped(about, start, -1, is_page=True) == down


def test_zero_on_a_log_scale_steps_up_to_where_the_slider_begins() -> None:
    decay = parameter(scale="log", low=1e-6, high=1.0, minimum=0.0)
    assert stepped(decay, 0.0, 1) == 1e-6
    assert stepped(decay, 0.0, -1) == 0.0


def test_an_inclusive_bound_is_reached_and_an_open_one_never() -> None:
    assert stepped(parameter(low=0.0, high=1.0, maximum=1.0), 0.999, 1) == 1.0
    value = 0.5
    for _ in range(100):
        value = stepped(SHARE, value, 1)
    assert 0.999999 < value < 1.0


def test_shares_near_one_are_as_far_apart_as_they_behave() -> None:
    scale = scale_of(SHARE)
    assert scale is not None
    thirds = [scale.fraction(v) for v in (0.0, 0.9, 0.99, 0.999)]
    assert thirds == pytest.approx([0, 1 / 3, 2 / 3, 1])


@given(st.floats(1e-5, 10.0))
def test_a_value_lies_where_the_slider_gives_it_back(value: float) -> None:
    scale = scale_of(RATE)
    assert scale is not None
    assert scale.value(scale.fraction(value)) == pytest.approx(value, rel=0.051)


@pytest.mark.parametrize("about", [{}, {"low": 0.0}, {"low": 1.0, "high": 1.0}, {"kind": "flag"}])
def test_without_a_range_there_is_no_slider(about: dict[str, Any]) -> None:
    assert scale_of(parameter(**about)) is None


def test_stepping_works_without_a_range() -> None:
    assert stepped(parameter(), 0.0, 1) == 0.1
    assert stepped(parameter(), -1.2, 1) == -1.1
