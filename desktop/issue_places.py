"""Where in the program an issue is mended."""

from __future__ import annotations

from db.checks.model import Issue
from db.checks.whereabouts import Whereabouts
from desktop.places import Place

DIRECTORY = frozenset({"town", "department", "enterprise", "reporting_unit"})
"""Tables that are sections of 基础信息 by their own names."""

_OF_TASKS = frozenset({"assignment", "task_scope", "responsibility", "quota"})
_SUBMITTED = frozenset({"submission", "remark", "remark_reply"})


def issue_place(issue: Issue, at: Whereabouts) -> Place:
    """Return the place of the issue's cell; of the plan's clause where it has no cell of its own."""
    if issue.table == "progress":
        line = f"{at.owner}:{issue.assignee_id}" if at.owner else ""
        return Place("monthly", task_id=issue.task_id, section=line, period=issue.period, field=issue.field)
    if issue.table == "month":
        return Place("monthly", section="missing", period=issue.period)
    if issue.table == "project_report":
        known = at.table != issue.table
        register, row_id = (at.table.removeprefix("register_"), at.row_id) if known else ("", "")
        return Place("monthly", register=register, row_id=row_id, section="projects", period=issue.period)
    if issue.table == "evaluation":
        return Place("evaluation", task_id=issue.task_id, section=issue.period, field=issue.field)
    if at.table.startswith("register_"):
        return Place("projects", register=at.table.removeprefix("register_"), row_id=at.row_id, field=issue.field)
    return _other(issue, at)


def _other(issue: Issue, at: Whereabouts) -> Place:
    if issue.table == "quota" and not issue.assignee_id and issue.task_id:
        return (
            Place("base", section="quotas", task_id=issue.task_id) if issue.field == "document_number" else _task(issue)
        )
    if at.table in _OF_TASKS and issue.task_id:
        return _task(issue)
    if at.table in DIRECTORY:
        return Place("base", section=at.table, row_id=at.row_id, field=issue.field)
    if at.table == "measure_taken":
        return Place("monthly", section="late")
    if at.table in _SUBMITTED:
        return Place("submit", section="remarks" if at.table != "submission" else "")
    if at.table == "setting":
        return Place("base", section="county", row_id=issue.field)
    return _task(issue)


def _task(issue: Issue) -> Place:
    year = int(issue.period[:4]) if issue.period[:4].isdigit() else 0
    row_id = issue.assignee_id or (issue.row_id if issue.table == "assignment" else "")
    return Place("breakdown", task_id=issue.task_id or issue.clause, row_id=row_id, year=year, field=issue.field)
