from __future__ import annotations

from decimal import Decimal

import pytest

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.values import State
from db.store import records
from db.work import breakdown
from db.work.breakdown import StateKind
from db.work.quotas import set_quota
from db.work.tasks import Duty, Task, amount_field, leaf_tasks
from tests.db.work.desk import Desk


def test_an_empty_grid_shows_the_countys_own_towns_in_order_of_code(desk: Desk) -> None:
    grid = desk.grid("08-06-1")
    assert [row.assignee.name for row in grid.rows][:3] == ["圣城街道", "文家街道", "古城街道"]
    assert len(grid.rows) == 15
    assert (grid.title, grid.duty, grid.unit, grid.city_unit) == (
        "农村地区新增清洁取暖改造户数",
        Duty.QUANTITY,
        "户",
        "万户",
    )
    assert grid.years == (2021, 2022, 2023)
    assert {year.sentence for year in grid.summaries.values()} == {"县级目标还没有录入，也没有分解。"}


def test_the_largest_amounts_add_up_too(desk: Desk) -> None:
    """Sums in micro-units would be beyond 63 bits, and the county's whole window with them."""
    desk.share("08-06-1", 2022, "9000000000000", "9000000000000")
    assert desk.grid("08-06-1").summaries[2022].subtotal == Decimal(18_000_000_000_000)
    assert desk.state("08-06-1").assigned == 2


def test_whoever_else_has_a_share_follows_the_towns(desk: Desk) -> None:
    firm = desk.enterprise("寿光市甲热力有限公司")
    desk.give("08-06-1", 2022, "enterprise", firm, amount=Decimal(5))
    other = desk.enterprise("寿光市乙热力有限公司")
    grid = breakdown.grid(desk.conn, desk.plan, "08-06-1", extra=[("enterprise", other)])
    assert [(row.assignee.name, row.assignee.kind_title) for row in grid.rows[15:]] == [
        ("寿光市甲热力有限公司", "企业"),
        ("寿光市乙热力有限公司", "企业"),
    ]


def test_a_cumulative_target_balances_by_year_and_over_the_years(desk: Desk) -> None:
    for year, told in ((2021, "25000"), (2022, "30800"), (2023, "20000")):
        desk.quota("08-06-1", year, told, paper="一号")
    desk.share("08-06-1", 2021, "10000", "15000")
    desk.share("08-06-1", 2022, "9600", "20000")
    desk.share("08-06-1", 2023, "20500")
    grid = desk.grid("08-06-1")
    assert [(s.subtotal, s.balance, s.ok, s.sentence) for s in grid.summaries.values()] == [
        (Decimal(25000), Decimal(0), True, "与县级目标一致。"),
        (Decimal(29600), Decimal(1200), False, "还有1,200户没有分解。"),
        (Decimal(20500), Decimal(-500), True, "超出县级目标500户。"),
    ]
    assert grid.overall is not None
    assert [grid.overall.subtotal, grid.overall.quota, grid.overall.balance] == [75100, 75800, 700]
    assert [row.total for row in grid.rows[:3]] == [40100, 35000, None]
    assert grid.in_city_unit(Decimal(30800)) == Decimal("3.08")
    assert desk.state("08-06-1").kind is StateKind.UNBALANCED
    assert desk.state("08-06-1").label == "余 1,200"


def test_years_without_a_quota_are_not_held_against_the_others(desk: Desk) -> None:
    desk.quota("08-06-1", 2022, "12000")
    for year in (2021, 2022, 2023):
        desk.share("08-06-1", year, "12000")
    overall = desk.grid("08-06-1").overall
    assert overall is not None
    assert [overall.subtotal, overall.quota, overall.balance] == [36000, 12000, 0]
    assert not overall.ok
    assert overall.sentence == "与县级目标一致。2021、2023年还没有录入县级目标。"


