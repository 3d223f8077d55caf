"""A colleague's work comes back: the rows that were added, changed or deleted since the part was opened.

write_return(county, out) -> ReturnWritten               into the folder `out`
give_back_state(conn) -> GiveBack | None                 what would go back now

    return.json                what it is the return of, how many rows of which table there are, hashes
    rows.jsonl                 one changed row a line: {"table", "id", "before": {…} | null, "after": {…} | null}
    attachments/ab/<sha256>    what the new attachments hold

Values are spelt as in a package's CSV. A changed row says only what changed; `before` is what went out, so that three
ways can be compared without the journal of whoever sent the part.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from db.core.errors import DataProblem
from db.core.fields import TableSchema, load_schema
from db.core.file_names import safe_name
from db.core.progress import NO_PROGRESS, Progress
from db.core.values import Cell, State
from db.exchange.part.names import ENDING, RETURN_INFO
from db.exchange.part.write import free_name
from db.exchange.zip_write import ZipWriter
from db.plan.part import PartIdentity, part_identity
from db.store import cells
from db.store.attachments import FOLDER as ATTACHMENTS
from db.store.attachments import Stored as Content
from db.store.attachments import fault_of
from db.store.connection import quoted
from db.store.county import County
from db.store.files import CHUNK, explained, replacing
from db.store.operation import now
from db.store.past import newest_seq, rows_at
from db.store.records import in_list
from db.work.county_settings import county_facts
from db.work.parts import ATTACHMENT, EDITED, RETURNED
from db.work.registers import registers
from db.work.sample import is_sample

ROWS: Final = "rows.jsonl"
FORMAT, VERSION = "sijian-part-return", 1
WHAT: Final = "写出交回的工作包"
LABEL: Final = "交回工作包"

Spelt = Mapping[str, str]


@dataclass(frozen=True)
class RowChange:
    """A row of the part that is not as it went out; `before` None for a new one, `after` None for a deleted one."""

    table: str
    id: str
    before: Spelt | None
    after: Spelt | None

    def line(self) -> bytes:
        """Return it as a line of rows.jsonl."""
        return (json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")) + "\n").encode()


@dataclass(frozen=True)
class ReturnWritten:
    """The file that goes back, whose part it is, how many rows changed and how many attachments are new."""

    file: Path
    identity: PartIdentity
    rows: int
    attachments: int

    def sentence(self) -> str:
        """Return it for a person."""
        return f"已写出交回的工作包“{self.identity.title}”：改动{self.rows:,}行，新附件{self.attachments:,}个。"


def tables_of(conn: sqlite3.Connection) -> list[TableSchema]:
    """Return the tables that come back, in the order in which their rows may point to each other."""
    own = [load_schema(name) for name in EDITED]
    return [own[0], *registers(conn), *own[1:], load_schema(ATTACHMENT)]


def changes_since_opened(conn: sqlite3.Connection) -> list[RowChange]:
    """Return every row that the journal knows of and that is not what it was when the part was opened."""
    found: list[RowChange] = []
    for schema in tables_of(conn):
        touched = [
            row
            for (row,) in conn.execute(
                "SELECT DISTINCT row_id FROM change WHERE table_name = ? ORDER BY row_id", (schema.table,)
            )
        ]
        before = rows_at(conn, schema.table, dict.fromkeys(touched, 0))
        after = rows_at(conn, schema.table, dict.fromkeys(touched, 1 << 62))
        for row_id in touched:
            change = _change(schema, row_id, _spelt(schema, before[row_id]), _spelt(schema, after[row_id]))
            if change is not None:
                found.append(change)
    return found


def write_return(county: County, out: Path, progress: Progress = NO_PROGRESS) -> ReturnWritten:
    """Write what changed into the folder `out`; DataProblem where the county is no part, or a new proof is missing."""
    out = Path(out).absolute()
    with county.reading() as conn:
        conn.execute("BEGIN")
        identity = part_identity(conn)
        if identity is None:
            raise DataProblem(
                "这里是县级数据本身，不是工作包，没有可以交回的。",
                advice="请在收到的工作包所建的文件夹里交回。",
                code="part.whole",
            )
        seq, changes = newest_seq(conn), changes_since_opened(conn)
        totals = {schema.table: _count(conn, schema) for schema in tables_of(conn)}
        code, sample = county_facts(conn).code, is_sample(conn)
    proofs = _new_proofs(county, changes)
    rows = b"".join(change.line() for change in changes)
    info = {
        "format": FORMAT,
        "version": VERSION,
        "part": asdict(identity),
        "county": code,
        **({"sample": True} if sample else {}),
        "returned_at": now(),
        "author": county.author,
        "tables": totals,
        "rows": {"count": len(changes), "sha256": hashlib.sha256(rows).hexdigest()},
        "attachments": [{"name": each.name, "sha256": each.sha256, "size": each.size} for each in proofs],
    }
    with explained(WHAT, out):
        out.mkdir(parents=True, exist_ok=True)
    file = free_name(out, f"{code}-part-{safe_name(identity.title)}-{date.today().isoformat()}-return", ENDING)
    with replacing(file, WHAT) as stream:
        archive = ZipWriter(stream)
        archive.add(RETURN_INFO, json.dumps(info, ensure_ascii=False, indent=1).encode())
        archive.add(ROWS, rows)
        for number, proof in enumerate(proofs):
            progress.step(number, len(proofs), "写入佐证附件")
            source = county.folder / ATTACHMENTS / proof.stored_name
            archive.stream(f"{ATTACHMENTS}/{proof.stored_name}", partial(_pieces, source), proof.size, deflate=False)
        archive.finish()
    given = LastReturn(str(info["returned_at"]), file.name, len(changes), seq)
    with county.operation(f"{LABEL} {identity.title}"[:200], record=True) as op:
        op.conn.execute(
            "INSERT INTO setting (id, value, created_at) VALUES (?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET value = excluded.value, deleted_at = NULL",
            (RETURNED, json.dumps(asdict(given), ensure_ascii=False), op.at),
        )
    return ReturnWritten(file, identity, len(changes), len(proofs))


@dataclass(frozen=True)
class LastReturn:
    """When the part was given back last, as which file, with how many rows; `seq` is the journal's number then."""

    at: str
    file_name: str
    rows: int
    seq: int


