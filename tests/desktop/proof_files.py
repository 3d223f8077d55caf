"""Proof files made for tests: PDFs, photographs turned by their camera."""

from __future__ import annotations

import struct
from pathlib import Path

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QColor, QImage, QPageSize, QPainter, QPdfWriter


def write_pdf(file: Path, pages: int) -> Path:
    """Write a PDF of A4 pages; the first is red all over, the others blue."""
    writer = QPdfWriter(str(file))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF())
    painter = QPainter(writer)
    for number in range(pages):
        if number:
            writer.newPage()
        painter.fillRect(painter.viewport(), QColor("blue" if number else "red"))
    painter.end()
    return file


def write_photograph(file: Path, width: int, height: int, *, orientation: int = 1) -> Path:
    """Write a JPEG whose left half is red and right half blue, with the orientation that a camera notes in EXIF."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    painter = QPainter(image)
    painter.fillRect(width // 2, 0, width, height, QColor("blue"))
    painter.end()
    image.save(str(file), "JPG", 95)  # type: ignore[call-overload]
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    exif = b"Exif\0\0" + b"MM\0*" + struct.pack(">IH", 8, 1) + entry + bytes(4)
    jpeg = file.read_bytes()
    file.write_bytes(jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:])
    return file
