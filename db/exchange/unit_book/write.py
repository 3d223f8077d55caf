"""Writing the workbooks of many units: into a folder, or into one zip.

    write_books(county, catalogue, request, folder) -> WrittenBooks

All of them, or none; each is then known to the county file (`handout`), so that what comes back can be told.
"""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from db import __version__
from db.core.errors import DataProblem
from db.core.file_names import safe_name, safe_names
from db.core.ids import new_id
from db.core.period import Period
from db.core.progress import NO_PROGRESS, Progress
from db.exchange.unit_book.contents import Contents
from db.exchange.unit_book.form import (
    MONTHLY,
    REGISTERS,
    TASKS,
    BookTable,
    Identity,
    assignment_table,
    kinds,
    progress_table,
    project_report_table,
    register_table,
)
from db.exchange.unit_book.guide import guide_texts
from db.exchange.unit_book.lists import Directory
from db.exchange.unit_book.rows import BookRow, RowsOf
from db.exchange.unit_book.template import Template
from db.plan.catalogue import Catalogue
from db.plan.editions import catalogue_digest
from db.store.county import County
from db.store.files import explained, publish, replacing, sync_file
from db.store.operation import now
from db.store.past import newest_seq
from db.work.assignees import Assignee, assignees
from db.work.county_settings import CountyFacts, county_facts
from db.work.handouts import FILE_ID, Handout, record_handouts
from db.work.registers import register, registers

WHAT = "写出填报工作簿"
ENDING = ".xlsx"
_MOST_TEMPLATES = 64
"""Thousands of enterprises are in as many combinations of registers; each template takes some 200 KB."""


@dataclass(frozen=True)
class BookRequest:
    """What to write: `kinds` of content; the `registers` by name, none for all; the units' kinds and ids, none for
    everybody. Whoever has no row of anything gets nothing, and no sheet of a register in which it has none: unless
    `with_empty`, for registers to which towns, and units that are named, are to add new rows.
    """

    kinds: tuple[str, ...]
    period: Period | None = None
    registers: tuple[str, ...] = ()
    units: tuple[tuple[str, str], ...] = ()
    with_empty: bool = False


@dataclass(frozen=True)
class WrittenBook:
    """One workbook: whose, its file (or its name in the zip), and how many rows are in each table, by its code."""

    unit: Assignee
    file: Path
    rows: Mapping[str, int]


@dataclass(frozen=True)
class WrittenBooks:
    """All that was written: `files` are what lies in the folder now; units left out had nothing of what was asked."""

    books: tuple[WrittenBook, ...]
    files: tuple[Path, ...]
    left_out: tuple[Assignee, ...] = ()

    def sentence(self) -> str:
        """Return what was written, for a person."""
        told = f"已写出{len(self.books)}个工作簿，共{sum(sum(book.rows.values()) for book in self.books):,}行。"
        if self.left_out:
            names = "、".join(unit.name for unit in self.left_out[:5])
            more = f"等{len(self.left_out)}个单位" if len(self.left_out) > 5 else ""
            told += f"没有内容、没有写出的：{names}{more}。"
        return told


@dataclass
class _Kind:
    """One kind of unit: its tables with their readers, and the newest templates, by the tables in them."""

    tables: list[tuple[BookTable, RowsOf]]
    templates: dict[tuple[str, ...], Template] = field(default_factory=dict)

    def template(self, wanted: Sequence[BookTable]) -> Template:
        key = tuple(table.code for table in wanted)
        if key not in self.templates:
            if len(self.templates) >= _MOST_TEMPLATES:
                self.templates.pop(next(iter(self.templates)))
            self.templates[key] = Template(wanted)
        return self.templates[key]


