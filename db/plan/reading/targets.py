"""The targets in a plan's clauses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from db.plan.model import Clause
from db.plan.reading.model import TargetReading


def read_targets(clauses: Sequence[Clause], *, begins: date, ends: date) -> TargetReading:
    """Return the targets of `clauses` in their order; `begins` and `ends` bound the years the plan covers."""
    del clauses, begins, ends
    return TargetReading()
