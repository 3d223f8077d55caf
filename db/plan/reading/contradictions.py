"""Where a plan contradicts or repeats itself, or sets a date that had passed before it began; shown, never repaired."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from db.plan.model import Clause, Fault, Target
from db.plan.reading.duties import is_final
from db.plan.reading.plain_form import plain_form
from db.plan.reading.times import Role, find_times
from db.plan.vocabulary import FaultKind, Nature

_SHORTEST = 12
_SENTENCE = re.compile("[^。\n\t]+")
_PART = re.compile(f"[^，；：。\n\t]{{{_SHORTEST},}}")
_YEAR = re.compile(r"\d{4}(?=年)")
_ENDS = re.compile("(?:前|以前|之前|为止)$")
_TO_BE_DONE = re.compile("，?(?:要|须|应|全部|全面|基本|完成|建成|淘汰|关停|退出|实现|达到|建立|制定|做到)")


def contradictions(clauses: Sequence[Clause], targets: Sequence[Target], *, begins: date, ends: date) -> list[Fault]:
    """Return repeated sentences, dates before `begins`, and targets that are set twice with different figures."""
    return [*_repeated(clauses), *_past(clauses, begins, ends), *_set_twice(clauses, targets)]


def _repeated(clauses: Sequence[Clause]) -> Iterator[Fault]:
    """A whole sentence that stands anywhere before, or a part of one that stands before in the same clause."""
    whole: set[str] = set()
    for clause in clauses:
        parts: set[str] = set()
        for sentence in _SENTENCE.finditer(clause.text):
            if len(sentence[0]) >= _SHORTEST and sentence[0] in whole:
                yield _fault(FaultKind.REPEATED, clause, *sentence.span(), "前面已有同一句。")
                continue
            whole.add(sentence[0])
            for part in _PART.finditer(clause.text, *sentence.span()):
                if part[0] in parts and not is_final(part[0]):
                    yield _fault(FaultKind.REPEATED, clause, *part.span(), "同一条里前后两次出现同一句。")
                parts.add(part[0])


def _past(clauses: Sequence[Clause], begins: date, ends: date) -> Iterator[Fault]:
    """A time by which something is to be done, in a year before the plan's first."""
    for clause in clauses:
        if all(int(year) >= begins.year for year in _YEAR.findall(clause.text)):
            continue
        for time in find_times(plain_form(clause.text), begins=begins, ends=ends):
            if time.role is not Role.OTHER or time.day is None or not _ENDS.search(time.text):
                continue
            if time.day < begins and _TO_BE_DONE.match(clause.text, time.end):
                note = f"这个期限在方案的第一年（{begins.year}年）之前。"
                yield _fault(FaultKind.PAST_DATE, clause, time.start, time.end, note)


def _set_twice(clauses: Sequence[Clause], targets: Sequence[Target]) -> Iterator[Fault]:
    """The same indicator of the same place by the same day, with another figure: the later one is shown."""
    by_id = {clause.id: clause for clause in clauses}
    first: dict[tuple[object, ...], Target] = {}
    for target in targets:
        if target.nature is not Nature.TARGET or target.value is None or target.part_of or target.deadline is None:
            continue
        same = (target.indicator, target.scope, target.unit, target.deadline, target.value_kind, target.comparator)
        before = first.setdefault(same, target)
        if before.value != target.value and before.clause != target.clause:
            note = f"{before.clause}写的是{before.value:f}{before.unit}，数值不一致。"
            yield _fault(FaultKind.INCONSISTENT, by_id[target.clause], target.start, target.end, note)


def _fault(kind: FaultKind, clause: Clause, start: int, end: int, note: str) -> Fault:
    return Fault(kind, clause.id, clause.start + start, clause.start + end, clause.text[start:end], note)
