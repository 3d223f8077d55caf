"""A file, or pasted text, as a document.

open_document(file) -> Document        .docx, or text in UTF-8 or GB18030
pasted_document(text) -> Document
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from db.core.errors import DataProblem
from db.core.file_kinds import Kind, refuse_other
from db.core.text import quote
from db.plan.reading.docx_text import Block, RawCell, RawTable, read_blocks
from db.plan.reading.file_kind import is_word_file
from db.plan.reading.lines import join_soft, tidy, tidy_cell, unwrap
from db.plan.reading.model import Cell, Document, Table
from db.plan.reading.ooxml import open_word_file, too_large
from db.plan.reading.plain_text import MOST_CHARACTERS, plain_lines, read_plain_text

_PASTED = "粘贴的文字"
_LONGEST_PARAGRAPH = 40_000


def open_document(file: Path) -> Document:
    """Return the document in `file`.

    DataProblem for an empty, damaged, protected or oversized file and for kinds that hold no text; EnvironmentProblem
    when the computer cannot read it.
    """
    refuse_other(file, Kind.DOCUMENT)
    if not is_word_file(file):
        return _plain(file.name, read_plain_text(file), _sha256(file))
    with open_word_file(file) as word:
        blocks = read_blocks(word, _Meter(file.name))
    document = _with_paragraphs(_Writer().write(blocks).document(file.name, _sha256(file)))
    if not document.text.strip():
        raise DataProblem(
            f"{quote(file.name)}里没有文字，可能全是图片或扫描件。",
            advice="请先用文字识别（OCR）转成文字，或向发文单位要文字版。",
            code="plan.no_text",
        )
    return document


def pasted_document(text: str) -> Document:
    """Return the document that was pasted; DataProblem for nothing but white space, and for far too much."""
    if not text.strip():
        raise DataProblem("没有粘贴文字。", advice="请先在 Word 或网页里选中方案全文并复制。", code="plan.empty")
    if len(text) > MOST_CHARACTERS:
        raise too_large(_PASTED)
    text = plain_lines(text)
    return _plain(_PASTED, text, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())


def _plain(name: str, text: str, sha256: str) -> Document:
    if len(text) > MOST_CHARACTERS:
        raise too_large(name)
    lines = [line for wrapped in unwrap(text.split("\n")) for line in join_soft(wrapped)]
    return _with_paragraphs(Document(name, "\n".join(_tidy_within(line) for line in lines), sha256))


def _with_paragraphs(document: Document) -> Document:
    """Return the document unless a paragraph is longer than whole plans are: rules look back and forth within one."""
    if max(map(len, document.text.split("\n"))) > _LONGEST_PARAGRAPH:
        raise DataProblem(
            f"{quote(document.name)}里有一段超过{_LONGEST_PARAGRAPH}字，不像一份方案。",
            advice="请检查是否丢了分段，分好段后再试。",
            code="plan.paragraph",
        )
    return document


def _tidy_within(line: str) -> str:
    """White space at either end is layout that places count; only what stands between characters is tidied."""
    body = line.strip()
    if not body:
        return line
    begin = line.index(body)
    return line[:begin] + tidy(body) + line[begin + len(body) :]


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class _Meter:
    """Counts what is read and stops at more than any plan holds."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._left = MOST_CHARACTERS

    def __call__(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise too_large(self._name)


class _Writer:
    """Writes blocks one below the other and remembers where the cells of tables stand."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._tables: list[Table] = []

    def write(self, blocks: list[Block]) -> _Writer:
        """Write all of `blocks`; returns itself."""
        for block in blocks:
            if isinstance(block, RawTable):
                self._table(block)
            else:
                for line in _paragraph_lines(block):
                    self._put(line + "\n")
        return self

    def document(self, name: str, sha256: str) -> Document:
        """Return what was written."""
        return Document(name, "".join(self._pieces), sha256, tuple(self._tables))

    def _put(self, text: str) -> tuple[int, int]:
        start = self._length
        self._pieces.append(text)
        self._length += len(text)
        return start, self._length

    def _table(self, raw: RawTable) -> None:
        start = self._length
        rows: list[tuple[Cell, ...]] = []
        for raw_row in raw.rows:
            cells: list[Cell] = []
            for place, raw_cell in enumerate(raw_row):
                if place:
                    self._put("\t")
                above = rows[-1][len(cells)] if rows and len(cells) < len(rows[-1]) else None
                if raw_cell.continues and above is not None:
                    cell = above
                else:
                    text = _cell_text(raw_cell)
                    cell = Cell(*self._put(text), text)
                cells += [cell] * raw_cell.columns
            self._put("\n")
            rows.append(tuple(cells))
        self._tables.append(Table(start, self._length, tuple(rows)))


def _paragraph_lines(text: str, tidied: Callable[[str], str] = tidy) -> list[str]:
    lines = [line for piece in text.split("\n") for line in join_soft(piece)]
    return [tidied(line.strip()) for line in lines]


def _cell_text(cell: RawCell) -> str:
    lines: list[str] = []
    for block in cell.content:
        if isinstance(block, RawTable):
            lines += [_cell_text(inner) for row in block.rows for inner in row]
        else:
            lines += _paragraph_lines(block, tidy_cell)
    return " ".join(line.replace("\t", " ") for line in lines if line)
