from __future__ import annotations

import pytest

from db.core.errors import DataProblem
from db.work.references import names_of, resolve
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
