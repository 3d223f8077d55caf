"""审核 over 100,000 projects in all registers and 36 months of 100 tasks × 20 towns: a whole run, and one edit.

The county is filled once per run with SQL of its own, most of it in order, one row in a hundred not. What a run may
take is held against reading the same rows once in Python; an edit is a typed cell of each of the tables that are typed
in most, by the clock and in processor time.
"""

from __future__ import annotations

import atexit
import shutil
import sqlite3
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from functools import cache, partial
from pathlib import Path

from db.checks.field_sql import add_functions
from db.checks.runner import Board, run
from db.core.changes import Changes
from db.core.fields import Field, TableSchema, is_relevant, row_problems
from db.core.period import Period
from db.core.values import Cell
from db.plan.catalogue import load_catalogue
from db.store import journal, records
from db.store.attachments import path_of
from db.store.connection import FILE_NAME, connect_reader, connect_writer, quoted
from db.store.county import County
from db.work.assignees import assignees
from db.work.demo_samples import sample_row
from db.work.monthly.model import FigureKind, figure_kind
from db.work.registers import registers
from db.work.setup import new_county
from db.work.tasks import unit_of
from tests.bench.bench_breakdown import Sample, sample
from tests.bench.bench_month import ASSIGN, tasks
from tests.bench.harness import Measured, benchmark, in_turn, percentile

PROJECTS, SAMPLES, EDITS = 100_000, 100, 12
STEP = 23
"""How far apart the figures lie that are edited one after the other: the month has enough for all of them."""

MONTHS = [Period(year, month) for year in (2021, 2022, 2023) for month in range(1, 13)]
TODAY = date(2023, 12, 20)
OLD = MONTHS[2]
DATED = ("planned_completion_on", "completed_on", "signed_on")
FINISHED = ("coal_boiler", "freight_pledge", "outdated_capacity")
"""Registers of what the plan wanted finished long ago."""

PROOF = "a" * 64
ENTER = """
INSERT INTO progress (id, task_id, assignee_kind, assignee_id, period, amount, numerator, denominator, stage, unit,
                      situation, problems, next_steps, source, reviewed, states)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '按计划推进', '管网铺设缺资金', '五月底前筹措到位', 'typed', 1, '{}')
"""
PLAN = load_catalogue()
NAME = f"{PROJECTS:,} projects, {len(MONTHS)} months"


