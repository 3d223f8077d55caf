"""Rows copied from a spreadsheet: columns found by heading, references by name, repeats told, nothing half added."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.store.county import County
from db.store.query import TableQuery
from db.work.pasted_rows import add_rows, judge, read_rows
from tests.db.county_folders import county_in

CODE = "91370783000000019W"


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with county_in(tmp_path / "寿光") as opened:
        yield opened


def test_headings_say_which_column_is_which(county: County) -> None:
    heading = ["联系电话", "企业名称*", "法人", "所属镇街"]
    block = [heading, ["0536-5221234", "甲公司", "张三", "侯镇"], ["", "", "", ""]]
    with county.reading() as conn:
        pasted = read_rows(conn, load_schema("enterprise"), block)
    assert [own.name if own else "" for own in pasted.columns] == ["phone", "name", "", "town_id"]
    [row] = pasted.good()
    assert row["name"] == "甲公司" and row["phone"] == "0536-5221234" and row["town_id"]
    assert "法人" in pasted.headings


def test_without_headings_the_columns_come_in_order(county: County) -> None:
    with county.reading() as conn:
        pasted = read_rows(conn, load_schema("enterprise"), [[CODE, "甲公司", "侯镇"]])
    [row] = pasted.good()
    assert (row["credit_code"], row["name"]) == (CODE, "甲公司")


def test_units_in_headings_are_left_aside(county: County) -> None:
    block = [["名称", "户数（户）"], ["新镇", "1.2万"]]
    with county.reading() as conn:
        [row] = read_rows(conn, load_schema("town"), block).good()
    assert row["households"] == 12000


def test_wrong_cells_and_nameless_rows_stay_out(county: County) -> None:
    block = [["企业名称", "所属镇街", "统一社会信用代码"], ["甲", "天上镇", ""], ["", "侯镇", ""], ["乙", "侯镇", "12"]]
    with county.reading() as conn:
        pasted = read_rows(conn, load_schema("enterprise"), block)
        assert pasted.good() == []
        assert "天上镇" in pasted.rows[0].problems[1]
        assert set(pasted.rows[1].problems) == {0}
        assert "18位" in pasted.rows[2].problems[2]
        pasted.rows[0].texts[1] = "侯镇"
        judge(conn, pasted)
    assert [row["name"] for row in pasted.good()] == ["甲"]


def test_a_row_that_is_there_already_is_not_added_twice(county: County) -> None:
    schema = load_schema("enterprise")
    block = [[CODE, "甲公司"], [CODE, "甲公司（新）"]]
    with county.reading() as conn:
        pasted = read_rows(conn, schema, block)
    assert "第1行" in pasted.rows[1].repeats
    with county.operation("粘贴新增") as op:
        assert len(add_rows(op, schema, pasted.good())) == 1
    with county.reading() as conn:
        assert TableQuery(schema).count(conn) == 1
        again = read_rows(conn, schema, block)
    assert again.good() == [] and "甲公司" in again.rows[0].repeats


def test_an_empty_clipboard_says_what_to_do(county: County) -> None:
    with county.reading() as conn:
        for block in ([[""]], [["企业名称", "所属镇街"]]):
            with pytest.raises(DataProblem, match="复制"):
                read_rows(conn, load_schema("enterprise"), block)
