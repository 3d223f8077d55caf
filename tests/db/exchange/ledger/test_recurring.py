"""Tables that are the same from month to month: loaded once, read as often, and trusted no further than their bytes."""

from __future__ import annotations

import zipfile
from pathlib import Path

from db.core.period import Period
from db.exchange.ledger.consolidate import consolidate
from db.exchange.ledger.file import Ledger
from db.exchange.ledger.outcomes import Outcome
from db.exchange.ledger.rows import Loading, RowLoader, loaded_table, read_rows
from db.exchange.ledger.schema import VERSION
from db.exchange.package_verify import verify_package
from tests.db.exchange.ledger.city import TODAY, City
from tests.fuzz.mutations import Package

APRIL = Period(2022, 4)


def two_months(city: City) -> list[Path]:
    office = city.office()
    office.share(1000, 800)
    office.file(30, 40)
    office.file(50, 60, month=APRIL)
    return [office.export().path, office.export(period=str(APRIL)).path]


def rows_of(ledger: Ledger, number: int, table: str) -> list[tuple[str, ...]]:
    with ledger.reading() as conn:
        loaded = loaded_table(conn, number, table)
        assert loaded is not None
        return [row for rows in read_rows(conn, loaded, ["id", *loaded.schema.names]) for row in rows]


def count(ledger: Ledger, table: str) -> int:
    with ledger.reading() as conn:
        return int(conn.execute(f"SELECT count(*) FROM rows_{table}").fetchone()[0])


def test_a_table_that_recurs_lies_in_the_ledger_once(city: City) -> None:
    march, april = two_months(city)
    assert city.receive(march).ok and city.receive(april).ok
    assert count(city.ledger, "assignment") == 2 and count(city.ledger, "progress") == 4
    assert rows_of(city.ledger, 1, "assignment") == rows_of(city.ledger, 2, "assignment") != []
    assert rows_of(city.ledger, 1, "progress") != rows_of(city.ledger, 2, "progress")


def test_one_that_changed_is_loaded_anew(city: City) -> None:
    march, april = two_months(city)
    city.office().share(1001)
    changed = city.office().export(period=str(APRIL)).path
    assert city.receive(march, april).ok and city.receive(changed).ok
    assert count(city.ledger, "assignment") == 4
    assert rows_of(city.ledger, 3, "assignment") != rows_of(city.ledger, 2, "assignment")


def test_what_a_refused_package_brought_is_not_known_afterwards(city: City) -> None:
    march, april = two_months(city)
    original = Package(march.read_bytes())
    broken = city.folder / march.name
    with zipfile.ZipFile(broken, "w") as archive:
        for name, content in original.files.items():
            archive.writestr(name, content + b"\n" if name.endswith("letter.pdf") else content)
    first, second = city.receive(broken, april).received
    assert (first.outcome, second.outcome) == (Outcome.REFUSED, Outcome.RECEIVED)
    assert len(rows_of(city.ledger, 1, "assignment")) == 2


def test_a_table_that_only_claims_to_be_known_is_read(city: City) -> None:
    march, april = two_months(city)
    assert city.receive(march).ok
    original = Package(april.read_bytes())
    name = f"{original.root}data/tables/assignment.csv"
    lying = city.folder / "lying.zip"
    with zipfile.ZipFile(lying, "w") as archive:
        for each, content in original.files.items():
            archive.writestr(each, content.replace(b",2022,", b",zweiundzwanzig,") if each == name else content)
    alone = verify_package(lying)
    with city.ledger.writing() as conn:
        known = verify_package(lying, taker=RowLoader(Loading(conn), 2))
    assert {problem.code for problem in alone.problems} >= {"cell", "bag.changed"}
    assert known == alone


def test_a_ledger_from_before_opens_and_goes_on(city: City, tmp_path: Path) -> None:
    march, april = two_months(city)
    with Ledger.create(tmp_path / "旧台账.db", author="李明") as ledger:
        assert consolidate(ledger, [march], on=TODAY).ok
        with ledger.writing() as conn:
            conn.execute("DROP INDEX package_table_content")
            conn.execute("ALTER TABLE package_table DROP COLUMN content")
            conn.execute("PRAGMA user_version = 1")
    for _ in range(2):
        with Ledger.open(tmp_path / "旧台账.db", author="李明") as ledger, ledger.reading() as conn:
            assert conn.execute("PRAGMA user_version").fetchone() == (VERSION,)
    with Ledger.open(tmp_path / "旧台账.db", author="李明") as ledger:
        assert consolidate(ledger, [april], on=TODAY).ok
        assert rows_of(ledger, 1, "assignment") == rows_of(ledger, 2, "assignment") != []
        assert count(ledger, "assignment") == 4