def write_books(
    county: County,
    catalogue: Catalogue,
    request: BookRequest,
    folder: Path,
    *,
    zipped: bool = False,
    progress: Progress = NO_PROGRESS,
) -> WrittenBooks:
    """Write the workbooks that are asked for, as files of their own or `zipped` into one.

    Files that are there already stay: what a unit has sent back may have the same name. DataProblem when there is
    nothing to write or a unit, period or register does not exist; EnvironmentProblem, Cancelled: nothing is left.
    """
    _check(request)
    with explained(WHAT, folder):
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".sijian-", dir=folder) as place:
            with county.reading() as conn:
                conn.execute("BEGIN")
                run = _Run(conn, catalogue, request)
                books = run.write(Path(place), progress)
                conn.execute("COMMIT")
            progress.step(0, 0, "正在保存")
            title = safe_name(f"{run.facts.name}{run.title}")
            written = _hand_out(county, run, books, folder / f"{title}.zip" if zipped else None, folder)
    files = tuple(dict.fromkeys(book.file for book in written))
    return WrittenBooks(tuple(written), files, tuple(run.left_out))


def _check(request: BookRequest) -> None:
    known = kinds()
    for kind in request.kinds:
        wanted = known[kind]["period"]
        given = "" if request.period is None else "month" if request.period.is_month else "year"
        if kind == MONTHLY and given != "month":
            raise DataProblem("月调度的工作簿要写明是哪个月。", advice="请选择月份，如2022-03。", code="book.month")
        if wanted == "year" and kind == TASKS and not given:
            raise DataProblem("任务确认的工作簿要写明是哪一年。", advice="请选择年度，如2022。", code="book.year")
    if not request.kinds:
        raise DataProblem("没有选择要发的内容。", advice="请至少选一种。", code="book.kinds")


class _Run:
    """One writing of workbooks, on one snapshot of the county file."""

    def __init__(self, conn: sqlite3.Connection, catalogue: Catalogue, request: BookRequest) -> None:
        self._conn, self._request = conn, request
        self._contents = Contents(conn, catalogue, request.period)
        settings = dict(conn.execute("SELECT id, coalesce(value, '') FROM setting WHERE deleted_at IS NULL"))
        self.facts: CountyFacts = county_facts(conn)
        self.file_id = settings.get(FILE_ID) or new_id()
        self.identities: dict[tuple[str, str], Identity] = {}
        self.left_out: list[Assignee] = []
        self._directory = Directory(conn)
        self._digest = catalogue_digest(catalogue)[:16]
        self._base = newest_seq(conn)
        self._schemas = [register(conn, name) for name in request.registers] or registers(conn)
        self._kinds: dict[str, _Kind] = {}
        self.at = now()

    @property
    def title(self) -> str:
        """Return what is written, for the names of files."""
        words = "、".join(kinds()[kind]["title"] for kind in self._request.kinds)
        return words + (self._request.period.title if self._request.period else "")

    def write(self, place: Path, progress: Progress) -> list[WrittenBook]:
        """Write each workbook into `place`, named as it will be."""
        units = self._units()
        names = safe_names(f"{unit.name} {self.title}" for unit in units)
        books = []
        for done, (unit, name) in enumerate(zip(units, names, strict=True)):
            progress.step(done, len(units), f"正在写入{unit.name}")
            entries = self._entries(unit)
            if not entries:
                self.left_out += [unit] if unit.own else []
                continue
            file = place / f"{name}{ENDING}"
            self._write_one(unit, file, entries)
            books.append(WrittenBook(unit, file, {table.code: len(rows) for table, rows in entries}))
        if not books:
            raise DataProblem(
                "选中的单位没有可发的内容，没有写出工作簿。",
                advice="请先分解任务、登记项目；清单要从头填的，请发空表。",
                code="book.nothing",
            )
        return books

    def _units(self) -> list[Assignee]:
        # Whoever has something gets it, also a town that another unit runs.
        everybody = assignees(self._conn)
        if not self._request.units:
            return everybody
        known = {who.key: who for who in everybody}
        missing = [row_id for kind, row_id in self._request.units if (kind, row_id) not in known]
        if missing:
            raise DataProblem("有一个单位已不在名单里。", advice="请重新选择单位。", code="book.unit")
        return [who for who in everybody if who.key in set(self._request.units)]

    def _entries(self, unit: Assignee) -> list[tuple[BookTable, list[BookRow]]]:
        """Return the unit's tables with its rows; an empty one only where the unit may be the first to add a row."""
        of_kind = self._kinds.get(unit.kind)
        if of_kind is None:
            of_kind = self._kinds[unit.kind] = _Kind(list(self._tables(unit.kind)))
        open_to = self._request.with_empty and unit.own and (unit.kind == "town" or bool(self._request.units))
        found = [(table, read(unit)) for table, read in of_kind.tables]
        return [(table, rows) for table, rows in found if rows or (table.takes_new_rows and open_to)]

    def _tables(self, unit_kind: str) -> Iterator[tuple[BookTable, RowsOf]]:
        made: list[BookTable] = []
        if TASKS in self._request.kinds:
            made.append(assignment_table())
        if REGISTERS in self._request.kinds:
            made += [table for schema in self._schemas if (table := register_table(schema, unit_kind)) is not None]
        if MONTHLY in self._request.kinds:
            made += [progress_table(), project_report_table()]
        for table in made:
            yield table, self._contents.reader(table, unit_kind)

    def _write_one(self, unit: Assignee, file: Path, entries: Sequence[tuple[BookTable, list[BookRow]]]) -> None:
        tables = [table for table, _ in entries]
        template = self._kinds[unit.kind].template(tables)
        identity = self.identities[unit.key] = Identity(
            book_id=new_id(),
            county=self.facts.code,
            county_name=self.facts.name,
            file_id=self.file_id,
            unit_kind=unit.kind,
            unit_id=unit.id,
            unit_name=unit.name,
            kinds=self._request.kinds,
            period=str(self._request.period or ""),
            plan_digest=self._digest,
            tables=tuple(table.tag for table in tables),
            base_seq=self._base,
            written_at=self.at,
            program=__version__,
        )
        counted = {table.code: len(rows) for table, rows in entries}
        texts = guide_texts(self.facts, unit, self._request.period, counted)
        choices = template.lists.columns(self._directory, unit)
        with file.open("wb") as out:
            template.write(out, identity, texts, [rows for _, rows in entries], choices)


