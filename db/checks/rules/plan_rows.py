"""What the plan itself demands of a project."""

from __future__ import annotations

from collections.abc import Iterable

from db.checks.context import Context
from db.checks.row_rules import RowCheck, Test
from db.checks.rulebook import Rule
from db.core.fields import TableSchema
from db.store.filters import column

_SIX = "六个百分百"
_REDUCTIONS = ("capacity_cut", "energy_cut", "coal_cut", "carbon_cut", "sulfur_dioxide_cut", "nitrogen_oxides_cut",
               "particulates_cut", "vocs_cut")  # fmt: skip


def reductions_negative(ctx: Context, rule: Rule, schema: TableSchema) -> Iterable[Test]:
    """One of the “五个减量” of a project that is being built or planned is below zero (04-02)."""
    if schema.name not in rule.tables:
        return []
    cuts = [name for name in _REDUCTIONS if name in schema]
    if not cuts:
        ctx.unchecked(rule, f"{schema.title}里没有“五个减量”的字段。")
    built = "t.project_state IN ('在建', '拟建')"
    return [
        Test(rule, f"{built} AND {column(schema.field(name))} < 0", name, found=f"{{{name}}}{schema.field(name).unit}")
        for name in cuts
    ]


def six_hundred_percents(ctx: Context, rule: Rule, schema: TableSchema) -> Iterable[Test]:
    """A building site at work lacks one of the “六个百分百” (17-01)."""
    if schema.name not in rule.tables:
        return []
    fields = [field for field in schema.fields if field.group == _SIX]
    if not fields:
        ctx.unchecked(rule, f"{schema.title}里没有“六个百分百”的字段。")
    return [
        Test(rule, f"t.site_state = '在建' AND {column(field)} = 0", field.name, found=f"{{{field.name}}}")
        for field in fields
    ]


ROWS: dict[str, RowCheck] = {"P06": reductions_negative, "P08": six_hundred_percents}
