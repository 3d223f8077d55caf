"""Taking in what was read: first that the files are here, then their rows, all of them in one step or nothing.

receive(op, county, files)                              the originals are kept; the workbooks count as received
store_books(op, county, files, mode=…, leave_out=…)     -> StoredBooks
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.text import quote
from db.core.values import Cell
from db.exchange.unit_book.form import MONTHLY
from db.exchange.unit_book.month_store import filed_since, store_month
from db.exchange.unit_book.part_store import store_proofs, store_rows
from db.exchange.unit_book.reading import MERGE, Fate, ReadFile, ReadTable
from db.store import attachments, records
from db.store.attachment_kinds import rules
from db.store.attachments import HasFolder
from db.store.county import County
from db.store.operation import Operation
from db.store.past import last_changes
from db.work.handouts import PART, Outcomes, outcomes_text, read_outcomes, worst

RECEIVED: Final = "收到填报工作簿"
RECEIVED_FILE, HANDOUT = "received_file", "handout"
FAULTY, STORED = "faulty", "stored"
_FIRST = 3
_MOST_TOLD: Final = 5


@dataclass(frozen=True)
class StoredBooks:
    """What was written: rows added and changed, how many files they came from, how many rows still wait."""

    added: int
    updated: int
    files: int
    waiting: int = 0

    def sentence(self) -> str:
        """Return it for a person."""
        told = f"已入库{self.files}个文件：新增{self.added:,}行，更新{self.updated:,}行。"
        return told + (f"有问题的{self.waiting:,}行没有入库，可以在收发页退回。" if self.waiting else "")


def label(files: Sequence[ReadFile]) -> str:
    """Return what the step is called: which files were taken in; it stands in the history of every row."""
    names = "、".join(file.name for file in files[:_MOST_TOLD])
    more = f"等{len(files)}个文件" if len(files) > _MOST_TOLD else ""
    return f"收回工作簿 {names}{more}"


def can_store(files: Sequence[ReadFile]) -> bool:
    """Return whether every file could be read and no row waits for somebody."""
    return all(file.verdict == "good" for file in files)


def take_in(
    county: County, files: Sequence[ReadFile], *, mode: str = MERGE, leave_out: bool = False
) -> StoredBooks | None:
    """Store the files' rows in one step, or only keep the files where that cannot be; return what was stored."""
    good = [file for file in files if file.refusal is None]
    if good and (leave_out or can_store(files)):
        with county.operation(label(good)) as op:
            stored = store_books(op, county, good, mode=mode, leave_out=leave_out)
        bad = [file for file in files if file.refusal is not None]
    else:
        stored, bad = None, list(files)
    if bad:
        with county.operation(RECEIVED, record=True) as op:
            receive(op, county, bad)
    return stored


def receive(op: Operation, county: HasFolder, files: Sequence[ReadFile]) -> None:
    """Keep each file that was read, and say of the workbook sent out that it came back, and whether it has problems."""
    for file in files:
        if not file.sha256:
            continue
        outcome = "有问题" if file.verdict != "good" else "已收"
        _keep(op, county, file, outcome, None)
        _mark(op, file, "received", {})


def store_books(
    op: Operation, county: HasFolder, files: Sequence[ReadFile], *, mode: str = MERGE, leave_out: bool = False
) -> StoredBooks:
    """Write the rows of all files, and that they are stored, as part of one operation; the originals are kept.

    DataProblem, and nothing written, when rows are refused or in conflict, unless those are to be left out: then the
    workbook stays one with problems, to be sent back. A row that the clerk left out himself is done with.
    """
    good = [file for file in files if file.refusal is None]
    stopped = [row for file in good for table in file.tables for row in table.stopped()]
    if not leave_out and not can_store(good):
        problems = [problem for file in good for problem in file.problems() if problem.stops][:_FIRST]
        first = "".join(f"\n{problem.sentence()}" for problem in problems)
        raise DataProblem(
            f"{f'有{len(stopped)}行' if stopped else '有的表'}不能入库，什么都没有写入：{first}",
            advice="\n请改好、选好，或选择略过这些行。",
            code="workbook.refused",
        )
    for file in good:
        for table in file.tables:
            _require_as_read(op, file, table, mode)
    added = updated = 0
    for file in good:
        if file.part_id:
            store_proofs(county, file.path)
        for table in file.tables:
            new, changed = _store(op, file, table, mode)
            added, updated = added + new, updated + changed
        _keep(op, county, file, "已入库", op.id)
        _mark(op, file, STORED, {"stored_operation": Decimal(op.id)})
    return StoredBooks(added, updated, len(good), len(stopped))


