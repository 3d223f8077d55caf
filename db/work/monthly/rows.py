"""What one line of the month's page shows: figures of other months beside it, the lamp's arithmetic, doubts, texts.

month_rows(conn, catalogue, grid, places) -> list[MonthRow]        of the lines on the screen
row_of(conn, catalogue, grid, key) -> MonthRow | None              of one line
new_doubts(conn, catalogue, grid, {key: Filed}) -> {key: sentences}   of what is about to be filed
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from db.core.fields import load_schema
from db.core.period import Period
from db.core.values import Cell, from_micro
from db.plan.catalogue import Catalogue
from db.plan.vocabulary import Measure
from db.store import records
from db.work.monthly.doubts import doubts_of
from db.work.monthly.figures import Ratio, Stored, figure_of
from db.work.monthly.goals import DueTask
from db.work.monthly.grid import MonthGrid
from db.work.monthly.lamps import Lamp, lamp
from db.work.monthly.lines import Line
from db.work.monthly.model import FigureKind, Filed, Filing, RowKey, long_past, month_before
from db.work.monthly.people import people_of
from db.work.monthly.supplied import Supplied, Suppliers


@dataclass(frozen=True)
class MonthRow:
    """One line, in the unit of its task (`unit`, "" for a stage).

    `now`, `last` and `year_ago` are what was filed for this month, the one before and the same month last year; of the
    figure `goal` is to be reached by the `deadline`, `assigned` of it in this year. `since_start` is what there is
    since the plan began: of a yearly flow the years' last figures added up. `change` is the figure less last month's,
    `year_change` less the same month's last year, None where one is missing. `doubts` are sentences. `responsible` and
    `phone` are those of the assignment, else the assignee's own. `own_curve`: the county's own plan tells what is due.
    """

    place: int
    key: RowKey
    clause_id: str
    title: str
    assignee: str
    kind: FigureKind
    measure: Measure
    unit: str
    goal: Decimal | None
    assigned: Decimal | None
    deadline: date | None
    filing: Filing
    lamp: Lamp
    now: Filed
    last: Filed
    year_ago: Filed
    figure: Decimal | None
    since_start: Decimal | None
    change: Decimal | None
    year_change: Decimal | None
    doubts: tuple[str, ...]
    supplied: Supplied | None
    responsible: str
    phone: str
    own_curve: bool

    @property
    def percent(self) -> Decimal | None:
        """Return the progress in %."""
        return self.lamp.percent

    @property
    def reviewed(self) -> bool:
        """Return whether somebody has looked at the figure; a copied one waits for that."""
        return self.now.reviewed


def month_rows(
    conn: sqlite3.Connection,
    catalogue: Catalogue,
    grid: MonthGrid,
    places: Sequence[int],
    *,
    today: date | None = None,
) -> list[MonthRow]:
    """Return the rows at these places of the grid, in their order.

    A month that is long past on `today` is not doubted for what the registers say now.
    """
    return _Rows(conn, catalogue, grid, [(place, grid.lines[place]) for place in places], today).rows()


def new_doubts(
    conn: sqlite3.Connection, catalogue: Catalogue, grid: MonthGrid, filed: Mapping[RowKey, Filed]
) -> dict[RowKey, tuple[str, ...]]:
    """Return what would be doubtful about lines if this were filed for the month, and is not so now."""
    keys = [key for key in filed if key in grid.place_of]
    lines = [(place, grid.lines[place]) for place in (grid.place_of[key] for key in keys)]
    now = _Rows(conn, catalogue, grid, lines)
    before = now.rows()
    month = str(grid.period)
    now.filed |= {key: now.filed.get(key, {}) | {month: filed[key]} for key in keys}
    pairs = zip(before, now.rows(), strict=True)
    return {one.key: tuple(said for said in then.doubts if said not in one.doubts) for one, then in pairs}


def row_of(conn: sqlite3.Connection, catalogue: Catalogue, grid: MonthGrid, key: RowKey) -> MonthRow | None:
    """Return the row of one line, None when it is not due (any more)."""
    place = grid.place_of.get(key)
    return None if place is None else month_rows(conn, catalogue, grid, [place])[0]


class _Rows:
    def __init__(
        self,
        conn: sqlite3.Connection,
        catalogue: Catalogue,
        grid: MonthGrid,
        lines: Sequence[tuple[int, Line]],
        today: date | None = None,
    ) -> None:
        self.conn, self.catalogue, self.grid, self.lines = conn, catalogue, grid, lines
        keys = [line.key for _, line in lines]
        self.people = people_of(conn, keys, grid.period.year)
        self.suppliers = Suppliers(conn, catalogue, grid.period)
        period = grid.period
        self.is_past = today is not None and long_past(period, today)
        self.filed = _filed(conn, keys, [period, month_before(period), month_before(period, 12)])

    def rows(self) -> list[MonthRow]:
        return [self._row(place, line) for place, line in self.lines]

    def _row(self, place: int, line: Line) -> MonthRow:
        due, period = line.due, self.grid.period
        own = self.filed.get(line.key, {})
        now, last = own.get(str(period), Filed()), own.get(str(month_before(period)), Filed())
        year_ago = own.get(str(month_before(period, 12)), Filed())
        person = self.people[line.key]
        figure, before, then = (_figure(due, each) for each in (now, last, year_ago))
        given = self.suppliers.of(line.key)
        goal, part = line.goal.amount, line.goal.before
        counted = due.kind is not FigureKind.STAGE
        return MonthRow(
            place=place,
            key=line.key,
            clause_id=due.clause_id,
            title=due.title,
            assignee=person.assignee,
            kind=due.kind,
            measure=due.measure,
            unit=due.unit,
            goal=from_micro(goal) if goal is not None and counted else None,
            assigned=from_micro(goal - part) if goal is not None and counted else None,
            deadline=line.goal.deadline,
            filing=line.filing,
            lamp=lamp(line.standing, due.unit),
            now=now,
            last=last,
            year_ago=year_ago,
            figure=figure,
            since_start=self._since_start(line, figure) if counted else None,
            change=_less(figure, before) if _comparable(due, period) else None,
            year_change=_less(figure, then),
            doubts=tuple(doubts_of(line, now, last, figure, before, None if self.is_past else given)),
            supplied=given,
            responsible=person.responsible,
            phone=person.phone,
            own_curve=line.goal.own_curve,
        )

    def _since_start(self, line: Line, figure: Decimal | None) -> Decimal | None:
        """Return the figure counted from the plan's beginning; a rate or what stands on a day is not counted up."""
        if line.due.measure is not Measure.FLOW:
            return figure if line.due.measure is Measure.CUMULATIVE else None
        total, year = figure, self.grid.period.year
        for earlier in range(self.catalogue.years[0], year):
            row = self.conn.execute(
                "SELECT amount, unit FROM progress WHERE task_id = ? AND assignee_id = ? AND period BETWEEN ? AND ?"
                " AND amount IS NOT NULL AND deleted_at IS NULL ORDER BY period DESC LIMIT 1",
                (line.key.task_id, line.key.assignee_id, f"{earlier}-01", f"{earlier}-12"),
            ).fetchone()
            if row is not None:
                found = _amount(line.due, row[0], row[1])
                total = found if total is None else total + found
        return total


