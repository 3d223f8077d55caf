"""The targets in the rows of a table (指标 / 单位 / 2020年 / 2021年 … 2023年 / 责任单位)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from db.plan.model import Clause
from db.plan.reading.model import TargetReading
from db.plan.reading.table_rows import TableRow


def read_rows(rows: Sequence[tuple[Clause, TableRow]], *, begins: date, ends: date) -> TargetReading:
    """Return the targets of clauses that are rows of a table."""
    del begins, ends
    if not rows:
        return TargetReading()
    return TargetReading()
