from __future__ import annotations

import pytest

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.store import records
from db.work.references import means_town, names_of, resolve
from tests.db.work.desk import Desk


@pytest.mark.parametrize("text", ["寿光（集团）有限公司", "寿光(集团)有限公司", " 寿光（集团)有限公司\u200b"])
@pytest.mark.parametrize("name", ["寿光（集团）有限公司", "寿光(集团)有限公司"])
def test_a_name_is_found_whatever_the_width_of_its_brackets(desk: Desk, name: str, text: str) -> None:
    firm = desk.enterprise(name)
    assert resolve(desk.conn, "enterprise", [text]) == {text: firm}


def test_a_name_that_two_rows_have_is_refused_and_the_code_tells_them_apart(desk: Desk) -> None:
    desk.enterprise("寿光（集团）有限公司")
    second = desk.enterprise("寿光(集团)有限公司", credit_code="91370783165786008L")
    found = resolve(desk.conn, "enterprise", ["寿光（集团）有限公司", "91370783165786008L", second, "无此企业"])
    several, unknown = found["寿光（集团）有限公司"], found["无此企业"]
    assert isinstance(several, DataProblem)
    assert several.code == "ref.several"
    assert "“寿光（集团）有限公司”" in several.message
    assert isinstance(unknown, DataProblem)
    assert unknown.code == "ref.unknown"
    assert found["91370783165786008L"] == found[second] == second


def test_the_names_of_ids_are_told_and_unknown_ids_left_out(desk: Desk) -> None:
    assert names_of(desk.conn, "town", [desk.towns[0], "unknown"]) == {desk.towns[0]: "圣城街道"}


@pytest.mark.parametrize(
    ("name", "text", "meant"),
    [
        ("圣城街道", "圣城", True),
        ("圣城街道", "圣城街道", True),
        ("圣城街道", "圣城街道办", True),
        ("圣城街道", "圣城街道办事处", True),
        ("圣城街道", "圣城镇", False),
        ("圣城街道", "", False),
        ("圣城街道", "街道", False),
        ("侯镇", "侯镇人民政府", True),
        ("侯镇", "侯", False),
        ("上口镇", " 上 口 ", True),
        ("寿光市农业农村局", "寿光市", False),
    ],
)
def test_what_people_call_a_town(name: str, text: str, meant: bool) -> None:
    assert means_town(name, text) is meant


def test_a_short_name_of_one_town_is_understood_and_one_of_two_refused_with_both(desk: Desk) -> None:
    assert resolve(desk.conn, "town", ["圣城", "圣城街道"]) == {"圣城": desk.towns[0], "圣城街道": desk.towns[0]}
    with desk.county.operation("登记镇街") as op:
        records.insert(op, load_schema("town"), {"name": "圣城镇"})
    found = resolve(desk.conn, "town", ["圣城", "圣城街道", "圣"])
    assert found["圣城街道"] == desk.towns[0]
    several, unknown = found["圣城"], found["圣"]
    assert isinstance(several, DataProblem)
    assert (several.code, str(several)) == ("ref.several", "“圣城”可能是圣城街道、圣城镇。请写全名。")
    assert isinstance(unknown, DataProblem)
    assert unknown.code == "ref.unknown"
