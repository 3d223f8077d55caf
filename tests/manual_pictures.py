"""The manual's pictures: those that its text names, drawn by the tour, small files that go with the program.

A name is one of `tests.tour` as it stands (overview, dialog-split), of the city's window `city-…`, of the start page
`start-welcome`. What shows months is drawn of a county that has some.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter, qBlue, qGreen, qRed, qRgb
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

import resources
from db.reports.manual.book import PICTURES
from desktop.palette import palette

OUT = resources.path("manual/places.toml").parent / "pictures"
SIZE = (1100, 640)
"""What the windows are drawn at: no wider than the manual shows, and room enough for their words."""

COLOURS = 256
COARSE = 3
"""Bits of each colour that are left out when they are counted."""
MONTHS = "months"
CLERK, HOME = "王芳", "D:\\四减四增"
_OTHERS = ("city-", "start-")
_OF_MONTHS = ("overview", "monthly-tasks", "monthly-projects", "monthly-late", "evaluation", "base-backup")


def named() -> set[str]:
    """Return the names of the pictures in the text, without folder and ending."""
    from desktop.manual_text import manual

    prefix = PICTURES.rpartition("/")[2]
    found = {name for chapter in manual().chapters for page in chapter.pages for name in page.pictures}
    return {name.removeprefix(f"{prefix}/").removesuffix(".png") for name in found}


def drawn_as(name: str) -> str:
    """Return under which name `tests.pictures` draws it."""
    if name.startswith(_OTHERS):
        return name
    return f"{MONTHS if name in _OF_MONTHS else 'demo'}-{name}"


def draw(work: Path) -> Iterator[Path]:
    """Draw every picture that the text names, take away the others, and yield the files."""
    from tests.pictures import render

    wanted = {drawn_as(name): name for name in named()}
    raw = work / "raw"
    raw.mkdir()
    OUT.mkdir(exist_ok=True)
    os.environ["LOGNAME"] = CLERK
    dress = partial(_put_at_home, folder=str(work))
    for file in render(work, raw, SIZE, wanted.__contains__, ("demo", MONTHS), dress):
        made = OUT / f"{wanted[file.stem]}.png"
        write_small(QImage(str(file)), made)
        yield made
    for file in OUT.glob("*.png"):
        if file.stem not in wanted.values():
            file.unlink()


def _put_at_home(window: QWidget, folder: str) -> None:
    """Let the folders that the window names be those of a clerk's PC."""
    for each in window.findChildren(QWidget):
        if not isinstance(each, QLabel | QLineEdit | QPushButton):
            continue
        text = each.text()
        place = text.find(folder)
        if place >= 0:
            path = text[place:].replace(folder, HOME).replace("/", "\\")
            each.setText(text[:place] + re.sub(rf"\\(demo|{MONTHS}|city)\b", r"\\寿光市", path))
        elif text == "demo":
            each.setText("寿光市")


def write_small(image: QImage, file: Path) -> None:
    """Write the picture with at most 256 colours, those that it has most of."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    plain.setDevicePixelRatio(1)
    painter = QPainter(plain)
    painter.setPen(QColor(palette()["control"]))
    painter.drawRect(plain.rect().adjusted(0, 0, -1, -1))
    painter.end()
    small = plain.convertToFormat(QImage.Format.Format_Indexed8, palette_of(plain))
    writer = QImageWriter(str(file), b"png")
    writer.setCompression(100)
    if not writer.write(small):
        raise OSError(f"could not write {file}")


def palette_of(image: QImage) -> list[int]:
    """Return the colours that the picture has most of; those much alike count as one."""
    data = bytes(image.constBits())
    pixels = Counter(memoryview(data).cast("I"))
    groups: dict[tuple[int, int, int], Counter[int]] = {}
    for pixel, count in pixels.items():
        key = (qRed(pixel) >> COARSE, qGreen(pixel) >> COARSE, qBlue(pixel) >> COARSE)
        groups.setdefault(key, Counter())[pixel] += count
    best = sorted(groups.values(), key=lambda group: -group.total())[:COLOURS]
    return [qRgb(qRed(pixel), qGreen(pixel), qBlue(pixel)) for pixel in (group.most_common(1)[0][0] for group in best)]
