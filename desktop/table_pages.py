"""A table on paper: A4 across, the headings on every page, columns in proportion, nothing clipped.

    print_table(device, table, progress)       a printer or a PDF writer
    table_pdf(table, progress) -> bytes

A table wider than a page goes on in further parts, each with the first columns again; a row that is higher than a page
goes on on the next. It draws on any thread.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPagedPaintDevice,
    QPainter,
    QPdfWriter,
    QPen,
    QTextLayout,
    QTextOption,
)

from db.core.progress import NO_PROGRESS, Progress
from desktop import look
from desktop.printing import drawn_pdf, lay_pages

UNIT = 10
"""Everything is measured in tenths of a point, so that letters are placed as finely as a printer can."""
LETTER, TITLE_LETTER, NOTE_LETTER = 85, 150, 85
PAD_X, PAD_Y, FOOT = 32, 26, 200
PER_PIXEL = 5.2
"""Tenths of a point that a pixel of the screen's width becomes at least; narrower columns would break every word."""
KEPT_SHARE = 0.4
MARGINS_MM = QMarginsF(12, 13, 12, 11)
_RESOLUTION = 600
_REPORT_EVERY = 500


@dataclass(frozen=True)
class PageColumn:
    """A column: its heading, its width on the screen in pixels, and whether it holds numbers."""

    heading: str
    width: int
    right: bool = False


@dataclass(frozen=True)
class PageTable:
    """What is to be printed; a row of one text lies over all columns.

    The first `kept` columns are repeated where there is not room for all; `bold` are the numbers of rows that are sums;
    `note` stands below the title, `after` below the table (who signs).
    """

    title: str
    columns: tuple[PageColumn, ...]
    rows: Sequence[Sequence[str]]
    note: str = ""
    kept: int = 1
    bold: frozenset[int] = frozenset()
    after: tuple[str, ...] = ()


def lay_across(device: QPagedPaintDevice) -> None:
    """Let the device's pages be A4, lying on the long side."""
    lay_pages(device, MARGINS_MM, across=True)


def table_pdf(table: PageTable, progress: Progress = NO_PROGRESS) -> bytes:
    """Return the table as a PDF; the same bytes for the same table on the same PC. Raises Cancelled."""

    def draw(writer: QPdfWriter) -> None:
        lay_across(writer)
        print_table(writer, table, progress)

    return drawn_pdf(table.title, draw, _RESOLUTION)


def print_table(device: QPagedPaintDevice, table: PageTable, progress: Progress = NO_PROGRESS) -> int:
    """Draw the table onto as many pages as it needs and return how many; Cancelled between pages."""
    painter = QPainter(device)
    try:
        scale = device.logicalDpiX() / 72 / UNIT
        painter.scale(scale, scale)
        page = _Page(painter.viewport().width() / scale, painter.viewport().height() / scale)
        sheets = list(_sheets(table, page, progress))
        for number, sheet in enumerate(sheets, start=1):
            progress.step(number - 1, len(sheets), f"第{number}页")
            if number > 1:
                device.newPage()
            _draw(painter, page, table, sheet, f"第 {number} 页，共 {len(sheets)} 页")
    finally:
        painter.end()
    return len(sheets)


# -- what goes on which page ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Page:
    width: float
    height: float

    @property
    def body(self) -> float:
        return self.height - FOOT


@dataclass(frozen=True)
class _Part:
    """Columns that stand beside one another on a page: their numbers, and widths that fill it."""

    columns: tuple[int, ...]
    widths: tuple[float, ...]
    place: str


@dataclass(frozen=True)
class _Strip:
    """A row, or as much of it as a page has room for: the lines of every cell."""

    cells: tuple[tuple[str, ...], ...]
    bold: bool = False

    def height(self, line: float) -> float:
        return max(map(len, self.cells), default=1) * line + 2 * PAD_Y


@dataclass(frozen=True)
class _Sheet:
    part: _Part
    head: _Strip
    strips: tuple[_Strip, ...]
    first: bool
    last: bool


