"""落实方案: what the county itself will do, put together from the data ((十八) 制定落实方案，列出项目清单，按年度细化).

local_plan(conn, catalogue) -> LocalPlan
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import resources
from db.core.fields import Field, TableSchema
from db.core.masking import shown_masked
from db.core.values import State
from db.plan.catalogue import Article, Catalogue, Clause, Target
from db.reports.county_side import PENDING, CountySide, county_sides
from db.reports.task_sheet import amount_text, day
from db.store import records
from db.work.arithmetic import figure
from db.work.breakdown import BreakdownCell, BreakdownGrid, grid
from db.work.county_settings import county_facts
from db.work.quotas import Quota, quotas, takes_quota
from db.work.registers import registers
from db.work.scope import Scope, scope_of, scopes
from db.work.tasks import Duty, clause_of, leaf_tasks, task_of, unit_of

_COMMON = ("project_common", "project_progress")
_ALSO_SHOWN = frozenset({"location", "content", "total_investment"})
"""Of the fields that all registers share, those that tell what a project is."""
_MOST_COLUMNS = 3
"""For how many of a register's own fields there is room on a page that lies on its side."""


@dataclass(frozen=True)
class PlanClause:
    """A clause that concerns the county: `quotas` are lines (指标：2021年1,200户); `owners` who has to do it."""

    clause_id: str
    title: str
    words: str
    side: CountySide
    quotas: tuple[str, ...]
    owners: str


@dataclass(frozen=True)
class PlanArticle:
    """An article with the clauses of it that concern the county."""

    numeral: str
    title: str
    clauses: tuple[PlanClause, ...]


@dataclass(frozen=True)
class PlanPart:
    """A part of the plan (numeral 二, title 深入调整产业结构)."""

    numeral: str
    title: str
    articles: tuple[PlanArticle, ...]


@dataclass(frozen=True)
class YearTable:
    """Who has how much of a target in which year. `rows`: name and a text per year and, if it adds up, the sum."""

    number: int
    task_id: str
    title: str
    unit: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class AnnexRow:
    """A project: `own` are the fields that have columns, `rest` what the others say, `content` what all of them say."""

    ordinal: int
    name: str
    town: str
    enterprise: str
    own: tuple[str, ...]
    rest: str
    content: str
    due: str
    stage: str
    who: str


@dataclass(frozen=True)
class Annex:
    """A register, with the headings of those of its own fields that have a column each in its table."""

    number: int
    title: str
    heads: tuple[str, ...]
    rows: tuple[AnnexRow, ...]


@dataclass(frozen=True)
class LocalPlan:
    """The whole document. `requirements` are the lines of 总体要求; `excluded` has clause or target, title, reason."""

    county: str
    office: str
    plan: str
    years: tuple[int, ...]
    requirements: tuple[str, ...]
    parts: tuple[PlanPart, ...]
    tables: tuple[YearTable, ...]
    annexes: tuple[Annex, ...]
    excluded: tuple[tuple[str, str, str], ...]

    @property
    def title(self) -> str:
        """Return the heading."""
        return f"{self.county}新一轮“四减四增”三年行动落实方案"

    @property
    def span(self) -> str:
        """Return the years it covers: 2021—2023年."""
        return f"{self.years[0]}—{self.years[-1]}年"


def local_plan(conn: sqlite3.Connection, catalogue: Catalogue, *, personal: bool = False) -> LocalPlan:
    """Return the document's contents; what the county has not decided is 待定, an empty county gives a skeleton.

    It is handed out: what is personal in the registers is masked in its annexes unless `personal` asks for it.
    """
    facts, given = county_facts(conn), scopes(conn)
    grids = _grids(conn, catalogue, given)
    sides, told = county_sides(conn, catalogue), quotas(conn)
    first = catalogue.parts[0].id

    def clause(entry: Clause) -> PlanClause:
        return PlanClause(
            clause_id=entry.id,
            title=entry.title,
            words=entry.text,
            side=sides[entry.id],
            quotas=tuple(_quota_lines(catalogue, entry, told, given)),
            owners=_owners(catalogue, entry, grids),
        )

    def article(entry: Article) -> PlanArticle:
        own = [each for each in catalogue.clauses_of(entry.id) if not scope_of(given, each).excluded]
        return PlanArticle(entry.numeral, entry.title, tuple(clause(each) for each in own))

    parts = []
    for part in catalogue.parts:
        articles = [article(entry) for entry in catalogue.articles_of(part.id)]
        if part.id != first and any(entry.clauses for entry in articles):
            parts.append(PlanPart(part.numeral, part.title, tuple(entry for entry in articles if entry.clauses)))
    return LocalPlan(
        county=facts.name,
        office=facts.office,
        plan=catalogue.title,
        years=catalogue.years,
        requirements=tuple(_requirements(conn, catalogue, facts.name, grids)),
        parts=tuple(parts),
        tables=tuple(_tables(grids)),
        annexes=tuple(_annexes(conn, personal=personal)),
        excluded=tuple(_excluded(catalogue, given)),
    )