@cache
def folder() -> Path:
    """Return the county."""
    place = Path(tempfile.mkdtemp(prefix="sijian-bench-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    county = new_county(place / "county", county="370783", author="测试")
    with county.reading() as conn:
        towns = [who.id for who in assignees(conn, ("town",)) if who.own]
        schemas = registers(conn)
    with county.operation("示例") as op:
        for schema in schemas:
            records.insert_many(op, schema, [project(schema, towns, number) for number in range(1, SAMPLES + 1)])
    county.close()
    with closing(connect_writer(place / "county" / FILE_NAME)) as conn:
        conn.execute("BEGIN")
        tables = ["assignment", "attachment", "progress", *(schema.table for schema in schemas)]
        for table in tables:
            journal.uninstall(conn, table)
        for schema in schemas:
            if free_key(schema):
                multiply(conn, schema, PROJECTS // sum(map(bool, map(free_key, schemas))) // SAMPLES)
            if schema.name in FINISHED:
                prove(conn, schema)
        conn.executemany(ASSIGN, shares(towns))
        for number, month in enumerate(MONTHS, 1):
            conn.executemany(ENTER, entries(towns, month, number))
        for table in tables:
            journal.install(conn, table)
        conn.execute("COMMIT")
    proof = path_of(place / "county", PROOF, "验收.txt")
    proof.parent.mkdir(parents=True)
    proof.write_bytes(b"x")
    return place / "county"


def project(schema: TableSchema, towns: list[str], number: int) -> dict[str, Cell]:
    """Return a project in order; the first of each register's samples lacks who is responsible."""
    common: dict[str, Cell] = {
        "town_id": towns[number % len(towns)],
        "stage": "前期工作",
        "total_investment": Decimal(500),
        "planned_investment": Decimal(100),
        "completed_investment": Decimal(100),
        "planned_completion_on": date(2023, 12, 25),
        "responsible": "王芳" if number > 1 else None,
        "phone": "13812345678",
    }
    if schema.name in FINISHED:
        common |= {"stage": "已销号", "completed_on": date(2021, 9, 1), "planned_completion_on": date(2021, 9, 1)}
    row = sample_row(schema, {name: cell for name, cell in common.items() if name in schema}, number)
    row["completed_on"] = common.get("completed_on")
    row = {name: in_order(schema.field(name), cell) for name, cell in row.items()}
    kept = [field for field in schema.fields if field.computed is None and is_relevant(field, row)]
    row = {field.name: row.get(field.name) for field in kept}
    for name in row_problems(schema, row):
        row[name] = None
    return row | {name: f"{row[name]}{number}"[-20:] for name in free_key(schema) if name in row}


def in_order(field: Field, cell: Cell) -> Cell:
    """Return a cell as no rule minds it: days that need not be told are not, amounts that are compared are small."""
    if field.type == "date" and not field.required and field.name not in DATED:
        return None
    if field.type == "boolean":
        return field.name not in ("extended", "relapsed")
    if field.enum and ("拟建" in field.enum or "基准水平以下" in field.enum):
        return field.enum[0]
    return Decimal(0) if field.name == "completed_households" else cell


def free_key(schema: TableSchema) -> set[str]:
    """Return the parts of the key that can be any text: rows that had one key would be doubles."""
    fields = [schema.field(name) for name in schema.key]
    return {each.name for each in fields if each.type == "string" and not (each.ref or each.enum or each.pattern)}


def prove(conn: sqlite3.Connection, schema: TableSchema) -> None:
    """Give every row of the register a proof file, all of them the same."""
    conn.execute(
        "INSERT INTO attachment (id, table_name, row_id, sha256, name, size, proves)"
        f" SELECT 'a' || id, '{schema.table}', id, '{PROOF}', '验收.txt', 1, '验收意见' FROM {quoted(schema.table)}"
    )


def multiply(conn: sqlite3.Connection, schema: TableSchema, times: int) -> None:
    """Write the register's rows so many times."""
    names = [field.name for field in schema.fields if field.computed is None] + ["initials", "states", "created_at"]
    # A key is a text of its own length: what does not fit any more is taken from its end.
    longest = {name: schema.field(name).max_length for name in free_key(schema)}
    values = [
        f"substr(n.value || '-' || t.seq || t.{name}, 1, {longest[name]})" if name in longest else f"t.{quoted(name)}"
        for name in names
    ]
    conn.execute(
        f"INSERT INTO {quoted(schema.table)} (id, {', '.join(map(quoted, names))})"
        f" SELECT lower(hex(randomblob(18))), {', '.join(values)} FROM {quoted(schema.table)} t, json_each(?) n",
        (str(list(range(1, times))),),
    )


Row = tuple[object, ...]


def shares(towns: list[str]) -> Iterator[Row]:
    """Yield an assignment for every town, task and year."""
    for task in tasks():
        amount = None if figure_kind(task) is FigureKind.STAGE else 120_000_000
        for year in PLAN.years:
            for who in towns:
                yield f"{task.id}{year}{who}", task.id, year, "town", who, amount, unit_of(task) or None, None


def entries(towns: list[str], month: Period, number: int) -> Iterator[Row]:
    """Yield what everybody files for the month: a little more than the month before."""
    for task in tasks():
        kind = figure_kind(task)
        for place, who in enumerate(towns):
            amount = numerator = denominator = stage = None
            if kind is FigureKind.STAGE:
                stage = "实施中"
            elif kind is FigureKind.RATE:
                numerator, denominator = 80_000_000 + number, 100_000_000
            elif place or number % 12:
                amount = 100_000_000 + number * 1_000_000
            head = f"{month}{task.id}{who}", task.id, "town", who, str(month)
            yield *head, amount, numerator, denominator, stage, unit_of(task) or None


def read(conn: sqlite3.Connection) -> int:
    """Read every row once in Python, as the file holds it."""
    tables = [schema.table for schema in registers(conn)] + ["assignment", "progress", "town", "department", "quota"]
    rows = 0
    for table in tables:
        for _ in conn.execute(f"SELECT * FROM {quoted(table)} WHERE deleted_at IS NULL"):
            rows += 1
    return rows


@cache
def connection() -> sqlite3.Connection:
    """Return a connection that reads, as the window's have."""
    conn = connect_reader(folder() / FILE_NAME)
    atexit.register(conn.close)
    add_functions(conn)
    return conn


@benchmark(f"{NAME}: all rules, to reading the same rows once in Python", limit=3)
def whole_run() -> Measured:
    conn = connection()
    assert read(conn) > PROJECTS
    return in_turn(lambda: run(conn, PLAN, today=TODAY), lambda: read(conn), repeats=3)


@cache
def edits() -> list[Sample]:
    """Return how long a re-check takes after one edit of one table, then of the next, over and over."""
    conn = connection()
    board = Board(conn, PLAN, today=TODAY)
    with closing(County.open(folder(), author="测试")) as county:
        changes = (each for number in range(EDITS) for each in edit(county, number))
        return [sample(partial(board.renewed, conn, PLAN, each)) for each in changes]


def edit(county: County, number: int) -> Iterator[Changes]:
    """Yield one change after the other: a project, a figure of the newest month, a share of this year."""
    schemas = registers(connection())
    schema = schemas[number * 7 % len(schemas)]
    newest = "SELECT seq FROM {0} WHERE amount IS NOT NULL AND {1} = {2} ORDER BY seq DESC LIMIT 1 OFFSET {3}"
    figure = newest.format("progress", "period", f"'{MONTHS[-1]}'", number * STEP)
    share = newest.format("assignment", "year", MONTHS[-1].year, number * STEP)
    for sql in (
        f"UPDATE {schema.table} SET responsible = responsible || '{number}' WHERE seq = {number + 50}",
        f"UPDATE progress SET amount = amount + 1000000 WHERE seq = ({figure})",
        f"UPDATE assignment SET amount = amount + 1000000 WHERE seq = ({share})",
    ):
        yield changed(county, sql)


def changed(county: County, sql: str) -> Changes:
    """Return what the statement changed; a re-check of nothing would be no measurement."""
    with county.operation("改动") as op:
        op.conn.execute(sql)
    assert op.changes.rows
    return op.changes


@cache
def old_edits() -> list[Sample]:
    """Return how long a re-check takes after one edit of `OLD` and then another; years of months were filed since."""
    conn = connection()
    board = Board(conn, PLAN, today=TODAY)
    sql = (
        "UPDATE progress SET amount = amount + 1000000 WHERE seq ="
        " (SELECT seq FROM progress WHERE amount IS NOT NULL AND period = '{}' ORDER BY seq DESC LIMIT 1 OFFSET {})"
    )
    with closing(County.open(folder(), author="测试")) as county:
        changes = (changed(county, sql.format(OLD, number * STEP)) for number in range(EDITS))
        return [sample(partial(board.renewed, conn, PLAN, each)) for each in changes]


@benchmark(f"{NAME}: re-check after one edit, median by the clock", unit="ms", limit=50)
def one_edit_clock() -> Measured:
    return Measured(statistics.median(each.wall for each in edits()) * 1000)


@benchmark(f"{NAME}: re-check after one edit, 95th percentile of processor time", unit="ms", limit=50)
def one_edit_processor() -> Measured:
    return Measured(percentile([each.cpu for each in edits()], 95) * 1000)


@benchmark(f"{NAME}: re-check after an edit of {OLD}, median by the clock", unit="ms", limit=50)
def old_edit_clock() -> Measured:
    return Measured(statistics.median(each.wall for each in old_edits()) * 1000)


@benchmark(f"{NAME}: re-check after an edit of {OLD}, the first one's processor time", unit="ms", limit=50)
def first_old_edit() -> Measured:
    return Measured(old_edits()[0].cpu * 1000)