def letter(pixels: int = LETTER, *, bold: bool = False) -> QFont:
    """Return the font of a table on paper, `pixels` tenths of a point high."""
    made = QFont()
    if look.families():
        made.setFamilies(list(look.families()))
    made.setPixelSize(pixels)
    made.setBold(bold)
    made.setFeature(QFont.Tag("tnum"), 1)  # figures stand below one another
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def parts_of(columns: Sequence[PageColumn], kept: int, width: float) -> list[tuple[int, ...]]:
    """Return which columns stand on the same page, the first `kept` in every part while they leave room for others."""
    widths = [max(column.width, 1) * PER_PIXEL for column in columns]
    if sum(widths) <= width:
        return [tuple(range(len(columns)))]
    if sum(widths[:kept]) > width * KEPT_SHARE:
        kept = 0
    found: list[tuple[int, ...]] = []
    base = tuple(range(kept))
    own: list[int] = []
    used = start = sum(widths[:kept])
    for number in range(kept, len(columns)):
        if own and used + widths[number] > width:
            found.append((*base, *own))
            own, used = [], start
        own.append(number)
        used += widths[number]
    return [*found, (*base, *own)]


def _sheets(table: PageTable, page: _Page, progress: Progress) -> Iterator[_Sheet]:
    metrics, bold = QFontMetricsF(letter()), QFontMetricsF(letter(bold=True))
    groups = parts_of(table.columns, table.kept, page.width)
    opening = _opening_height(table)
    closing = len(table.after) * metrics.lineSpacing() * 1.5 + 2 * PAD_Y if table.after else 0.0
    for number, columns in enumerate(groups):
        wanted = [max(table.columns[c].width, 1) for c in columns]
        widths = tuple(page.width * each / sum(wanted) for each in wanted)
        place = f"第 {number + 1} 部分列，共 {len(groups)} 部分" if len(groups) > 1 else ""
        part = _Part(columns, widths, place)
        head = _strip([table.columns[c].heading for c in columns], widths, bold, bold=True)
        yield from _part_sheets(table, page, part, head, metrics, opening if not number else 0.0, closing, progress)


def _part_sheets(
    table: PageTable,
    page: _Page,
    part: _Part,
    head: _Strip,
    metrics: QFontMetricsF,
    opening: float,
    closing: float,
    progress: Progress,
) -> Iterator[_Sheet]:
    line = metrics.lineSpacing()
    room_below_head = page.body - head.height(line)
    made, first = partial(_Sheet, part, head), bool(opening)
    strips: list[_Strip] = []
    left = room_below_head - opening
    for number, texts in enumerate(table.rows):
        if not number % _REPORT_EVERY:
            progress.step(number, len(table.rows), "正在排版")
        strip = _row(table, part, texts, metrics, bold=number in table.bold)
        for piece in _pieces(strip, line, left, room_below_head):
            if piece.height(line) > left and (strips or left < room_below_head):
                yield made(tuple(strips), first, False)
                strips, left, first = [], room_below_head, False
            strips.append(piece)
            left -= piece.height(line)
    if closing > left and strips:
        yield made(tuple(strips), first, False)
        strips, first = [], False
    yield made(tuple(strips), first, True)


def _pieces(strip: _Strip, line: float, left: float, whole: float) -> Iterator[_Strip]:
    """Yield the row itself, or, where not even an empty page holds it, what fits on one after the other."""
    if strip.height(line) <= whole:
        yield strip
        return
    begin, high = 0, max(map(len, strip.cells))
    while begin < high:
        fitting = int((left - 2 * PAD_Y) / line)
        if fitting < 1:
            fitting = int((whole - 2 * PAD_Y) / line)
        yield _Strip(tuple(cell[begin : begin + fitting] for cell in strip.cells), strip.bold)
        begin, left = begin + fitting, whole


def _row(table: PageTable, part: _Part, texts: Sequence[str], metrics: QFontMetricsF, *, bold: bool) -> _Strip:
    if len(texts) == 1 < len(table.columns):
        return _strip(texts, [sum(part.widths)], metrics, bold=bold)
    return _strip([texts[c] for c in part.columns], part.widths, metrics, bold=bold)


