"""One task's lines as columns: lamp and filing of each, and what they add up to, in one pass over whole numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import overload

from db.work.monthly.figures import Stored, filing_of, in_task_unit, parts_of, rate_weights
from db.work.monthly.goals import WHOLE, DueTask, Goal
from db.work.monthly.lamps import LampKind, is_done, kind_of, rules
from db.work.monthly.lines import Known, Line, TaskLines, standing_of
from db.work.monthly.model import COUNTY, FigureKind, Filing, RowKey
from db.work.monthly.reading import (
    DEADLINE,
    DENOMINATOR,
    FILED,
    FILED_UNIT,
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
        self._own = len(shares)
        self._every = self._rows
        self.older: Mapping[str, Stored] = {}
        self.dropped = 0
        self.filings = []
        self.lamps = []
        self.unreviewed = 0
        self._filed = _filings(due.kind, self._rows)
        self._month = due.month
        self._share_goal = cache(due.share)

    def open_ones(self) -> list[str]:
        """Return who has no figure for this month and is not 不涉及."""
        missing, no_data = Filing.MISSING, Filing.NO_DATA
        pairs = zip(self._rows, self._filed, strict=True)
        return [row[WHO] for row, filing in pairs if filing is missing or filing is no_data]

    def settle(self, older: Mapping[str, Stored]) -> None:
        """Judge every line, with the older figures of those that have none."""
        self.older = older
        if self._is_simple():
            self._judge_simple()
        elif self.due.kind is FigureKind.STAGE:
            self._judge_stages()
            self._judge(self._own)
        else:
            self._judge(0)
        self.unreviewed = [row[REVIEWED] for row in self._rows].count(0)

    def added(self) -> Added:
        """Return the sum of the figures, this month's and older ones, those of earlier years' assignees included."""
        pairs = list(zip(self._every, self._filed, strict=True))
        figure = Filing.FIGURE
        found, odd = _SUMMED[self.due.kind]([row for row, filing in pairs if filing is figure])
        for row in odd:
            found.add(self.due, self._entry(Share._make(row)))
        if self.older:
            for row, filing in pairs:
                if filing is not figure and filing is not Filing.NOT_APPLICABLE and row[WHO] in self.older:
                    found.add(self.due, self.older[row[WHO]])
                    found.carried += filing is Filing.MISSING
        return found

    @property
    def silent(self) -> int:
        """Return how many lines have never had a figure and no answer either."""
        missing = Filing.MISSING
        return sum(
            row[WHO] not in self.older
            for row, filing in zip(self._rows, self.filings, strict=True)
            if filing is missing
        )

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

    def _judge_stages(self) -> None:
        """Judge this year's stages, of which there are few: most lines of a task are like others of it."""
        rows, filed, figure = self._rows[: self._own], self._filed[: self._own], Filing.FIGURE
        pairs = zip(rows, filed, strict=True)
        alike = [(row[STAGE], row[DEADLINE]) if filing is figure else None for row, filing in pairs]
        judged = {key: self._judged(row, figure)[0] for key, row in dict(zip(alike, rows, strict=True)).items() if key}
        self.filings = filed
        self.lamps = [judged[key] if key else LampKind.GREY for key in alike]
        for place in [place for place, key in enumerate(alike) if key is None]:
            self.lamps[place], done = self._judged(rows[place], filed[place])
            if done and filed[place] is Filing.MISSING:
                self.filings[place] = Filing.FINISHED

    def _judge(self, first: int) -> None:
        """Judge line by line; work of an earlier year that was finished before this month is no line any more."""
        kept: list[Row] = []
        for row, filing in zip(self._rows[first:], self._filed[first:], strict=True):
            lamp, done = self._judged(row, filing)
            if done and filing is Filing.MISSING and row[WHO] in self.others:
                self.dropped += 1
                continue
            kept.append(row)
            self.filings.append(filing)
            self.lamps.append(lamp)
        self._rows = [*self._rows[:first], *kept]

    def _judged(self, row: Row, filing: Filing) -> tuple[LampKind, bool]:
        share = Share._make(row)
        standing = standing_of(self.due, self._goal(share), filing, self._stored(share, filing))
        return kind_of(standing), is_done(standing)

    def _is_simple(self) -> bool:
        common, due = self.due.common, self.due
        plain = not (common.get("cap") or common.get("base") or common.get("down") or common.get("strict"))
        known = due.kind is FigureKind.AMOUNT or (due.kind is FigureKind.RATE and rate_weights(due) is not None)
        mine = any(row[KIND] == COUNTY for row in self._rows[:1])
        return plain and known and not self.others and not mine

    def _judge_simple(self) -> None:
        """Do what `_judge` does for plain amounts and rates without making anything but the verdict."""
        times: dict[str | None, _Time] = {}
        weight, base = (rate_weights(self.due) if self.due.kind is FigureKind.RATE else None) or (0, 0)
        rate, figure, earlier = self.due.kind is FigureKind.RATE, Filing.FIGURE, self.earlier
        for row, filing in zip(self._rows, self._filed, strict=True):
            who, _, amount, own_unit, deadline, made, numerator, denominator, _, filed_unit, _, _ = row
            per = 1
            if rate:
                per = denominator or 0
                made = None if numerator is None else numerator * weight + per * base
            if made is None or per <= 0 or filed_unit or own_unit or filing is not figure:
                share = Share._make(row)
                lamp = kind_of(standing_of(self.due, self._goal(share), filing, self._stored(share, filing)))
            else:
                time = times.get(deadline)
                if time is None:
                    time = times[deadline] = _time(self.due, self._goal(Share._make(row)))
                mine = earlier.get(who) if earlier else None
                before = (mine.amount or 0) if mine is not None else 0
                if amount is None and not before:
                    lamp = LampKind.GREY
                else:
                    lamp = _plain_lamp(made, per, before, (amount or 0) + before, time)
            self.lamps.append(lamp)
        self.filings = list(self._filed)

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
    if past or asked <= 0 or late * 100 > rules().yellow_points * asked * days:
        return LampKind.RED
    if near:
        return LampKind.BLUE
    return LampKind.YELLOW if late > 0 else LampKind.GREEN


