"""督办单 for many at once: a paper for each town, enterprise and department that is late, will be, or has no figure."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from db.core.errors import DataProblem
from db.core.period import Period
from db.core.progress import NO_PROGRESS, Progress
from db.core.values import UNREPORTED
from db.plan.catalogue import Catalogue
from db.plan.part import require_whole
from db.reports.many_files import Paper, WrittenSheets, write_papers
from db.reports.supervision import SupervisedTask, SupervisionPaper
from db.reports.supervision_word import TEMPLATE, supervision_word
from db.reports.task_sheet import SheetOwner, day
from db.reports.word import template
from db.store.county import County
from db.work.arithmetic import figure
from db.work.assignees import find_assignees
from db.work.county_settings import county_facts
from db.work.monthly.figures import figure_of
from db.work.monthly.grid import MonthGrid, month_grid
from db.work.monthly.late import LateKind, LateLine, late
from db.work.monthly.model import COUNTY, FigureKind, Filing
from db.work.monthly.rows import MonthRow, month_rows

WHAT = "写入督办单"
REPLY_DAYS = 7
"""How many days a unit has to answer, where nobody says otherwise."""

Draw = Callable[[SupervisionPaper], bytes]
Key = tuple[str, str]


@dataclass(frozen=True)
class Issue:
    """What the county decides when it issues the papers: their number, the day, and until when an answer is wanted."""

    issued_on: date
    reply_by: date
    number: str = ""


def supervised(conn: sqlite3.Connection, lines: Iterable[LateLine]) -> list[SheetOwner]:
    """Return those who are behind with something, with how many tasks; the county does not write to itself."""
    counts: dict[Key, int] = {}
    for line in lines:
        if line.key.assignee_kind != COUNTY:
            counts[line.key[1:]] = counts.get(line.key[1:], 0) + 1
    return [SheetOwner(who, counts[who.key]) for who in find_assignees(conn, counts) if not who.deleted]


def supervision_papers(
    conn: sqlite3.Connection, catalogue: Catalogue, period: Period, issue: Issue, only: Iterable[Key] | None = None
) -> list[SupervisionPaper]:
    """Return the papers by the figures of `period`, of those in `only` (kind, id; None: of all who are behind)."""
    grid = month_grid(conn, catalogue, period)
    lines = late(conn, catalogue, grid, today=issue.issued_on)
    wanted = None if only is None else set(only)
    owners = [each for each in supervised(conn, lines) if wanted is None or each.assignee.key in wanted]
    facts = county_facts(conn)
    by_owner: dict[Key, list[LateLine]] = {}
    for line in lines:
        by_owner.setdefault(line.key[1:], []).append(line)
    papers = []
    for owner in owners:
        own = by_owner[owner.assignee.key]
        people = dict.fromkeys(" ".join(filter(None, (each.person.responsible, each.person.phone))) for each in own)
        papers.append(
            SupervisionPaper(
                county=facts.name,
                office=facts.office,
                clerk=facts.contacts["clerk"],
                clerk_phone=facts.contacts["clerk_phone"],
                assignee=owner.assignee.name,
                kind=owner.assignee.kind_title,
                responsible="；".join(filter(None, people)),
                period=period.title,
                issued_on=issue.issued_on,
                reply_by=issue.reply_by,
                tasks=tuple(_tasks(conn, catalogue, grid, own)),
                number=issue.number,
            )
        )
    return papers


def write_supervision(
    county: County,
    catalogue: Catalogue,
    period: Period,
    issue: Issue,
    out: Path,
    *,
    only: Iterable[Key] | None = None,
    draw: Draw | None = None,
    progress: Progress = NO_PROGRESS,
) -> WrittenSheets:
    """Write the papers into the folder `out`: Word documents, or what `draw` makes of each (.pdf).

    As `write_papers`; DataProblem when nobody is behind or the county's own template has a fault.
    """
    with county.reading() as conn:
        conn.execute("BEGIN")
        require_whole(conn, "写督办单")
        papers = supervision_papers(conn, catalogue, period, issue, only)
    if not papers:
        raise DataProblem("没有逾期或滞后的任务，不用督办。", code="supervision.none")
    source = template(county.folder, TEMPLATE) if draw is None else None

    def make(paper: SupervisionPaper) -> bytes:
        return supervision_word(paper, source) if source is not None else draw(paper) if draw is not None else b""

    files = [Paper(f"督办单-{each.kind}-{each.assignee}", each.assignee, partial(make, each)) for each in papers]
    return write_papers(out, files, ".pdf" if source is None else ".docx", WHAT, progress)


def standing(line: LateLine) -> str:
    """Return in few words why the line is in the list: 逾期31天, 落后14个百分点, 预计2022年12月, 未报."""
    match line.kind:
        case LateKind.LATE:
            return f"逾期{line.days}天"
        case LateKind.AT_RISK if line.lamp.behind is not None and line.lamp.behind > 0:
            return f"落后{line.lamp.behind}个百分点"
        case LateKind.WILL_BE_LATE if line.forecast is not None:
            return f"预计{line.forecast.title}"
        case LateKind.NO_FIGURE:
            return UNREPORTED
    return line.kind.value


def _tasks(
    conn: sqlite3.Connection, catalogue: Catalogue, grid: MonthGrid, lines: Sequence[LateLine]
) -> Iterable[SupervisedTask]:
    rows = month_rows(conn, catalogue, grid, [grid.place_of[line.key] for line in lines])
    for line, row in zip(lines, rows, strict=True):
        yield SupervisedTask(
            task_id=line.key.task_id,
            title=line.title,
            unit=row.unit,
            planned="" if row.goal is None else figure(row.goal),
            actual=_actual(line, row, grid),
            percent="" if line.lamp.percent is None else f"{line.lamp.percent}%",
            deadline=day(line.deadline),
            standing=standing(line),
            sentence=line.sentence,
            problems=row.now.problems,
        )


def _actual(line: LateLine, row: MonthRow, grid: MonthGrid) -> str:
    """Return what was filed; of a month without an entry the older figure by which the task was judged."""
    stored = grid.lines[grid.place_of[line.key]].known.stored
    if row.filing is not Filing.MISSING or stored is None:
        return row.now.text
    if row.kind is FigureKind.STAGE:
        return stored.stage or row.now.text
    found = figure_of(grid.facts.tasks[line.key.task_id], stored)
    return row.now.text if found is None else figure(found.value)
