"""CSV as RFC 4180 has it, in UTF-8: writing pieces of it, and reading it from nobody knows whom in bounded memory."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence

LONGEST_ROW = 1 << 20
"""Characters of one row, its line breaks included."""


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


def csv_rows(chunks: Iterable[bytes]) -> Iterator[list[str]]:
    """Yield the rows, heading first; CsvFault where the text is not UTF-8, not CSV, or a row without end."""
    source = _Lines(chunks)
    reader = csv.reader(source, strict=True)
    number = 0
    while True:
        number += 1
        source.taken = 0
        try:
            row = next(reader)
        except StopIteration:
            return
        except UnicodeDecodeError as error:
            raise CsvFault("不是 UTF-8 编码的文字", number) from error
        except csv.Error as error:
            raise CsvFault(f"不是规范的 CSV（{_meaning(error)}）", number) from error
        except _TooLong as error:
            raise CsvFault(f"一行超过{LONGEST_ROW:,}个字符", number) from error
        yield row


class _TooLong(Exception):
    pass


class _Lines:
    """Iterates over lines with their ends; raises when one row takes more than LONGEST_ROW characters."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.taken = 0
        self._lines = self._split(chunks)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.taken += len(line)
        if self.taken > LONGEST_ROW:
            raise _TooLong
        return line

    @staticmethod
    def _split(chunks: Iterable[bytes]) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8")("strict")
        tail = ""
        for chunk in chunks:
            for piece in _pieces(chunk):
                lines = (tail + decoder.decode(piece)).split("\n")
                tail = lines.pop()
                if len(tail) > LONGEST_ROW:
                    raise _TooLong
                for line in lines:
                    yield line + "\n"
        tail += decoder.decode(b"", True)
        if tail:
            yield tail


def _pieces(chunk: bytes, size: int = 1 << 18) -> Iterator[bytes]:
    for start in range(0, len(chunk), size):
        yield chunk[start : start + size]


def _meaning(error: csv.Error) -> str:
    text = str(error)
    if "field larger" in text:
        return "单元格太长"
    if "unexpected end of data" in text:
        return "引号没有结束"
    if "new-line character" in text:
        return "换行符不对"
    if "expected after" in text:
        return "引号后面还有内容"
    return "格式有误"
