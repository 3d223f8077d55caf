"""The workbooks of units, out and back, against the libraries alone.

Writing: 100 towns, eight registers with twelve rows of each town, and what goes with them (guide, identity, lists,
drop-downs, marks, protection), from the county file to files on the disk. The reference is bare openpyxl, write-only,
for the same cells: values alone, already in memory.
"""

from __future__ import annotations

import atexit
import itertools
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from db.core.fields import load_schema
from db.core.values import Cell
from db.exchange.unit_book.write import BookRequest, write_books
from db.plan.catalogue import load_catalogue
from db.store import records
from db.store.county import County
from db.work.demo_samples import sample_row
from db.work.registers import shipped
from db.work.setup import new_county
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
