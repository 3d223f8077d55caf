"""Months open and closed: a closed one is locked until it is opened again, with a reason.

month_state(conn, period) -> MonthState            closed_months(conn) -> list[Period]
close_month(op, period)                            reopen_month(op, period, reason)
require_open(conn, period)                         raises where a closed month would be written
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.period import Period
from db.core.reasons import checked_reason
from db.core.values import Cell
from db.store import records
from db.store.operation import Operation
from db.work.monthly.model import require_month

OPEN, CLOSED = "open", "closed"
TITLES = {OPEN: "填报中", CLOSED: "已完成"}
REOPEN_EXAMPLE = "市里退回，要求更正清洁取暖户数"
"""A reason for opening a month again, as it is shown to the clerk."""


@dataclass(frozen=True)
class MonthState:
    """Whether a month is closed, since when (local ISO time), and why it was opened again the last time."""

    period: Period
    closed: bool = False
    closed_at: str = ""
    reason: str = ""

    @property
    def title(self) -> str:
        """Return 填报中 or 已完成."""
        return TITLES[CLOSED if self.closed else OPEN]


def month_state(conn: sqlite3.Connection, period: Period) -> MonthState:
    """Return how the month stands; one that was never closed is open."""
    row = conn.execute(
        "SELECT status, coalesce(closed_at, ''), coalesce(reason, '') FROM month"
        " WHERE period = ? AND deleted_at IS NULL",
        (str(period),),
    ).fetchone()
    return MonthState(period) if row is None else MonthState(period, row[0] == CLOSED, row[1], row[2])


def closed_months(conn: sqlite3.Connection) -> list[Period]:
    """Return the months that are locked, the earliest first."""
    sql = "SELECT period FROM month WHERE status = ? AND deleted_at IS NULL ORDER BY period"
    return [Period.parse(period) for (period,) in conn.execute(sql, (CLOSED,))]


def close_month(op: Operation, period: Period) -> None:
    """Lock the month; nothing happens to one that is closed already."""
    require_month(period)
    if not month_state(op.conn, period).closed:
        _write(op, period, {"status": CLOSED, "closed_at": op.at})


def reopen_month(op: Operation, period: Period, reason: str) -> None:
    """Open a closed month again; DataProblem without a reason worth the name or for a month that is not closed."""
    if not month_state(op.conn, period).closed:
        raise DataProblem(f"{period.title}没有锁定，可以直接填报。", code="month.open")
    given = checked_reason(reason, f"重新打开{period.title}", REOPEN_EXAMPLE)
    _write(op, period, {"status": OPEN, "reason": given})


def require_open(conn: sqlite3.Connection, period: Period) -> None:
    """Raise DataProblem when the month is closed: nothing can be written into it."""
    require_month(period)
    if month_state(conn, period).closed:
        raise DataProblem(
            f"{period.title}已经完成并锁定，不能改动。",
            advice="确需更正的，请先在月调度页重新打开这个月，并写明理由。",
            code="month.closed",
        )


def _write(op: Operation, period: Period, values: dict[str, Cell]) -> None:
    schema = load_schema("month")
    row = op.conn.execute("SELECT id, deleted_at FROM month WHERE period = ?", (str(period),)).fetchone()
    if row is None:
        records.insert(op, schema, {"period": str(period), **values})
        return
    if row[1] is not None:
        records.restore(op, schema, [row[0]])
    records.update(op, schema, row[0], values)
