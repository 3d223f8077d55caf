"""Corrections of what was read from a plan: what a person decided, and where the text says it.

A correction names its places by what stands there, so that it finds them again in a new edition; an id only decides
between places that read the same. `db.plan.correcting.apply` puts corrections into a catalogue.

| kind   | places (`at`)  | results (`becomes`)                                                     |
|---|---|---|
| accept | one            | none: it was looked at and is right                                     |
| change | one            | one, with the changed fields                                            |
| add    | one            | one, with the fields that are not as in `BLANK`                         |
| remove | one            | none                                                                    |
| split  | one            | two or more, each with the fields in which it differs from the original |
| merge  | two or more    | one, with the fields in which it differs from the first                 |

    corrections_from_json(text) -> tuple[Correction, ...]        corrections_text(corrections) -> str
    anchor_of(catalogue, thing) -> Anchor
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NoReturn

from db.core.errors import DataProblem
from db.core.text import quote as shown
from db.plan.catalogue_file import decoder, decoders_of, encoded
from db.plan.model import Catalogue, Clause, Fault, LeftOut, Target

CONTEXT = 12
"""How many characters on each side of a quote make its place known."""


class CorrectionKind(StrEnum):
    """What a person did with something that was read."""

    ACCEPT = "accept"
    CHANGE = "change"
    ADD = "add"
    REMOVE = "remove"
    SPLIT = "split"
    MERGE = "merge"


class About(StrEnum):
    """What a correction is about."""

    CLAUSE = "clause"
    TARGET = "target"
    FAULT = "fault"
    LEFT_OUT = "left_out"


Thing = Clause | Target | Fault | LeftOut
Fields = Mapping[str, Any]
"""Field name → value as in the model; `part_of` of a target is the parent's quote, `text` of a clause its piece."""

KINDS: Mapping[About, type] = {
    About.CLAUSE: Clause,
    About.TARGET: Target,
    About.FAULT: Fault,
    About.LEFT_OUT: LeftOut,
}
_FIXED = frozenset({"id", "clause", "article", "part", "start", "end"})
_FIELDS: Mapping[About, frozenset[str]] = {
    About.CLAUSE: frozenset({"title", "text", "mode", "leads", "cooperators", "counties_named", "list_open"}),
    About.TARGET: frozenset(decoders_of(Target)) - _FIXED,
    About.FAULT: frozenset({"kind", "note"}),
    About.LEFT_OUT: frozenset({"reason"}),
}
_EVERY_KIND = frozenset(CorrectionKind)
_ALLOWED: Mapping[About, frozenset[CorrectionKind]] = {
    About.CLAUSE: _EVERY_KIND - {CorrectionKind.ADD, CorrectionKind.REMOVE},
    About.TARGET: _EVERY_KIND,
    About.FAULT: _EVERY_KIND - {CorrectionKind.SPLIT, CorrectionKind.MERGE},
    About.LEFT_OUT: _EVERY_KIND - {CorrectionKind.SPLIT, CorrectionKind.MERGE},
}
_MANY = 1000
_RESULTS: Mapping[CorrectionKind, tuple[range, range]] = {
    CorrectionKind.ACCEPT: (range(1, 2), range(1)),
    CorrectionKind.CHANGE: (range(1, 2), range(1, 2)),
    CorrectionKind.ADD: (range(1, 2), range(1, 2)),
    CorrectionKind.REMOVE: (range(1, 2), range(1)),
    CorrectionKind.SPLIT: (range(1, 2), range(2, _MANY)),
    CorrectionKind.MERGE: (range(2, _MANY), range(1, 2)),
}


@dataclass(frozen=True)
class Anchor:
    """A place in the plan: `quote` between `before` and `after`, all verbatim, inside one clause.

    A clause is named by its whole text. `clause` is the id it had; it decides only between places that read the same.
    `which` counts from 1 among targets with one and the same quote (分别比2020年下降3.1%、3.7%、3.7%以上 is three).
    A fault outside the clauses has `clause` "" and is looked for in the document.
    """

    quote: str
    before: str = ""
    after: str = ""
    clause: str = ""
    which: int = 1


@dataclass(frozen=True)
class Correction:
    """One decision of a person; `on` is the day, `by` the person, "" for what ships with the program."""

    kind: CorrectionKind
    about: About
    at: tuple[Anchor, ...]
    becomes: tuple[Fields, ...] = ()
    reason: str = ""
    by: str = ""
    on: date | None = None


def anchor_of(catalogue: Catalogue, thing: Thing) -> Anchor:
    """Return the place of something that stands in `catalogue`; a fault outside the clauses has its quote alone."""
    if isinstance(thing, Clause):
        return Anchor(quote=thing.text, clause=thing.id)
    if not thing.clause:
        assert isinstance(thing, Fault)
        return Anchor(quote=thing.quote)
    clause = catalogue.clause(thing.clause)
    text, start, end = clause.text, thing.start, thing.end
    if isinstance(thing, Fault):
        start, end = start - clause.start, end - clause.start
        if start >= len(text) and clause.responsibility_start is not None:
            text, gap = clause.responsibility, clause.responsibility_start - clause.start
            start, end = start - gap, end - gap
    which = 1
    if isinstance(thing, Target):
        same = [each.id for each in catalogue.targets_of(clause.id) if (each.start, each.end) == (start, end)]
        which = same.index(thing.id) + 1
    return around(text, start, end, clause=clause.id, which=which)


