"""The issues as a queue to work through: which are shown, and how many there are by class and rule.

narrowed(catalogue, findings, by) -> Queue          concerned(conn, findings) -> [Unit]
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import compress
from operator import and_

from db.checks.model import Findings, Issue, Level
from db.checks.rulebook import rulebook
from db.plan.catalogue import Catalogue
from db.store.initials import initials
from db.store.records import chunks, in_list

_UNITS = ("town", "department", "enterprise")


class Standing(StrEnum):
    """Where an issue stands."""

    OPEN = "待处理"
    EXPLAINED = "已说明"
    NOTED = "只提示"


@dataclass(frozen=True)
class Narrowing:
    """Which issues are wanted; "" and None leave everything.

    `part` is a part of the plan, `unit` the id of a town, department or enterprise, `kind` a package's kind, and every
    one of the `words` has to be found in what the issue says, by pinyin initials too.
    """

    level: Level | None = None
    rule: str = ""
    group: str = ""
    unit: str = ""
    part: str = ""
    kind: str = ""
    standing: Standing | None = None
    words: str = ""


@dataclass(frozen=True)
class RuleCount:
    """How many issues of a rule there are, and how many of them wait to be dealt with."""

    rule: str
    level: Level
    title: str
    count: int
    open: int


@dataclass(frozen=True)
class Queue:
    """The `issues` that are wanted; how many of each rule if none was asked for, and of each standing if any would do.

    Each count is thus what is shown when it is chosen beside all else that is.
    """

    issues: tuple[Issue, ...]
    rules: tuple[RuleCount, ...]
    standings: Mapping[Standing, int]

    @property
    def total(self) -> int:
        """Return how many issues there would be if no rule or class was asked for."""
        return sum(each.count for each in self.rules)


@dataclass(frozen=True)
class Unit:
    """A town, department or enterprise that some issue is about."""

    id: str
    name: str
    count: int


def standing_of(issue: Issue) -> Standing:
    """Return where the issue stands."""
    if issue.open:
        return Standing.OPEN
    return Standing.EXPLAINED if issue.explainable else Standing.NOTED


def narrowed(catalogue: Catalogue, findings: Findings, by: Narrowing) -> Queue:
    """Return the issues that are wanted, in their order, with the counts of every rule beside them."""
    tests = list(_tests(catalogue, by))
    issues = [issue for issue in findings.issues if all(test(issue) for test in tests)] if tests else findings.issues
    # There can be a hundred thousand: where each stands is asked once, and no pairs are made of them.
    standings = list(map(standing_of, issues))
    chosen = [by.level in (None, issue.level) and by.rule in ("", issue.rule) for issue in issues]
    there = Counter(compress(standings, chosen))
    left = [by.standing in (None, standing) for standing in standings]
    shown = tuple(compress(issues, map(and_, chosen, left)))
    return Queue(shown, tuple(_counts(compress(issues, left), compress(standings, left), by)), there)


def _counts(issues: Iterable[Issue], standings: Iterable[Standing], by: Narrowing) -> Iterator[RuleCount]:
    counts: Counter[tuple[Level, str]] = Counter()
    waiting: Counter[tuple[Level, str]] = Counter()
    for issue, standing in zip(issues, standings, strict=True):
        key = issue.level, issue.rule
        counts[key] += 1
        waiting[key] += standing is Standing.OPEN
    if by.rule and by.level is not None:  # what was chosen stays in the list when nothing is left of it
        counts[by.level, by.rule] += 0
    rules, order = rulebook(), list(Level)
    places = {code: place for place, code in enumerate(rules)}
    for level, code in sorted(counts, key=lambda key: (order.index(key[0]), places[key[1]])):
        yield RuleCount(code, level, rules[code].title, counts[level, code], waiting[level, code])


def _tests(catalogue: Catalogue, by: Narrowing) -> Iterator[Callable[[Issue], bool]]:
    if by.group:
        yield lambda issue: issue.group == by.group
    if by.unit:
        yield lambda issue: by.unit in issue.units
    if by.part:
        clauses = {
            clause.id for article in catalogue.articles_of(by.part) for clause in catalogue.clauses_of(article.id)
        }
        yield lambda issue: issue.clause in clauses
    if by.kind:
        rules = {code for code, rule in rulebook().items() if by.kind in rule.kinds}
        yield lambda issue: issue.rule in rules
    for word in by.words.casefold().split():
        yield _has(word)


def _has(word: str) -> Callable[[Issue], bool]:
    latin = word.isascii()

    def has(issue: Issue) -> bool:
        text = f"{issue.rule} {issue.place} {issue.what}".casefold()
        return word in text or (latin and word in initials(issue.place))

    return has


def concerned(conn: sqlite3.Connection, findings: Findings) -> list[Unit]:
    """Return the towns, departments and enterprises that the issues are about, those with the most first."""
    counts: dict[str, int] = {}
    for issue in findings.issues:
        for unit in dict.fromkeys(issue.units):
            counts[unit] = counts.get(unit, 0) + 1
    found = []
    for table in _UNITS:
        for chunk in chunks(list(counts)):
            sql = f"SELECT id, coalesce(name, '') FROM {table} WHERE {in_list('id', chunk)}"
            found += [Unit(row_id, name, counts[row_id]) for row_id, name in conn.execute(sql, chunk)]
    return sorted(found, key=lambda unit: -unit.count)


HEADS = ("类别", "规则", "位置", "问题", "现在", "应为", "怎么改", "条款", "状态", "说明", "分管负责人")


def line_of(issue: Issue) -> list[str | None]:
    """Return the issue as a line under `HEADS`."""
    told = issue.explanation
    return [
        issue.level.title,
        f"{issue.rule} {rulebook()[issue.rule].title}",
        issue.place,
        issue.what,
        issue.found,
        issue.expected,
        issue.advice,
        issue.clause,
        standing_of(issue).value,
        told.reason if told else None,
        told.approved_by if told else None,
    ]
