"""From the rows of a register to the figure of the target they count towards, with the arithmetic in words.

A register's `x-counts-towards` lists such counts; this is the only place where they are read:
  target        the target's id
  of            condition (`db.core.expressions`): only these rows belong to it
  where         condition: only these count
  year          a year or date field by which the figure is also given per year
  how           sum         of `field`
                count       of rows
                completion  rows that meet `where` (default: whose `x-done` field says so), of all that belong
                open        rows with an `opened` date and no `closed` one, at the end of `on`
                rate        Σ numerator ÷ Σ denominator; `where` narrows the numerator alone; without `numerator` it is
                            the denominator of the rows that meet `where`, without both the rows themselves
                reduction   1 − (Σ field ÷ Σ per) ÷ (Σ base ÷ Σ base_per), without `per` 1 − Σ field ÷ Σ base
What counts from the plan's beginning adds its years up; of anything else the figure is that of the latest year.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from db.core.errors import DataProblem
from db.core.expressions import Node, Selected
from db.core.fields import Field, TableSchema
from db.core.schema_checks import COMPLETION, COUNT, OPEN, RATE, REDUCTION, SUM, belongs, condition
from db.core.text import titled
from db.core.values import from_micro
from db.plan.catalogue import Catalogue, Target
from db.store.connection import quoted
from db.store.exact_sum import exact_sum, read_sum
from db.store.expression_sql import expression_sql
from db.store.filters import column
from db.work.amounts import in_city_unit, in_unit_of
from db.work.arithmetic import adds_over_years, figure
from db.work.registers import registers
from db.work.tasks import unit_of

PERCENT = "%"
_ITEM = "项"
_RATE_DECIMALS = Decimal("0.01")


@dataclass(frozen=True)
class TargetFigure:
    """What a register says about a target, in the target's county unit (`unit`; 项 for a completion, % for a rate).

    `amount` of a completion is the number of rows done, `rows` the number that belong to it, `silent` how many of the
    counted rows lack a value. Of a rate and a reduction `numerator` and `denominator` are the two sums it is made of;
    `amount` is None while they cannot be divided. `sentence` is the arithmetic.
    """

    target_id: str
    indicator: str
    register: str
    how: str
    amount: Decimal | None
    unit: str
    rows: int
    silent: int
    by_year: dict[int, Decimal]
    in_city_unit: Decimal | None
    city_unit: str
    sentence: str
    numerator: Decimal | None = None
    denominator: Decimal | None = None


Holder = tuple[str, str]
"""A field of registers that points to somebody (town_id), and the id of one of them."""


def target_figures(
    conn: sqlite3.Connection,
    catalogue: Catalogue,
    *,
    on: date | None = None,
    holder: Holder | None = None,
    target_ids: Collection[str] | None = None,
    known: Sequence[TableSchema] | None = None,
) -> list[TargetFigure]:
    """Return every figure that the file's registers give, in the order of the registers and their definitions.

    `on` is the day at whose end what is open is counted; by default everything that is open now. With a `holder` only
    its rows count, and registers that do not tell whose a row is are left out; `target_ids` narrows to some targets;
    `known` are the file's registers, when they are at hand.
    A count of a register from outside that cannot be made for its target, as of tons for households, has no amount and
    says why.
    """
    return [
        _figure(conn, schema, target, mapping, on, holder)
        for schema in (registers(conn) if known is None else known)
        if holder is None or holder[0] in schema
        for mapping in schema.counts_towards
        if target_ids is None or mapping["target"] in target_ids
        if isinstance(target := catalogue.task(mapping["target"]), Target)
    ]


def _figure(
    conn: sqlite3.Connection,
    schema: TableSchema,
    target: Target,
    mapping: Mapping[str, Any],
    on: date | None,
    holder: Holder | None,
) -> TargetFigure:
    try:
        return _Count(conn, schema, target, mapping, on, holder).figure()
    except DataProblem as problem:
        return TargetFigure(
            target_id=target.id,
            indicator=target.indicator,
            register=schema.name,
            how=mapping["how"],
            amount=None,
            unit=unit_of(target) or _ITEM,
            rows=0,
            silent=0,
            by_year={},
            in_city_unit=None,
            city_unit="",
            sentence=f"{titled(schema.title)}不能计入这一目标：{problem.message}请改清单的定义。",
        )


@dataclass(frozen=True)
class _Sums:
    """The rows of one year (None: without one), how many lack a value, and the sums in the fields' own units."""

    year: int | None
    rows: int
    silent: int
    sums: tuple[Decimal, ...]


