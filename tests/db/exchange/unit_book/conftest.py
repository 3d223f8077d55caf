"""A desk whose county sends workbooks, and LibreOffice as a second program that opens them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from db.core.values import Cell, State
from tests.db.county_folders import county_in
from tests.db.exchange.unit_book.books import HOSTILE
from tests.db.work.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A county with a task, two enterprises, and boilers of two towns whose texts are hostile."""
    with county_in(tmp_path / "寿光") as county, county.reading() as conn:
        made = Desk(county, conn)
        made.share("08-06-1", 2022, "100", "200", responsible="王小明", phone="13805361234")
        first, second = made.towns[:2]
        firm = made.enterprise("演示热力（集团）有限公司", town_id=first)
        made.enterprise("演示铸造有限公司", town_id=second)
        rows: list[dict[str, Cell]] = [
            {"name": f"{number}号锅炉", "town_id": first, "enterprise_id": firm, "content": text}
            for number, text in enumerate(HOSTILE, 1)
        ]
        rows[0] |= {"tonnage": Decimal("12.5"), "annual_coal": State.NO_DATA, "due_on": date(2021, 10, 31)}
        rows[1] |= {"tonnage": State.NOT_APPLICABLE, "extended": True, "stage": "实施中", "responsible": "李某"}
        rows[2] |= {"annual_coal": Decimal("8999999999999.999"), "commissioned_year": Decimal(1998)}
        rows.append({"name": "别处的锅炉", "town_id": second, "responsible": "赵某某", "phone": "13900000000"})
        made.projects("coal_boiler", *rows)
        yield made
