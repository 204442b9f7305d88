import subprocess
import sys

import numpy as np
import pytest

from lrstudio.storage import palette

THEMES = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
FAINT_ON_PAPER = {"#009E73", "#CC79A7", "#BF8300"}


def hexadecimal(row: np.ndarray) -> str:
    return "#{:02x}{:02x}{:02x}".format(*row)


def test_contrast_is_wcags() -> None:
    assert palette.contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert palette.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert palette.contrast("#ffffff", "#777777") == palette.contrast("#777777", "#ffffff")


@THEMES
def test_curves_stand_out_from_the_background(dark: bool) -> None:
    background = palette.figure_colours(dark).background
    ratios = {c: palette.contrast(c, background) for c in map_of_slots(dark)}
    assert min(ratios.values()) >= 3.0, ratios


def map_of_slots(dark: bool) -> list[str]:
    return [palette.colour(slot, dark) for slot in range(6)]


@THEMES
def test_six_colours_then_the_same_with_other_dashes(dark: bool) -> None:
    assert len(set(map_of_slots(dark))) == 6
    looks = {(palette.colour(slot, dark), palette.dash(slot)) for slot in range(36)}
    assert len(looks) == 36


def test_the_first_six_dashes_tell_runs_apart_in_grey() -> None:
    assert palette.dash(0) == ()
    assert len({palette.dash(slot) for slot in range(6)}) == 6
    assert all(len(palette.dash(slot)) % 2 == 0 for slot in range(36))


@THEMES
def test_text_and_axes_are_readable(dark: bool) -> None:
    figure = palette.figure_colours(dark)
    assert palette.contrast(figure.text, figure.background) >= 7.0
    assert palette.contrast(figure.muted, figure.background) >= 4.5
    assert palette.contrast(figure.axis, figure.background) >= 3.0
    assert palette.contrast(figure.grid, figure.background) < 1.5


@THEMES
def test_a_landscape_is_a_read_only_table_of_bytes(dark: bool) -> None:
    table = palette.landscape_map(dark)
    assert table.shape == (256, 3)
    assert table.dtype == np.uint8
    with pytest.raises(ValueError, match="read-only"):
        table[0] = 0


@THEMES
def test_a_landscape_goes_one_way_in_lightness_and_its_valley_is_the_background(
    dark: bool,
) -> None:
    light = [palette.luminance(hexadecimal(row)) for row in palette.landscape_map(dark)[::8]]
    assert light == sorted(light, reverse=not dark)
    valley = hexadecimal(palette.landscape_map(dark)[0])
    assert palette.contrast(valley, palette.figure_colours(dark).background) < 1.15


@THEMES
def test_equal_steps_of_a_landscape_look_equally_far_apart(dark: bool) -> None:
    # CIELAB is a yardstick independent of the space the map is made in. It agrees with OKLab only
    # roughly on colours this pale or dark, hence a factor of two.
    lab = np.array([cielab(hexadecimal(row)) for row in palette.landscape_map(dark)[::51]])
    steps = np.linalg.norm(np.diff(lab, axis=0), axis=1)
    assert steps.max() / steps.min() < 2.0
    assert steps.min() > 2.3  # a just noticeable difference, so that five levels are five


def cielab(colour: str) -> np.ndarray:
    rgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    ratio = to_xyz @ linear / (0.9505, 1.0, 1.089)
    f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@THEMES
def test_curves_stand_out_from_the_landscape(dark: bool) -> None:
    """On dark all of them; on paper those that have room: the others barely reach 3:1 on white."""
    ground = [hexadecimal(row) for row in palette.landscape_map(dark)]
    for colour in map_of_slots(dark):
        worst = min(palette.contrast(colour, g) for g in ground)
        if dark or colour not in FAINT_ON_PAPER:
            assert worst >= 3.0, colour
        else:
            assert worst >= 0.75 * palette.contrast(colour, "#ffffff"), colour


@pytest.mark.parametrize("module", ["PySide6", "numpy"])
def test_asking_for_a_colour_loads_neither_qt_nor_numpy(module: str) -> None:
    code = (
        "import sys; from lrstudio.storage import palette; palette.colour(0); palette.dash(1);"
        f"palette.figure_colours(); sys.exit({module!r} in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
