"""A whole run leaves the program in one call, in every format that is registered."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from lrstudio.engine import SERIES, Trajectory, run
from lrstudio.storage import experiments, exporters
from lrstudio.storage.errors import StorageError
from lrstudio.storage.exporters import DataFormat, PictureFormat
from lrstudio.storage.series_figure import series_figure
from lrstudio.storage.view import View


@pytest.fixture(scope="module")
def trajectory() -> Trajectory:
    return run(experiments.default())


@pytest.fixture
def own_exporters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporters, "EXPORTERS", dict(exporters.EXPORTERS))


def test_everything_at_once(tmp_path: Path, trajectory: Trajectory) -> None:
    folder = tmp_path / "new" / "results"
    shares: list[float] = []
    paths = exporters.export_all(folder, trajectory, ["csv", "json", "svg"], progress=shares.append)
    assert [path.name for path in paths] == [
        "run.csv",
        "run.json",
        "landscape.svg",
        "excess.svg",
        "loss.svg",
        "learning_rate.svg",
        "gradient_norm.svg",
        "parameter_0.svg",
        "parameter_1.svg",
    ]
    assert sorted(folder.iterdir()) == sorted(paths)
    assert shares[-1] == 1.0
    for path in paths[2:]:
        ET.parse(path)
    assert experiments.load(paths[1]) == experiments.default()


def test_results_alone(tmp_path: Path, trajectory: Trajectory) -> None:
    (path,) = exporters.export_all(tmp_path, trajectory, ["json"], name="race")
    assert path.name == "race.json"
    found = json.loads(path.read_text("utf-8"))
    assert [r["verdict"]["kind"] for r in found["runs"]].count("converged") == 1


def test_the_view_reaches_the_pictures(tmp_path: Path, trajectory: Trajectory) -> None:
    view = View(is_dark=True, size=(400, 300), contenders={0})
    paths = exporters.export_all(tmp_path, trajectory, ["svg"], view=view)
    for path in paths:
        text = path.read_text("utf-8")
        assert 'width="400"' in text
        assert "RMSProp" not in text


def test_unknown_formats_are_refused_before_anything_is_written(
    tmp_path: Path, trajectory: Trajectory
) -> None:
    with pytest.raises(StorageError, match=r"no export format 'pgn'; known are csv, json, svg"):
        exporters.export_all(tmp_path / "out", trajectory, ["csv", "pgn"])
    assert not (tmp_path / "out").exists()


def test_one_picture(tmp_path: Path, trajectory: Trajectory) -> None:
    figure = series_figure(trajectory, SERIES["loss"])
    exporters.export_picture(tmp_path / "a.svg", figure, "svg")
    ET.parse(tmp_path / "a.svg")
    with pytest.raises(StorageError, match="no format for pictures"):
        exporters.export_picture(tmp_path / "a.csv", figure, "csv")


@pytest.mark.usefixtures("own_exporters")
def test_a_new_format_is_one_registration(tmp_path: Path, trajectory: Trajectory) -> None:
    exporters.register(
        PictureFormat("size", "Length", ".txt", lambda svg, scale: f"{len(svg)} {scale}".encode())
    )
    exporters.register(DataFormat("none", "Nothing", ".none", lambda path, run, progress: ()))
    paths = exporters.export_all(tmp_path, trajectory, ["size", "none"], scale=3.0)
    assert {path.suffix for path in paths} == {".txt"}
    assert paths[0].read_text().endswith(" 3.0")


def test_a_folder_that_cannot_be_made(tmp_path: Path, trajectory: Trajectory) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="Cannot create the folder"):
        exporters.export_all(tmp_path / "file", trajectory, ["csv"])
