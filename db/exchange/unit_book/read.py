"""Reading the workbooks that units send back: each file judged, nothing written.

read_books(conn, catalogue, paths, progress=NO_PROGRESS, names=None) -> [ReadFile, …]
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from db.core.errors import DataProblem, SijianError
from db.core.file_kinds import Kind, meant
from db.core.garbage import nothing_collected
from db.core.progress import NO_PROGRESS, Progress
from db.exchange.cells.kinds import ENDINGS
from db.exchange.cells.model import Workbook
from db.exchange.cells.read import Coming, coming
from db.exchange.part.names import ENDING
from db.exchange.unit_book.form import (
    ASSIGNMENT,
    MONTHLY,
    PROGRESS,
    PROJECT_REPORT,
    REGISTERS,
    BookTable,
    assignment_table,
    progress_table,
    project_report_table,
    register_table,
)
from db.exchange.unit_book.found import FoundTable, find_tables
from db.exchange.unit_book.identify import Sender, identity_in, identity_of, received_before
from db.exchange.unit_book.judge import judge_table
from db.exchange.unit_book.month_owner import MonthRows
from db.exchange.unit_book.nameless import sender_by_rows
from db.exchange.unit_book.owners import Owner, UnitRows
from db.exchange.unit_book.part_judge import read_part
from db.exchange.unit_book.reading import CellProblem, ReadFile, ReadTable
from db.exchange.unit_book.twice import tell_twice
from db.plan.catalogue import Catalogue
from db.store.attachments import hash_of
from db.store.files import explained
from db.store.past import newest_seq
from db.work.monthly.months import require_open
from db.work.registers import registers
from db.work.unit_rows import OWN_FIELD

_MOST_NAMED = 8


def spreadsheets(paths: Iterable[Path]) -> list[Path]:
    """Return the files, and for a folder what is called like a spreadsheet, or a work package, in it and below.

    They come in order of name. What Excel and WPS leave beside an open file (~$…) is left out. EnvironmentProblem for a
    path that is not there.
    """
    found: list[Path] = []
    for path in paths:
        with explained("读取工作簿", path):
            if path.is_dir():
                inside = (each for each in path.rglob("*") if _is_called_so(each) and each.is_file())
                found += sorted(each for each in inside if not each.name.startswith(("~$", ".")))
            else:
                path.stat()
                found.append(path)
    return list(dict.fromkeys(found))


def _is_called_so(path: Path) -> bool:
    return path.suffix.lower() in (*ENDINGS, ENDING)


def read_books(
    conn: sqlite3.Connection,
    catalogue: Catalogue,
    paths: Sequence[Path],
    progress: Progress = NO_PROGRESS,
    names: Mapping[Path, str] | None = None,
) -> list[ReadFile]:
    """Return what each file would do to the county file; what cannot be read has a refusal. Raises Cancelled.

    `names` are those by which files came that are kept under others.
    """
    reader = _Reader(conn, catalogue, progress)
    files = []
    with nothing_collected():
        for number, path in enumerate(paths):
            name = (names or {}).get(path, path.name)
            progress.step(number, len(paths), f"正在读取{name}")
            files.append(reader.read(path, name))
        tell_twice(files)
        for file in files:
            _tell_lost(file)
    return files


@dataclass
class _Ahead:
    """What was read of a sender's rows while its file was, from the journal's number `seq` on; by the table's code."""

    sender: Sender
    seq: int
    owners: dict[str, UnitRows] = field(default_factory=dict)


