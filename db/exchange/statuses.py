"""How a kind and period stands, in three statuses that know nothing of each other, and how much was changed since.

statuses(conn, kind, period) -> Statuses        填报 · 报送 · 审核 · 报送后修改数
all_statuses(conn) -> {(kind, period): …}       of everything that was ever exported

已导出 is not 已接收: that somebody wrote a file says nothing of where it is, nor of what was thought of it.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from enum import StrEnum

from db.core.period import Period
from db.exchange.package_kinds import PackageKind, kind_and_period
from db.exchange.submissions import Submission, standing, submissions
from db.exchange.versions import count_since
from db.plan.editions import county_catalogue
from db.store.connection import quoted
from db.work.monthly.months import month_state
from db.work.registers import registers
from db.work.submission_states import EXPORTED, PASSED, RECALLED, RECEIVED
from db.work.task_states import RESOLVED, StateKind, shares, states

NOT_EXPORTED = "未导出"
CHANGED_AFTER = "通过后修改"


class Filing(StrEnum):
    """填报: whether the county has worked on it, and whether it has declared it finished."""

    NOTHING = "未填报"
    UNDER_WAY = "填报中"
    FINISHED = "已完成"


@dataclass(frozen=True)
class Statuses:
    """`review` is "" before there is a package to think about; `modified` counts what was changed since the
    `last` that counts went out, 0 when none is out.
    """

    filing: Filing
    sending: str
    review: str
    modified: int
    last: Submission | None = None


def statuses(conn: sqlite3.Connection, kind: str, period: str) -> Statuses:
    """Return how this kind and period stands; DataProblem for a kind or period that does not exist."""
    chosen, when = kind_and_period(kind, period)
    return _statuses(conn, chosen, when, standing(submissions(conn, kind, period)))


def all_statuses(conn: sqlite3.Connection) -> dict[tuple[str, str], Statuses]:
    """Return how every kind and period stands of which there ever was a package."""
    packages: dict[tuple[str, str], list[Submission]] = {}
    for each in submissions(conn):
        packages.setdefault((each.kind, each.period), []).append(each)
    return {key: _statuses(conn, *kind_and_period(*key), standing(found)) for key, found in packages.items()}


def review_of(package: Submission, modified: int) -> str:
    """Return what the city thinks of a package: 通过后修改 where that was about other figures than there are now."""
    return CHANGED_AFTER if package.review == PASSED and modified else package.review


def _statuses(conn: sqlite3.Connection, kind: PackageKind, period: Period, last: Submission | None) -> Statuses:
    if last is None:
        return Statuses(_filing(conn, kind, period), NOT_EXPORTED, "", 0)
    out = last.status in (EXPORTED, RECEIVED)
    modified = count_since(conn, last) if last.status != RECALLED else 0
    # Who exports declares it finished; who goes on changing has taken that back.
    filing = Filing.FINISHED if out and not modified and not kind.monthly else _filing(conn, kind, period)
    return Statuses(filing, last.status, review_of(last, modified), modified, last)


def _filing(conn: sqlite3.Connection, kind: PackageKind, period: Period) -> Filing:
    if kind.monthly:
        if month_state(conn, period).closed:
            return Filing.FINISHED
        return _begun(any(_has(conn, table, str(period)) for table in kind.of_the_month))
    if kind.evaluation:
        return _begun(_has(conn, "evaluation", kind.evaluation_key(period)))
    if kind.registers:
        return _begun(any(_has(conn, schema.table) for schema in registers(conn)))
    catalogue = county_catalogue(conn)
    whole = shares(catalogue, states(conn, catalogue))[""]
    if not any(whole.of(each) for each in StateKind if each not in _UNTOUCHED):
        return Filing.NOTHING
    finished = all(each in RESOLVED for each in StateKind if whole.of(each))
    return Filing.FINISHED if finished else Filing.UNDER_WAY


_UNTOUCHED = (StateKind.NOT_STARTED, StateKind.PENDING)


def _begun(anything: bool) -> Filing:
    return Filing.UNDER_WAY if anything else Filing.NOTHING


def _has(conn: sqlite3.Connection, table: str, period: str = "") -> bool:
    time = "AND period = ?2" if period else "AND ?2 = ''"
    sql = f"SELECT EXISTS (SELECT ?1 FROM {quoted(table)} WHERE deleted_at IS NULL {time})"
    return bool(conn.execute(sql, (1, period)).fetchone()[0])
