"""What the county has of a target: the assignees' figures added as the measure allows, and the lamp of the whole."""

from __future__ import annotations

from dataclasses import dataclass

from db.work.monthly.columns import Columns
from db.work.monthly.figures import Parts, Ratio, figure_of, rate
from db.work.monthly.goals import DueTask, Goal
from db.work.monthly.lamps import Lamp, Standing, lamp
from db.work.monthly.lines import TaskLines, why_unknown
from db.work.monthly.model import COUNTY, FigureKind, Filing

NO_PARTS = "只有比率、没有分子分母"


@dataclass(frozen=True)
class Total:
    """A task in the whole county. `figure` is None while nobody has filed one.

    `lines` are due, of which `filed` are settled; `counted` figures are in the sum, of which `carried` are older ones;
    `silent` have never filed one, `no_data` and `not_applicable` answered so, `apart` gave a rate without its two
    parts, which cannot be added. `done`: how many of the stages are finished, for a task that is to be completed.
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
            return self.due.standing(self.goal, None, why=self.why_nothing)
        return self.due.standing(self.goal, self.figure.top, self.figure.per, carried=self._remark())

    @property
    def lamp(self) -> Lamp:
        """Return the lamp with its arithmetic."""
        return lamp(self.standing, self.due.unit)

    @property
    def why_nothing(self) -> str:
        """Return why there is no figure, as a sentence."""
        if self.apart:
            return f"{self.apart}家{NO_PARTS}，暂不能汇总：请补填分子、分母。"
        if self.counted:
            return why_unknown(self.due)
        if self.lines and self.not_applicable == self.lines:
            return "都填了不涉及，不评。"
        return "暂无数据，不评。" if self.no_data else "还没有报过数，不评。"

    def _remark(self) -> str:
        told = []
        if self.counted > 1:
            match self.due.kind:
                case FigureKind.STAGE:
                    told.append(f"{self.counted}家的阶段折算后平均，其中{self.done}家完成")
                case FigureKind.RATE:
                    told.append(f"{self.counted}家的分子、分母分别相加后相除")
                case FigureKind.AMOUNT:
                    told.append(f"{self.counted}家相加")
        for number, words in (
            (self.carried, "家本月未报，用了最近一次的数"),
            (self.silent, "家从未报数，没有算进来"),
            (self.no_data, "家暂无数据，此前报过的用此前的数"),
            (self.not_applicable, "家不涉及"),
            (self.apart, f"家{NO_PARTS}，没有汇总进来"),
        ):
            if number:
                told.append(f"{number}{words}")
        return "，".join(told)


def total_of(lines: Columns) -> Total:
    """Return what the county has of the lines' task, with the figures of earlier years' assignees."""
    due, added = lines.due, lines.added()
    parts = Parts(added.top, added.bottom) if added.counted else None
    # A rate that was published for the county as a whole needs no parts; that of a town is not the county's.
    whole = added.single is not None and added.apart == 1 and not parts and speaks_for_all(lines)
    alone = figure_of(due, added.single) if whole and added.single is not None else None
    finished = lines.filings.count(Filing.FINISHED) + lines.dropped
    return Total(
        due=due,
        goal=lines.county,
        figure=alone or (None if parts is None else _figure(due, parts, added.counted)),
        parts=parts,
        lines=len(lines),
        filed=len(lines) - lines.filings.count(Filing.MISSING),
        counted=added.counted,
        carried=added.carried - finished,
        silent=lines.silent,
        no_data=lines.filings.count(Filing.NO_DATA),
        not_applicable=lines.filings.count(Filing.NOT_APPLICABLE),
        apart=0 if alone is not None else added.apart,
        done=added.done,
    )


def speaks_for_all(lines: TaskLines) -> bool:
    """Return whether there is one line alone, of the county or of a department, whose figure is that of the county."""
    return len(lines) == 1 and lines.who(0)[0] in (COUNTY, "department")


def _figure(due: DueTask, parts: Parts, counted: int) -> Ratio | None:
    match due.kind:
        case FigureKind.RATE:
            return rate(due, parts)
        case FigureKind.STAGE:
            return Ratio(parts.top, counted)
    return Ratio(parts.top)