def _filings(kind: FigureKind, rows: Sequence[Row]) -> list[Filing]:
    """Return what each entry amounts to, as `filing_of` does, without making entries of them."""
    figure, missing = Filing.FIGURE, Filing.MISSING
    if kind is FigureKind.STAGE:
        found = [figure if row[STAGE] else missing for row in rows]
    else:
        found = [missing if row[FILED] is None else figure for row in rows]
    if kind is FigureKind.RATE:
        for place, row in enumerate(rows):
            if row[NUMERATOR] is not None and row[DENOMINATOR] is not None:
                found[place] = figure
    for place in [place for place, row in enumerate(rows) if row[STATES] is not None]:
        found[place] = filing_of(kind, Share._make(rows[place]).entry(""))
    return found


def _summed_amounts(rows: Sequence[Row]) -> tuple[Added, list[Row]]:
    """Return the sum of what was filed in the task's unit, and the other rows."""
    plain = [row[FILED] for row in rows if row[FILED_UNIT] is None and row[FILED] is not None]
    odd = [row for row in rows if row[FILED_UNIT] is not None or row[FILED] is None] if len(plain) < len(rows) else []
    return Added(top=sum(plain), counted=len(plain)), odd


def _summed_rates(rows: Sequence[Row]) -> tuple[Added, list[Row]]:
    """Return Σ numerator and Σ denominator, and the rows that lack one of them."""
    whole = [row for row in rows if row[NUMERATOR] is not None and row[DENOMINATOR] is not None]
    odd = [row for row in rows if row[NUMERATOR] is None or row[DENOMINATOR] is None] if len(whole) < len(rows) else []
    top, bottom = sum(row[NUMERATOR] for row in whole), sum(row[DENOMINATOR] for row in whole)
    return Added(top=top, bottom=bottom, counted=len(whole)), odd


def _summed_stages(rows: Sequence[Row]) -> tuple[Added, list[Row]]:
    """Return the points of the stages, and the rows with a stage that nobody knows."""
    found, points = Added(), rules().stages
    counts = Counter([row[STAGE] for row in rows])
    for stage, number in counts.items():
        if stage in points:
            found.top += points[stage] * 1_000_000 * number
            found.counted += number
            found.done += number if points[stage] >= 100 else 0
    return found, [row for row in rows if row[STAGE] not in points] if found.counted < len(rows) else []


_SUMMED = {
    FigureKind.AMOUNT: _summed_amounts,
    FigureKind.RATE: _summed_rates,
    FigureKind.STAGE: _summed_stages,
}


@cache
def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
