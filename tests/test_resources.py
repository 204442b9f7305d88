"""Every file of `resources/` is found: beside a checkout and inside an installed wheel."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from lrstudio import __version__, resources

ROOT = Path(__file__).parents[1]
NAMES = sorted(
    path.relative_to(ROOT / "resources").as_posix()
    for path in (ROOT / "resources").rglob("*")
    if path.is_file() and not path.name.startswith(".")
)
OPEN_ALL = """
import pathlib, sys
from lrstudio import resources
assert pathlib.Path(resources.__file__).is_relative_to(sys.argv[1]), resources.__file__
for name in sys.stdin.read().split("\\n"):
    found = resources.path(*name.split("/"))
    assert found.is_relative_to(sys.argv[1]), found
    found.read_bytes()
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with the wheel and the source archive of this checkout."""
    folder = tmp_path_factory.mktemp("built")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


def test_the_checkout_has_every_resource():
    assert NAMES
    for name in NAMES:
        assert resources.path(*name.split("/")).read_bytes()


def test_an_installed_wheel_opens_every_resource(built, tmp_path):
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    command = [sys.executable, "-c", OPEN_ALL, str(tmp_path)]
    variables = dict(os.environ, PYTHONPATH=str(tmp_path))
    names = "\n".join(NAMES)
    subprocess.run(command, cwd=tmp_path, env=variables, input=names, text=True, check=True)


def test_the_wheel_names_commands_version_and_licences(built):
    (wheel,) = built.glob(f"lrstudio-{__version__}-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        information = f"lrstudio-{__version__}.dist-info"
        entries = archive.read(f"{information}/entry_points.txt").decode()
        names = archive.namelist()
    assert "lrstudio = lrstudio.cli:main" in entries
    assert "lrstudio-gui = lrstudio.cli:gui_main" in entries
    assert f"{information}/licenses/LICENSE" in names
    assert f"{information}/licenses/resources/icons/LICENSE" in names
    assert f"{information}/licenses/resources/datasets/LICENSE" in names
    assert not [name for name in names if name.startswith(("tests/", "packaging/"))]


def test_the_source_archive_can_build_and_test_itself(built):
    (source,) = built.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {f"resources/{name}" for name in NAMES} <= names
    assert {"pyproject.toml", "packaging/dev.py", "tests/conftest.py"} <= names


def test_a_missing_resource_is_named():
    with pytest.raises(resources.ResourceMissing, match=r"'icons/nothing\.svg' is missing"):
        resources.path("icons", "nothing.svg")