@dataclass(frozen=True)
class TableChanges:
    """How many rows of a table were added, changed and deleted since the part was opened."""

    title: str
    added: int
    changed: int
    deleted: int


@dataclass(frozen=True)
class GiveBack:
    """What would go back now: whose part it is, its changes by table; the last return, and rows touched after it."""

    identity: PartIdentity
    tables: tuple[TableChanges, ...]
    last: LastReturn | None = None
    since: int = 0

    @property
    def rows(self) -> int:
        """Return how many rows are not as they went out."""
        return sum(each.added + each.changed + each.deleted for each in self.tables)


def give_back_state(conn: sqlite3.Connection) -> GiveBack | None:
    """Return what would go back now, None where the county is no part."""
    identity = part_identity(conn)
    if identity is None:
        return None
    changes = changes_since_opened(conn)
    tables: list[TableChanges] = []
    for schema in tables_of(conn):
        own = [change for change in changes if change.table == schema.table]
        added = sum(change.before is None for change in own)
        deleted = sum(change.after is None for change in own)
        if own:
            tables.append(TableChanges(schema.title, added, len(own) - added - deleted, deleted))
    row = conn.execute("SELECT value FROM setting WHERE id = ? AND deleted_at IS NULL", (RETURNED,)).fetchone()
    if row is None:
        return GiveBack(identity, tuple(tables))
    last, names = LastReturn(**json.loads(row[0])), [schema.table for schema in tables_of(conn)]
    sql = f"SELECT count(DISTINCT row_id) FROM change WHERE seq > ? AND {in_list('table_name', names)}"
    return GiveBack(identity, tuple(tables), last, conn.execute(sql, [last.seq, *names]).fetchone()[0])


def _change(schema: TableSchema, row_id: str, before: Spelt | None, after: Spelt | None) -> RowChange | None:
    if before == after:
        return None
    if before is None or after is None:
        return RowChange(schema.table, row_id, before, after)
    differing = [name for name in before if before[name] != after[name]]
    return RowChange(
        schema.table, row_id, {name: before[name] for name in differing}, {name: after[name] for name in differing}
    )


def _spelt(schema: TableSchema, stored: Mapping[str, Any] | None) -> Spelt | None:
    """Return the row as text by field; None for one that is not there or lies in the recycle bin."""
    if stored is None or stored.get("deleted_at") is not None:
        return None
    plain = cells.plain_columns(schema)
    states = json.loads(str(stored.get("states") or "{}"))
    spelt: dict[str, str] = {}
    for field in schema.fields:
        if field.computed is not None:
            continue
        word = states.get(field.name)
        cell: Cell = State(word) if word else cells.load(field, stored.get(field.name), plain=field.name in plain)
        spelt[field.name] = field.csv(cell)
    return spelt


def _new_proofs(county: County, changes: list[RowChange]) -> list[Content]:
    found: dict[str, Content] = {}
    for change in changes:
        if change.table == ATTACHMENT and change.before is None and change.after is not None:
            content = Content(change.after["sha256"], change.after["name"], int(change.after["size"]))
            found.setdefault(content.stored_name, content)
    for content in found.values():
        if fault_of(county.folder / ATTACHMENTS / content.stored_name, content, deep=True):
            raise DataProblem(
                f"佐证附件“{content.name}”的文件丢失或损坏，不能交回。",
                advice="请在那一行上重新添加，或删去这个附件。",
                code="part.proof",
            )
    return list(found.values())


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while piece := stream.read(CHUNK):
            yield piece


def _count(conn: sqlite3.Connection, schema: TableSchema) -> int:
    return int(conn.execute(f"SELECT count(*) FROM {quoted(schema.table)} WHERE deleted_at IS NULL").fetchone()[0])
