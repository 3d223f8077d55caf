"""Pictures read for the screen: as many pixels as are shown, the right way up. Off the GUI thread."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageIOHandler, QImageReader

from db.core.errors import DataProblem
from desktop.pdf_pages import PdfPage

MOST_MEGABYTES = 512
"""What one picture may take while it is read: 128 million pixels."""
_DRAWN = (b"svg", b"svgz", b"pdf")


def read_picture(file: Path, width: int, height: int) -> QImage:
    """Return the picture in `file`, turned as its camera says, no larger than `width` × `height` pixels.

    DataProblem when it cannot be read. The first one of an animation is taken.
    """
    QImageReader.setAllocationLimit(MOST_MEGABYTES)
    reader = QImageReader(str(file))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    size = reader.size()
    box = QSize(width, height)
    if reader.transformation() & QImageIOHandler.Transformation.TransformationRotate90:
        box.transpose()  # the size is scaled before the picture is turned
    if size.isValid() and (size.width() > box.width() or size.height() > box.height()):
        reader.setScaledSize(size.scaled(box, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1)))
    # A drawing under a picture's name could ask for any amount of work.
    image = QImage() if reader.format().data() in _DRAWN else reader.read()
    if image.isNull():
        raise DataProblem("这张图片不能在这里预览，可能格式少见、太大或已损坏。", advice="请用其他程序打开。")
    return image


def page_image(page: PdfPage) -> QImage:
    """Return a drawn page as a picture of its own memory."""
    return QImage(page.pixels, page.width, page.height, page.width * 4, QImage.Format.Format_RGB32).copy()
