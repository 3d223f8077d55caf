"""The city takes in the packages of 16 counties and 36 months, against a bare `executemany` of the same rows.

One month of one county is exported; the others are copies of it under their own names and with rows of their own,
sealed as an export seals them. As months come, a county's towns, quotas and assignments are those of the month before;
of the worst months, none of whose tables recurs, a quarter as many are taken in.
"""

from __future__ import annotations

import gc
import hashlib
import re
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from decimal import Decimal
from functools import cache, partial
from pathlib import Path

from db.core.divisions import reporting_units
from db.core.period import Period
from db.core.values import Cell
from db.exchange.ledger.consolidate import consolidate
from db.exchange.ledger.file import Ledger
from db.exchange.package_kinds import DATA_PACKAGE, package_id_of, package_name
from db.exchange.package_tables import PackageTable
from db.exchange.package_verify import verify_package
from db.exchange.package_write import write_package
from db.exchange.table_check import TableContent
from db.exchange.zip_write import ZipWriter
from db.plan.catalogue import load_catalogue
from db.store.county import County
from db.work.assignees import assignees
from db.work.breakdown import AssignmentEntry, set_assignments
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.model import FigureKind, RowKey, figure_kind
from db.work.setup import new_county
from db.work.tasks import leaf_tasks
from tests.bench.bench_package import letter
from tests.bench.harness import Measured, benchmark
from tests.fuzz.mutations import Package, describe, reseal

COUNTIES = 16
MONTHS = [Period(year, month) for year in (2021, 2022, 2023) for month in range(1, 13)]
SAMPLE = Period(2022, 3)


def fill(county: County) -> None:
    """Give every task to five towns in three years, and file all of them for the sample's month."""
    plan = load_catalogue()
    with county.reading() as conn:
        towns = [who.id for who in assignees(conn, ("town",)) if who.own]
    tasks = [(number, plan.task(each)) for number, each in enumerate(leaf_tasks(plan))]
    shares, filed = [], []
    for number, task in tasks:
        assert task is not None
        kind = figure_kind(task)
        for place in range(5):
            town = towns[(number + place) % len(towns)]
            amount: dict[str, Cell] = {"amount": Decimal(100 + place)} if kind is FigureKind.AMOUNT else {}
            shares += [AssignmentEntry(task.id, year, "town", town, amount) for year in plan.years]
            figures: dict[FigureKind, dict[str, Cell]] = {
                FigureKind.AMOUNT: {"amount": Decimal(number * place)},
                FigureKind.RATE: {"numerator": Decimal(number), "denominator": Decimal(100)},
                FigureKind.STAGE: {"stage": "实施中"},
            }
            filed.append(EntryChange(RowKey(task.id, "town", town), {**figures[kind], "situation": "按计划推进。"}))
    with county.operation("分解") as op:
        set_assignments(op, shares)
    with county.operation("填报") as op:
        set_entries(op, SAMPLE, filed)


@cache
def sample() -> Package:
    """Return the month of a county that all packages are made of."""
    with tempfile.TemporaryDirectory(prefix="sijian-bench-") as name:
        with new_county(Path(name) / "county", county="370783", author="测试") as county:
            fill(county)
            made = write_package(county, kind="monthly", period=str(SAMPLE), out=Path(name) / "out", letter=letter)
        return Package(made.path.read_bytes())


def packages(months: Sequence[Period], out: Path, *, recurring: bool) -> list[Path]:
    """Return the counties' packages of these months; `recurring`: tables that a month leaves as they were are."""
    units = [unit.key for unit in reporting_units()][:COUNTIES]
    return [copied(unit, month, out, recurring=recurring) for month in months for unit in units]


ROW_START = re.compile(rb"(?<=\r\n)[^,\r\n]+(?=,)")


