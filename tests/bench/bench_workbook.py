"""The workbooks of units, out and back, against the libraries alone.

Writing: 100 towns, eight registers with twelve rows of each town, and what goes with them (guide, identity, lists,
drop-downs, marks, protection), from the county file to files on the disk. The reference is bare openpyxl, write-only,
for the same cells: values alone, already in memory.

Reading: 100,000 rows × 20 columns of one town, from the file to what is shown before anything is stored. The reference
is calamine alone and a bare `executemany` of the same rows.
"""

from __future__ import annotations

import atexit
import itertools
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from db.core.fields import load_schema
from db.core.values import Cell, State
from db.exchange.unit_book.form import Identity, register_table
from db.exchange.unit_book.read import read_books
from db.exchange.unit_book.reading import Fate
from db.exchange.unit_book.rows import BookRow
from db.exchange.unit_book.rows import values_of as as_written
from db.exchange.unit_book.template import Template
from db.exchange.unit_book.write import BookRequest, write_books
from db.plan.catalogue import load_catalogue
from db.store import records
from db.store.county import County
from db.work.demo_samples import sample_row
from db.work.handouts import Handout, record_handouts
from db.work.registers import shipped
from db.work.setup import new_county, town_id
from tests.bench.harness import Measured, benchmark, in_turn

TOWNS, REGISTERS, ROWS = 100, 8, 12


