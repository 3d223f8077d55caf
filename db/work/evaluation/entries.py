"""What the clerk writes into an evaluation, and the results that are kept for the package.

set_entry(op, key=, task_id=, value=…, score=…, reason=…, explanation=…, note=…) -> str      None leaves, "" clears
store_results(op, catalogue, key) -> int                                                     how many tasks
"""

from __future__ import annotations

from decimal import Decimal

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.values import Cell
from db.plan.catalogue import Catalogue
from db.plan.editions import county_catalogue
from db.store import records
from db.store.operation import Operation
from db.work.arithmetic import figure
from db.work.evaluation.judging import points_of
from db.work.evaluation.model import EvaluationRow, TypedEntry
from db.work.evaluation.periods import evaluation_period
from db.work.evaluation.results import evaluate, typed_entries
from db.work.evaluation.scoring_choice import scoring_in_force
from db.work.tasks import task_of, title_of

TABLE = "evaluation"
_FIELDS = {"value": "typed_value", "score": "typed_score", "reason": "reason", "explanation": "explanation"}
FIELDS = {**_FIELDS, "note": "note"}
"""What can be typed, and the fields of the table that hold it."""


def set_entry(op: Operation, *, key: str, task_id: str, **typed: Cell) -> str:
    """Set what is given of `FIELDS` for a task and period, None to clear it, and return the row's id.

    DataProblem for an unknown period or task, a value or points typed without a reason, and points above the task's.
    """
    plan = county_catalogue(op.conn)
    evaluation_period(plan, key)
    task = task_of(plan, task_id)
    unknown = set(typed) - set(FIELDS)
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    schema = load_schema(TABLE)
    values = {FIELDS[name]: _tidy(cell) for name, cell in typed.items()}
    for name, cell in values.items():
        if (problem := schema.field(name).problem_with(cell)) is not None:
            raise problem
    before = typed_entries(op.conn, key).get(task_id, TypedEntry())
    after: dict[str, Cell] = {
        "typed_value": before.value, "typed_score": before.score, "reason": before.reason or None, **values
    }  # fmt: skip
    if (after["typed_value"] is not None or after["typed_score"] is not None) and not after["reason"]:
        raise DataProblem(
            f"“{title_of(task)}”改了算出来的数，要写明理由。",
            advice="例如：年底集中验收，12月的数次年1月才报来。",
            code="evaluation.reason",
        )
    points, typed_score = points_of(scoring_in_force(op.conn).table, task), after["typed_score"]
    if isinstance(typed_score, Decimal) and typed_score > points:
        raise DataProblem(
            f"“{title_of(task)}”的分值是{figure(points)}，自评分不能是{figure(typed_score)}。",
            advice="请填不超过分值的数。",
            code="evaluation.points",
        )
    return _write(op, key, task_id, before.id, values)


def store_results(op: Operation, catalogue: Catalogue, key: str) -> int:
    """Keep what the evaluation comes to in its rows, as a package takes them along; what was typed stays."""
    found = evaluate(op.conn, catalogue, key)
    for row in found.rows:
        _write(op, key, row.task_id, row.typed.id, _results(row))
    return len(found.rows)


def _results(row: EvaluationRow) -> dict[str, Cell]:
    return {
        "standpoint": row.standpoint.value,
        "value": row.value,
        "unit": row.unit or None,
        "completion": row.completion,
        "arithmetic": row.arithmetic,
        "points": row.points,
        "score": row.score,
    }


def _write(op: Operation, key: str, task_id: str, row_id: str, values: dict[str, Cell]) -> str:
    schema = load_schema(TABLE)
    if not row_id:
        sql = "SELECT id FROM evaluation WHERE task_id = ? AND period = ?"
        gone = op.conn.execute(sql, (task_id, key)).fetchone()
        if gone is None:
            return records.insert(op, schema, {"task_id": task_id, "period": key, **values})
        row_id = str(gone[0])
        records.restore(op, schema, [row_id])
        blank: dict[str, Cell] = dict.fromkeys(schema.names)
        values = {name: values.get(name) for name in blank if name not in ("task_id", "period")}
    records.update(op, schema, row_id, values)
    return row_id


def _tidy(cell: Cell) -> Cell:
    return cell.strip() or None if isinstance(cell, str) else cell
