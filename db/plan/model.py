"""The plan as values: parts, articles, clauses, targets, and what the document leaves open.

Offsets count characters of the decoded document (UTF-8, no byte order mark, line ends \\n), end exclusive. Those of a
part, article, clause, responsibility parenthesis and fault count from the start of the document; those of a target and
of a number left out count from the start of their clause's text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from db.plan.vocabulary import (
    Allocation,
    Comparator,
    DeadlineBasis,
    Direction,
    FaultKind,
    Measure,
    Mode,
    Nature,
    ValueKind,
)


@dataclass(frozen=True)
class Part:
    """A part of the plan (三、深入调整能源结构); `heading` is verbatim."""

    id: str
    numeral: str
    title: str
    start: int
    end: int
    heading: str


@dataclass(frozen=True)
class Article:
    """An article of a part (（八）持续压减煤炭使用。); `heading` is verbatim."""

    id: str
    part: str
    numeral: str
    title: str
    start: int
    end: int
    heading: str


@dataclass(frozen=True)
class Clause:
    """The text that one responsibility parenthesis governs, or the rest of a paragraph that has none.

    `title` is ours, for the tree; `text` and `responsibility` are verbatim ("" when there is no parenthesis). `leads`
    and `cooperators` are canonical department names in the order of the text; `list_open` tells that the text goes on
    with 等部门, `counties_named` that the parenthesis itself names the counties.
    """

    id: str
    article: str
    part: str
    title: str
    start: int
    end: int
    text: str
    responsibility: str
    responsibility_start: int | None
    responsibility_end: int | None
    mode: Mode
    leads: tuple[str, ...]
    cooperators: tuple[str, ...]
    counties_named: bool
    list_open: bool


@dataclass(frozen=True)
class Target:
    """A quantified or dated commitment inside a clause.

    `unit` is the text's, "" where it gives no number; `county_unit` is the one counties report in. `deadline_text` is
    the verbatim time the deadline comes from; it may stand earlier in the clause than `quote`. `note` is ours, for the
    clerk.
    """

    id: str
    clause: str
    start: int
    end: int
    quote: str
    indicator: str
    scope: str
    value: Decimal | None
    unit: str
    comparator: Comparator
    direction: Direction
    value_kind: ValueKind
    county_unit: str
    baseline_value: Decimal | None
    baseline_year: int | None
    deadline: date | None
    deadline_basis: DeadlineBasis
    deadline_text: str
    measure: Measure
    allocation: Allocation
    nature: Nature
    soft: bool
    set_by_province: bool
    part_of: str | None
    note: str

    @property
    def is_assignable(self) -> bool:
        """Return whether shares or duties of it can be given to towns, enterprises and departments."""
        return self.nature is Nature.TARGET and self.allocation in (Allocation.QUANTITY, Allocation.COMPLETION)

    @property
    def city_unit(self) -> str:
        """Return the unit of the city's amounts: the text's, or the counties' where the text gives none."""
        return self.unit or self.county_unit

    @property
    def awaits_value(self) -> bool:
        """Return whether the province sets it and the plan has no value yet: it is then neither late nor at 0 %."""
        return self.set_by_province and self.value is None

    def is_past(self, day: date) -> bool:
        """Return whether the deadline lies before `day`."""
        return self.deadline is not None and self.deadline < day


@dataclass(frozen=True)
class LeftOut:
    """A number of the plan that is deliberately in no target, with the reason (Chinese)."""

    clause: str
    start: int
    end: int
    text: str
    reason: str


@dataclass(frozen=True)
class NumberWord:
    """A word with a Chinese numeral in it that counts nothing wherever it stands (统一, 三线一单, 国三)."""

    word: str
    reason: str


@dataclass(frozen=True)
class Fault:
    """Something wrong with the document, shown and never repaired; `clause` is "" outside the clauses."""

    kind: FaultKind
    clause: str
    start: int
    end: int
    quote: str
    note: str


