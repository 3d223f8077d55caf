"""A county folder made of a work package holds its part alone: what is listed, counted, checked and may be changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from db.checks.runner import run
from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.period import Period
from db.plan.catalogue import Catalogue
from db.plan.editions import county_catalogue
from db.plan.part import PartReach, narrowed, part_identity, part_reach
from db.reports.local_plan_word import write_local_plan
from db.reports.month_table_book import write_month_table
from db.reports.monthly_report_word import write_monthly_report
from db.reports.self_evaluation_word import write_self_evaluation
from db.reports.supervision_files import Issue, write_supervision
from db.reports.task_sheet_files import write_task_sheets
from db.store import records
from db.store.county import County
from db.work.assignees import assignees
from db.work.handouts import board
from db.work.monthly.grid import month_grid
from db.work.monthly.months import close_month
from db.work.monthly.overview import month_overview
from db.work.overview import overview
from db.work.quotas import quota_table, quotas, set_quota
from db.work.registers import registers
from db.work.responsibility import set_responsibility
from db.work.scope import DOES_NOT_APPLY, set_scope
from db.work.task_states import StateKind, states
from tests.db.exchange.part.colleague import Office
from tests.db.work.desk import Desk

Write = Callable[[County, Catalogue, Path], object]
TODAY = date(2022, 4, 2)
MARCH = Period(2022, 3)


@pytest.fixture
def shared(office: Office) -> Office:
    """Two towns share a target; a project in each, and a firm that is nobody's business in the first."""
    desk = office.desk
    desk.share("08-06-1", 2022, "1200", "800")
    desk.quota("08-06-1", 2022, "2500")
    desk.share("04-03", 2022, None, None)
    for town, name in ((0, "甲镇公司"), (1, "乙镇公司")):
        firm = desk.enterprise(name, town_id=desk.towns[town])
        desk.project("coal_boiler", name=f"{name}锅炉", town_id=desk.towns[town], enterprise_id=firm)
    return office


@pytest.mark.parametrize(
    "write",
    [
        lambda county, plan, out: write_task_sheets(county, plan, out),
        lambda county, plan, out: write_local_plan(county, plan, out / "a.docx"),
        lambda county, plan, out: write_monthly_report(county, plan, MARCH, out / "a.docx", on=TODAY),
        lambda county, plan, out: write_month_table(county, plan, MARCH, out / "a.xlsx", on=TODAY),
        lambda county, plan, out: write_self_evaluation(county, plan, "2022", out / "a.docx", on=TODAY),
        lambda county, plan, out: write_supervision(county, plan, MARCH, Issue(TODAY, TODAY, ""), out),
    ],
    ids=["任务书", "落实方案", "月报", "月调度表", "自评报告", "督办单"],
)
def test_no_paper_of_the_county_is_made_of_a_part(shared: Office, write: Write, tmp_path: Path) -> None:
    with shared.colleague(shared.hand_out(towns=["370783001"])) as theirs:
        with pytest.raises(DataProblem) as caught:
            write(theirs.county, county_catalogue(theirs.conn), tmp_path)
        assert caught.value.code == "part.only"


def test_a_towns_part_lists_its_tasks_and_counts_nothing_else(shared: Office) -> None:
    with shared.colleague(shared.hand_out(towns=["370783001"])) as theirs:
        plan = county_catalogue(theirs.conn)
        assert plan is county_catalogue(theirs.conn) and plan.is_part
        assert {clause.id for clause in plan.clauses} == {"08-06", "04-03"}
        assert {target.id for target in plan.targets_of("08-06")} == {"08-06-1"}
        found = states(theirs.conn, plan)
        assert (found["08-06-1"].kind, found["08-06-1"].label) == (StateKind.DONE, "承担1项")
        whole = overview(theirs.conn, plan, today=TODAY)
        assert (whole.whole.done, whole.whole.total, whole.unbalanced, whole.quotas_wanted) == (2, 2, 0, 0)
        month = month_overview(theirs.conn, plan, MARCH)
        assert (month.lines, [row.id for row in month.filing]) == (2, [theirs.towns[0]])
        assert [town.id for town in month.towns] == [theirs.towns[0]]
        assert [unit.id for unit in board(theirs.conn).units] == [theirs.towns[0]]
        assert not quotas(theirs.conn) and not quota_table(theirs.conn, plan)
        assert [who.id for who in assignees(theirs.conn, ("town",)) if who.own] == [theirs.towns[0]]


def test_a_share_is_due_of_nobody_else_not_even_of_the_county(shared: Office) -> None:
    with shared.colleague(shared.hand_out(towns=["370783001"])) as theirs:
        plan = county_catalogue(theirs.conn)
        assert len(month_grid(theirs.conn, plan, Period(2021, 12)).lines) == 0
    whole = shared.desk
    assert len(month_grid(whole.conn, whole.plan, Period(2021, 12)).lines) > 0


def test_a_clause_that_goes_whole_is_held_against_its_quota(shared: Office) -> None:
    with shared.colleague(shared.hand_out(clauses=["08-06"])) as theirs:
        plan = county_catalogue(theirs.conn)
        assert {clause.id for clause in plan.clauses} == {"08-06"} and not plan.shares
        assert plan.targets == tuple(each for each in shared.desk.plan.targets if each.clause == "08-06")
        assert states(theirs.conn, plan)["08-06-1"].kind is StateKind.UNBALANCED
        assert quotas(theirs.conn)["08-06-1"][2022].in_unit == 2500


