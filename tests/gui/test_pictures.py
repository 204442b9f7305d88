"""PNG and PDF are looked at as another program would see them."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from lrstudio.engine import SERIES, Trajectory, run
from lrstudio.gui import pictures
from lrstudio.storage import experiments, exporters
from lrstudio.storage.errors import StorageError
from lrstudio.storage.landscape_figure import landscape_figure
from lrstudio.storage.palette import figure_colours
from lrstudio.storage.series_figure import series_figure
from lrstudio.storage.svg import svg
from lrstudio.storage.view import View


@pytest.fixture(scope="module")
def trajectory() -> Trajectory:
    return run(experiments.default())


def pixels(data: bytes) -> np.ndarray:
    """Red, green, blue (height, width, 3) of an opaque picture."""
    image = QImage.fromData(data, "PNG").convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return rows[:, :, 2::-1].astype(float)


def drawings(trajectory: Trajectory, is_dark: bool) -> dict[str, str]:
    view = View(is_dark=is_dark)
    return {
        "landscape": svg(landscape_figure(trajectory, view)),
        "excess": svg(series_figure(trajectory, SERIES["excess"], view)),
    }


@pytest.mark.parametrize("scale", [0.5, 1.0, 2.0])
def test_png_has_the_size_that_was_asked_for(trajectory: Trajectory, scale: float) -> None:
    data = pictures.png_bytes(drawings(trajectory, False)["excess"], scale)
    image = QImage.fromData(data, "PNG")
    assert (image.width(), image.height()) == (900 * scale, 600 * scale)
    assert image.dotsPerMeterX() == pytest.approx(96 * scale / 0.0254, abs=1)


def test_pictures_are_drawn_by_the_reader_that_lets_other_threads_go_on(
    trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(pictures, "_painted")
    image = pixels(pictures.png_bytes(drawings(trajectory, False)["excess"], 2.0))
    assert image.std() > 5


def test_a_picture_is_the_same_where_the_reader_cannot_make_it(
    trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = drawings(trajectory, True)["landscape"]
    read = pictures.png_bytes(text, 2.0)
    monkeypatch.setattr(pictures, "_read", lambda *arguments: QImage())
    assert np.array_equal(pixels(pictures.png_bytes(text, 2.0)), pixels(read))


@pytest.mark.parametrize("is_dark", [False, True])
def test_png_is_drawn(trajectory: Trajectory, is_dark: bool) -> None:
    for text in drawings(trajectory, is_dark).values():
        seen = pixels(pictures.png_bytes(text))
        background = bytes.fromhex(figure_colours(is_dark).background[1:])
        assert seen[2, 2].tolist() == list(background)
        assert seen.std() > 5


@pytest.mark.skipif(shutil.which("rsvg-convert") is None, reason="needs librsvg's rsvg-convert")
@pytest.mark.parametrize("is_dark", [False, True])
def test_librsvg_draws_the_same_picture_as_qt(
    trajectory: Trajectory, is_dark: bool, tmp_path: Path
) -> None:
    for name, text in drawings(trajectory, is_dark).items():
        source, target = tmp_path / f"{name}.svg", tmp_path / f"{name}.png"
        source.write_text(text, "utf-8")
        subprocess.run(["rsvg-convert", str(source), "-o", str(target)], check=True)
        difference = np.abs(pixels(target.read_bytes()) - pixels(pictures.png_bytes(text)))
        # Antialiasing and hinting differ at edges; a missing or displaced curve would differ more.
        assert (difference.max(axis=2) > 64).mean() < 0.01
        assert difference.mean() < 1.5


def test_pdf_is_one_vector_page_with_its_fonts(trajectory: Trajectory) -> None:
    data = pictures.pdf_bytes(drawings(trajectory, False)["landscape"])
    assert data.startswith(b"%PDF-")
    (size,) = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", data)
    assert [float(side) for side in size] == [600, 525]  # points: 800 × 700 pixels of 1/96 inch
    assert b"/FontFile" in data
    assert b"/Subtype /Image" not in data


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs poppler's pdftoppm")
def test_pdf_shows_the_same_picture_as_png(trajectory: Trajectory, tmp_path: Path) -> None:
    text = drawings(trajectory, True)["excess"]
    (tmp_path / "a.pdf").write_bytes(pictures.pdf_bytes(text))
    command = ["pdftoppm", "-r", "96", "-png", "-singlefile", "a.pdf", "a"]
    subprocess.run(command, cwd=tmp_path, check=True)
    printed = pixels((tmp_path / "a.png").read_bytes())
    difference = np.abs(printed - pixels(pictures.png_bytes(text)))
    assert (difference.max(axis=2) > 64).mean() < 0.02


@pytest.mark.parametrize("scale", [0.0, 1e-4, 1e3, float("nan"), float("inf"), -1.0])
def test_sizes_that_cannot_be(trajectory: Trajectory, scale: float) -> None:
    with pytest.raises(StorageError, match="choose a scale"):
        pictures.png_bytes(drawings(trajectory, False)["excess"], scale)


@pytest.mark.parametrize("text", ["", "<svg", "<html/>"])
def test_what_is_no_picture(text: str) -> None:
    with pytest.raises(StorageError, match="could not read the picture"):
        pictures.png_bytes(text)
    with pytest.raises(StorageError, match="could not read the picture"):
        pictures.pdf_bytes(text)


def test_an_empty_picture_is_noticed(
    trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Qt has been seen to report success for a PNG without a single byte.
    monkeypatch.setattr(QImage, "save", lambda *arguments: True)
    with pytest.raises(StorageError, match="could not make the PNG"):
        pictures.png_bytes(drawings(trajectory, False)["excess"])


def test_registered_formats_are_exported(
    trajectory: Trajectory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporters, "EXPORTERS", dict(exporters.EXPORTERS))
    pictures.register()
    paths = exporters.export_all(tmp_path, trajectory, ["png", "pdf"], scale=1.0)
    assert {path.suffix for path in paths} == {".png", ".pdf"}
    assert len(paths) == 14
    assert all(path.stat().st_size > 3000 for path in paths)


def test_the_running_application_is_used(qapp: QApplication) -> None:
    assert pictures.application() is qapp


WITHOUT_DISPLAY = """
from lrstudio.gui import pictures
application = pictures.application()
svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M1,1H8"/></svg>'
assert pictures.png_bytes(svg).startswith(b"\\x89PNG")
assert pictures.pdf_bytes(svg)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a display")
def test_pictures_need_no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    subprocess.run([sys.executable, "-c", WITHOUT_DISPLAY], check=True)