def copied(county: str, month: Period, out: Path, *, recurring: bool) -> Path:
    """Return the sample as the package of another county and month."""
    name = str(package_name(county, "monthly", str(month), 1))
    old, root = sample().root, f"{name}/"
    files = {root + each.removeprefix(old): content for each, content in sample().files.items()}
    mark = county if recurring else f"{county}-{month}"
    for each in files:
        if each.startswith(f"{root}data/tables/"):
            files[each] = ROW_START.sub(lambda found: found[0] + f"-{mark}".encode(), files[each])
    progress = f"{root}data/tables/progress.csv"
    files[progress] = files[progress].replace(b",2022-03,", f",{month},".encode())
    data = root + DATA_PACKAGE
    files[data] = files[data].replace(b'"370783"', f'"{county}"'.encode()).replace(b'"2022-03"', f'"{month}"'.encode())
    describe(files, root)
    info = files[f"{root}bag-info.txt"].decode()
    package_id = package_id_of(name, hashlib.sha256(files[data]).hexdigest())
    for label, value in (
        ("External-Identifier", package_id),
        ("Internal-Sender-Identifier", county),
        ("Reporting-Period", str(month)),
    ):
        info = re.sub(f"(?<={label}: ).*", value, info)
    files[f"{root}bag-info.txt"] = info.encode()
    reseal(files, root)
    out.mkdir(exist_ok=True)
    path = out / f"{name}.zip"
    with path.open("wb") as file:
        archive = ZipWriter(file)
        for each, content in files.items():
            archive.add(each, content)
        archive.finish()
    return path


class Rows:
    """Collects the rows of packages as they are verified; knows none of them."""

    def __init__(self) -> None:
        self.batches: list[tuple[PackageTable, list[list[str]]]] = []

    def known(self, table: PackageTable, sha256: str) -> TableContent | None:
        return None

    def take(self, table: PackageTable, rows: list[list[str]]) -> None:
        self.batches.append((table, rows))


def bare(conn: sqlite3.Connection, rows: Rows) -> None:
    """Write the rows of the packages, in one transaction and nothing else."""
    conn.execute("BEGIN")
    for table, batch in rows.batches:
        names = [f"c{number}" for number in range(len(table.header))]
        columns = ", ".join(f"{name} TEXT NOT NULL" for name in names)
        conn.execute(f"CREATE TABLE IF NOT EXISTS {table.name} (seq INTEGER PRIMARY KEY, {columns}) STRICT")
        marks = ", ".join("?" * len(names))
        conn.executemany(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})", batch)
    conn.execute("COMMIT")


def work(action: Callable[[], object]) -> float:
    """Return the processor time of one call in seconds, all threads: hundreds of packages take long for a quiet PC."""
    gc.collect()
    start = time.process_time()
    action()
    return time.process_time() - start


def measured(months: Sequence[Period], *, recurring: bool) -> Measured:
    """Return the processor time of consolidating, verification and all, and of the bare writing, month by month."""
    taking = reference = 0.0
    with tempfile.TemporaryDirectory(prefix="sijian-bench-") as name:
        folder = Path(name)
        files = packages(months, folder / "in", recurring=recurring)
        with (
            closing(sqlite3.connect(folder / "bare.db", isolation_level=None)) as conn,
            Ledger.create(folder / "city.db", author="测试") as ledger,
        ):
            for place in range(0, len(files), COUNTIES):
                of_month = files[place : place + COUNTIES]
                rows = Rows()
                for file in of_month:
                    assert verify_package(file, taker=rows).ok
                reference += work(partial(bare, conn, rows))
                taking += work(partial(consolidate, ledger, of_month, on=date(2022, 4, 6)))
            with ledger.reading() as reader:
                assert reader.execute("SELECT count(*) FROM package").fetchone() == (len(files),)
                (written,) = reader.execute("SELECT sum(row_count) FROM package").fetchone()
                assert written == conn.execute(f"SELECT {' + '.join(map(_count, sorted(_tables(conn))))}").fetchone()[0]
    return Measured(taking, reference)


def _tables(conn: sqlite3.Connection) -> list[str]:
    return [name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]


def _count(table: str) -> str:
    return f"(SELECT count(*) FROM {table})"


@benchmark(f"ledger: {COUNTIES} counties × {len(MONTHS)} months, verified and taken in / bare executemany", limit=2)
def consolidated() -> Measured:
    return measured(MONTHS, recurring=True)


@benchmark(
    f"ledger: {COUNTIES} counties × {len(MONTHS) // 4} months of which no table recurs / bare executemany", limit=4.5
)
def consolidated_without_recurrence() -> Measured:
    return measured(MONTHS[::4], recurring=False)
