"""Remarks on a package as a sheet: a line for every row of the package to write beside, and reading it back.

write_template(conn, number, file)           read_remark_sheet(conn, number, file) -> [RemarkEntry]
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from db.core.errors import DataProblem, Problem
from db.core.fields import load_schema
from db.core.text import fold_choice, quote
from db.exchange.cells.model import Raw
from db.exchange.ledger.labels import Labels
from db.exchange.ledger.remarks import RemarkEntry
from db.exchange.ledger.rows import LoadedTable, loaded_tables
from db.exchange.plain_lines import read_lines
from db.exchange.plain_table import write_table

TABLE, ROW, NAME, FIELD, REMARK = "表", "行", "名称", "字段", "意见"
HEADS = (TABLE, ROW, NAME, FIELD, REMARK)
_NEEDED = (TABLE, ROW, FIELD, REMARK)
_SEARCHED = 10
_MOST_FAULTS = 200


class SheetFault(DataProblem):
    """Something in the sheet cannot be taken; `problems` are all of it, each with its line."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        lines = "\n".join(problem.sentence() for problem in problems[:_MOST_FAULTS])
        super().__init__(f"“{file}”有{len(problems)}处不对，一条也没有采用：\n{lines}\n", code="remark.sheet")
        self.problems = problems


def write_template(conn: sqlite3.Connection, number: int, file: Path) -> int:
    """Write a line for each row of the package, with room for field and remark, and return how many there are.

    DataProblem for a file that is no .xlsx or .csv, EnvironmentProblem when it cannot be written.
    """
    labels = Labels(conn, number)
    lines = [
        [loaded.title, row_id, name, "", ""]
        for loaded in loaded_tables(conn, number)
        for row_id, name in labels.rows(loaded)
    ]
    write_table(file, "意见", HEADS, lines)
    return len(lines)


def read_remark_sheet(conn: sqlite3.Connection, number: int, file: Path) -> list[RemarkEntry]:
    """Return the remarks in the sheet, lines without a remark left out; SheetFault lists every line that is wrong.

    表 is a table's title, 行 the row's id or its name where only one has it, 字段 a field's title. An empty 行 or 字段
    means the whole table or row, an empty 表 the package.
    """
    lines = read_lines(file)
    head = next((place for place, line in enumerate(lines[:_SEARCHED]) if set(_NEEDED) <= set(_texts(line))), None)
    if head is None:
        advice = "请用本程序写出的意见表填写。"
        raise DataProblem(f"“{file.name}”里没有找到{'、'.join(_NEEDED)}这几列。", advice=advice, code="remark.sheet")
    places = {text: place for place, text in enumerate(_texts(lines[head])) if text in HEADS}
    reading = _Reading(conn, number)
    entries, problems = [], []
    for line_number, line in enumerate(lines[head + 1 :], start=head + 2):
        texts = _texts(line)
        cells = {name: texts[place] if place < len(texts) else "" for name, place in places.items()}
        if not cells[REMARK]:
            continue
        try:
            entries.append(reading.entry(cells))
        except DataProblem as problem:
            problems.append(Problem(problem.code, problem.message, problem.advice, f"第{line_number}行"))
    if problems:
        raise SheetFault(file.name, problems)
    return entries


class _Reading:
    def __init__(self, conn: sqlite3.Connection, number: int) -> None:
        self._labels = Labels(conn, number)
        self._tables: dict[str, LoadedTable] = {}
        for loaded in loaded_tables(conn, number):
            self._tables[fold_choice(loaded.title)] = self._tables[loaded.name] = loaded
        self._rows: dict[str, dict[str, set[str]]] = {}

    def entry(self, cells: Mapping[str, str]) -> RemarkEntry:
        text, table = cells[REMARK], cells[TABLE]
        if problem := load_schema("remark").field("text").problem_with(text):
            raise problem
        if not table:
            if cells[ROW] or cells[FIELD]:
                raise _fault("写了行或字段，没有写表。")
            return RemarkEntry(text)
        loaded = self._tables.get(fold_choice(table).strip("《》"))
        if loaded is None:
            raise _fault(f"上报包里没有“{quote(table)[1:-1]}”这张表。")
        if not cells[ROW]:
            if cells[FIELD]:
                raise _fault("写了字段，没有写行。")
            return RemarkEntry(text, loaded.table)
        return RemarkEntry(text, loaded.table, self._row(loaded, cells[ROW]), self._field(loaded, cells[FIELD]))

    def _row(self, loaded: LoadedTable, text: str) -> str:
        known = self._rows.get(loaded.table)
        if known is None:
            known = self._rows[loaded.table] = {}
            for row_id, name in self._labels.rows(loaded):
                known.setdefault(row_id, set()).add(row_id)
                known.setdefault(fold_choice(name), set()).add(row_id)
        found = known.get(text) or known.get(fold_choice(text)) or set()
        if not found:
            raise _fault(f"《{loaded.title}》没有{quote(text)}这一行。")
        if len(found) > 1:
            raise _fault(f"《{loaded.title}》有{len(found)}行都叫{quote(text)}，请写行标识。")
        return next(iter(found))

    def _field(self, loaded: LoadedTable, text: str) -> str:
        if not text:
            return ""
        wanted = fold_choice(text)
        for field in loaded.schema.fields:
            if wanted in (field.name, fold_choice(field.title), fold_choice(field.heading)):
                return field.name
        raise _fault(f"《{loaded.title}》没有{quote(text)}这个字段。")


def _texts(line: Sequence[Raw]) -> list[str]:
    return list(_each(line))


def _each(line: Sequence[Raw]) -> Iterator[str]:
    for cell in line:
        whole = isinstance(cell, float) and cell.is_integer()
        yield "" if cell is None else str(int(cell) if whole and isinstance(cell, float) else cell).strip()


def _fault(message: str) -> DataProblem:
    return DataProblem(message, advice="请照意见表改正。", code="remark.sheet")
