"""Proof files: are those there that should be, and are they what they were?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from db.checks.context import Context
from db.checks.field_sql import literal
from db.checks.model import Issue
from db.checks.row_rules import RowCheck, Test
from db.checks.rulebook import Rule
from db.core.fields import TableSchema
from db.store.attachments import FOLDER, Stored, contents, fault_of
from db.store.filters import column

MISSING, SIZE = "missing", "size"


def _no_file(table: str) -> str:
    return (
        f"NOT EXISTS (SELECT 1 FROM attachment a WHERE a.table_name = {literal(table)} AND a.row_id = t.id"
        " AND a.deleted_at IS NULL)"
    )


def done_without_proof(ctx: Context, rule: Rule, schema: TableSchema) -> Iterable[Test]:
    """A project is said to be finished, and nothing proves it."""
    if schema.kind != "register" or rule.field not in schema or not schema.field(rule.field).done:
        return []
    field = schema.field(rule.field)
    done = ", ".join(map(literal, field.done))
    return [Test(rule, f"{column(field)} IN ({done}) AND {_no_file(schema.table)}", rule.field)]


def plan_without_paper(ctx: Context, rule: Rule, schema: TableSchema) -> Iterable[Test]:
    """The county's own plan is said to be published, and its document is not there."""
    if schema.name not in rule.tables:
        return []
    return [Test(rule, f"t.plan_status = '已印发' AND {_no_file(schema.table)}", rule.field)]


def _faults(ctx: Context) -> dict[Stored, str]:
    """Return what is wrong with which content, by a look at its file; after an edit only new ones are looked at."""
    known: dict[Stored, str] = ctx.cache.setdefault("files", {}) if ctx.reach is not None else {}
    if ctx.folder is not None and ctx.fresh("files"):
        home = ctx.folder / FOLDER
        wanted = contents(ctx.conn)
        known = {
            each: known[each] if each in known else fault_of(home / each.stored_name, each, deep=False)
            for each in wanted
        }
        ctx.cache["files"] = known
    found: dict[Stored, str] = ctx.cache.get("files", {})
    return found


def _broken(reason: str) -> Callable[[Context, Rule], Iterator[Issue]]:
    def check(ctx: Context, rule: Rule) -> Iterator[Issue]:
        if ctx.folder is None:
            ctx.unchecked(rule, "数据不在文件夹里，看不到附件的文件。")
            return
        for stored, fault in _faults(ctx).items():
            if fault == reason:
                yield from _rows_with(ctx, rule, stored)

    return check


def _rows_with(ctx: Context, rule: Rule, stored: Stored) -> Iterator[Issue]:
    registers = {schema.table: schema.name for schema in ctx.registers}
    for row_id, table, name in ctx.conn.execute(
        "SELECT id, table_name, name FROM attachment WHERE sha256 = ? AND deleted_at IS NULL ORDER BY seq",
        (stored.sha256,),
    ).fetchall():
        yield ctx.issue(
            rule,
            "attachment",
            row_id,
            field="name",
            found=rule.found,
            expected=rule.expected,
            place=f"附件“{name}”",
            register=registers.get(table, ""),
            words={"name": name},
        )


ROWS: dict[str, RowCheck] = {
    "A01": done_without_proof,
    "A06": plan_without_paper,
}
WHOLE: dict[str, Callable[[Context, Rule], Iterator[Issue]]] = {"A02": _broken(MISSING), "A03": _broken(SIZE)}
