"""What the city remarked on packages: each remark at its cell, what was said to it since, and the county's replies.

threads(conn, catalogue, …) -> list[Thread]      open_remarks(conn) -> int
sayings(conn, kind, period) -> list[Saying]      everything that was said about a kind and period, as it travels
reply(op, remark_id, text, solved=False)         新提出 → 已回复 → 拟解决; 已关闭 only the city writes
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import resources
from db.core.errors import DataProblem
from db.core.fields import Field, TableSchema, load_schema
from db.core.reasons import advice_for, fault_of
from db.core.text import clean
from db.core.values import UNREPORTED, Cell
from db.plan.catalogue import Catalogue
from db.store import records
from db.store.operation import Operation
from db.store.records import Row
from db.work.assignees import find_assignees
from db.work.recycle import title_of_row
from db.work.references import names_of
from db.work.registers import registers

NEW, REPLIED, PROPOSED, CLOSED = "新提出", "已回复", "拟解决", "已关闭"
STATUSES: Final = (NEW, REPLIED, PROPOSED, CLOSED)
"""The way of a remark, in order."""
REMARK, REPLY = "remark", "remark_reply"
COUNTY, CITY = "county", "city"
SIDES: Final = {COUNTY: "县", CITY: "市"}
EXAMPLE = "按镇街验收单更正为1,200户，附件已补"
"""A reply as it is shown to the clerk."""


@dataclass(frozen=True)
class Reply:
    """What one side (`county` or `city`) said, when (ISO), and the status it gave the remark thereby, "" for none."""

    side: str
    text: str
    status: str = ""
    author: str = ""
    written_at: str = ""


@dataclass(frozen=True)
class Spot:
    """Where in the county's data a remark belongs; fields that do not apply are empty."""

    table: str = ""
    row_id: str = ""
    field: str = ""
    task_id: str = ""
    year: int = 0
    period: str = ""
    owner: tuple[str, str] = ("", "")
    register: str = ""
    project_id: str = ""


@dataclass(frozen=True)
class Thread:
    """A remark with its replies, the oldest first.

    `table_title`, `row_title` and `field_title` say what it is about, "" for what it does not name. `then` and `now`
    are the cell's value in the package and today, as people read them. `gone` says that the row is no longer there.
    """

    id: str
    package_id: str
    sequence: int
    kind: str
    period: str
    text: str
    status: str
    author: str
    written_at: str
    table_title: str
    row_title: str
    field_title: str
    then: str
    now: str
    changed: bool
    gone: bool
    spot: Spot
    replies: tuple[Reply, ...] = ()

    @property
    def open(self) -> bool:
        """Return whether the county has something to do: it has not been answered, or only talked about."""
        return self.status in (NEW, REPLIED)

    @property
    def where(self) -> str:
        """Return what it is about: 月度进度 寿光市圣城街道 08-06-1 …「完成数」."""
        field = f"「{self.field_title}」" if self.field_title else ""
        words = " ".join(part for part in (self.table_title, self.row_title) if part)
        return (words + field) or "整个上报包"

    @property
    def values(self) -> str:
        """Return what became of the value since the package: 上报时320，现在300; "" where no cell is named."""
        if not self.field_title:
            return "这一行已经不在。" if self.gone else ""
        if self.gone:
            return f"上报时是{self.then}，这一行已经不在。"
        return f"上报时是{self.then}，现在是{self.now}。" if self.changed else f"上报时是{self.then}，没有改过。"


@dataclass(frozen=True)
class Saying:
    """One thing that was said: a remark (`id` is then `remark_id`), or a reply to it, which has no place of its own.

    `value` is what the cell held, as CSV spells it; `status` is the remark's as it stands, of a reply what it gave.
    """

    id: str
    remark_id: str
    side: str
    table: str
    row_id: str
    field: str
    value: str
    text: str
    status: str
    author: str
    written_at: str


