"""One table against another: parts and wholes, who is named and there, projects and what was given out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from db.checks.context import Context
from db.checks.facts import HOLDERS
from db.checks.field_sql import literal
from db.checks.model import Issue
from db.checks.row_rules import RowCheck, Test
from db.checks.rulebook import Rule
from db.core.fields import TableSchema
from db.core.units import convertible
from db.core.values import from_micro
from db.plan.catalogue import Target
from db.store.connection import quoted
from db.store.filters import column
from db.store.records import Row, chunks, in_list
from db.work.amounts import in_unit_of
from db.work.arithmetic import figure
from db.work.tasks import Duty, duty_of, leaves_of, unit_of

_NAMED = 3
_TASK = {"quota": "target_id"}


# -- parts and wholes --------------------------------------------------------------------------------------------------


def _parts(ctx: Context) -> Iterator[tuple[Target, Target]]:
    for target in ctx.catalogue.targets:
        whole = ctx.catalogue.task(target.part_of) if target.part_of else None
        comparable = isinstance(whole, Target) and (
            unit_of(whole) == unit_of(target) or convertible(unit_of(target), unit_of(whole))
        )
        if not isinstance(whole, Target) or not comparable or duty_of(target) is not Duty.QUANTITY:
            continue
        if ctx.reaches(target.id) or ctx.reaches(whole.id):
            yield target, whole


def part_over_whole(ctx: Context, rule: Rule) -> Iterator[Issue]:
    """The quota of a part (其中) is more than that of the whole."""
    for part, whole in _parts(ctx):
        for year, quota in ctx.quotas.get(part.id, {}).items():
            total = ctx.quotas.get(whole.id, {}).get(year)
            if year not in ctx.years or quota.in_unit is None or total is None or total.in_unit is None:
                continue
            if in_unit_of(whole, quota.in_unit, unit_of(part)) > total.in_unit:
                yield ctx.of_task(
                    rule,
                    "quota",
                    part.id,
                    row_id=quota.id,
                    field="amount",
                    period=str(year),
                    found=figure(quota.in_unit, unit_of(part)),
                    expected=f"不大于{figure(total.in_unit, unit_of(whole))}",
                    words={"year": year, "what": "县级目标", "whole": whole.indicator},
                )


def share_over_whole(ctx: Context, rule: Rule) -> Iterator[Issue]:
    """Somebody was given more of a part than of the whole."""
    for part, whole in _parts(ctx):
        rows = ctx.conn.execute(
            "SELECT p.id, p.year, p.assignee_id, p.amount, p.unit, w.amount, w.unit FROM assignment p"
            " JOIN assignment w ON w.task_id = ?2 AND w.year = p.year AND w.assignee_id = p.assignee_id"
            f" WHERE p.task_id = ?1 AND p.year IN ({', '.join(map(str, ctx.years))}) AND p.amount IS NOT NULL"
            " AND w.amount IS NOT NULL AND p.deleted_at IS NULL AND w.deleted_at IS NULL ORDER BY p.seq",
            (part.id, whole.id),
        )
        for row_id, year, who, amount, unit, total, whole_unit in rows:
            mine = in_unit_of(part, from_micro(amount), unit or "")
            all_of_it = in_unit_of(whole, from_micro(total), whole_unit or "")
            if in_unit_of(whole, mine, unit_of(part)) > all_of_it:
                yield ctx.of_task(
                    rule,
                    "assignment",
                    part.id,
                    row_id=row_id,
                    field="amount",
                    period=str(year),
                    found=figure(mine, unit_of(part)),
                    expected=f"不大于{figure(all_of_it, unit_of(whole))}",
                    assignee_id=who,
                    words={"year": year, "whole": whole.indicator},
                )


# -- who and what is named, and is it there ----------------------------------------------------------------------------


def given_to_nobody(ctx: Context, rule: Rule, schema: TableSchema) -> Iterable[Test]:
    """A task was given to somebody who is in the recycle bin, or nowhere."""
    if schema.name not in rule.tables:
        return []
    there = "SELECT 1 FROM {0} r WHERE r.id = t.assignee_id AND r.deleted_at IS NULL"
    terms = [f"(t.assignee_kind = '{kind}' AND NOT EXISTS ({there.format(kind)}))" for kind in HOLDERS]
    return [Test(rule, " OR ".join(terms), rule.field, found="{assignee}")]


def points_to_deleted(ctx: Context, rule: Rule, schema: TableSchema) -> Iterator[Test]:
    """A town, enterprise or department that a row names is in the recycle bin."""
    if ctx.gone and (schema.kind == "register" or schema.name == "responsibility"):
        gone = ", ".join(map(literal, sorted(ctx.gone)))
        for field in schema.fields:
            if field.ref:
                yield Test(rule, f"{column(field)} IN ({gone})", field.name, found=f"{{{field.name}}}")


def other_town(ctx: Context, rule: Rule, schema: TableSchema) -> Iterable[Test]:
    """A project lies in another town than its enterprise."""
    if schema.kind != "register" or not {"town_id", "enterprise_id"} <= set(schema.names):
        return []
    elsewhere = "SELECT 1 FROM enterprise e WHERE e.id = t.enterprise_id AND e.town_id <> t.town_id"

    def told(row: Row) -> dict[str, str]:
        towns = ctx.conn.execute("SELECT town_id FROM enterprise WHERE id = ?", (row.values["enterprise_id"],))
        return {"enterprise_town": ctx.names.get(next(towns)[0], "")}

    return [Test(rule, f"t.enterprise_id IS NOT NULL AND EXISTS ({elsewhere})", rule.field, told=told)]


def foreign_unit(ctx: Context, rule: Rule, schema: TableSchema) -> Iterator[Test]:
    """An amount is in a unit that cannot be converted into its task's."""
    if schema.name not in rule.tables:
        return
    name = _TASK.get(schema.name, "task_id")
    for task_id, unit in sorted(_distinct(ctx, schema, f"{name}, unit", "unit IS NOT NULL AND unit <> ''")):
        task = ctx.catalogue.task(task_id)
        own = unit_of(task) if task is not None else ""
        if own and unit != own and not convertible(unit, own):
            sql = f"t.{name} = {literal(task_id)} AND t.unit = {literal(unit)}"
            yield Test(rule, sql, rule.field, expected=own)


