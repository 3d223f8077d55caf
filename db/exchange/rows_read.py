"""Reading a register's rows back from a plain .xlsx or .csv file: first what would become of each, then all or nothing.

    found = read_rows_file(conn, schema, file)      nothing is written
    take_rows(op, schema, found)

A row with a known id is changed where its cells differ, one without an id is added. A column that is not in the file is
left alone; an empty cell empties the field. A masked value stands for what it masks.

A row that was changed in the program since the file was written, and not in the file, stays; one that was changed in
both is a conflict: every value in which they differ has to be chosen.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from db.core.errors import DataProblem, Problem
from db.core.fields import Field, TableSchema
from db.core.masking import STAR, masked
from db.core.text import fold_choice
from db.core.values import UNREPORTED, Cell, State
from db.exchange.cells.model import Raw, place
from db.exchange.plain_lines import read_lines
from db.exchange.rows_file import BASE_HEADING, ID_HEADING, row_fingerprint
from db.store import records
from db.store.operation import Operation
from db.store.records import Row
from db.work.references import names_of, resolve


@dataclass
class Conflict:
    """One value of a row that was changed in the program and in the file; `take_file` is None until it is chosen."""

    row_id: str
    number: int
    title: str
    own: Field
    ours: str
    theirs: str
    cell: Cell
    take_file: bool | None = None


@dataclass
class RowsImport:
    """What a file would do: rows to add, rows to change by id, how many stay as they are, and what is refused."""

    added: list[dict[str, Cell]] = field(default_factory=list)
    changed: list[tuple[str, dict[str, Cell]]] = field(default_factory=list)
    unchanged: int = 0
    refused_rows: int = 0
    problems: list[Problem] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)

    def sentence(self) -> str:
        """Return the counts, for a person."""
        clashing = len({conflict.row_id for conflict in self.conflicts})
        counts = [("新增", len(self.added)), ("更新", len(self.changed)), ("未变", self.unchanged)]
        counts += [("冲突", clashing)] if clashing else []
        counts += [("拒绝", self.refused_rows)]
        return "，".join(f"{word}{count:,}行" for word, count in counts) + "。"

    def decide(self, take_file: bool) -> None:
        """Choose the file's or the program's value for every conflict."""
        for conflict in self.conflicts:
            conflict.take_file = take_file

    @property
    def decided(self) -> bool:
        """Return whether every conflict has been chosen about."""
        return all(conflict.take_file is not None for conflict in self.conflicts)

    def changes(self) -> list[tuple[str, dict[str, Cell]]]:
        """Return what is to be changed by row id, the conflicts as they were chosen."""
        chosen: dict[str, dict[str, Cell]] = {}
        for conflict in self.conflicts:
            if conflict.take_file:
                chosen.setdefault(conflict.row_id, {})[conflict.own.name] = conflict.cell
        return [*self.changed, *chosen.items()]


def read_rows_file(conn: sqlite3.Connection, schema: TableSchema, file: Path) -> RowsImport:
    """Return what the file would do to the register's rows; DataProblem when it is no such table."""
    lines = read_lines(file)
    if not lines:
        raise DataProblem(f"“{file.name}”是空的。", advice="请核对文件。", code="rows.empty")
    found = RowsImport()
    columns = _columns(schema, lines[0], found)
    if not any(columns):
        advice = "第一行应是列标题，与导出的表一样。"
        raise DataProblem(f"“{file.name}”里没有“{schema.title}”的列。", advice=advice, code="rows.columns")
    _Reader(conn, schema, columns, found).read(lines)
    return found


def take_rows(op: Operation, schema: TableSchema, found: RowsImport) -> None:
    """Write what was found, all as one step; nothing when any row is refused."""
    if found.problems:
        what = f"有{found.refused_rows}行不能导入，全部没有写入。"
        raise DataProblem(what, advice="请改正后再导入。", code="rows.refused")
    if not found.decided:
        what = "有几行在导出以后，程序里和文件里都改了，还没有选用哪边的。"
        raise DataProblem(what, advice="请逐项选择后再导入。", code="rows.conflict")
    records.insert_many(op, schema, found.added)
    records.update_many(op, schema, found.changes())


