"""Workbooks that a second program filled in or saved again: every value arrives, whatever the file's kind."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from db.core.values import State
from tests.db.exchange.unit_book.books import HOSTILE, through_office
from tests.db.exchange.unit_book.returned import FIRST, Returned
from tests.db.work.desk import Desk

ALL = len(HOSTILE)


@pytest.fixture
def returned(desk: Desk, tmp_path: Path) -> Returned:
    return Returned(desk, tmp_path / "out")


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_saved_again_by_libreoffice_it_changes_nothing(returned: Returned, tmp_path: Path, kind: str) -> None:
    returned.file = through_office(returned.file, kind, tmp_path / "again")
    file = returned.read()
    assert (file.verdict, file.notes, file.problems()) == ("good", [], [])
    assert {table.table.code: table.unchanged for table in file.tables} == {"assignment": 1, "coal_boiler": ALL}
    assert not any(table.rows for table in file.tables)


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_what_was_typed_arrives_through_libreoffice(returned: Returned, tmp_path: Path, kind: str) -> None:
    returned.put(FIRST, tonnage=7.25, annual_coal="不涉及", due_on=date(2022, 3, 15), extended="是", note=" 两\n行 ")
    returned.put(FIRST + 1, tonnage="１,２00.5", annual_coal=0, stage="已完成", phone=13805361234, content="=1+1")
    returned.put(FIRST + ALL, name="新锅炉", commissioned_year=2009, enterprise_id="演示热力（集团）有限公司")
    returned.file = through_office(returned.file, kind, tmp_path / "again")
    returned.store()
    first, second, *_, new = returned.rows()
    assert (first["tonnage"], first["annual_coal"]) == (Decimal("7.25"), State.NOT_APPLICABLE)
    assert (first["due_on"], first["extended"], first["note"]) == (date(2022, 3, 15), True, "两\n行")
    assert (second["tonnage"], second["annual_coal"], second["stage"]) == (Decimal("1200.5"), Decimal(0), "已完成")
    # The second program worked the formula out.
    assert (second["phone"], second["content"]) == ("13805361234", "2")
    assert (new["name"], new["commissioned_year"], new["town_id"]) == ("新锅炉", Decimal(2009), returned.desk.towns[0])


def test_a_file_under_another_name_is_read_by_what_it_is(returned: Returned, tmp_path: Path) -> None:
    old = through_office(returned.file, "xls", tmp_path / "again")
    returned.file = Path(shutil.copy(old, tmp_path / "圣城街道.et"))
    assert returned.read().verdict == "good"
