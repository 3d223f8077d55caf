"""Whose a workbook is that has lost its marks: told by its rows' ids, or by the unit that its rows name."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping

from db.core.errors import DataProblem
from db.core.fields import TableSchema
from db.exchange.cells.model import Workbook
from db.exchange.unit_book.form import TABLE_MARK
from db.exchange.unit_book.identify import Sender
from db.store.connection import quoted
from db.store.records import chunks, in_list
from db.work.assignees import assignees, find_assignees
from db.work.unit_rows import OWN_FIELD


def sender_by_rows(conn: sqlite3.Connection, book: Workbook, schemas: Mapping[str, TableSchema]) -> Sender:
    """Return the one unit that the workbook's rows belong to; DataProblem when that cannot be told."""
    texts = {
        cell.strip() for sheet in book.sheets.values() for row in sheet.rows for cell in row if isinstance(cell, str)
    }
    by_ids = set(_by_ids(conn, texts, schemas))
    found = by_ids or set(_by_names(conn, texts))
    if len(found) != 1:
        what = "里有几个单位的内容" if found else "没有本程序的标记"
        raise DataProblem(
            f"工作簿{what}，看不出是哪个单位填的。",
            advice="请让对方在发给他的工作簿里填写，不要另建文件。",
            code="book.nobody",
        )
    unit = next(iter(find_assignees(conn, [*found])))
    note = f"工作簿没有本程序的标记，按内容认出是{unit.name}的，请核对。"
    if not by_ids:
        note += "凡与程序里不同的格都要逐项选用哪边的。"
    return Sender(unit, own=bool(by_ids), notes=[note])


def _by_ids(conn: sqlite3.Connection, texts: set[str], schemas: Mapping[str, TableSchema]) -> Iterator[tuple[str, str]]:
    """Yield the units of the rows whose ids stand in the workbook: towns, since an enterprise's rows name its town."""
    ids = sorted(text for text in texts if len(text) >= 32 and " " not in text)
    named = [text[len(TABLE_MARK) :].partition("#")[0] for text in texts if text.startswith(TABLE_MARK)]
    for schema in (schemas[name] for name in named if name in schemas):
        own = OWN_FIELD["town"]
        if own not in schema:
            continue
        for chunk in chunks(ids):
            sql = f"SELECT DISTINCT {quoted(own)} FROM {quoted(schema.table)} WHERE {in_list('id', chunk)}"
            yield from (("town", row[0]) for row in conn.execute(sql, chunk) if row[0])
    if "assignment" in named:
        for chunk in chunks(ids):
            sql = f"SELECT DISTINCT assignee_kind, assignee_id FROM assignment WHERE {in_list('id', chunk)}"
            yield from conn.execute(sql, chunk).fetchall()


def _by_names(conn: sqlite3.Connection, texts: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the towns whose names stand in cells of their own."""
    for who in assignees(conn, ("town",)):
        if who.name in texts:
            yield who.key
