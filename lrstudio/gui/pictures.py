"""Figures as PNG and PDF: the SVG drawn by Qt, in memory, and looked at before it is saved.

Qt reports success for pictures that are empty, so nothing it made is handed on unchecked.
"""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QSize, QSizeF
from PySide6.QtGui import QGuiApplication, QImage, QImageReader, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgRenderer

from lrstudio import __version__
from lrstudio.storage import exporters
from lrstudio.storage.errors import StorageError
from lrstudio.storage.exporters import PictureFormat

DOTS_PER_METRE = 96 / 0.0254
"""A CSS pixel is 1/96 inch; so large a picture at scale 1 is printed."""
POINTS_PER_PIXEL = 0.75
LARGEST_SIDE = 20_000  # pixels; some hundred megabytes
_PDF_RESOLUTION = 1200


def register() -> None:
    """Make PNG and PDF known to the exporters."""
    exporters.register(PictureFormat("png", "Picture of pixels (PNG)", ".png", png_bytes))
    exporters.register(PictureFormat("pdf", "Page to print (PDF)", ".pdf", _pdf))


def application() -> QGuiApplication:
    """The running application, or one that needs no display; the caller keeps it."""
    running = QGuiApplication.instance()
    if isinstance(running, QGuiApplication):
        return running
    return QGuiApplication(["lrstudio", "-platform", "offscreen"])


def png_bytes(svg: str, scale: float = 1.0) -> bytes:
    """The picture as PNG, `scale` pixels for each of its own; raises `StorageError`."""
    renderer = _renderer(svg)
    size = renderer.defaultSize() * scale
    if not 1 <= min(size.width(), size.height()) <= max(size.toTuple()) <= LARGEST_SIDE:
        raise StorageError(
            f"A picture of {size.width()} × {size.height()} pixels cannot be made; "
            f"choose a scale that keeps both sides between 1 and {LARGEST_SIDE}."
        )
    image = _read(svg, size)
    if image.isNull():
        image = _painted(renderer, size)
    image.setDotsPerMeterX(round(DOTS_PER_METRE * scale))
    image.setDotsPerMeterY(round(DOTS_PER_METRE * scale))
    data = QByteArray()
    buffer = _opened(data)
    is_written = image.save(buffer, "PNG")
    buffer.close()
    if not is_written or QImage.fromData(data, "PNG").size() != size:
        raise StorageError("Qt could not make the PNG; try SVG or a smaller scale.")
    return data.data()


def pdf_bytes(svg: str) -> bytes:
    """The picture as one vector page of its own size; raises `StorageError`."""
    renderer = _renderer(svg)
    data = QByteArray()
    buffer = _opened(data)
    writer = QPdfWriter(buffer)
    size = QSizeF(renderer.defaultSize()) * POINTS_PER_PIXEL
    writer.setPageSize(QPageSize(size, QPageSize.Unit.Point, "", QPageSize.ExactMatch))
    writer.setPageMargins(QMarginsF())
    writer.setResolution(_PDF_RESOLUTION)
    writer.setCreator(f"LR Studio {__version__}")
    _paint(renderer, writer)
    del writer  # writes the end of the file
    buffer.close()
    written = data.data()
    if not (written.startswith(b"%PDF-") and written.rstrip().endswith(b"%%EOF")):
        raise StorageError("Qt could not make the PDF; try SVG.")
    return written


def _pdf(svg: str, scale: float) -> bytes:
    return pdf_bytes(svg)


def _renderer(svg: str) -> QSvgRenderer:
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    if not renderer.isValid() or renderer.defaultSize().isEmpty():
        raise StorageError("Qt could not read the picture; try SVG.")
    return renderer


def _read(svg: str, size: QSize) -> QImage:
    """The picture drawn by Qt's reader, during which other threads go on: a long noisy curve takes
    seconds. Null without its plug-in, or beyond its limit of memory.
    """
    data = QByteArray(svg.encode())
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"svg"))
    reader.setScaledSize(size)
    return reader.read()


def _painted(renderer: QSvgRenderer, size: QSize) -> QImage:
    """The same picture, during which Python stands still."""
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    if image.isNull():
        raise StorageError("There is not enough memory for the picture; choose a smaller scale.")
    image.fill(0)
    _paint(renderer, image)
    return image


def _opened(data: QByteArray) -> QBuffer:
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


def _paint(renderer: QSvgRenderer, device: QImage | QPdfWriter) -> None:
    painter = QPainter()
    if not painter.begin(device):
        raise StorageError("Qt could not draw the picture; there may not be enough memory.")
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter)
    painter.end()
