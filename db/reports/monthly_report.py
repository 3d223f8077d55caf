"""月报: what a month came to, in sentences made of its figures, with tables, problems and next steps, as values.

（二十一）对重点任务实施月调度; the county tells the city and its own leaders every month.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from db.core.period import Period
from db.plan.catalogue import Catalogue
from db.reports.month_table import MonthLine, missing_notes, month_table
from db.work.arithmetic import figure
from db.work.county_settings import county_facts
from db.work.monthly.lamps import ORDER, LampKind
from db.work.monthly.late import LateLine, late
from db.work.monthly.model import RowKey
from db.work.monthly.overview import PROGRESS, PROJECTS, FilingRow, MonthOverview, TownStanding, month_overview
from db.work.monthly.people import people_of
from db.work.tasks import task_of, title_of

MOST_LATE = 30
"""How many late lines are listed one by one; of more the number is told."""


_Said = dict[tuple[str, str], list[str]]
"""Who said something, by task and text."""


@dataclass(frozen=True)
class ReportPart:
    """A part of the plan: how it stands in a sentence, and its tasks as rows of 月调度表."""

    numeral: str
    title: str
    sentence: str
    lines: tuple[MonthLine, ...]


@dataclass(frozen=True)
class FilingLine:
    """Who has filed what, and how the judged tasks stand, as texts."""

    name: str
    progress: str
    projects: str
    met: str


@dataclass(frozen=True)
class LateTask:
    """A task that is late or at risk, as texts."""

    task: str
    assignee: str
    kind: str
    deadline: str
    sentence: str


@dataclass(frozen=True)
class MonthlyReport:
    """The whole report; `problems` and `next_steps` are lines that were filed, `notes` what is missing."""

    county: str
    office: str
    period: str
    plan: str
    summary: tuple[str, ...]
    parts: tuple[ReportPart, ...]
    filing: tuple[FilingLine, ...]
    late: tuple[LateTask, ...]
    more_late: int
    problems: tuple[str, ...]
    next_steps: tuple[str, ...]
    notes: tuple[str, ...]
    written_on: date

    @property
    def title(self) -> str:
        """Return the heading."""
        return f"{self.county}“四减四增”{self.period}工作月报"


def monthly_report(conn: sqlite3.Connection, catalogue: Catalogue, period: Period, on: date) -> MonthlyReport:
    """Return the report of the month `period`, written on a day; DataProblem for a year instead of a month."""
    month = month_overview(conn, catalogue, period)
    form = month_table(conn, catalogue, period, on, month)
    risks = late(conn, catalogue, month.grid, today=on)
    facts = county_facts(conn)
    problems, next_steps = _texts(conn, catalogue, period)
    return MonthlyReport(
        county=facts.name,
        office=form.office,
        period=period.title,
        plan=catalogue.title,
        summary=tuple(_summary(month, risks, facts.name)),
        parts=tuple(_parts(catalogue, month, form.lines)),
        filing=tuple(_filing(month)),
        late=tuple(map(_late, risks[:MOST_LATE])),
        more_late=max(0, len(risks) - MOST_LATE),
        problems=problems,
        next_steps=next_steps,
        notes=tuple(missing_notes(month)),
        written_on=on,
    )


def _summary(month: MonthOverview, risks: list[LateLine], county: str) -> Iterable[str]:
    lamps = month.lamps
    judged = sum(number for kind, number in lamps.items() if kind is not LampKind.GREY)
    yield (
        f"截至{month.period.title}底，{county}共有{sum(lamps.values())}项任务列入调度，"
        f"其中{judged}项可以评定进度；按调度口径：{lamp_words(lamps)}。"
    )
    filed = f"应填报{month.lines}条，已填报{month.filed}条"
    if month.lines:
        filed += f"，填报率{(Decimal(month.filed * 100) / month.lines).quantize(Decimal('0.1'))}%"
    yield f"{filed}。"
    money = month.investment
    if money.projects:
        done = f"，占总投资的{money.percent}%" if money.percent is not None else ""
        yield (
            f"各清单登记项目{money.projects}个，总投资{figure(money.total)}万元，"
            f"累计完成投资{figure(money.completed)}万元{done}。"
        )
    counts: dict[str, int] = {}
    for each in risks:
        counts[each.kind.value] = counts.get(each.kind.value, 0) + 1
    if counts:
        yield "需要督促的：" + "、".join(f"{word}{number}条" for word, number in counts.items()) + "。"
    best = _ranked(month.towns)
    if len(best) > 1:
        first, last = best[0], best[-1]
        yield f"按达到时间进度的任务所占比例，{first.name}最高（{first.met}%），{last.name}最低（{last.met}%）。"


def lamp_words(lamps: Mapping[LampKind, int]) -> str:
    """Return how many there are of each colour, the most urgent first: 严重2项、滞后5项."""
    return "、".join(f"{kind.word}{lamps.get(kind, 0)}项" for kind in ORDER if lamps.get(kind, 0)) or "还没有任务"


def _ranked(towns: Iterable[TownStanding]) -> list[TownStanding]:
    return sorted((town for town in towns if town.met is not None), key=lambda town: -(town.met or Decimal(0)))


def _parts(catalogue: Catalogue, month: MonthOverview, lines: Iterable[MonthLine]) -> Iterable[ReportPart]:
    rows = list(lines)
    for found in month.parts:
        own = tuple(line for line in rows if line.part == found.part)
        numeral = next((part.numeral for part in catalogue.parts if part.id == found.part), "")
        yield ReportPart(numeral, found.title, f"共{found.total}项任务：{lamp_words(found.lamps)}。", own)


def _filing(month: MonthOverview) -> Iterable[FilingLine]:
    met = {town.id: town.met for town in month.towns}
    for row in month.filing:
        share = met.get(row.id) if row.kind == "town" else None
        yield FilingLine(row.name, _cell(row, PROGRESS), _cell(row, PROJECTS), "—" if share is None else f"{share}%")


def _cell(row: FilingRow, table: str) -> str:
    cell = row.cells[table]
    return f"{cell.status.value} {cell.filed}/{cell.due}" if cell.due else cell.status.value


def _late(line: LateLine) -> LateTask:
    return LateTask(
        task=f"{line.key.task_id} {line.title}",
        assignee=line.person.assignee,
        kind=line.kind.value,
        deadline="" if line.deadline is None else line.deadline.isoformat(),
        sentence=line.sentence,
    )


def _texts(conn: sqlite3.Connection, catalogue: Catalogue, period: Period) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the problems and the next steps that were filed for the month, each with whose and of which task."""
    rows = conn.execute(
        "SELECT task_id, assignee_kind, assignee_id, coalesce(problems, ''), coalesce(next_steps, '') FROM progress"
        " WHERE period = ? AND deleted_at IS NULL AND coalesce(problems, next_steps) IS NOT NULL"
        " ORDER BY task_id, seq",
        (str(period),),
    ).fetchall()
    keys = [RowKey(task_id, kind, who) for task_id, kind, who, _, _ in rows]
    people = people_of(conn, keys, period.year)
    found: tuple[_Said, _Said] = ({}, {})
    for key, (_, _, _, problems, steps) in zip(keys, rows, strict=True):
        for place, text in enumerate((problems, steps)):
            if text and catalogue.task(key.task_id) is not None:
                found[place].setdefault((key.task_id, " ".join(text.split())), []).append(people[key].assignee)
    return _said(catalogue, found[0]), _said(catalogue, found[1])


def _said(catalogue: Catalogue, found: _Said) -> tuple[str, ...]:
    """Return a line for each task and text; several who said the same share one."""
    return tuple(
        f"{title_of(task_of(catalogue, task_id))}（{'、'.join(who)}）：{text}" for (task_id, text), who in found.items()
    )
