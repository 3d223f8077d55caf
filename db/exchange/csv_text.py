"""CSV as RFC 4180 has it, in UTF-8: writing pieces of it, and reading it from nobody knows whom in bounded memory."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence

LONGEST_ROW = 1 << 20
"""Characters of one row, its line breaks included."""
MOST_HELD = 4 << 20
"""Characters of the rows that are held at a time."""

_QUOTED = ('"', ",", "\r", "\n")
"""What makes a cell need quotes."""

_MEANINGS = {
    "field larger": "单元格太长",
    "unexpected end of data": "引号没有结束",
    "new-line character": "换行符不对",
    "expected after": "引号后面还有内容",
}


class CsvFault(Exception):
    """The text is no CSV from here on: a Chinese phrase and the number of the row, the heading being row 1."""

    def __init__(self, message: str, row: int) -> None:
        super().__init__(message)
        self.message = message
        self.row = row


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Return the rows as CSV, each ended by CR LF, quoted where needed."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode("utf-8")


def csv_columns(columns: Sequence[Sequence[str]]) -> bytes:
    """Return what `csv_bytes` gives for the rows of these columns, two or more of equal length; most need no quotes."""
    quoted = [column if _needs_no_quotes(column) else list(map(_quoted, column)) for column in columns]
    text = "\r\n".join(map(",".join, zip(*quoted, strict=True)))
    return f"{text}\r\n".encode() if text else b""


def _needs_no_quotes(column: Sequence[str]) -> bool:
    joined = "".join(column)
    return not any(mark in joined for mark in _QUOTED)


def _quoted(text: str) -> str:
    if not any(mark in text for mark in _QUOTED):
        return text
    return '"' + text.replace('"', '""') + '"'


def csv_batches(chunks: Iterable[bytes], size: int) -> Iterator[list[list[str]]]:
    """Yield the heading alone, then the rows, at most `size` and not much more than MOST_HELD characters at a time.

    CsvFault where the text is not UTF-8, not CSV, or a row without end; the rows before it are yielded first.
    """
    lines = _Lines(chunks)
    rows: list[list[str]] = []
    wanted, held, done = 1, 0, 0
    try:
        for row in csv.reader(iter(lines), strict=True):
            rows.append(row)
            held += lines.taken
            lines.taken = 0
            if len(rows) == wanted or held > MOST_HELD:
                yield rows
                done += len(rows)
                rows, wanted, held = [], size, 0
    except (UnicodeDecodeError, csv.Error, _TooLong) as error:
        number = done + len(rows) + 1
        if rows:
            yield rows
        raise CsvFault(_meaning(error), number) from error
    if rows:
        yield rows


class _TooLong(Exception):
    pass


class _Lines:
    """Iterates over lines with their ends; raises when more than LONGEST_ROW characters were `taken` for one row."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.taken = 0
        self._chunks = chunks

    def __iter__(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8")("strict")
        tail = ""
        for chunk in self._chunks:
            for piece in _pieces(chunk):
                lines = (tail + decoder.decode(piece)).split("\n")
                tail = lines.pop()
                if len(tail) > LONGEST_ROW:
                    raise _TooLong
                for line in lines:
                    self.taken += len(line) + 1
                    if self.taken > LONGEST_ROW:
                        raise _TooLong
                    yield line + "\n"
        tail += decoder.decode(b"", True)
        if self.taken + len(tail) > LONGEST_ROW:
            raise _TooLong
        if tail:
            yield tail


def _pieces(chunk: bytes, size: int = 1 << 18) -> Iterator[bytes]:
    for start in range(0, len(chunk), size):
        yield chunk[start : start + size]


def _meaning(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "不是 UTF-8 编码的文字"
    if isinstance(error, _TooLong):
        return f"一行超过{LONGEST_ROW:,}个字符"
    text = str(error)
    for words, meaning in _MEANINGS.items():
        if words in text:
            return f"不是规范的 CSV（{meaning}）"
    return "不是规范的 CSV（格式有误）"
