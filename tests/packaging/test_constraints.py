"""The pinned versions fit what `pyproject.toml` allows, and name no registry."""

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LINES = (ROOT / "packaging" / "constraints.txt").read_text("utf-8").splitlines()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
DECLARED = [*PROJECT["dependencies"], *EXTRAS["test"], *EXTRAS["lint"]]


def pins():
    requirements = [Requirement(line) for line in LINES if line and not line.startswith("#")]
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


def test_every_line_pins_one_version():
    for requirement in pins().values():
        (specifier,) = requirement.specifier
        assert specifier.operator == "=="
        assert requirement.url is None


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
def test_every_dependency_has_a_pin_within_its_range(python):
    machine = {"python_version": python, "python_full_version": f"{python}.0"}
    for requirement in map(Requirement, DECLARED):
        if requirement.marker and not requirement.marker.evaluate(machine):
            continue
        pin = pins()[canonicalize_name(requirement.name)]
        (specifier,) = pin.specifier
        assert not pin.marker or pin.marker.evaluate(machine)
        assert requirement.specifier.contains(specifier.version), f"{requirement} against {pin}"
