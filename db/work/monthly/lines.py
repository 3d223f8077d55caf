"""The lines of a month: who has to file what, what there is of it, and how it stands.

A line is made when somebody looks at it; lamps and filings of all of them are there for counting.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple, overload

from db.core.period import Period
from db.work.monthly.figures import POINTS, Stored, figure_of
from db.work.monthly.goals import DueTask, Goal
from db.work.monthly.lamps import LampKind, Standing
from db.work.monthly.model import Filing, RowKey


class Known(NamedTuple):
    """`now` is the month's own entry; `stored` the newest with a figure, up to and with it, None if there is none."""

    now: Stored | None
    stored: Stored | None


class Line(NamedTuple):
    """What one assignee has to file of one task; `year` is that of its newest assignment."""

    key: RowKey
    due: DueTask
    goal: Goal
    filing: Filing
    known: Known
    lamp: LampKind
    reviewed: bool
    year: int

    @property
    def standing(self) -> Standing:
        """Return what the lamp is made from."""
        return standing_of(self.due, self.goal, self.filing, self.known.stored)


def standing_of(due: DueTask, goal: Goal, filing: Filing, stored: Stored | None) -> Standing:
    """Return what the lamp of one line is made from; an older figure stands in for one that is missing, and says so."""
    if filing is Filing.NOT_APPLICABLE:
        return due.standing(goal, None, why="不涉及，不评。")
    if filing is Filing.NO_DATA:
        return due.standing(goal, None, why="本月暂无数据，不评。")
    if stored is None:
        return due.standing(goal, None, why="还没有报过数，不评。")
    found = figure_of(due, stored)
    if found is None:
        return due.standing(goal, None, why=why_unknown(due))
    carried = ""
    if stored.period != due.month:
        carried = f"本月未报，按{Period.parse(stored.period).title}的数计算"
    return due.standing(goal, found.top, found.per, carried=carried)


def why_unknown(due: DueTask) -> str:
    """Return why figures that were filed cannot be judged, and what to do."""
    if due.is_change and due.unit == POINTS:
        return "方案没有写基年的比率，算不出变化：请直接填变化了几个百分点。"
    return "分母是0，算不出比率，请核对。"


class TaskLines(Sequence[Line]):
    """The lines of one task; `lamps` and `filings` are columns of them."""

    due: DueTask
    filings: list[Filing]
    lamps: list[LampKind]
    unreviewed: int

    @cached_property
    def filing_counts(self) -> Counter[Filing]:
        """Return how many lines there are of each filing."""
        return Counter(self.filings)

    @cached_property
    def lamp_counts(self) -> Counter[LampKind]:
        """Return how many lines there are of each colour."""
        return Counter(self.lamps)

    @cached_property
    def places(self) -> Mapping[tuple[str, str], int]:
        """Return where the line of an assignee, of kind and id, stands."""
        return {self.who(place): place for place in range(len(self))}

    def who(self, place: int) -> tuple[str, str]:
        """Return kind and id of the assignee of a line."""
        raise NotImplementedError


class MonthLines(Sequence[Line]):
    """The lines of all tasks one after the other, in the order of the plan."""

    def __init__(self, tasks: Sequence[TaskLines]) -> None:
        self.tasks = tasks
        self._ends = list(accumulate(map(len, tasks)))

    @cached_property
    def of_task(self) -> Mapping[str, TaskLines]:
        """Return the lines of each task by its id."""
        return {task.due.id: task for task in self.tasks}

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, place: int) -> Line: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Line]: ...
    def __getitem__(self, place: int | slice) -> Line | Sequence[Line]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        place = place + len(self) if place < 0 else place
        if not 0 <= place < len(self):
            raise IndexError(place)
        number = bisect_right(self._ends, place)
        task = self.tasks[number]
        return task[place - self._ends[number] + len(task)]

    def __iter__(self) -> Iterator[Line]:
        for task in self.tasks:
            yield from task

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MonthLines) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]
