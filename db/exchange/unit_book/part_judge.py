"""Holding what came back of a work package against the county, three ways: what went out, what is there, what came.

read_part(conn, catalogue, path) -> ReadFile             as for a workbook; nothing is written

What only the colleague changed is taken, what only the program changed stays, what both changed is a clash.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from db.core.errors import DataProblem
from db.core.field import Field
from db.core.fields import TableSchema
from db.core.values import Cell
from db.exchange.part.content import ReturnContent, read_content
from db.exchange.part.giveback import RowChange, tables_of
from db.exchange.unit_book.form import BookTable, Column
from db.exchange.unit_book.part_before import NOTHING, Before, returned_before, with_put_back
from db.exchange.unit_book.part_deletion import why_keep
from db.exchange.unit_book.reading import CellProblem, Change, Fate, ReadFile, ReadRow, ReadTable
from db.plan.catalogue import Catalogue
from db.plan.editions import TASK_COLUMNS
from db.plan.part import require_whole
from db.store import records
from db.store.connection import quoted
from db.store.past import newest_seq
from db.store.records import Row
from db.work.assignees import find_assignees
from db.work.county_settings import county_facts
from db.work.handouts import FILE_ID, PART
from db.work.monthly.months import closed_months
from db.work.parts import ATTACHMENT, ENTERPRISE, EXPLANATION
from db.work.recycle import title_of_row
from db.work.references import names_of
from db.work.sample import refuse_mixing

DELETED: Final = "deleted_at"
WHOLE_ROW: Final = Field(DELETED, "整行")
KEPT, GONE = "保留", "删除"
"""How a row stands in the pseudo field `WHOLE_ROW`."""


def read_part(conn: sqlite3.Connection, catalogue: Catalogue, path: Path, file: ReadFile) -> None:
    """Fill `file` with what the return in `path` would do; DataProblem where nothing of it can be taken."""
    require_whole(conn, "收回交回的工作包")
    content = read_content(path)
    facts = county_facts(conn)
    if content.county != facts.code:
        raise DataProblem(
            f"这是{content.county}的工作包，不是本县的（{facts.code}）。", advice="请核对文件。", code="part.county"
        )
    refuse_mixing(conn, "这个工作包", sample=content.sample)
    file.part_id = content.identity.part_id
    file.kind, file.unit_name = PART, f"工作包 {content.identity.title}"
    own = conn.execute("SELECT value FROM setting WHERE id = ? AND deleted_at IS NULL", (FILE_ID,)).fetchone()
    same_file = own is not None and own[0] == content.identity.file_id
    if not same_file:
        file.notes.append("这个工作包不是从这份县级数据发出的（可能来自备份或另一台电脑），已逐格比较，请仔细核对。")
    given = (content.author, content.returned_at.replace("T", " ")[:16])
    file.notes.append("　".join(part for part in ("交回", *given) if part))
    schemas = {schema.table: schema for schema in tables_of(conn)}
    before = returned_before(conn, content.identity.part_id)
    found = with_put_back(content, before)
    if before is not None:
        file.notes.append("以前收回过这个工作包，接着上一次核对：那时收下的、选定的不再问。")
    arriving = {(change.table, change.id) for change in content.changes if change.before is None}
    since = content.identity.base_seq if same_file else 0
    same: dict[tuple[str, str], str] = {}
    by_table: dict[str, list[tuple[int, RowChange]]] = {}
    for number, change in enumerate(found):
        by_table.setdefault(change.table, []).append((number, change))
    for table in by_table.keys() - schemas.keys():
        file.notes.append(f"有{len(by_table[table])}行是“{table}”表的，本县没有这张表，没有读。")
    for table, schema in schemas.items():
        changes = by_table.get(table, [])
        if changes or content.totals.get(table):
            judge = _Judge(conn, catalogue, schema, content, arriving, same, since, before or NOTHING)
            file.tables.append(judge.judged(changes))
            file.notes += judge.notes


class _Judge:
    """Judges the rows of one table."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        catalogue: Catalogue,
        schema: TableSchema,
        content: ReturnContent,
        arriving: set[tuple[str, str]],
        same: dict[tuple[str, str], str],
        since: int,
        before: Before,
    ) -> None:
        self._conn, self._catalogue, self._schema = conn, catalogue, schema
        self._content, self._arriving = content, arriving
        self._before, self._since = before, since
        self._same = same
        """Rows that were entered on both sides: our id by table and theirs; what belongs to theirs belongs to ours."""
        self._keys = _unique_keys(conn, schema)
        self._live = "AND t.deleted_at IS NULL" if schema.table in (ENTERPRISE, EXPLANATION) else ""
        self._closed = {str(month) for month in closed_months(conn)} if "period" in schema else set()
        self._labels: dict[str, str] = {}
        self._holders: dict[str, str] = {}
        self._unknown: set[str] = set()
        self._contents = {stored.sha256 for stored in content.proofs.values()}
        self.notes: list[str] = []

    def judged(self, changes: Sequence[tuple[int, RowChange]]) -> ReadTable:
        schema = self._schema
        columns = tuple(Column(field) for field in schema.fields if field.computed is None)
        read = ReadTable(BookTable(PART, schema, columns), schema.title)
        read.seq = newest_seq(self._conn)
        present = {row.id: row for row in records.get_many(self._conn, schema, [c.id for _, c in changes])}
        self._read_labels(changes, present.values())
        for number, change in changes:
            row = self._row(number, change, present.get(change.id))
            if row.fate is not Fate.UNCHANGED:
                read.rows.append(row)
        read.unchanged = max(0, self._content.totals.get(schema.table, 0) - len(read.rows))
        if self._unknown:
            fields = "、".join(sorted(self._unknown))
            self.notes.append(f"“{schema.title}”里的{fields}本县没有这些字段，没有读。")
        return read

    # -- rows ---------------------------------------------------------------------------------------------------

    def _row(self, number: int, change: RowChange, row: Row | None) -> ReadRow:
        new = (self._schema.table, change.id) in self._arriving
        if new and row is None:
            row = self._same_key(change)
            if row is not None:
                self._same[self._schema.table, change.id] = row.id
        if row is None or (new and row.deleted_at is not None and row.id != change.id):
            return self._arrived(number, change)
        read = ReadRow(number, row.id, self._title(row), labels=self._labels)
        if row.deleted_at is not None:
            if change.after is not None and not self._is_settled(change):
                self._refuse(read, "row.gone", "这一行在程序里已经删除。", "要保留的，请先从回收站恢复，再读一次。")
            return read
        self._compare(read, change, row)
        if read.changes:
            self._require_open(read, row.values.get("period"))
        return read

    def _is_settled(self, change: RowChange) -> bool:
        """Return whether the row came just so before, and somebody has decided about it then."""
        sent = self._before.sent(self._schema.table, change.id)
        return self._before.settled and bool(sent) and change.after == sent

    def _arrived(self, number: int, change: RowChange) -> ReadRow:
        """Return a row that the program does not have."""
        values = self._parsed(change.after or {})
        cells = {name: cell for name, cell in values.items() if not isinstance(cell, DataProblem)}
        title = self._title(Row(0, change.id, {**dict.fromkeys(self._schema.names), **cells}))
        read = ReadRow(number, "", title, values=cells, labels=self._labels, key=(change.id,))
        if change.after is None or self._is_settled(change):
            return ReadRow(number, change.id, title)  # deleted on both sides, or left out then
        if change.before is not None:
            self._refuse(read, "row.gone", "程序里已经没有这一行。", "请与对方核对，或略过这一行。")
        for name, cell in values.items():
            if isinstance(cell, DataProblem):
                read.changes[name] = self._faulty(name, change.after[name], cell)
        self._require_known(read, cells)
        self._require_open(read, cells.get("period"))
        if self._schema.table == ATTACHMENT:
            self._judge_proof(read, cells)
        return read

    def _judge_proof(self, read: ReadRow, cells: dict[str, Cell]) -> None:
        """Lead a new proof to the row that it belongs to here; refuse one without that row or without its file."""
        owner = (str(cells.get("table_name")), str(cells.get("row_id")))
        if owner in self._same:
            cells["row_id"] = self._same[owner]
        elif owner not in self._arriving and not has_owner(self._conn, cells):
            self._refuse(read, "row.gone", "附件所在的那一行在程序里已经没有。", "要保留的，请先恢复那一行，再读一次。")
        if cells.get("sha256") not in self._contents:
            self._refuse(read, "part.proof", "附件的文件不在交回的文件里。", "请对方重新交回。")

    def _compare(self, read: ReadRow, change: RowChange, row: Row) -> None:
        if change.after is None:
            self._compare_deletion(read, change, row)
            return
        before = self._parsed(change.before or {})
        sent = self._parsed(self._before.sent(self._schema.table, change.id))
        for name, theirs in self._parsed(change.after).items():
            ours = row.values.get(name)
            if isinstance(theirs, DataProblem):
                read.changes[name] = replace(self._faulty(name, change.after[name], theirs), ours=ours)
                continue
            if theirs == ours or (theirs is None and name not in before):
                continue  # the same, or nothing was said
            base = before.get(name)
            known = name in before and not isinstance(base, DataProblem)
            if name in sent:
                if self._before.settled and theirs == sent[name]:
                    continue  # it came so before, and somebody has decided
                if ours == sent[name] or self._before.settled:
                    base, known = sent[name], True
            made = Change(self._schema.field(name), -1, None, ours, theirs, labels=self._labels)
            if not known or base != ours:
                made.clash, made.take = True, None
                made.base = base if known and not isinstance(base, DataProblem) else ours
            read.changes[name] = made
        self._require_known(read, {name: each.theirs for name, each in read.changes.items()})

    def _compare_deletion(self, read: ReadRow, change: RowChange, row: Row) -> None:
        """Let the row go that the colleague deleted; somebody has to choose where it was changed or is needed here."""
        if self._before.settled and self._before.was_deleted(self._schema.table, change.id):
            return  # it came so before, and somebody has kept it
        before, sent = (
            self._parsed(texts) for texts in (change.before or {}, self._before.sent(self._schema.table, change.id))
        )
        moved = [name for name, cell in before.items() if row.values.get(name) not in (cell, sent.get(name, cell))]
        made = Change(WHOLE_ROW, -1, None, KEPT, GONE, base=KEPT)
        titles = "、".join(self._schema.field(name).title for name in moved[:3])
        why = [f"发出以后改过{titles}"] if moved else []
        why += why_keep(self._conn, self._schema, row, self._since)
        if why:
            made.clash, made.take = True, None
            made.ours = f"{KEPT}（{'，'.join(why)}）"
        read.changes[DELETED] = made

    # -- what is wrong ------------------------------------------------------------------------------------------

    def _refuse(self, read: ReadRow, code: str, message: str, advice: str) -> None:
        read.problems.append(CellProblem(self._schema.title, -1, -1, code, f"{read.title}：{message}", advice))

    def _faulty(self, name: str, text: str, problem: DataProblem) -> Change:
        told = CellProblem(self._schema.title, -1, -1, problem.code or "cell", problem.message, problem.advice)
        return Change(self._schema.field(name), -1, text, problem=told, labels=self._labels)

    def _require_open(self, read: ReadRow, period: Cell) -> None:
        if period in self._closed:
            self._refuse(read, "month.closed", f"{period}已经锁定，不能改动。", "确需更正的，请先重新打开这个月。")

    def _require_known(self, read: ReadRow, values: Mapping[str, Cell]) -> None:
        """Refuse a row that points to a task or to a row that the county does not have."""
        for name, cell in values.items():
            field = self._schema.field(name) if name in self._schema else None
            if field is None or not isinstance(cell, str) or not cell:
                continue
            missing = (field.ref and cell not in self._labels and (field.ref, cell) not in self._arriving) or (
                name in TASK_COLUMNS and self._schema.kind != "register" and self._catalogue.task(cell) is None
            )
            if missing:
                what = "任务" if name in TASK_COLUMNS else field.title
                self._refuse(read, "ref.unknown", f"「{field.title}」指的{what}本县没有。", "请与对方核对。")

    # -- values -------------------------------------------------------------------------------------------------

    def _parsed(self, texts: Mapping[str, str]) -> dict[str, Cell | DataProblem]:
        found: dict[str, Cell | DataProblem] = {}
        for name, text in texts.items():
            if name not in self._schema or self._schema.field(name).computed is not None:
                self._unknown.add(name)
                continue
            try:
                cell = self._schema.field(name).parse(text)
            except DataProblem as problem:
                found[name] = problem
            else:
                found[name] = self._ours(name, cell) if isinstance(cell, str) else cell
        if self._schema.table == EXPLANATION and isinstance(found.get("row_id"), str):
            owner = (str(found.get("table_name")), str(found["row_id"]))
            found["row_id"] = self._same.get(owner, owner[1])
        return found

    def _ours(self, name: str, cell: str) -> str:
        """Return what a cell points to; where that is a row that was entered on both sides, the county's own."""
        table = ENTERPRISE if name == "assignee_id" else self._schema.field(name).ref
        return self._same.get((table, cell), cell) if table else cell

    def _title(self, row: Row) -> str:
        """Return what the row is called, whose it is before that: a part has one task's rows of many assignees."""
        who = self._holders.get(str(row.values.get("assignee_id") or ""), "")
        return " ".join(part for part in (who, title_of_row(self._catalogue, row)) if part)

    def _read_labels(self, changes: Sequence[tuple[int, RowChange]], present: Collection[Row]) -> None:
        for row in present:
            self._labels.update({str(row.values[name]): label for name, label in row.labels.items()})
        for field in self._schema.fields:
            if field.ref:
                texts = {each.get(field.name, "") for _, c in changes for each in (c.before, c.after) if each}
                texts |= {self._same[field.ref, text] for text in texts if (field.ref, text) in self._same}
                self._labels.update(names_of(self._conn, field.ref, texts - {""}))

        if "assignee_id" in self._schema:
            told = [each for _, change in changes for each in (change.before, change.after) if each]
            keys = {(each.get("assignee_kind", ""), each.get("assignee_id", "")) for each in told}
            keys |= {(str(row.values["assignee_kind"]), str(row.values["assignee_id"])) for row in present}
            self._holders = {who.id: who.name for who in find_assignees(self._conn, keys)}

    def _same_key(self, change: RowChange) -> Row | None:
        """Return the row that says the same thing under another id: entered on both sides, it is one."""
        values = self._parsed(change.after or {})
        for key in self._keys:
            cells = [values.get(name) for name in key]
            blank = any(cell is None for cell in cells) and self._schema.table != EXPLANATION
            if blank or any(isinstance(cell, DataProblem) for cell in cells):
                continue
            where = " AND ".join(f"t.{quoted(name)} IS ?" for name in key)
            texts = [None if cell is None else str(cell) for cell in cells]
            row = next(records.select(self._conn, self._schema, f"{where} {self._live}", texts), None)
            if row is not None:
                return row
        return None


def has_owner(conn: sqlite3.Connection, proof: Mapping[str, Cell]) -> bool:
    """Return whether the row that a proof belongs to is there, and not in the recycle bin."""
    schema = next((each for each in tables_of(conn) if each.table == proof.get("table_name")), None)
    row = records.get(conn, schema, str(proof.get("row_id"))) if schema is not None else None
    return row is not None and row.deleted_at is None


def _unique_keys(conn: sqlite3.Connection, schema: TableSchema) -> list[tuple[str, ...]]:
    """Return what else than its id tells a row of the table from others."""
    found: list[tuple[str, ...]] = []
    if schema.table == ATTACHMENT:
        return []
    if schema.table == ENTERPRISE:
        # Parts hold few enterprises, so that one may be registered there which the county has.
        return [("credit_code",), ("name", "town_id")]
    if schema.table == EXPLANATION:
        return [("rule", "table_name", "row_id", "field", "period")]
    for index in conn.execute(f"PRAGMA index_list({quoted(schema.table)})").fetchall():
        if index[2]:
            columns = tuple(row[2] for row in conn.execute(f"PRAGMA index_info({quoted(index[1])})"))
            if columns != ("id",) and all(column in schema for column in columns):
                found.append(columns)
    return found
