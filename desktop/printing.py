"""Papers on A4, drawn as a PDF without a window: the letter that goes with a package, and 任务书."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QEventLoop, QHashSeed, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
)

from db.reports.handover_sheet import handover_html
from db.reports.letter import letter_html
from db.reports.monthly_report_page import monthly_report_html
from db.reports.self_evaluation_page import self_evaluation_html
from db.reports.supervision_page import supervision_html
from db.reports.task_sheet_page import task_sheet_html
from desktop.display import unseen_platform

if TYPE_CHECKING:
    from db.reports.handover_sheet import HandoverSheet
    from db.reports.letter import LetterFacts
    from db.reports.monthly_report import MonthlyReport
    from db.reports.self_evaluation import SelfEvaluation
    from db.reports.supervision import SupervisionPaper
    from db.reports.task_sheet import TaskSheet

FAMILIES = ("仿宋_GB2312", "仿宋", "FangSong", "Noto Serif CJK SC", "Noto Sans CJK SC", "SimSun", "Microsoft YaHei")
"""What official letters are set in, then what comes closest; without the later names a missing font fails silently."""

_RESOLUTION = 300
_MARGINS_MM = QMarginsF(28, 30, 26, 28)
_FOOT_MM = 15
_CLOCK = re.compile(rb"(/(?:CreationDate|ModDate)\s*\(D:)([0-9]{14})")
_XMP_CLOCK = re.compile(rb"(xmp:(?:CreateDate|ModifyDate|MetadataDate)(?:>|=\"))([^<\"]*)([<\"])")
_IDENTITY = re.compile(rb"(uuid:)([0-9a-fA-F-]{36})")
_ID_ARRAY = re.compile(rb"(/ID\s*\[\s*)(<[0-9a-fA-F]*>\s*<[0-9a-fA-F]*>)")
_DIGIT = re.compile(rb"[0-9a-fA-F]")

_application: QGuiApplication | None = None


def letter_pdf(facts: LetterFacts) -> bytes:
    """Return the letter as a PDF; the same bytes for the same facts on the same PC."""
    return html_pdf(letter_html(facts), title=facts.title, watermark="演示" if facts.sample else "")


def task_sheet_pdf(sheet: TaskSheet) -> bytes:
    """Return 任务书 as a PDF with page numbers."""
    return html_pdf(task_sheet_html(sheet), title=f"{sheet.title}（{sheet.assignee}）", numbered=True)


def supervision_pdf(paper: SupervisionPaper) -> bytes:
    """Return 督办单 as a PDF with page numbers."""
    return html_pdf(supervision_html(paper), title=f"{paper.title}（{paper.assignee}）", numbered=True)


def self_evaluation_pdf(report: SelfEvaluation) -> bytes:
    """Return 自评报告 as a PDF with page numbers."""
    return html_pdf(self_evaluation_html(report), title=report.title, numbered=True)


def monthly_report_pdf(report: MonthlyReport) -> bytes:
    """Return 月报 as a PDF with page numbers."""
    return html_pdf(monthly_report_html(report), title=report.title, numbered=True)


def handover_pdf(sheet: HandoverSheet) -> bytes:
    """Return 交接单 as a PDF with page numbers."""
    return html_pdf(handover_html(sheet), title=sheet.title, numbered=True)


def html_pdf(html: str, *, title: str, numbered: bool = False, watermark: str = "") -> bytes:
    """Return `html` set on as many A4 pages as it needs, `numbered` at the foot of each, `watermark` across each."""

    def draw(writer: QPdfWriter) -> None:
        lay_pages(writer, _MARGINS_MM)
        document = paper_document(writer)
        font = QFont()
        font.setFamilies(list(FAMILIES))
        font.setPointSizeF(12)
        font.setStyleHint(QFont.StyleHint.Serif)
        document.setDefaultFont(font)
        document.setHtml(html)
        document.setPageSize(QSizeF(writer.pageLayout().paintRectPixels(_RESOLUTION).size()))
        if numbered or watermark:
            _print_pages(document, writer, numbered=numbered, watermark=watermark)
        else:
            document.print_(writer)

    return drawn_pdf(title, draw)


def drawn_pdf(title: str, draw: Callable[[QPdfWriter], object], resolution: int = _RESOLUTION) -> bytes:
    """Return as a PDF what `draw` draws, on pages that it lays; the same bytes for the same drawing on the same PC."""
    ensure_application()
    # Qt writes the fonts of a page in the order of a hash, which would be another in every run.
    QHashSeed.setDeterministicGlobalSeed()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(resolution)
    writer.setTitle(title)
    writer.setCreator("sijian-desk")
    draw(writer)
    buffer.close()
    return without_clock(bytes(buffer.data().data()))


def lay_pages(device: QPagedPaintDevice, margins: QMarginsF, *, across: bool = False) -> None:
    """Let the device's pages be A4 with these margins in millimetres, standing or `across` on the long side."""
    kind = QPageLayout.Orientation.Landscape if across else QPageLayout.Orientation.Portrait
    device.setPageLayout(QPageLayout(QPageSize(QPageSize.PageSizeId.A4), kind, margins, QPageLayout.Unit.Millimeter))


