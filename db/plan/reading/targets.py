"""The targets in a plan's clauses: found by the words of the text, counted and named by rule."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from db.plan.model import Clause, Fault, LeftOut, NumberWord, Target
from db.plan.reading.drafts import Draft, Findings, read_clause
from db.plan.reading.duties import is_from_above, is_vague
from db.plan.reading.judging import judge
from db.plan.reading.model import Leftover, LeftoverKind, TargetReading
from db.plan.reading.naming import goes_on_from, name_of, scope_of, shortened
from db.plan.reading.notes import fault_of, note_of
from db.plan.reading.numbers import find_numbers
from db.plan.reading.phrases import table
from db.plan.reading.remainder import Remainder
from db.plan.vocabulary import DeadlineBasis, Nature

_MOST_NUMBERS, _MOST_DIGITS = 300, 40
_ROW_OF_DIGITS = re.compile("[^\u4e00-\u9fff]{20}|[零〇一二两三四五六七八九十百千万亿半双]{20}")


def read_targets(clauses: Sequence[Clause], *, begins: date, ends: date) -> TargetReading:
    """Return the targets of `clauses` in their order, and every number and time that no target took.

    A paragraph that is no prose but a heap of figures is left over as a whole. `begins` and `ends` bound the years the
    plan covers. A target's id is its clause's with its number in the order of the text, the longer first where two
    begin together.
    """
    targets: list[Target] = []
    left_out: list[LeftOut] = []
    words: dict[str, NumberWord] = {}
    faults: list[Fault] = []
    leftovers: list[Leftover] = []
    for clause in clauses:
        if _is_no_prose(clause.text):
            leftovers.append(Leftover(LeftoverKind.NUMBER, clause.id, clause.start, clause.end, clause.text))
            continue
        found = read_clause(clause.text, begins=begins, ends=ends)
        own = _targets(clause, found)
        targets += own
        faults += [fault for target in own if (fault := fault_of(target, clause))]
        rest = Remainder(clause, found, own)
        left_out += rest.left_out
        leftovers += rest.leftovers
        words |= {word.word: word for word in rest.words}
    return TargetReading(tuple(targets), tuple(left_out), tuple(words.values()), tuple(faults), tuple(leftovers))


def _is_no_prose(text: str) -> bool:
    """Return whether a paragraph is a heap of figures, which makes thousands of targets that nobody set."""
    if len(text) <= _MOST_DIGITS:
        return False
    if len(text) <= _MOST_NUMBERS and not _ROW_OF_DIGITS.search(text):
        return False
    numbers = find_numbers(text)
    return len(numbers) > _MOST_NUMBERS or any(len(number.text) > _MOST_DIGITS for number in numbers)


def _targets(clause: Clause, found: Findings) -> list[Target]:
    ids = {id(draft): f"{clause.id}-{number}" for number, draft in enumerate(found.drafts, start=1)}
    targets: dict[str, Target] = {}
    places: dict[int, str] = {}
    names = _Names()
    last: Draft | None = None
    called = ""
    for draft in found.drafts:
        whole = None if draft.whole is None else ids[id(draft.whole)]
        target = _placed(_target(clause, found, draft, ids[id(draft)], whole), draft, places)
        if goes_on_from(draft, target.indicator, last, called):
            target = replace(target, indicator=called)
        if draft.amount is not None and draft.nature is Nature.TARGET:
            last, called = draft, target.indicator
        targets[target.id] = names.told_apart(target, targets.get(whole or ""), draft)
    return list(targets.values())


def _target(clause: Clause, found: Findings, draft: Draft, target_id: str, whole: str | None) -> Target:
    judgement = judge(draft, clause)
    quote = clause.text[draft.start : draft.end]
    proper = draft.nature is Nature.TARGET
    value = draft.amount.value if draft.amount else None
    day, basis, words = _deadline(draft)
    from_above = proper and value is None and is_from_above(quote)
    return Target(
        id=target_id,
        clause=clause.id,
        start=draft.start,
        end=draft.end,
        quote=quote,
        indicator=name_of(draft, clause.text, found.times),
        scope=scope_of(draft, clause.text, found.times),
        value=value,
        unit=draft.amount.unit if draft.amount else "",
        comparator=judgement.comparator,
        direction=judgement.direction,
        value_kind=judgement.value_kind,
        county_unit=judgement.county_unit,
        baseline_value=_baseline(draft),
        baseline_year=draft.base_year if value is not None else None,
        deadline=day,
        deadline_basis=basis,
        deadline_text=words,
        measure=judgement.measure,
        allocation=judgement.allocation,
        nature=draft.nature,
        soft=draft.soft,
        set_by_province=from_above,
        part_of=whole,
        note=note_of(draft, judgement, clause.text, from_above=from_above, vague=is_vague(quote)),
    )


def _placed(target: Target, draft: Draft, places: dict[int, str]) -> Target:
    """Return the target with the place its sentence began with, when it names none itself."""
    if draft.nature in (Nature.CRITERION, Nature.REFERENCE):
        return target
    everywhere = str(table("naming", "everywhere"))
    place = places.get(draft.sentence, everywhere)
    acts = draft.amount is None or draft.nature is Nature.STANDING_REQUIREMENT
    if target.scope == everywhere and (acts or place in table("naming", "scopes")):
        return replace(target, scope=place)
    if target.scope != everywhere:
        places.setdefault(draft.sentence, target.scope)
    return target


def _deadline(draft: Draft) -> tuple[date | None, DeadlineBasis, str]:
    if draft.time is None or draft.time.day is None:
        return None, DeadlineBasis.NONE, ""
    return draft.time.day, draft.time.basis, draft.time.text


def _baseline(draft: Draft) -> Decimal | None:
    return draft.baseline.value if draft.baseline else None


class _Names:
    """The names of the targets of one clause, no two of them alike."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._numbers: Counter[str] = Counter()

    def told_apart(self, target: Target, whole: Target | None, draft: Draft) -> Target:
        """Return the target with a name of its own: a part takes that of its whole, with its year."""
        name = target.indicator
        if target.part_of and draft.amount and target.deadline and whole and whole.deadline != target.deadline:
            name = shortened(f"{target.deadline.year}年{whole.indicator}")
        if name in self._taken and target.deadline and draft.amount and not name.startswith("20"):
            name = shortened(f"{target.deadline.year}年{name}")
        stem = target.indicator[:17]
        while name in self._taken:
            self._numbers[stem] += 1
            name = f"{stem}（{self._numbers[stem] + 1}）"
        self._taken.add(name)
        return target if name == target.indicator else replace(target, indicator=name)
