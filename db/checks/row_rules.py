"""Rules on rows: every condition on a table in one pass of SQL, then only the rows that break one are read.

A rule either states its condition in `checks.toml` (`when`, an expression over the table's fields), or has a function
in `rules/` that gives it as SQL (`Test`), or is one of the generic ones: what a table's own definition demands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import partial
from typing import Any

from db.checks.context import NOTHING, Context
from db.checks.facts import WHOLE_PLAN, period_title
from db.checks.field_sql import problem_sql
from db.checks.model import Issue
from db.checks.rulebook import REGISTERS, Rule
from db.core.conditions import in_words
from db.core.expressions import Node, names, parse
from db.core.fields import Field, TableSchema, row_problems
from db.core.text import titled
from db.store import records
from db.store.connection import quoted
from db.store.expression_sql import expression_sql
from db.store.filters import column
from db.store.records import Row
from db.work.recycle import title_of_row

_LONGEST = 60
"""How much is shown of a name or a value that runs on."""


@dataclass(frozen=True)
class Test:
    """A condition on rows `t` of a table under which a rule is broken, and how it is told.

    `found` and `expected` are templates over the shown values of the row, `words`, and what `told` says of the row; ""
    takes the rule's own.
    """

    rule: Rule
    sql: str
    field: str = ""
    found: str = ""
    expected: str = ""
    words: Mapping[str, object] = dataclass_field(default_factory=dict)
    told: Callable[[Row], Mapping[str, object]] | None = None


RowCheck = Callable[[Context, Rule, TableSchema], Iterable[Test]]
"""Returns the tests of a rule on one table, none where the table is not its business."""


@dataclass(frozen=True)
class Generic:
    """The rules that say what a table's own definition demands, by the code that `row_problems` gives."""

    rules: Mapping[str, Rule]


def belongs(rule: Rule, schema: TableSchema) -> bool:
    """Return whether a rule with a condition is about this table."""
    return schema.name in rule.tables or (REGISTERS in rule.tables and schema.kind == "register")


def tests_of(ctx: Context, rule: Rule, schema: TableSchema) -> list[Test]:
    """Return the test that the rule's own condition makes on the table; none where a field of it is missing."""
    if not belongs(rule, schema):
        return []
    node = condition_of(ctx, rule)
    wanted = {*names(node), rule.field} - {""}
    if not wanted <= set(schema.names):
        if schema.name in rule.tables:
            lacking = "、".join(sorted(wanted - set(schema.names)))
            ctx.unchecked(rule, f"{schema.title}没有这条规则要看的字段（{lacking}）。")
        return []
    sql = expression_sql(node, schema, column)
    if rule.unless:
        off = condition_of(ctx, rule, rule.unless)
        if set(names(off)) <= set(schema.names):
            sql = f"({sql}) AND NOT coalesce({expression_sql(off, schema, column)}, 0)"
    return [Test(rule, sql, rule.field)]


def condition_of(ctx: Context, rule: Rule, text: str = "") -> Node:
    """Return the rule's condition (or its other one, `text`), with today and its threshold put in."""
    threshold = "" if rule.threshold is None else f"{rule.threshold:f}"
    return parse((text or rule.when).replace("{today}", ctx.today.isoformat()).replace("{threshold}", threshold))


def row_issues(
    ctx: Context, schema: TableSchema, tests: Sequence[Test], generic: Generic, only: Iterable[str] | None = None
) -> Iterator[Issue]:
    """Yield what the rows of the table break, of all or of those with the ids `only`."""
    own = ctx.keep(f"problems {schema.table}", partial(problem_sql, schema)) if generic.rules else []
    terms = [test.sql for test in tests] + own
    if not terms:
        return
    broken = " OR ".join(f"({term})" for term in terms)
    flags = [" OR ".join(f"({term})" for term in own) or "0", *(test.sql for test in tests)]
    columns = ", ".join(f"({flag})" for flag in flags)
    # Every row is looked at: going by an index of the living ones would only seek each of them.
    where = f"+t.deleted_at IS NULL AND {ctx.rows_wanted(schema)} AND ({broken})"
    for chunk in [None] if only is None else records.chunks(only):
        narrowed = "" if chunk is None else f" AND {records.in_list('t.id', chunk)}"
        sql = f"SELECT t.id, {columns} FROM {quoted(schema.table)} t WHERE {where}{narrowed}"
        hits = {row[0]: row[1:] for row in ctx.conn.execute(sql, chunk or ())}
        yield from _told(ctx, schema, tests, generic, hits)


def _told(
    ctx: Context, schema: TableSchema, tests: Sequence[Test], generic: Generic, hits: Mapping[str, Sequence[int]]
) -> Iterator[Issue]:
    for chunk in records.chunks(hits):
        for row in records.select(ctx.conn, schema, records.in_list("t.id", chunk), chunk):
            suspect, *flags = hits[row.id]
            if suspect:
                yield from _generic(ctx, schema, row, generic)
            for test, broken in zip(tests, flags, strict=True):
                if broken:
                    yield row_issue(ctx, schema, row, test)


