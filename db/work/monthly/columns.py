"""One task's lines as columns: lamp and filing of each, and what they add up to, in one pass over whole numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import overload

from db.work.monthly.figures import Stored, filing_of, in_task_unit, parts_of
from db.work.monthly.goals import WHOLE, DueTask, Goal
from db.work.monthly.lamps import LampKind, is_done, kind_of, rules
from db.work.monthly.lines import Known, Line, TaskLines, standing_of
from db.work.monthly.model import COUNTY, FigureKind, Filing, RowKey
from db.work.monthly.reading import Earlier, Share


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
        shares: Sequence[Share],
        earlier: Mapping[str, Earlier],
        others: Sequence[Share],
        county: Goal,
    ) -> None:
        self.due = due
        self.county = county
        self.earlier = earlier
        self.others = frozenset(share.who for share in others)
        self.shares: list[Share] = [*shares, *others]
        self._every = self.shares
        self.older: Mapping[str, Stored] = {}
        self.dropped = 0
        self.filings = []
        self.lamps = []
        self.unreviewed = 0
        self._filed = [_filing(due.kind, share) for share in self.shares]
        self._month = str(due.period)
        self._share_goal = cache(due.share)

    def open_ones(self) -> list[str]:
        """Return who has no figure for this month and is not 不涉及."""
        pairs = zip(self.shares, self._filed, strict=True)
        return [share.who for share, filing in pairs if filing is Filing.MISSING or filing is Filing.NO_DATA]

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
        for share, filing in zip(self._every, self._filed, strict=True):
            if filing is Filing.FIGURE:
                if due.kind is FigureKind.AMOUNT and share.filed_unit is None and share.filed is not None:
                    found.top += share.filed
                    found.counted += 1
                elif share.numerator is not None and share.denominator is not None:
                    found.top += share.numerator
                    found.bottom += share.denominator
                    found.counted += 1
                elif share.stage is not None and share.stage in points:
                    found.top += points[share.stage] * 1_000_000
                    found.counted += 1
                    found.done += points[share.stage] >= 100
                else:
                    found.add(due, self._entry(share))
            elif filing is not Filing.NOT_APPLICABLE and share.who in self.older:
                found.add(due, self.older[share.who])
                found.carried += filing is Filing.MISSING
        return found

    @property
    def silent(self) -> int:
        """Return how many lines have never had a figure and no answer either."""
        pairs = zip(self.shares, self.filings, strict=True)
        return sum(filing is Filing.MISSING and share.who not in self.older for share, filing in pairs)

    def who(self, place: int) -> tuple[str, str]:
        """Return kind and id of the assignee of a line."""
        share = self.shares[place]
        return share.kind, share.who

    def __len__(self) -> int:
        return len(self.shares)

    @overload
    def __getitem__(self, place: int) -> Line: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Line]: ...
    def __getitem__(self, place: int | slice) -> Line | Sequence[Line]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        share = self.shares[place]
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
        kept: list[Share] = []
        stage = self.due.kind is FigureKind.STAGE
        memory: dict[tuple[object, ...], tuple[LampKind, bool]] = {}
        for share, filed in zip(self.shares, self._filed, strict=True):
            filing = filed
            # Of stages there are few; most lines of such a task are like others of it.
            like = stage and filing is Filing.FIGURE and share.who not in self.others
            judged = memory.get((share.stage, share.deadline)) if like else None
            if judged is None:
                standing = standing_of(self.due, self._goal(share), filing, self._stored(share, filing))
                judged = kind_of(standing), is_done(standing)
                if like:
                    memory[(share.stage, share.deadline)] = judged
            lamp, done = judged
            if filing is Filing.MISSING and done:
                if share.who in self.others:
                    self.dropped += 1
                    continue
                if stage:
                    filing = Filing.FINISHED
            kept.append(share)
            self.filings.append(filing)
            self.lamps.append(lamp)
            self.unreviewed += share.reviewed == 0
        self.shares = kept

    def _is_simple(self) -> bool:
        common = self.due.common
        plain = not (common.get("cap") or common.get("base") or common.get("down") or common.get("strict"))
        mine = any(share.kind == COUNTY for share in self.shares[:1])
        return self.due.kind is FigureKind.AMOUNT and plain and not self.others and not mine

    def _judge_simple(self) -> None:
        """Do what `_judge` does for plain amounts, without making anything but the verdict: `kind_of` in the loop."""
        points, soon = rules().yellow_points, rules().soon_days
        times: dict[str | None, tuple[int, int, bool, bool]] = {}
        for share, filing in zip(self.shares, self._filed, strict=True):
            if share.filed is None or share.filed_unit is not None or share.own_unit is not None:
                lamp = kind_of(standing_of(self.due, self._goal(share), filing, self._stored(share, filing)))
            else:
                mine = self.earlier.get(share.who)
                before = (mine.amount or 0) if mine is not None else 0
                time = times.get(share.deadline)
                if time is None:
                    goal = self._goal(share)
                    days_left = (goal.deadline - self.due.on).days if goal.deadline is not None else soon + 1
                    time = times[share.deadline] = (goal.passed, goal.days, days_left < 0, days_left <= soon)
                passed, days, past, near = time
                if share.amount is None and not before:
                    lamp = LampKind.GREY
                else:
                    whole = before + (share.amount or 0)
                    late = before * days + (whole - before) * passed - share.filed * days
                    if share.filed >= whole:
                        lamp = LampKind.GREEN
                    elif past or late * 100 > points * whole * days:
                        lamp = LampKind.RED
                    elif near:
                        lamp = LampKind.BLUE
                    else:
                        lamp = LampKind.YELLOW if late > 0 else LampKind.GREEN
            self.filings.append(filing)
            self.lamps.append(lamp)
            self.unreviewed += share.reviewed == 0

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


def _filing(kind: FigureKind, share: Share) -> Filing:
    """Return what the entry amounts to, as `filing_of` does, without making an entry of it."""
    if share.states is not None:
        return filing_of(kind, share.entry(""))
    if kind is FigureKind.STAGE:
        return Filing.FIGURE if share.stage else Filing.MISSING
    if share.filed is not None:
        return Filing.FIGURE
    rate = kind is FigureKind.RATE and share.numerator is not None and share.denominator is not None
    return Filing.FIGURE if rate else Filing.MISSING


@cache
def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
