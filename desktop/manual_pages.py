"""The manual on paper: A4 upright, a contents with page numbers before it, a number at the foot of each page.

    manual_pdf(title, chapters) -> bytes
    print_manual(device, title, chapters) -> int           how many pages

The contents are laid out twice: what they say does not change how much room they take. It draws on any thread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QFont,
    QImage,
    QPagedPaintDevice,
    QPainter,
    QPdfWriter,
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

import resources
from db.reports.manual.book import Chapter, Page
from db.reports.manual.page import anchor
from desktop import look
from desktop.printing import drawn_pdf, lay_pages, paper_document
from desktop.widgets.manual_view import INDENT, STYLE, read_picture

MARGINS_MM = QMarginsF(22, 20, 22, 22)
TEXT_WIDTH = 627
"""The text's width in pixels of 1/96 inch, in which Qt measures pictures and margins."""
LETTER = 10.5
PER_PIXEL = 0.7
"""Points for a pixel of the style's letters."""
KEEP_BELOW = 0.1
"""A heading lower than this share of the page goes to the next."""
MOST_ROWS = 240
"""Rows of tables that are laid out together: every heading that is moved costs laying them out anew."""
_FOOT_MM = 12
_PIXELS = re.compile(r"font-size: (\d+)px")


def lay_upright(device: QPagedPaintDevice) -> None:
    """Let the device's pages be A4, standing."""
    lay_pages(device, MARGINS_MM)


def manual_pdf(title: str, chapters: Sequence[Chapter]) -> bytes:
    """Return the chapters as a PDF; the same bytes for the same text on the same PC."""

    def draw(writer: QPdfWriter) -> None:
        lay_upright(writer)
        print_manual(writer, title, chapters)

    return drawn_pdf(title, draw)


def print_manual(device: QPagedPaintDevice, title: str, chapters: Sequence[Chapter]) -> int:
    """Draw the chapters onto the device and return how many pages they take."""
    texts = [_sheets(device, pages) for chapter in chapters for pages in _batches(chapter.pages)]
    if sum(text.pageCount() for text in texts) > 1:  # what fits on one sheet needs no contents
        texts.insert(0, _contents_of(device, title, chapters, texts))
    painter, drawn, total = QPainter(device), 0, sum(text.pageCount() for text in texts)
    for document in texts:
        for page in range(document.pageCount()):
            if drawn:
                device.newPage()
            drawn += 1
            _draw(painter, document, page)
            foot = device.logicalDpiY() * _FOOT_MM / 25.4
            place = QRectF(0, document.pageSize().height() + foot / 3, document.pageSize().width(), foot)
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, title)
            number = f"第 {drawn} 页，共 {total} 页"
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, number)
    painter.end()
    return total


def _draw(painter: QPainter, document: QTextDocument, page: int) -> None:
    """Draw a page of the document, and leave the painter ready for what stands at its foot."""
    size = document.pageSize()
    painter.save()
    painter.translate(0, -page * size.height())
    document.drawContents(painter, QRectF(0, page * size.height(), size.width(), size.height()))
    painter.restore()
    painter.setFont(_font(LETTER - 1.5))
    painter.setPen(look.colour("secondary"))


# -- text -------------------------------------------------------------------------------------------------------------


def _batches(pages: Sequence[Page]) -> list[list[Page]]:
    """Return the pages of a chapter, as many together as are laid out quickly."""
    batches: list[list[Page]] = [[]]
    rows = 0
    for page in pages:
        rows += page.rows
        if rows > MOST_ROWS and batches[-1]:
            batches.append([])
            rows = page.rows
        batches[-1].append(page)
    return batches


def _sheets(device: QPagedPaintDevice, pages: Sequence[Page]) -> QTextDocument:
    """Return pages that follow each other, beginning on a sheet of their own."""
    found = {name: read_picture(name) for page in pages for name in page.pictures}
    pictures = {name: image for name, image in found.items() if not image.isNull()}
    widths = {name: min(image.width(), TEXT_WIDTH) for name, image in pictures.items()}
    return _document(device, "".join(page.html(widths) for page in pages), pictures)


