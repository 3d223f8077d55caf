"""Packages that were damaged or tampered with, into the ledger: each has an outcome, and the refused leave nothing."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from db.core.period import Period
from db.exchange.ledger.consolidate import consolidate
from db.exchange.ledger.file import Ledger
from db.exchange.ledger.outcomes import Outcome
from db.exchange.ledger.reports import report, table_rows
from db.exchange.ledger.rollup import roll_up
from db.exchange.ledger.standing import board
from tests.db.exchange.ledger.city import TODAY, City
from tests.db.exchange.packages import small_package
from tests.fuzz.mutations import Package, describe, reseal

SEEDS = range(60)


def tables_of(ledger: Ledger) -> list[str]:
    with ledger.reading() as conn:
        names = conn.execute("SELECT name FROM sqlite_master WHERE name LIKE 'rows_%' ORDER BY name")
        return [f"{name}: {conn.execute(f'SELECT count(*) FROM {name}').fetchone()[0]}" for (name,) in names]


@pytest.mark.parametrize("kind", ["registers", "plan"])
def test_a_tampered_package_is_refused_or_read_like_any_other(tmp_path: Path, kind: str) -> None:
    good = Package(small_package(tmp_path, kind).read_bytes())
    with Ledger.create(tmp_path / "核收.db", author="李明") as ledger:
        for seed in SEEDS:
            before = tables_of(ledger)
            file = tmp_path / f"{seed}.zip"
            file.write_bytes(good.mutant(seed).content)
            (found,) = consolidate(ledger, [file], on=TODAY).received
            assert found.sentence and found.as_json()
            if found.outcome is Outcome.REFUSED:
                assert found.problems or "编号" in found.sentence or "方案" in found.sentence
                assert tables_of(ledger) == before
        with ledger.reading() as conn:
            board(conn, TODAY)
            for (number,) in conn.execute("SELECT number FROM package").fetchall():
                for table in report(conn, number).tables:
                    table_rows(conn, number, table.table, "一")


def with_register(package: Path, fields: int, to: Path, prefix: str, title: str = "很宽的清单") -> Path:
    """Return a copy of the package with an unknown register of so many fields."""
    original = Package(package.read_bytes())
    root, files = original.root, dict(original.files)
    names = [f"{prefix}{number}" for number in range(fields)]
    files[f"{root}data/tables/register_wide.csv"] = (",".join(["id", *names]) + "\r\n").encode()
    name = f"{root}data/datapackage.json"
    descriptor = json.loads(files[name])
    descriptor["resources"].append(
        {
            "name": "register_wide",
            "path": "tables/register_wide.csv",
            "rows": 0,
            "x-totals": {},
            "schema": {
                "name": "wide",
                "title": title,
                "x-kind": "register",
                "fields": [{"name": each, "title": each, "type": "string"} for each in ["id", *names]],
            },
        }
    )
    files[name] = json.dumps(descriptor).encode()
    describe(files, root)
    reseal(files, root)
    with zipfile.ZipFile(to, "w") as archive:
        for each, content in files.items():
            archive.writestr(each, content)
    return to


def test_a_register_that_is_too_wide_is_refused_with_a_sentence(tmp_path: Path) -> None:
    good = small_package(tmp_path)
    with Ledger.create(tmp_path / "核收.db", author="李明") as ledger:
        wide = with_register(good, 2500, tmp_path / "wide.zip", "a")
        (found,) = consolidate(ledger, [wide], on=TODAY).received
        assert found.outcome is Outcome.REFUSED
        assert "台账存不下" in found.problems[0].message


def test_a_name_with_half_a_character_is_refused_with_a_sentence(tmp_path: Path) -> None:
    good = small_package(tmp_path)
    with Ledger.create(tmp_path / "核收.db", author="李明") as ledger:
        half = with_register(good, 3, tmp_path / "half.zip", "a", title="\ud800")
        refused, taken = consolidate(ledger, [half, good], on=TODAY).received
        assert (refused.outcome, taken.outcome) == (Outcome.REFUSED, Outcome.RECEIVED)
        assert "半个字符" in "".join(problem.message for problem in refused.problems)


def test_figures_in_units_nobody_knows_are_told_and_not_added(city: City) -> None:
    office = city.office()
    office.share(1000)
    office.file(30)
    with office.county.operation("改单位") as op:
        op.conn.execute("UPDATE progress SET unit = '斗'")
    assert city.receive(office.export().path).ok
    with city.ledger.reading() as conn:
        line = next(line for line in roll_up(conn, Period(2022, 3)).lines if line.target.id == "08-06-1")
    assert line.city.figure is None and line.city.apart == 1 and "没有加进来" in line.notes