class _Reader:
    def __init__(self, conn: sqlite3.Connection, catalogue: Catalogue, progress: Progress) -> None:
        self._conn, self._catalogue, self._progress = conn, catalogue, progress
        self._schemas = {schema.name: schema for schema in registers(conn)}

    def read(self, path: Path, name: str) -> ReadFile:
        file = ReadFile(path, name)
        try:
            with explained("读取工作簿", path):
                file.size, file.sha256 = path.stat().st_size, hash_of(path)
                if file.name.lower().endswith(ENDING):
                    with meant(path, Kind.RETURNED_PART, Kind.PART):
                        read_part(self._conn, self._catalogue, path, file)
                    return file
            with coming(path, self._progress, name) as arriving:
                ahead = self._ahead(arriving)
                book = arriving.whole()
            file.notes += book.notes
            self._judge(file, book, ahead)
        except SijianError as problem:
            file.refusal = CellProblem("", -1, -1, problem.code or "book", problem.message, problem.advice)
            file.tables.clear()
        return file

    def _ahead(self, arriving: Coming) -> _Ahead | None:
        """Read and spell the sender's rows while the file's cells are read; None when the sender is not known yet."""
        identity = identity_in(arriving.properties)
        if identity is None:
            return None
        seq = newest_seq(self._conn)
        try:
            sender = Sender.of(self._conn, self._catalogue, identity)
        except DataProblem:
            return None  # told when the whole file is here
        ahead = _Ahead(sender, seq)
        for tag in identity.tables:
            table = self._table(tag.partition("#")[0], sender)
            if table is not None and table.kind == REGISTERS:
                rows = self._unit_rows(sender, table)
                rows.prepare(arriving.step)
                ahead.owners[table.code] = rows
        return ahead

    def _judge(self, file: ReadFile, book: Workbook, ahead: _Ahead | None) -> None:
        identity = identity_of(book)
        if ahead is not None and identity == ahead.sender.identity:
            sender, seq, owners = ahead.sender, ahead.seq, ahead.owners
        else:
            seq, owners = newest_seq(self._conn), {}
            if identity is not None:
                sender = Sender.of(self._conn, self._catalogue, identity)
            else:
                sender = sender_by_rows(self._conn, book, self._schemas)
        file.identity, file.period = identity, str(sender.period or "")
        file.unit_kind, file.unit_id, file.unit_name = (*sender.unit.key, sender.unit.name)
        file.notes += sender.notes
        file.kind = ",".join(identity.kinds) if identity is not None else ""
        before = received_before(self._conn, file.sha256)
        if before:
            file.notes.append(before)
        tables, notes = find_tables(book, lambda code: self._table(code, sender), lambda: self._candidates(sender))
        file.notes += notes
        if not tables:
            raise DataProblem(
                "工作簿里没有认出要填的表。",
                advice="请让对方在发给他的工作簿里填写，不要删去隐藏的行和列。",
                code="book.tables",
            )
        for found in tables:
            owner = owners.pop(found.table.code, None)
            self._add(file, sender, found, seq, owner)

    def _add(self, file: ReadFile, sender: Sender, found: FoundTable, seq: int, owner: Owner | None) -> None:
        problem = self._table_fault(sender, found)
        if problem is not None:
            told = CellProblem(found.cells.name, -1, -1, problem.code, problem.message, problem.advice)
            file.tables.append(ReadTable(found.table, found.cells.name, fault=told))
            return
        if found.edition > found.table.schema.edition:
            file.notes.append(
                f"“{found.table.title}”是按更新的第{found.edition}版填的，只读了本县第{found.table.schema.edition}版有的列。"
            )
        elif 0 < found.edition < found.table.schema.edition:
            file.notes.append(
                f"“{found.table.title}”是按第{found.edition}版填的，现在是第{found.table.schema.edition}版；新加的列保持不变。"
            )
        read = judge_table(self._conn, owner or self._owner(sender, found.table), found, self._progress)
        read.seq = seq
        read.period = str(sender.period or "")
        if read.kept:
            file.notes.append(f"“{found.table.title}”有{read.kept}格在发出以后程序里改过、表里没有动，保留程序里的。")
        file.tables.append(read)

    def _table(self, code: str, sender: Sender) -> BookTable | None:
        if code == ASSIGNMENT:
            return assignment_table()
        if code == PROGRESS:
            return progress_table()
        if code == PROJECT_REPORT:
            return project_report_table()
        schema = self._schemas.get(code)
        return None if schema is None else register_table(schema, sender.unit.kind)

    def _candidates(self, sender: Sender) -> list[BookTable]:
        """Return the tables to try where the codes are gone: those that were sent, else all."""
        identity = sender.identity
        codes = (
            [tag.partition("#")[0] for tag in identity.tables] if identity is not None else [*self._schemas, ASSIGNMENT]
        )
        return [table for code in codes if (table := self._table(code, sender)) is not None]

    def _table_fault(self, sender: Sender, found: FoundTable) -> DataProblem | None:
        if found.table.kind != MONTHLY:
            return None
        if sender.period is None or not sender.period.is_month:
            what = "看不出是哪个月的月报。"
            return DataProblem(what, advice="请让对方在发给他的工作簿里填写。", code="table.period")
        if not sender.same_plan:
            what = "月报是按另一版方案发出的，任务编号可能已经不同。"
            return DataProblem(what, advice="请按现在的方案重新发出。", code="table.plan")
        try:
            require_open(self._conn, sender.period)
        except DataProblem as problem:
            return problem
        return None

    def _owner(self, sender: Sender, table: BookTable) -> Owner:
        if table.kind == MONTHLY and sender.period is not None:
            lines = (self._conn, self._catalogue, table, sender.unit, sender.period)
            return MonthRows(*lines, sender.base_seq, sender.own)
        return self._unit_rows(sender, table)

    def _unit_rows(self, sender: Sender, table: BookTable) -> UnitRows:
        known = (self._conn, table, sender.unit)
        if table.code == ASSIGNMENT:
            year = sender.period.year if sender.period is not None else 0
            plan = self._catalogue if sender.same_plan else None
            return UnitRows(*known, "assignee_id", sender.base_seq, sender.own, "task", year, plan)
        return UnitRows(*known, OWN_FIELD[sender.unit.kind], sender.base_seq, sender.own)


def _tell_lost(file: ReadFile) -> None:
    for table in file.tables:
        if table.lost:
            names = [*dict.fromkeys(table.lost.values())]
            named = "、".join(names[:_MOST_NAMED]) + ("等" if len(names) > _MOST_NAMED else "")
            file.notes.append(
                f"“{table.table.title}”发出去的有{len(table.lost)}行没有回来：{named}。程序里的保持不变。"
            )
