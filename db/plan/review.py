"""Looking a reading through: what a person decided about it, what is still to be looked at, where everything stands.

A `Review` is a value: every decision is a correction more, and the catalogue is what the reader found with all of them
put in. `db.work.plan_draft` keeps it in the county file.

    Review(reading, corrections)                 .catalogue  .unplaced  .looks  .leftovers  .marks()
    accept, change, remove, split, merge, add, split_clause, merge_clauses, explain -> Correction
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from db.core.errors import DataProblem
from db.plan.correcting import BLANK, Unplaced, put
from db.plan.corrections import About, Correction, CorrectionKind, anchor_of, around
from db.plan.drafts import Draft, NoPlace
from db.plan.model import Catalogue, Clause, Target
from db.plan.reading.model import Leftover, LeftoverGroup, Reading
from db.plan.reading.places import bare
from db.plan.reading.targets import read_targets

Span = tuple[int, int]


class Look(StrEnum):
    """How far a target was looked at."""

    UNSEEN = "unseen"
    ACCEPTED = "accepted"
    CHANGED = "changed"
    ADDED = "added"


class MarkKind(StrEnum):
    """What a piece of the document was taken for."""

    HEADING = "heading"
    RESPONSIBILITY = "responsibility"
    TARGET = "target"
    LEFT_OUT = "left_out"
    LEFTOVER = "leftover"
    FAULT = "fault"


@dataclass(frozen=True)
class Mark:
    """A piece of the document (offsets of its text) and what it was taken for; `id` of a target or clause, or ""."""

    start: int
    end: int
    kind: MarkKind
    id: str = ""


@dataclass(frozen=True)
class Review:
    """A reading with the decisions about it, in order."""

    reading: Reading
    corrections: tuple[Correction, ...] = ()

    def with_(self, correction: Correction) -> Review:
        """Return the review with one more decision; DataProblem when its place is not found."""
        found = replace(self, corrections=(*self.corrections, correction))
        if len(found.unplaced) > len(self.unplaced):
            reason = found.unplaced[-1].reason
            raise DataProblem(f"没有改成：{reason}。", advice="请重新选择位置再试。", code="plan.place")
        return found

    @property
    def catalogue(self) -> Catalogue:
        """Return the catalogue with every decision in it."""
        return self._applied[0]

    @property
    def unplaced(self) -> tuple[Unplaced, ...]:
        """Return the decisions whose place is not in this document."""
        return self._applied[1]

    @property
    def looks(self) -> Mapping[str, Look]:
        """Return by target id how far each target of `catalogue` was looked at."""
        return self._applied[2]

    @property
    def unseen(self) -> tuple[Target, ...]:
        """Return the targets nobody has looked at yet, in the order of the text."""
        return tuple(t for t in self.catalogue.targets if self.looks[t.id] is Look.UNSEEN)

    @cached_property
    def leftovers(self) -> tuple[Leftover, ...]:
        """Return what was not understood and is in no target and under no explanation by now."""
        taken = [self.catalogue.place(target) for target in self.catalogue.targets]
        taken += [_place(self.catalogue, entry.clause, entry.start, entry.end) for entry in self.catalogue.left_out]
        places = bare(taken)
        return tuple(one for one in self.reading.leftovers if not places.around(one.start, one.end))

    @property
    def doubtful(self) -> tuple[Leftover, ...]:
        """Return of `leftovers` what may be a target: neither before the plan nor a mere remark in brackets."""
        return tuple(one for one in self.leftovers if one.group is LeftoverGroup.DOUBTFUL)

    def marks(self) -> list[Mark]:
        """Return every marked piece of the document, by start; pieces may lie inside each other."""
        plan = self.catalogue
        found = [Mark(part.start, part.end, MarkKind.HEADING) for part in plan.parts]
        found += [Mark(article.start, article.end, MarkKind.HEADING) for article in plan.articles]
        for clause in plan.clauses:
            if clause.responsibility_start is not None and clause.responsibility_end is not None:
                place = clause.responsibility_start, clause.responsibility_end
                found.append(Mark(*place, MarkKind.RESPONSIBILITY, clause.id))
        found += [Mark(*plan.place(target), MarkKind.TARGET, target.id) for target in plan.targets]
        found += [
            Mark(*_place(plan, entry.clause, entry.start, entry.end), MarkKind.LEFT_OUT, entry.clause)
            for entry in plan.left_out
        ]
        found += [Mark(fault.start, fault.end, MarkKind.FAULT, fault.clause) for fault in plan.faults]
        found += [Mark(each.start, each.end, MarkKind.LEFTOVER, each.clause) for each in self.leftovers]
        return sorted(found, key=lambda mark: (mark.start, -mark.end))

    def clause_at(self, start: int, end: int) -> Clause | None:
        """Return the clause whose text holds this piece of the document, None when none holds all of it."""
        for clause in self.catalogue.clauses:
            if clause.start <= start < end <= clause.end:
                return clause
        return None

    @cached_property
    def _applied(self) -> tuple[Catalogue, tuple[Unplaced, ...], dict[str, Look]]:
        draft, unplaced = Draft(self.reading.catalogue, self.reading.document.text), []
        looks: dict[object, Look] = {}
        for correction in self.corrections:
            try:
                about = _clauses_of(draft, correction)
                before = _faces(draft, about)
                put(draft, correction)
            except NoPlace as error:
                unplaced.append(Unplaced(correction, str(error)))
                continue
            if correction.kind is CorrectionKind.ACCEPT and correction.about is About.TARGET:
                looks |= dict.fromkeys(_faces(draft, about, draft.target(correction.at[0])), Look.ACCEPTED)
            word = Look.ADDED if correction.kind is CorrectionKind.ADD else Look.CHANGED
            looks |= dict.fromkeys(_faces(draft, about) - before, word)
        done = draft.finished()
        return (
            done,
            tuple(unplaced),
            {t.id: looks.get(_face(t, done.clause(t.clause).start), Look.UNSEEN) for t in done.targets},
        )


def accept(catalogue: Catalogue, thing: Target | Clause) -> Correction:
    """Return the decision that a target or clause is right as it was read."""
    return Correction(CorrectionKind.ACCEPT, _about(thing), (anchor_of(catalogue, thing),))


def change(catalogue: Catalogue, thing: Target | Clause, fields: Mapping[str, Any], reason: str = "") -> Correction:
    """Return the decision to change fields of a target or clause (names and values as in the model)."""
    return Correction(
        CorrectionKind.CHANGE, _about(thing), (anchor_of(catalogue, thing),), (dict(fields),), reason=reason
    )


def remove(catalogue: Catalogue, target: Target, reason: str = "") -> Correction:
    """Return the decision that this is no target."""
    return Correction(CorrectionKind.REMOVE, About.TARGET, (anchor_of(catalogue, target),), reason=reason)


def split(catalogue: Catalogue, target: Target, quotes: Sequence[str]) -> Correction:
    """Return the decision that a target is several, one for each quote."""
    pieces = tuple({"quote": quote, "indicator": quote} for quote in quotes)
    return Correction(CorrectionKind.SPLIT, About.TARGET, (anchor_of(catalogue, target),), pieces)


def merge(catalogue: Catalogue, targets: Sequence[Target]) -> Correction:
    """Return the decision that several targets of a clause are one, with the fields of the first."""
    return Correction(CorrectionKind.MERGE, About.TARGET, tuple(anchor_of(catalogue, t) for t in targets), ({},))


def add(catalogue: Catalogue, clause: Clause, start: int, end: int, like: Target | None = None) -> Correction:
    """Return the decision that clause.text[start:end] is a target; `like` says what its fields are."""
    fields: dict[str, Any] = {}
    if like is not None:
        fields = {
            name: value for name, value in vars(like).items() if name not in _PLACED and value != getattr(BLANK, name)
        }
    which = 1 + sum((t.start, t.end) == (start, end) for t in catalogue.targets_of(clause.id))
    anchor = around(clause.text, start, end, clause=clause.id, which=which)
    return Correction(CorrectionKind.ADD, About.TARGET, (anchor,), (fields,))


def suggested(review: Review, clause: Clause, start: int, end: int) -> Target | None:
    """Return what the reader takes clause.text[start:end] for when it stands alone, None when it finds no target."""
    plan = review.catalogue
    alone = replace(clause, start=clause.start + start, end=clause.start + end, text=clause.text[start:end])
    found = read_targets([alone], begins=plan.begins, ends=plan.ends).targets
    return max(found, key=lambda target: target.end - target.start, default=None)


def split_clause(catalogue: Catalogue, clause: Clause, at: int) -> Correction:
    """Return the decision that a clause is two: its text before `at`, and the rest with the parenthesis."""
    first, second = clause.text[:at].strip(), clause.text[at:].strip()
    pieces = ({"text": first, "title": _title(first)}, {"text": second, "title": _title(second)})
    return Correction(CorrectionKind.SPLIT, About.CLAUSE, (anchor_of(catalogue, clause),), pieces)


def merge_clauses(catalogue: Catalogue, clauses: Sequence[Clause]) -> Correction:
    """Return the decision that neighbouring clauses are one."""
    return Correction(CorrectionKind.MERGE, About.CLAUSE, tuple(anchor_of(catalogue, c) for c in clauses), ({},))


def explain(clause: Clause, start: int, end: int, reason: str) -> Correction:
    """Return the decision that clause.text[start:end] belongs to no target, and why."""
    anchor = around(clause.text, start, end, clause=clause.id)
    return Correction(CorrectionKind.ADD, About.LEFT_OUT, (anchor,), ({"reason": reason},))


_PLACED = frozenset({"id", "clause", "start", "end", "quote", "part_of"})
_TITLE = 20


def _title(text: str) -> str:
    return text if len(text) <= _TITLE else text[: _TITLE - 1] + "…"


def _about(thing: Target | Clause) -> About:
    return About.TARGET if isinstance(thing, Target) else About.CLAUSE


def _place(catalogue: Catalogue, clause_id: str, start: int, end: int) -> Span:
    begin = catalogue.clause(clause_id).start
    return begin + start, begin + end


def _clauses_of(draft: Draft, correction: Correction) -> dict[str, int]:
    """Return the clauses whose targets the correction is about, each with its beginning in the document."""
    if correction.about is not About.TARGET:
        return {}
    clauses = [draft.place(anchor)[0] for anchor in correction.at]
    return {clause.id: clause.start for clause in clauses}


def _faces(draft: Draft, clauses: Mapping[str, int], only: Target | None = None) -> set[object]:
    targets = draft.targets if only is None else [only]
    return {_face(target, clauses[target.clause]) for target in targets if target.clause in clauses}


def _face(target: Target, begin: int) -> object:
    """Return what makes the target what it is wherever it is numbered: its place in the document and its fields."""
    place = (begin + target.start, begin + target.end)
    return place, replace(target, id="", clause="", start=0, end=0, part_of=None)
