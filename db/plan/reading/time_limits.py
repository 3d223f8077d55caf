"""Time limits that stand apart from what is to be done: a line 完成时限：2024年10月底前, or a column of a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from db.plan.model import Clause, Target
from db.plan.reading.plain_form import plain_form
from db.plan.reading.responsibility import DEADLINE
from db.plan.reading.table_rows import TableRow
from db.plan.reading.times import Role, Time, find_times
from db.plan.vocabulary import Nature

_COLUMN = "时限|期限|完成时间|时间节点|时间要求|进度安排"


def limited(
    targets: Sequence[Target],
    clauses: Sequence[Clause],
    rows: dict[str, TableRow],
    *,
    begins: date,
    ends: date,
) -> tuple[list[Target], dict[str, str]]:
    """Return the targets, those without a deadline with that of their clause; and those deadlines as written."""
    limits: dict[str, Time] = {}
    for clause in clauses:
        words = _words(clause, rows.get(clause.id))
        times = find_times(words, begins=begins, ends=ends) if words else []
        last = [time for time in times if time.role is Role.DEADLINE and time.day is not None]
        if last:
            limits[clause.id] = last[-1]
    used: dict[str, str] = {}
    dated: list[Target] = []
    for target in targets:
        limit = limits.get(target.clause)
        if limit is not None and target.deadline is None and target.nature is Nature.TARGET:
            used[target.clause] = limit.text
            target = replace(target, deadline=limit.day, deadline_basis=limit.basis, deadline_text=limit.text)
        dated.append(target)
    return dated, used


def _words(clause: Clause, row: TableRow | None) -> str:
    if row is not None:
        return "，".join(plain_form(cell.text) for _, cell in row.under(_COLUMN))
    for text in (clause.responsibility, clause.text):
        plain = plain_form(text)
        if found := DEADLINE.search(plain):
            return re.split("[；。\n）]", plain[found.end() :])[0]
    return ""
