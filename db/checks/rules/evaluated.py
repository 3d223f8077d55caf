"""The evaluation that is to be sent, as it comes out now: what has no figure, no goal, no proof, no explanation."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from db.checks.context import Context
from db.checks.model import Issue
from db.checks.rulebook import Rule
from db.core.period import Period
from db.work.arithmetic import figure
from db.work.evaluation.judging import Standpoint
from db.work.evaluation.model import Evaluation, EvaluationRow
from db.work.evaluation.results import evaluate

WHY_NOT = "没有指明是哪一年的自评，这一条和自评的其他各条没有审核；审核年度自评、全面评估自评时逐项核对。"


def _evaluation(ctx: Context, rule: Rule) -> Evaluation | None:
    key = ctx.evaluation_key
    if not key:
        if ctx.fresh("no evaluation"):
            ctx.unchecked(rule, WHY_NOT)
        return None
    if "evaluation" not in ctx.once:
        ctx.once["evaluation"] = evaluate(ctx.conn, ctx.catalogue, key)
    found: Evaluation = ctx.once["evaluation"]
    return found


def nothing_judged(ctx: Context, rule: Rule) -> Iterator[Issue]:
    """Not one task of the evaluation has a result."""
    found = _evaluation(ctx, rule)
    if found is not None and not found.counted(Standpoint.JUDGED):
        key = ctx.evaluation_key
        place = "全面评估自评" if key == "final" else f"{Period.parse(key).title}度自评"
        yield ctx.issue(rule, "evaluation", key, period=key, found=rule.found, expected=rule.expected, place=place)


def _each(
    breaks: Callable[[EvaluationRow], bool], found: str = "", expected: str = ""
) -> Callable[[Context, Rule], Iterator[Issue]]:
    """Return the rule that lists the tasks for which `breaks` holds; texts may show {score}, {points}, {typed}."""

    def check(ctx: Context, rule: Rule) -> Iterator[Issue]:
        whole = _evaluation(ctx, rule)
        for row in whole.rows if whole is not None else ():
            if breaks(row):
                points = {"score": row.score, "points": row.points, "typed": row.typed.score}
                told = {name: "" if amount is None else figure(amount) for name, amount in points.items()}
                yield ctx.of_task(
                    rule,
                    "evaluation",
                    row.task_id,
                    row_id=row.typed.id,
                    field=rule.field,
                    period=ctx.evaluation_key,
                    found=(found or rule.found).format_map(told),
                    expected=(expected or rule.expected).format_map(told),
                    words=told,
                )

    return check


def _lost(row: EvaluationRow) -> bool:
    score, points = row.score, row.points
    return score is not None and points is not None and score < points and not row.typed.explanation.strip()


def _too_many(row: EvaluationRow) -> bool:
    return row.typed.score is not None and row.points is not None and row.typed.score > row.points


def _unproved(row: EvaluationRow) -> bool:
    return row.standpoint is Standpoint.JUDGED and bool(row.score) and not row.proofs and not row.proofs_elsewhere


def _stands(standpoint: Standpoint) -> Callable[[EvaluationRow], bool]:
    return lambda row: row.standpoint is standpoint


WHOLE: dict[str, Callable[[Context, Rule], Iterator[Issue]]] = {
    "E01": nothing_judged,
    "E02": _each(_lost),
    "E04": _each(_too_many),
    "E05": _each(_stands(Standpoint.MISSING)),
    "E06": _each(_stands(Standpoint.NO_GOAL)),
    "E07": _each(_unproved),
    "E08": _each(_stands(Standpoint.UNKNOWN)),
}
