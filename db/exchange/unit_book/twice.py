"""The same rows twice, on two sheets of a workbook or in two files read together: neither wins in silence."""

from __future__ import annotations

from collections.abc import Sequence

from db.core.values import Cell
from db.exchange.unit_book.reading import CellProblem, ReadFile, ReadRow, ReadTable

Table = tuple[str, str, str]


def tell_twice(files: Sequence[ReadFile]) -> None:
    """Refuse files of the same content, rows that are new twice, and let what two files say differently be chosen."""
    seen: dict[str, str] = {}
    tables: dict[Table, list[tuple[ReadFile, ReadTable]]] = {}
    for file in files:
        if file.refusal is not None:
            continue
        if file.sha256 in seen:
            said = f"与“{seen[file.sha256]}”内容完全相同，只读一份。"
            file.refusal = CellProblem("", -1, -1, "book.twice", said, "不用再导入。")
            file.tables.clear()
            continue
        seen[file.sha256] = file.name
        for table in file.tables:
            key = (file.unit_id, table.table.code, table.period)
            for other_file, other in tables.get(key, ()):
                _compare(other_file, other, file, table)
            tables.setdefault(key, []).append((file, table))


def _compare(first_file: ReadFile, first: ReadTable, file: ReadFile, table: ReadTable) -> None:
    same = first_file is file
    where = f"工作表“{first.sheet}”" if same else f"“{first_file.name}”"
    if not same:
        file.notes.append(f"{file.unit_name}的“{table.table.title}”在{where}里也有；两份写得不同的格请选用一份的。")
    before = {row.id: row for row in first.rows if row.id}
    new = {_key(first, row): row for row in first.rows if row.new}
    for row in table.rows:
        if row.new:
            twin = new.get(_key(table, row))
            if twin is not None and _key(table, row) and not twin.problems:
                _refuse(table, row, f"与{where}第{twin.row + 1}行是同一行，不再新增。")
        elif same and row.id in first.ids:
            _refuse(table, row, f"与{where}第{first.ids[row.id] + 1}行是同一行，不知道以哪一行为准。")
        elif row.id in before:
            _clash(before[row.id], row)
    lost = first.lost.keys() & table.lost.keys()
    for each in (first, table):
        each.lost = {row_id: name for row_id, name in each.lost.items() if row_id in lost}


def _clash(first: ReadRow, row: ReadRow) -> None:
    """What the file before says counts as what is there: a cell that says something else has to be chosen."""
    for name, change in row.changes.items():
        other = first.changes.get(name)
        if other is None or other.problem is not None or change.problem is not None:
            continue
        if other.theirs != change.theirs:
            change.base, change.ours = change.ours, other.theirs
            change.labels = {**other.labels, **change.labels}
            change.clash, change.take = True, None


def _refuse(table: ReadTable, row: ReadRow, what: str) -> None:
    column = min(table.columns.values(), default=0)
    advice = "请只留一处。"
    row.problems.append(CellProblem(table.sheet, row.row, column, "row.twice", what, advice))


def _key(table: ReadTable, row: ReadRow) -> tuple[Cell, ...]:
    if row.key:
        return row.key
    schema = table.table.schema
    key = tuple(row.values.get(name) for name in schema.key)
    if key and all(cell is not None for cell in key):
        return key
    name = row.values.get(schema.initials_of)
    return (name,) if name is not None else ()
