from __future__ import annotations

from decimal import Decimal

import pytest

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.store import records
from db.work import directory
from db.work.directory import Use
from tests.db.work.desk import Desk


def test_what_is_used_stays_and_says_where(desk: Desk) -> None:
    desk.share("08-06-1", 2022, "100")
    desk.enterprise("甲厂", town_id=desk.towns[0])
    desk.projects("coal_boiler", {"name": "一", "town_id": desk.towns[0]}, {"name": "二", "town_id": desk.towns[0]})
    with pytest.raises(DataProblem, match="“圣城街道”还在使用：企业1条、燃煤锅炉淘汰2条、分解任务1条。"):
        with desk.county.operation("删除镇街") as op:
            directory.remove(op, table="town", row_ids=[desk.towns[1], desk.towns[0]])
    assert directory.uses(desk.conn, "town", [desk.towns[1]]) == {}
    with desk.county.operation("删除镇街") as op:
        assert directory.remove(op, table="town", row_ids=[desk.towns[1]]) == 1


def test_what_only_deleted_rows_use_can_go(desk: Desk) -> None:
    firm = desk.enterprise("甲厂")
    desk.give("08-06-1", 2022, "enterprise", firm, amount=Decimal(1))
    assert directory.uses(desk.conn, "enterprise", [firm]) == {firm: [Use("assignment", "分解任务", 1)]}
    desk.give("08-06-1", 2022, "enterprise", firm, amount=None)
    with desk.county.operation("删除企业") as op:
        assert directory.remove(op, table="enterprise", row_ids=[firm]) == 1


def test_twins_are_the_same_code_or_the_same_name_in_the_same_town(desk: Desk) -> None:
    code = "91370783165786008L"
    first = desk.enterprise("甲厂", credit_code=code, town_id=desk.towns[0])
    second = desk.enterprise("甲厂", town_id=desk.towns[1])
    third = desk.enterprise("乙厂")

    def ids(**asked: str) -> list[str]:
        return [row.id for row in directory.twins(desk.conn, **asked)]

    assert ids(credit_code=code) == [first]
    assert ids(name="甲厂", town_id=desk.towns[1]) == [second]
    assert ids(name="乙厂") == [third]
    assert ids(name="乙厂", except_id=third) == ids() == []
    (found,) = directory.twins(desk.conn, credit_code=code)
    assert found.labels == {"town_id": "圣城街道"}


def test_removing_many_asks_each_table_once_not_each_row(desk: Desk) -> None:
    with desk.county.operation("登记企业") as op:
        firms = records.insert_many(op, load_schema("enterprise"), ({"name": f"企业{n}"} for n in range(400)))
    asked: list[str] = []
    with desk.county.operation("删除企业") as op:
        op.conn.set_trace_callback(asked.append)
        assert directory.remove(op, table="enterprise", row_ids=firms) == 400
        op.conn.set_trace_callback(None)
    assert sum(statement.lstrip().startswith("SELECT") for statement in asked) < 80