def _strip(texts: Sequence[str], widths: Sequence[float], metrics: QFontMetricsF, *, bold: bool) -> _Strip:
    font = letter(bold=bold)
    cells = [tuple(lines_of(t, w - 2 * PAD_X, metrics, font)) for t, w in zip(texts, widths, strict=True)]
    return _Strip(tuple(cells), bold)


def lines_of(text: str, width: float, metrics: QFontMetricsF, font: QFont) -> list[str]:
    """Return `text` broken into lines that are no wider than `width`: between words, or anywhere in a long one."""
    if "\n" not in text and metrics.horizontalAdvance(text) <= width:
        return [text]
    found: list[str] = []
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    for paragraph in text.split("\n"):
        layout = QTextLayout(paragraph, font)
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(width, 1.0))
            found.append(paragraph[line.textStart() : line.textStart() + line.textLength()].rstrip())
        layout.endLayout()
    return found


# -- drawing ----------------------------------------------------------------------------------------------------------


def _opening_height(table: PageTable) -> float:
    title = QFontMetricsF(letter(TITLE_LETTER, bold=True)).lineSpacing() + 60
    return title + (QFontMetricsF(letter(NOTE_LETTER)).lineSpacing() + 40 if table.note else 0)


def _draw(painter: QPainter, page: _Page, table: PageTable, sheet: _Sheet, number: str) -> None:
    top = _draw_opening(painter, page, table) if sheet.first else 0.0
    line = QFontMetricsF(letter()).lineSpacing()
    top = _draw_strip(painter, table, sheet.part, sheet.head, top, line, heading=True)
    for strip in sheet.strips:
        top = _draw_strip(painter, table, sheet.part, strip, top, line)
    if sheet.last:
        _draw_after(painter, page, table, top + 2 * PAD_Y, line)
    painter.setFont(letter(75))
    painter.setPen(look.colour("secondary"))
    foot = QRectF(0, page.height - FOOT * 0.7, page.width, FOOT * 0.7)
    below = Qt.AlignmentFlag.AlignBottom
    painter.drawText(foot, below | Qt.AlignmentFlag.AlignHCenter, number)
    if not sheet.first:
        painter.drawText(foot, below | Qt.AlignmentFlag.AlignLeft, table.title)
    painter.drawText(foot, below | Qt.AlignmentFlag.AlignRight, sheet.part.place)


def _draw_opening(painter: QPainter, page: _Page, table: PageTable) -> float:
    painter.setPen(look.colour("text"))
    painter.setFont(letter(TITLE_LETTER, bold=True))
    height = QFontMetricsF(painter.font()).lineSpacing()
    painter.drawText(QRectF(0, 0, page.width, height), Qt.AlignmentFlag.AlignCenter, table.title)
    if table.note:
        painter.setFont(letter(NOTE_LETTER))
        painter.setPen(look.colour("secondary"))
        below = QRectF(0, height + 40, page.width, QFontMetricsF(painter.font()).lineSpacing())
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, table.note)
    return _opening_height(table)


def _draw_strip(
    painter: QPainter, table: PageTable, part: _Part, strip: _Strip, top: float, line: float, *, heading: bool = False
) -> float:
    height, left = strip.height(line), 0.0
    painter.setFont(letter(bold=strip.bold))
    wide = len(strip.cells) == 1 < len(part.columns)
    widths = [sum(part.widths)] if wide else part.widths
    for column, width, cell in zip(part.columns, widths, strip.cells, strict=not wide):
        box = QRectF(left, top, width, height)
        if heading:
            painter.fillRect(box, look.colour("header"))
        painter.setPen(QPen(look.colour("control"), 5))
        painter.drawRect(box)
        painter.setPen(look.colour("text"))
        right = table.columns[column].right and not wide
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        if heading:
            side = Qt.AlignmentFlag.AlignHCenter
        y = top + (height - len(cell) * line) / 2
        for text in cell:
            place = QRectF(left + PAD_X, y, width - 2 * PAD_X, line)
            painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, text)
            y += line
        left += width
    return top + height


def _draw_after(painter: QPainter, page: _Page, table: PageTable, top: float, line: float) -> None:
    painter.setFont(letter())
    painter.setPen(look.colour("text"))
    for number, text in enumerate(table.after):
        place = QRectF(0, top + number * line * 1.5, page.width, line * 1.5)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
