from __future__ import annotations

from datetime import date
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


def test_the_largest_numbers_add_up_too(desk: Desk) -> None:
    most = Decimal(9_000_000_000_000)
    desk.projects("rural_heating", *({"name": name, "completed_households": most} for name in ("一村", "二村")))
    assert [f.amount for f in target_figures(desk.conn, desk.plan) if f.rows] == [2 * most]


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


def test_what_is_open_is_what_was_found_and_not_yet_dealt_with(desk: Desk) -> None:
    desk.projects(
        "scattered_pollution",
        {"name": "甲", "found_on": date(2022, 1, 5), "closed_on": date(2022, 2, 1)},
        {"name": "乙", "found_on": date(2022, 1, 9)},
        {"name": "丙", "found_on": date(2022, 3, 9)},
        {"name": "丁"},
    )
    found = of(desk, "03-03-1")
    assert (found.how, found.amount, found.rows, found.silent) == ("open", Decimal(2), 4, 1)
    assert found.sentence == "“‘散乱污’企业整治”发现3项－已处置1项＝未处置2项；1行没有发现日期。"
    (january,) = [
        figure for figure in target_figures(desk.conn, desk.plan, on=date(2022, 1, 31)) if figure.target_id == "03-03-1"
    ]
    assert january.amount == 2
    assert january.sentence == "“‘散乱污’企业整治”到2022年1月31日，发现2项－已处置0项＝未处置2项；1行没有发现日期。"


def test_a_rate_is_made_of_two_sums_and_never_of_rates(desk: Desk) -> None:
    def fleet(year: int, clean: int | None, of_all: int) -> dict[str, Cell]:
        more = Decimal(clean) if clean is not None else None
        return {
            "name": "车队",
            "plan_year": Decimal(year),
            "fleet_use": "公交",
            "public_funds": True,
            "vehicles": Decimal(of_all),
            "clean_vehicles": more,
        }

    fleets = [fleet(2021, 9, 10), fleet(2022, 10, 10), fleet(2022, 0, 90), fleet(2022, None, 5)]
    desk.projects("new_energy_vehicle", *fleets)
    found = of(desk, "12-12-2")
    assert (found.amount, found.numerator, found.denominator) == (Decimal(10), Decimal(10), Decimal(100))
    assert (found.by_year, found.silent) == ({2021: Decimal(90), 2022: Decimal(10)}, 1)
    assert found.sentence == "“新能源车辆推广”2022年“其中新能源”合计10辆÷“在用车辆”合计100辆＝10%；1行缺数。"


def test_a_rate_may_be_of_part_of_one_column_or_of_the_rows_themselves(desk: Desk) -> None:
    desk.projects(
        "chemical_enterprise",
        {"name": "甲", "plan_year": Decimal(2022), "in_park": True, "revenue": Decimal(300)},
        {"name": "乙", "plan_year": Decimal(2022), "in_park": False, "revenue": Decimal(100)},
    )
    desk.projects(
        "construction_site",
        {"name": "甲", "site_state": "在建", "fenced": True},
        {"name": "乙", "site_state": "在建", "fenced": False},
        {"name": "丙", "site_state": "在建"},
        {"name": "丁", "site_state": "竣工", "fenced": True},
    )
    assert of(desk, "05-07-1").amount == 75
    sites = of(desk, "17-01-1")
    assert (sites.amount, sites.rows) == (Decimal("33.33"), 3)
    assert sites.sentence == "“施工工地扬尘管控”符合的1项÷共3项＝33.33%。"


def test_a_reduction_is_held_against_its_base_year(desk: Desk) -> None:
    town: dict[str, Cell] = {"name": "甲", "plan_year": Decimal(2022)}
    desk.projects("fertilizer", {**town, "fertilizer_used": Decimal(97), "fertilizer_2020": Decimal(100)})
    fertilizer = of(desk, "14-01-1")
    assert (fertilizer.amount, fertilizer.unit) == (Decimal(3), "%")
    assert fertilizer.sentence == (
        "“测土配方与化肥减量”2022年1－“化肥使用量”合计97吨÷“2020年化肥使用量”合计100吨＝下降3%。"
    )
    common: dict[str, Cell] = {"plan_year": Decimal(2022), "building_area_2020": Decimal(100)}
    common["energy_2020"] = Decimal(10)
    desk.projects(
        "public_institution",
        {**common, "name": "甲", "building_area": Decimal(200), "energy_used": Decimal(19)},
        {**common, "name": "乙", "building_area": Decimal(0), "energy_used": Decimal(0)},
    )
    assert of(desk, "09-02-1").amount == 5


def test_what_restarts_every_year_is_told_for_the_latest(desk: Desk) -> None:
    desk.projects(
        "livestock_manure",
        {"name": "甲", "plan_year": Decimal(2021), "organic_fertilizer": Decimal(40)},
        {"name": "甲", "plan_year": Decimal(2022), "organic_fertilizer": Decimal(50)},
    )
    found = of(desk, "16-01-2")
    assert (found.amount, found.by_year) == (Decimal(50), {2021: Decimal(40), 2022: Decimal(50)})
    assert "2022年50吨" in found.sentence


def test_the_five_cuts_are_computed_and_counted_when_all_are_there(desk: Desk) -> None:
    items = ("capacity", "energy", "coal", "carbon", "sulfur_dioxide", "nitrogen_oxides", "particulates", "vocs")
    replaced = {f"{item}_replaced": Decimal(10) for item in items}
    new = {f"{item}_new": Decimal(8) for item in items}
    more: dict[str, Cell] = {"project_state": "拟建", "town_id": desk.towns[0]}
    no_coal: dict[str, Cell] = {"coal_replaced": Decimal(0), "coal_new": Decimal(0)}
    desk.projects(
        "two_high_project",
        {"name": "甲", **more, **replaced, **new},
        {"name": "乙", **more, **replaced, **new, **no_coal},
        {"name": "丙", **more, **replaced, **new, "energy_new": Decimal(10)},
        {"name": "丁", **more, **replaced, **new, "vocs_new": None},
        {"name": "戊", "project_state": "存量"},
    )
    found = of(desk, "04-02-5")
    assert (found.amount, found.rows) == (Decimal(2), 4)
