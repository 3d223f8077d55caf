"""What a county file says, as rules ask it: each fact is read when it is first asked for, and then known."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from db.checks.explanations import live_explanations
from db.checks.model import Explanation, IssueKey
from db.checks.tuning import Tuning, tunings
from db.core.errors import DataProblem
from db.core.fields import TableSchema
from db.core.period import Period
from db.plan.catalogue import Catalogue
from db.store.connection import quoted
from db.work.county_settings import CountyFacts, county_facts
from db.work.quotas import Quota, quotas
from db.work.registers import registers
from db.work.scope import Scope, scope_of, scopes
from db.work.submission_states import RECALLED
from db.work.tasks import Task, clause_of, title_of

HOLDERS = ("town", "enterprise", "department")
MADE_FROM: Mapping[str, tuple[str, ...]] = {
    "years": (),
    "registers": ("register_definition",),
    "schemas": ("register_definition",),
    "filed_months": ("progress",),
    "settled_months": ("month", "submission"),
    "months": ("progress", "month", "submission"),
    "quotas": ("quota",),
    "scopes": ("task_scope",),
    "county": ("setting",),
    "folder": (),
    "names": HOLDERS,
    "gone": HOLDERS,
    "codes": HOLDERS,
    "tunings": ("rule_setting",),
    "explained": ("explanation",),
}
"""The facts that are read once, and the tables that they are read from."""

WHOLE_PLAN = "18-01"
"""The clause that asks the county to break all of it down: what belongs to no other clause is held by it."""


def period_title(period: str) -> str:
    """Return a month or year as people write it; what is none, as `final`, stays as it is."""
    try:
        return Period.parse(period).title
    except DataProblem:
        return period


@dataclass
class Facts:
    """The facts of one file and plan."""

    conn: sqlite3.Connection
    catalogue: Catalogue

    # -- tables and months ----------------------------------------------------------------------------------------

    @cached_property
    def registers(self) -> tuple[TableSchema, ...]:
        """Return the file's registers."""
        return tuple(registers(self.conn))

    @cached_property
    def filed_months(self) -> frozenset[str]:
        """Return the months in which anybody filed anything."""
        found = self.conn.execute("SELECT DISTINCT period FROM progress WHERE deleted_at IS NULL")
        # Another program may have written a thirteenth month; what is wrong with it is told of its row.
        return frozenset(period for (period,) in found if period_title(period) != period)

    def projects_reported(self, period: str) -> bool:
        """Return whether any project was reported in the month."""
        sql = "SELECT 1 FROM project_report WHERE period = ? AND deleted_at IS NULL LIMIT 1"
        return self.conn.execute(sql, (period,)).fetchone() is not None

    @cached_property
    def settled_months(self) -> frozenset[str]:
        """Return the closed months up to the last one that was sent.

        Of a later one that is only closed, the export will still ask; earlier ones were filed before this program was.
        """
        rows = self.conn.execute(
            "SELECT period FROM month WHERE status = 'closed' AND deleted_at IS NULL AND period <= (SELECT max(period)"
            " FROM submission WHERE kind = 'monthly' AND status IS NOT ? AND deleted_at IS NULL)",
            (RECALLED,),
        )
        return frozenset(period for (period,) in rows)

    # -- the breakdown --------------------------------------------------------------------------------------------

    @cached_property
    def quotas(self) -> Mapping[str, Mapping[int, Quota]]:
        """Return the county's quotas by target and year."""
        return quotas(self.conn)

    @cached_property
    def scopes(self) -> Mapping[str, Scope]:
        """Return which tasks concern the county."""
        return scopes(self.conn)

    def excluded(self, task: Task) -> bool:
        """Return whether the task does not concern the county."""
        return scope_of(self.scopes, task).excluded

    def clause(self, task_id: str) -> str:
        """Return the clause that a task is or lies in, `WHOLE_PLAN` where there is none."""
        task = self.catalogue.task(task_id) if task_id else None
        return clause_of(self.catalogue, task).id if task is not None else WHOLE_PLAN

    def task_title(self, task_id: str) -> str:
        """Return a task's number and title."""
        task = self.catalogue.task(task_id)
        return f"{task_id} {title_of(task)}" if task is not None else task_id

    # -- who and where --------------------------------------------------------------------------------------------

    @cached_property
    def explained(self) -> Mapping[IssueKey, Explanation]:
        """Return what was said to issues."""
        return live_explanations(self.conn)

    @cached_property
    def county(self) -> CountyFacts:
        """Return what the file says of the county."""
        return county_facts(self.conn)

    @cached_property
    def folder(self) -> Path | None:
        """Return the folder of the county file, None for one in memory."""
        file = self.conn.execute("PRAGMA database_list").fetchone()[2]
        return Path(file).parent if file else None

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Return the names of towns, enterprises and departments by id, deleted ones too."""
        sql = " UNION ALL ".join(f"SELECT id, name FROM {table}" for table in HOLDERS)
        return {row_id: name or "（未填名称）" for row_id, name in self.conn.execute(sql)} | {"county": "本县"}

    @cached_property
    def gone(self) -> frozenset[str]:
        """Return the ids of towns, enterprises and departments in the recycle bin."""
        sql = " UNION ALL ".join(f"SELECT id FROM {table} WHERE deleted_at IS NOT NULL" for table in HOLDERS)
        return frozenset(row_id for (row_id,) in self.conn.execute(sql))

    def project_name(self, register: str, row_id: str) -> str:
        """Return the name of a project, "" where there is no such register or row."""
        schema = next((each for each in self.registers if each.name == register), None)
        if schema is None or "name" not in schema:
            return ""
        found = self.conn.execute(f"SELECT name FROM {quoted(schema.table)} WHERE id = ?", (row_id,))
        return next((name or "" for (name,) in found), "")

    @cached_property
    def codes(self) -> Mapping[str, str]:
        """Return town codes and credit codes by id."""
        rows = self.conn.execute("SELECT id, code FROM town UNION ALL SELECT id, credit_code FROM enterprise")
        return {row_id: code for row_id, code in rows if code}

    @cached_property
    def tunings(self) -> Mapping[str, tuple[Tuning, ...]]:
        """Return the city's settings by rule."""
        return {code: tuple(found) for code, found in tunings(self.conn).items()}
