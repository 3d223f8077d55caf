"""What a check finds: issues with their place and both values, what was said to them, and what was not checked."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple


class Level(StrEnum):
    """What an issue asks for before data are exported (domain.md, 审核)."""

    BLOCKING = "blocking"
    CONFIRM = "confirm"
    EXPLAIN = "explain"
    HINT = "hint"

    @property
    def title(self) -> str:  # type: ignore[override]  # a class is never written in capitals
        """Return the class as people call it."""
        return _TITLES[self]

    @property
    def effect(self) -> str:
        """Return what the clerk has to do, as half a sentence."""
        return _EFFECTS[self]


_TITLES = {Level.BLOCKING: "强制性", Level.CONFIRM: "准强制性", Level.EXPLAIN: "核实性", Level.HINT: "提示性"}
_EFFECTS = {
    Level.BLOCKING: "改好才能上报",
    Level.CONFIRM: "写明原因，经分管负责人同意",
    Level.EXPLAIN: "写明原因",
    Level.HINT: "只作提示",
}


class IssueKey(NamedTuple):
    """What an issue is about: at most one issue of a run has a given key."""

    rule: str
    table: str
    row_id: str
    field: str
    period: str


@dataclass(frozen=True)
class Explanation:
    """What was written about an issue; `values` are those it was written for."""

    id: str
    reason: str
    approved_by: str
    author: str
    written_on: date | None
    values: str


LONGEST_VALUES = 400


@dataclass(frozen=True)
class Issue:
    """One thing that is wrong or doubtful.

    `table` is the county file's table; `row_id`, `field` and `period` are "" where the issue has none. `what` is the
    sentence, `place` what people call the row, `found` and `expected` are both values as text. `clause` is the plan's
    clause, `register` the name of the register that the row is in, `group` the kind of check. `units` are the ids of
    the towns and enterprises concerned. `explanation` is the one that still holds for these values.
    """

    rule: str
    level: Level
    table: str
    row_id: str
    field: str
    period: str
    what: str
    found: str
    expected: str
    advice: str
    clause: str
    group: str
    place: str = ""
    task_id: str = ""
    assignee_id: str = ""
    register: str = ""
    units: tuple[str, ...] = ()
    explanation: Explanation | None = None

    @property
    def key(self) -> IssueKey:
        """Return what the issue is about."""
        return IssueKey(self.rule, self.table, self.row_id, self.field, self.period)

    @property
    def values(self) -> str:
        """Return both values as one text, which an explanation is tied to; a long one ends in its digest."""
        text = f"{self.found} → {self.expected}"
        if len(text) <= LONGEST_VALUES:
            return text
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        return f"{text[: LONGEST_VALUES - len(digest) - 1]}…{digest}"

    @property
    def explainable(self) -> bool:
        """Return whether an explanation can settle it."""
        return self.level in (Level.CONFIRM, Level.EXPLAIN)

    @property
    def open(self) -> bool:
        """Return whether something has to be done about it before the data are exported."""
        match self.level:
            case Level.BLOCKING:
                return True
            case Level.CONFIRM:
                return self.explanation is None or not self.explanation.approved_by
            case Level.EXPLAIN:
                return self.explanation is None
        return False

    def sentence(self) -> str:
        """Return place, fact and advice as one line for a person."""
        head = f"{self.place}：" if self.place else ""
        return f"{head}{self.what}{self.advice}"

    def explained(self, by: Explanation | None) -> Issue:
        """Return the issue with what was written about it."""
        return replace(self, explanation=by)


@dataclass(frozen=True)
class NotChecked:
    """A rule that was not applied, or not everywhere, and why, as a Chinese sentence."""

    rule: str
    title: str
    why: str


@dataclass(frozen=True)
class Findings:
    """What a check found, the weightiest first; `kind` and `period` are "" for everything.

    `rules` tells how many rules were applied.
    """

    kind: str
    period: str
    issues: tuple[Issue, ...]
    not_checked: tuple[NotChecked, ...]
    rules: int = 0

    @cached_property
    def counts(self) -> Mapping[Level, int]:
        """Return how many issues there are of each class, 0 included."""
        found = Counter(issue.level for issue in self.issues)
        return {level: found[level] for level in Level}

    @cached_property
    def blocking(self) -> tuple[Issue, ...]:
        """Return what has to be mended before export."""
        return tuple(issue for issue in self.issues if issue.level is Level.BLOCKING)

    @cached_property
    def unexplained(self) -> tuple[Issue, ...]:
        """Return what still wants an explanation before export."""
        return tuple(issue for issue in self.issues if issue.open and issue.level is not Level.BLOCKING)

    @property
    def may_export(self) -> bool:
        """Return whether nothing is left to be done before export."""
        return not self.blocking and not self.unexplained

    def headline(self) -> str:
        """Return the outcome in a few words, for where the classes are counted beside it."""
        found = f"发现{len(self.issues)}个问题" if self.issues else "没有发现问题"
        return f"按{self.rules}条规则审核，{found}。"

    def sentence(self) -> str:
        """Return the outcome as one Chinese sentence."""
        if not self.issues:
            return self.headline()
        told = "、".join(f"{level.title}{count}个" for level, count in self.counts.items() if count)
        left = len(self.blocking) + len(self.unexplained)
        rest = f"还有{left}个要处理" if left else "都已处理，可以上报"
        return f"按{self.rules}条规则审核，发现{len(self.issues)}个问题：{told}；{rest}。"


@dataclass(frozen=True)
class Reach:
    """What an edit can have touched: rows by table, and tasks, in some `months` (None: in all).

    Of the `tasks` the months are read anew for those that are `filed` otherwise; for the others only what they are held
    against has changed.
    """

    rows: Mapping[str, frozenset[str]]
    tasks: frozenset[str] = frozenset()
    filed: frozenset[str] = frozenset()
    months: frozenset[str] | None = frozenset()

    def in_month(self, period: str) -> bool:
        """Return whether anything of the month can be otherwise."""
        return self.months is None or period in self.months
