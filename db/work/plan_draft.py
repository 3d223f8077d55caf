"""The plan that was opened and is being looked through, kept in the county file until it is taken up or put away.

Only the document and the decisions are kept: the reading is made from them each time, so that what a better program
reads better is better. Every decision is an operation like any other and can be undone.

    begin(op, document) -> None        draft(conn) -> Review | None
    decide(op, correction) -> Review   discard(op) -> int
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict
from functools import lru_cache
from typing import Final

from db.core.errors import DataProblem
from db.core.ids import new_id
from db.plan.catalogue import load_catalogue, shipped_corrections
from db.plan.corrections import Correction, corrections_from_json, corrections_text
from db.plan.editions import edition_corrections, editions
from db.plan.reading.model import Cell, Document, Reading, Table
from db.plan.reading.read import read_plan
from db.plan.review import Review
from db.store.operation import Operation

TABLE: Final = "plan_draft"

_LIVE = "FROM plan_draft WHERE deleted_at IS NULL ORDER BY seq DESC LIMIT 1"


def begin(op: Operation, document: Document) -> None:
    """Make `document` the plan that is looked through, in the place of the one before.

    What was corrected in the plan in force is put into it where its words are the same. Of what was corrected in the
    plan that ships, only that is kept: the rest is no decision of the county's.
    """
    discard(op)
    tables = json.dumps([asdict(table) for table in document.tables], ensure_ascii=False)
    reading = _reading(document.name, document.sha256, document.text, tables)
    op.conn.execute(
        "INSERT INTO plan_draft (id, name, sha256, document, tables, corrections, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            new_id(),
            document.name,
            document.sha256,
            document.text,
            tables,
            corrections_text(_corrections_before(op.conn, reading)),
            op.at,
        ),
    )


def draft(conn: sqlite3.Connection) -> Review | None:
    """Return the plan that is being looked through, None when there is none."""
    row = conn.execute(f"SELECT name, sha256, document, tables, corrections {_LIVE}").fetchone()
    if row is None:
        return None
    name, sha256, text, tables, corrections = row
    reading = _reading(name, sha256, text, tables)
    return Review(reading, corrections_from_json(corrections))


def decide(op: Operation, correction: Correction) -> Review:
    """Keep one more decision and return the plan with it; DataProblem when there is no plan, or no such place in it."""
    review = draft(op.conn)
    if review is None:
        raise DataProblem("没有正在核对的方案。", advice="请先打开方案文件。", code="plan.no_draft")
    decided = review.with_(correction)
    op.conn.execute(
        f"UPDATE plan_draft SET corrections = ? WHERE id = (SELECT id {_LIVE})",
        (corrections_text(decided.corrections),),
    )
    return decided


def discard(op: Operation) -> int:
    """Put the plan that is looked through away and return how many there were (0 or 1)."""
    return op.conn.execute("UPDATE plan_draft SET deleted_at = ? WHERE deleted_at IS NULL", (op.at,)).rowcount


@lru_cache(maxsize=2)
def _reading(name: str, sha256: str, text: str, tables: str) -> Reading:
    """Return the reading of the document; it is read once, not for every decision about it."""
    return read_plan(Document(name, text, sha256, _tables(tables)), departments=load_catalogue().departments)


def _corrections_before(conn: sqlite3.Connection, reading: Reading) -> tuple[Correction, ...]:
    newest = next(iter(editions(conn)), None)
    if newest is not None:
        return edition_corrections(conn, newest.number)
    shipped = shipped_corrections()
    lost = [unplaced.correction for unplaced in Review(reading, shipped).unplaced]
    return tuple(correction for correction in shipped if not any(correction is each for each in lost))


def _tables(text: str) -> tuple[Table, ...]:
    return tuple(
        Table(table["start"], table["end"], tuple(tuple(Cell(**cell) for cell in row) for row in table["rows"]))
        for table in json.loads(text)
    )
