"""A sample county lives on a day of its own: its plan is under way there, whatever the calendar says.

today_in(conn) -> date            is_sample(conn) -> bool
"""

from __future__ import annotations

import sqlite3
from datetime import date

from db.store.county import SAMPLE
from db.work.demo_facts import demo_day


def is_sample(conn: sqlite3.Connection) -> bool:
    """Return whether the county is one to practise with."""
    sql = "SELECT 1 FROM setting WHERE id = ? AND deleted_at IS NULL"
    return conn.execute(sql, (SAMPLE,)).fetchone() is not None


def today_in(conn: sqlite3.Connection) -> date:
    """Return the day by which deadlines are judged in this county: the demo's own day in a sample, else today."""
    return demo_day() if is_sample(conn) else date.today()