class _Count:
    def __init__(
        self,
        conn: sqlite3.Connection,
        schema: TableSchema,
        target: Target,
        mapping: Mapping[str, Any],
        on: date | None,
        holder: Holder | None,
    ) -> None:
        self._holder = holder
        self._conn, self._schema, self._target, self._mapping, self._on = conn, schema, target, mapping, on
        self._belongs = self._sql(belongs(mapping))
        self._where = self._sql(condition(mapping.get("where")))
        (self._rows,) = self._ask("SELECT count(*)").fetchone()

    def figure(self) -> TargetFigure:
        match self._mapping["how"]:
            case "completion":
                found = self._completion()
            case "open":
                found = self._open()
            case "rate":
                found = self._rate()
            case "reduction":
                found = self._reduction()
            case _:
                found = self._added()
        nothing = f"{titled(self._schema.title)}还没有计入这一目标的行。"
        return found if self._rows else replace(found, sentence=nothing)

    # -- the ways ---- ----------------------------------------------------------------------------------------

    def _added(self) -> TargetFigure:
        field = self._field("field") if self._mapping["how"] == SUM else None
        years = self._summed([field] if field else [], self._where)
        amounts = [(each, self._amount(field, each)) for each in years]
        by_year = {each.year: amount for each, amount in amounts if each.year is not None}
        cumulative = adds_over_years(self._target.measure) or not by_year
        total = sum((amount for _, amount in amounts), Decimal(0)) if cumulative else by_year[max(by_year)]
        unit = unit_of(self._target) or _ITEM
        city = in_city_unit(self._target, total)
        silent = sum(each.silent for each in years)
        return self._made(
            SUM if field else COUNT,
            total,
            unit,
            self._added_words(field, total, unit, by_year, cumulative, city, silent),
            by_year=by_year,
            silent=silent,
            city=city,
        )

    def _completion(self) -> TargetFigure:
        where = self._where
        if "where" not in self._mapping:
            field = next(field for field in self._schema.fields if field.done)
            where = self._literal_in(field, field.done)
        done = sum(each.rows for each in self._summed([], where))
        words = f"应完成{self._rows}项，已完成{done}项，还有{self._rows - done}项。"
        return self._made(COMPLETION, Decimal(done), _ITEM, words)

    def _open(self) -> TargetFigure:
        opened, closed = self._field("opened"), self._field("closed")
        day = self._on
        until = f" AND {column(opened)} <= '{day.isoformat()}'" if day else ""
        after = f" OR {column(closed)} > '{day.isoformat()}'" if day else ""
        found, left, undated = self._ask(
            "SELECT"
            f" count(*) FILTER (WHERE {column(opened)} IS NOT NULL{until}),"
            f" count(*) FILTER (WHERE {column(opened)} IS NOT NULL{until} AND ({column(closed)} IS NULL{after})),"
            f" count(*) FILTER (WHERE {column(opened)} IS NULL)",
            f"AND {self._where}",
        ).fetchone()
        when = f"到{day.year}年{day.month}月{day.day}日，" if day else ""
        words = f"{when}发现{found}项－已处置{found - left}项＝未处置{left}项{_silence(undated, '没有发现日期')}。"
        return self._made(OPEN, Decimal(left), _ITEM, words, silent=undated)

    def _rate(self) -> TargetFigure:
        if "denominator" not in self._mapping:
            met = sum(each.rows for each in self._summed([], self._where))
            return self._rate_of(Decimal(met), Decimal(self._rows), f"符合的{met}项÷共{self._rows}项")
        above, below = self._field("numerator", "denominator"), self._field("denominator")
        years = self._summed([above, below], "1", narrowed=self._where)
        by_year = {each.year: rate for each in years if each.year is not None and (rate := _divided(*each.sums))}
        last = self._latest(years)
        top, bottom = last.sums if last else (Decimal(0), Decimal(0))
        what = "符合条件的" if above is below else ""
        words = f"{_when(last)}{what}“{above.title}”合计{figure(top, above.unit)}"
        words += f"÷“{below.title}”合计{figure(bottom, below.unit)}"
        return self._rate_of(top, bottom, words, by_year, sum(each.silent for each in years))

    def _rate_of(
        self, top: Decimal, bottom: Decimal, words: str, by_year: dict[int, Decimal] | None = None, silent: int = 0
    ) -> TargetFigure:
        rate = _divided(top, bottom)
        words += f"＝{figure(rate, PERCENT)}" if rate is not None else "，分母为0，算不出比例"
        words += f"{_silence(silent, '缺数')}。"
        return self._made(RATE, rate, PERCENT, words, by_year=by_year, silent=silent, numerator=top, denominator=bottom)

    def _reduction(self) -> TargetFigure:
        names = ["field", "base", *(("per", "base_per") if "per" in self._mapping else ())]
        fields = [self._field(name) for name in names]
        years = self._summed(fields, self._where)
        by_year = {each.year: cut for each in years if each.year is not None and (cut := _cut(each.sums))}
        last = self._latest(years)
        sums = last.sums if last else tuple(Decimal(0) for _ in fields)
        cut = _cut(sums)
        silent = sum(each.silent for each in years)
        told = [f"“{field.title}”合计{figure(amount, field.unit)}" for field, amount in zip(fields, sums, strict=True)]
        after, before = told[0], told[1]
        if len(told) > 2:
            after, before = f"（{told[0]}÷{told[2]}）", f"（{told[1]}÷{told[3]}）"
        words = f"{_when(last)}1－{after}÷{before}"
        words += f"＝下降{figure(cut, PERCENT)}" if cut is not None else "，基数不全，算不出降幅"
        words += f"{_silence(silent, '缺数')}。"
        return self._made(
            REDUCTION, cut, PERCENT, words, by_year=by_year, silent=silent, numerator=sums[0], denominator=sums[1]
        )

    # -- asking the table -------------------------------------------------------------------------------------

    def _summed(self, fields: list[Field], where: str, narrowed: str = "") -> list[_Sums]:
        """Return the sums by year of the rows that have all values; `narrowed` counts for the first field only."""
        columns = [column(field) for field in fields]
        whole = " AND ".join(f"{each} IS NOT NULL" for each in columns) or "1"
        sums = [exact_sum(each, whole) for each in columns]
        if narrowed and columns:
            sums[0] = exact_sum(columns[0], f"{whole} AND {narrowed}")
        asked = ", ".join([self._year(), "count(*)", f"count(*) FILTER (WHERE NOT ({whole}))", *sums])
        rows = self._ask(f"SELECT {asked}", f"AND {where} GROUP BY 1 ORDER BY 1").fetchall()
        return [_Sums(row[0], row[1], row[2], tuple(from_micro(read_sum(each)) for each in row[3:])) for row in rows]

    def _latest(self, years: list[_Sums]) -> _Sums | None:
        """Return the latest year in which any row has all its values, else what there is."""
        told = [each for each in years if each.rows > each.silent]
        return told[-1] if told else years[-1] if years else None

    def _ask(self, select: str, rest: str = "") -> sqlite3.Cursor:
        held, parameters = "", []
        if self._holder is not None:
            held, parameters = f" AND t.{quoted(self._holder[0])} = ?", [self._holder[1]]
        source = f"FROM {quoted(self._schema.table)} t WHERE t.deleted_at IS NULL AND {self._belongs}{held}"
        return self._conn.execute(f"{select} {source} {rest}", parameters)

    def _sql(self, node: Node | None) -> str:
        return "1" if node is None else expression_sql(node, self._schema, column)

    def _literal_in(self, field: Field, choices: tuple[str, ...]) -> str:
        return self._sql(Selected(field.name, choices))

    def _field(self, *keys: str) -> Field:
        return self._schema.field(next(self._mapping[key] for key in keys if key in self._mapping))

    def _year(self) -> str:
        if "year" not in self._mapping:
            return "NULL"
        field = self._field("year")
        return column(field) if field.type == "year" else f"CAST(substr({column(field)}, 1, 4) AS INTEGER)"

    def _amount(self, field: Field | None, each: _Sums) -> Decimal:
        return Decimal(each.rows) if field is None else in_unit_of(self._target, each.sums[0], field.unit)

    # -- telling it -------------------------------------------------------------------------------------------

    def _made(
        self,
        how: str,
        amount: Decimal | None,
        unit: str,
        words: str,
        *,
        by_year: dict[int, Decimal] | None = None,
        silent: int = 0,
        city: Decimal | None = None,
        numerator: Decimal | None = None,
        denominator: Decimal | None = None,
    ) -> TargetFigure:
        return TargetFigure(
            target_id=self._target.id,
            indicator=self._target.indicator,
            register=self._schema.name,
            how=how,
            amount=amount,
            unit=unit,
            rows=self._rows,
            silent=silent,
            by_year=by_year or {},
            in_city_unit=city,
            city_unit=self._target.unit if city is not None else "",
            sentence=titled(self._schema.title) + words,
            numerator=numerator,
            denominator=denominator,
        )

    def _added_words(
        self,
        field: Field | None,
        total: Decimal,
        unit: str,
        by_year: Mapping[int, Decimal],
        cumulative: bool,
        city: Decimal | None,
        silent: int,
    ) -> str:
        shown = figure(total, unit)
        if city is not None and self._target.unit != unit:
            shown += f"（{figure(city, self._target.unit)}）"
        latest = "" if cumulative else f"{max(by_year)}年"
        if field is None:
            words = f"{latest}符合条件的有{shown}"
        else:
            words = f"{self._rows}行的“{field.title}”相加，{latest or '共'}{shown}"
        if len(by_year) > 1:
            words += "：" + "，".join(f"{year}年{figure(amount)}" for year, amount in by_year.items())
        return words + (f"；{silent}行未报" if silent else "") + "。"


def _divided(above: Decimal, below: Decimal) -> Decimal | None:
    return (above / below * 100).quantize(_RATE_DECIMALS) if below else None


def _cut(sums: tuple[Decimal, ...]) -> Decimal | None:
    """Return by how many per cent the first sum is below the second, each per its own third and fourth if given."""
    now, base, *per = sums
    if per:
        if not per[0] or not per[1]:
            return None
        now, base = now / per[0], base / per[1]
    return ((1 - now / base) * 100).quantize(_RATE_DECIMALS) if base else None


def _when(last: _Sums | None) -> str:
    return f"{last.year}年" if last is not None and last.year is not None else ""


def _silence(rows: int, what: str) -> str:
    return f"；{rows}行{what}" if rows else ""