def _hand_out(
    county: County, run: _Run, books: Sequence[WrittenBook], file: Path | None, folder: Path
) -> list[WrittenBook]:
    """Put the finished workbooks into the folder, or into the zip `file`, and record them: both, or neither."""
    written: list[WrittenBook] = []
    try:
        with county.operation(f"发出填报工作簿（{len(books)}个单位）", record=True) as op:
            written = _move(books, folder) if file is None else _zip(books, file)
            names = [book.file.name for book in (written if file is None else books)]
            handouts = [_handout(name, run.identities[book.unit.key]) for name, book in zip(names, books, strict=True)]
            record_handouts(op, run.file_id, handouts)
    except BaseException:
        for book in written:
            book.file.unlink(missing_ok=True)
        raise
    return written


def _move(books: Sequence[WrittenBook], folder: Path) -> list[WrittenBook]:
    """Give the finished files their place; where one is taken, the new one gets a number."""
    moved: list[WrittenBook] = []
    try:
        for book in books:
            file = _free(folder / book.file.name)
            sync_file(book.file)
            publish(book.file, file)
            moved.append(replace(book, file=file))
    except BaseException:
        for book in moved:
            book.file.unlink(missing_ok=True)
        raise
    return moved


def _zip(books: Sequence[WrittenBook], file: Path) -> list[WrittenBook]:
    free = _free(file)
    with replacing(free, WHAT) as out, zipfile.ZipFile(out, "w") as archive:
        for book in books:
            # A workbook is deflated already.
            archive.write(book.file, book.file.name, zipfile.ZIP_STORED)
    return [replace(book, file=free) for book in books]


def _free(file: Path) -> Path:
    found, number = file, 1
    while found.exists():
        number += 1
        found = file.with_name(f"{file.stem}({number}){file.suffix}")
    return found


def _handout(name: str, identity: Identity) -> Handout:
    return Handout(
        book_id=identity.book_id,
        unit_kind=identity.unit_kind,
        unit_id=identity.unit_id,
        kinds=identity.kinds,
        period=identity.period,
        tables=tuple(tag.partition("#")[0] for tag in identity.tables),
        written_at=identity.written_at,
        file_name=name,
        base_seq=identity.base_seq,
    )
