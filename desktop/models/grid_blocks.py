"""Blocks of cells in and out of a grid: what a paste, fill or clearing would change, worked out before it is done."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field

from db.core.errors import DataProblem, Problem
from db.core.fields import Field, TableSchema
from db.core.values import UNREPORTED, Cell, State
from db.store.query import Row, TableQuery
from db.work.references import resolve
from desktop.models.block import Block, format_block
from desktop.models.grid_rows import Edits

MOST_ROWS = 20_000


@dataclass(frozen=True)
class Area:
    """Cells of a grid: row numbers in order, the first one's place (from 0), and the fields from left to right."""

    seqs: Sequence[int]
    first: int
    fields: Sequence[Field]


@dataclass
class Plan:
    """What would be changed, and what stands against it; with problems nothing is changed."""

    edits: Edits = field(default_factory=Edits)
    problems: list[Problem] = field(default_factory=list)
    cells: int = 0


def plan_paste(
    conn: sqlite3.Connection, query: TableQuery, area: Area, block: Block, *, may_add: bool, defaults: dict[str, Cell]
) -> Plan:
    """Return what pasting `block` at the upper left of `area` changes; rows below the last become new rows.

    Each cell is read by its field; every cell that cannot be read is a problem with its place.
    """
    plan = Plan()
    width = max((len(row) for row in block), default=0)
    if width > len(area.fields):
        place = f"第{len(area.fields) + 1}列起"
        advice = "请从更靠左的一列开始粘贴。"
        plan.problems.append(Problem("paste.wide", "右边没有足够的列。", advice, place))
        return plan
    for own in area.fields[:width]:
        if own.read_only:
            plan.problems.append(
                Problem("paste.read_only", "这一列由程序计算，不能粘贴。", "请分两次粘贴。", own.title)
            )
    if plan.problems:
        return plan
    if len(block) > len(area.seqs) and not may_add:
        plan.problems.append(Problem("paste.long", "下面没有足够的行。", "请从更靠上的一行开始粘贴。", "末行"))
        return plan
    names = _resolved(conn, area.fields, block)
    rows = query.rows(conn, area.seqs[: len(block)])
    if len(rows) != min(len(area.seqs), len(block)):
        plan.problems.append(Problem("paste.moved", "表格刚刚有变化，没有粘贴。", "请再粘贴一次。"))
        return plan
    for number, texts in enumerate(block):
        values = _read_line(area, number, texts, names, plan)
        if number < len(rows):
            _update(plan, rows[number], values)
        elif any(cell is not None for cell in values.values()):
            plan.edits.inserts.append({**defaults, **values})
    plan.cells = sum(len(texts) for texts in block)
    return plan


def _read_line(area: Area, number: int, texts: Sequence[str], names: _Names, plan: Plan) -> dict[str, Cell]:
    values: dict[str, Cell] = {}
    for own, text in zip(area.fields, texts, strict=False):
        try:
            values[own.name] = _read(own, text, names)
        except DataProblem as problem:
            place = f"第{area.first + number + 1}行「{own.title}」"
            message = problem.message.removeprefix(f"「{own.title}」")
            plan.problems.append(Problem(problem.code, message, problem.advice, place))
    return values


_Names = dict[str, dict[str, str | DataProblem]]


def _resolved(conn: sqlite3.Connection, fields: Sequence[Field], block: Block) -> _Names:
    """Return for each reference's table what the block's texts in its columns point to."""
    wanted: dict[str, set[str]] = {}
    for column, own in enumerate(fields):
        if own.ref:
            wanted.setdefault(own.ref, set()).update(row[column] for row in block if column < len(row))
    return {table: resolve(conn, table, texts) for table, texts in wanted.items()}


def _read(own: Field, text: str, names: _Names) -> Cell:
    if not own.ref or text in ("", UNREPORTED, *(state.value for state in State)):
        return own.parse(text)
    found = names[own.ref][text]
    if isinstance(found, DataProblem):
        raise found
    return found


def _update(plan: Plan, row: Row, values: dict[str, Cell]) -> None:
    changed = {name: cell for name, cell in values.items() if row.values.get(name) != cell}
    if changed:
        plan.edits.updates.append((row.id, changed))


def plan_fill_down(conn: sqlite3.Connection, query: TableQuery, area: Area) -> Plan:
    """Return what copying the first row of `area` into those below it changes."""
    plan = Plan()
    rows = query.rows(conn, area.seqs)
    names = [own.name for own in area.fields if not own.read_only]
    for row in rows[1:]:
        _update(plan, row, {name: rows[0].values.get(name) for name in names})
    plan.cells = max(len(rows) - 1, 0) * len(names)
    return plan


def plan_set(
    conn: sqlite3.Connection, query: TableQuery, areas: Sequence[Area], cell: Cell, *, only_states: bool = False
) -> Plan:
    """Return what writing `cell` (None clears) into every cell of `areas` changes; read-only columns stay.

    With `only_states` columns that take no state as an answer stay, too.
    """
    plan = Plan()
    for area in areas:
        fields = [own for own in area.fields if not own.read_only and (not only_states or own.answer_may_be_state)]
        for row in query.rows(conn, area.seqs):
            _update(plan, row, {own.name: cell for own in fields})
        plan.cells += len(area.seqs) * len(fields)
    return plan


def copied(conn: sqlite3.Connection, query: TableQuery, area: Area) -> str:
    """Return the cells of `area` as clipboard text: plain figures and ISO dates, names for references."""
    rows = query.rows(conn, area.seqs)
    return format_block([[_text(row, own) for own in area.fields] for row in rows])


def _text(row: Row, own: Field) -> str:
    cell = row.values.get(own.name)
    if own.ref and cell is not None and not isinstance(cell, State):
        return row.labels.get(own.name, "").removesuffix("（已删除）")
    return own.csv(cell)


def describe(schema: TableSchema, what: str, plan: Plan) -> str:
    """Return the name of the step: 粘贴「重点项目」12行."""
    rows = len(plan.edits.updates) + len(plan.edits.inserts)
    return f"{what}「{schema.title}」{rows}行"
