"""What the county has of a target: the assignees' figures added as the measure allows, and the lamp of the whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from db.work.monthly.carrying import Known
from db.work.monthly.figures import Parts, Ratio, figure_of, parts_of, total
from db.work.monthly.goals import DueTask, Goal
from db.work.monthly.lamps import Lamp, LampKind, Standing, kind_of, lamp
from db.work.monthly.lines import Line
from db.work.monthly.model import COUNTY, FigureKind, Filing


@dataclass(frozen=True)
class Total:
    """A task in the whole county. `figure` is None while nobody has filed one.

    `due` lines of which `filed` are settled; `carried` went on with an older figure, `silent` have never filed one,
    `no_data` and `not_applicable` answered so, `apart` gave a rate without its two parts, which cannot be added.
    `done`: how many of the figures' stages are finished, for a task that is to be completed.
    """

    due: DueTask
    goal: Goal
    figure: Ratio | None
    parts: Parts | None
    lines: int = 0
    filed: int = 0
    counted: int = 0
    carried: int = 0
    silent: int = 0
    no_data: int = 0
    not_applicable: int = 0
    apart: int = 0
    done: int = 0

    @property
    def standing(self) -> Standing:
        """Return what the lamp is made from."""
        if self.figure is None:
            nothing_asked = self.lines and self.not_applicable == self.lines
            why = (
                "都填了不涉及，不评。"
                if nothing_asked
                else "暂无数据，不评。"
                if self.no_data
                else "还没有报过数，不评。"
            )
            return self.due.standing(self.goal, None, why=why)
        return self.due.standing(self.goal, self.figure.top, self.figure.per, carried=self._remark())

    @property
    def lamp_kind(self) -> LampKind:
        """Return the colour alone."""
        return kind_of(self.standing)

    @property
    def lamp(self) -> Lamp:
        """Return the lamp with its arithmetic."""
        return lamp(self.standing, "" if self.due.kind is FigureKind.STAGE else self.due.unit)

    def _remark(self) -> str:
        told = []
        if self.due.kind is FigureKind.STAGE and self.counted > 1:
            told.append(f"{self.counted}家的阶段折算后平均，其中{self.done}家完成")
        elif self.due.kind is FigureKind.RATE and self.parts is not None and self.counted > 1:
            told.append(f"{self.counted}家的分子、分母分别相加后相除")
        elif self.counted > 1:
            told.append(f"{self.counted}家相加")
        for number, words in (
            (self.carried, "家本月未报，用了最近一次的数"),
            (self.silent, "家从未报数，没有算进来"),
            (self.no_data, "家暂无数据，此前报过的用此前的数"),
            (self.not_applicable, "家不涉及"),
            (self.apart, "家只有比率没有分子分母，不能合并"),
        ):
            if number:
                told.append(f"{number}{words}")
        return "，".join(told)


def total_of(
    due: DueTask, goal: Goal, lines: Iterable[Line], assigned: Collection[str], known: Mapping[str, Known]
) -> Total:
    """Return what the county has of the task.

    Figures of the `assigned` count, those of earlier years' shares too; without any, what the county itself filed.
    """
    parts: list[Parts] = []
    carried = apart = done = 0
    month = str(due.period)
    own = assigned or (COUNTY,)
    single: Ratio | None = None
    for who in own:
        its = known.get(who)
        if its is None or its.stored is None:
            continue
        each = parts_of(due, its.stored)
        if each is None:
            apart += 1
            single = figure_of(due, its.stored)
            continue
        parts.append(each)
        carried += its.stored.period != month and its.now is None
        done += due.kind is FigureKind.STAGE and each.top >= 100_000_000
    # A rate that was published for the county as a whole needs no parts.
    found = single if len(own) == 1 and single is not None else total(due, parts)
    mine = list(lines)
    filings = [line.filing for line in mine]
    return Total(
        due=due,
        goal=goal,
        figure=found,
        parts=_sum(parts) if parts else None,
        lines=len(mine),
        filed=sum(filing.settled for filing in filings),
        counted=len(parts),
        carried=carried,
        silent=sum(
            line.filing is Filing.MISSING and (line.known is None or line.known.stored is None) for line in mine
        ),
        no_data=filings.count(Filing.NO_DATA),
        not_applicable=filings.count(Filing.NOT_APPLICABLE),
        apart=apart if len(own) > 1 else 0,
        done=done,
    )


def _sum(parts: Iterable[Parts]) -> Parts:
    top = bottom = 0
    for each in parts:
        top += each.top
        bottom += each.bottom
    return Parts(top, bottom)
