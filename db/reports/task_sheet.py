"""任务书: what one town, enterprise or department is told to do, as values; Word and PDF are made from the same.

task_sheet(conn, catalogue, assignee) -> TaskSheet
sheet_owners(conn, catalogue) -> list[SheetOwner]      everybody who has a task, with how many
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from db.core.values import State
from db.plan.catalogue import Catalogue, Target
from db.reports.county_side import CountySide, county_sides
from db.work.arithmetic import adds_over_years, figure
from db.work.assignee_tasks import AssigneeTask, tasks_of_assignee
from db.work.assignees import Assignee, find_assignees
from db.work.breakdown import BreakdownCell
from db.work.county_settings import county_facts
from db.work.tasks import Duty, clause_of

HAS_IT = "√"
"""What stands in a year in which the assignee has something to complete."""
NO_AMOUNT = "未定"
"""What stands in a year whose amount is still open."""


@dataclass(frozen=True)
class SheetLine:
    """One task of the assignee: `amounts` has a text for every year of the plan, "" where it has nothing."""

    task_id: str
    title: str
    unit: str
    amounts: tuple[str, ...]
    total: str
    deadline: str
    responsible: str
    work: str
    note: str

    @property
    def more(self) -> str:
        """Return what goes under the line: what is to be done, the sum over the years, remarks; "" for nothing."""
        whole = "三年合计" if len(self.amounts) == 3 else "各年合计"
        parts = (("工作内容", self.work), (whole, self.total), ("备注", self.note))
        return "　".join(f"{name}：{text}" for name, text in parts if text)


@dataclass(frozen=True)
class SheetClause:
    """A clause with the assignee's tasks in it; `words` are the plan's, verbatim."""

    clause_id: str
    title: str
    article: str
    words: str
    side: CountySide
    lines: tuple[SheetLine, ...]


@dataclass(frozen=True)
class TaskSheet:
    """The whole paper. `office` issues it; `kind` is 镇街, 企业 or 县级部门; `plan` is the plan's title."""

    county: str
    office: str
    assignee: str
    kind: str
    plan: str
    years: tuple[int, ...]
    clauses: tuple[SheetClause, ...]

    @property
    def title(self) -> str:
        """Return the heading."""
        return f"{self.county}“四减四增”三年行动任务书"

    @property
    def tasks(self) -> int:
        """Return how many tasks are in it."""
        return sum(len(clause.lines) for clause in self.clauses)

    @property
    def opening(self) -> str:
        """Return the sentence before the table."""
        if not self.tasks:
            return f"{self.assignee}目前没有承担分解任务。"
        return (
            f"根据《{self.plan}》，现将{self.assignee}承担的{self.tasks}项任务下达如下，"
            "请按年度组织实施，明确责任，按期完成。"
        )


@dataclass(frozen=True)
class SheetOwner:
    """Somebody who has tasks, and how many."""

    assignee: Assignee
    tasks: int


def sheet_owners(conn: sqlite3.Connection, catalogue: Catalogue) -> list[SheetOwner]:
    """Return everybody who has a task of this plan, in the order of `assignees`, deleted ones left out."""
    counts: dict[tuple[str, str], int] = {}
    for kind, who, task_id in conn.execute(
        "SELECT DISTINCT assignee_kind, assignee_id, task_id FROM assignment WHERE deleted_at IS NULL"
    ):
        if catalogue.task(task_id) is not None:
            counts[kind, who] = counts.get((kind, who), 0) + 1
    found = find_assignees(conn, counts)
    return [SheetOwner(who, counts[who.key]) for who in found if not who.deleted]


