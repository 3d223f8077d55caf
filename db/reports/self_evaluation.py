"""自评报告: what the county says of its own year, or of the whole plan, as values; Word and PDF are made from the same.

（二十一）每年组织开展一次评估，2024年开展全面评估: figures, their arithmetic, and what was not reached.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from db.core.values import UNREPORTED
from db.plan.catalogue import Catalogue
from db.work.arithmetic import figure
from db.work.county_settings import county_facts
from db.work.evaluation.judging import Standpoint
from db.work.evaluation.model import Evaluation, EvaluationRow
from db.work.evaluation.results import evaluate

NOTHING = "无"


@dataclass(frozen=True)
class ReportedTask:
    """A task as texts: figures in its unit, and one sentence of arithmetic."""

    task_id: str
    title: str
    unit: str
    goal: str
    value: str
    completion: str
    points: str
    score: str
    standpoint: str
    explanation: str
    arithmetic: str
    score_sentence: str
    proofs: int


@dataclass(frozen=True)
class ReportedPart:
    """A part of the plan: how it stands in a sentence, and its tasks."""

    numeral: str
    title: str
    sentence: str
    tasks: tuple[ReportedTask, ...]


@dataclass(frozen=True)
class ReportedTown:
    """A town's place among the others, as texts."""

    rank: str
    name: str
    percent: str
    amount: str
    points: str
    tasks: int


@dataclass(frozen=True)
class SelfEvaluation:
    """The whole report. `summary` are sentences; `unfinished`, `typed` and `unscored` are lines, empty when none."""

    county: str
    office: str
    period: str
    span: str
    plan: str
    scoring: str
    summary: tuple[str, ...]
    parts: tuple[ReportedPart, ...]
    unfinished: tuple[str, ...]
    typed: tuple[str, ...]
    unscored: tuple[str, ...]
    missing: tuple[str, ...]
    towns: tuple[ReportedTown, ...]
    written_on: date

    @property
    def title(self) -> str:
        """Return the heading."""
        return f"{self.county}新一轮“四减四增”三年行动{self.period}报告"


def self_evaluation(conn: sqlite3.Connection, catalogue: Catalogue, key: str, on: date) -> SelfEvaluation:
    """Return the report of the period `key` ("2022", "final"), written on a day; DataProblem for another period."""
    return from_evaluation(conn, catalogue, evaluate(conn, catalogue, key), on)


def from_evaluation(conn: sqlite3.Connection, catalogue: Catalogue, found: Evaluation, on: date) -> SelfEvaluation:
    """Return the report of an evaluation at hand."""
    facts = county_facts(conn)
    rows = found.rows
    return SelfEvaluation(
        county=facts.name,
        office=facts.office,
        period=found.period.title,
        span=found.period.span,
        plan=catalogue.title,
        scoring=found.scoring.sentence,
        summary=tuple(_summary(found, facts.name, catalogue.title)),
        parts=tuple(_parts(catalogue, rows)),
        unfinished=tuple(map(_unfinished, (row for row in rows if _lost(row)))),
        typed=tuple(map(_typed, (row for row in rows if row.typed.reason))),
        unscored=tuple(f"{row.title}（{row.task_id}）：{row.arithmetic}" for row in rows if not row.standpoint.scored),
        missing=found.missing,
        towns=tuple(
            ReportedTown(
                str(town.rank), town.name, f"{town.percent}%", figure(town.amount), figure(town.points), town.scored
            )
            for town in found.towns
            if town.percent is not None
        ),
        written_on=on,
    )


def _summary(found: Evaluation, county: str, plan: str) -> Iterable[str]:
    scored = [row for row in found.rows if row.standpoint.scored]
    yield f"对照《{plan}》，{county}对{found.period.span}的{len(found.rows)}项任务逐项自评。"
    if found.percent is None:
        yield "目前还没有可以计分的任务。"
        return
    met = sum(row.score == row.points for row in scored)
    grade = f"，等次为{found.grade}" if found.grade else ""
    yield (
        f"计分{len(scored)}项，得{figure(found.score)}分，满分{figure(found.points)}分，折合百分制{found.percent}分{grade}；"
        f"其中{met}项得满分，{len(scored) - met}项没有得满分。"
    )
    kinds = [(kind, found.counted(kind)) for kind in Standpoint if not kind.scored and found.counted(kind)]
    if kinds:
        words = "、".join(f"{kind.value}{number}项" for kind, number in kinds)
        yield f"不计分{sum(number for _, number in kinds)}项：{words}。不计分的不算0分。"
    missing = found.counted(Standpoint.MISSING)
    if missing:
        yield f"有{missing}项到期末没有报过数。"


def _parts(catalogue: Catalogue, rows: Sequence[EvaluationRow]) -> Iterable[ReportedPart]:
    for part in catalogue.parts:
        own = [row for row in rows if row.part == part.id]
        if not own:
            continue
        points = sum((row.points for row in own if row.points is not None), Decimal(0))
        amount = sum((row.score for row in own if row.score is not None), Decimal(0))
        scored = sum(row.standpoint.scored for row in own)
        sentence = f"共{len(own)}项任务，计分{scored}项，得{figure(amount)}分，满分{figure(points)}分。"
        yield ReportedPart(part.numeral, part.title, sentence, tuple(map(_task, own)))


def _task(row: EvaluationRow) -> ReportedTask:
    def shown(number: Decimal | None) -> str:
        return "" if number is None else figure(number)

    return ReportedTask(
        task_id=row.task_id,
        title=row.title,
        unit=row.unit,
        goal=shown(row.goal),
        value=shown(row.value) or (row.standpoint.value if not row.standpoint.scored else UNREPORTED),
        completion="" if row.completion is None else f"{figure(row.completion)}%",
        points=shown(row.points) or "—",
        score=shown(row.score) or "—",
        standpoint=row.standpoint.value,
        explanation=row.typed.explanation,
        arithmetic=row.arithmetic,
        score_sentence=row.score_sentence,
        proofs=row.proofs,
    )


def _lost(row: EvaluationRow) -> bool:
    return row.score is not None and row.points is not None and row.score < row.points


def _unfinished(row: EvaluationRow) -> str:
    explanation = f"说明：{row.typed.explanation}" if row.typed.explanation else "（原因待说明）"
    return f"{row.title}（{row.task_id}）：{row.arithmetic}{row.score_sentence}{explanation}"


def _typed(row: EvaluationRow) -> str:
    told = []
    if row.typed.value is not None:
        before = "没有汇总的数" if row.computed is None else f"汇总为{figure(row.computed, row.unit)}"
        told.append(f"{before}，自填{figure(row.typed.value, row.unit)}")
    if row.typed.score is not None and row.computed_score is not None:
        told.append(f"按评分表得{figure(row.computed_score.amount)}分，自评{figure(row.typed.score)}分")
    return f"{row.title}（{row.task_id}）：{'；'.join(told)}。理由：{row.typed.reason}"