def test_only_registers_of_the_part_are_there(shared: Office) -> None:
    with shared.colleague(shared.hand_out(registers=["coal_boiler"])) as theirs:
        assert [schema.name for schema in registers(theirs.conn)] == ["coal_boiler"]
        assert not county_catalogue(theirs.conn).clauses
        assert sum(who.own for who in assignees(theirs.conn, ("town",))) > 10
    with shared.colleague(shared.hand_out(towns=["370783001"])) as theirs:
        names = {schema.name for schema in registers(theirs.conn)}
        assert "coal_boiler" in names and len(names) < len(registers(shared.desk.conn)) / 2


def test_enterprises_that_the_part_does_not_need_stay_at_home(shared: Office) -> None:
    shared.desk.enterprise("甲镇没有项目的公司", town_id=shared.desk.towns[0])
    place = shared.hand_out(towns=["370783001"])
    assert "乙镇公司".encode() not in (place / "county.db").read_bytes()
    with shared.colleague(place) as theirs:
        names = {name for (name,) in theirs.conn.execute("SELECT name FROM enterprise")}
        assert names == {"甲镇公司", "甲镇没有项目的公司"}
    with shared.colleague(shared.hand_out(registers=["coal_boiler"])) as theirs:
        assert {name for (name,) in theirs.conn.execute("SELECT name FROM enterprise")} == {"甲镇公司", "乙镇公司"}


def test_checks_judge_what_can_be_judged_and_say_what_cannot(shared: Office) -> None:
    with shared.colleague(shared.hand_out(towns=["370783001"])) as theirs:
        found = run(theirs.conn, county_catalogue(theirs.conn), today=TODAY)
    away = {each.rule: each.why for each in found.not_checked}
    assert "县里填写" in away["W09"] and "部分单位" in away["T01"] and "自评由县里做" in away["E01"]
    assert {"T17", "M12"} <= away.keys()
    raised = {issue.rule for issue in found.issues}
    assert not raised & {"W09", "T01", "T05", "B03", "E01", "S04"}
    assert not {issue.table for issue in found.issues} & {"town", "department"}
    assert any(issue.register == "coal_boiler" for issue in found.issues)
    whole = run(shared.desk.conn, shared.desk.plan, today=TODAY)
    assert {"W09", "T01"} <= {issue.rule for issue in whole.issues}


def test_what_would_not_come_home_cannot_be_changed(shared: Office) -> None:
    with shared.colleague(shared.hand_out(towns=["370783001"])) as theirs:
        town = theirs.towns[0]
        with pytest.raises(DataProblem, match=r"镇街.*不能在这里改"), theirs.county.operation("改镇街") as op:
            records.update(op, load_schema("town"), town, {"contact": "张三"})
        with pytest.raises(DataProblem, match="不能在这里改"), theirs.county.operation("锁定") as op:
            close_month(op, MARCH)
        with pytest.raises(DataProblem, match="方案里没有"), theirs.county.operation("范围") as op:
            set_scope(op, task_id="09-01", applies=DOES_NOT_APPLY, reason="没有")
        for attempt in (
            lambda op: set_scope(op, task_id="08-06-1", applies=DOES_NOT_APPLY, reason="没有"),
            lambda op: set_quota(op, target_id="08-06-1", year=2022, amount=None),
            lambda op: set_responsibility(op, clause_id="08-06", values={"leader": "李四"}),
        ):
            with pytest.raises(DataProblem, match="分给部分单位"), theirs.county.operation("改") as op:
                attempt(op)
        theirs.project("coal_boiler", name="新锅炉", town_id=town)
        sql = "SELECT count(*) FROM register_coal_boiler"
        assert theirs.conn.execute(sql).fetchone() == (2,)
        assert theirs.conn.execute("SELECT contact FROM town WHERE id = ?", (town,)).fetchone() == (None,)


def test_a_part_of_a_former_program_is_not_narrowed(office: Office) -> None:
    with office.colleague(office.hand_out(towns=["370783001"])) as theirs:
        text = theirs.conn.execute("SELECT value FROM setting WHERE id = 'part'").fetchone()[0]
        assert part_reach(theirs.conn) is not None
        with theirs.county.operation("旧") as op:
            theirs.county.guards.clear()
            op.conn.execute("UPDATE setting SET value = json_remove(?, '$.reach') WHERE id = 'part'", (text,))
        assert part_reach(theirs.conn) is None and not county_catalogue(theirs.conn).is_part
        with theirs.county.operation("乱写") as op:
            op.conn.execute("UPDATE setting SET value = '{' WHERE id = 'part'")
        assert part_identity(theirs.conn) is None


def test_a_target_inside_another_that_is_not_there_stands_alone(desk: Desk) -> None:
    inner = next(target for target in desk.plan.targets if target.part_of is not None)
    plan = narrowed(desk.plan, PartReach(shares=(inner.id,)))
    assert plan.target(inner.id).part_of is None and plan.is_share(inner.id) and plan.is_share(inner.clause)
    assert [part.id for part in plan.parts] == [plan.clause(inner.clause).part]
