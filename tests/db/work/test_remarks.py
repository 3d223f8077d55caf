"""The county's answers to remarks: what is a reply, and who closes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.store import records
from db.work.remarks import kept_value, open_remarks, reply, threads
from tests.db.work.desk import Desk

BASE = {"answer_id": "a", "package_id": "p", "kind": "registers", "period": "2022", "text": "请补充装备型号"}


def remark(desk: Desk, status: str = "新提出", **more: str) -> str:
    with desk.county.operation("导入退回", record=True) as op:
        return records.insert(op, load_schema("remark"), {**BASE, "status": status, **more})


def test_a_reply_moves_the_remark_on_and_can_be_undone(desk: Desk) -> None:
    row = remark(desk)
    assert open_remarks(desk.conn) == 1
    with desk.county.operation("回复意见") as op:
        reply(op, row, "型号写在铭牌上，正在向企业要")
    assert threads(desk.conn, desk.plan)[0].status == "已回复" and open_remarks(desk.conn) == 1
    with desk.county.operation("回复意见") as op:
        reply(op, row, "已补充型号并附铭牌照片", solved=True)
    (thread,) = threads(desk.conn, desk.plan)
    assert thread.status == "拟解决" and not thread.open and open_remarks(desk.conn) == 0
    assert [(said.status, said.author) for said in thread.replies] == [("已回复", "经办人"), ("拟解决", "经办人")]
    desk.county.undo()
    assert threads(desk.conn, desk.plan)[0].status == "已回复"


@pytest.mark.parametrize("text", ["", "核实无误", "改了", "情况属实"])
def test_empty_talk_is_no_reply(desk: Desk, text: str) -> None:
    row = remark(desk)
    with pytest.raises(DataProblem, match="没有写清楚"), desk.county.operation("回复意见") as op:
        reply(op, row, text)
    assert threads(desk.conn, desk.plan)[0].replies == ()


def test_only_the_city_closes_and_what_is_closed_stays_so(desk: Desk) -> None:
    row = remark(desk, "已关闭")
    with pytest.raises(DataProblem, match="已经关闭"), desk.county.operation("回复意见") as op:
        reply(op, row, "再补充一句说明情况")


def test_what_waits_for_the_county_comes_first(desk: Desk) -> None:
    for status in ("已关闭", "拟解决", "已回复", "新提出"):
        remark(desk, status, text=f"{status}的意见")
    assert [thread.status for thread in threads(desk.conn, desk.plan)] == ["新提出", "已回复", "已关闭", "拟解决"]


def test_a_projects_cell_is_told_with_both_values(desk: Desk) -> None:
    row = desk.project("coal_boiler", name="一号锅炉", total_investment=Decimal("1200.5"), town_id=desk.towns[0])
    remark(desk, table_name="register_coal_boiler", row_id=row, field="total_investment", value="1200.5")
    remark(desk, table_name="register_coal_boiler", row_id=row, field="town_id", value=desk.towns[1])
    money, town = threads(desk.conn, desk.plan, package_id="p")
    assert money.row_title == "一号锅炉" and money.values == "上报时是1,200.5，没有改过。"
    assert money.spot.register == "coal_boiler" and money.spot.row_id == row
    assert town.changed and town.now and town.then != town.now and "-" not in town.then


@pytest.mark.parametrize("text", ["第一行\n第二行", "长" * 500])
def test_what_was_not_changed_is_not_called_changed(desk: Desk, text: str) -> None:
    project = desk.project("key_project", name="甲", content=text)
    remark(desk, table_name="register_key_project", row_id=project, field="content", value=kept_value(text))
    (thread,) = threads(desk.conn, desk.plan)
    assert not thread.changed


def test_tabs_of_a_spreadsheet_do_not_stay_in_a_reply(desk: Desk) -> None:
    row = remark(desk)
    with desk.county.operation("回复意见") as op:
        reply(op, row, "型号：\t铭牌上写着\n正在核对")
    assert threads(desk.conn, desk.plan)[0].replies[0].text == "型号： 铭牌上写着\n正在核对"