@dataclass(frozen=True)
class Department:
    """A department of the city.

    `name` is its short name in the plan; `spellings` are faulty names the plan also uses for it; `county_name` is what
    its counterpart in a county is usually called, "" where there is none.
    """

    name: str
    full_name: str
    short_name: str
    county_name: str
    spellings: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """The plan. `begins` and `ends` bound the years it covers; `published` is the date of the notice.

    It is the whole plan unless `shares` is given: a work package has the clauses and targets of its part alone, and of
    those in `shares` only what some units have of them, so that they cannot be held against the county's quota.
    """

    version: str
    title: str
    begins: date
    published: date
    ends: date
    source: str
    source_sha256: str
    rule_for_all_clauses: str
    parts: tuple[Part, ...]
    articles: tuple[Article, ...]
    clauses: tuple[Clause, ...]
    targets: tuple[Target, ...]
    left_out: tuple[LeftOut, ...]
    number_words: tuple[NumberWord, ...]
    faults: tuple[Fault, ...]
    departments: tuple[Department, ...]
    shares: frozenset[str] | None = None

    @property
    def is_part(self) -> bool:
        """Return whether it is the part of a work package and not the whole plan."""
        return self.shares is not None

    def is_share(self, task_id: str) -> bool:
        """Return whether only some units' share of the task is there, so that the whole of it cannot be judged."""
        return self.shares is not None and task_id in self.shares

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Return the years tasks are broken down by."""
        return tuple(range(self.begins.year, self.ends.year + 1))

    @property
    def years_text(self) -> str:
        """Return the years for people: 2021—2023年, or 2023年 when there is one."""
        first, last = self.years[0], self.years[-1]
        return f"{first}年" if first == last else f"{first}—{last}年"

    @property
    def past_when_published(self) -> tuple[Target, ...]:
        """Return the targets whose deadline had passed when the plan came out: they are verified, not scheduled."""
        return tuple(target for target in self.targets if target.is_past(self.published))

    def part(self, part_id: str) -> Part:
        """Return the part with this id ("3"); KeyError for none."""
        return self._parts[part_id]

    def article(self, article_id: str) -> Article:
        """Return the article with this id ("08"); KeyError for none."""
        return self._articles[article_id]

    def clause(self, clause_id: str) -> Clause:
        """Return the clause with this id ("08-06"); KeyError for none."""
        return self._clauses[clause_id]

    def target(self, target_id: str) -> Target:
        """Return the target with this id ("08-06-1"); KeyError for none."""
        return self._targets[target_id]

    def task(self, task_id: str) -> Clause | Target | None:
        """Return the clause or target with this id, None when this plan has no such task."""
        return self._targets.get(task_id) or self._clauses.get(task_id)

    def articles_of(self, part_id: str) -> tuple[Article, ...]:
        """Return the articles of a part in the order of the text."""
        return tuple(article for article in self.articles if article.part == part_id)

    def clauses_of(self, article_id: str) -> tuple[Clause, ...]:
        """Return the clauses of an article in the order of the text."""
        return tuple(clause for clause in self.clauses if clause.article == article_id)

    def targets_of(self, clause_id: str) -> tuple[Target, ...]:
        """Return the targets of a clause in the order of the text, the longer first where two begin together."""
        return self._targets_of.get(clause_id, ())

    def faults_of(self, clause_id: str) -> tuple[Fault, ...]:
        """Return what is wrong with the document in this clause or its parenthesis."""
        return tuple(fault for fault in self.faults if fault.clause == clause_id)

    def place(self, target: Target) -> tuple[int, int]:
        """Return where the target's quote stands in the document (start, end)."""
        start = self.clause(target.clause).start
        return start + target.start, start + target.end

    def department(self, name: str) -> Department | None:
        """Return the department that `name` means, a faulty spelling of the plan included; None for an unknown name."""
        return self._departments.get(name)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Return where each clause and target stands in the order of the plan, a clause before its targets."""
        ids = (
            task_id for clause in self.clauses for task_id in (clause.id, *(t.id for t in self.targets_of(clause.id)))
        )
        return {task_id: place for place, task_id in enumerate(ids)}

    @cached_property
    def _parts(self) -> dict[str, Part]:
        return {part.id: part for part in self.parts}

    @cached_property
    def _articles(self) -> dict[str, Article]:
        return {article.id: article for article in self.articles}

    @cached_property
    def _clauses(self) -> dict[str, Clause]:
        return {clause.id: clause for clause in self.clauses}

    @cached_property
    def _targets(self) -> dict[str, Target]:
        return {target.id: target for target in self.targets}

    @cached_property
    def _targets_of(self) -> dict[str, tuple[Target, ...]]:
        found: dict[str, list[Target]] = {}
        for target in self.targets:
            found.setdefault(target.clause, []).append(target)
        return {clause_id: tuple(targets) for clause_id, targets in found.items()}

    @cached_property
    def _departments(self) -> dict[str, Department]:
        return {
            name: department for department in self.departments for name in (department.name, *department.spellings)
        }