def sayings(conn: sqlite3.Connection, kind: str, period: str) -> list[Saying]:
    """Return the remarks on all packages of this kind and period, each with its replies below it, the oldest first."""
    rows = conn.execute(
        "SELECT id, id, 'city', coalesce(table_name, ''), coalesce(row_id, ''), coalesce(field, ''),"
        " coalesce(value, ''), text, status, coalesce(author, ''), coalesce(written_at, ''), seq AS thread, 0 AS place"
        " FROM remark WHERE kind = ?1 AND period = ?2 AND deleted_at IS NULL"
        " UNION ALL"
        " SELECT r.id, r.remark_id, r.side, '', '', '', '', r.text, coalesce(r.status, ''), coalesce(r.author, ''),"
        " coalesce(r.written_at, ''), t.seq, r.seq FROM remark_reply r JOIN remark t ON t.id = r.remark_id"
        " WHERE t.kind = ?1 AND t.period = ?2 AND t.deleted_at IS NULL AND r.deleted_at IS NULL"
        " ORDER BY thread, place",
        (kind, period),
    )
    return [Saying(*row[:11]) for row in rows]


def kept_value(text: str) -> str:
    """Return what a remark keeps of a cell: its text in one line, as long as there is room."""
    return clean(text, multiline=False)[: load_schema(REMARK).field("value").max_length]


def open_remarks(conn: sqlite3.Connection) -> int:
    """Return how many remarks wait for the county."""
    sql = "SELECT count(*) FROM remark WHERE deleted_at IS NULL AND status IN (?, ?)"
    return int(conn.execute(sql, (NEW, REPLIED)).fetchone()[0])


def threads(
    conn: sqlite3.Connection,
    catalogue: Catalogue,
    *,
    kind: str = "",
    period: str = "",
    package_id: str = "",
    ids: Sequence[str] | None = None,
) -> list[Thread]:
    """Return the remarks of a kind and period, or of one package ("" = any), those that wait for the county first.

    Of a row's few remarks their `ids` are given.
    """
    wanted = {"kind": kind, "period": period, "package_id": package_id}
    named = {name: value for name, value in wanted.items() if value}
    terms = ["t.deleted_at IS NULL", *(f"t.{name} = ?" for name in named)]
    if ids is not None:
        terms.append(records.in_list("t.id", ids))
    values = [*named.values(), *(ids or ())]
    rows = list(records.select(conn, load_schema(REMARK), " AND ".join(terms), values, "ORDER BY t.seq"))
    said = _replies(conn, [row.id for row in rows])
    sequences: dict[str, int] = dict(conn.execute("SELECT package_id, sequence FROM submission"))
    places = _Places(conn, catalogue)
    places.read((_text(row, "table_name"), _text(row, "row_id")) for row in rows)
    found = [places.thread(row, sequences.get(_text(row, "package_id"), 0), said.get(row.id, ())) for row in rows]
    return sorted(found, key=lambda thread: STATUSES.index(thread.status) if thread.open else len(STATUSES))


def reply(op: Operation, remark_id: str, text: str, *, solved: bool = False) -> None:
    """Answer a remark; `solved` proposes that it is settled. DataProblem for a closed one and for empty talk."""
    row = op.conn.execute("SELECT status FROM remark WHERE id = ? AND deleted_at IS NULL", (remark_id,)).fetchone()
    if row is None:
        raise DataProblem("这条意见已经不在。", advice="请刷新后再看。", code="remark.gone")
    if row[0] == CLOSED:
        raise DataProblem("这条意见市里已经关闭，不用再回复。", code="remark.closed")
    if fault := fault_of(text):
        raise DataProblem(f"回复没有写清楚：{fault}", advice=advice_for(EXAMPLE), code="remark.reply")
    status = PROPOSED if solved else REPLIED
    said: dict[str, Cell] = {
        "remark_id": remark_id,
        "side": COUNTY,
        "text": clean(text, multiline=True),
        "status": status,
    }
    records.insert(op, load_schema(REPLY), {**said, "author": op.author, "written_at": op.at})
    records.update(op, load_schema(REMARK), remark_id, {"status": status})


def _replies(conn: sqlite3.Connection, ids: Iterable[str]) -> Mapping[str, tuple[Reply, ...]]:
    found: dict[str, list[Reply]] = {}
    for chunk in records.chunks(ids):
        where = f"t.deleted_at IS NULL AND {records.in_list('t.remark_id', chunk)}"
        for row in records.select(conn, load_schema(REPLY), where, chunk, "ORDER BY t.seq"):
            said = Reply(*(_text(row, name) for name in ("side", "text", "status", "author", "written_at")))
            found.setdefault(_text(row, "remark_id"), []).append(said)
    return {remark_id: tuple(said) for remark_id, said in found.items()}