def task_sheet(conn: sqlite3.Connection, catalogue: Catalogue, assignee: Assignee) -> TaskSheet:
    """Return the assignee's paper, its clauses in the order of the plan; one without tasks has no clauses."""
    facts, sides = county_facts(conn), county_sides(conn, catalogue)
    lines: dict[str, list[SheetLine]] = {}
    for entry in tasks_of_assignee(conn, catalogue, assignee.id):
        lines.setdefault(clause_of(catalogue, entry.task).id, []).append(_line(catalogue, entry))
    clauses = []
    for clause_id, own in lines.items():
        clause = catalogue.clause(clause_id)
        article = catalogue.article(clause.article)
        heading = f"（{article.numeral}）{article.title}"
        clauses.append(SheetClause(clause.id, clause.title, heading, clause.text, sides[clause.id], tuple(own)))
    return TaskSheet(
        county=facts.name,
        office=facts.office,
        assignee=assignee.name,
        kind=assignee.kind_title,
        plan=catalogue.title,
        years=catalogue.years,
        clauses=tuple(clauses),
    )


def by_year(texts: Mapping[int, str]) -> str:
    """Return what holds in several years: once when it is always the same, else each with its year."""
    given = {year: text for year, text in sorted(texts.items()) if text}
    if len(set(given.values())) <= 1:
        return next(iter(given.values()), "")
    return "；".join(f"{year}年：{text}" for year, text in given.items())


def day(value: object) -> str:
    """Return a date as papers write it: 2022年3月5日; other values as they are, nothing as ""."""
    return f"{value.year}年{value.month}月{value.day}日" if isinstance(value, date) else str(value or "")


def days_by_year(days: Mapping[int, object]) -> str:
    """Return the deadlines of several years in few words: 各年12月31日 when they fall on one day of their years."""
    dates = [(year, value) for year, value in sorted(days.items()) if isinstance(value, date)]
    own_years = all(value.year == year for year, value in dates)
    if len(dates) > 1 and own_years and len({(value.month, value.day) for _, value in dates}) == 1:
        return f"各年{dates[0][1].month}月{dates[0][1].day}日"
    return "\n".join(dict.fromkeys(day(value) for _, value in dates))


def amount_text(duty: Duty, cell: BreakdownCell) -> str:
    """Return what stands in the year of an assignment: the amount in the task's unit, a state, √ or 未定."""
    if isinstance(cell.amount, State):
        return cell.amount.value
    if cell.in_unit is not None:
        return figure(cell.in_unit)
    return HAS_IT if duty is Duty.COMPLETION else NO_AMOUNT


def _line(catalogue: Catalogue, entry: AssigneeTask) -> SheetLine:
    def texts(read: Callable[[Mapping[str, object]], str]) -> str:
        return by_year({year: read(cell.values) for year, cell in entry.cells.items()})

    deadline = days_by_year({year: cell.values["deadline"] for year, cell in entry.cells.items()})
    if not deadline and isinstance(entry.task, Target):
        deadline = day(entry.task.deadline)
    return SheetLine(
        task_id=entry.task.id,
        title=entry.title,
        unit=entry.unit,
        amounts=tuple(
            amount_text(entry.duty, entry.cells[year]) if year in entry.cells else "" for year in catalogue.years
        ),
        total=_total(entry),
        deadline=deadline,
        responsible=texts(_person),
        work=texts(lambda values: str(values["deliverable"] or "")),
        note=texts(lambda values: str(values["note"] or "")),
    )


def _person(values: Mapping[str, object]) -> str:
    """Return who is responsible, and below each telephone number on a line of its own, where it can be read."""
    phones = str(values["phone"] or "").split("、")
    return "\n".join(text for text in (str(values["responsible"] or ""), *phones) if text)


def _total(entry: AssigneeTask) -> str:
    """Return the sum over the years of what counts from the plan's beginning, "" for anything else."""
    amounts = [cell.in_unit for cell in entry.cells.values() if cell.in_unit is not None]
    summed = isinstance(entry.task, Target) and entry.duty is Duty.QUANTITY and adds_over_years(entry.task.measure)
    return figure(sum(amounts, Decimal(0)), entry.unit) if summed and len(amounts) > 1 else ""
