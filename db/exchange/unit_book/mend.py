"""Mending a cell of a workbook that was read, without asking the sender: another text, judged as the sender's was.

cell = retyped(conn, change, text)          DataProblem says what is wrong with it
settle(row, name, cell)                     the row as it stands then
"""

from __future__ import annotations

import sqlite3

from db.core.errors import DataProblem
from db.core.values import Cell, State
from db.exchange.unit_book.reading import Change, ReadRow
from db.work.references import names_of, resolve


def retyped(conn: sqlite3.Connection, change: Change, text: str) -> Cell:
    """Return what the text means in the change's field; DataProblem when it cannot be."""
    own = change.own
    cell = own.parse(text)
    if own.required and cell is None and change.problem is not None and change.problem.code == "row.nameless":
        raise DataProblem(f"「{own.title}」没有填写。", advice="请填写。", code="row.nameless")
    if own.ref and isinstance(cell, str) and not isinstance(cell, State):
        found = resolve(conn, own.ref, [cell])[cell]
        if isinstance(found, DataProblem):
            raise DataProblem(f"「{own.title}」{found.message}", advice=found.advice, code=found.code)
        change.labels = {**change.labels, **names_of(conn, own.ref, [found])}
        return found
    return cell


def settle(row: ReadRow, name: str, cell: Cell) -> None:
    """Let the cell of the row be this value, chosen by the clerk."""
    if row.new:
        row.changes.pop(name, None)
        row.values[name] = cell
        return
    change = row.changes[name]
    change.theirs, change.problem, change.clash = cell, None, False
    change.take = cell != change.ours
