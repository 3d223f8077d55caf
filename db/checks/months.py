"""In which months an edit can be seen: those whose figures are held against it, or for which it stands in."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from typing import NamedTuple

from db.checks.context import Context
from db.core.changes import Changes
from db.core.errors import DataProblem
from db.core.period import Period
from db.store.past import rows_at
from db.store.records import BATCH, chunks, in_list
from db.work.monthly.carrying import stands_until
from db.work.monthly.model import month_before

LATER = (1, 2, 12)
"""After how many months a figure is looked at again: as last month's, as one of three running, as last year's."""


class Spot(NamedTuple):
    """Whose figure of which task and month an entry is."""

    task_id: str
    assignee_id: str
    period: str


def months_touched(
    ctx: Context, changes: Changes, spots: Collection[Spot], years: Collection[str]
) -> frozenset[str] | None:
    """Return the months in which lines, lamps and comparisons may be otherwise; None for every month.

    A share matters from its year on; a figure in its own month, in those of `LATER`, and in all for which it stands in
    because its assignee filed none. Registers tell how things are now, and are held against the newest month. `spots`
    are where the changed entries are and were, `years` those of the changed shares.
    """
    if changes.touches("quota", "task_scope"):
        return None
    found: set[str] = set()
    if years:
        found |= _from(ctx, f"{min(years)}-01")
    if len(spots) > BATCH:
        # To ask of each how long it stands in takes longer than to look at a month in vain.
        found |= _from(ctx, min(spot.period for spot in spots))
    else:
        for spot in spots:
            found |= _seen(ctx, spot)
    if ctx.filed_months and changes.touches(*(schema.table for schema in ctx.registers)):
        found.add(max(ctx.filed_months))
    return frozenset(found)


def spots_of(conn: sqlite3.Connection, changes: Changes, since: int) -> set[Spot]:
    """Return where the changed entries are, and where they were before: an edit may have moved one, or taken it away.

    `since` is the journal's last change before the edit.
    """
    ids, found = changes.rows.get("progress", frozenset()), set[Spot]()
    for chunk in chunks(ids):
        sql = f"SELECT {', '.join(Spot._fields)} FROM progress WHERE {in_list('id', chunk)}"
        found |= set(map(Spot._make, conn.execute(sql, chunk)))
    for row in rows_at(conn, "progress", dict.fromkeys(ids, since)).values():
        if row is not None:
            found.add(Spot(*(str(row[name]) for name in Spot._fields)))
    return found


def _seen(ctx: Context, spot: Spot) -> set[str]:
    task = ctx.catalogue.task(spot.task_id)
    until = stands_until(ctx.conn, task, spot.assignee_id, spot.period) if task is not None else ""
    found = _from(ctx, spot.period, until)
    try:
        period = Period.parse(spot.period)
    except DataProblem:  # of another program; nothing is held against such a month
        return found
    return found | {str(month_before(period, -months)) for months in LATER if period.is_month}


def _from(ctx: Context, first: str, last: str = "") -> set[str]:
    return {month for month in map(str, ctx.months) if first <= month and (not last or month <= last)}
