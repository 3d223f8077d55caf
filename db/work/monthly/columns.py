"""One task's lines as columns: lamp and filing of each, and what they add up to, in one pass over whole numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import overload

from db.work.monthly.figures import Stored, filing_of, in_task_unit, parts_of, rate_factor
from db.work.monthly.goals import WHOLE, DueTask, Goal
from db.work.monthly.lamps import LampKind, is_done, kind_of, rules
from db.work.monthly.lines import Known, Line, TaskLines, standing_of
from db.work.monthly.model import COUNTY, FigureKind, Filing, RowKey
from db.work.monthly.reading import (
    DEADLINE,
    DENOMINATOR,
    FILED,
    KIND,
    NUMERATOR,
    REVIEWED,
    STAGE,
    STATES,
    WHO,
    Earlier,
    Row,
    Share,
)


@dataclass
class Added:
    """A sum in the making: amounts or points in `top`, Σ numerator ÷ Σ denominator, of `counted` figures.

    `apart` are rates without their two parts, of which `single` is the last; `done` are stages that are finished.
    """

    top: int = 0
    bottom: int = 0
    counted: int = 0
    carried: int = 0
    apart: int = 0
    done: int = 0
    single: Stored | None = None

    def add(self, due: DueTask, stored: Stored) -> None:
        """Add the figure of an entry."""
        parts = parts_of(due, stored)
        if parts is None:
            self.apart += 1
            self.single = stored
            return
        self.counted += 1
        self.top += parts.top
        self.bottom += parts.bottom
        self.done += due.kind is FigureKind.STAGE and parts.top >= WHOLE


class Columns(TaskLines):
    """The lines of one task, made of its shares; `settle` gives lines without a figure of this month an older one.

    `county` is the goal of the whole, for the line that the county files itself.
    """

    def __init__(
        self,
        due: DueTask,
        shares: Sequence[Row],
        earlier: Mapping[str, Earlier],
        others: Sequence[Row],
        county: Goal,
    ) -> None:
        self.due = due
        self.county = county
        self.earlier = earlier
        self.others = frozenset(row[WHO] for row in others)
        self._rows: list[Row] = [*shares, *others]
        self._every = self._rows
        self.older: Mapping[str, Stored] = {}
        self.dropped = 0
        self.filings = []
        self.lamps = []
        self.unreviewed = 0
        self._filed = _filings(due.kind, self._rows)
        self._month = str(due.period)
        self._share_goal = cache(due.share)

    def open_ones(self) -> list[str]:
        """Return who has no figure for this month and is not 不涉及."""
        pairs = zip(self._rows, self._filed, strict=True)
        return [row[WHO] for row, filing in pairs if filing is Filing.MISSING or filing is Filing.NO_DATA]

    def settle(self, older: Mapping[str, Stored]) -> None:
        """Judge every line, with the older figures of those that have none."""
        self.older = older
        if self._is_simple():
            self._judge_simple()
        else:
            self._judge()

    def added(self) -> Added:
        """Return the sum of the figures, this month's and older ones, those of earlier years' assignees included."""
        found, due, points = Added(), self.due, rules().stages
        amounts = due.kind is FigureKind.AMOUNT
        for row, filing in zip(self._every, self._filed, strict=True):
            if filing is Filing.FIGURE:
                _, _, _, _, _, filed, numerator, denominator, stage, filed_unit, _, _ = row
                if amounts and filed_unit is None and filed is not None:
                    found.top += filed
                    found.counted += 1
                elif numerator is not None and denominator is not None:
                    found.top += numerator
                    found.bottom += denominator
                    found.counted += 1
                elif stage is not None and stage in points:
                    found.top += points[stage] * 1_000_000
                    found.counted += 1
                    found.done += points[stage] >= 100
                else:
                    found.add(due, self._entry(Share._make(row)))
            elif filing is not Filing.NOT_APPLICABLE and row[WHO] in self.older:
                found.add(due, self.older[row[WHO]])
                found.carried += filing is Filing.MISSING
        return found

    @property
    def silent(self) -> int:
        """Return how many lines have never had a figure and no answer either."""
        pairs = zip(self._rows, self.filings, strict=True)
        return sum(filing is Filing.MISSING and row[WHO] not in self.older for row, filing in pairs)

    def who(self, place: int) -> tuple[str, str]:
        """Return kind and id of the assignee of a line."""
        row = self._rows[place]
        return row[KIND], row[WHO]

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> Line: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Line]: ...
    def __getitem__(self, place: int | slice) -> Line | Sequence[Line]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        share = Share._make(self._rows[place])
        return Line(
            key=RowKey(self.due.id, share.kind, share.who),
            due=self.due,
            goal=self._goal(share),
            filing=self.filings[place],
            known=Known(share.entry(self._month), self._stored(share, self.filings[place])),
            lamp=self.lamps[place],
            reviewed=share.reviewed != 0,
            year=self._year(share),
        )

    # -- judging ----------------------------------------------------------------------------------------------

    def _judge(self) -> None:
        """Judge line by line; work of an earlier year that was finished before this month is no line any more."""
        kept: list[Row] = []
        stages = self.due.kind is FigureKind.STAGE
        memory: dict[tuple[object, ...], tuple[LampKind, bool]] = {}
        for row, filed in zip(self._rows, self._filed, strict=True):
            filing = filed
            # Of stages there are few; most lines of such a task are like others of it.
            like = stages and filing is Filing.FIGURE and row[WHO] not in self.others
            judged = memory.get((row[STAGE], row[DEADLINE])) if like else None
            if judged is None:
                share = Share._make(row)
                standing = standing_of(self.due, self._goal(share), filing, self._stored(share, filing))
                judged = kind_of(standing), is_done(standing)
                if like:
                    memory[(row[STAGE], row[DEADLINE])] = judged
            lamp, done = judged
            if filing is Filing.MISSING and done:
                if row[WHO] in self.others:
                    self.dropped += 1
                    continue
                if stages:
                    filing = Filing.FINISHED
            kept.append(row)
            self.filings.append(filing)
            self.lamps.append(lamp)
            self.unreviewed += row[REVIEWED] == 0
        self._rows = kept

    def _is_simple(self) -> bool:
        common, due = self.due.common, self.due
        plain = not (common.get("cap") or common.get("base") or common.get("down") or common.get("strict"))
        level = due.kind is FigureKind.AMOUNT or (due.kind is FigureKind.RATE and not due.is_change)
        mine = any(row[KIND] == COUNTY for row in self._rows[:1])
        return plain and level and not self.others and not mine

    def _judge_simple(self) -> None:
        """Do what `_judge` does for plain amounts and rates without making anything but the verdict."""
        times: dict[str | None, _Time] = {}
        factor = rate_factor(self.due)
        rate = self.due.kind is FigureKind.RATE
        for row, filing in zip(self._rows, self._filed, strict=True):
            who, _, amount, own_unit, deadline, made, numerator, denominator, _, filed_unit, _, reviewed = row
            per = 1
            if rate:
                made, per = None if numerator is None else numerator * factor, denominator or 0
            if made is None or not per or filed_unit or own_unit or filing is not Filing.FIGURE:
                share = Share._make(row)
                lamp = kind_of(standing_of(self.due, self._goal(share), filing, self._stored(share, filing)))
            else:
                time = times.get(deadline)
                if time is None:
                    time = times[deadline] = _time(self.due, self._goal(Share._make(row)))
                mine = self.earlier.get(who) if self.earlier else None
                before = (mine.amount or 0) if mine is not None else 0
                if amount is None and not before:
                    lamp = LampKind.GREY
                else:
                    lamp = _plain_lamp(made, per, before, (amount or 0) + before, time)
            self.filings.append(filing)
            self.lamps.append(lamp)
            self.unreviewed += reviewed == 0

    def _entry(self, share: Share) -> Stored:
        return share.entry(self._month) or Stored(self._month, None, None, None, None, None, "{}", None, None)

    def _stored(self, share: Share, filing: Filing) -> Stored | None:
        return self._entry(share) if filing is Filing.FIGURE else self.older.get(share.who)

    def _year(self, share: Share) -> int:
        mine = self.earlier.get(share.who)
        return mine.year if mine is not None and share.who in self.others else self.due.period.year

    def _goal(self, share: Share) -> Goal:
        if share.kind == COUNTY:
            return self.county
        amount = share.amount
        if amount is not None and share.own_unit is not None:
            amount = in_task_unit(self.due, amount, share.own_unit)
        mine = self.earlier.get(share.who)
        before = (mine.amount or 0) if mine is not None and share.who not in self.others else 0
        return self._share_goal(self._year(share), amount, before, _day(share.deadline))


_Time = tuple[int, int, bool, bool]
"""How many of how many days have passed, whether the deadline has, whether it is near."""


def _time(due: DueTask, goal: Goal) -> _Time:
    near = rules().soon_days
    left = near + 1 if goal.deadline is None else (goal.deadline - due.on).days
    return goal.passed, goal.days, left < 0, left <= near


def _plain_lamp(made: int, per: int, before: int, whole: int, time: _Time) -> LampKind:
    """Return what `kind_of` says of a plain amount or rate, `made` ÷ `per` of `whole`."""
    passed, days, past, near = time
    asked = whole * per
    if made >= asked:
        return LampKind.GREEN
    late = (before * days + (whole - before) * passed) * per - made * days
    if past or late * 100 > rules().yellow_points * asked * days:
        return LampKind.RED
    if near:
        return LampKind.BLUE
    return LampKind.YELLOW if late > 0 else LampKind.GREEN


def _filings(kind: FigureKind, rows: Sequence[Row]) -> list[Filing]:
    """Return what each entry amounts to, as `filing_of` does, without making entries of them."""
    found: list[Filing] = []
    figure, missing, rate = Filing.FIGURE, Filing.MISSING, kind is FigureKind.RATE
    for row in rows:
        if row[STATES] is not None:
            found.append(filing_of(kind, Share._make(row).entry("")))
        elif kind is FigureKind.STAGE:
            found.append(figure if row[STAGE] else missing)
        elif row[FILED] is not None or (rate and row[NUMERATOR] is not None and row[DENOMINATOR] is not None):
            found.append(figure)
        else:
            found.append(missing)
    return found


@cache
def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
