"""What reading the breakdown's workbook comes to: every row with its fate, counted, with what is wrong at its cell."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from db.core.errors import Problem
from db.work.assignments import AssignmentEntry


class Fate(StrEnum):
    """What becomes of a row of the workbook."""

    NEW = "新增"
    CHANGED = "更新"
    CLEARED = "清除"
    SAME = "未变"
    CONFLICT = "冲突"
    REFUSED = "拒绝"


@dataclass(frozen=True)
class RowOutcome:
    """A row and its fate: `number` as Excel counts, `what` who and which task, `changes` in words (任务量 1 → 2)."""

    number: int
    fate: Fate
    what: str
    entry: AssignmentEntry | None = None
    changes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Reading:
    """What the workbook would do. `kept` counts assignments it does not name; they stay as they are."""

    file: str
    rows: tuple[RowOutcome, ...]
    kept: int = 0
    notes: tuple[str, ...] = ()

    def count(self, fate: Fate) -> int:
        """Return how many rows have this fate."""
        return self.counts[fate]

    @property
    def counts(self) -> Counter[Fate]:
        """Return the number of rows of every fate."""
        return Counter(row.fate for row in self.rows)

    @property
    def writes(self) -> int:
        """Return how many rows would be written."""
        return sum(self.counts[fate] for fate in (Fate.NEW, Fate.CHANGED, Fate.CLEARED))

    @property
    def problems(self) -> list[Problem]:
        """Return what is wrong, each with sheet and cell."""
        return [problem for row in self.rows for problem in row.problems]

    def as_json(self) -> dict[str, Any]:
        """Return counts, problems and notes as plain JSON values."""
        return {
            "file": self.file,
            "counts": {fate.value: self.counts[fate] for fate in Fate},
            "kept": self.kept,
            "problems": [{"place": p.place, "code": p.code, "message": p.message + p.advice} for p in self.problems],
            "notes": list(self.notes),
        }

    def sentence(self) -> str:
        """Return the counts as people read them; 清除 and 冲突 only where there are any."""
        always = (Fate.NEW, Fate.CHANGED, Fate.SAME, Fate.REFUSED)
        return "，".join(f"{fate}{self.counts[fate]}条" for fate in Fate if fate in always or self.counts[fate])