def _comparable(due: DueTask, period: Period) -> bool:
    """Return whether last month's figure began where this month's did: not in January, when a flow restarts."""
    return due.kind is not FigureKind.STAGE and not (due.measure is Measure.FLOW and period.month == 1)


def _figure(due: DueTask, filed: Filed) -> Decimal | None:
    if filed.filing is not Filing.FIGURE or due.kind is FigureKind.STAGE:
        return None
    found = figure_of(due, _stored(filed))
    return None if found is None else found.value


def _stored(filed: Filed) -> Stored:
    amount, numerator, denominator = (_micro(cell) for cell in (filed.amount, filed.numerator, filed.denominator))
    return Stored("", amount, numerator, denominator, None, filed.unit, "{}", 1, None)


def _micro(cell: Cell) -> int | None:
    return int(cell * 1_000_000) if isinstance(cell, Decimal) else None


def _amount(due: DueTask, micro: int, unit: str | None) -> Decimal:
    found = figure_of(due, Stored("", micro, None, None, None, unit, "{}", 1, None))
    return (found or Ratio(0)).value


def _less(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one - other


def _filed(
    conn: sqlite3.Connection, keys: Sequence[RowKey], periods: Sequence[Period]
) -> dict[RowKey, dict[str, Filed]]:
    """Return what was filed for these lines and months."""
    ids: dict[str, tuple[RowKey, str]] = {}
    sql = "SELECT id FROM progress WHERE task_id = ? AND assignee_id = ? AND period = ? AND deleted_at IS NULL"
    for key in keys:
        for period in periods:
            row = conn.execute(sql, (key.task_id, key.assignee_id, str(period))).fetchone()
            if row is not None:
                ids[row[0]] = (key, str(period))
    found: dict[RowKey, dict[str, Filed]] = {}
    for stored in records.get_many(conn, load_schema("progress"), ids):
        key, month = ids[stored.id]
        found.setdefault(key, {})[month] = filed_from(stored.id, stored.values)
    return found


def filed_from(row_id: str, values: Mapping[str, Cell]) -> Filed:
    """Return the entry of a row of `progress`."""
    texts = {n: str(values[n] or "") for n in ("situation", "problems", "next_steps", "source", "override_reason")}
    return Filed(
        amount=values["amount"],
        numerator=values["numerator"],
        denominator=values["denominator"],
        stage=values["stage"],
        unit=str(values["unit"] or ""),
        reviewed=values["reviewed"] is not False,
        id=row_id,
        **texts,
    )
