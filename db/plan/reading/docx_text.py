"""The text of a .docx: paragraphs with their automatic numbers, and tables.

What a reader of the document sees counts: insertions that are being tracked, text boxes, results of fields. What is
deleted, moved away or hidden does not, nor do headers and footers, which repeat on every page. Notes follow at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from db.plan.reading.docx_numbers import Lists, read_lists
from db.plan.reading.ooxml import WordFile

SOFT_BREAK = "\v"
_CHANGES = {"w:pPrChange", "w:rPrChange", "w:tblPrChange", "w:trPrChange", "w:tcPrChange"}
_PASSED_OVER = _CHANGES | {"w:del", "w:moveFrom", "mc:Fallback", "w:instrText", "w:delText", "w:delInstrText", "w:rt"}
_WRITTEN = {"w:tab": "\t", "w:cr": SOFT_BREAK, "w:noBreakHyphen": "-"}
_MOST_COLUMNS = 63


@dataclass
class RawCell:
    """A cell: its paragraphs, how many columns it spans, and whether it goes on a cell above it."""

    content: list[Block] = field(default_factory=list)
    columns: int = 1
    continues: bool = False


@dataclass
class RawTable:
    """A table: the cells of each row."""

    rows: list[list[RawCell]] = field(default_factory=list)


Block = str | RawTable
"""A paragraph (soft line breaks are \\v), or a table."""


def read_blocks(word: WordFile, count: Callable[[int], None]) -> list[Block]:
    """Return paragraphs and tables in their order; `count` is told the size of what is read and may stop it."""
    body = _Body(read_lists(word), count)
    word.parse("word/document.xml", body)
    for part in ("word/footnotes.xml", "word/endnotes.xml"):
        notes = _Body(Lists(), count)
        if word.parse(part, notes):
            texts = [block.strip() for block in notes.blocks if isinstance(block, str)]
            body.blocks += [f"注：{text}" for text in texts if text]
    return body.blocks


@dataclass
class _Paragraph:
    text: list[str] = field(default_factory=list)
    style: str = ""
    list_id: str | None = None
    level: int | None = None
    goes_on: bool = False
    """its mark was deleted: the next paragraph belongs to it"""


class _Body:
    """Follows the elements of document.xml."""

    def __init__(self, lists: Lists, count: Callable[[int], None]) -> None:
        self.blocks: list[Block] = []
        self._lists = lists
        self._count = count
        self._containers: list[list[Block]] = [self.blocks]
        self._tables: list[RawTable] = []
        self._paragraphs: list[_Paragraph] = []
        self._passing = 0
        self._in_run = self._hidden = self._in_text = self._in_properties = False
        self._carried = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._passing or name in _PASSED_OVER:
            if name == "w:del" and self._in_properties and self._paragraphs and not self._in_run:
                self._paragraphs[-1].goes_on = True
            self._passing += 1
            return
        value = attributes.get("w:val", "")
        match name:
            case "w:t":
                self._in_text = not self._hidden
            case "w:r":
                self._in_run, self._hidden = True, False
            case "w:p":
                self._count(1)
                self._paragraphs.append(_Paragraph())
            case "w:pPr":
                self._in_properties = True
            case "w:tbl" | "w:tr" | "w:tc" | "w:gridSpan" | "w:vMerge":
                self._table(name, value)
            case "w:vanish" if self._in_run:
                self._hidden = value not in ("0", "false", "off")
            case "w:br":
                self._write("\n" if attributes.get("w:type") in ("page", "column") else SOFT_BREAK)
            case _ if self._in_properties and self._paragraphs:
                self._property(name, value)
            case _ if name in _WRITTEN and self._in_run:
                self._write(_WRITTEN[name])

    def end(self, name: str) -> None:
        if self._passing:
            self._passing -= 1
            return
        match name:
            case "w:t":
                self._in_text = False
            case "w:r":
                self._in_run = False
            case "w:pPr":
                self._in_properties = False
            case "w:p":
                self._finish(self._paragraphs.pop())
            case "w:tc":
                if len(self._containers) > 1:
                    self._containers.pop()
            case "w:tbl":
                self._containers[-1].append(self._tables.pop())

    def data(self, text: str) -> None:
        if self._in_text and not self._passing:
            self._write(text)

    def _write(self, text: str) -> None:
        if self._paragraphs and not self._hidden:
            self._count(len(text))
            self._paragraphs[-1].text.append(text)

    def _property(self, name: str, value: str) -> None:
        paragraph = self._paragraphs[-1]
        if name == "w:pStyle":
            paragraph.style = value
        elif name == "w:numId":
            paragraph.list_id = value
        elif name == "w:ilvl" and value.isascii() and value.isdigit():
            paragraph.level = int(value[:3])

    def _table(self, name: str, value: str) -> None:
        if name == "w:tbl":
            self._tables.append(RawTable())
        elif not self._tables:
            return
        elif name == "w:tr":
            self._tables[-1].rows.append([])
        elif name == "w:tc" and self._tables[-1].rows:
            self._count(1)
            cell = RawCell()
            self._tables[-1].rows[-1].append(cell)
            self._containers.append(cell.content)
        elif self._tables[-1].rows and self._tables[-1].rows[-1]:
            cell = self._tables[-1].rows[-1][-1]
            if name == "w:vMerge":
                cell.continues = value != "restart"
            elif value.isascii() and value.isdigit():
                cell.columns = min(int(value[:3]), _MOST_COLUMNS)

    def _finish(self, paragraph: _Paragraph) -> None:
        text = "".join(paragraph.text)
        mark = self._lists.number(paragraph.style, paragraph.list_id, paragraph.level)
        if text.strip():
            text = mark + text.lstrip() if mark else text
        text = self._carried + text
        self._carried = text if paragraph.goes_on else ""
        if not paragraph.goes_on:
            self._containers[-1].append(text)
