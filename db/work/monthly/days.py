"""Days: when a month's report is due, what is a working day, what to be reminded of.

report_due(conn, period) -> date              set_reporting_day(op, day)
is_working_day(holidays, day) -> bool         next_working_day, working_days_before
published_holidays() -> {day: Holiday}        holidays(conn), set_holidays(op, [Holiday, …]) -> int
reminders(conn, period, grid, today=…) -> list[Reminder]
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import resources
from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.period import Period
from db.core.values import Cell
from db.store import records
from db.store.operation import Operation
from db.work.monthly.lamps import rules
from db.work.monthly.model import last_day, month_before

OFF, ON = "休", "班"
PUBLISHED = "holidays.csv"
SETTING = "reporting_day"


@dataclass(frozen=True)
class Holiday:
    """A day that is not what its weekday says: `kind` 休 (off) or 班 (worked)."""

    day: date
    kind: str
    name: str = ""


@dataclass(frozen=True)
class Reminder:
    """Something to be done: `days` until it is due, negative when that is past; `page` where it is done."""

    text: str
    days: int
    page: str = "monthly"


def reporting_day(conn: sqlite3.Connection) -> int:
    """Return on which day of the following month the city wants the report, before holidays are looked at."""
    row = conn.execute("SELECT value FROM setting WHERE id = ? AND deleted_at IS NULL", (SETTING,)).fetchone()
    return int(row[0]) if row and str(row[0]).isdecimal() else rules().reporting_day


def set_reporting_day(op: Operation, day: int) -> None:
    """Keep the city's reporting day; DataProblem for one that not every month has."""
    if not 1 <= day <= 28:
        raise DataProblem(f"每月报送日不能是{day}日。", advice="请填1到28。", code="days.reporting")
    op.conn.execute(
        "INSERT INTO setting (id, value, created_at) VALUES (?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET value = excluded.value, deleted_at = NULL",
        (SETTING, str(day), op.at),
    )


def report_due(conn: sqlite3.Connection, period: Period) -> date:
    """Return the day on which the month's report is due: the reporting day, or the first working day after it."""
    following = month_before(period, -1)
    return next_working_day(holidays(conn), date(following.year, following.month, reporting_day(conn)))


@cache
def published_holidays() -> Mapping[date, Holiday]:
    """Return the days of the State Council's yearly notices that the program knows, each named as `source`."""
    found: dict[date, Holiday] = {}
    for span in resources.load_csv(PUBLISHED):
        day, last = date.fromisoformat(span["first"]), date.fromisoformat(span["last"])
        while day <= last:
            found[day] = Holiday(day, span["kind"], span["name"])
            day += timedelta(days=1)
    return found


def holidays(conn: sqlite3.Connection) -> dict[date, Holiday]:
    """Return the days that are published, those of the imported table in their place; others go by their weekday."""
    rows = records.select(conn, load_schema("holiday"), "t.deleted_at IS NULL", (), "ORDER BY t.day")
    found = dict(published_holidays())
    for row in rows:
        day = row.values["day"]
        if isinstance(day, date):
            found[day] = Holiday(day, str(row.values["kind"] or OFF), str(row.values["name"] or ""))
    return found


def set_holidays(op: Operation, days: Iterable[Holiday]) -> int:
    """Take the days into the county's table, those already there anew, and return how many changed."""
    schema = load_schema("holiday")
    present = {
        day: (row_id, kind, name, gone)
        for row_id, day, kind, name, gone in op.conn.execute("SELECT id, day, kind, name, deleted_at FROM holiday")
    }
    changed = 0
    for each in {day.day: day for day in days}.values():
        values: dict[str, Cell] = {"kind": each.kind, "name": each.name or None}
        known = present.get(each.day.isoformat())
        if known is None:
            records.insert(op, schema, {"day": each.day, **values})
        elif known[1:] != (each.kind, each.name or None, None):
            if known[3] is not None:
                records.restore(op, schema, [known[0]])
            records.update(op, schema, known[0], values)
        else:
            continue
        changed += 1
    return changed


def is_working_day(known: Mapping[date, Holiday], day: date) -> bool:
    """Return whether people work on that day: the table tells, else Monday to Friday."""
    found = known.get(day)
    return day.weekday() < 5 if found is None else found.kind == ON


def next_working_day(known: Mapping[date, Holiday], day: date) -> date:
    """Return `day` if people work on it, else the next day on which they do."""
    while not is_working_day(known, day):
        day += timedelta(days=1)
    return day


def working_days_before(known: Mapping[date, Holiday], day: date, number: int) -> date:
    """Return the day that lies so many working days before `day`."""
    while number:
        day -= timedelta(days=1)
        number -= is_working_day(known, day)
    return day


def reminders(
    conn: sqlite3.Connection, period: Period, *, today: date, missing: int, unreviewed: int, closed: bool
) -> list[Reminder]:
    """Return what the clerk should be reminded of on `today` about the month, the most urgent first.

    `missing` lines have not been filed and `unreviewed` were copied and not looked at.
    """
    if closed or today <= last_day(period):
        return []
    due = report_due(conn, period)
    known = holidays(conn)
    days = (due - today).days
    found: list[Reminder] = []
    if days < 0:
        found.append(Reminder(f"{period.title}的月报应在{due}前报送，已过{-days}天。", days))
    elif today >= working_days_before(known, due, rules().remind_days):
        when = "今天" if days == 0 else f"{due}前（还有{days}天）"
        found.append(Reminder(f"{period.title}的月报{when}要报送。", days))
    if missing:
        found.append(Reminder(f"{period.title}还有{missing}项没有填报。", days))
    if unreviewed:
        found.append(Reminder(f"{period.title}有{unreviewed}项沿用上月的数还没有核对。", days))
    return found