def _grids(conn: sqlite3.Connection, catalogue: Catalogue, given: Mapping[str, Scope]) -> dict[str, BreakdownGrid]:
    """Return the breakdown of every task that somebody has, in the order of the plan, 不涉及 left out."""
    present = {
        task_id for (task_id,) in conn.execute("SELECT DISTINCT task_id FROM assignment WHERE deleted_at IS NULL")
    }
    order = [
        each for clause in catalogue.clauses for each in (clause.id, *(t.id for t in catalogue.targets_of(clause.id)))
    ]
    return {
        task_id: grid(conn, catalogue, task_id)
        for task_id in order
        if task_id in present and not scope_of(given, task_of(catalogue, task_id)).excluded
    }


def _requirements(
    conn: sqlite3.Connection, catalogue: Catalogue, county: str, grids: Mapping[str, BreakdownGrid]
) -> Iterator[str]:
    given = scopes(conn)
    leaves = [task_of(catalogue, task_id) for task_id in leaf_tasks(catalogue)]
    concerned = [task for task in leaves if not scope_of(given, task).excluded]
    yield f"为贯彻落实《{catalogue.title}》，结合{county}实际，制定本方案。"
    first = catalogue.clauses_of(catalogue.articles_of(catalogue.parts[0].id)[0].id)
    if first:
        yield first[0].text
    people = {row.assignee.key for found in grids.values() for row in found.rows if row.cells}
    kinds = [sum(kind == wanted for kind, _ in people) for wanted in ("town", "enterprise", "department")]
    clauses = len({clause_of(catalogue, task).id for task in concerned})
    yield f"{catalogue.years_text}，{county}承担市方案{clauses}个任务条款中的{len(concerned)}项任务，{_shared(kinds)}。"


def _shared(kinds: list[int]) -> str:
    words = [f"{n}{name}" for n, name in zip(kinds, ("个镇街", "家企业", "个县级部门"), strict=True) if n]
    return f"按年度细化到{'、'.join(words)}" if words else "分解到镇街、企业和部门的安排待定"


def _quota_lines(
    catalogue: Catalogue, clause: Clause, told: Mapping[str, Mapping[int, Quota]], given: Mapping[str, Scope]
) -> Iterator[str]:
    for target in catalogue.targets_of(clause.id):
        if not takes_quota(target) or scope_of(given, target).excluded:
            continue
        own = told.get(target.id, {})
        years = [f"{year}年{_quota_text(target, own[year])}" for year in catalogue.years if year in own]
        papers = list(dict.fromkeys(quota.document_number for quota in own.values() if quota.document_number))
        paper = f"（{'、'.join(papers)}）" if papers else ""
        yield f"{target.indicator}：{'，'.join(years) or PENDING}{paper}"


def _quota_text(target: Target, quota: Quota) -> str:
    if isinstance(quota.amount, State):
        return quota.amount.value
    return PENDING if quota.in_unit is None else figure(quota.in_unit, unit_of(target))


def _owners(catalogue: Catalogue, clause: Clause, grids: Mapping[str, BreakdownGrid]) -> str:
    """Return who has something of the clause, all of them once, or 待定."""
    ids = [clause.id, *(target.id for target in catalogue.targets_of(clause.id))]
    names = [row.assignee.name for task_id in ids if task_id in grids for row in grids[task_id].rows if row.cells]
    return "、".join(dict.fromkeys(names)) or PENDING


