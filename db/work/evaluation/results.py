"""The evaluation of a year, or of the whole plan: every task with its figure, arithmetic and points; total; towns.

evaluate(conn, catalogue, key) -> Evaluation        key "2022" or "final"

Figures are those of the last month of the period. What restarts every January is added over the years for the whole
plan. A task inside another (其中) is shown and not scored: it is already in that one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from db.core.fields import load_schema
from db.core.values import to_micro
from db.plan.catalogue import Catalogue, Target
from db.plan.vocabulary import Measure
from db.store import records
from db.work.arithmetic import figure
from db.work.evaluation.judging import Judgement, Standpoint, judge, points_of, score
from db.work.evaluation.model import Evaluation, EvaluationRow, TypedEntry
from db.work.evaluation.periods import EvaluationPeriod, evaluation_period
from db.work.evaluation.proofs import Proofs, proof_counts
from db.work.evaluation.ranking import ranking
from db.work.evaluation.scoring import ScoringTable
from db.work.evaluation.scoring_choice import scoring_in_force
from db.work.monthly.facts import Facts, read_facts
from db.work.monthly.figures import Ratio
from db.work.monthly.goals import DueTask, due_task
from db.work.monthly.lamps import Standing, is_done
from db.work.monthly.model import goes_on
from db.work.monthly.totals import Total
from db.work.quotas import Quota, awaited, takes_quota
from db.work.scope import scope_of, scopes
from db.work.tasks import leaf_tasks, task_of


def evaluate(conn: sqlite3.Connection, catalogue: Catalogue, key: str) -> Evaluation:
    """Return the evaluation of the period `key`; DataProblem when the plan has no such period."""
    period = evaluation_period(catalogue, key)
    months = [read_facts(conn, catalogue, month) for month in period.months]
    scoring = scoring_in_force(conn)
    reading = _Reading(conn, catalogue, period, months, scoring.table)
    return Evaluation(period, scoring, tuple(reading.rows()), tuple(ranking(conn, scoring.table, months)))


def typed_entries(conn: sqlite3.Connection, key: str) -> dict[str, TypedEntry]:
    """Return what was typed for the period, by task."""
    found = {}
    for row in records.select(conn, load_schema("evaluation"), "t.period = ? AND t.deleted_at IS NULL", [key]):
        value, typed_score = row.values["typed_value"], row.values["typed_score"]
        texts = {name: str(row.values[name] or "") for name in ("reason", "explanation", "note")}
        found[str(row.values["task_id"])] = TypedEntry(
            value if isinstance(value, Decimal) else None,
            typed_score if isinstance(typed_score, Decimal) else None,
            id=row.id,
            **texts,
        )
    return found


class _Reading:
    def __init__(
        self,
        conn: sqlite3.Connection,
        catalogue: Catalogue,
        period: EvaluationPeriod,
        months: list[Facts],
        table: ScoringTable,
    ) -> None:
        self.catalogue, self.period, self.months, self.table = catalogue, period, months, table
        self.last = months[-1]
        self.given = scopes(conn)
        self.typed = typed_entries(conn, period.key)
        self.proofs = proof_counts(conn, period)

    def rows(self) -> list[EvaluationRow]:
        leaves = set(leaf_tasks(self.catalogue)) | self.last.totals.keys()
        order = [
            task_id
            for clause in self.catalogue.clauses
            for task_id in (clause.id, *(target.id for target in self.catalogue.targets_of(clause.id)))
            if task_id in leaves
        ]
        return [self._row(task_id) for task_id in order]

    def _row(self, task_id: str) -> EvaluationRow:
        total = self.last.totals.get(task_id)
        typed = self.typed.get(task_id, TypedEntry())
        if total is None:
            return self._left_out(task_id, typed)
        total = self._over_the_years(total)
        computed = total.figure
        if typed.value is not None:
            total = replace(
                total, figure=Ratio(to_micro(typed.value)), parts=None, counted=0, carried=0, silent=0, no_data=0,
                not_applicable=0, apart=0,
            )  # fmt: skip
        judgement = self._judgement(total, typed)
        due = total.due
        return EvaluationRow(
            task_id=task_id,
            clause_id=due.clause_id,
            part=due.part,
            title=due.title,
            measure=due.measure,
            unit=due.unit_shown,
            standpoint=judgement.standpoint,
            arithmetic=judgement.arithmetic,
            goal=None if total.goal.amount is None else Ratio(total.goal.amount).value,
            value=None if total.figure is None else total.figure.value,
            computed=None if computed is None else computed.value,
            completion=judgement.completion,
            computed_score=score(self.table, points_of(self.table, due.task), judgement),
            typed=typed,
            proofs=self.proofs.get(task_id, Proofs()).files,
            proofs_elsewhere=self.proofs.get(task_id, Proofs()).elsewhere,
        )

    def _judgement(self, total: Total, typed: TypedEntry) -> Judgement:
        """Return how the task stands; what keeps it from being scored comes before its figure."""
        due, told = total.due, self.last.told.get(total.due.id, {})
        apart = self._apart(due, told, total.standing)
        if apart is not None:
            return apart
        found = judge(due, total.standing, late=bool(total.carried or total.silent))
        if typed.value is not None:
            words = f"自填{figure(typed.value, due.unit_shown)}（{typed.reason}）"
            return replace(found, arithmetic=f"{words}；{found.arithmetic}")
        if found.standpoint is Standpoint.MISSING:
            return self._nothing(total, found)
        ended = due.target is not None and due.target.is_past(due.begins.replace(year=due.period.year))
        if ended and found.met and not self.period.is_final:
            words = f"期限{due.target.deadline if due.target else ''}在此前年度，已经完成，不重复评分。"
            return replace(found, standpoint=Standpoint.EARLIER, arithmetic=words)
        return found

    def _apart(self, due: DueTask, told: Mapping[int, Quota], standing: Standing) -> Judgement | None:
        """Return why the task is not scored whatever was filed, None when it is."""
        target = due.target
        if target is None:
            return None
        if awaited(target, told) and (takes_quota(target) or not is_done(standing)):
            return Judgement(Standpoint.PENDING, "省里还没有下达任务，不评。")
        if target.part_of:
            whole = self.catalogue.target(target.part_of)
            return Judgement(
                Standpoint.PART, f"是“{whole.indicator}”（{whole.id}）的其中数，已算在它里面，不另外计分。"
            )
        return None

    def _nothing(self, total: Total, found: Judgement) -> Judgement:
        """Return why there is no figure: an answer that is none, one that cannot be worked out, or none at all."""
        due = total.due
        if total.lines and total.not_applicable == total.lines:
            return replace(found, standpoint=Standpoint.NOT_APPLICABLE)
        if total.no_data:
            return replace(found, standpoint=Standpoint.NO_DATA)
        if total.counted or total.apart:
            return replace(found, standpoint=Standpoint.UNKNOWN, arithmetic=total.why_nothing)
        ended = due.target is not None and due.target.is_past(due.begins.replace(year=due.period.year))
        if ended and not goes_on(due.task) and not self.period.is_final:
            return replace(found, standpoint=Standpoint.EARLIER, arithmetic="期限在此前年度，这一年不评。")
        return found

    def _over_the_years(self, total: Total) -> Total:
        """Return the task over all years of the period: what restarts every January is added up."""
        if len(self.months) == 1 or total.due.measure is not Measure.FLOW:
            return total
        yearly = [facts.totals[total.due.id] for facts in self.months if total.due.id in facts.totals]
        asked = [each for each in yearly if each.goal.amount is not None]
        if not asked:
            return total
        figures = [each.figure for each in asked if each.figure is not None]
        return replace(
            total,
            goal=replace(
                asked[-1].goal, amount=sum(each.goal.amount or 0 for each in asked), before=0, passed=1, days=1
            ),
            figure=Ratio(sum(each.top for each in figures)) if figures else None,
            carried=total.carried + len(asked) - len(figures),
        )

    def _left_out(self, task_id: str, typed: TypedEntry) -> EvaluationRow:
        """Return the row of a task that does not concern the county."""
        task = task_of(self.catalogue, task_id)
        due = due_task(self.catalogue, task, self.last.period)
        scope = scope_of(self.given, task)
        why = f"不涉及：{scope.reason}" if scope.reason else "不涉及。"
        pending = isinstance(task, Target) and not scope.excluded
        return EvaluationRow(
            task_id=task_id,
            clause_id=due.clause_id,
            part=due.part,
            title=due.title,
            measure=due.measure,
            unit=due.unit_shown,
            standpoint=Standpoint.NO_GOAL if pending else Standpoint.NOT_APPLICABLE,
            arithmetic="这一年没有安排。" if pending else why,
            goal=None,
            value=None,
            computed=None,
            completion=None,
            computed_score=None,
            typed=typed,
            proofs=self.proofs.get(task_id, Proofs()).files,
            proofs_elsewhere=self.proofs.get(task_id, Proofs()).elsewhere,
        )