class _Places:
    """Knows the rows that remarks are about."""

    def __init__(self, conn: sqlite3.Connection, catalogue: Catalogue) -> None:
        self._conn, self._catalogue = conn, catalogue
        self._schemas: dict[str, TableSchema] = {schema.table: schema for schema in registers(conn)}
        self._rows: dict[tuple[str, str], Row] = {}
        self._owners: dict[tuple[str, str], str] = {}

    def read(self, places: Iterable[tuple[str, str]]) -> None:
        """Read the rows at these tables and ids, as far as there are any."""
        by_table: dict[str, set[str]] = {}
        for table, row_id in places:
            by_table.setdefault(table, set()).add(row_id)
        for table, ids in by_table.items():
            schema = self._schema(table)
            if schema is not None:
                found = records.get_many(self._conn, schema, sorted(ids))
                self._rows.update(((table, row.id), row) for row in found if row.deleted_at is None)
        keys = {_owner(row) for row in self._rows.values()} - {("", "")}
        self._owners = {who.key: who.name for who in find_assignees(self._conn, keys)}

    def thread(self, remark: Row, sequence: int, said: tuple[Reply, ...]) -> Thread:
        table, row_id, name = (_text(remark, field) for field in ("table_name", "row_id", "field"))
        schema, row = self._schema(table), self._rows.get((table, row_id))
        field = schema.by_name.get(name) if schema is not None else None
        then = _text(remark, "value")
        now = field.csv(row.values.get(name)) if row is not None and field is not None else ""
        return Thread(
            id=remark.id,
            package_id=_text(remark, "package_id"),
            sequence=sequence,
            kind=_text(remark, "kind"),
            period=_text(remark, "period"),
            text=_text(remark, "text"),
            status=_text(remark, "status"),
            author=_text(remark, "author"),
            written_at=_text(remark, "written_at"),
            table_title=schema.title if schema is not None else table,
            row_title=self._title(row) if row is not None else "（这一行已经不在）" if row_id else "",
            field_title=field.title if field is not None else name,
            then=self._shown(field, then),
            now=self._shown(field, now),
            changed=row is not None and field is not None and then != kept_value(now),
            gone=bool(row_id) and row is None,
            spot=self._spot(schema, row, name),
            replies=said,
        )

    def _schema(self, table: str) -> TableSchema | None:
        if table not in self._schemas and table in _own_tables():
            self._schemas[table] = load_schema(table)
        return self._schemas.get(table)

    def _title(self, row: Row) -> str:
        owner = self._owners.get(_owner(row), "")
        project = self._schemas.get(f"register_{_text(row, 'register')}")
        if project is not None:  # a report of a project, which has no name of its own
            row = records.get(self._conn, project, _text(row, "row_id")) or row
        return " ".join(part for part in (owner, title_of_row(self._catalogue, row)) if part)

    def _shown(self, field: Field | None, text: str) -> str:
        """Return a value in its CSV spelling as people read it."""
        if not text:
            return UNREPORTED
        if field is None:
            return text
        if field.ref:
            return names_of(self._conn, field.ref, [text]).get(text, text)
        try:
            return field.show(field.parse(text))
        except DataProblem:
            return text

    def _spot(self, schema: TableSchema | None, row: Row | None, field: str) -> Spot:
        if schema is None or row is None:
            return Spot()
        task_id = next((_text(row, key) for key in ("task_id", "target_id", "clause_id") if _text(row, key)), "")
        year = _text(row, "year")
        register = schema.name if schema.kind == "register" else _text(row, "register")
        return Spot(
            table=schema.table,
            row_id=row.id,
            field=field,
            task_id=task_id,
            year=int(year) if year.isdigit() else 0,
            period=_text(row, "period"),
            owner=_owner(row),
            register=register,
            project_id=_text(row, "row_id") if register else "",
        )


@cache
def _own_tables() -> frozenset[str]:
    """Return the tables that the program defines itself; definitions that other files include are none."""
    schemas = (resources.load_json(f"tables/{name}") for name in resources.names("tables"))
    return frozenset(str(raw["x-table"]) for raw in schemas if "x-table" in raw)


def _owner(row: Row) -> tuple[str, str]:
    return _text(row, "assignee_kind"), _text(row, "assignee_id")


def _text(row: Row, name: str) -> str:
    value = row.values.get(name)
    return "" if value is None else str(value)
