"""Two editions of a plan side by side: what stayed, came, went, moved, and what was written or promised otherwise.

compare(old, new) -> Comparison
Comparison.clauses, .targets: all of both editions once, in the order of the new one
Comparison.homes() -> dict[old id, new id]     of what is the same
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from db.plan.model import Catalogue, Clause, Target
from db.plan.similarity import Span, best_pairs, folded, likeness, word_spans

_ALIKE = 0.5
"""From this likeness on, two clauses or targets are one that was changed; below it one went and another came."""

_FACTS = (
    "value",
    "unit",
    "comparator",
    "direction",
    "value_kind",
    "county_unit",
    "baseline_value",
    "baseline_year",
    "deadline",
    "measure",
    "allocation",
    "nature",
    "soft",
    "set_by_province",
)
"""What a target promises; two targets with equal facts promise the same, however it is worded."""

_DUTIES = ("mode", "leads", "cooperators", "counties_named")


class Change(StrEnum):
    """What became of a clause or target; the words are those people see."""

    SAME = "相同"
    MOVED = "移动"
    REWORDED = "改文字"
    CHANGED = "改目标"
    ADDED = "新增"
    REMOVED = "删除"


@dataclass(frozen=True)
class FieldChange:
    """A field whose value is another one; `name` is the model's."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Difference:
    """A clause or target in both editions, or in one of them (the other is None).

    `change` is the gravest that happened to it; `moved` tells that its number is another one as well. `likeness` is 0
    to 1. `fields` are a target's facts, or a clause's duties, that changed.
    """

    change: Change
    old: Clause | Target | None
    new: Clause | Target | None
    fields: tuple[FieldChange, ...] = ()
    likeness: float = 1.0

    @property
    def is_clause(self) -> bool:
        """Return whether it is a clause."""
        return isinstance(self.new or self.old, Clause)

    @property
    def moved(self) -> bool:
        """Return whether it has another number."""
        return self.old is not None and self.new is not None and self.old.id != self.new.id

    @property
    def same(self) -> bool:
        """Return whether text and promise are the same, wherever it stands."""
        return self.change in (Change.SAME, Change.MOVED)

    def texts(self) -> tuple[str, str]:
        """Return its verbatim text in both editions, "" where it is not; a clause's with its parenthesis."""
        return _text(self.old), _text(self.new)

    def spans(self) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
        """Return both texts cut into what they share and what they do not; a text without another is shown as it is."""
        if self.old is None or self.new is None:
            before, after = self.texts()
            return (Span(before, same=True),), (Span(after, same=True),)
        return word_spans(*self.texts())


@dataclass(frozen=True)
class Comparison:
    """All differences of two editions, those between equal things included."""

    clauses: tuple[Difference, ...]
    targets: tuple[Difference, ...]

    @property
    def all(self) -> Iterator[Difference]:
        """Yield every clause, each followed by its targets; targets of clauses that went follow those."""
        waiting: dict[str, list[Difference]] = {}
        for target in self.targets:
            waiting.setdefault(_owner(target), []).append(target)
        for clause in self.clauses:
            yield clause
            names = [f"+{clause.new.id}" if clause.new else "", f"-{clause.old.id}" if clause.old else ""]
            for name in names:
                yield from waiting.pop(name, ())

    @property
    def changed(self) -> tuple[Difference, ...]:
        """Return what is not the same in text, promise and number."""
        return tuple(each for each in self.all if each.change is not Change.SAME)

    def counts(self) -> dict[Change, int]:
        """Return how many clauses and targets there are of every kind, 0 included."""
        found = Counter(each.change for each in (*self.clauses, *self.targets))
        return {change: found[change] for change in Change}

    def homes(self) -> dict[str, str]:
        """Return where each clause and target of the old edition is in the new one, if it is the same there."""
        pairs = (each for each in (*self.clauses, *self.targets) if each.same)
        return {each.old.id: each.new.id for each in pairs if each.old and each.new}

    def likely(self) -> dict[str, str]:
        """Return where those are that were changed, for a person to confirm that they still are the same task."""
        changed = (Change.REWORDED, Change.CHANGED)
        pairs = (each for each in (*self.clauses, *self.targets) if each.change in changed)
        return {each.old.id: each.new.id for each in pairs if each.old and each.new}