def unknown_task(ctx: Context, rule: Rule, schema: TableSchema) -> Iterable[Test]:
    """A row is about a task that the plan in force does not have."""
    if schema.name not in rule.tables:
        return []
    name = _TASK.get(schema.name, "task_id")
    present = {task_id for (task_id,) in _distinct(ctx, schema, name, "1")}
    unknown = sorted(task_id for task_id in present if ctx.catalogue.task(task_id) is None)
    if not unknown:
        return []
    return [Test(rule, f"t.{name} IN ({', '.join(map(literal, unknown))})", name, found=f"{{{name}}}")]


def year_outside(ctx: Context, rule: Rule, schema: TableSchema) -> Iterable[Test]:
    """A row is about a year that the plan does not cover."""
    if schema.name not in rule.tables:
        return []
    first, last = ctx.catalogue.years[0], ctx.catalogue.years[-1]
    return [Test(rule, f"t.year NOT BETWEEN {first} AND {last}", rule.field, expected=ctx.catalogue.years_text)]


def report_of_nothing(ctx: Context, rule: Rule, schema: TableSchema) -> Iterable[Test]:
    """A month's report is about a project that is in no register any more."""
    if schema.name not in rule.tables:
        return []
    known = {register.name: register.table for register in ctx.registers}
    there = "SELECT 1 FROM {0} r WHERE r.id = t.row_id AND r.deleted_at IS NULL"
    terms = [
        f"(t.register = {literal(name)} AND NOT EXISTS ({there.format(quoted(table))}))"
        for name, table in known.items()
        if _reported(ctx, name)
    ]
    terms.append(f"t.register NOT IN ({', '.join(map(literal, known))})")
    return [Test(rule, " OR ".join(terms), rule.field)]


def _reported(ctx: Context, register: str) -> bool:
    sql = "SELECT 1 FROM project_report WHERE register = ? LIMIT 1"
    return ctx.conn.execute(sql, (register,)).fetchone() is not None


def _distinct(ctx: Context, schema: TableSchema, columns: str, where: str) -> set[tuple[str, ...]]:
    """Return the different values of the columns, after an edit of the rows that it touched alone."""
    sql = f"SELECT DISTINCT {columns} FROM {quoted(schema.table)} WHERE deleted_at IS NULL AND {where}"
    if ctx.reach is None:
        return set(ctx.conn.execute(sql))
    found: set[tuple[str, ...]] = set()
    for chunk in chunks(ctx.reach.rows.get(schema.table, ())):
        found |= set(ctx.conn.execute(f"{sql} AND {in_list('id', chunk)}", chunk))
    return found