def _tables(grids: Mapping[str, BreakdownGrid]) -> Iterator[YearTable]:
    number = 0
    for found in grids.values():
        if found.duty not in (Duty.QUANTITY, Duty.RATE):
            continue
        rows = [(row.assignee.name, *_amounts(found, row.cells), _sum(row.total)) for row in found.rows if row.cells]
        summaries = [found.summaries[year] for year in found.years]
        if found.duty is Duty.QUANTITY:
            whole = found.overall.subtotal if found.overall else None
            rows.append(("合计", *(_sum(each.subtotal) for each in summaries), _sum(whole)))
        whole = found.overall.quota if found.overall else None
        rows.append(("县级目标", *(_sum(each.quota) or PENDING for each in summaries), _sum(whole)))
        number += 1
        yield YearTable(number, found.task_id, found.title, found.unit, tuple(rows))


def _amounts(found: BreakdownGrid, cells: Mapping[int, BreakdownCell]) -> Iterator[str]:
    for year in found.years:
        cell = cells.get(year)
        yield amount_text(found.duty, cell) if cell is not None else ""


def _sum(amount: Decimal | None) -> str:
    return "" if amount is None else figure(amount)


def _annexes(conn: sqlite3.Connection, *, personal: bool) -> Iterator[Annex]:
    number = 0
    for schema in registers(conn):
        rows = list(records.select(conn, schema, "t.deleted_at IS NULL", (), "ORDER BY t.seq"))
        if rows:
            number += 1
            yield _annex(number, schema, rows, personal=personal)


def _annex(number: int, schema: TableSchema, rows: Sequence[records.Row], *, personal: bool) -> Annex:
    everywhere = {name for include in _COMMON for name in _names(include)}
    own = [entry for entry in schema.fields if entry.name not in everywhere - _ALSO_SHOWN]
    columns = _columns([entry for entry in own if entry.name not in everywhere], rows)
    rest = [entry for entry in own if entry not in columns]
    shown = Field.show if personal else shown_masked
    made = []
    for ordinal, row in enumerate(rows, start=1):
        texts = {
            entry.name: row.labels.get(entry.name) or shown(entry, row.values[entry.name]) for entry in schema.fields
        }
        who = " ".join(texts.get(name, "") for name in ("department_id", "responsible", "phone")).split()
        made.append(
            AnnexRow(
                ordinal=ordinal,
                name=texts.get("name", ""),
                town=texts.get("town_id", ""),
                enterprise=texts.get("enterprise_id", ""),
                own=tuple(texts[entry.name] for entry in columns),
                rest=_told(rest, texts),
                content=_told(own, texts),
                due=day(row.values.get("planned_completion_on")),
                stage=texts.get("stage", ""),
                who=" ".join(who),
            )
        )
    return Annex(number, schema.title, tuple(entry.heading for entry in columns), tuple(made))


def _columns(own: Sequence[Field], rows: Sequence[records.Row]) -> list[Field]:
    """Return the fields that have a column: of those with anything in them two numbers, and what comes first."""
    used = {
        name for row in rows for name, cell in row.values.items() if cell is not None and not isinstance(cell, State)
    }
    able = [entry for entry in own if entry.name in used and not entry.multiline]
    figures = [entry for entry in able if entry.is_number][: _MOST_COLUMNS - 1]
    others = [entry for entry in able if entry not in figures][: _MOST_COLUMNS - len(figures)]
    return [entry for entry in able if entry in (*figures, *others)]


def _told(fields: Sequence[Field], texts: Mapping[str, str]) -> str:
    return "；".join(f"{entry.heading}：{texts[entry.name]}" for entry in fields if texts[entry.name])


def _names(include: str) -> tuple[str, ...]:
    return tuple(entry["name"] for entry in resources.load_json(f"tables/{include}.json")["fields"])


def _excluded(catalogue: Catalogue, given: Mapping[str, Scope]) -> Iterator[tuple[str, str, str]]:
    for clause in catalogue.clauses:
        answer = scope_of(given, clause)
        if answer.excluded:
            yield clause.id, clause.title, answer.reason
            continue
        for target in catalogue.targets_of(clause.id):
            own = scope_of(given, target)
            if own.excluded:
                yield target.id, target.indicator, own.reason
