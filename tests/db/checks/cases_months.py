"""Cases of the months, proofs, evaluations, what is sent, and what may be there twice."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from db.core.period import Period
from db.core.values import Cell, State
from tests.db.checks.cases import CASES, MICRO, YEAR, case, row
from tests.db.checks.cases_tasks import GAS, HEATING, REUSE
from tests.db.checks.desk import FEBRUARY, JANUARY, MARCH, CheckDesk

__all__ = ["CASES"]

STAGE = "08-02-1"
YEAR_AGO = Period(2021, 3)


@case("M01")
def somebody_missing(desk: CheckDesk) -> Iterator[None]:
    desk.file_everything(MARCH)
    desk.share(HEATING, 2022, "60", "40")
    desk.file(HEATING, MARCH, amount=Decimal(10))
    yield
    desk.file(HEATING, MARCH, desk.towns[1], amount=Decimal(0))


@case("M02")
def nothing_at_all(desk: CheckDesk) -> Iterator[None]:
    desk.share(HEATING, 2022, "60")
    yield
    desk.file(HEATING, MARCH, amount=Decimal(10))


@case("M03")
def no_data_for_a_quarter(desk: CheckDesk) -> Iterator[None]:
    desk.share(HEATING, 2022, "60")
    for month in (JANUARY, FEBRUARY, MARCH):
        desk.file(HEATING, month, amount=State.NO_DATA)
    yield
    desk.file(HEATING, FEBRUARY, amount=Decimal(5))


@case("M04")
def not_applicable(desk: CheckDesk) -> Iterator[None]:
    desk.share(HEATING, 2022, "60")
    desk.file(HEATING, MARCH, amount=State.NOT_APPLICABLE)
    yield
    desk.file(HEATING, MARCH, amount=Decimal(0))


@case("M05")
def copied(desk: CheckDesk) -> Iterator[None]:
    desk.share(HEATING, 2022, "60")
    row_id = desk.file(HEATING, MARCH, amount=Decimal(5))
    desk.put("progress", row_id, source="copied", reviewed=0)
    yield
    desk.put("progress", row_id, reviewed=1)


@case("M06")
def red_and_silent(desk: CheckDesk) -> Iterator[None]:
    desk.share(HEATING, 2021, "60")
    desk.file(HEATING, MARCH, amount=Decimal(5))
    yield
    desk.file(HEATING, MARCH, problems="管网未到", next_steps="五月底前铺到村")


@case("M07")
def more_than_all(desk: CheckDesk) -> Iterator[None]:
    desk.share(REUSE, 2022, "90")
    desk.file(REUSE, MARCH, numerator=Decimal(11), denominator=Decimal(10))
    yield
    desk.file(REUSE, MARCH, numerator=Decimal(10))


@case("M08")
def of_nothing(desk: CheckDesk) -> Iterator[None]:
    desk.share(REUSE, 2022, "90")
    desk.file(REUSE, MARCH, numerator=Decimal(0), denominator=Decimal(0))
    yield
    desk.file(REUSE, MARCH, denominator=Decimal(3))


@case("M09")
def rate_alone(desk: CheckDesk) -> Iterator[None]:
    desk.share(REUSE, 2022, "90")
    desk.file(REUSE, MARCH, amount=Decimal(88))
    yield
    desk.file(REUSE, MARCH, amount=None, numerator=Decimal(88), denominator=Decimal(100))


@case("M10")
def half_a_rate(desk: CheckDesk) -> Iterator[None]:
    desk.share(REUSE, 2022, "90")
    desk.file(REUSE, MARCH, numerator=Decimal(88))
    yield
    desk.file(REUSE, MARCH, denominator=Decimal(100))


@case("M12")
def far_too_much(desk: CheckDesk) -> Iterator[None]:
    desk.quota(HEATING, 2022, "60")
    desk.share(HEATING, 2022, "60")
    desk.file(HEATING, MARCH, amount=Decimal(91))
    yield
    desk.file(HEATING, MARCH, amount=Decimal(90))


row("M13", "progress", {"period": "2022-05"}, {"period": "2022-04"},
    task_id=HEATING, assignee_kind="county", assignee_id="county", period="2022-03", amount=Decimal(1))  # fmt: skip


@case("M14", "monthly", MARCH)
def project_not_reported(desk: CheckDesk) -> Iterator[None]:
    first = desk.project("key_project", name="供热管网", town_id=desk.towns[0])
    second = desk.project("key_project", name="换热站", town_id=desk.towns[0])
    desk.report(first, MARCH, stage="实施中")
    yield
    desk.report(second, MARCH, stage="实施中")


@case("L01")
def fell(desk: CheckDesk) -> Iterator[None]:
    desk.share(HEATING, 2022, "60")
    desk.file(HEATING, FEBRUARY, amount=Decimal(10))
    desk.file(HEATING, MARCH, amount=Decimal(9))
    yield
    desk.file(HEATING, MARCH, amount=Decimal(10))


@case("L02")
def jumped(desk: CheckDesk) -> Iterator[None]:
    desk.share(HEATING, 2022, "60")
    desk.file(HEATING, FEBRUARY, amount=Decimal(10))
    desk.file(HEATING, MARCH, amount=Decimal(16))
    yield
    desk.file(HEATING, MARCH, amount=Decimal(15))


@case("L03")
def stage_back(desk: CheckDesk) -> Iterator[None]:
    desk.share(STAGE, 2022, None)
    desk.file(STAGE, FEBRUARY, stage="实施中")
    desk.file(STAGE, MARCH, stage="前期工作")
    yield
    desk.file(STAGE, MARCH, stage="实施中")


@case("L04")
def fell_in_a_year(desk: CheckDesk) -> Iterator[None]:
    desk.share(HEATING, 2021, "60")
    desk.share(HEATING, 2022, "60")
    desk.file(HEATING, YEAR_AGO, amount=Decimal(10))
    desk.file(HEATING, MARCH, amount=Decimal(9))
    yield
    desk.file(HEATING, MARCH, amount=Decimal(10))


@case("L05")
def unlike_last_year(desk: CheckDesk) -> Iterator[None]:
    desk.share(GAS, 2021, "60")
    desk.share(GAS, 2022, "60")
    desk.file(GAS, YEAR_AGO, amount=Decimal(10))
    desk.file(GAS, MARCH, amount=Decimal(31))
    yield
    desk.file(GAS, MARCH, amount=Decimal(30))


@case("L06")
def investment_fell(desk: CheckDesk) -> Iterator[None]:
    desk.file(HEATING, MARCH, "county", "county", amount=Decimal(1))
    project = desk.project("key_project", name="供热管网", town_id=desk.towns[0])
    desk.report(project, FEBRUARY, completed_investment=Decimal(10))
    row_id = desk.report(project, MARCH, completed_investment=Decimal(9))
    yield
    desk.put("project_report", row_id, completed_investment=10 * MICRO)


@case("L07")
def project_back(desk: CheckDesk) -> Iterator[None]:
    desk.file(HEATING, MARCH, "county", "county", amount=Decimal(1))
    project = desk.project("key_project", name="供热管网", town_id=desk.towns[0])
    desk.report(project, FEBRUARY, stage="实施中")
    row_id = desk.report(project, MARCH, stage="前期工作")
    yield
    desk.put("project_report", row_id, stage="实施中")


@case("L09")
def other_whole(desk: CheckDesk) -> Iterator[None]:
    desk.share(REUSE, 2022, "90")
    desk.file(REUSE, FEBRUARY, numerator=Decimal(80), denominator=Decimal(100))
    desk.file(REUSE, MARCH, numerator=Decimal(80), denominator=Decimal(121))
    yield
    desk.file(REUSE, MARCH, denominator=Decimal(120))


# -- proofs ------------------------------------------------------------------------------------------------------------


@case("A01")
def done_unproved(desk: CheckDesk) -> Iterator[None]:
    project = desk.project("key_project", name="供热管网", town_id=desk.towns[0], stage="已完成")
    yield
    desk.prove("register_key_project", project)


@case("A02")
def file_gone(desk: CheckDesk) -> Iterator[None]:
    file = desk.prove("register_key_project", desk.project("key_project", name="供热管网", town_id=desk.towns[0]))
    kept = file.read_bytes()
    file.unlink()
    yield
    file.write_bytes(kept)


@case("A03")
def file_cut(desk: CheckDesk) -> Iterator[None]:
    file = desk.prove("register_key_project", desk.project("key_project", name="供热管网", town_id=desk.towns[0]))
    kept = file.read_bytes()
    file.write_bytes(kept[:-1])
    yield
    file.write_bytes(kept)


@case("A04")
def proves_nothing(desk: CheckDesk) -> Iterator[None]:
    desk.prove("register_key_project", desk.project("key_project", name="供热管网", town_id=desk.towns[0]))
    [row_id] = desk.conn.execute("SELECT id FROM attachment").fetchone()
    yield
    desk.put("attachment", row_id, proves="验收意见")


@case("A06")
def plan_not_there(desk: CheckDesk) -> Iterator[None]:
    row_id = desk.row("responsibility", clause_id="08-06", plan_status="已印发")
    yield
    desk.prove("responsibility", row_id)


# -- evaluations -------------------------------------------------------------------------------------------------------

ANNUAL = ("annual", Period(2022))


def evaluated(desk: CheckDesk, done: str = "60") -> None:
    """Let one task be judged at the end of the year."""
    desk.quota(HEATING, 2022, "60")
    desk.share(HEATING, 2022, "60")
    desk.file(HEATING, Period(2022, 12), amount=Decimal(done))


@case("E01", *ANNUAL)
def nothing_judged(desk: CheckDesk) -> Iterator[None]:
    yield
    evaluated(desk)


@case("E02", *ANNUAL)
def lost_in_silence(desk: CheckDesk) -> Iterator[None]:
    desk.answer_all("不涉及", "本县没有这些任务", but="08-06")
    for target in desk.plan.targets_of("08-06"):
        desk.answer(target.id, "涉及" if target.id == HEATING else "不涉及", "本县没有")
    evaluated(desk, "40")
    yield
    desk.evaluate(HEATING, "2022", explanation="管网未铺到，12户冬前没有完成")


@case("E03", *ANNUAL)
def typed_in_silence(desk: CheckDesk) -> Iterator[None]:
    row_id = desk.row("evaluation", task_id=HEATING, period="2022", typed_value=Decimal(5))
    yield
    desk.put("evaluation", row_id, reason="以县统计局年报为准")


@case("E04", *ANNUAL)
def more_than_there_is(desk: CheckDesk) -> Iterator[None]:
    evaluated(desk)
    row_id = desk.row("evaluation", task_id=HEATING, period="2022", typed_score=Decimal(99), reason="有奖励分可以加")
    yield
    desk.put("evaluation", row_id, typed_score=9 * MICRO)


@case("E05", *ANNUAL)
def never_filed(desk: CheckDesk) -> Iterator[None]:
    desk.answer_all("不涉及", "本县没有这些任务", but="08-06")
    for target in desk.plan.targets_of("08-06"):
        desk.answer(target.id, "涉及" if target.id == HEATING else "不涉及", "本县没有")
    desk.quota(HEATING, 2022, "60")
    desk.share(HEATING, 2022, "60")
    yield
    desk.file(HEATING, Period(2022, 12), amount=Decimal(60))


@case("E06", *ANNUAL)
def no_goal(desk: CheckDesk) -> Iterator[None]:
    desk.answer_all("不涉及", "本县没有这些任务", but="08-06")
    for target in desk.plan.targets_of("08-06"):
        desk.answer(target.id, "涉及" if target.id == HEATING else "不涉及", "本县没有")
    desk.file(HEATING, Period(2022, 12), "county", "county", amount=Decimal(60))
    yield
    desk.quota(HEATING, 2022, "60")


@case("E07", *ANNUAL)
def scored_unproved(desk: CheckDesk) -> Iterator[None]:
    desk.answer_all("不涉及", "本县没有这些任务", but="08-06")
    for target in desk.plan.targets_of("08-06"):
        desk.answer(target.id, "涉及" if target.id == HEATING else "不涉及", "本县没有")
    evaluated(desk)
    row_id = desk.row("evaluation", task_id=HEATING, period="2022", explanation="完成")
    yield
    desk.prove("evaluation", row_id)


@case("E08", *ANNUAL)
def cannot_be_divided(desk: CheckDesk) -> Iterator[None]:
    desk.quota(REUSE, 2022, "90")
    desk.share(REUSE, 2022, "90")
    desk.file(REUSE, Period(2022, 12), numerator=Decimal(0), denominator=Decimal(0))
    yield
    desk.file(REUSE, Period(2022, 12), denominator=Decimal(5))


# -- what is sent ------------------------------------------------------------------------------------------------------

row("S01", "quota", {}, {"document_number": "潍〔2022〕1号"},
    target_id=HEATING, year=YEAR, amount=Decimal(5), unit="户")  # fmt: skip
row("S05", "quota", {"document_number": "电话通知"}, {"document_number": "潍〔2022〕1号"},
    target_id=HEATING, year=YEAR, amount=Decimal(5), unit="户")  # fmt: skip
remark = {"answer_id": "a", "package_id": "p", "kind": "monthly", "period": "2022-03", "text": "数据有误"}
row("S02", "remark", {}, {"status": "已回复"}, **remark, status="新提出")
row("S03", "remark", {}, {"status": "已关闭"}, **remark, status="已回复")


@case("S04")
def never_sent(desk: CheckDesk) -> Iterator[None]:
    desk.file(HEATING, FEBRUARY, "county", "county", amount=Decimal(1))
    desk.file(HEATING, MARCH, "county", "county", amount=Decimal(1))
    yield
    desk.row("submission", kind="monthly", period="2022-02", sequence=Decimal(1), package_id="p", status="已导出")


# -- twice -------------------------------------------------------------------------------------------------------------


@case("D01")
def same_key(desk: CheckDesk) -> Iterator[None]:
    firm = desk.enterprise("一号公司")
    own: dict[str, Cell] = {"town_id": desk.towns[0], "enterprise_id": firm, "boiler_number": "1"}
    [_, second] = desk.projects("coal_boiler", {"name": "一号炉", **own}, {"name": "锅炉", **own})
    yield
    desk.put("register_coal_boiler", second, boiler_number="2")


@case("D02")
def like_name(desk: CheckDesk) -> Iterator[None]:
    own: dict[str, Cell] = {"town_id": desk.towns[0], "contractor": "一建"}
    names = ("孙家集街道供热管网改造工程", "孙家集街道供热管网改造项目工程")
    [_, second] = desk.projects("construction_site", *({"name": name, **own} for name in names))
    yield
    desk.put("register_construction_site", second, name="污水处理厂")


@case("D03")
def same_code(desk: CheckDesk) -> Iterator[None]:
    desk.enterprise("一号公司", credit_code="91370700165838395N")
    second = desk.enterprise("二号公司", credit_code="91370700165838395N")
    yield
    desk.put("enterprise", second, credit_code=None)


@case("D04")
def same_name(desk: CheckDesk) -> Iterator[None]:
    desk.enterprise("一号公司", town_id=desk.towns[0])
    second = desk.enterprise("一号公司", town_id=desk.towns[0])
    yield
    desk.put("enterprise", second, town_id=desk.towns[1])
