"""What has to be there before a package leaves: papers, earlier months, answers to the city."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from db.checks.context import Context
from db.checks.model import Issue
from db.checks.row_rules import RowCheck, Test
from db.checks.rulebook import Rule
from db.core.fields import TableSchema
from db.core.period import Period
from db.work.submission_states import RECALLED

_NAMED = 3


def odd_document_number(ctx: Context, rule: Rule, schema: TableSchema) -> Iterable[Test]:
    """What stands for the number of a document does not look like one."""
    if schema.name not in rule.tables:
        return []
    return [Test(rule, "t.document_number IS NOT NULL AND t.document_number NOT LIKE '%号%'", rule.field)]


def _remark_in(*statuses: str) -> RowCheck:
    def check(ctx: Context, rule: Rule, schema: TableSchema) -> Iterable[Test]:
        if schema.name not in rule.tables:
            return []
        own = f" AND t.kind = '{ctx.kind}'" if ctx.kind else ""
        own += f" AND t.period = '{ctx.period}'" if ctx.period is not None else ""
        listed = ", ".join(f"'{status}'" for status in statuses)
        return [Test(rule, f"t.status IN ({listed}){own}", "status")]

    return check


def months_not_sent(ctx: Context, rule: Rule) -> Iterator[Issue]:
    """An earlier month was filed, and no package of it was ever made."""
    if not ctx.months:
        return
    sent = {
        period
        for (period,) in ctx.conn.execute(
            "SELECT period FROM submission WHERE kind = 'monthly' AND coalesce(status, '') <> ? AND deleted_at IS NULL",
            (RECALLED,),
        )
    }
    newest = ctx.months[-1]
    unsent = [Period.parse(period).title for period in sorted(ctx.filed_months - sent) if period < str(newest)]
    if unsent:
        told = "、".join(unsent[:_NAMED]) + ("等" if len(unsent) > _NAMED else "")
        yield ctx.issue(
            rule,
            "month",
            str(newest),
            period=str(newest),
            found=f"有{len(unsent)}个月填报过、没有导出上报包：{told}",
            expected=rule.expected,
            place=newest.title,
        )


ROWS: dict[str, RowCheck] = {
    "S02": _remark_in("新提出"),
    "S03": _remark_in("已回复", "拟解决"),
    "S05": odd_document_number,
}
WHOLE: dict[str, Callable[[Context, Rule], Iterator[Issue]]] = {"S04": months_not_sent}
