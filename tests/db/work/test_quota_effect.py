from __future__ import annotations

from decimal import Decimal

from db.work.quota_effect import Effect, doubts, effect
from db.work.quotas import takes_quota
from tests.db.work.desk import Desk

HEATING, RATE = "08-06-1", "16-01-1"


def of(desk: Desk, target_id: str, quota: str, year: int = 2022) -> Effect:
    return effect(desk.conn, desk.plan, target_id, year, Decimal(quota))


def test_nothing_handed_out_is_not_affected(desk: Desk) -> None:
    assert of(desk, HEATING, "100") == Effect()


def test_a_quota_above_what_is_assigned_leaves_a_rest(desk: Desk) -> None:
    desk.share(HEATING, 2022, "60", "70")
    found = of(desk, HEATING, "150")
    assert (found.ok, found.sentence) == (False, "2022年已分解130户：还有20户没有分解。")
    assert [amount for _, amount in found.shares] == [70, 60]
    assert of(desk, HEATING, "130").ok
    assert of(desk, HEATING, "130").shares == ()


def test_a_quota_below_what_is_assigned_is_told(desk: Desk) -> None:
    desk.share(HEATING, 2022, "60", "70")
    assert of(desk, HEATING, "100") == Effect(True, "2022年已分解130户：超出县级目标30户。", beyond=True)
    desk.share("07-01-1", 2023, "300", "200")
    found = of(desk, "07-01-1", "400", 2023)
    assert not found.ok
    assert "超出控制数100万吨标准煤" in found.sentence


def test_rates_are_held_against_the_quota_one_by_one(desk: Desk) -> None:
    desk.share(RATE, 2023, "90", "92")
    found = of(desk, RATE, "91", 2023)
    assert found.sentence == "有1个责任主体的比率达不到91%。"
    assert [amount for _, amount in found.shares] == [90]
    assert of(desk, RATE, "90", 2023).ok


def test_doubts_name_every_quota_that_is_not_met(desk: Desk) -> None:
    assert doubts(desk.conn, desk.plan) == {}
    desk.quota(HEATING, 2022, "130")
    desk.quota(HEATING, 2023, "50")
    desk.share(HEATING, 2022, "60", "70")
    assert doubts(desk.conn, desk.plan) == {}
    desk.quota(HEATING, 2022, "140", paper="2号", why="调整")
    assert doubts(desk.conn, desk.plan) == {HEATING: {2022: "分解与县级目标对不上：还有10户没有分解。"}}


def test_a_part_above_its_whole_is_told_at_both(desk: Desk) -> None:
    whole, part = "08-01-2", "08-01-3"
    desk.quota(whole, 2021, "19")
    desk.quota(part, 2021, "24")
    assert doubts(desk.conn, desk.plan) == {
        whole: {2021: "比其中的“2021年燃煤机组关停退出容量”（08-01-3）的县级目标24万千瓦还小，请核对。"},
        part: {2021: "是“燃煤机组关停退出容量”（08-01-2）的其中数，比它的县级目标19万千瓦还大，请核对。"},
    }
    asked = effect(desk.conn, desk.plan, part, 2021, Decimal(20))
    assert not asked.ok and "比它的县级目标19万千瓦还大" in asked.sentence
    assert effect(desk.conn, desk.plan, part, 2021, Decimal(19)) == Effect()


def test_all_quotas_are_judged_with_a_few_questions(desk: Desk) -> None:
    for target in [each for each in desk.plan.targets if takes_quota(each)][:30]:
        desk.quota(target.id, 2022, "1")
    asked: list[str] = []
    desk.conn.set_trace_callback(asked.append)
    doubts(desk.conn, desk.plan)
    desk.conn.set_trace_callback(None)
    assert len(asked) < 6