@cache
def sending() -> Path:
    """Return a county with as many towns, and rows of each in the registers."""
    place = Path(tempfile.mkdtemp(prefix="sijian-bench-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    with new_county(place / "county", county="370783", author="测试") as county:
        with county.operation("镇街") as op:
            names: list[dict[str, Cell]] = [{"name": f"第{number}镇", "kind": "镇"} for number in range(TOWNS)]
            towns = records.insert_many(op, load_schema("town"), names)
        with county.operation("项目") as op:
            for schema in shipped()[:REGISTERS]:
                rows = [
                    sample_row(schema, {"town_id": town, "responsible": "王小明"}, number)
                    for town, number in itertools.product(towns, range(1, ROWS + 1))
                ]
                records.insert_many(op, schema, rows)
    return place


def towns(county: County) -> tuple[tuple[str, str], ...]:
    """Return the towns that have rows."""
    with county.reading() as conn:
        ids = conn.execute("SELECT id FROM town WHERE name LIKE '第%镇' AND code IS NULL ORDER BY seq").fetchall()
    return tuple(("town", row_id) for (row_id,) in ids)


@benchmark(f"writing the workbooks of {TOWNS} towns, to bare openpyxl for the same cells", limit=1.3)
def writing() -> Measured:
    place = sending()
    with County.open(place / "county", author="测试") as county:
        units, plan = towns(county), load_catalogue()
        request = BookRequest(("registers",), None, tuple(schema.name for schema in shipped()[:REGISTERS]), units)
        numbers = itertools.count()

        def ours() -> list[Path]:
            return list(write_books(county, plan, request, place / f"ours{next(numbers)}").files)

        cells = [values_of(file) for file in ours()]
        assert len(cells) == TOWNS
        return in_turn(ours, lambda: bare(cells, place / f"bare{next(numbers)}"), repeats=3, warm_up=0)


def values_of(file: Path) -> dict[str, list[list[Any]]]:
    """Return the values of all cells by sheet."""
    import openpyxl

    book = openpyxl.load_workbook(file)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def bare(books: list[dict[str, list[list[Any]]]], folder: Path) -> None:
    """Write the values into as many workbooks with openpyxl as its manual says."""
    import openpyxl

    folder.mkdir()
    for number, sheets in enumerate(books):
        book = openpyxl.Workbook(write_only=True)
        for title, rows in sheets.items():
            sheet: Any = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(folder / f"{number}.xlsx")


READ_ROWS, COLUMNS = 100_000, 20
KNOWN = 60_000


@cache
def returned() -> tuple[Path, Path]:
    """Return a county and a town's workbook that came back: 60,000 rows it has, a tenth changed, 40,000 new ones."""
    place = Path(tempfile.mkdtemp(prefix="sijian-bench-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    schema = load_schema("coal_boiler")
    with new_county(place / "county", county="370783", author="测试") as county:
        town = town_id("370783001")
        with county.operation("项目") as op:
            records.insert_many(op, schema, (boiler(number, town) for number in range(KNOWN)))
        with county.reading() as conn:
            table = register_table(schema, "town")
            assert table is not None
            table = replace(table, columns=tuple(c for c in table.columns if c.code in TAKEN))
            ids = [row_id for (row_id,) in conn.execute(f"SELECT id FROM {schema.table} ORDER BY seq")]
            seq = int(conn.execute("SELECT max(seq) FROM change").fetchone()[0])
        entries = []
        for number in range(READ_ROWS):
            values = boiler(number, town)
            if not number % 10 or number >= KNOWN:
                values |= {"note": f"第{number}台有变化", "tonnage": Decimal(number % 900) / 4}
            row_id = ids[number] if number < KNOWN else ""
            entries.append(BookRow(row_id, seq if row_id else 0, as_written(table, values, {"town_id": "圣城街道"})))
        kinds, tags = ("registers",), (table.tag,)
        unit = Identity("b", "370783", "", "file", "town", town, "圣城街道", kinds, "2022", "", tags, seq, "", "0")
        file, made = place / "圣城街道.xlsx", Template([table])
        with file.open("wb") as out:
            made.write(out, unit, {}, [entries], [[] for _ in made.lists.lists])
        with county.operation("县级数据", record=True) as op:
            # Without its place on record a workbook would count as another county file's, and every change as a clash.
            sent = Handout("b", "town", town, kinds, "2022", (schema.name,), "", file.name, seq)
            record_handouts(op, "file", [sent])
    return place / "county", file


@benchmark(
    f"{READ_ROWS:,} rows × {COLUMNS} columns read, checked and previewed, to calamine and executemany", limit=2.5
)
def reading() -> Measured:
    folder, file = returned()
    catalogue = load_catalogue()
    with County.open(folder, author="测试") as county, county.reading() as conn:

        def ours() -> None:
            (found,) = read_books(conn, catalogue, [file])
            counts = found.counts()
            assert (counts[Fate.ADDED], counts[Fate.UPDATED]) == (READ_ROWS - KNOWN, KNOWN // 10), counts
            assert len(found.as_json()["tables"]) == 1

        return in_turn(ours, lambda: bare_reading(file), repeats=3, warm_up=0)


def boiler(number: int, town: str) -> dict[str, Cell]:
    """Return a boiler's values in every column that is sent."""
    return {
        "name": f"{number}号锅炉",
        "town_id": town,
        "location": f"工业园{number % 40}路{number % 97}号",
        "content": f"拆除{number}号锅炉，接入集中供热",
        "boiler_number": f"锅{number:06}",
        "model": f"DZL{number % 12}-1.25-AII",
        "tonnage": Decimal(number % 700) / 10,
        "commissioned_year": Decimal(1990 + number % 30),
        "annual_coal": Decimal(number % 5000),
        "heated_area": Decimal(number % 9000) / 100,
        "due_on": date(2021, 1, 1) + timedelta(number % 900),
        "extended": not number % 7,
        "total_investment": Decimal(number % 100_000) / 100,
        "planned_investment": Decimal(number % 7_000),
        "completed_investment": State.NO_DATA if not number % 11 else Decimal(number % 6_000),
        "stage": ("未启动", "前期工作", "实施中", "已完成")[number % 4],
        "responsible": f"责任人{number % 300}",
        "phone": f"139{number % 90_000_000 + 10_000_000}",
        "problems": None if number % 3 else f"资金缺口{number % 50}万元",
        "note": None,
    }


TAKEN = tuple(boiler(0, ""))


def bare_reading(file: Path) -> None:
    """Read the sheet with calamine and put the rows into a table, and nothing else."""
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_path(str(file)) as book:
        sheet = book.get_sheet_by_name(load_schema("coal_boiler").title)
        rows = [[str(c) if isinstance(c, date) else c for c in row] for row in sheet.iter_rows()]
    with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(Path(folder) / "bare.db")) as conn:
        conn.execute(f"CREATE TABLE bare ({', '.join(f'c{n}' for n in range(len(rows[0])))})")
        conn.executemany(f"INSERT INTO bare VALUES ({', '.join('?' * len(rows[0]))})", rows)
        conn.commit()