class _Reader:
    def __init__(
        self, conn: sqlite3.Connection, schema: TableSchema, columns: Sequence[Field | str | None], found: RowsImport
    ) -> None:
        self._conn, self._schema, self._columns, self._found = conn, schema, columns, found
        self._id = columns.index(ID_HEADING) if ID_HEADING in columns else None
        self._base = columns.index(BASE_HEADING) if BASE_HEADING in columns else None
        self._names: dict[str, Mapping[str, str | DataProblem]] = {}

    def read(self, lines: Sequence[Sequence[Raw]]) -> None:
        rows = [(number, line) for number, line in enumerate(lines[1:], 1) if any(_text(cell) for cell in line)]
        ids = [self._row_id(line) for _, line in rows]
        present = {row.id: row for row in records.get_many(self._conn, self._schema, filter(None, dict.fromkeys(ids)))}
        for column, own in enumerate(self._columns):
            if isinstance(own, Field) and own.ref:
                texts = {_text(line[column]) for _, line in rows if column < len(line) and _text(line[column])}
                self._names[own.name] = resolve(self._conn, own.ref, texts)
        seen: set[str] = set()
        for (number, line), row_id in zip(rows, ids, strict=True):
            fault = self._fault(row_id, present, seen)
            if fault:
                self._refuse(number, self._id or 0, *fault)
                self._found.refused_rows += 1
                continue
            seen.add(row_id)
            self._row(number, line, present.get(row_id))

    def _row_id(self, line: Sequence[Raw]) -> str:
        return self._text_at(line, self._id)

    @staticmethod
    def _text_at(line: Sequence[Raw], column: int | None) -> str:
        return _text(line[column]) if column is not None and column < len(line) else ""

    @staticmethod
    def _fault(row_id: str, present: Mapping[str, Row], seen: set[str]) -> tuple[str, str] | None:
        if not row_id:
            return None
        if row_id not in present:
            return "行标识在这张清单里没有", "如果是新的一行，请清空这一格。"
        if present[row_id].deleted_at is not None:
            return "这一行已在回收站里", "请先恢复，或从文件中删去。"
        return ("行标识重复", "一行只能出现一次。") if row_id in seen else None

    def _row(self, number: int, line: Sequence[Raw], row: Row | None) -> None:
        values: dict[str, Cell] = {}
        faults = len(self._found.problems)
        for column, own in enumerate(self._columns):
            if not isinstance(own, Field):
                continue
            raw = line[column] if column < len(line) else None
            try:
                cell = self._cell(own, raw, row)
            except DataProblem as problem:
                self._refuse(number, column, problem.message.rstrip("。"), problem.advice)
                continue
            if cell != (row.values[own.name] if row is not None else None):
                values[own.name] = cell
        if len(self._found.problems) > faults:
            self._found.refused_rows += 1
        elif row is None:
            self._found.added.append(values)
        elif not values:
            self._found.unchanged += 1
        else:
            self._compare(number, row, values, self._text_at(line, self._base))

    def _compare(self, number: int, row: Row, values: dict[str, Cell], base: str) -> None:
        """Say what becomes of a row that differs from the file's, going by its fingerprint when it was written."""
        if not base or row_fingerprint(self._schema, row.values) == base:
            self._found.changed.append((row.id, values))
        elif row_fingerprint(self._schema, {**row.values, **values}) == base:
            self._found.unchanged += 1
        else:
            title = str(row.values.get(self._schema.initials_of or "name") or "（未填名称）")
            for name, cell in values.items():
                own = self._schema.field(name)
                ours = row.labels.get(name) or own.show(row.values[name]) or UNREPORTED
                theirs = self._label(own, cell) or UNREPORTED
                self._found.conflicts.append(Conflict(row.id, number + 1, title, own, ours, theirs, cell))

    def _label(self, own: Field, cell: Cell) -> str:
        if own.ref and isinstance(cell, str) and not isinstance(cell, State):
            return names_of(self._conn, own.ref, [cell]).get(cell, cell)
        return own.show(cell)

    def _cell(self, own: Field, raw: Raw, row: Row | None) -> Cell:
        text = _text(raw)
        if row is not None:
            known = row.values[own.name]
            if text in (row.labels.get(own.name), masked(own, known) if own.personal else None):
                return known
        if own.personal and STAR in text:
            # Stored, it would take the place of what it was meant to hide.
            raise DataProblem(
                f"“{text}”是遮盖过的内容，和这一行在程序里的对不上。",
                advice="请填完整的内容；没有要改的，请照导出时的样子保留。",
                code="masked",
            )
        if own.ref and text:
            named = self._names[own.name][text]
            if isinstance(named, DataProblem):
                raise named
            return named
        return own.parse(raw)

    def _refuse(self, row: int, column: int, what: str, advice: str) -> None:
        self._found.problems.append(Problem("rows.cell", f"{what}。", advice, place(row, column)))


def _columns(schema: TableSchema, heads: Sequence[Raw], found: RowsImport) -> list[Field | str | None]:
    """Return for each column its field, the heading of ids or fingerprints, or None; computed fields are not read."""
    known: dict[str, Field] = {_folded(text): f for f in schema.fields for text in (f.heading, f.title, f.name)}
    columns: list[Field | str | None] = []
    for head in heads:
        text = _text(head)
        own = known.get(_folded(text))
        if text in (ID_HEADING, "id"):
            columns.append(ID_HEADING)
        elif text == BASE_HEADING:
            columns.append(BASE_HEADING)
        elif own is None or own in columns:
            columns.append(None)
            if text:
                found.ignored.append(text)
        else:
            columns.append(None if own.read_only else own)
    return columns


def _folded(text: str) -> str:
    return fold_choice(text).replace("*", "").replace(" ", "").casefold()


def _text(raw: Raw) -> str:
    if raw is None:
        return ""
    return raw.strip() if isinstance(raw, str) else str(raw)
