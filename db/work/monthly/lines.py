"""One line of a month: who has to file what, what there is of it, and how it stands."""

from __future__ import annotations

from typing import NamedTuple

from db.core.period import Period
from db.work.monthly.carrying import Known
from db.work.monthly.figures import figure_of
from db.work.monthly.goals import DueTask, Goal
from db.work.monthly.lamps import LampKind, Standing
from db.work.monthly.model import Filing, RowKey


class Line(NamedTuple):
    """What one assignee has to file of one task; `year` is that of its newest assignment."""

    key: RowKey
    due: DueTask
    goal: Goal
    filing: Filing
    known: Known | None
    lamp: LampKind
    reviewed: bool
    year: int

    @property
    def standing(self) -> Standing:
        """Return what the lamp is made from."""
        return standing_of(self.due, self.goal, self.filing, self.known)


def standing_of(due: DueTask, goal: Goal, filing: Filing, known: Known | None) -> Standing:
    """Return what the lamp of one line is made from; an older figure stands in for one that is missing, and says so."""
    if filing is Filing.NOT_APPLICABLE:
        return due.standing(goal, None, why="不涉及，不评。")
    if filing is Filing.NO_DATA:
        return due.standing(goal, None, why="本月暂无数据，不评。")
    found = None if known is None or known.stored is None else figure_of(due, known.stored)
    if found is None or known is None or known.stored is None:
        asked = known is not None and known.stored is not None
        return due.standing(goal, None, why="分母为零或缺基年的数，算不出来。" if asked else "还没有报过数，不评。")
    carried = "" if known.stored.period == str(due.period) else f"本月未报，按{_month(known.stored.period)}的数计算"
    return due.standing(goal, found.top, found.per, carried=carried)


def _month(period: str) -> str:
    return Period.parse(period).title
