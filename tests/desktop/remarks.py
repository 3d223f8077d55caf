"""Remarks of the city in a county that is open, for tests of what shows them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject

from db.core.fields import load_schema
from db.core.values import Cell
from db.store import records
from db.store.operation import Operation
from desktop.session import Session

T = TypeVar("T")
SENT: dict[str, Cell] = {"answer_id": "a", "package_id": "p", "kind": "registers", "period": "2022", "author": "李强"}


def ask(session: Session, query: Callable[[sqlite3.Connection], T]) -> T:
    """Return what `query` finds in the open county."""
    found: list[T] = []
    session.read(query, found.append, owner=QObject(session))
    return found[0]


def remark(session: Session, table: str, row_id: str, field: str, text: str, status: str = "新提出") -> str:
    """Let the city have remarked on a cell, or with no field on a row, and return the remark's id."""
    at: dict[str, Cell] = {"table_name": table, "row_id": row_id, "field": field, "text": text, "status": status}
    made: list[str] = []

    def action(op: Operation) -> str:
        return records.insert(op, load_schema("remark"), {**SENT, **at, "written_at": "2022-04-06T09:20:00"})

    session.write("导入退回", action, made.append)
    return made[0]
