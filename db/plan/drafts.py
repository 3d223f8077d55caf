"""A catalogue while it is being corrected: finding places by their text, exchanging entries, numbering them anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from db.plan.corrections import Anchor
from db.plan.model import Catalogue, Clause, Fault, LeftOut, Target

T = TypeVar("T")

_SAME_TARGET = 0.5
"""How much of two quotes must be common for them to be one target, where the quotes differ."""


class NoPlace(Exception):
    """Why a correction cannot be applied, in words for the clerk."""


class Draft:
    """The entries of a catalogue, always sorted and numbered by their places.

    Every method that changes something looks everything up first: a NoPlace leaves the draft as it was.
    """

    def __init__(self, catalogue: Catalogue, document: str = "") -> None:
        self.document = document
        self.targets = list(catalogue.targets)
        self.faults = list(catalogue.faults)
        self.left_out = list(catalogue.left_out)
        self._clauses = list(catalogue.clauses)
        self._catalogue = catalogue

    def finished(self) -> Catalogue:
        """Return the catalogue as it now is."""
        return replace(
            self._catalogue,
            clauses=tuple(self._clauses),
            targets=tuple(self.targets),
            faults=tuple(self.faults),
            left_out=tuple(self.left_out),
        )

    # -- finding ----------------------------------------------------------------------------------------------

    def clause(self, anchor: Anchor) -> Clause:
        """Return the clause whose whole text the anchor quotes."""
        found = [clause for clause in self._clauses if clause.text == anchor.quote]
        if not found:
            raise NoPlace("没有找到文字完全相同的条款")
        return self._one([(clause, 0) for clause in found], anchor)[0]

    def place(self, anchor: Anchor) -> tuple[Clause, int]:
        """Return the clause and the offset in its text where the anchor's quote stands."""
        found = [(clause, at) for clause in self._clauses for at in _places(clause.text, anchor)]
        if not found:
            raise NoPlace("没有找到前后文字相同的这一处")
        return self._one(found, anchor)

    def document_place(self, anchor: Anchor) -> tuple[str, int]:
        """Return clause id and offset in the document of a quote in a clause, its parenthesis, or outside ("")."""
        found = [(clause, clause.start + at) for clause in self._clauses for at in _places(clause.text, anchor)]
        found += [
            (clause, clause.responsibility_start + at)
            for clause in self._clauses
            if clause.responsibility_start is not None
            for at in _places(clause.responsibility, anchor)
        ]
        if anchor.clause and found:
            clause, at = self._one(found, anchor)
            return clause.id, at
        outside = [at for at in _places(self.document, anchor) if at not in {at for _, at in found}]
        if len(outside) != 1:
            raise NoPlace("没有找到前后文字相同的这一处" if not outside else "有几处文字相同，不能确定是哪一处")
        return "", outside[0]

    def target(self, anchor: Anchor) -> Target:
        """Return the target with the anchor's quote, else the one that shares most of it."""
        clause, start = self.place(anchor)
        span = (start, start + len(anchor.quote))
        within = [target for target in self.targets if target.clause == clause.id]
        same = [target for target in within if (target.start, target.end) == span]
        if len(same) >= anchor.which:
            return same[anchor.which - 1]
        near = sorted(((_common(span, (t.start, t.end)), t.id) for t in within), reverse=True)
        if same or not near or near[0][0] < _SAME_TARGET or (len(near) > 1 and near[0][0] == near[1][0]):
            raise NoPlace("这一处文字没有识别成指标")
        return next(target for target in within if target.id == near[0][1])

    def nearest(self, clause_id: str, quote: str, start: int) -> int:
        """Return where `quote` stands in the clause, the place next to `start` if there are several."""
        places = list(_places(self.text_of(clause_id), Anchor(quote))) if quote else []
        if not places:
            raise NoPlace("改后的原文在条款中找不到")
        return min(places, key=lambda place: abs(place - start))

    def id_of_quote(self, clause_id: str, quote: str) -> str:
        """Return the id of the clause's first target with this quote."""
        for target in self.targets:
            if target.clause == clause_id and target.quote == quote:
                return target.id
        raise NoPlace("没有找到它所属的上一级指标")

    def text_of(self, clause_id: str) -> str:
        """Return the clause's text."""
        return next(clause.text for clause in self._clauses if clause.id == clause_id)

    def adjoin(self, clauses: Sequence[Clause]) -> bool:
        """Return whether these clauses follow each other within one article."""
        first = self._clauses.index(clauses[0])
        return self._clauses[first : first + len(clauses)] == list(clauses) and len({c.article for c in clauses}) == 1

    # -- changing ---------------------------------------------------------------------------------------------

    def put_targets(self, old: Sequence[Target], new: Sequence[Target]) -> None:
        """Put `new` in the place of `old`; what was part of one that goes becomes part of the first that comes."""
        gone = {target.id for target in old}
        heir = (old[0].id if new else old[0].part_of) if old else None
        position = self.targets.index(old[0]) if old else len(self.targets)
        fresh = [replace(t, id=heir if heir and not n else f"+{n}") for n, t in enumerate(new)]
        kept = [target for target in self.targets if target.id not in gone]
        position -= sum(1 for target in self.targets[:position] if target.id in gone)
        kept = [
            replace(t, part_of=heir) if t.part_of in gone else t for t in [*kept[:position], *fresh, *kept[position:]]
        ]
        self.targets = [replace(t, part_of=None) if t.part_of == t.id else t for t in kept]
        self._number_targets({target.clause for target in (*old, *new)})

    def put_clauses(self, old: Sequence[Clause], new: Sequence[Clause]) -> None:
        """Put `new` in the place of `old`, which cover the same text; targets and the rest go where their text is."""
        inside = {clause.id for clause in old}
        begins = {clause.id: clause.start for clause in old}
        position = self._clauses.index(old[0])
        fresh = [replace(clause, id=f"+{n}") for n, clause in enumerate(new)]

        def home(start: int, end: int) -> Clause:
            for clause in fresh:
                if clause.start <= start and end <= clause.end:
                    return clause
            raise NoPlace("有指标或数跨过拆开的地方")

        def moved(entry: Target | LeftOut) -> dict[str, object]:
            start, end = begins[entry.clause] + entry.start, begins[entry.clause] + entry.end
            clause = home(start, end)
            return {"clause": clause.id, "start": start - clause.start, "end": end - clause.start}

        targets = [replace(t, **moved(t)) if t.clause in inside else t for t in self.targets]  # type: ignore[arg-type]
        left_out = [replace(e, **moved(e)) if e.clause in inside else e for e in self.left_out]  # type: ignore[arg-type]
        in_text = [f.clause in inside and f.start < max(c.end for c in old if c.id == f.clause) for f in self.faults]
        faults = [
            replace(f, clause=home(f.start, f.end).id if text else fresh[-1].id) if f.clause in inside else f
            for f, text in zip(self.faults, in_text, strict=True)
        ]
        homes = {target.id: target.clause for target in targets}
        self.targets = [
            replace(t, part_of=None) if t.part_of and homes.get(t.part_of) != t.clause else t for t in targets
        ]
        self.left_out, self.faults = left_out, faults
        self._clauses[position : position + len(old)] = fresh
        self._number_clauses(new[0].article)

    def put_fault(self, old: Fault | None, new: Fault | None) -> None:
        """Exchange, add or remove a fault."""
        self.faults = _exchanged(self.faults, old, new)
        self.faults.sort(key=lambda fault: fault.start)

    def put_left_out(self, old: LeftOut | None, new: LeftOut | None) -> None:
        """Exchange, add or remove a number that is deliberately in no target."""
        order = {clause.id: place for place, clause in enumerate(self._clauses)}
        self.left_out = _exchanged(self.left_out, old, new)
        self.left_out.sort(key=lambda entry: (order[entry.clause], entry.start))

    def _one(self, found: Sequence[tuple[Clause, int]], anchor: Anchor) -> tuple[Clause, int]:
        if len(found) > 1:
            found = [(clause, at) for clause, at in found if clause.id == anchor.clause]
        if len(found) != 1:
            raise NoPlace("有几处文字相同，不能确定是哪一处")
        return found[0]

    def _number_clauses(self, article: str) -> None:
        names, number = {}, 0
        for place, clause in enumerate(self._clauses):
            if clause.article == article:
                number += 1
                names[clause.id] = f"{article}-{number:02d}"
                self._clauses[place] = replace(clause, id=names[clause.id])
        self.targets = [replace(t, clause=names.get(t.clause, t.clause)) for t in self.targets]
        self.left_out = [replace(e, clause=names.get(e.clause, e.clause)) for e in self.left_out]
        self.faults = [replace(f, clause=names.get(f.clause, f.clause)) for f in self.faults]
        self._number_targets(set(names.values()))

    def _number_targets(self, clauses: set[str]) -> None:
        """Sort all targets by their places and number those of `clauses` from 1."""
        order = {clause.id: place for place, clause in enumerate(self._clauses)}
        self.targets.sort(key=lambda t: (order[t.clause], t.start, -t.end))
        names: dict[str, str] = {}
        counted: dict[str, int] = {}
        for target in self.targets:
            counted[target.clause] = counted.get(target.clause, 0) + 1
            renamed = target.clause in clauses
            names[target.id] = f"{target.clause}-{counted[target.clause]}" if renamed else target.id
        self.targets = [_renamed(target, names) for target in self.targets]


def _renamed(target: Target, names: Mapping[str, str]) -> Target:
    name, whole = names[target.id], names.get(target.part_of) if target.part_of else None
    return target if (name, whole) == (target.id, target.part_of) else replace(target, id=name, part_of=whole)


def _exchanged(entries: list[T], old: T | None, new: T | None) -> list[T]:
    kept = [entry for entry in entries if entry is not old]
    return kept if new is None else [*kept, new]


def _places(text: str, anchor: Anchor) -> Iterator[int]:
    """Yield where the anchor's quote stands in `text` between the words around it."""
    wanted = anchor.before + anchor.quote + anchor.after
    found = text.find(wanted)
    while found >= 0:
        yield found + len(anchor.before)
        found = text.find(wanted, found + 1)


def _common(one: tuple[int, int], other: tuple[int, int]) -> float:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(0, shared) / (max(one[1], other[1]) - min(one[0], other[0]))
