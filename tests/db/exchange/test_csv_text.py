from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.exchange import csv_text
from db.exchange.csv_text import CsvFault, csv_batches, csv_bytes, csv_columns

CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(
    ['"', ",", "\r", "\n", "\r\n", " "]
)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=8)


def rows_in(content: bytes, *, pieces: int = 1 << 18, size: int = 3) -> list[list[str]]:
    chunks = [content[at : at + pieces] for at in range(0, len(content), pieces)]
    return [row for batch in csv_batches(chunks, size) for row in batch]


def fault_of(content: bytes) -> tuple[str, int]:
    with pytest.raises(CsvFault) as caught:
        rows_in(content)
    return caught.value.message, caught.value.row


@given(ROWS, st.integers(1, 5))
def test_rows_come_back_however_the_bytes_are_cut(rows: list[list[str]], pieces: int) -> None:
    assert rows_in(csv_bytes(rows), pieces=pieces) == rows


@given(ROWS)
def test_a_strangers_reader_reads_the_same(rows: list[list[str]]) -> None:
    assert list(csv.reader(io.StringIO(csv_bytes(rows).decode(), newline=""))) == rows


def test_rows_end_as_the_standard_says() -> None:
    assert csv_bytes([["a", 'b "c"'], ["1,2", ""]]) == b'a,"b ""c"""\r\n"1,2",\r\n'


@given(st.integers(2, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=6)))
def test_columns_are_written_as_their_rows_are(rows: list[list[str]]) -> None:
    assert csv_columns(list(zip(*rows, strict=True))) == csv_bytes(rows)


def test_the_heading_comes_alone_and_then_batches() -> None:
    content = csv_bytes([["h"], *([str(n)] for n in range(7))])
    assert [len(batch) for batch in csv_batches([content], 3)] == [1, 3, 3, 1]
    assert list(csv_batches([b""], 3)) == []


def test_a_batch_of_long_rows_is_shorter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_text, "MOST_HELD", 100)
    content = csv_bytes([["h"], *(["x" * 60] for _ in range(5))])
    assert [len(batch) for batch in csv_batches([content], 2000)] == [1, 2, 2, 1]


def test_a_last_line_without_an_end_counts() -> None:
    assert rows_in(b"a\r\n1") == [["a"], ["1"]]


@pytest.mark.parametrize(
    ("content", "words", "row"),
    [
        (b"a\r\n\xff\r\n", "不是 UTF-8", 1),
        (b'a\r\n1\r\n"2', "引号没有结束", 3),
        (b'a\r\n"1"2\r\n', "引号后面还有内容", 2),
        (b"a\r\n1\r2\r\n", "换行符不对", 2),
        (b"a\r\n" + b"x" * 200_000, "单元格太长", 2),
        (b"a\r\n" + b"1," * 600_000, "一行超过", 2),
        (b'a\r\n"' + b"1\n" * 600_000, "单元格太长", 2),
        (b"a\r\n1\r\n" + "镇".encode()[:2], "不是 UTF-8", 3),
    ],
)
def test_faults_say_what_and_where(content: bytes, words: str, row: int) -> None:
    message, where = fault_of(content)
    assert words in message and where == row


def test_rows_before_a_fault_are_not_lost() -> None:
    batches = csv_batches([b'a\r\n1\r\n2\r\n"3'], 2000)
    assert next(batches) == [["a"]]
    assert next(batches) == [["1"], ["2"]]
    with pytest.raises(CsvFault):
        next(batches)


def test_a_row_of_many_lines_counts_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_text, "LONGEST_ROW", 10)
    assert rows_in(b'"1\n2\n3"\r\n' * 4) == [["1\n2\n3"]] * 4
    assert "一行超过" in fault_of(b'"1\n2\n3\n4\n5\n6"\r\n')[0]
