"""Reading the breakdown's workbook back: every row judged, nothing written; then all of it, or nothing.

    read_breakdown(conn, catalogue, file, progress=NO_PROGRESS) -> Reading
    apply_breakdown(op, catalogue, reading, *, leave_out=False) -> int

A row the clerk did not touch changes nothing, also when the program's own was changed since the workbook was written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from db.core.errors import DataProblem, Problem
from db.core.fields import load_schema
from db.core.progress import NO_PROGRESS, Progress
from db.core.text import fold_choice, quote
from db.core.values import Cell
from db.exchange.breakdown_columns import (
    CODES_ROW,
    FIRST_ROW,
    MARKS,
    SHEET,
    canonical,
    columns,
    field_for,
    fingerprint,
    is_empty,
    written,
)
from db.exchange.breakdown_identity import check_identity, foreign
from db.exchange.breakdown_reading import Fate, Reading, RowOutcome
from db.exchange.cells.model import Raw, SheetCells, place
from db.exchange.cells.read import read_sheets
from db.plan.catalogue import Catalogue
from db.store import records
from db.store.operation import Operation
from db.work.amounts import check_amount
from db.work.assignees import Assignee, assignees, find_assignees
from db.work.assignments import FIELDS, KINDS, AssignmentEntry, Key, clear_assignments, set_assignments
from db.work.tasks import Duty, Task, duty_of, title_of, unit_of

LABEL: Final = "导入任务分解工作簿"
_CLEAR_ALL = "要取消分解，请把这一行后面各格都清空；不取消请填“√”。"
_STEP = 500
_KIND_OF = {title: kind for kind, title in KINDS.items()}


def read_breakdown(
    conn: sqlite3.Connection, catalogue: Catalogue, file: Path, progress: Progress = NO_PROGRESS
) -> Reading:
    """Return what the workbook says against what there is.

    DataProblem when it is not this county's breakdown of this plan, or cannot be read; Cancelled.
    """
    progress.step(0, 0, "正在读取")
    book = read_sheets(file)
    sheet = book.sheets.get(SHEET)
    if sheet is None:
        raise foreign(file, f"没有“{SHEET}”工作表")
    check_identity(conn, catalogue, file, book, sheet)
    return _Judge(conn, catalogue, sheet).reading(file, progress)


def apply_breakdown(op: Operation, catalogue: Catalogue, reading: Reading, *, leave_out: bool = False) -> int:
    """Write what was read as part of one operation and return how many assignments changed.

    DataProblem, and nothing written, when rows were refused or are in conflict, unless they are to be left out.
    """
    stopped = reading.count(Fate.REFUSED) + reading.count(Fate.CONFLICT)
    if stopped and not leave_out:
        first = "".join(f"\n{problem.sentence()}" for problem in reading.problems[:5])
        raise DataProblem(
            f"有{stopped}行不能导入，什么都没有写入：{first}",
            advice="\n请在工作簿里改好再导入，或选择略过这些行。",
            code="breakdown.refused",
        )
    cleared = [row.entry.key for row in reading.rows if row.fate is Fate.CLEARED and row.entry is not None]
    entries = [row.entry for row in reading.rows if row.fate in (Fate.NEW, Fate.CHANGED) and row.entry is not None]
    set_assignments(op, entries, catalogue=catalogue)
    return clear_assignments(op, cleared) + len(entries)


class _Refusal(Exception):
    """A cell of the row that cannot be: its column and the problem."""

    def __init__(self, code: str, problem: DataProblem) -> None:
        super().__init__(code)
        self.code, self.problem = code, problem


@dataclass
class _Row:
    """One row of the sheet: the raw cells by machine code."""

    index: int
    cells: dict[str, Raw]
    faults: dict[str, str] = field(default_factory=dict)


class _Judge:
    """Holds the rows of the workbook against the county's assignments."""

    def __init__(self, conn: sqlite3.Connection, catalogue: Catalogue, sheet: SheetCells) -> None:
        self._catalogue = catalogue
        self._sheet = sheet
        codes = {column.code for column in columns()}
        found = {
            str(sheet.cell(CODES_ROW, place)): place
            for place in range(len(sheet.rows[CODES_ROW]) if len(sheet.rows) > CODES_ROW else 0)
        }
        found["assignee_id"] = 0
        self._columns = {code: place for code, place in found.items() if code in codes}
        missing = [c.heading for c in columns() if not c.hidden and c.code != "task" and c.code not in self._columns]
        if missing:
            raise DataProblem(
                f"工作表“{SHEET}”缺少列：{'、'.join(missing)}。",
                advice="隐藏的第3行是各列的标记，请不要删改；请重新导出。",
                code="breakdown.columns",
            )
        self._present: dict[Key, dict[str, Cell]] = {}
        self._by_id: dict[str, Key] = {}
        self._read_present(conn)
        people = assignees(conn)
        self._people = {who.id: who for who in people}
        gone = [(kind, key[2]) for key in self._present for kind in KINDS if key[2] not in self._people]
        self._deleted = {who.id: who for who in find_assignees(conn, sorted(set(gone)))}
        self._names: dict[tuple[str, str], list[Assignee]] = {}
        for who in people:
            self._names.setdefault((who.kind, fold_choice(who.name)), []).append(who)
        self._seen: dict[Key, int] = {}
        self._newer = 0

    def _read_present(self, conn: sqlite3.Connection) -> None:
        for row in records.select(conn, load_schema("assignment"), "1", ()):
            year = row.values["year"]
            assert isinstance(year, Decimal)
            key = (str(row.values["task_id"]), int(year), str(row.values["assignee_id"]))
            self._by_id[row.id] = key
            if row.deleted_at is None:
                self._present[key] = row.values

    def reading(self, file: Path, progress: Progress) -> Reading:
        rows = tuple(found for row in self._rows(progress) if (found := self._outcome(row)) is not None)
        known = {key for key in self._present if self._catalogue.task(key[0]) is not None}
        kept = len(known - self._seen.keys())
        notes = []
        if self._newer:
            notes.append(f"有{self._newer}条在导出以后被程序里改过，工作簿里没有动，保留程序里的。")
        if kept and not any(row.fate is Fate.REFUSED for row in rows):
            notes.append(f"程序里另有{kept}条分解不在工作簿里，保持不变。")
        return Reading(file.name, rows, kept, tuple(notes))

    def _rows(self, progress: Progress) -> Iterator[_Row]:
        last = len(self._sheet.rows)
        for index in range(FIRST_ROW, last):
            if not index % _STEP:
                progress.step(index, last, "正在核对")
            cells = {code: _tidy(self._sheet.cell(index, place)) for code, place in self._columns.items()}
            faults = {
                code: self._sheet.faults[index, place]
                for code, place in self._columns.items()
                if (index, place) in self._sheet.faults
            }
            typed = any(cells.get(c) is not None for c in (*FIELDS, "task_id", "assignee", "year", "assignee_kind"))
            if typed or faults:
                yield _Row(index, cells, faults)

    def _outcome(self, row: _Row) -> RowOutcome | None:
        what = " ".join(_shown(row.cells[code]) for code in ("assignee", "task_id", "year") if row.cells.get(code))
        try:
            for code, fault in row.faults.items():
                raise _Refusal(code, DataProblem(f"{fault}。", advice="请改成数或文字。", code="cell.fault"))
            task, key, kind = self._key(row)
            outcome = self._compare(row, task, key, kind, what)
        except _Refusal as refusal:
            problem = refusal.problem
            where = f"{SHEET}!{place(row.index, self._columns[refusal.code])}"
            found = Problem(problem.code, problem.message, problem.advice, where)
            return RowOutcome(row.index + 1, Fate.REFUSED, what, problems=(found,))
        if outcome is not None:
            earlier = self._seen.setdefault(key, row.index + 1)
            if earlier != row.index + 1:
                where = f"{SHEET}!{place(row.index, self._columns['assignee'])}"
                found = Problem("row.twice", f"与第{earlier}行是同一家同一年的同一项任务。", "请删去其中一行。", where)
                return RowOutcome(row.index + 1, Fate.REFUSED, what, problems=(found,))
        return outcome

    # -- which assignment the row is about ------------------------------------------------------------------------

    def _key(self, row: _Row) -> tuple[Task, Key, str]:
        task = self._task(row.cells.get("task_id"))
        year = self._year(row.cells.get("year"))
        who = self._assignee(row)
        return task, (task.id, year, who.id), who.kind

    def _task(self, raw: Raw) -> Task:
        if raw is None:
            raise _Refusal("task_id", DataProblem("没有填任务编号。", advice="请填写。", code="task.missing"))
        if not isinstance(raw, str):
            advice = "请把这一格设为“文本”格式，再填编号，如 08-06-1。"
            raise _Refusal("task_id", DataProblem(f"{quote(raw)}不是任务编号。", advice=advice, code="task.type"))
        task = self._catalogue.task(fold_choice(raw))
        if task is None:
            raise _Refusal(
                "task_id", DataProblem(f"方案里没有编号为{quote(raw)}的任务。", advice="请核对。", code="task.unknown")
            )
        if duty_of(task) is Duty.NOTHING:
            raise _Refusal(
                "task_id", DataProblem(f"{task.id}不向下分解。", advice="请删去这一行。", code="task.nothing")
            )
        return task

    def _year(self, raw: Raw) -> int:
        years = self._catalogue.years
        try:
            year = load_schema("assignment").field("year").parse(raw)
        except DataProblem as problem:
            raise _Refusal("year", problem) from None
        if not isinstance(year, Decimal) or int(year) not in years:
            what = "没有填年度" if raw is None else f"方案没有{quote(_shown(raw))}这个年度"
            advice = f"请填{years[0]}至{years[-1]}。"
            raise _Refusal("year", DataProblem(f"{what}。", advice=advice, code="year.missing"))
        return int(year)

    def _assignee(self, row: _Row) -> Assignee:
        name, title = row.cells.get("assignee"), str(row.cells.get("assignee_kind") or "")
        own = str(row.cells.get("assignee_id") or "")
        if name is None:
            raise _Refusal("assignee", DataProblem("没有填责任主体。", advice="请填写名称。", code="assignee.missing"))
        text = str(name)
        for known in (self._people.get(own), self._deleted.get(own)):
            if known is not None and known.name == text and known.kind_title == title:
                return known
        kind = _KIND_OF.get(fold_choice(title))
        if kind is None:
            advice = f"请从{'、'.join(_KIND_OF)}中选择。"
            what = "没有填类别" if not title else f"{quote(title)}不是责任主体的类别"
            raise _Refusal("assignee_kind", DataProblem(f"{what}。", advice=advice, code="assignee.kind"))
        found = self._names.get((kind, fold_choice(text)), [])
        if len(found) == 1:
            return found[0]
        if not found:
            raise _Refusal(
                "assignee",
                DataProblem(
                    f"基础信息里没有叫{quote(text)}的{title}。",
                    advice="请核对名称，或先在基础信息中登记。",
                    code="assignee.unknown",
                ),
            )
        raise _Refusal(
            "assignee",
            DataProblem(
                f"有{len(found)}个{title}都叫{quote(text)}。", advice="请在程序里填这一家。", code="assignee.ambiguous"
            ),
        )

    # -- what it says ---------------------------------------------------------------------------------------------

    def _compare(self, row: _Row, task: Task, key: Key, kind: str, what: str) -> RowOutcome | None:
        present = self._present.get(key)
        now = None if present is None else fingerprint(task, key, written(task, present))
        own = fingerprint(task, key, row.cells)
        # A copied row brings the marks of another assignment with it.
        mine = self._by_id.get(str(row.cells.get("assignment_id") or "")) == key
        known = str(row.cells.get("fingerprint") or "") if mine else ""
        number, empty = row.index + 1, is_empty(task, row.cells)
        if own == now:
            return RowOutcome(number, Fate.SAME, what)
        if known and own == known:
            self._newer += 1
            return RowOutcome(number, Fate.SAME, what)
        # A row that was there to be filled in and was not says nothing of what the program got meanwhile.
        if empty and (present is None or not mine):
            return None
        if known and now != known:
            where = f"{SHEET}!{place(row.index, self._columns['amount'])}"
            text = "导出以后，程序里和工作簿里都改了这一条。"
            found = Problem("row.conflict", text, "请核对后在程序里改，或重新导出。", where)
            return RowOutcome(number, Fate.CONFLICT, what, problems=(found,))
        if empty:
            entry = AssignmentEntry(task.id, key[1], kind, key[2])
            return RowOutcome(number, Fate.CLEARED, what, entry, ("取消分解",))
        values = self._values(row, task, present)
        if key[2] not in self._people:
            gone = DataProblem("这个责任主体已在程序里删除。", advice="请先从回收站恢复。", code="assignee.deleted")
            raise _Refusal("assignee", gone)
        old = present or {}
        changed = {name: cell for name, cell in values.items() if not _same(cell, old.get(name))}
        if "unit" in changed or "amount" in changed:
            changed |= {"amount": values["amount"], "unit": values["unit"]}
        if present is not None and not changed:
            mark = DataProblem("去掉了“√”，后面几格却还有内容。", advice=_CLEAR_ALL, code="mark.alone")
            raise _Refusal("amount", mark)
        fate = Fate.NEW if present is None else Fate.CHANGED
        entry = AssignmentEntry(task.id, key[1], kind, key[2], changed if present is not None else values)
        return RowOutcome(number, fate, f"{what} {title_of(task)}", entry, tuple(_words(old, changed)))

    def _values(self, row: _Row, task: Task, present: Mapping[str, Cell] | None) -> dict[str, Cell]:
        """Return the fields of the row, typed; a refusal names the first cell that is wrong.

        A text that is as the program has it is not judged again: an old one may break a rule that came later.
        """
        unit = self._parse("unit", row, task, "")
        own = str(unit or "") or unit_of(task)
        values: dict[str, Cell] = {"unit": own or None}
        for name in FIELDS:
            if name == "unit":
                continue
            if present is not None and name != "amount" and _says(name, row.cells.get(name), present[name]):
                values[name] = present[name]
            else:
                values[name] = self._parse(name, row, task, own)
        try:
            check_amount(task, values["amount"], own)
        except DataProblem as problem:
            raise _Refusal("unit" if problem.code == "amount.unit" else "amount", problem) from None
        return values

    @staticmethod
    def _parse(name: str, row: _Row, task: Task, unit: str) -> Cell:
        raw = row.cells.get(name)
        if name == "amount" and isinstance(raw, str) and raw.strip() in MARKS and duty_of(task) is Duty.COMPLETION:
            return None
        try:
            return field_for(name, task, unit).parse(raw)
        except DataProblem as problem:
            raise _Refusal(name, problem) from None


def _says(name: str, raw: Raw, cell: Cell) -> bool:
    """Return whether the workbook's cell says what the program has."""
    shown = load_schema("assignment").field(name).csv(cell)
    return canonical(name, None, "", raw) == canonical(name, None, "", shown)


def _same(cell: Cell, old: Cell) -> bool:
    """Return whether two cells say the same; an empty text, which old files hold, is nothing."""
    return (None if cell == "" else cell) == (None if old == "" else old)


def _tidy(raw: Raw) -> Raw:
    return raw.date() if isinstance(raw, datetime) and not (raw.hour or raw.minute or raw.second) else raw


def _shown(raw: Raw) -> str:
    return f"{raw:g}" if isinstance(raw, float) else str(raw)


def _words(old: Mapping[str, Cell], changed: Mapping[str, Cell]) -> Iterator[str]:
    schema = load_schema("assignment")
    for name, cell in changed.items():
        entry = schema.field(name)
        before, after = entry.show(old.get(name)), entry.show(cell)
        if before != after:
            yield f"{entry.title} {before or '空'} → {after or '空'}"


__all__ = ["LABEL", "apply_breakdown", "read_breakdown"]
