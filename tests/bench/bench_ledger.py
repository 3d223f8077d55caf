"""The city takes in the packages of 16 counties and 36 months, against a bare `executemany` of the same rows.

One month of one county is exported; the others are copies of it under their own names, sealed as an export seals them.
"""

from __future__ import annotations

import gc
import hashlib
import re
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from db.core.divisions import reporting_units
from db.core.period import Period
from db.core.values import Cell
from db.exchange.csv_text import csv_batches
from db.exchange.ledger.consolidate import consolidate
from db.exchange.ledger.file import Ledger
from db.exchange.package_kinds import DATA_PACKAGE, package_id_of, package_name
from db.exchange.package_verify import verify_package
from db.exchange.package_write import write_package
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
def packages() -> tuple[tempfile.TemporaryDirectory[str], list[Path]]:
    """Return the folder, which lives as long as this is remembered, and the packages in it."""
    folder = tempfile.TemporaryDirectory(prefix="sijian-bench-")
    place = Path(folder.name)
    with new_county(place / "county", county="370783", author="测试") as county:
        fill(county)
        made = write_package(county, kind="monthly", period=str(SAMPLE), out=place / "sample", letter=letter)
    sample = Package(made.path.read_bytes())
    units = [unit.key for unit in reporting_units()][:COUNTIES]
    return folder, [copied(sample, unit, month, place / "in") for unit in units for month in MONTHS]


def copied(sample: Package, county: str, month: Period, out: Path) -> Path:
    """Return the sample as the package of another county and month."""
    name = str(package_name(county, "monthly", str(month), 1))
    old, root = sample.root, f"{name}/"
    files = {root + each.removeprefix(old): content for each, content in sample.files.items()}
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


def rows_of(files: list[Path]) -> Iterator[tuple[str, int, list[list[str]]]]:
    """Yield table, number of columns and rows of every table of every package."""
    for path in files:
        for name, content in Package(path.read_bytes()).files.items():
            if name.endswith(".csv"):
                _, *batches = csv_batches([content], 10_000)
                rows = [row for batch in batches for row in batch]
                if rows:
                    yield Path(name).stem, len(rows[0]), rows


def bare(file: Path, tables: list[tuple[str, int, list[list[str]]]]) -> None:
    """Write the rows into a new file, in one transaction and nothing else."""
    with closing(sqlite3.connect(file, isolation_level=None)) as conn:
        conn.execute("BEGIN")
        for table, width, rows in tables:
            columns = ", ".join(f"c{number} TEXT NOT NULL" for number in range(width))
            conn.execute(f"CREATE TABLE IF NOT EXISTS {table} (seq INTEGER PRIMARY KEY, {columns}) STRICT")
            names = ", ".join(f"c{number}" for number in range(width))
            conn.executemany(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * width)})", rows)
        conn.execute("COMMIT")


def work(action: Callable[[], object]) -> float:
    """Return the processor time of one call in seconds: an hour's worth of packages is no place for a neighbour."""
    gc.collect()
    start = time.process_time()
    action()
    return time.process_time() - start


@cache
def measured() -> tuple[float, float, float]:
    """Return the processor time of the whole, of verifying alone, and of the bare one, in seconds."""
    _, files = packages()
    with tempfile.TemporaryDirectory(prefix="sijian-bench-") as name:
        folder = Path(name)
        tables = list(rows_of(files))
        reference = work(lambda: bare(folder / "bare.db", tables))
        tables.clear()
        verifying = work(lambda: [verify_package(file) for file in files])
        with Ledger.create(folder / "city.db", author="测试") as ledger:
            whole = work(lambda: consolidate(ledger, files, on=date(2022, 4, 6)))
            with ledger.reading() as conn:
                assert conn.execute("SELECT count(*) FROM package").fetchone() == (len(files),)
    return whole, verifying, reference


NAME = f"ledger: {COUNTIES} counties × {len(MONTHS)} months"


@benchmark(f"{NAME}, taken in and reconciled once verified / bare executemany of the rows", limit=2)
def taken_in() -> Measured:
    whole, verifying, reference = measured()
    return Measured(whole - verifying, reference)


@benchmark(f"{NAME}, verified and taken in / bare executemany of the rows")
def verified_and_taken_in() -> Measured:
    whole, _, reference = measured()
    return Measured(whole, reference)