def _require_as_read(op: Operation, file: ReadFile, table: ReadTable, mode: str) -> None:
    """Refuse to write over what somebody has changed since the table was held against the county file."""
    rows = list(table.written(mode))
    newest = last_changes(op.conn, table.table.schema.table, [row.id for row in rows if row.id])
    moved = [row for row in rows if newest.get(row.id, 0) > table.seq]
    if table.table.kind == MONTHLY:
        moved += filed_since(op.conn, file, table, rows)
    if moved:
        raise DataProblem(
            f"“{table.table.title}”的{quote(moved[0].title)}等{len(moved)}行，读取以后程序里又改过，什么都没有写入。",
            advice="请重新收回这些文件，核对以后再入库。",
            code="workbook.stale",
        )


def _store(op: Operation, file: ReadFile, table: ReadTable, mode: str) -> tuple[int, int]:
    rows = list(table.written(mode))
    if table.table.kind == PART:
        return store_rows(op, table, rows)
    if table.table.kind == MONTHLY:
        added = sum(row.new for row in rows)
        store_month(op, file, table, rows)
        return added, len(rows) - added
    new = [row.taken for row in rows if row.fate is Fate.ADDED]
    changed = [(row.id, row.taken) for row in rows if row.fate is Fate.UPDATED]
    records.insert_many(op, table.table.schema, new)
    records.update_many(op, table.table.schema, changed)
    return len(new), len(changed)


def _keep(op: Operation, county: HasFolder, file: ReadFile, outcome: str, operation_id: int | None) -> None:
    """Keep the original by its hash, once for each content; say what became of it."""
    schema = load_schema(RECEIVED_FILE)
    row = op.conn.execute(
        f"SELECT id FROM {RECEIVED_FILE} WHERE sha256 = ? AND deleted_at IS NULL ORDER BY seq DESC LIMIT 1",
        (file.sha256,),
    ).fetchone()
    book_id = file.sent_as or None
    told: dict[str, Cell] = {"outcome": outcome, "note": file.refusal.message if file.refusal is not None else None}
    if operation_id is not None:
        told["operation_id"] = Decimal(operation_id)
    if row is None:
        named: dict[str, Cell] = {"sha256": file.sha256, "name": attachments.original_name(file.name)}
        size: dict[str, Cell] = {"size": Decimal(file.size), "book_id": book_id, "received_at": op.at}
        row_id = records.insert(op, schema, {**named, **size, **told})
    else:
        row_id = row[0]
        records.update(op, schema, row_id, told)
    if not file.part_id or file.size <= rules().largest:  # what a work package brings lies in the county itself
        attachments.add(op, county, RECEIVED_FILE, row_id, file.path)


def _mark(op: Operation, file: ReadFile, status: str, more: dict[str, Cell]) -> None:
    """Say of the workbook that was sent out, and of each of its tables, what has become of it: `status`, or faulty.

    What is stored stays so when it only comes in again. Of several files with parts of a workbook the worst counts, and
    the record names a file that is to be sent back.
    """
    if not file.sent_as:
        return
    row = op.conn.execute(
        f"SELECT id, status, outcomes FROM {HANDOUT} WHERE book_id = ? AND deleted_at IS NULL", (file.sent_as,)
    ).fetchone()
    if row is None:
        return
    before, now = read_outcomes(row[2]), _outcomes(file, status)
    if status != STORED:
        now = {table: found for table, found in now.items() if before.get(table, ("", 0))[0] != STORED}
        if row[1] == STORED and not (before and now):
            return
    outcomes = {**before, **now}
    unread = [FAULTY] if file.refusal is not None else []
    # A work package in which nothing was done brings no table; it came back all the same.
    whole = worst([found for found, _ in outcomes.values()] + unread or [status])
    values: dict[str, Cell] = {
        "received_at": op.at,
        "status": whole,
        "problems": Decimal(sum(problems for _, problems in outcomes.values())),
        "outcomes": outcomes_text(outcomes) if outcomes else None,
    }
    if file.verdict != "good" or whole != FAULTY:
        values |= {"received_name": attachments.original_name(file.name), "received_sha256": file.sha256}
    records.update(op, load_schema(HANDOUT), row[0], {**values, **more})


def _outcomes(file: ReadFile, status: str) -> Outcomes:
    """Return of each table in the file how far it is, and about how many places somebody has to do something."""
    found: Outcomes = {}
    for table in file.tables:
        _, earlier = found.get(table.table.code, (status, 0))
        problems = earlier + sum(1 for _ in table.stopped()) + (table.fault is not None)
        found[table.table.code] = (FAULTY if problems else status, problems)
    return found
