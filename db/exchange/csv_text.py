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

_LONGEST_PLAIN = min(csv.field_size_limit(), LONGEST_ROW) - 2
"""Characters of a line that is neither too long as a cell nor as a row."""

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
    reader = csv.reader(iter(lines), strict=True)
    rows: list[list[str]] = []
    wanted, held, done = 1, 0, 0
    try:
        while (plain := lines.plain_rows(MOST_HELD - held)) is not None:
            while len(rows) + len(plain) >= wanted:
                missing = wanted - len(rows)
                yield rows + plain[:missing]
                done += wanted
                rows, plain, wanted, held = [], plain[missing:], size, 0
            rows += plain
            held += lines.taken if rows else 0
            lines.taken = 0
            while not lines.between_blocks and (row := next(reader, None)) is not None:
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
    """Iterates over lines with their ends; raises when more than LONGEST_ROW characters were `taken` for one row.

    Text comes in blocks of whole lines. Between two of them the next may be asked for as rows: most text has neither
    quotes nor anything else that takes a real reader.
    """

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.taken = 0
        self.between_blocks = True
        self._blocks = _blocks(chunks)
        self._block: str | None = None

    def plain_rows(self, most: int) -> list[list[str]] | None:
        """Return the rows of the next block if it is plain and has at most `most` characters, else none of them.

        None after the last block.
        """
        self._block = next(self._blocks, None)
        if self._block is None:
            return None
        rows = _plain_rows(self._block) if len(self._block) <= most else None
        if rows is None:
            self.between_blocks = False
            return []
        self.taken = len(self._block)
        return rows

    def __iter__(self) -> Iterator[str]:
        while self._block is not None:
            lines = self._block.split("\n")
            last = lines.pop()
            if not last:
                last = f"{lines.pop()}\n"
            for line in lines:
                self._take(len(line) + 1)
                yield line + "\n"
            self._take(len(last))
            self.between_blocks = True
            yield last
            # Either the row goes on in the next block, or the blocks that came meanwhile were plain ones.
            if self.between_blocks:
                self._block = next(self._blocks, None)
                self.between_blocks = self._block is None

    def _take(self, characters: int) -> None:
        self.taken += characters
        if self.taken > LONGEST_ROW:
            raise _TooLong


def _blocks(chunks: Iterable[bytes]) -> Iterator[str]:
    """Yield the text in pieces that end with a line's end, the last one maybe without."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    tail = ""
    for chunk in chunks:
        for piece in _pieces(chunk):
            text = tail + decoder.decode(piece)
            cut = text.rfind("\n") + 1
            tail = text[cut:]
            if len(tail) > LONGEST_ROW:
                raise _TooLong
            if cut:
                yield text[:cut]
    tail += decoder.decode(b"", True)
    if tail:
        yield tail


def _plain_rows(block: str) -> list[list[str]] | None:
    """Return the rows of a block as the reader would, None where only it can tell."""
    ends = block.count("\r\n")
    if '"' in block or "\0" in block or block.count("\r") > ends:
        return None
    lines = block.split("\r\n") if block.count("\n") == ends else block.replace("\r\n", "\n").split("\n")
    if not lines[-1]:
        lines.pop()
    if max(map(len, lines)) > _LONGEST_PLAIN or "" in lines:
        return None
    return [line.split(",") for line in lines]


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