def paper_document(device: QPagedPaintDevice) -> QTextDocument:
    """Return an empty document, to be laid out for the device and drawn to its edges on this thread."""
    # A long document sets a timer for laying out its rest; threads that Qt did not start have none before this.
    QEventLoop()
    document = QTextDocument()
    document.documentLayout().setPaintDevice(device)
    document.setDocumentMargin(0)
    return document


def _print_pages(document: QTextDocument, writer: QPdfWriter, *, numbered: bool, watermark: str) -> None:
    """Draw page after page with its number between dashes below the text, as official papers have it."""
    size, foot = document.pageSize(), round(_RESOLUTION * _FOOT_MM / 25.4)
    painter = QPainter(writer)
    font = QFont(document.defaultFont())
    for page in range(document.pageCount()):
        if page:
            writer.newPage()
        if watermark:
            _draw_watermark(painter, watermark, size)
        painter.save()
        painter.translate(0, -page * size.height())
        document.drawContents(painter, QRectF(0, page * size.height(), size.width(), size.height()))
        painter.restore()
        if numbered:
            painter.setFont(font)
            place = QRectF(0, size.height() + foot / 3, size.width(), foot)
            painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, f"— {page + 1} —")
    painter.end()


def _draw_watermark(painter: QPainter, word: str, size: QSizeF) -> None:
    """Draw `word` large and pale across the page, under its text."""
    painter.save()
    font = QFont(painter.font())
    font.setFamilies(list(FAMILIES))
    font.setPixelSize(round(size.width() / (len(word) + 1)))
    painter.setFont(font)
    painter.setPen(QColor("#DDDDDD"))
    painter.translate(size.width() / 2, size.height() / 2)
    painter.rotate(-45)
    reach = size.height()
    painter.drawText(QRectF(-reach, -reach, 2 * reach, 2 * reach), Qt.AlignmentFlag.AlignCenter, word)
    painter.restore()


def without_clock(pdf: bytes) -> bytes:
    """Return the PDF with its dates and random identities replaced by fixed ones of the same length."""
    pdf = _CLOCK.sub(rb"\g<1>20000101000000", pdf)
    pdf = _XMP_CLOCK.sub(lambda found: found[1] + _fixed_date(found[2]) + found[3], pdf)
    pdf = _IDENTITY.sub(lambda found: found[1] + _DIGIT.sub(b"0", found[2]), pdf)
    return _ID_ARRAY.sub(lambda found: found[1] + _DIGIT.sub(b"0", found[2]), pdf)


def _fixed_date(stated: bytes) -> bytes:
    fixed = b"2000-01-01T00:00:00"
    return fixed + stated[len(fixed) :] if len(stated) >= len(fixed) else stated


def ensure_application() -> None:
    """Fonts need an application object; the command line has none, and none of its drawing is to be seen."""
    global _application
    if QGuiApplication.instance() is None:
        _application = QGuiApplication([*sys.argv[:1], "-platform", unseen_platform()])
