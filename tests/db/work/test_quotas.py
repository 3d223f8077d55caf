from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.core.errors import DataProblem
from db.core.values import State
from db.work import quotas
from db.work.quotas import QuotaEntry
from tests.db.county_folders import fresh_county
from tests.db.work.desk import Desk


def only(desk: Desk) -> quotas.Quota:
    (by_year,) = quotas.quotas(desk.conn).values()
    (quota,) = by_year.values()
    return quota


def test_a_quota_keeps_what_was_typed_and_is_compared_in_the_countys_unit(desk: Desk) -> None:
    desk.quota("08-06-1", 2022, "3.08", "万户", paper="潍四减四增办〔2022〕1号")
    quota = only(desk)
    assert (quota.amount, quota.unit, quota.in_unit) == (Decimal("3.08"), "万户", Decimal(30800))
    assert quota.document_number == "潍四减四增办〔2022〕1号"
    desk.quota("14-01-2", 2023, "1", "公顷")
    assert quotas.quotas(desk.conn)["14-01-2"][2023].in_unit == 15


def test_an_amount_without_a_unit_is_in_the_countys_whatever_was_typed_before(desk: Desk) -> None:
    desk.quota("08-06-1", 2022, "3.08", "万户")
    desk.quota("08-06-1", 2022, "31000", paper="二号", why="市里追加")
    assert (only(desk).unit, only(desk).in_unit) == ("户", Decimal(31000))


def test_another_amount_needs_a_paper_and_a_reason(desk: Desk) -> None:
    desk.quota("08-06-1", 2022, "30800")
    for paper, why, missing in [(None, None, "文号和调整理由"), ("二号", " ", "调整理由"), ("", "调整", "文号")]:
        with pytest.raises(DataProblem, match=f"原来是30,800户，改动要写明{missing}。"):
            desk.quota("08-06-1", 2022, "31000", paper=paper, why=why)
    assert only(desk).amount == 30800
    desk.quota("08-06-1", 2022, "31000", paper="二号", why="市里追加")
    assert (only(desk).amount, only(desk).reason) == (31000, "市里追加")


def test_the_same_amount_may_get_its_papers_later(desk: Desk) -> None:
    desk.quota("08-06-1", 2022, "30800")
    with desk.county.operation("补文号") as op:
        entry = QuotaEntry("08-06-1", 2022, Decimal(30800), document_number="一号", issued_on=date(2022, 3, 28))
        quotas.set_quotas(op, [entry])
    assert (only(desk).document_number, only(desk).issued_on) == ("一号", date(2022, 3, 28))


def test_the_history_tells_every_value_with_its_paper(desk: Desk) -> None:
    desk.quota("08-06-1", 2022, "3.08", "万户", paper="一号")
    desk.quota("08-06-1", 2022, "31000", "户", paper="二号", why="追加")
    with desk.county.operation("取消县级目标") as op:
        quotas.clear_quota(op, target_id="08-06-1", year=2022, document_number="三号", reason="重复下达")
    told = [
        (step.before, step.before_unit, step.after, step.after_unit, step.document_number, step.reason)
        for step in quotas.history(desk.conn, "08-06-1", 2022)
    ]
    assert told[0] == (Decimal(31000), "户", None, "户", "三号", "重复下达")
    assert told[-2:] == [
        (Decimal("3.08"), "万户", Decimal(31000), "户", "二号", "追加"),
        (None, "", Decimal("3.08"), "万户", "一号", ""),
    ]
    assert quotas.quotas(desk.conn) == {}
    assert quotas.history(desk.conn, "08-06-1", 2023) == []


def test_taking_a_quota_away_needs_papers_too(desk: Desk) -> None:
    desk.quota("08-06-1", 2022, "30800")
    with pytest.raises(DataProblem, match="改动要写明文号和调整理由"):
        with desk.county.operation("取消县级目标") as op:
            quotas.clear_quota(op, target_id="08-06-1", year=2022, document_number="", reason="")
    with desk.county.operation("取消县级目标") as op:
        quotas.clear_quota(op, target_id="08-06-1", year=2023, document_number="", reason="")
    assert only(desk).amount == 30800


def test_undo_brings_the_old_quota_back(desk: Desk) -> None:
    desk.quota("08-06-1", 2022, "30800")
    desk.quota("08-06-1", 2022, "31000", paper="二号", why="追加")
    desk.county.undo()
    assert only(desk).amount == 30800


@pytest.mark.parametrize(
    ("target_id", "year", "amount", "unit", "said"),
    [
        ("08-06-1", 2022, "1.5", "户", "以户计只能是整数"),
        ("08-06-1", 2022, "-1", "户", "不能是负数"),
        ("08-06-1", 2022, "5", "万吨", "以户计，不能用万吨"),
        ("08-06-1", 2024, "5", "户", "方案分解到2021—2023年，没有2024年"),
        ("03-02-6", 2022, "5", "台", "不是按数量或比率下达"),
        ("08-06", 2022, "5", "户", "不是按数量或比率下达"),
        ("99-99-9", 2022, "5", "户", "没有编号为"),
    ],
)
def test_impossible_quotas_are_refused(
    desk: Desk, target_id: str, year: int, amount: str, unit: str, said: str
) -> None:
    with pytest.raises(DataProblem, match=said):
        desk.quota(target_id, year, amount, unit)
    assert quotas.quotas(desk.conn) == {}


def test_one_impossible_quota_keeps_the_others_out(desk: Desk) -> None:
    with pytest.raises(DataProblem, match="整数"):
        with desk.county.operation("批量录入") as op:
            quotas.set_quotas(
                op, [QuotaEntry("08-06-1", 2021, Decimal(1)), QuotaEntry("08-06-1", 2022, Decimal("0.5"))]
            )
    assert quotas.quotas(desk.conn) == {}


def test_a_quota_may_be_a_state(desk: Desk) -> None:
    with desk.county.operation("录入") as op:
        quotas.set_quota(op, target_id="08-06-1", year=2021, amount=State.NOT_APPLICABLE)
    assert (only(desk).amount, only(desk).in_unit) == (State.NOT_APPLICABLE, None)


def test_the_table_lists_what_takes_a_quota_and_what_still_awaits_the_province(desk: Desk) -> None:
    rows = {row.target.id: row for row in quotas.quota_table(desk.conn, desk.plan)}
    assert rows["12-01-1"].pending
    assert not rows["08-06-1"].pending
    assert "03-02-6" not in rows
    desk.quota("12-01-1", 2021, "1200")
    row = {row.target.id: row for row in quotas.quota_table(desk.conn, desk.plan)}["12-01-1"]
    assert not row.pending
    assert {year: quota.amount for year, quota in row.quotas.items()} == {2021: 1200}


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(2021, 2022), st.integers(0, 10**6)), min_size=1, max_size=6))
def test_any_run_of_changes_leaves_the_last_value_and_all_of_its_history(changes: list[tuple[int, int]]) -> None:
    with fresh_county() as county, county.reading() as conn:
        desk = Desk(county, conn)
        expected: dict[int, list[int]] = {}
        for number, (year, amount) in enumerate(changes):
            desk.quota("08-06-1", year, str(amount), paper=f"{number}号", why="调整")
            run = expected.setdefault(year, [])
            if not run or run[-1] != amount:
                run.append(amount)
        for year, run in expected.items():
            assert quotas.quotas(conn)["08-06-1"][year].amount == run[-1]
            told = [step.after for step in reversed(quotas.history(conn, "08-06-1", year))]
            assert [amount for place, amount in enumerate(told) if not place or amount != told[place - 1]] == run
