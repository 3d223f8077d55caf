"""What the plan demands of the county as a whole: tasks that were due before it came out, and its prohibitions."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from db.checks.context import Context
from db.checks.model import Issue
from db.checks.rulebook import Rule
from db.store.connection import quoted
from db.store.records import in_list
from db.work.tasks import Duty, duty_of

RED_LINE = "red_line"


def past_not_verified(ctx: Context, rule: Rule) -> Iterator[Issue]:
    """A target was due before the plan came out, so that it is verified and not scheduled, and nobody has."""
    wanted = [
        target
        for target in ctx.catalogue.past_when_published
        if duty_of(target) is not Duty.NOTHING and not ctx.excluded(target) and ctx.reaches(target.id)
    ]
    ids = [target.id for target in wanted]
    told = {
        task_id
        for (task_id,) in ctx.conn.execute(
            f"SELECT DISTINCT task_id FROM progress WHERE {in_list('task_id', ids)} AND deleted_at IS NULL"
            " AND (amount IS NOT NULL OR numerator IS NOT NULL OR stage IS NOT NULL OR states <> '{}')",
            ids,
        )
    }
    for target in wanted:
        if target.id not in told:
            yield ctx.of_task(rule, "progress", target.id, found=str(target.deadline), expected=rule.expected)


def red_line_unanswered(ctx: Context, rule: Rule) -> Iterator[Issue]:
    """A month has no pledge for one of the prohibitions (04-03, 12-01, 12-04, 15-01)."""
    schema = next((each for each in ctx.registers if each.name == RED_LINE), None)
    if schema is None or not {"prohibition", "month"} <= set(schema.names):
        ctx.unchecked(rule, "县级数据文件里没有“严禁”红线承诺清单。")
        return
    for period in ctx.months:
        answered = {
            prohibition
            for (prohibition,) in ctx.conn.execute(
                f"SELECT prohibition FROM {quoted(schema.table)} WHERE month = ? AND deleted_at IS NULL", (str(period),)
            )
        }
        for prohibition in schema.field("prohibition").enum:
            target_id, _, title = prohibition.partition(" ")
            task = ctx.catalogue.task(target_id)
            if task is None or ctx.excluded(task) or prohibition in answered:
                continue
            yield ctx.issue(
                rule,
                schema.table,
                target_id,
                field="kept",
                period=str(period),
                found=rule.found,
                expected=rule.expected,
                place=schema.title,
                task_id=target_id,
                register=RED_LINE,
                words={"prohibition": title},
            )


TASKS: dict[str, Callable[[Context, Rule], Iterator[Issue]]] = {"P05": past_not_verified}
WHOLE: dict[str, Callable[[Context, Rule], Iterator[Issue]]] = {"P12": red_line_unanswered}