def _contents_of(
    device: QPagedPaintDevice, title: str, chapters: Sequence[Chapter], texts: Sequence[QTextDocument]
) -> QTextDocument:
    """Return the contents of the texts, which follow it."""
    numbers: dict[str, int] = {}
    first = _document(device, _contents(title, chapters, {}), {}).pageCount() + 1
    for text in texts:
        numbers |= _page_numbers(text, first)
        first += text.pageCount()
    return _document(device, _contents(title, chapters, numbers), {})


def _contents(title: str, chapters: Sequence[Chapter], numbers: dict[str, int]) -> str:
    lines = []
    for chapter in chapters:
        lines.append(_line(chapter.title, numbers.get(chapter.slug), bold=True))
        for section in chapter.sections:
            if section.level == 2:
                lines.append(_line(section.title, numbers.get(anchor(chapter.slug, section.title))))
    table = f'<table class="contents" width="100%">{"".join(lines)}</table>'
    return f"<h1>{escape(title)}</h1><h2>目录</h2>{table}"


def _line(title: str, number: int | None, *, bold: bool = False) -> str:
    words = f"<b>{escape(title)}</b>" if bold else f"&nbsp;&nbsp;&nbsp;&nbsp;{escape(title)}"
    shown = "000" if number is None else str(number)
    return f'<tr><td>{words}</td><td align="right">{shown}</td></tr>'


# -- pages ------------------------------------------------------------------------------------------------------------


def _document(device: QPagedPaintDevice, html: str, pictures: Mapping[str, QImage]) -> QTextDocument:
    document = paper_document(device)
    document.setDefaultFont(_font(LETTER))
    document.setIndentWidth(INDENT)
    style = look.coloured(resources.text(STYLE))
    document.setDefaultStyleSheet(_PIXELS.sub(lambda found: f"font-size: {int(found[1]) * PER_PIXEL:g}pt", style))
    for name, image in pictures.items():
        document.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name), image)
    document.setHtml(html)
    layout = device.pageLayout()
    document.setPageSize(QSizeF(layout.paintRectPixels(device.logicalDpiX()).size()))
    _keep_headings(document)
    return document


def _font(points: float) -> QFont:
    made = QFont()
    if look.families():
        made.setFamilies(list(look.families()))
    made.setPointSizeF(points)
    return made


def _keep_headings(document: QTextDocument) -> None:
    """Send a heading at the foot of a page to the next one, with what stands below it."""
    height = document.pageSize().height()
    block = document.begin()
    while block.isValid():
        form = block.blockFormat()
        if form.headingLevel() > 1 and form.pageBreakPolicy() == QTextFormat.PageBreakFlag.PageBreak_Auto:
            top = document.documentLayout().blockBoundingRect(block).top()
            if height - top % height < height * KEEP_BELOW:
                _break_before(document, block)
        block = block.next()


def _break_before(document: QTextDocument, block: QTextBlock) -> None:
    form = block.blockFormat()
    form.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
    QTextCursor(block).setBlockFormat(form)
    document.setPageSize(document.pageSize())  # laid out anew: Qt puts what follows a changed block anywhere


def _page_numbers(document: QTextDocument, first: int) -> dict[str, int]:
    """Return the page of every heading's anchor; the document begins on page `first`."""
    numbers: dict[str, int] = {}
    height = document.pageSize().height()
    block = document.begin()
    while block.isValid():
        if block.blockFormat().headingLevel():
            page = int(document.documentLayout().blockBoundingRect(block).top() // height) + first
            fragments = block.begin()
            while not fragments.atEnd():
                for name in fragments.fragment().charFormat().anchorNames():
                    numbers.setdefault(name, page)
                fragments += 1
        block = block.next()
    return numbers
