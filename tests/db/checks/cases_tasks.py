"""Cases of the breakdown, of tables against each other, and of the plan's deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from tests.db.checks.cases import CASES, MICRO, YEAR, case, row
from tests.db.checks.desk import MARCH, CheckDesk

__all__ = ["CASES"]

HEATING, GAS, COKE, MACHINES, REUSE = "08-06-1", "10-01-6", "03-02-3", "12-05-1", "16-01-1"
"""More is better · the same, every year · at most, set by the province · exactly so many · a rate."""


@case("B01")
def no_reason(desk: CheckDesk) -> Iterator[None]:
    desk.answer("08-06", "不涉及", "辖区内没有农村")
    [row_id] = desk.conn.execute("SELECT id FROM task_scope").fetchone()
    desk.put("task_scope", row_id, reason=None)
    yield
    desk.put("task_scope", row_id, reason="辖区内没有农村")


@case("B02")
def undecided(desk: CheckDesk) -> Iterator[None]:
    desk.answer(HEATING, "待定")
    yield
    desk.answer(HEATING, "涉及")


@case("B03")
def not_given_out(desk: CheckDesk) -> Iterator[None]:
    yield
    desk.answer_all("不涉及", "本县没有这些任务")


@case("B04")
def partly_given_out(desk: CheckDesk) -> Iterator[None]:
    desk.share(HEATING, 2022, "60")
    yield
    desk.quota(HEATING, 2022, "60")


row("B05", "assignment", {"confirmation": "有异议"}, {"confirmation": "已确认"},
    task_id=HEATING, year=YEAR, assignee_kind="town", assignee_id="x", opinion="任务太重")  # fmt: skip
row("B06", "assignment", {"amount": 0}, {"amount": MICRO},
    task_id=HEATING, year=YEAR, assignee_kind="town", assignee_id="x")  # fmt: skip


@case("B07")
def given_though_excluded(desk: CheckDesk) -> Iterator[None]:
    desk.share(HEATING, 2022, "60")
    desk.answer(HEATING, "不涉及", "辖区内没有农村")
    yield
    desk.answer(HEATING, "涉及")


@case("B09")
def told_though_excluded(desk: CheckDesk) -> Iterator[None]:
    desk.quota(HEATING, 2022, "60")
    desk.answer(HEATING, "不涉及", "辖区内没有农村")
    yield
    desk.answer(HEATING, "涉及")


@case("B10")
def awaited(desk: CheckDesk) -> Iterator[None]:
    yield
    for target in desk.plan.targets:
        if target.set_by_province:
            desk.answer(target.id, "不涉及", "省里不下达本县")


@case("T01")
def too_little(desk: CheckDesk) -> Iterator[None]:
    desk.quota(HEATING, 2022, "100")
    desk.share(HEATING, 2022, "60", "30")
    yield
    desk.share(HEATING, 2022, "60", "40")


@case("T02")
def too_much(desk: CheckDesk) -> Iterator[None]:
    desk.quota(COKE, 2022, "100")
    desk.share(COKE, 2022, "60", "41")
    yield
    desk.share(COKE, 2022, "60", "40")


@case("T03")
def not_equal(desk: CheckDesk) -> Iterator[None]:
    desk.quota(MACHINES, 2022, "100")
    desk.share(MACHINES, 2022, "60", "41")
    yield
    desk.share(MACHINES, 2022, "60", "40")


@case("T04")
def rate_too_low(desk: CheckDesk) -> Iterator[None]:
    desk.quota(REUSE, 2022, "90")
    desk.share(REUSE, 2022, "92", "80")
    yield
    desk.share(REUSE, 2022, "92", "90")


@case("T05")
def nothing_told(desk: CheckDesk) -> Iterator[None]:
    desk.share(HEATING, 2022, "60")
    yield
    desk.quota(HEATING, 2022, "60")


@case("T06")
def part_more_than_whole(desk: CheckDesk) -> Iterator[None]:
    part, whole = desk.part_and_whole()
    desk.quota(whole, 2021, "10")
    desk.quota(part, 2021, "11")
    yield
    desk.quota(part, 2021, "10", paper="潍〔2022〕2号", why="市里更正")


@case("T07")
def share_more_than_whole(desk: CheckDesk) -> Iterator[None]:
    part, whole = desk.part_and_whole()
    desk.share(whole, 2021, "10")
    desk.share(part, 2021, "11")
    yield
    desk.share(part, 2021, "10")


@case("T08")
def given_to_somebody_gone(desk: CheckDesk) -> Iterator[None]:
    firm = desk.enterprise("一号公司")
    desk.give(HEATING, 2022, "enterprise", firm, amount=Decimal(5))
    desk.put("enterprise", firm, deleted_at="2022-04-01T08:00:00")
    yield
    desk.put("enterprise", firm, deleted_at=None)


@case("T09")
def project_of_somebody_gone(desk: CheckDesk) -> Iterator[None]:
    firm = desk.enterprise("一号公司")
    desk.project("key_project", name="供热管网", town_id=desk.towns[0], enterprise_id=firm)
    desk.put("enterprise", firm, deleted_at="2022-04-01T08:00:00")
    yield
    desk.put("enterprise", firm, deleted_at=None)


@case("T10")
def project_elsewhere(desk: CheckDesk) -> Iterator[None]:
    firm = desk.enterprise("一号公司", town_id=desk.towns[1])
    project = desk.project("key_project", name="供热管网", town_id=desk.towns[0], enterprise_id=firm)
    yield
    desk.put("register_key_project", project, town_id=desk.towns[1])


row("T11", "assignment", {"unit": "公里"}, {"unit": "万户"},
    task_id=HEATING, year=YEAR, assignee_kind="town", assignee_id="x", amount=Decimal(5))  # fmt: skip
row("T12", "assignment", {"task_id": "77-01"}, {"task_id": "08-06"},
    task_id=HEATING, year=YEAR, assignee_kind="town", assignee_id="x")  # fmt: skip
row("T13", "assignment", {"year": 2024}, {"year": 2023},
    task_id=HEATING, year=YEAR, assignee_kind="town", assignee_id="x")  # fmt: skip


@case("T14")
def nobody_leads(desk: CheckDesk) -> Iterator[None]:
    lead = desk.conn.execute("SELECT id FROM department ORDER BY seq LIMIT 1").fetchone()[0]
    yield
    with desk.county.operation("明确") as op:
        for clause in desk.plan.clauses:
            op.conn.execute(
                "INSERT INTO responsibility (id, clause_id, lead_id) VALUES (?, ?, ?)", (clause.id, clause.id, lead)
            )


@case("T15")
def town_without_project(desk: CheckDesk) -> Iterator[None]:
    desk.share(HEATING, 2022, "60")
    yield
    desk.project("rural_heating", name="一村", town_id=desk.towns[0])


@case("T16")
def project_not_given(desk: CheckDesk) -> Iterator[None]:
    desk.share(HEATING, 2022, "60")
    desk.project("rural_heating", name="一村", town_id=desk.towns[1])
    yield
    desk.share(HEATING, 2022, "60", "40")


@case("T17")
def registers_say_otherwise(desk: CheckDesk) -> Iterator[None]:
    desk.share(HEATING, 2022, "60")
    project = desk.project("rural_heating", name="一村", town_id=desk.towns[0], completed_households=Decimal(8))
    desk.file(HEATING, MARCH, amount=Decimal(10))
    yield
    desk.put("register_rural_heating", project, completed_households=10 * MICRO)


@case("T18")
def report_of_no_project(desk: CheckDesk) -> Iterator[None]:
    project = desk.project("key_project", name="供热管网", town_id=desk.towns[0])
    desk.report(project, MARCH, stage="实施中")
    desk.put("register_key_project", project, deleted_at="2022-04-01T08:00:00")
    yield
    desk.put("register_key_project", project, deleted_at=None)


row("P01", "assignment", {"deadline": "2024-01-01"}, {"deadline": "2023-12-31"},
    task_id=HEATING, year=Decimal(2023), assignee_kind="town", assignee_id="x")  # fmt: skip
row("P02", "assignment", {"deadline": "2023-01-01"}, {"deadline": "2022-12-31"},
    task_id=HEATING, year=YEAR, assignee_kind="town", assignee_id="x")  # fmt: skip


@case("P04")
def overdue(desk: CheckDesk) -> Iterator[None]:
    desk.today = date(2022, 11, 15)
    project = desk.project("coal_boiler", name="一号炉", town_id=desk.towns[0], stage="实施中")
    yield
    desk.put("register_coal_boiler", project, stage="已销号")


@case("P05")
def never_verified(desk: CheckDesk) -> Iterator[None]:
    yield
    for target in desk.plan.past_when_published:
        desk.file_anything(target.id, MARCH)


@case("P12")
def no_pledge(desk: CheckDesk) -> Iterator[None]:
    desk.file(HEATING, MARCH, amount=Decimal(10))
    yield
    schema = next(each for each in desk.registers() if each.name == "red_line")
    for prohibition in schema.field("prohibition").enum:
        desk.project(
            "red_line", name="承诺", town_id=desk.towns[0], prohibition=prohibition, month="2022-03", kept=True
        )
