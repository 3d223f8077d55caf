from __future__ import annotations

from datetime import date
from decimal import Decimal

from db.core.values import Cell, State
from db.store import records
from db.work.registers import register
from db.work.row_changes import row_changes
from tests.db.work.desk import Desk


def test_every_field_tells_who_changed_it_from_what_to_what(desk: Desk) -> None:
    schema = register(desk.conn, "coal_boiler")
    row_id = desk.project("coal_boiler", name="一号炉", town_id=desk.towns[0])
    with desk.county.operation("填写蒸发量") as op:
        records.update(op, schema, row_id, {"tonnage": Decimal("1234.5"), "town_id": desk.towns[1]})
    with desk.county.operation("填写其他") as op:
        more: dict[str, Cell] = {"tonnage": State.NO_DATA, "extended": True, "due_on": date(2022, 3, 1)}
        records.update(op, schema, row_id, more)
    with desk.county.operation("删除") as op:
        records.delete(op, schema, [row_id])
    desk.county.undo()
    told = [
        (change.label, change.title, change.before, change.after) for change in row_changes(desk.conn, schema, row_id)
    ]
    names = [name for (name,) in desk.conn.execute("SELECT name FROM town ORDER BY seq LIMIT 2")]
    assert told == [
        ("撤销：删除", "", "", "恢复"),
        ("删除", "", "", "删除"),
        ("填写其他", "蒸发量（蒸吨）", "1,234.5", "暂无数据"),
        ("填写其他", "规定期限", "2021-10-31", "2022-03-01"),
        ("填写其他", "是否延期", "未报", "是"),
        ("填写蒸发量", "所属镇街", told[5][2], told[5][3]),
        ("填写蒸发量", "蒸发量（蒸吨）", "未报", "1,234.5"),
        ("登记项目", "", "", "新增"),
    ]
    assert {told[5][2], told[5][3]} == set(names)
    assert all(change.author == "经办人" and len(change.at) == 19 for change in row_changes(desk.conn, schema, row_id))
    assert row_changes(desk.conn, schema, "nothing") == []
