"""All formats in which a run can leave the program, by id. A new one is one entry here.

Formats of pictures are made from the SVG. Those that need Qt are registered by whoever has it
(see `lrstudio.gui.pictures`), so that nothing here loads it.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from lrstudio.engine import Trajectory
from lrstudio.storage.errors import StorageError
from lrstudio.storage.figure import Figure
from lrstudio.storage.figures import standard_figures
from lrstudio.storage.metric_tables import save_metrics
from lrstudio.storage.saver import make_folder, save_bytes
from lrstudio.storage.sidecar import save_json
from lrstudio.storage.svg import svg
from lrstudio.storage.tables import Progress, save_csv
from lrstudio.storage.view import View


class DataFormat(Struct, frozen=True):
    """A file of numbers; `write` returns the paths of all files that it wrote."""

    id: str
    title: str
    suffix: str
    write: Callable[[Path, Trajectory, Progress | None], tuple[Path, ...]]


class PictureFormat(Struct, frozen=True):
    """A file of one picture; `render(svg, scale)` is its content.

    `scale` is in pixels per pixel of the SVG and means nothing to formats without pixels.
    """

    id: str
    title: str
    suffix: str
    render: Callable[[str, float], bytes]


def save_data(
    path: Path, trajectory: Trajectory, progress: Progress | None = None
) -> tuple[Path, ...]:
    """Write the recorded steps, their description and what was measured besides, as CSV."""
    return (*save_csv(path, trajectory, progress), *save_metrics(path, trajectory))


def _json(path: Path, trajectory: Trajectory, progress: Progress | None) -> tuple[Path, ...]:
    save_json(path, trajectory)
    return (path,)


def _svg(text: str, scale: float) -> bytes:
    return text.encode()


EXPORTERS: dict[str, DataFormat | PictureFormat] = {
    "csv": DataFormat("csv", "Table (CSV)", ".csv", save_data),
    "json": DataFormat("json", "Results and experiment (JSON)", ".json", _json),
    "svg": PictureFormat("svg", "Picture to edit and scale (SVG)", ".svg", _svg),
}


def register(exporter: DataFormat | PictureFormat) -> None:
    """Add a format; one of the same id is replaced."""
    EXPORTERS[exporter.id] = exporter


def exporter(format_id: str) -> DataFormat | PictureFormat:
    """The format of an id; raises `StorageError` naming the known ones."""
    if format_id not in EXPORTERS:
        raise StorageError(
            f"There is no export format {format_id!r}; known are {', '.join(EXPORTERS)}."
        )
    return EXPORTERS[format_id]


def export_picture(path: str | Path, figure: Figure, format_id: str, scale: float = 1.0) -> None:
    """Write one figure; raises `StorageError`."""
    found = exporter(format_id)
    if not isinstance(found, PictureFormat):
        raise StorageError(f"{found.title} is no format for pictures.")
    save_bytes(path, found.render(svg(figure), scale))


def export_all(
    folder: str | Path,
    trajectory: Trajectory,
    formats: Iterable[str],
    *,
    name: str = "run",
    view: View | None = None,
    scale: float = 2.0,
    progress: Progress | None = None,
) -> tuple[Path, ...]:
    """Write data as `<name>.csv` and the like, pictures as `<figure>.png` and the like.

    Creates the folder. Returns the paths in the order of writing; raises `StorageError`.
    """
    found = [exporter(format_id) for format_id in dict.fromkeys(formats)]
    make_folder(folder)
    paths: list[Path] = []
    for data in (f for f in found if isinstance(f, DataFormat)):
        paths += data.write(Path(folder) / f"{name}{data.suffix}", trajectory, progress)
    pictures = [f for f in found if isinstance(f, PictureFormat)]
    for kind in standard_figures(trajectory) if pictures else ():
        text = svg(kind.build(trajectory, view))
        paths += _pictures(Path(folder) / kind.id, text, pictures, scale)
    return tuple(dict.fromkeys(paths))


def _pictures(
    stem: Path, text: str, formats: Iterable[PictureFormat], scale: float
) -> Iterator[Path]:
    for picture in formats:
        path = stem.with_name(f"{stem.name}{picture.suffix}")
        save_bytes(path, picture.render(text, scale))
        yield path
