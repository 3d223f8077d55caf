"""Putting corrections into a catalogue; one whose place is not found is told, never dropped.

Targets are numbered by their place in the clause and clauses by their place in the article, after every correction: the
result is the same whether the reader found a target or a person added it.

    apply(catalogue, corrections, document="") -> (Catalogue, tuple[Unplaced, ...])
    put(draft, correction)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from db.plan.corrections import About, Anchor, Correction, CorrectionKind, Fields
from db.plan.drafts import Draft, NoPlace
from db.plan.model import Catalogue, Clause, Fault, LeftOut, Target
from db.plan.vocabulary import (
    Allocation,
    Comparator,
    DeadlineBasis,
    Direction,
    FaultKind,
    Measure,
    Nature,
    ValueKind,
)

BLANK = Target(
    id="",
    clause="",
    start=0,
    end=0,
    quote="",
    indicator="",
    scope="",
    value=None,
    unit="",
    comparator=Comparator.NONE,
    direction=Direction.NONE,
    value_kind=ValueKind.LEVEL,
    county_unit="",
    baseline_value=None,
    baseline_year=None,
    deadline=None,
    deadline_basis=DeadlineBasis.NONE,
    deadline_text="",
    measure=Measure.NONE,
    allocation=Allocation.NONE,
    nature=Nature.TARGET,
    soft=False,
    set_by_province=False,
    part_of=None,
    note="",
)
"""What a target is that a person added, before anything is said of it; its indicator is then its quote."""


@dataclass(frozen=True)
class Unplaced:
    """A correction that could not be applied, and why (Chinese, for the clerk)."""

    correction: Correction
    reason: str


def apply(
    catalogue: Catalogue, corrections: Iterable[Correction], document: str = ""
) -> tuple[Catalogue, tuple[Unplaced, ...]]:
    """Return `catalogue` with the corrections in it, applied in order, and those that found no place.

    `document` is the plan's text; only a fault outside the clauses and the merging of paragraphs need it.
    """
    draft, unplaced = Draft(catalogue, document), []
    for correction in corrections:
        try:
            put(draft, correction)
        except NoPlace as error:
            unplaced.append(Unplaced(correction, str(error)))
    return draft.finished(), tuple(unplaced)


def put(draft: Draft, correction: Correction) -> None:
    """Put one correction into `draft`; NoPlace, and nothing changed, when its place is not there."""
    _STEPS[correction.about](draft, correction)


def _about_clause(draft: Draft, correction: Correction) -> None:
    clauses = [draft.clause(anchor) for anchor in correction.at]
    match correction.kind:
        case CorrectionKind.CHANGE:
            draft.put_clauses(clauses, [replace(clauses[0], **correction.becomes[0])])
        case CorrectionKind.SPLIT:
            draft.put_clauses(clauses, _pieces(clauses[0], correction.becomes))
        case CorrectionKind.MERGE:
            draft.put_clauses(clauses, [_joined(draft, clauses, correction.becomes[0])])


def _pieces(clause: Clause, results: tuple[Fields, ...]) -> list[Clause]:
    """Return the clause cut into the texts given; the last keeps the parenthesis, for that governs what it follows."""
    found, position = [], 0
    for fields in results:
        start = clause.text.find(fields["text"], position)
        if start < 0 or clause.text[position:start].strip() or not fields["text"]:
            raise NoPlace("拆开的各段与原文对不上")
        position = start + len(fields["text"])
        piece = replace(clause, start=clause.start + start, end=clause.start + position)
        if fields is not results[-1]:
            piece = replace(piece, responsibility="", responsibility_start=None, responsibility_end=None)
        found.append(replace(piece, **fields))
    if clause.text[position:].strip():
        raise NoPlace("拆开的各段没有包含全部原文")
    return found


def _joined(draft: Draft, clauses: list[Clause], fields: Fields) -> Clause:
    first, last = clauses[0], clauses[-1]
    if any(clause.responsibility for clause in clauses[:-1]):
        raise NoPlace("前面的条款有自己的责任括号，不能并入后面的条款")
    if not draft.adjoin(clauses):
        raise NoPlace("要合并的条款不是同一条里前后相连的")
    if all(one.end == other.start for one, other in pairwise(clauses)):
        text = "".join(clause.text for clause in clauses)
    else:
        text = draft.document[first.start : last.end]
    if len(text) != last.end - first.start:
        raise NoPlace("没有方案原文，不能合并不同段落的条款")
    return replace(last, **{"title": first.title, **fields, "start": first.start, "text": text})


def _about_target(draft: Draft, correction: Correction) -> None:
    if correction.kind is CorrectionKind.ADD:
        _add_target(draft, correction.at[0], correction.becomes[0])
        return
    found = [draft.target(anchor) for anchor in correction.at]
    first = found[0]
    match correction.kind:
        case CorrectionKind.CHANGE:
            draft.put_targets(found, [_changed(draft, first, correction.becomes[0])])
        case CorrectionKind.REMOVE:
            draft.put_targets(found, [])
        case CorrectionKind.SPLIT:
            draft.put_targets(found, [_changed(draft, first, fields) for fields in correction.becomes])
        case CorrectionKind.MERGE:
            if len({target.clause for target in found}) > 1 or len({target.id for target in found}) < len(found):
                raise NoPlace("要合并的指标不在同一条款里")
            text = draft.text_of(first.clause)
            whole = text[min(target.start for target in found) : max(target.end for target in found)]
            draft.put_targets(found, [_changed(draft, first, {"quote": whole, **correction.becomes[0]})])


def _add_target(draft: Draft, anchor: Anchor, fields: Fields) -> None:
    clause, start = draft.place(anchor)
    end = start + len(anchor.quote)
    there = [t for t in draft.targets if (t.clause, t.start, t.end) == (clause.id, start, end)]
    if len(there) >= anchor.which:  # The reader has learnt to find it: what was said of it still holds.
        old = there[anchor.which - 1]
        draft.put_targets([old], [_changed(draft, old, fields)])
        return
    blank = replace(BLANK, clause=clause.id, start=start, end=end, quote=anchor.quote, indicator=anchor.quote)
    draft.put_targets([], [_changed(draft, blank, fields)])


def _changed(draft: Draft, target: Target, fields: Fields) -> Target:
    values: dict[str, Any] = dict(fields)
    if "quote" in values:
        start = draft.nearest(target.clause, values["quote"], target.start)
        values |= {"start": start, "end": start + len(values["quote"])}
    if values.get("part_of") is not None:
        values["part_of"] = draft.id_of_quote(target.clause, values["part_of"])
    return replace(target, **values)


def _about_fault(draft: Draft, correction: Correction) -> None:
    anchor = correction.at[0]
    clause, start = draft.document_place(anchor)
    end = start + len(anchor.quote)
    there = [fault for fault in draft.faults if (fault.start, fault.end) == (start, end)]
    old = there[anchor.which - 1 : anchor.which]
    if not old and correction.kind is not CorrectionKind.ADD:
        raise NoPlace("这里没有标出问题")
    match correction.kind:
        case CorrectionKind.REMOVE:
            draft.put_fault(old[0], None)
        case CorrectionKind.CHANGE | CorrectionKind.ADD:
            base = old[0] if old else Fault(FaultKind.AMBIGUOUS, clause, start, end, anchor.quote, "")
            draft.put_fault(old[0] if old else None, replace(base, **correction.becomes[0]))


def _about_left_out(draft: Draft, correction: Correction) -> None:
    anchor = correction.at[0]
    clause, start = draft.place(anchor)
    end = start + len(anchor.quote)
    old = [entry for entry in draft.left_out if (entry.clause, entry.start, entry.end) == (clause.id, start, end)]
    if not old and correction.kind is not CorrectionKind.ADD:
        raise NoPlace("这里没有未列入的数")
    match correction.kind:
        case CorrectionKind.REMOVE:
            draft.put_left_out(old[0], None)
        case CorrectionKind.CHANGE | CorrectionKind.ADD:
            base = old[0] if old else LeftOut(clause.id, start, end, anchor.quote, "")
            draft.put_left_out(old[0] if old else None, replace(base, **correction.becomes[0]))


_STEPS: Mapping[About, Callable[[Draft, Correction], None]] = {
    About.CLAUSE: _about_clause,
    About.TARGET: _about_target,
    About.FAULT: _about_fault,
    About.LEFT_OUT: _about_left_out,
}