def compare(old: Catalogue, new: Catalogue) -> Comparison:
    """Return what became of the clauses and targets of `old` in `new`; exchanging the two exchanges the result."""
    clauses = _matched([_words(c) for c in old.clauses], [_words(c) for c in new.clauses])
    places = {clause.id: place for place, clause in enumerate(new.clauses)}
    homes = {clause.id: clauses.get(place) for place, clause in enumerate(old.clauses)}

    def together(one: Target, other: Target) -> bool:
        return homes[one.clause] == places[other.clause]

    targets = best_pairs(
        (score, i, j)
        for i, one in enumerate(old.targets)
        for j, other in enumerate(new.targets)
        if (score := _target_likeness(one, other, together(one, other))) >= _ALIKE
    )
    return Comparison(
        clauses=_in_order(old.clauses, new.clauses, clauses, _clause_difference),
        targets=_in_order(
            old.targets, new.targets, targets, lambda one, other: _target_difference(one, other, together(one, other))
        ),
    )


def _matched(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    equal = best_pairs((1.0, i, j) for i, one in enumerate(old) for j, other in enumerate(new) if one == other)
    taken = set(equal.values())
    rest = [j for j in range(len(new)) if j not in taken]
    alike = best_pairs(
        (score, i, j)
        for i in range(len(old))
        if i not in equal
        for j in rest
        if (score := likeness(old[i], new[j])) >= _ALIKE
    )
    return equal | alike


def _words(clause: Clause) -> str:
    return folded(clause.text)


def _target_likeness(one: Target, other: Target, together: bool) -> float:
    """Return how surely two targets are one: by their words, their facts, and the clauses they stand in."""
    words = 1.0 if one.quote == other.quote else likeness(one.quote, other.quote)
    if words < _ALIKE / 2:
        return 0.0
    facts: float = sum(getattr(one, name) == getattr(other, name) for name in _FACTS) / len(_FACTS)
    named = 1.0 if one.indicator == other.indicator else likeness(one.indicator, other.indicator)
    return 0.55 * words + 0.2 * facts + 0.1 * named + (0.15 if together else 0.0)


def _clause_difference(old: Clause, new: Clause) -> Difference:
    fields = _field_changes(old, new, _DUTIES)
    worded = folded(old.text) == folded(new.text) and folded(old.responsibility) == folded(new.responsibility)
    change = Change.SAME if old.id == new.id else Change.MOVED
    if fields or not worded:
        change = Change.REWORDED
    return Difference(change, old, new, fields, likeness(old.text, new.text))


def _target_difference(old: Target, new: Target, together: bool) -> Difference:
    """Tell two targets apart; words like 各县市区要制定实施方案 promise another thing in another clause."""
    fields = _field_changes(old, new, _FACTS)
    change = Change.SAME if old.id == new.id else Change.MOVED
    if fields:
        change = Change.CHANGED
    elif folded(old.quote) != folded(new.quote) or not (together or folded(old.indicator) == folded(new.indicator)):
        change = Change.REWORDED
    return Difference(change, old, new, fields, likeness(old.quote, new.quote))


def _field_changes(old: Any, new: Any, names: Iterable[str]) -> tuple[FieldChange, ...]:
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in names)
    return tuple(FieldChange(name, was, now) for name, was, now in pairs if was != now)


def _in_order(old: Sequence[Any], new: Sequence[Any], pairs: Mapping[int, int], tell: Any) -> tuple[Difference, ...]:
    """Return every thing once, as it stands in `new`; what went follows whatever it followed in `old`."""
    sources = {j: i for i, j in pairs.items()}
    gone: dict[int, list[Difference]] = {}
    after = -1
    for i, thing in enumerate(old):
        if i in pairs:
            after = pairs[i]
        else:
            gone.setdefault(after, []).append(Difference(Change.REMOVED, thing, None, likeness=0.0))
    found = gone.get(-1, [])
    for j, thing in enumerate(new):
        if j in sources:
            found.append(tell(old[sources[j]], thing))
        else:
            found.append(Difference(Change.ADDED, None, thing, likeness=0.0))
        found += gone.get(j, [])
    return tuple(found)


def _owner(difference: Difference) -> str:
    if isinstance(difference.new, Target):
        return f"+{difference.new.clause}"
    assert isinstance(difference.old, Target)
    return f"-{difference.old.clause}"


def _text(thing: Clause | Target | None) -> str:
    if thing is None:
        return ""
    return thing.quote if isinstance(thing, Target) else thing.text + thing.responsibility
