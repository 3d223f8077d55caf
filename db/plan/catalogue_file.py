"""A catalogue as JSON, laid out for people to read and compare: `resources/plan/catalogue.json`, and a county's own.

    read_catalogue(text) -> Catalogue              catalogue_text(catalogue, departments=True) -> str
    catalogue_from_json(data, departments) -> Catalogue
    decoder(kind) -> function from JSON            encoded(value) -> JSON value

Amounts are exact: they are read as Decimal and written digit by digit.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from db.core.errors import DataProblem
from db.core.text import quote
from db.plan.model import Article, Catalogue, Clause, Department, Fault, LeftOut, NumberWord, Part, Target

T = TypeVar("T")

_MOST_DIGITS = 18
_HEAD = ("version", "title", "begins", "published", "ends")
_LISTS: dict[str, type] = {
    "parts": Part,
    "articles": Article,
    "clauses": Clause,
    "targets": Target,
    "left_out": LeftOut,
    "number_words": NumberWord,
    "faults": Fault,
}
_LINES: dict[str, tuple[str, ...]] = {
    "clauses": (
        "id article part title start end",
        "text",
        "responsibility responsibility_start responsibility_end",
        "mode leads cooperators counties_named list_open",
    ),
    "targets": (
        "id clause start end",
        "quote",
        "indicator scope",
        "value unit comparator direction value_kind county_unit",
        "baseline_value baseline_year deadline deadline_basis deadline_text",
        "measure allocation nature soft set_by_province part_of",
        "note",
    ),
    "faults": ("kind clause start end", "quote", "note"),
}
"""Which fields of an entry stand on one line; an entry of another list takes a single one."""


def read_catalogue(text: str) -> Catalogue:
    """Return the catalogue that `text` holds, with its own departments; DataProblem when it is none, or not sound."""
    try:
        data = json.loads(text, parse_float=Decimal)
        catalogue = catalogue_from_json(data, data["departments"])
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise _unreadable(str(error)) from error
    for fault in _unsound(catalogue):
        raise _unreadable(fault)
    return catalogue


def catalogue_from_json(data: Mapping[str, Any], departments: Sequence[Mapping[str, Any]]) -> Catalogue:
    """Return the catalogue that `data` holds; numbers with a point must have been read as Decimal.

    KeyError, TypeError or ValueError when a key is missing, unknown or outside its vocabulary.
    """
    source, rule = data["source"], data["rule_for_all_clauses"]
    head: dict[str, Any] = {name: decoder(get_type_hints(Catalogue)[name])(data[name]) for name in _HEAD}
    lists: dict[str, Any] = {name: tuple(_entry(kind, entry) for entry in data[name]) for name, kind in _LISTS.items()}
    return Catalogue(
        **head,
        **lists,
        source=decoder(str)(source["file"]),
        source_sha256=decoder(str)(source["sha256"]),
        rule_for_all_clauses=decoder(str)(rule["text"]),
        departments=tuple(_entry(Department, entry) for entry in departments),
    )


def catalogue_text(catalogue: Catalogue, *, departments: bool = True) -> str:
    """Return `catalogue` as JSON text for people to read; its departments may be left to a file of their own."""
    rule = catalogue.rule_for_all_clauses
    place = next((clause.id for clause in catalogue.clauses if rule and rule in clause.responsibility), "")
    members = [_member(name, getattr(catalogue, name)) for name in _HEAD]
    members.append(_member("source", {"file": catalogue.source, "sha256": catalogue.source_sha256}))
    members.append(_member("rule_for_all_clauses", {"clause": place, "text": rule}))
    members += [_list(name, getattr(catalogue, name)) for name in _LISTS]
    if departments:
        members.append(_list("departments", catalogue.departments))
    return "{\n  " + ",\n  ".join(members) + "\n}\n"


def decoder(kind: Any) -> Callable[[Any], Any]:
    """Return what makes a value of the type `kind` out of its JSON; TypeError or ValueError when it is none."""
    if get_origin(kind) is tuple:
        member = decoder(get_args(kind)[0])
        return lambda raw: tuple(member(each) for each in _exactly(list, raw))
    options = get_args(kind)
    if type(None) in options:
        inner = decoder(next(option for option in options if option is not type(None)))
        return lambda raw: None if raw is None else inner(raw)
    if kind is Decimal:
        return _amount
    if kind is date:
        return lambda raw: date.fromisoformat(_exactly(str, raw))
    if issubclass(kind, StrEnum):
        return lambda raw: kind(_exactly(str, raw))
    return lambda raw: _exactly(kind, raw)


def encoded(value: object) -> str:
    """Return a value of a catalogue as JSON text; the inverse of `decoder`."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return json.dumps(value.isoformat())
    if isinstance(value, Mapping):
        return "{" + ", ".join(_member(name, each) for name, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(encoded, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


@cache
def decoders_of(kind: type) -> dict[str, Callable[[Any], Any]]:
    """Return the decoder of every field of the dataclass `kind`, by the field's name."""
    hints = get_type_hints(kind)
    return {field.name: decoder(hints[field.name]) for field in fields(kind)}


def _entry(kind: type[T], entry: Mapping[str, Any]) -> T:
    known = decoders_of(cast("type", kind))
    if not isinstance(entry, Mapping):
        raise TypeError(f"{kind.__name__} expected: {entry!r:.40}")
    return kind(**{name: known[name](raw) if name in known else raw for name, raw in entry.items()})


def _exactly(kind: type[T], raw: object) -> T:
    if type(raw) is not kind:
        raise TypeError(f"{kind.__name__} expected: {raw!r:.40}")
    return raw


def _amount(raw: object) -> Decimal:
    if type(raw) is int:
        raw = Decimal(raw)
    amount = _exactly(Decimal, raw)
    exponent = amount.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -_MOST_DIGITS or amount.adjusted() > _MOST_DIGITS:
        raise ValueError(f"not an amount: {raw!r:.40}")
    return amount.quantize(Decimal(1)) if exponent > 0 else amount


def _member(name: str, value: object) -> str:
    return f"{json.dumps(name, ensure_ascii=False)}: {encoded(value)}"


def _list(name: str, entries: Iterable[object]) -> str:
    shown = [_shown(entry, _LINES.get(name, ())) for entry in entries]
    body = ",\n    ".join(shown)
    return f'"{name}": [\n    {body}\n  ]' if shown else f'"{name}": []'


def _shown(entry: Any, lines: tuple[str, ...]) -> str:
    rows = [line.split() for line in lines] or [[field.name for field in fields(entry)]]
    return "{" + ",\n     ".join(", ".join(_member(name, getattr(entry, name)) for name in row) for row in rows) + "}"


def _unsound(catalogue: Catalogue) -> Iterable[str]:
    """Yield what in `catalogue` does not hold together: ids named twice, places that do not exist, quotes not found."""
    for name in ("parts", "articles", "clauses", "targets"):
        ids = [entry.id for entry in getattr(catalogue, name)]
        if len(set(ids)) < len(ids) or "" in ids:
            yield f"{name}: id"
    parts, articles = {part.id for part in catalogue.parts}, {article.id for article in catalogue.articles}
    texts = {clause.id: clause.text for clause in catalogue.clauses}
    targets = {target.id: target.clause for target in catalogue.targets}
    if texts.keys() & targets.keys():
        yield "clauses, targets: id"
    yield from (article.id for article in catalogue.articles if article.part not in parts)
    yield from (clause.id for clause in catalogue.clauses if clause.part not in parts or clause.article not in articles)
    for target in catalogue.targets:
        if texts.get(target.clause, "")[target.start : target.end] != target.quote or not target.quote:
            yield f"{target.id}: quote"
        if target.part_of is not None and targets.get(target.part_of) != target.clause:
            yield f"{target.id}: part_of"
    yield from (f"left_out: {entry.clause}" for entry in catalogue.left_out if entry.clause not in texts)
    yield from (f"faults: {entry.clause}" for entry in catalogue.faults if entry.clause and entry.clause not in texts)
    if catalogue.begins > catalogue.ends:
        yield "begins, ends"


def _unreadable(detail: str) -> DataProblem:
    return DataProblem(
        f"这个方案目录读不了：内容不完整或被改动过（{quote(detail)}）。",
        advice="请用本程序重新识别方案原文，或换一个没有改动过的文件。",
        code="plan.catalogue",
    )
