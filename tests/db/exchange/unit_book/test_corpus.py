"""Every awkward workbook of the corpus comes to the verdict that is written beside it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from db.core.values import Cell
from db.exchange.unit_book.read import read_books
from db.exchange.unit_book.reading import Fate
from tests.db.county_folders import county_in
from tests.db.exchange.unit_book.books import write
from tests.db.exchange.unit_book.corpus import CASES
from tests.db.work.desk import Desk


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Path]]:
    """A county that nobody changes, and the workbook that its first town was sent."""
    folder = tmp_path_factory.mktemp("corpus")
    with county_in(folder / "寿光") as county, county.reading() as conn:
        desk = Desk(county, conn)
        desk.share("08-06-1", 2022, "100", "200")
        firm = desk.enterprise("演示热力有限公司", town_id=desk.towns[0])
        names = ("一号锅炉", "二号锅炉", "三号锅炉", "四号锅炉")
        rows: list[dict[str, Cell]] = [
            {"name": name, "town_id": desk.towns[0], "tonnage": Decimal(10 * number), "enterprise_id": firm}
            for number, name in enumerate(names, 1)
        ]
        desk.projects("coal_boiler", *rows)
        desk.projects("coal_boiler", {"name": "别处的锅炉", "town_id": desk.towns[1]})
        yield desk, write(desk, folder / "out").books[0].file


@pytest.mark.parametrize("name", CASES)
def test_verdict(sent: tuple[Desk, Path], tmp_path: Path, name: str) -> None:
    desk, original = sent
    case = CASES[name]
    file = Path(shutil.copy(original, tmp_path / f"{name}.xlsx"))
    case.make(file)
    (found,) = read_books(desk.conn, desk.plan, [file])
    problems = found.problems()
    assert tuple(problem.code for problem in problems) == case.codes
    assert found.verdict == case.verdict
    assert case.note in "\n".join(found.notes)
    assert all(problem.message and (problem.cell or found.refusal) for problem in problems)
    tables = [table for table in found.tables if table.table.code == "coal_boiler"]
    if found.verdict != "refused" and tables:
        assert tuple(tables[0].counts()[fate] for fate in Fate) == case.counts
    for code, values in case.values.items():
        taken = [row.taken[code] for row in tables[0].rows]
        assert [str(each) if isinstance(each, Decimal) else each for each in taken] == values
