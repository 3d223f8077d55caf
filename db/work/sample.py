"""A sample county lives on a day of its own: its plan is under way there, whatever the calendar says.

today_in(conn) -> date            is_sample(conn) -> bool
refuse_mixing(conn, what, sample=…)      nothing of a sample comes into real data, nor the other way round
"""

from __future__ import annotations

import sqlite3
from datetime import date

from db.core.errors import DataProblem
from db.store.county import SAMPLE
from db.work.demo_facts import demo_day


def is_sample(conn: sqlite3.Connection) -> bool:
    """Return whether the county is one to practise with."""
    sql = "SELECT 1 FROM setting WHERE id = ? AND deleted_at IS NULL"
    return conn.execute(sql, (SAMPLE,)).fetchone() is not None


def today_in(conn: sqlite3.Connection) -> date:
    """Return the day by which deadlines are judged in this county: the demo's own day in a sample, else today."""
    return demo_day() if is_sample(conn) else date.today()


def refuse_mixing(conn: sqlite3.Connection, what: str, *, sample: bool) -> None:
    """Raise DataProblem unless the county and what has arrived (`what` for a person) are both samples, or both real."""
    ours = is_sample(conn)
    if sample and not ours:
        raise DataProblem(f"{what}是演示的，本县是真实数据，没有导入。", advice="它只能导入演示县。", code="sample")
    if ours and not sample:
        raise DataProblem(
            f"本县是演示县，{what}是正式的，没有导入。", advice="请打开本县的真实数据再导入。", code="sample"
        )