def test_shares_and_quotas_in_different_units_are_added_exactly(desk: Desk) -> None:
    desk.quota("14-01-2", 2023, "1.2", "万公顷")
    desk.share("14-01-2", 2023, "100000")
    desk.give("14-01-2", 2023, "town", desk.towns[1], amount=Decimal("5333.3333"), unit="公顷")
    summary = desk.grid("14-01-2").summaries[2023]
    assert [summary.quota, summary.subtotal] == [180000, Decimal("179999.9995")]
    assert summary.quota_as_typed == "1.2万公顷"
    assert summary.sentence == "还有0.0005亩没有分解。"


@pytest.mark.parametrize("target_id", ["07-01-1", "08-05-4"])
def test_flows_and_stocks_are_not_added_over_the_years(desk: Desk, target_id: str) -> None:
    desk.share(target_id, 2021, "5")
    desk.share(target_id, 2022, "7")
    grid = desk.grid(target_id)
    assert grid.overall is None
    assert {row.total for row in grid.rows} == {None}
    assert any("各年不相加" in note for note in grid.notes)


def test_a_limit_is_kept_by_staying_below_it(desk: Desk) -> None:
    desk.quota("07-01-1", 2023, "400")
    assert desk.grid("07-01-1").summaries[2023].sentence == "控制数400万吨标准煤，还没有分解。"
    desk.share("07-01-1", 2023, "150", "240")
    assert desk.grid("07-01-1").summaries[2023].sentence == "在控制数以内，还有10万吨标准煤余量。"
    assert desk.state("07-01-1").kind is StateKind.DONE
    desk.share("07-01-1", 2023, "170")
    assert desk.grid("07-01-1").summaries[2023].sentence == "超出控制数10万吨标准煤。"
    assert desk.state("07-01-1").label == "超 10"


def test_rates_are_never_summed_and_each_is_held_against_the_quota(desk: Desk) -> None:
    desk.share("16-01-1", 2023, "92", "90")
    grid = desk.grid("16-01-1")
    assert grid.summaries[2023].subtotal is None
    assert grid.summaries[2023].sentence == "各责任主体为90—92%（比率不相加），县级目标还没有录入。"
    desk.quota("16-01-1", 2023, "90")
    assert desk.grid("16-01-1").summaries[2023].sentence == "各责任主体为90—92%，都达到县级目标90%。"
    assert desk.state("16-01-1").kind is StateKind.DONE
    desk.share("16-01-1", 2023, "89.99")
    assert desk.grid("16-01-1").summaries[2023].tone == "bad"
    assert (desk.state("16-01-1").kind, desk.state("16-01-1").label) == (StateKind.UNBALANCED, "达不到")


def test_a_larger_reduction_than_asked_for_is_no_fault(desk: Desk) -> None:
    desk.quota("14-01-1", 2023, "3")
    desk.share("14-01-1", 2023, "3", "3.5")
    assert desk.state("14-01-1").kind is StateKind.DONE
    desk.share("14-01-1", 2023, "2.9")
    assert desk.state("14-01-1").kind is StateKind.UNBALANCED


def test_a_rate_that_must_be_reached_by_all_is_reached_exactly(desk: Desk) -> None:
    desk.quota("17-01-1", 2022, "100")
    desk.share("17-01-1", 2022, "100", "99")
    assert not desk.grid("17-01-1").summaries[2022].ok


def test_an_inner_target_is_inside_its_parent_and_never_larger(desk: Desk) -> None:
    desk.share("08-01-2", 2021, "19")
    desk.share("08-01-3", 2021, "19")
    inner, outer = desk.grid("08-01-3"), desk.grid("08-01-2")
    assert inner.notes[-1].startswith("是“燃煤机组关停退出容量”（08-01-2）的其中数")
    assert any("其中包含“2021年燃煤机组关停退出容量”（08-01-3）" in note for note in outer.notes)
    assert outer.summaries[2021].subtotal == 19
    desk.share("08-01-3", 2021, "20")
    assert desk.grid("08-01-3").notes[-1] == "2021年其中数20比总数19万千瓦还大，请核对。"


