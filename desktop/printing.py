"""Papers on A4: the letter that goes with a package, drawn as a PDF without a window."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import QFont, QGuiApplication, QPageLayout, QPageSize, QPdfWriter, QTextDocument

from db.reports.letter import letter_html

if TYPE_CHECKING:
    from db.reports.letter import LetterFacts

FAMILIES = ("仿宋_GB2312", "仿宋", "FangSong", "Noto Serif CJK SC", "Noto Sans CJK SC", "SimSun", "Microsoft YaHei")
"""What official letters are set in, then what comes closest; without the later names a missing font fails silently."""

_RESOLUTION = 300
_MARGINS_MM = QMarginsF(28, 30, 26, 28)
_CLOCK = re.compile(rb"(/(?:CreationDate|ModDate)\s*\(D:)([0-9]{14})")
_XMP_CLOCK = re.compile(rb"(<xmp:(?:CreateDate|ModifyDate|MetadataDate)>)([^<]*)(</)")
_IDENTITY = re.compile(rb"(uuid:)([0-9a-fA-F-]{36})")
_ID_ARRAY = re.compile(rb"(/ID\s*\[\s*)(<[0-9a-fA-F]*>\s*<[0-9a-fA-F]*>)")
_DIGIT = re.compile(rb"[0-9a-fA-F]")

_application: QGuiApplication | None = None


def letter_pdf(facts: LetterFacts) -> bytes:
    """Return the letter as a PDF; the same bytes for the same facts on the same PC."""
    return html_pdf(letter_html(facts), title=facts.title)


def html_pdf(html: str, *, title: str) -> bytes:
    """Return `html` set on as many A4 pages as it needs."""
    _ensure_application()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_RESOLUTION)
    writer.setTitle(title)
    writer.setCreator("sijian-desk")
    layout = QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4),
        QPageLayout.Orientation.Portrait,
        _MARGINS_MM,
        QPageLayout.Unit.Millimeter,
    )
    writer.setPageLayout(layout)
    document = QTextDocument()
    document.documentLayout().setPaintDevice(writer)
    font = QFont()
    font.setFamilies(list(FAMILIES))
    font.setPointSizeF(12)
    font.setStyleHint(QFont.StyleHint.Serif)
    document.setDefaultFont(font)
    document.setDocumentMargin(0)
    document.setHtml(html)
    document.setPageSize(QSizeF(layout.paintRectPixels(_RESOLUTION).size()))
    document.print_(writer)
    buffer.close()
    return without_clock(bytes(buffer.data().data()))


def without_clock(pdf: bytes) -> bytes:
    """Return the PDF with its dates and random identities replaced by fixed ones of the same length."""
    pdf = _CLOCK.sub(rb"\g<1>20000101000000", pdf)
    pdf = _XMP_CLOCK.sub(lambda found: found[1] + _fixed_date(found[2]) + found[3], pdf)
    pdf = _IDENTITY.sub(lambda found: found[1] + _DIGIT.sub(b"0", found[2]), pdf)
    return _ID_ARRAY.sub(lambda found: found[1] + _DIGIT.sub(b"0", found[2]), pdf)


def _fixed_date(stated: bytes) -> bytes:
    fixed = b"2000-01-01T00:00:00"
    return fixed + stated[len(fixed) :] if len(stated) >= len(fixed) else stated


def _ensure_application() -> None:
    """Fonts need an application object; the command line has none, and none of its drawing is to be seen."""
    global _application
    if QGuiApplication.instance() is None:
        _application = QGuiApplication([*sys.argv[:1], "-platform", "offscreen"])
