"""Writing a register's rows as a plain .xlsx or .csv file that can be read back: `write_rows(conn, schema, file)`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from db.core.errors import DataProblem
from db.core.fields import Field, TableSchema
from db.core.masking import masked
from db.exchange.csv_text import csv_bytes
from db.exchange.plain_table import sheet_name, sheet_value
from db.exchange.rows_file import BASE_HEADING, ID_HEADING, guarded, is_text, row_fingerprint
from db.exchange.workbook_cells import Cells, streamed_book
from db.store.files import replacing, write_atomically
from db.store.query import TableQuery
from db.store.records import Row

_WHAT = "写入清单文件"


@dataclass(frozen=True)
class WrittenRows:
    """The file, how many rows are in it, the headings of its columns about people, and whether those are masked."""

    file: Path
    rows: int
    personal: tuple[str, ...]
    masked: bool

    def sentence(self) -> str:
        """Return what was written, for a person."""
        told = f"已写出{self.rows:,}行：{self.file}。"
        if not self.personal:
            return told
        state = "已遮盖中间部分" if self.masked else "未遮盖，请妥善保管"
        return f"{told}含个人信息的列：{'、'.join(self.personal)}（{state}）。"


def write_rows(
    conn: sqlite3.Connection,
    schema: TableSchema,
    file: Path,
    *,
    personal: bool = False,
    query: TableQuery | None = None,
) -> WrittenRows:
    """Write the rows that `query` finds (default: all live ones); what is personal is masked unless asked for.

    DataProblem for a file of another kind, EnvironmentProblem when it cannot be written.
    """
    heads = [ID_HEADING, *(field.heading for field in schema.fields), BASE_HEADING]
    rows = _rows(conn, query or TableQuery(schema))
    match file.suffix.lower():
        case ".csv":
            lines = (
                [guarded(row.id), *_texts(schema, row, personal), row_fingerprint(schema, row.values)] for row in rows
            )
            write_atomically(file, b"\xef\xbb\xbf" + csv_bytes([heads, *lines]), _WHAT)
        case ".xlsx":
            _write_book(schema, rows, heads, file, personal)
        case _:
            raise DataProblem(f"“{file.name}”不是 .xlsx 或 .csv。", advice="请改用这两种扩展名。", code="rows.kind")
    return WrittenRows(file, len(rows), tuple(f.heading for f in schema.fields if f.personal), not personal)


def _rows(conn: sqlite3.Connection, query: TableQuery) -> list[Row]:
    return query.rows(conn, query.seqs(conn))


def text_of(field: Field, row: Row, *, personal: bool) -> str:
    """Return what stands in the field's column for the row."""
    cell = row.values[field.name]
    if field.ref:
        return row.labels.get(field.name, "")
    return field.csv(cell) if personal else masked(field, cell)


def _texts(schema: TableSchema, row: Row, personal: bool) -> Iterator[str]:
    for field in schema.fields:
        text = text_of(field, row, personal=personal)
        yield guarded(text) if is_text(field) else text


def _write_book(schema: TableSchema, rows: list[Row], heads: list[str], file: Path, personal: bool) -> None:
    with streamed_book(schema.title) as book:
        sheet = book.create_sheet(sheet_name(schema.title))
        cells = Cells(sheet)
        cells.landscape()
        sheet.freeze_panes = "C2"
        cells.set_column(1, 14, as_text=True)
        for place, field in enumerate(schema.fields, 2):
            cells.set_column(place, min(field.width or 14, 40), as_text=is_text(field))
        cells.set_column(len(heads), 10, as_text=True, hidden=True)
        sheet.append([cells.text(head, "head") for head in heads])
        for row in rows:
            values = (_value(field, row, personal) for field in schema.fields)
            base = cells.value(row_fingerprint(schema, row.values), fixed=True)
            sheet.append([cells.value(row.id, fixed=True), *(cells.value(value) for value in values), base])
        with replacing(file, _WHAT) as out:
            book.save(out)


def _value(field: Field, row: Row, personal: bool) -> str | int | float | date | None:
    text = field.ref or (field.personal and not personal)
    return text_of(field, row, personal=personal) or None if text else sheet_value(field, row.values[field.name])
