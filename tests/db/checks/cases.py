"""For every rule a file that breaks it and the same file mended.

A case is a generator: what it does before its first `yield` breaks the rule, what follows mends it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from db.core.period import Period
from db.core.values import Cell
from tests.db.checks.desk import CheckDesk

Steps = Callable[[CheckDesk], Iterator[None]]


@dataclass(frozen=True)
class Case:
    """What breaks and mends a rule, and which data are checked for it ("": everything)."""

    steps: Steps
    kind: str = ""
    period: Period | None = None


CASES: dict[str, Case] = {}


def case(code: str, kind: str = "", period: Period | None = None) -> Callable[[Steps], Steps]:
    """Register the case of a rule."""

    def register(steps: Steps) -> Steps:
        assert code not in CASES, code
        CASES[code] = Case(steps, kind, period)
        return steps

    return register


def stored(code: str, register: str, wrong: dict[str, object], right: dict[str, object], **values: Cell) -> None:
    """Register the case of a project that holds `wrong` stored values, then `right` ones."""

    @case(code)
    def steps(desk: CheckDesk) -> Iterator[None]:
        row_id = desk.project(register, name="示例项目", town_id=desk.towns[0], **values)
        desk.put(f"register_{register}", row_id, **wrong)
        yield
        desk.put(f"register_{register}", row_id, **right)


def row(code: str, table: str, wrong: dict[str, object], right: dict[str, object], **values: Cell) -> None:
    """Register the case of a row of another table."""

    @case(code)
    def steps(desk: CheckDesk) -> Iterator[None]:
        row_id = desk.row(table, **values)
        desk.put(table, row_id, **wrong)
        yield
        desk.put(table, row_id, **right)


DONE, AT_WORK = "已完成", "实施中"
MICRO = 1_000_000
YEAR = Decimal(2022)

# -- what a definition demands -----------------------------------------------------------------------------------------

stored("F01", "red_line", {"prohibition": None}, {"prohibition": "04-03-1 严禁新增水泥熟料、粉磨产能"},
       month="2022-03", checked=True, kept=True)  # fmt: skip
stored("F02", "key_project", {"stage": "快了"}, {"stage": AT_WORK})
stored("F03", "rural_heating", {"village_code": "3707"}, {"village_code": "370783101201"})
stored("F04", "key_project", {"total_investment": -MICRO}, {"total_investment": 0})
stored("F05", "coal_boiler", {"extended": 1, "extended_until": "2023-01-01"}, {"extended_until": "2022-11-14"},
       due_on=date(2021, 10, 31))  # fmt: skip
stored("F06", "key_project", {"name": "长" * 200}, {"name": "不长"})
stored("F07", "key_project", {"total_investment": 1}, {"total_investment": 100})
stored("F08", "key_project", {"started_on": "后天"}, {"started_on": "2022-03-01"})
stored("F09", "coal_boiler", {"extended": 0, "extension_reason": "管网未到"}, {"extension_reason": None})
stored("H01", "coal_boiler", {"tonnage": 36 * MICRO}, {"tonnage": 35 * MICRO})

# -- within a row ------------------------------------------------------------------------------------------------------

stored("H02", "key_project", {"stage": DONE}, {"completed_on": "2022-03-01"})
stored("H03", "key_project", {"completed_on": "2022-04-06"}, {"completed_on": "2022-04-05"})
stored("H04", "key_project", {"completed_on": "2022-03-01", "stage": AT_WORK}, {"stage": "已销号"})
stored("H05", "key_project", {"started_on": "2022-04-06", "stage": AT_WORK}, {"started_on": "2022-04-05"})
stored("H06", "key_project", {"total_investment": 5 * MICRO, "completed_investment": 6 * MICRO},
       {"completed_investment": 5 * MICRO})  # fmt: skip
stored("H07", "key_project", {"stage": "未启动", "completed_investment": MICRO}, {"completed_investment": 0})
stored("H08", "key_project", {"stage": AT_WORK}, {"started_on": "2022-03-01"})
stored("H09", "key_project", {"total_investment": 5 * MICRO, "planned_investment": 6 * MICRO},
       {"planned_investment": 5 * MICRO})  # fmt: skip
stored("H10", "coal_boiler", {"completed_on": "2022-03-02", "accepted_on": "2022-03-01"},
       {"accepted_on": "2022-03-02"})  # fmt: skip
row("H11", "responsibility", {"plan_status": "已印发", "document_number": "寿政发〔2022〕1号"},
    {"issued_on": "2022-03-20"}, clause_id="08-06")  # fmt: skip
stored("H12", "key_project", {"total_investment": 5 * MICRO, "completed_investment": 5 * MICRO, "stage": AT_WORK},
       {"stage": DONE})  # fmt: skip

# -- people ------------------------------------------------------------------------------------------------------------

stored("W01", "key_project", {"phone": "0536-12"}, {"phone": "0536-5221234、13812345678"})
stored("W02", "key_project", {}, {"responsible": "王芳"})
stored("W03", "key_project", {"responsible": "王芳"}, {"phone": "13812345678"})
row("W07", "enterprise", {"credit_code": "91370783MA3C00000X"}, {"credit_code": None}, name="一号公司")
row("W08", "enterprise", {}, {"credit_code": "91370700165838395N"}, name="一号公司")


@case("W04")
def nobody_to_ask(desk: CheckDesk) -> Iterator[None]:
    desk.share("08-06-1", 2022, "60")
    yield
    desk.put("town", desk.towns[0], contact="李强")


@case("W06")
def nobody_to_call(desk: CheckDesk) -> Iterator[None]:
    desk.share("08-06-1", 2022, "60")
    yield
    desk.put("town", desk.towns[0], phone="13812345678")


@case("W05")
def no_leader(desk: CheckDesk) -> Iterator[None]:
    lead = desk.conn.execute("SELECT id FROM department ORDER BY seq LIMIT 1").fetchone()[0]
    row_id = desk.row("responsibility", clause_id="08-06", lead_id=lead)
    yield
    desk.put("responsibility", row_id, leader="张县长")


@case("W09")
def no_clerk(desk: CheckDesk) -> Iterator[None]:
    desk.contacts(leader="张县长", clerk="王芳", clerk_phone="")
    yield
    desk.contacts(clerk_phone="13812345678")


# -- what the plan demands of a project --------------------------------------------------------------------------------

two_high: dict[str, Cell] = {"project_state": "在建", "industry": "焦化"}
stored("P06", "two_high_project", {"energy_replaced": MICRO, "energy_new": 2 * MICRO}, {"energy_new": MICRO},
       **two_high)  # fmt: skip
stored("P07", "two_high_project", {f"{name}_{side}": 0
                                   for name in ("capacity", "energy", "coal", "carbon", "sulfur_dioxide",
                                                "nitrogen_oxides", "particulates")
                                   for side in ("replaced", "new")},
       {"vocs_replaced": 0, "vocs_new": 0}, **two_high)  # fmt: skip
site: dict[str, Cell] = {"site_state": "在建", "large_site": True}
six: dict[str, Cell] = dict.fromkeys(("covered", "washed", "hardened", "wet_work", "sealed_transport"), True)
stored("P08", "construction_site", {"fenced": 0}, {"fenced": 1}, **site)
stored("P09", "construction_site", {}, {"fenced": 1}, **site, **six)
stored("P10", "construction_site", {"dust_monitor": 1, "video_monitor": 0}, {"video_monitor": 1}, **site)
stored("P11", "construction_site", {"dust_list": 0, "machinery_list": 1}, {"dust_list": 1}, **site)
pledge: dict[str, Cell] = {"prohibition": "04-03-1 严禁新增水泥熟料、粉磨产能", "month": "2022-03"}
stored("P13", "red_line", {"kept": 0}, {"kept": 1}, **pledge)
stored("P14", "red_line", {"kept": 1, "checked": 0}, {"checked": 1}, **pledge)
stored("P15", "red_line", {"kept": 1, "signed_by": "张县长"}, {"signed_on": "2022-04-01"}, **pledge)
stored("P16", "key_project", {"planned_completion_on": "2022-04-04"}, {"planned_completion_on": "2022-04-05"})
stored("P17", "two_high_project", {"project_state": "拟建"}, {"replacement": "减量替代"})
stored("P18", "coal_boiler", {"due_on": "2021-10-31"}, {"extended_until": "2022-11-14"}, extended=True)
stored("P19", "two_high_project", {"replacement": "等量替代"}, {"replacement_number": "鲁发改〔2022〕1号"})
stored("P20", "coal_boiler", {"extended": 1}, {"extension_number": "潍环〔2021〕1号"})
stored("P21", "coal_boiler", {"extended": 1}, {"extension_reason": "集中供热管网尚未覆盖"})
stored("P22", "rural_heating", {"planned_households": 5 * MICRO, "completed_households": 6 * MICRO},
       {"completed_households": 5 * MICRO})  # fmt: skip
stored("P23", "two_high_project", {"energy_level": "基准水平以下"}, {"energy_level": "标杆水平以上"}, **two_high)
stored("P24", "scattered_pollution", {"relapsed": 1}, {"relapsed": 0})
stored("P25", "scattered_pollution", {"closed_on": "2022-03-01", "two_cuts_three_clears": 0},
       {"two_cuts_three_clears": 1}, pollution_category="关停取缔")  # fmt: skip
stored("P03", "coal_boiler", {"planned_completion_on": "2022-11-15"}, {"planned_completion_on": "2022-11-14"})
