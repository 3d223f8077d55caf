"""How many files prove what a task came to: those of its evaluation, its assignments, its months and its registers.

proof_counts(conn, period) -> {task id: Proofs}        the same content counts once for a task
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from typing import NamedTuple

from db.store.connection import quoted
from db.work.evaluation.periods import EvaluationPeriod
from db.work.registers import registers


class Proofs(NamedTuple):
    """How many different files there are for a task, and how many of them belong to something else."""

    files: int = 0
    elsewhere: int = 0


def proof_counts(conn: sqlite3.Connection, period: EvaluationPeriod) -> dict[str, Proofs]:
    """Return the number of different files by task; a register's files count for every target it counts towards."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    own: defaultdict[str, set[str]] = defaultdict(set)
    join = "FROM attachment a JOIN {table} r ON a.table_name = '{table}' AND a.row_id = r.id"
    live = "a.deleted_at IS NULL AND r.deleted_at IS NULL"
    first, last = period.years[0], period.years[-1]
    for table, where, parameters in (
        ("evaluation", "r.period = ?", (period.key,)),
        ("assignment", "r.year BETWEEN ? AND ?", (first, last)),
        ("progress", "r.period BETWEEN ? AND ?", (period.first_month, period.last_month)),
    ):
        sql = f"SELECT DISTINCT r.task_id, a.sha256 {join.format(table=table)} WHERE {live} AND {where}"
        for task_id, sha256 in conn.execute(sql, parameters):
            (own if table == "evaluation" else found)[task_id].add(sha256)
    for schema in registers(conn):
        targets = {mapping["target"] for mapping in schema.counts_towards}
        if not targets:
            continue
        sql = (
            f"SELECT DISTINCT a.sha256 FROM attachment a JOIN {quoted(schema.table)} r"
            f" ON a.table_name = ? AND a.row_id = r.id WHERE {live}"
        )
        files = {sha256 for (sha256,) in conn.execute(sql, (schema.table,))}
        for target in targets:
            found[target] |= files
    return {task_id: Proofs(len(found[task_id] | own[task_id]), len(found[task_id])) for task_id in {*found, *own}}