def around(text: str, start: int, end: int, *, clause: str, which: int = 1) -> Anchor:
    """Return the place text[start:end] with what stands about it."""
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    return Anchor(quote=text[start:end], before=before, after=after, clause=clause, which=which)


def corrections_from_json(text: str) -> tuple[Correction, ...]:
    """Return the corrections that `text` holds; DataProblem names the one that is not well made."""
    try:
        entries = json.loads(text, parse_float=Decimal)["corrections"]
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise _unreadable(0, str(error)) from error
    if not isinstance(entries, list):
        raise _unreadable(0, "corrections")
    found = []
    for number, entry in enumerate(entries, start=1):
        try:
            found.append(_correction(entry))
        except (KeyError, TypeError, ValueError) as error:
            raise _unreadable(number, str(error)) from error
    return tuple(found)


def corrections_text(corrections: Iterable[Correction]) -> str:
    """Return the corrections as JSON text for people to read; what is empty is left out."""
    entries = [_shown(correction) for correction in corrections]
    body = ",\n  ".join(entries)
    return f'{{"corrections": [\n  {body}\n]}}\n' if entries else '{"corrections": []}\n'


def _correction(entry: Any) -> Correction:
    _only(entry, {"kind", "about", "at", "becomes", "reason", "by", "on"})
    kind, about = CorrectionKind(entry["kind"]), About(entry["about"])
    if kind not in _ALLOWED[about]:
        _refuse(f"{about}: {kind}")
    at = tuple(_anchor(each) for each in _list(entry["at"]))
    becomes = tuple(_fields(about, kind, each) for each in _list(entry.get("becomes", [])))
    places, results = _RESULTS[kind]
    if len(at) not in places or len(becomes) not in results:
        _refuse(f"{kind}: at {len(at)}, becomes {len(becomes)}")
    if kind is CorrectionKind.SPLIT and not all(_piece(about) in each for each in becomes):
        _refuse(f"split: {_piece(about)}")
    return Correction(
        kind=kind,
        about=about,
        at=at,
        becomes=becomes,
        reason=_text(entry.get("reason", "")),
        by=_text(entry.get("by", "")),
        on=_day(entry.get("on")),
    )


def _anchor(entry: Any) -> Anchor:
    _only(entry, set(decoders_of(Anchor)))
    anchor = Anchor(**{name: decoders_of(Anchor)[name](raw) for name, raw in entry.items()})
    if not anchor.quote or anchor.which < 1:
        _refuse("at: quote, which")
    return anchor


def _fields(about: About, kind: CorrectionKind, entry: Any) -> Fields:
    _only(entry, set(_FIELDS[about]))
    if about is About.CLAUSE and "text" in entry and kind is not CorrectionKind.SPLIT:
        _refuse("text")
    known = decoders_of(KINDS[about])
    return {name: known[name](raw) for name, raw in entry.items()}


def _piece(about: About) -> str:
    return "text" if about is About.CLAUSE else "quote"


def _only(entry: Any, known: set[str]) -> None:
    if not isinstance(entry, dict):
        _refuse(f"{entry!r:.40}")
    if entry.keys() - known:
        _refuse("、".join(sorted(entry.keys() - known)))


def _list(raw: Any) -> list[Any]:
    if not isinstance(raw, list):
        _refuse(f"{raw!r:.40}")
    return list(raw)


_text: Callable[[Any], str] = decoder(str)
_day: Callable[[Any], date | None] = decoder(date | None)


def _shown(correction: Correction) -> str:
    lines = [f'"kind": {encoded(correction.kind)}, "about": {encoded(correction.about)}']
    places = [
        {
            name: value
            for name in ("clause", "before", "quote", "after", "which")
            if (value := getattr(anchor, name)) and (name, value) != ("which", 1)
        }
        for anchor in correction.at
    ]
    lines.append(f'"at": {encoded(places)}')
    if correction.becomes:
        lines.append(f'"becomes": {encoded(correction.becomes)}')
    signed = {"reason": correction.reason, "by": correction.by, "on": correction.on}
    tail = ", ".join(f'"{name}": {encoded(value)}' for name, value in signed.items() if value)
    return "{" + ",\n   ".join([*lines, tail] if tail else lines) + "}"


def _refuse(what: str) -> NoReturn:
    raise ValueError(what)


def _unreadable(number: int, detail: str) -> DataProblem:
    which = f"第{number}条" if number else "整个文件"
    return DataProblem(
        f"方案识别的修改记录读不了：{which}写得不对（{shown(detail)}）。",
        advice="请核对这个文件。",
        code="plan.corrections",
    )
