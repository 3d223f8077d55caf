"""Which rows and cells the sheets mark, because a check found something there that has to be dealt with."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from db.checks.model import Findings, Issue
from db.work.row_names import RowName, row_names


def issues_at_rows(conn: sqlite3.Connection, findings: Findings) -> Mapping[RowName, tuple[Issue, ...]]:
    """Return the open issues of each row of the file; what is about no row is left to 审核."""
    wanted = [issue for issue in findings.issues if issue.open and issue.row_id]
    names = row_names(conn, {(issue.table, issue.row_id) for issue in wanted})
    found: dict[RowName, tuple[Issue, ...]] = {}
    for issue in wanted:
        name = names.get((issue.table, issue.row_id))
        if name is not None:
            found[name] = (*found.get(name, ()), issue)
    return found