# -- responsibility, projects and assignments --------------------------------------------------------------------------


def no_lead(ctx: Context, rule: Rule) -> Iterator[Issue]:
    """A clause that the county has to carry out has no department of its own to lead it."""
    leads = dict(ctx.conn.execute("SELECT clause_id, lead_id FROM responsibility WHERE deleted_at IS NULL"))
    for clause in ctx.catalogue.clauses:
        if not ctx.reaches(clause.id) or ctx.excluded(clause) or not leaves_of(ctx.catalogue, clause):
            continue
        if not leads.get(clause.id):
            yield ctx.of_task(
                rule, "responsibility", clause.id, field="lead_id", found=rule.found, expected=rule.expected
            )


def _counted(ctx: Context) -> Iterator[tuple[TableSchema, Target]]:
    """Yield the registers with the targets that towns share and that their projects count towards."""
    for schema in ctx.registers:
        for target_id in dict.fromkeys(mapping["target"] for mapping in schema.counts_towards):
            target = ctx.catalogue.task(target_id)
            if not isinstance(target, Target) or duty_of(target) is not Duty.QUANTITY or "town_id" not in schema:
                continue
            if ctx.reaches(target.id) and not ctx.excluded(target):
                yield schema, target


def _towns_with_projects(ctx: Context, schema: TableSchema) -> set[str]:
    known: set[str] | None = ctx.once.get(f"towns {schema.table}")
    if known is None:
        sql = f"SELECT DISTINCT town_id FROM {quoted(schema.table)} WHERE deleted_at IS NULL AND town_id IS NOT NULL"
        known = ctx.once[f"towns {schema.table}"] = {town for (town,) in ctx.conn.execute(sql)}
    return known


def _given(ctx: Context, target: Target) -> dict[int, list[str]]:
    """Return the towns that have something of the target, by year."""
    found: dict[int, list[str]] = {}
    for year, town in ctx.conn.execute(
        "SELECT year, assignee_id FROM assignment WHERE task_id = ? AND assignee_kind = 'town' AND amount > 0"
        " AND deleted_at IS NULL ORDER BY year, assignee_id",
        (target.id,),
    ):
        found.setdefault(year, []).append(town)
    return found


def no_project(ctx: Context, rule: Rule) -> Iterator[Issue]:
    """A town has a share of what registers count, and no project; years that have not begun are not asked about."""
    for schema, target in _counted(ctx):
        for year, towns in _given(ctx, target).items():
            lacking = [town for town in towns if town not in _towns_with_projects(ctx, schema)]
            if lacking and year in ctx.years and year <= ctx.today.year:
                yield _of_register(ctx, rule, schema, target, lacking, str(year))


def not_given(ctx: Context, rule: Rule) -> Iterator[Issue]:
    """A town has projects of something that was given out, but not to it."""
    for schema, target in _counted(ctx):
        given = {town for towns in _given(ctx, target).values() for town in towns}
        others = sorted(_towns_with_projects(ctx, schema) - given) if given else []
        if others:
            yield _of_register(ctx, rule, schema, target, others, "")


def _of_register(ctx: Context, rule: Rule, schema: TableSchema, target: Target, towns: list[str], period: str) -> Issue:
    names = [ctx.names.get(town, town) for town in towns]
    told = "、".join(names[:_NAMED]) + (f"等{len(names)}个镇街" if len(names) > _NAMED else "")
    return ctx.issue(
        rule,
        schema.table,
        target.id,
        period=period,
        found=told,
        expected=rule.expected,
        place=ctx.task_title(target.id),
        task_id=target.id,
        register=schema.name,
        units=towns if len(towns) == 1 else (),
        words={"year": period, "register_title": schema.title},
    )


ROWS: dict[str, RowCheck] = {
    "T08": given_to_nobody,
    "T09": points_to_deleted,
    "T10": other_town,
    "T11": foreign_unit,
    "T12": unknown_task,
    "T13": year_outside,
    "T18": report_of_nothing,
}
TASKS: dict[str, Callable[[Context, Rule], Iterator[Issue]]] = {
    "T06": part_over_whole,
    "T07": share_over_whole,
    "T14": no_lead,
    "T15": no_project,
    "T16": not_given,
}
