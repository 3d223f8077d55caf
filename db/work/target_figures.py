"""From the rows of a register to the figure of the target they count towards, with the arithmetic in words.

A register's `x-counts-towards` lists such counts; this is the only place where they are read:
  target        the target's id
  how           sum: of `field` · count: of rows · completion: rows that meet `where`, of all that meet `of`
  of, except    {field: [values]}: only these rows belong to it; these do not
  where         {field: [values]}: only these count
  year          a year or date field by which the figure is also given per year
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from db.core.fields import Field, TableSchema
from db.core.schema_file import COMPLETION, SUM
from db.core.values import Cell, from_micro
from db.plan.catalogue import Catalogue, Target
from db.store.connection import quoted
from db.store.filters import Filter, column
from db.work.amounts import in_city_unit, in_unit_of
from db.work.arithmetic import figure
from db.work.registers import registers
from db.work.tasks import unit_of


@dataclass(frozen=True)
class TargetFigure:
    """What a register says about a target, in the target's county unit (`unit`; 项 for a completion).

    `amount` of a completion is the number of rows done, `rows` the number that belong to it, `silent` how many of the
    counted rows have no value yet. `sentence` is the arithmetic.
    """

    target_id: str
    register: str
    how: str
    amount: Decimal
    unit: str
    rows: int
    silent: int
    by_year: dict[int, Decimal]
    in_city_unit: Decimal | None
    city_unit: str
    sentence: str


def target_figures(conn: sqlite3.Connection, catalogue: Catalogue) -> list[TargetFigure]:
    """Return every figure that the file's registers give, in the order of the registers and their definitions."""
    return [
        _figure(conn, schema, target, mapping)
        for schema in registers(conn)
        for mapping in schema.counts_towards
        if isinstance(target := catalogue.task(mapping["target"]), Target)
    ]


def _figure(conn: sqlite3.Connection, schema: TableSchema, target: Target, mapping: Mapping[str, Any]) -> TargetFigure:
    how = mapping["how"]
    belongs, parameters = _belongs(schema, mapping)
    counted, more = _meets(schema, mapping.get("where", {}))
    rows = conn.execute(f"SELECT count(*) {_from(schema)} WHERE {belongs}", parameters).fetchone()[0]
    field = schema.field(mapping["field"]) if how == SUM else None
    measured = f"coalesce(sum({column(field)}), 0), count(*) - count({column(field)})" if field else "count(*), 0"
    condition = f"{belongs} AND {counted}"
    year = _year(schema, mapping)
    by_year: dict[int, Decimal] = {}
    total, silent = Decimal(0), 0
    for value, raw, empty in conn.execute(
        f"SELECT {year} y, {measured} {_from(schema)} WHERE {condition} GROUP BY y ORDER BY y", parameters + more
    ):
        amount = _amount(target, field, raw)
        total, silent = total + amount, silent + empty
        if value is not None:
            by_year[int(value)] = amount
    unit = "项" if how == COMPLETION else unit_of(target) or "项"
    city = None if how == COMPLETION else in_city_unit(target, total)
    return TargetFigure(
        target_id=target.id,
        register=schema.name,
        how=how,
        amount=total,
        unit=unit,
        rows=rows,
        silent=silent,
        by_year=by_year,
        in_city_unit=city,
        city_unit=target.unit if city is not None else "",
        sentence=_sentence(schema, target, how, field, total, rows, silent, by_year, city),
    )


def _from(schema: TableSchema) -> str:
    return f"FROM {quoted(schema.table)} t"


def _belongs(schema: TableSchema, mapping: Mapping[str, Any]) -> tuple[str, list[Any]]:
    within, parameters = _meets(schema, mapping.get("of", {}))
    conditions = ["t.deleted_at IS NULL", within]
    for name, values in mapping.get("except", {}).items():
        condition, more = Filter.one_of(name, _cells(values)).sql(schema)
        conditions.append(f"({column(schema.field(name))} IS NULL OR NOT {condition})")
        parameters += more
    return " AND ".join(conditions), parameters


def _meets(schema: TableSchema, wanted: Mapping[str, list[Any]]) -> tuple[str, list[Any]]:
    conditions, parameters = ["1"], []
    for name, values in wanted.items():
        condition, more = Filter.one_of(name, _cells(values)).sql(schema)
        conditions.append(condition)
        parameters += more
    return " AND ".join(conditions), parameters


def _cells(values: list[Any]) -> list[Cell]:
    return [value if isinstance(value, str | bool) else Decimal(str(value)) for value in values]


def _year(schema: TableSchema, mapping: Mapping[str, Any]) -> str:
    if "year" not in mapping:
        return "NULL"
    field = schema.field(mapping["year"])
    return column(field) if field.type == "year" else f"CAST(substr({column(field)}, 1, 4) AS INTEGER)"


def _amount(target: Target, field: Field | None, raw: int) -> Decimal:
    return Decimal(raw) if field is None else in_unit_of(target, from_micro(raw), field.unit)


def _sentence(
    schema: TableSchema,
    target: Target,
    how: str,
    field: Field | None,
    total: Decimal,
    rows: int,
    silent: int,
    by_year: Mapping[int, Decimal],
    city: Decimal | None,
) -> str:
    if not rows:
        return f"“{schema.title}”还没有计入这一目标的行。"
    if how == COMPLETION:
        return f"“{schema.title}”应完成{rows}项，已完成{figure(total)}项，还有{figure(rows - total)}项。"
    if field is None:
        return f"“{schema.title}”符合条件的有{figure(total, unit_of(target) or '项')}。"
    parts = [f"“{schema.title}”{rows}行的“{field.title}”相加，共{figure(total, unit_of(target))}"]
    if city is not None and target.unit != unit_of(target):
        parts.append(f"（{figure(city, target.unit)}）")
    if len(by_year) > 1:
        parts.append("：" + "，".join(f"{year}年{figure(amount)}" for year, amount in by_year.items()))
    if silent:
        parts.append(f"；{silent}行未报")
    return "".join(parts) + "。"
