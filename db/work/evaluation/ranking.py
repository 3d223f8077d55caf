"""The towns by what the county itself assigned to them: every line of theirs scored by the same table.

ranking(conn, table, months) -> [TownScore]        from the best down; equal scores have equal ranks
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from db.work.assignees import assignees
from db.work.evaluation.judging import CENT, HUNDRED, Standpoint, judge, points_of, score
from db.work.evaluation.scoring import ScoringTable
from db.work.monthly.facts import Facts
from db.work.monthly.lines import Line
from db.work.monthly.model import Filing


@dataclass(frozen=True)
class TownScore:
    """A town: `scored` lines with `points` and the `amount` they get, `missing` of them never filed; `rank` from 1.

    `percent` is out of a hundred, None (and rank 0) where nothing of the town is scored.
    """

    id: str
    name: str
    scored: int = 0
    missing: int = 0
    points: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)
    rank: int = 0

    @property
    def percent(self) -> Decimal | None:
        """Return the town's score out of a hundred, two decimals."""
        return (self.amount * HUNDRED / self.points).quantize(CENT, ROUND_HALF_UP) if self.points else None


def ranking(conn: sqlite3.Connection, table: ScoringTable, months: Sequence[Facts]) -> list[TownScore]:
    """Return the county's own towns over the last months of one year or several, whose lines are added."""
    towns = {who.id: TownScore(who.id, who.name) for who in assignees(conn, ("town",)) if who.own}
    for facts in months:
        for tasks in facts.lines.tasks:
            if tasks.due.is_part:
                continue
            points = points_of(table, tasks.due.task)
            for place in range(len(tasks)):
                kind, who = tasks.who(place)
                if kind == "town" and who in towns:
                    towns[who] = _with_line(table, towns[who], points, tasks[place])
    return _ranked(towns.values())


def _with_line(table: ScoringTable, town: TownScore, points: Decimal, line: Line) -> TownScore:
    if line.filing in (Filing.NOT_APPLICABLE, Filing.NO_DATA):
        return town
    judgement = judge(line.due, line.standing, late=line.filing is Filing.MISSING)
    if judgement.standpoint is Standpoint.MISSING and line.known.stored is not None:
        return town  # a figure that cannot be worked out is none of the town's fault
    found = score(table, points, judgement)
    if found is None:
        return town
    return replace(
        town,
        scored=town.scored + 1,
        missing=town.missing + (judgement.standpoint is Standpoint.MISSING),
        points=town.points + found.points,
        amount=town.amount + found.amount,
    )


def _ranked(towns: Iterable[TownScore]) -> list[TownScore]:
    """Return the towns from the best down, those without a score at the end in their own order."""
    order = sorted(towns, key=lambda town: (town.percent is None, -(town.percent or Decimal(0))))
    found: list[TownScore] = []
    for place, town in enumerate(order, start=1):
        if town.percent is None:
            found.append(town)
        else:
            same = found and found[-1].percent == town.percent
            found.append(replace(town, rank=found[-1].rank if same else place))
    return found
