"""The workbooks sent out, and what came of them: which unit has which table, and how far it is.

record_handouts(op, file_id, handouts)
matrix(conn, periods) -> {(unit kind, unit id): {table: HandoutState}}
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache

import resources
from db.core.fields import load_schema
from db.core.period import Period
from db.core.values import Cell
from db.plan.part import part_identity
from db.store import records
from db.store.operation import Operation
from db.work.assignees import Assignee, assignees, find_assignees
from db.work.assignments import KINDS
from db.work.registers import registers
from db.work.unit_rows import Unit, holders

FILE_ID = "file_id"
"""The setting under which a county file has a name for itself; its journal's numbers mean nothing elsewhere."""
PART = "part"
"""The kind of a work package, which has no tables of its own on the board."""
SENT, STORED = "sent", "stored"
NONE = "none"
NOTHING = "nothing"
"""The status of a table in which the unit has nothing to fill in, and which it was not sent."""

_FILLED = ("assignment", "project_report")
"""The tables whose holders are whoever has anything to fill in: tasks, or projects of any register."""
_URGENCY = ("faulty", "sent", "written", "received", "stored", NONE)
_STATE = (
    "coalesce(status, ''), book_id, coalesce(written_at, ''), coalesce(file_name, ''), coalesce(received_at, ''),"
    " coalesce(received_name, ''), coalesce(problems, 0), coalesce(received_sha256, '')"
)


@dataclass(frozen=True)
class Handout:
    """A workbook as it was written: what its row in `handout` says; `file_name` as it left.

    `tables` of a work package is what it holds (see `given_out`), `note` its title.
    """

    book_id: str
    unit_kind: str
    unit_id: str
    kinds: tuple[str, ...]
    period: str
    tables: tuple[str, ...]
    written_at: str
    file_name: str
    base_seq: int
    note: str = ""


@dataclass(frozen=True)
class HandoutState:
    """How far a table of a unit is: `status` a key of `statuses`; the newest workbook with it, "" for none."""

    status: str = NONE
    book_id: str = ""
    written_at: str = ""
    file_name: str = ""
    received_at: str = ""
    received_name: str = ""
    problems: int = 0
    received_sha256: str = ""

    @property
    def title(self) -> str:
        """Return 未发, 已发, 已收, 有问题, 已入库 or, for nothing to fill in, —."""
        return statuses()[self.status]


@cache
def statuses() -> Mapping[str, str]:
    """Return what people call each status; that of a unit to which nothing was sent is `none`.

    `nothing` is that of a table in which it has nothing to fill in.
    """
    found: Mapping[str, str] = resources.load_json("workbooks.json")["statuses"]
    return found


def record_handouts(op: Operation, file_id: str, handouts: Sequence[Handout]) -> list[str]:
    """Keep what was written, and the file's name for itself; return the ids of the new rows."""
    op.conn.execute(
        "INSERT INTO setting (id, value, created_at) VALUES (?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET value = excluded.value, deleted_at = NULL WHERE value IS NOT excluded.value",
        (FILE_ID, file_id, op.at),
    )
    return records.insert_many(op, load_schema("handout"), map(_row, handouts))


def _row(handout: Handout) -> dict[str, Cell]:
    return {
        "book_id": handout.book_id,
        "unit_kind": handout.unit_kind,
        "unit_id": handout.unit_id,
        "kinds": ",".join(handout.kinds),
        "period": handout.period or None,
        "tables": ",".join(handout.tables),
        "written_at": handout.written_at,
        "file_name": handout.file_name,
        "base_seq": Decimal(handout.base_seq),
        "status": SENT,
        "note": handout.note or None,
    }


def worst(states: Iterable[str]) -> str:
    """Return the status that tells of all: something wrong comes first, then what is least far; `nothing` of none."""
    found = set(states)
    return next((status for status in _URGENCY if status in found), NOTHING)


@dataclass(frozen=True)
class Board:
    """The matrix of units and tables: towns of the county and whoever was sent something, tables that were sent.

    `holders` are the units that have something to fill in, by table.
    """

    units: tuple[Assignee, ...]
    tables: tuple[tuple[str, str], ...]
    states: Mapping[Unit, Mapping[str, HandoutState]]
    holders: Mapping[str, AbstractSet[Unit]] = field(default_factory=dict)

    def state(self, unit: Assignee, table: str) -> HandoutState:
        """Return how far the table of the unit is."""
        sent = self.states.get(unit.key, {}).get(table)
        if sent is not None:
            return sent
        return HandoutState(NONE if unit.key in self.holders.get(table, ()) else NOTHING)

    def whole(self, unit: Assignee) -> str:
        """Return the status of the unit: something wrong comes first, then what is least far; of what it was sent."""
        own = {state.status for state in self.states.get(unit.key, {}).values()}
        own |= {self.state(unit, table).status for table, _ in self.tables} if not own else set()
        return worst(own)