def row_issue(ctx: Context, schema: TableSchema, row: Row, test: Test) -> Issue:
    """Return the issue of a row that breaks the test."""
    rule = test.rule
    title = schema.field(test.field).title if test.field in schema else ""
    given = Words(schema, row, {**test.words, "field_title": title, "table_title": schema.title})
    given |= {"today": ctx.today.isoformat(), "threshold": _threshold(rule)}
    given["assignee"] = _name(ctx, str(row.values.get("assignee_id") or ""))
    given |= test.told(row) if test.told is not None else {}
    return _at_row(
        ctx,
        schema,
        row,
        rule,
        field=test.field,
        found=(test.found or rule.found).format_map(given),
        expected=(test.expected or rule.expected).format_map(given),
        words=given,
    )


def _generic(ctx: Context, schema: TableSchema, row: Row, generic: Generic) -> Iterator[Issue]:
    for name, problem in row_problems(schema, row.values).items():
        rule = generic.rules.get(problem.code) or generic.rules.get(problem.code.partition(".")[0])
        if rule is not None:
            own = schema.field(name)
            words = Words(schema, row, {"field_title": own.title, "table_title": schema.title})
            yield _at_row(
                ctx,
                schema,
                row,
                rule,
                field=name,
                # Of a text that is too long its beginning tells enough; to any other value an explanation is tied.
                found=_short(words[name]) if rule.expected == "length" else words[name],
                expected=demanded(schema, own, rule),
                words=words,
            )


def demanded(schema: TableSchema, own: Field, rule: Rule) -> str:
    """Return what the definition asks of a field, as the second value of an issue."""
    match rule.expected:
        case "enum":
            return "、".join(own.enum)
        case "minimum" | "maximum" as end:
            limit = own.minimum if end == "minimum" else own.maximum
            low, high = ("不早于", "不晚于") if own.type == "date" else ("不小于", "不大于")
            return f"{low if end == 'minimum' else high}{own.show(limit)}{own.unit}"
        case "length":
            return f"不超过{own.max_length}个字"
        case "pattern":
            return own.help.rstrip("。") or "规定的格式"
        case "decimals":
            return f"最多{own.decimals}位小数" if own.decimals else "整数"
        case "relevant" if own.relevant is not None:
            return f"只在{in_words(own.relevant, schema.by_name)}时填写"
        case "constraint" if own.constraint is not None:
            return in_words(own.constraint, schema.by_name)
    return rule.expected


def _at_row(
    ctx: Context,
    schema: TableSchema,
    row: Row,
    rule: Rule,
    *,
    field: str,
    found: str,
    expected: str,
    words: Words,
) -> Issue:
    def text(name: str) -> str:
        cell = row.values.get(name)
        return cell if isinstance(cell, str) else ""

    task_id = next((told for name in ("task_id", "target_id", "clause_id") if (told := text(name))), "")
    is_register = schema.kind == "register"
    clause = "" if not is_register or rule.clause else (*schema.clauses, WHOLE_PLAN)[0]
    return ctx.issue(
        rule,
        schema.table,
        row.id,
        field=field,
        found=found,
        expected=expected,
        period=text("period"),
        place=place_of(ctx, schema, row),
        task_id="" if is_register else task_id,
        assignee_id=text("assignee_id"),
        register=schema.name if is_register else text("register"),
        clause=clause,
        units=[unit for name in ("town_id", "enterprise_id") if (unit := text(name))],
        words=words,
    )


def place_of(ctx: Context, schema: TableSchema, row: Row) -> str:
    """Return what people call the row: its table and its name, or task, assignee and month."""
    title = title_of_row(ctx.catalogue, row).strip()
    if not title and "register" in row.values:
        title = ctx.project_name(str(row.values["register"]), str(row.values["row_id"]))
    who, period = str(row.values.get("assignee_id") or ""), str(row.values.get("period") or "")
    parts = [title, ctx.names.get(who, who), period_title(period) if period else ""]
    return f"{schema.title}{titled(_short('　'.join(part for part in parts if part)))}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


class Words(dict[str, Any]):
    """The row's cells as people read them, by field, spelt when a template asks; and what else there is to fill in."""

    def __init__(self, schema: TableSchema, row: Row, more: Mapping[str, object]) -> None:
        super().__init__(more)
        self._schema, self._row = schema, row

    def __missing__(self, name: str) -> str:
        field = self._schema.field(name)
        told = self._row.labels.get(name) or field.show(self._row.values[name]) or NOTHING
        self[name] = told
        return told


def _name(ctx: Context, who: str) -> str:
    """Return what an assignee is called; one that was deleted says so."""
    if who in ctx.gone:
        return f"{ctx.names.get(who, '')}（已删除）"
    return ctx.names.get(who, "（已不在）")


def _threshold(rule: Rule) -> str:
    return "" if rule.threshold is None else f"{rule.threshold.normalize():f}"