def test_what_the_province_sets_waits_until_it_is_told(desk: Desk) -> None:
    assert desk.state("12-01-1").kind is StateKind.PENDING
    assert desk.grid("12-01-1").summaries[2021].sentence == "省下达任务：市里还没有下达，待定。"
    desk.quota("12-01-1", 2021, "1200")
    assert desk.state("12-01-1").kind is StateKind.NOT_STARTED
    desk.share("12-01-1", 2021, "1200")
    assert desk.state("12-01-1").kind is StateKind.DONE


def test_a_share_without_a_quota_is_a_part(desk: Desk) -> None:
    desk.share("08-06-1", 2022, "100")
    assert (desk.state("08-06-1").kind, desk.state("08-06-1").label) == (StateKind.PARTLY, "缺县级目标")
    desk.quota("08-06-1", 2022, "100")
    desk.quota("08-06-1", 2023, "50")
    assert (desk.state("08-06-1").kind, desk.state("08-06-1").label) == (StateKind.PARTLY, "部分")
    desk.quota("08-06-1", 2021, "0")
    desk.share("08-06-1", 2023, "50")
    assert desk.state("08-06-1").kind is StateKind.DONE
    desk.give("08-06-1", 2022, "town", desk.towns[0], amount=None, note="待核")
    desk.give("08-06-1", 2023, "town", desk.towns[0], amount=None, note="待核")
    assert desk.state("08-06-1").label == "未填数"


def test_a_year_that_does_not_apply_does_not_hold_the_others_up(desk: Desk) -> None:
    with desk.county.operation("录入县级目标") as op:
        set_quota(op, target_id="08-06-1", year=2021, amount=State.NOT_APPLICABLE)
    desk.quota("08-06-1", 2022, "100")
    desk.share("08-06-1", 2022, "100")
    desk.give("08-06-1", 2023, "town", desk.towns[0], amount=State.NOT_APPLICABLE)
    assert desk.state("08-06-1").kind is StateKind.DONE
    desk.give("08-06-1", 2023, "town", desk.towns[1], note="待核")
    assert (desk.state("08-06-1").kind, desk.state("08-06-1").label) == (StateKind.PARTLY, "部分")


def test_a_quota_that_is_not_published_yet_is_still_awaited(desk: Desk) -> None:
    with desk.county.operation("录入县级目标") as op:
        set_quota(op, target_id="12-01-1", year=2021, amount=State.NO_DATA)
    assert desk.state("12-01-1").kind is StateKind.PENDING
    assert any("之前不计为未完成" in note for note in desk.grid("12-01-1").notes)


def test_years_that_even_out_are_still_not_in_balance(desk: Desk) -> None:
    desk.quota("12-05-1", 2022, "100")
    desk.quota("12-05-1", 2023, "100")
    desk.share("12-05-1", 2022, "90")
    desk.share("12-05-1", 2023, "110")
    assert (desk.state("12-05-1").kind, desk.state("12-05-1").label) == (StateKind.UNBALANCED, "年度不平")


def test_a_clause_is_as_far_as_its_targets(desk: Desk) -> None:
    assert desk.state("08-02").label == "0/2"
    desk.give("08-02-1", 2021, "town", desk.towns[0])
    assert (desk.state("08-02").kind, desk.state("08-02").label) == (StateKind.PARTLY, "1/2")
    desk.answer("08-02-3", "不涉及", "没有延期的锅炉")
    assert desk.state("08-02").kind is StateKind.DONE
    assert desk.state("08-02-2").kind is StateKind.NOTHING
    desk.answer("08-02", "不涉及", "没有燃煤锅炉")
    assert desk.state("08-02").kind is StateKind.EXCLUDED
    assert "请清除分解，或改为涉及" in desk.grid("08-02-1").notes[0]


def test_a_clause_without_targets_is_given_to_somebody(desk: Desk) -> None:
    assert desk.state("08-03").kind is StateKind.NOT_STARTED
    (department,) = desk.conn.execute("SELECT id FROM department WHERE city_name = '市工信局'").fetchone()
    desk.give("08-03", 2022, "department", department, deliverable="制定替代计划")
    assert desk.state("08-03").kind is StateKind.DONE
    assert desk.grid("08-03").rows[-1].assignee.name == "寿光市工业和信息化局"
    assert desk.state("19-01").kind is StateKind.NOTHING


