"""Writing the whole breakdown into one workbook: a table to fill in, and a matrix of each year to look at.

write_breakdown(county, catalogue, file, *, blanks=False, progress=NO_PROGRESS) -> WrittenBook
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.core.fields import load_schema
from db.core.progress import NO_PROGRESS, Progress
from db.core.values import Cell
from db.exchange.breakdown_columns import (
    CODES_ROW,
    HEAD_ROW,
    PROPERTY,
    SHEET,
    Column,
    columns,
    fingerprint,
    identity,
    written,
)
from db.exchange.breakdown_matrix import add_matrix
from db.exchange.workbook_cells import Cells, list_validation, streamed_book
from db.plan.catalogue import Catalogue
from db.store import records
from db.store.county import County
from db.store.files import explained, replacing
from db.work.assignees import Assignee, assignees, find_assignees
from db.work.assignments import KINDS
from db.work.county_settings import county_facts
from db.work.scope import scope_of, scopes
from db.work.tasks import Task, leaf_tasks, task_of, title_of, unit_of

if TYPE_CHECKING:
    from openpyxl import Workbook

WHAT = "写入任务分解工作簿"
_SPARE_ROWS = 2_000
_STEP = 200
_TEXTS = frozenset({"task_id", "assignee", "phone", "unit"})
_HOW = (
    "每行是一家一年的一项任务。任务量按“单位”一列填；0 是零，空着是还没定；可以填“不涉及”“暂无数据”；"
    "只有完成与否的任务填“√”。"
    "要增加，在下面接着写；删去一行不会删除程序里的分解，要取消就把任务量和后面各格清空。各年的汇总表只供查看。"
)


@dataclass(frozen=True)
class WrittenBook:
    """What was written: the file, its assignments, empty rows to fill in, and assignments of tasks not in this plan."""

    file: Path
    rows: int
    blanks: int
    left_out: int


@dataclass(frozen=True)
class _Line:
    """One row of the table; `row_id` is "" for one that is only there to be filled in."""

    task: Task
    year: int
    who: Assignee
    values: dict[str, Cell]
    row_id: str = ""


def write_breakdown(
    county: County, catalogue: Catalogue, file: Path, *, blanks: bool = False, progress: Progress = NO_PROGRESS
) -> WrittenBook:
    """Write the workbook, whole or not at all; `blanks` adds an empty row for each town that lacks a task in a year.

    EnvironmentProblem when the file cannot be written (open in Excel, disk full), Cancelled.
    """
    with explained(WHAT, file), county.reading() as conn:
        conn.execute("BEGIN")
        facts = county_facts(conn)
        lines, left_out = _lines(conn, catalogue)
        empty = _blank_lines(conn, catalogue, lines) if blanks else []
        ordered = sorted([*lines, *empty], key=_order(conn, catalogue))
        with streamed_book(f"{facts.name}任务分解") as book:
            _mark(book, identity(facts.code, catalogue))
            _add_table(book, facts.name, facts.code, catalogue, ordered, conn, progress)
            for year in catalogue.years:
                progress.step(0, 0, f"正在写入{year}年汇总")
                add_matrix(book, conn, catalogue, year)
            _add_names(book, conn)
            progress.step(0, 0, "正在保存")
            with replacing(file, WHAT) as out:
                book.save(out)
    return WrittenBook(file, len(lines), len(empty), left_out)


def _lines(conn: sqlite3.Connection, catalogue: Catalogue) -> tuple[list[_Line], int]:
    found = []
    left_out = 0
    rows = list(records.select(conn, load_schema("assignment"), "t.deleted_at IS NULL", ()))
    keys = {(str(row.values["assignee_kind"]), str(row.values["assignee_id"])) for row in rows}
    known = {who.key: who for who in find_assignees(conn, sorted(keys))}
    for row in rows:
        task, year = catalogue.task(str(row.values["task_id"])), row.values["year"]
        who = known.get((str(row.values["assignee_kind"]), str(row.values["assignee_id"])))
        if task is None or who is None or not isinstance(year, Decimal):
            left_out += 1
        else:
            found.append(_Line(task, int(year), who, row.values, row.id))
    return found, left_out


def _blank_lines(conn: sqlite3.Connection, catalogue: Catalogue, lines: Iterable[_Line]) -> list[_Line]:
    present = {(line.task.id, line.year, line.who.id) for line in lines}
    given, towns = scopes(conn), [who for who in assignees(conn, ("town",)) if who.own]
    return [
        _Line(task, year, town, {"unit": unit_of(task) or None})
        for task in (task_of(catalogue, task_id) for task_id in leaf_tasks(catalogue))
        if not scope_of(given, task).excluded
        for year in catalogue.years
        for town in towns
        if (task.id, year, town.id) not in present
    ]


def _order(conn: sqlite3.Connection, catalogue: Catalogue) -> Any:
    ids = [
        each for clause in catalogue.clauses for each in (clause.id, *(t.id for t in catalogue.targets_of(clause.id)))
    ]
    tasks = {task_id: place for place, task_id in enumerate(ids)}
    people = {who.key: place for place, who in enumerate(assignees(conn))}
    return lambda line: (tasks[line.task.id], line.year, people.get(line.who.key, len(people)), line.who.id)


def _mark(book: Any, mark: str) -> None:
    from openpyxl.packaging.custom import StringProperty

    book.custom_doc_props.append(StringProperty(name=PROPERTY, value=mark))


def _add_table(
    book: Workbook,
    county: str,
    code: str,
    catalogue: Catalogue,
    lines: Sequence[_Line],
    conn: sqlite3.Connection,
    progress: Progress,
) -> None:
    shown = columns()
    sheet = book.create_sheet(SHEET)
    make = Cells(sheet)
    for place, column in enumerate(shown, start=1):
        make.set_column(place, column.width, hidden=column.hidden, as_text=column.code in _TEXTS)
    sheet.freeze_panes = f"{make.letters(_place(shown, 'amount'))}{HEAD_ROW + 2}"
    sheet.row_dimensions[CODES_ROW + 1].hidden = True
    sheet.row_dimensions[2].height = 30
    sheet.merged_cells.add(f"B2:{make.letters(_place(shown, 'note'))}2")
    sheet.row_dimensions[HEAD_ROW + 1].height = 26
    sheet.auto_filter.ref = f"A{HEAD_ROW + 1}:{make.letters(len(shown))}{HEAD_ROW + 1 + max(len(lines), 1)}"
    sheet.print_title_rows = f"{HEAD_ROW + 1}:{HEAD_ROW + 1}"
    make.landscape()
    last = HEAD_ROW + 1 + len(lines) + _SPARE_ROWS
    for name, choices in (("assignee_kind", ",".join(KINDS.values())), ("year", ",".join(map(str, catalogue.years)))):
        letters = make.letters(_place(shown, name))
        sheet.data_validations.append(list_validation(f'"{choices}"', f"{letters}{HEAD_ROW + 2}:{letters}{last}"))
    letters = make.letters(_place(shown, "assignee"))
    count = max(len(assignees(conn)), 1) + 1
    sheet.data_validations.append(
        list_validation(f"责任主体!$B$2:$B${count}", f"{letters}{HEAD_ROW + 2}:{letters}{last}", strict=False)
    )
    sheet.append([None, make.text(f"{county}任务分解（{catalogue.years_text}）", "title")])
    sheet.append([None, make.text(_HOW, "help")])
    codes = [column.code for column in shown]
    sheet.append([make.text(f"{PROPERTY};{identity(code, catalogue)}"), *map(make.text, codes[1:])])
    sheet.append([make.text(column.heading, "head") for column in shown])
    for done, line in enumerate(lines):
        if not done % _STEP:
            progress.step(done, len(lines), "正在写入任务分解")
        sheet.append(list(_cells(make, shown, line)))


def _place(shown: Sequence[Column], code: str) -> int:
    return next(place for place, column in enumerate(shown, start=1) if column.code == code)


def _cells(make: Cells, shown: Sequence[Column], line: _Line) -> Iterator[Any]:
    own: dict[str, Any] = {}
    if line.row_id:
        own = dict(written(line.task, line.values))
        own["assignment_id"] = line.row_id
        own["fingerprint"] = fingerprint(line.task, (line.task.id, line.year, line.who.id), own)
    else:
        own["unit"] = line.values["unit"]
    own |= {
        "assignee_id": line.who.id,
        "task_id": line.task.id,
        "task": title_of(line.task),
        "year": line.year,
        "assignee_kind": line.who.kind_title,
        "assignee": line.who.name,
    }
    for column in shown:
        yield make.value(own.get(column.code), fixed=column.fixed)


def _add_names(book: Workbook, conn: sqlite3.Connection) -> None:
    """Add the sheet of all assignees, from which the drop-down takes its names."""
    sheet = book.create_sheet("责任主体")
    make = Cells(sheet)
    for place, width in enumerate((10, 34, 22), start=1):
        make.set_column(place, width)
    sheet.freeze_panes = "A2"
    sheet.protection.sheet = True
    sheet.append([make.text(text, "head") for text in ("类别", "名称", "代码")])
    for who in assignees(conn):
        sheet.append([make.value(text, fixed=True) for text in (who.kind_title, who.name, who.code)])