def board(conn: sqlite3.Connection, periods: Sequence[str] = ()) -> Board:
    """Return the matrix of these periods (see `matrix`): units in the order of the directory, tables of the program."""
    states = matrix(conn, periods)
    sent = {table for tables in states.values() for table in tables}
    schemas = [load_schema("assignment"), *registers(conn), load_schema("progress"), load_schema("project_report")]
    present = find_assignees(conn, states)
    years = {Period.parse(period).year for period in periods}
    having = holders(conn, sent, years)
    units = {who.key: who for who in (*(who for who in assignees(conn, ("town",)) if who.own), *present)}
    if part_identity(conn) is not None:
        # A work package has to do with those alone that have something in it.
        busy = {key for found in holders(conn, _FILLED, years).values() for key in found} | states.keys()
        units = {key: who for key, who in units.items() if key in busy}
    order = {kind: place for place, kind in enumerate(KINDS)}
    return Board(
        tuple(sorted(units.values(), key=lambda who: order[who.kind])),
        tuple((schema.name, schema.title) for schema in schemas if schema.name in sent),
        states,
        having,
    )


@dataclass(frozen=True)
class SentBook:
    """A workbook that was sent: `tables` by title; what came of it is in `state`.

    Of a work package `unit_name` is its title, which says whose it is, and `tables` are none.
    """

    unit_name: str
    kinds: tuple[str, ...]
    period: str
    tables: tuple[str, ...]
    state: HandoutState


def sent_books(conn: sqlite3.Connection, unit: tuple[str, str] | None = None, limit: int = 200) -> list[SentBook]:
    """Return the workbooks and work packages sent, newest first; of one unit (kind, id) or of all."""
    where, parameters = ("unit_kind = ? AND unit_id = ?", [*unit]) if unit is not None else ("1", [])
    return _books(conn, where, parameters, limit)


@dataclass(frozen=True)
class GivenPart:
    """A work package that went out and has not come back: its title, when, and what it holds whole (see `Handout`)."""

    title: str
    written_at: str
    contents: frozenset[str]


def parts_out(conn: sqlite3.Connection) -> list[GivenPart]:
    """Return the work packages that are out, the newest first."""
    rows = conn.execute(
        "SELECT coalesce(note, ''), coalesce(written_at, ''), coalesce(tables, '') FROM handout"
        f" WHERE deleted_at IS NULL AND kinds = '{PART}' AND coalesce(status, ?) <> ? ORDER BY seq DESC",
        (SENT, STORED),
    )
    return [GivenPart(title, at, frozenset(filter(None, tables.split(",")))) for title, at, tables in rows]


def open_handouts(conn: sqlite3.Connection) -> list[SentBook]:
    """Return the workbooks and work packages that have not been stored yet, newest first."""
    return _books(conn, "coalesce(status, ?) <> ?", [SENT, STORED], -1)


def _books(conn: sqlite3.Connection, where: str, parameters: list[str], limit: int) -> list[SentBook]:
    rows = conn.execute(
        f"SELECT unit_kind, unit_id, {_STATE}, coalesce(kinds, ''), coalesce(period, ''), coalesce(tables, ''),"
        f" coalesce(note, '') FROM handout WHERE deleted_at IS NULL AND {where} ORDER BY seq DESC LIMIT ?",
        [*parameters, limit],
    ).fetchall()
    names = {who.key: who.name for who in find_assignees(conn, dict.fromkeys((row[0], row[1]) for row in rows))}
    titles = {schema.name: schema.title for schema in registers(conn)}
    titles |= {name: load_schema(name).title for name in ("assignment", "progress", "project_report")}
    return [
        SentBook(
            (note if kinds == PART else "") or names.get((kind, unit_id), ""),
            tuple(filter(None, kinds.split(","))),
            period,
            tuple(titles.get(table, table) for table in tables.split(",") if table and kinds != PART),
            HandoutState(status or SENT, *rest),
        )
        for kind, unit_id, status, *rest, kinds, period, tables, note in rows
    ]


def matrix(conn: sqlite3.Connection, periods: Iterable[str] = ()) -> dict[Unit, dict[str, HandoutState]]:
    """Return for every unit to which something was sent its tables with their states; the newest workbook counts.

    `periods`: only workbooks of these periods, and of none; default all.
    """
    wanted = [*periods]
    where = f"AND (period IS NULL OR {records.in_list('period', wanted)})" if wanted else ""
    found: dict[Unit, dict[str, HandoutState]] = {}
    columns = f"unit_kind, unit_id, coalesce(tables, ''), outcomes, {_STATE}"
    sql = f"SELECT {columns} FROM handout WHERE deleted_at IS NULL AND kinds IS NOT '{PART}' {where} ORDER BY seq"
    for kind, unit_id, tables, outcomes, status, *rest in conn.execute(sql, wanted):
        book, known = HandoutState(status or SENT, *rest), read_outcomes(outcomes)
        own = {table: _of_table(book, table, known) for table in tables.split(",") if table}
        found.setdefault((kind, unit_id), {}).update(own)
    return found


Outcomes = dict[str, tuple[str, int]]
"""Of each table that came back its status and the number of its problems."""


def read_outcomes(text: str | None) -> Outcomes:
    """Return what `handout` keeps of the tables that came back; nothing of a workbook that could not be read."""
    return {table: (status, problems) for table, (status, problems) in json.loads(text or "{}").items()}


def outcomes_text(outcomes: Outcomes) -> str:
    """Return the same as it is kept."""
    return json.dumps(outcomes, ensure_ascii=False)


def _of_table(book: HandoutState, table: str, known: Outcomes) -> HandoutState:
    """Return the state of one table of the workbook; one that did not come back with the others is still out."""
    if not known:
        return book
    if table not in known:
        return replace(book, status=SENT, problems=0, received_at="", received_name="", received_sha256="")
    status, problems = known[table]
    return replace(book, status=status, problems=problems)
