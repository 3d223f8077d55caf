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
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import date
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from unittest.mock import patch

from db.core.divisions import reporting_units
from db.core.period import Period
from db.core.progress import Progress
from db.core.values import Cell
from db.exchange.ledger import consolidate as consolidating
from db.exchange.ledger.consolidate import consolidate
from db.exchange.ledger.file import Ledger
from db.exchange.package_kinds import DATA_PACKAGE, package_id_of, package_name
from db.exchange.package_tables import PackageTable
from db.exchange.package_verify import verify_package
from db.exchange.package_write import write_package
from db.exchange.table_check import TakeRows
from db.exchange.verdict import Verdict
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


Batches = list[tuple[PackageTable, list[list[str]]]]


def _keep(batches: Batches, table: PackageTable, rows: list[list[str]]) -> None:
    batches.append((table, rows))


class Verified:
    """Packages as they were verified, so that taking them in can be measured by itself."""

    def __init__(self, files: list[Path]) -> None:
        self.batches: dict[Path, Batches] = {}
        self.verdicts: dict[Path, Verdict] = {}
        for file in files:
            batches: Batches = []
            self.verdicts[file] = verify_package(file, take=partial(_keep, batches))
            self.batches[file] = batches

    def __call__(self, file: Path, progress: Progress, *, take: TakeRows) -> Verdict:
        """Stand in for `verify_package`."""
        for table, rows in self.batches[file]:
            take(table, rows)
        return self.verdicts[file]


def bare(conn: sqlite3.Connection, verified: Verified) -> None:
    """Write the rows of the packages, in one transaction and nothing else."""
    conn.execute("BEGIN")
    for batches in verified.batches.values():
        for table, rows in batches:
            names = [f"c{number}" for number in range(len(table.header))]
            columns = ", ".join(f"{name} TEXT NOT NULL" for name in names)
            conn.execute(f"CREATE TABLE IF NOT EXISTS {table.name} (seq INTEGER PRIMARY KEY, {columns}) STRICT")
            marks = ", ".join("?" * len(names))
            conn.executemany(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})", rows)
    conn.execute("COMMIT")


def work(action: Callable[[], object]) -> float:
    """Return the processor time of one call in seconds: hundreds of packages take too long for a quiet PC."""
    gc.collect()
    start = time.process_time()
    action()
    return time.process_time() - start


@cache
def measured() -> tuple[float, float, float]:
    """Return the processor time of taking in, of verifying, and of the bare writing, in seconds, month by month."""
    _, files = packages()
    taking = verifying = reference = 0.0
    with tempfile.TemporaryDirectory(prefix="sijian-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        conn = stack.enter_context(closing(sqlite3.connect(folder / "bare.db", isolation_level=None)))
        ledger = stack.enter_context(Ledger.create(folder / "city.db", author="测试"))
        for place in range(len(MONTHS)):
            of_month = files[place :: len(MONTHS)]
            found: list[Verified] = []
            verifying += work(partial(_verify, of_month, found))
            reference += work(partial(bare, conn, found[0]))
            with patch.object(consolidating, "verify_package", found[0]):
                taking += work(partial(consolidate, ledger, of_month, on=date(2022, 4, 6)))
        with ledger.reading() as reader:
            assert reader.execute("SELECT count(*) FROM package").fetchone() == (len(files),)
    return taking, verifying, reference


def _verify(files: list[Path], into: list[Verified]) -> None:
    into.append(Verified(files))


NAME = f"ledger: {COUNTIES} counties × {len(MONTHS)} months"


@benchmark(f"{NAME}, taken in and reconciled once verified / bare executemany of the rows", limit=2)
def taken_in() -> Measured:
    taking, _, reference = measured()
    return Measured(taking, reference)


@benchmark(f"{NAME}, verified and taken in / bare executemany of the rows")
def verified_and_taken_in() -> Measured:
    taking, verifying, reference = measured()
    return Measured(taking + verifying, reference)
