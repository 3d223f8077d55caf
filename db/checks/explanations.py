"""What the clerk says to an issue: written for its values of that day, and void when these change.

explain(op, issue, reason=…, approved_by=…) -> str        withdraw(op, issue) -> bool
live_explanations(conn) -> {IssueKey: Explanation}
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import date

from db.checks.model import Explanation, Issue, IssueKey, Level
from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.reasons import checked_reason
from db.core.values import Cell
from db.store import records
from db.store.operation import Operation

TABLE = "explanation"
_EXAMPLE = "机组检修停运两个月，发电量比上月少"
_SHORTEST_NAME = 2
_PLACE = {"rule": "rule", "table_name": "table", "row_id": "row_id", "field": "field", "period": "period"}


def explain(op: Operation, issue: Issue, *, reason: str, approved_by: str = "") -> str:
    """Keep what the clerk says to the issue, in place of what was said before, and return the row's id.

    DataProblem for an issue that no explanation settles, for an empty reason (`db.core.reasons`), and for a 准强制性
    one without the name of the person in charge.
    """
    if not issue.explainable:
        fault = "强制性问题不能用说明代替" if issue.level is Level.BLOCKING else "提示性问题不用说明"
        raise DataProblem(f"{fault}：{issue.what}", advice=issue.advice, code="explanation.level")
    told = checked_reason(reason, "审核说明", _EXAMPLE)
    name = approved_by.strip()
    if issue.level is Level.CONFIRM and len(name) < _SHORTEST_NAME:
        raise DataProblem(
            "准强制性问题要由分管负责人同意。", advice="请填写分管负责人的姓名。", code="explanation.approval"
        )
    withdraw(op, issue)
    values: dict[str, Cell] = {column: getattr(issue, name) or None for column, name in _PLACE.items()}
    values |= {
        "value": issue.values,
        "reason": told,
        "approved_by": name or None,
        "author": op.author or None,
        "written_on": date.fromisoformat(op.at[:10]),
    }
    schema = load_schema(TABLE)
    for name_, cell in values.items():
        problem = schema.field(name_).problem_with(cell)
        if problem is not None:
            raise problem
    return records.insert(op, schema, values)


def withdraw(op: Operation, issue: Issue) -> bool:
    """Take back what was said to the issue and return whether anything was."""
    where = " AND ".join(f"{column} IS ?" for column in _PLACE)
    parameters = [getattr(issue, name) or None for name in _PLACE.values()]
    rows = op.conn.execute(f"SELECT id FROM explanation WHERE deleted_at IS NULL AND {where}", parameters).fetchall()
    return records.delete(op, load_schema(TABLE), [row_id for (row_id,) in rows]) > 0


def live_explanations(conn: sqlite3.Connection) -> Mapping[IssueKey, Explanation]:
    """Return what was said and not withdrawn, by what it is about, whether or not the values changed since."""
    found: dict[IssueKey, Explanation] = {}
    for row in records.select(conn, load_schema(TABLE), "t.deleted_at IS NULL", (), "ORDER BY t.seq"):
        texts = {name: str(cell or "") for name, cell in row.values.items()}
        written = row.values["written_on"]
        key = IssueKey(*(texts[column] for column in _PLACE))
        found[key] = Explanation(
            row.id,
            texts["reason"],
            texts["approved_by"],
            texts["author"],
            written if isinstance(written, date) else None,
            texts["value"],
        )
    return found


def with_explanation(issue: Issue, known: Mapping[IssueKey, Explanation]) -> Issue:
    """Return the issue with what was said about it, if it was said of these values."""
    found = known.get(issue.key)
    holds = found is not None and found.values == issue.values and issue.explainable
    return issue.explained(found if holds else None) if holds or issue.explanation is not None else issue