def test_a_duty_under_a_clause_counts_for_the_clause(desk: Desk) -> None:
    assert desk.state("17-01").kind is StateKind.NOT_STARTED
    desk.give("17-01-8", 2022, "town", desk.towns[0])
    assert desk.state("17-01").kind is StateKind.DONE


def test_shares_count_every_task_once(desk: Desk) -> None:
    found = breakdown.shares(desk.plan, breakdown.states(desk.conn, desk.plan))
    leaves = leaf_tasks(desk.plan)
    assert len(set(leaves)) == len(leaves)
    assert sum(found[""].kinds.values()) == len(leaves)
    parts = [found[part.id] for part in desk.plan.parts]
    articles = [found[article.id] for article in desk.plan.articles]
    for places in (parts, articles):
        assert sum(sum(share.kinds.values()) for share in places) == len(leaves)
    assert found[""].done == 0
    assert found[""].total == len(leaves) - found[""].of(StateKind.PENDING)
    desk.answer("08-06-1", "不涉及", "没有")
    desk.give("08-02-1", 2021, "town", desk.towns[0])
    after = breakdown.shares(desk.plan, breakdown.states(desk.conn, desk.plan))
    assert (after[""].total, after[""].done) == (found[""].total - 1, 1)
    assert (after["08"].done, after["3"].done, after["2"].done) == (1, 1, 0)


def test_every_task_of_the_plan_has_a_state_and_a_grid(desk: Desk) -> None:
    states = breakdown.states(desk.conn, desk.plan)
    tasks: list[Task] = [*desk.plan.clauses, *desk.plan.targets]
    assert states.keys() == {task.id for task in tasks}
    for task in tasks:
        grid = desk.grid(task.id)
        assert grid.task is task
        assert all(year.sentence for year in grid.summaries.values())


def test_an_assignee_that_was_deleted_is_still_shown_with_its_share(desk: Desk) -> None:
    desk.share("08-06-1", 2022, "100")
    with desk.county.operation("删除") as op:
        records.delete(op, load_schema("town"), desk.towns[:1])
    grid = desk.grid("08-06-1")
    assert (grid.rows[-1].assignee.name, grid.rows[-1].assignee.own) == ("圣城街道（已删除）", False)
    assert grid.summaries[2022].subtotal == 100


def test_an_unknown_task_has_no_grid(desk: Desk) -> None:
    with pytest.raises(DataProblem, match="没有编号为“88-01”的任务"):
        desk.grid("88-01")


def test_amounts_are_read_by_a_field_that_knows_the_unit(desk: Desk) -> None:
    field = amount_field(desk.plan.target("08-06-1"))
    assert field.parse("1.2万") == 12000
    assert field.show(Decimal(12000)) == "12,000"
    with pytest.raises(DataProblem):
        field.parse("1.5")


def test_weights_for_sharing_out_come_from_the_directory(desk: Desk) -> None:
    with desk.county.operation("人口") as op:
        town = load_schema("town")
        records.update(op, town, desk.towns[0], {"population": Decimal(58000), "households": Decimal(12000)})
    first, second, *_ = breakdown.assignees(desk.conn, ("town",))
    assert [first.population, first.households, second.population] == [58000, 12000, None]


def test_writing_one_block_for_many_assignees_is_one_step(desk: Desk) -> None:
    with desk.county.operation("登记企业") as op:
        firms = records.insert_many(op, load_schema("enterprise"), ({"name": f"企业{n}"} for n in range(40)))
    entries = [
        breakdown.AssignmentEntry("08-06-1", year, "enterprise", firm, {"amount": Decimal(10)})
        for firm in firms
        for year in desk.plan.years
    ]
    with desk.county.operation("按权重分配") as op:
        assert len(set(breakdown.set_assignments(op, entries))) == 120
    assert desk.county.undo_label() == "按权重分配"
    desk.county.undo()
    assert desk.state("08-06-1").assigned == 0
