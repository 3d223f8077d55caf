"""Counties that report and a city that receives: small packages made quickly, changed and sealed again."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from db.core.fields import load_schema
from db.core.period import Period
from db.core.values import Cell
from db.exchange.answers import Answer
from db.exchange.ledger.consolidate import Consolidation, consolidate
from db.exchange.ledger.file import Ledger
from db.exchange.ledger.remarks import answer_into
from db.exchange.package_kinds import DATA_PACKAGE, package_id_of
from db.exchange.package_write import PackageResult, write_package
from db.exchange.submissions import record_submission
from db.store import records
from db.store.county import County
from db.work.breakdown import AssignmentEntry, assignees, set_assignments
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.model import RowKey
from db.work.setup import new_county
from tests.db.exchange.packages import letter
from tests.fuzz.mutations import Package, describe, reseal

HEATING = "08-06-1"
MARCH = Period(2022, 3)
TODAY = date(2022, 4, 2)


@dataclass
class Office:
    """One county's office, which reports what it has."""

    county: County
    out: Path
    towns: list[str]

    def share(self, *amounts: int, task: str = HEATING, year: int = 2022) -> None:
        entries = [
            AssignmentEntry(task, year, "town", town, {"amount": Decimal(amount)})
            for town, amount in zip(self.towns, amounts, strict=False)
        ]
        with self.county.operation("分解") as op:
            set_assignments(op, entries)

    def file(self, *amounts: int, month: Period = MARCH, task: str = HEATING) -> None:
        changes = [
            EntryChange(RowKey(task, "town", town), {"amount": Decimal(amount)})
            for town, amount in zip(self.towns, amounts, strict=False)
        ]
        with self.county.operation("填报") as op:
            set_entries(op, month, changes)

    def project(self, name: str, investment: str) -> None:
        values: dict[str, Cell] = {"name": name, "town_id": self.towns[0], "category": "产业结构"}
        values["total_investment"] = Decimal(investment)
        with self.county.operation("登记项目") as op:
            records.insert(op, load_schema("key_project"), values)

    def export(self, kind: str = "monthly", period: str = "2022-03") -> PackageResult:
        result = write_package(self.county, kind=kind, period=period, out=self.out, letter=letter)
        with self.county.operation("导出", record=True) as op:
            record_submission(op, result)
        return result


class City:
    """The city's desk: a ledger, and the offices of its counties."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ledger = Ledger.open_or_create(folder / "核收.db", author="李明")
        self.offices: dict[str, Office] = {}

    def office(self, code: str = "370783") -> Office:
        if code not in self.offices:
            county = new_county(self.folder / code, county=code, author="王芳")
            with county.reading() as conn:
                towns = [who.id for who in assignees(conn, ("town",)) if who.own]
            self.offices[code] = Office(county, self.folder / f"{code}-out", towns)
        return self.offices[code]

    def receive(self, *paths: Path, on: date = TODAY, letters: tuple[str, ...] = ()) -> Consolidation:
        return consolidate(self.ledger, paths, on=on, letters=letters)

    def answer(self, number: int, verdict: str, note: str = "") -> Answer:
        """Answer a package; the file goes where nobody looks."""
        return answer_into(self.ledger, number, verdict, note, self.folder / "answers")[0]

    def close(self) -> None:
        self.ledger.close()
        for office in self.offices.values():
            office.county.close()


def forged(package: Path, name: str, change: Callable[[bytes], bytes], to: Path, *, clever: bool = False) -> Path:
    """Return a copy in which one file was changed, and everything that speaks of it made to agree again.

    Who is `clever` knows how the id follows from the content, too.
    """
    original = Package(package.read_bytes())
    root, files = original.root, dict(original.files)
    files[root + name] = change(files[root + name])
    describe(files, root)
    if clever:
        digest = hashlib.sha256(files[root + DATA_PACKAGE]).hexdigest()
        text = files[root + "bag-info.txt"].decode()
        own = package_id_of(root.removesuffix("/"), digest)
        files[root + "bag-info.txt"] = re.sub("(?<=External-Identifier: ).*", own, text).encode()
    reseal(files, root)
    to.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in files.items():
            archive.writestr(file, content)
    return to
