"""What the plan itself demands of an assignment or a project: its deadlines, its “五个减量”, its “六个百分百”."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from db.checks.context import Context
from db.checks.row_rules import RowCheck, Test
from db.checks.rulebook import Rule
from db.core.expressions import Node
from db.core.fields import TableSchema
from db.core.schema_checks import COMPLETION, belongs, condition
from db.plan.catalogue import Catalogue, Target
from db.store.expression_sql import expression_sql
from db.store.filters import column
from db.work.registers import unfinished

_SIX = "六个百分百"
_BUILT = "t.project_state IN ('在建', '拟建')"
_CUT, _REPLACED, _NEW = "_cut", "_replaced", "_new"
"""How the three fields of a reduction end: what is given up, what comes new, and the one less the other (04-02)."""


def reductions_negative(ctx: Context, rule: Rule, schema: TableSchema) -> Iterable[Test]:
    """One of the “五个减量” of a project that is being built or planned is below zero."""
    if schema.name not in rule.tables:
        return []
    cuts = [f"{name}{_CUT}" for name in _reduced(schema)]
    if not cuts:
        ctx.unchecked(rule, f"{schema.title}里没有“五个减量”的字段。")
    return [
        Test(rule, f"{_BUILT} AND {column(schema.field(cut))} < 0", cut, found=f"{{{cut}}}{schema.field(cut).unit}")
        for cut in cuts
    ]


def reductions_missing(ctx: Context, rule: Rule, schema: TableSchema) -> Iterator[Test]:
    """One of the “五个减量” cannot be computed, since one of its two amounts was not filled in."""
    if schema.name not in rule.tables:
        return
    for name in _reduced(schema):
        old, new = f"{name}{_REPLACED}", f"{name}{_NEW}"
        if old in schema and new in schema:
            sql = f"{_BUILT} AND t.states = '{{}}' AND (t.{old} IS NULL OR t.{new} IS NULL)"
            what = schema.field(new).title.partition("：")[0]
            yield Test(rule, sql, new, found=f"被替代量{{{old}}}、新增量{{{new}}}", words={"what": what})


def _reduced(schema: TableSchema) -> list[str]:
    """Return what the “五个减量” are of, as the register's fields begin: capacity, energy, coal, carbon, pollutants."""
    return [name.removesuffix(_CUT) for name in schema.names if name.endswith(_CUT)]


def _six(ctx: Context, rule: Rule, schema: TableSchema) -> list[str]:
    names = [field.name for field in schema.fields if field.group == _SIX] if schema.name in rule.tables else []
    if not names and schema.name in rule.tables:
        ctx.unchecked(rule, f"{schema.title}里没有“六个百分百”的字段。")
    return names


def six_not_met(ctx: Context, rule: Rule, schema: TableSchema) -> Iterator[Test]:
    """A building site at work lacks one of the “六个百分百” (17-01)."""
    for name in _six(ctx, rule, schema):
        own = column(schema.field(name))
        yield Test(rule, f"t.site_state = '在建' AND {own} = 0", name, found=f"{{{name}}}")


def six_not_told(ctx: Context, rule: Rule, schema: TableSchema) -> Iterator[Test]:
    """Nobody has said whether a building site does one of the “六个百分百”."""
    for name in _six(ctx, rule, schema):
        own = column(schema.field(name))
        yield Test(rule, f"t.site_state = '在建' AND {own} IS NULL AND t.states = '{{}}'", name, found=f"{{{name}}}")


# -- deadlines ---------------------------------------------------------------------------------------------------------


def assignment_after_plan(ctx: Context, rule: Rule, schema: TableSchema) -> Iterable[Test]:
    """An assignment is due later than the plan demands."""
    if schema.name not in rule.tables:
        return []
    deadlines = {target.id: str(target.deadline) for target in ctx.catalogue.targets if target.deadline is not None}
    _teach(ctx.conn, deadlines)
    return [
        Test(
            rule,
            "t.deadline IS NOT NULL AND t.deadline > sijian_plan_deadline(t.task_id)",
            rule.field,
            expected="{plan_deadline}",
            told=lambda row: {"plan_deadline": deadlines.get(str(row.values["task_id"]), "")},
        )
    ]


def _teach(conn: sqlite3.Connection, deadlines: Mapping[str, str]) -> None:
    conn.create_function("sijian_plan_deadline", 1, deadlines.get, deterministic=True)


def not_in_year(ctx: Context, rule: Rule, schema: TableSchema) -> Iterable[Test]:
    """An assignment is due in another year than its own."""
    if schema.name not in rule.tables:
        return []
    return [Test(rule, "t.deadline IS NOT NULL AND CAST(substr(t.deadline, 1, 4) AS INTEGER) <> t.year", rule.field)]


def project_after_plan(ctx: Context, rule: Rule, schema: TableSchema) -> Iterable[Test]:
    """A project is planned to be finished later than the plan demands of what it counts towards."""
    last = _last_deadline(ctx.catalogue, schema)
    if schema.kind != "register" or last is None or rule.field not in schema:
        return []
    own = column(schema.field(rule.field))
    return [Test(rule, f"{own} > '{last}'", rule.field, expected=str(last))]


def project_overdue(ctx: Context, rule: Rule, schema: TableSchema) -> Iterable[Test]:
    """What a project counts towards should be finished by now, and the project is not."""
    last = _last_deadline(ctx.catalogue, schema)
    if schema.kind != "register" or last is None or last >= ctx.today or rule.field not in schema:
        return []
    terms = [_not_done(schema, mapping) for mapping in schema.counts_towards]
    return [Test(rule, " OR ".join(f"({term})" for term in terms), rule.field, expected=str(last))]


def _not_done(schema: TableSchema, mapping: Mapping[str, object]) -> str:
    def sql(node: Node) -> str:
        return expression_sql(node, schema, column)

    of = belongs(mapping)
    own = "1" if of is None else sql(of)
    where = condition(mapping.get("where")) if mapping["how"] == COMPLETION else None
    return f"{own} AND {unfinished(schema, 't.')}" if where is None else f"{own} AND NOT coalesce({sql(where)}, 0)"


def _last_deadline(catalogue: Catalogue, schema: TableSchema) -> date | None:
    """Return the latest deadline of the targets that the register counts towards, None where one has none."""
    targets = [catalogue.task(mapping["target"]) for mapping in schema.counts_towards]
    deadlines = [target.deadline for target in targets if isinstance(target, Target)]
    dated = [deadline for deadline in deadlines if deadline is not None]
    return max(dated) if dated and len(dated) == len(deadlines) else None


ROWS: dict[str, RowCheck] = {
    "P01": assignment_after_plan,
    "P02": not_in_year,
    "P03": project_after_plan,
    "P04": project_overdue,
    "P06": reductions_negative,
    "P07": reductions_missing,
    "P08": six_not_met,
    "P09": six_not_told,
}
