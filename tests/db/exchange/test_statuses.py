"""Three statuses of a kind and period, each by itself."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from db.core.period import Period
from db.exchange.package_kinds import kinds
from db.exchange.sending import send
from db.exchange.statuses import Filing, Statuses, all_statuses, statuses
from db.exchange.submissions import latest, recall
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.model import RowKey
from db.work.monthly.months import reopen_month
from tests.db.exchange.packages import PERIODS, letter
from tests.db.work.desk import Desk

HEATING = "08-06-1"
MARCH = Period(2022, 3)
REASON = "市里退回，要求更正清洁取暖户数"


def of(desk: Desk, kind: str = "monthly") -> Statuses:
    return statuses(desk.conn, kind, PERIODS[kind])


def shown(desk: Desk, kind: str = "monthly") -> tuple[str, str, str, int]:
    found = of(desk, kind)
    return (found.filing, found.sending, found.review, found.modified)


def file(desk: Desk, amount: int) -> None:
    with desk.county.operation("填报") as op:
        set_entries(op, MARCH, [EntryChange(RowKey(HEATING, "town", desk.towns[0]), {"amount": Decimal(amount)})])


def export(desk: Desk, folder: Path, kind: str = "monthly") -> None:
    send(desk.county, kind=kind, period=PERIODS[kind], out=folder, letter=letter)


def answered(desk: Desk, status: str, review: str) -> None:
    with desk.county.operation("回执") as op:
        op.conn.execute("UPDATE submission SET status = ?, review = ?", (status, review))


def reopen(desk: Desk) -> None:
    with desk.county.operation("重新打开") as op:
        reopen_month(op, MARCH, REASON)


def test_a_month_from_nothing_to_passed_and_changed_again(desk: Desk, tmp_path: Path) -> None:
    assert shown(desk) == ("未填报", "未导出", "", 0)
    file(desk, 300)
    assert shown(desk) == ("填报中", "未导出", "", 0)
    export(desk, tmp_path)
    assert shown(desk) == ("已完成", "已导出", "待审核", 0)
    answered(desk, "已接收", "通过")
    assert shown(desk) == ("已完成", "已接收", "通过", 0)
    reopen(desk)
    assert shown(desk) == ("填报中", "已接收", "通过", 0)
    file(desk, 310)
    assert shown(desk) == ("填报中", "已接收", "通过后修改", 1)
    file(desk, 300)
    assert shown(desk) == ("填报中", "已接收", "通过", 0)


def test_one_that_is_returned_is_returned_whatever_is_changed(desk: Desk, tmp_path: Path) -> None:
    file(desk, 300)
    export(desk, tmp_path)
    answered(desk, "已接收", "退回")
    reopen(desk)
    file(desk, 310)
    assert shown(desk) == ("填报中", "已接收", "退回", 1)


def test_what_was_taken_back_has_no_changes_since(desk: Desk, tmp_path: Path) -> None:
    file(desk, 300)
    export(desk, tmp_path)
    package = latest(desk.conn, "monthly", "2022-03")
    assert package is not None
    with desk.county.operation("撤回") as op:
        recall(op, package.id, REASON)
    file(desk, 310)
    assert shown(desk)[:2] == ("填报中", "已撤回") and of(desk).modified == 0


def test_what_the_city_has_counts_where_a_later_one_was_taken_back(desk: Desk, tmp_path: Path) -> None:
    file(desk, 300)
    export(desk, tmp_path)
    answered(desk, "已接收", "通过")
    reopen(desk)
    file(desk, 310)
    export(desk, tmp_path)
    package = latest(desk.conn, "monthly", "2022-03")
    assert package is not None
    with desk.county.operation("撤回") as op:
        recall(op, package.id, REASON)
    assert shown(desk) == ("填报中", "已接收", "通过后修改", 1)
    assert all_statuses(desk.conn) == {("monthly", "2022-03"): of(desk)}


@pytest.mark.parametrize("kind", [kind for kind in kinds() if kind != "monthly"])
def test_who_exports_a_year_says_that_it_is_finished(kind: str, desk: Desk, tmp_path: Path) -> None:
    assert shown(desk, kind) == ("未填报", "未导出", "", 0)
    export(desk, tmp_path, kind)
    assert shown(desk, kind) == ("已完成", "已导出", "待审核", 0)
    assert all_statuses(desk.conn) == {(kind, PERIODS[kind]): of(desk, kind)}


def test_a_plan_is_under_way_once_a_task_is_shared_out(desk: Desk) -> None:
    desk.share(HEATING, 2022, "1200")
    assert of(desk, "plan").filing is Filing.UNDER_WAY
