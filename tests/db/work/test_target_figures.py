from __future__ import annotations

from decimal import Decimal

from db.core.fields import load_schema
from db.core.values import Cell, State
from db.store import records
from db.work.target_figures import TargetFigure, target_figures
from tests.db.work.desk import Desk


def of(desk: Desk, target_id: str) -> TargetFigure:
    (found,) = [figure for figure in target_figures(desk.conn, desk.plan) if figure.target_id == target_id]
    return found


def village(year: int, done: int | State | None, technology: str | None = "气代煤") -> dict[str, Cell]:
    return {
        "name": "清洁取暖",
        "plan_year": Decimal(year),
        "technology": technology,
        "completed_households": Decimal(done) if isinstance(done, int) else done,
    }


def test_completed_households_add_up_to_the_target_with_their_arithmetic(desk: Desk) -> None:
    desk.projects(
        "rural_heating",
        village(2021, 2500),
        village(2022, 1000, "生物质"),
        village(2022, 2140, None),
        village(2022, None),
        village(2022, State.NO_DATA),
        village(2022, 9999, "清洁煤炭+节能环保炉具"),
    )
    found = of(desk, "08-06-1")
    assert (found.amount, found.unit, found.rows, found.silent) == (Decimal(5640), "户", 5, 2)
    assert found.by_year == {2021: 2500, 2022: 3140}
    assert (found.in_city_unit, found.city_unit) == (Decimal("0.564"), "万户")
    assert found.sentence == (
        "“农村清洁取暖”5行的“完成户数”相加，共5,640户（0.564万户）：2021年2,500，2022年3,140；2行未报。"
    )


def test_rows_in_the_bin_count_for_nothing(desk: Desk) -> None:
    row_id = desk.project("rural_heating", completed_households=Decimal(5))
    with desk.county.operation("删除") as op:
        records.delete(op, load_schema("rural_heating"), [row_id])
    assert of(desk, "08-06-1").sentence == "“农村清洁取暖”还没有计入这一目标的行。"


def test_a_list_to_clear_tells_how_many_are_done(desk: Desk) -> None:
    desk.projects(
        "coal_boiler",
        {"name": "一", "stage": "已销号"},
        {"name": "二", "stage": "实施中", "extended": True},
        {"name": "三", "stage": "已完成", "extended": True},
        {"name": "四"},
    )
    boilers = of(desk, "08-02-1")
    assert (boilers.amount, boilers.rows, boilers.unit) == (Decimal(2), 4, "项")
    assert boilers.sentence == "“燃煤锅炉淘汰”应完成4项，已完成2项，还有2项。"
    assert (of(desk, "08-02-3").amount, of(desk, "08-02-3").rows) == (Decimal(1), 2)


def test_each_kind_of_equipment_counts_towards_its_own_target(desk: Desk) -> None:
    desk.projects(
        "outdated_capacity",
        {"name": "联盟石化", "industry": "地炼", "equipment_kind": "炼油装置", "stage": "已验收"},
        {"name": "磨机", "industry": "水泥", "equipment_kind": "水泥磨机", "stage": "未启动"},
        {"name": "轮胎", "industry": "轮胎", "equipment_kind": "全钢子午胎生产线", "stage": "已完成"},
    )
    found = {f.target_id: (f.amount, f.rows) for f in target_figures(desk.conn, desk.plan) if f.rows}
    assert found == {"03-02-1": (Decimal(1), 1), "03-02-6": (Decimal(0), 1), "03-02-9": (Decimal(1), 1)}
