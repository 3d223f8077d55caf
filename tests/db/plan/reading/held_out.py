"""Sentences of other plans with the targets expected of them, and how what was read is held against them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from db.plan.catalogue import load_catalogue
from db.plan.model import Target
from db.plan.reading.model import TargetReading
from db.plan.reading.targets import read_targets

_FILE = Path(__file__).with_suffix(".toml")
_MODEL = load_catalogue().clause("09-03")
_FIELDS = {
    "basis": "deadline_basis",
    "kind": "value_kind",
    "baseline": "baseline_value",
    "from_above": "set_by_province",
}


@dataclass(frozen=True)
class Sentence:
    """One sentence, the years of its plan, what is expected of it, and what is to be shown as not understood."""

    text: str
    years: tuple[int, int]
    targets: tuple[Mapping[str, Any], ...]
    left: tuple[str, ...]


def sentences() -> list[Sentence]:
    """Return the sentences of the file beside this module."""
    entries = tomllib.loads(_FILE.read_text(encoding="utf-8"), parse_float=Decimal)["sentence"]
    return [
        Sentence(entry["text"], tuple(entry["years"]), tuple(entry["targets"]), tuple(entry.get("left", ())))
        for entry in entries
    ]


def read_text(text: str, begins: int = 2021, ends: int = 2023) -> TargetReading:
    """Return what is read from a clause with this text."""
    clause = replace(_MODEL, text=text, start=0, end=len(text), responsibility="", responsibility_start=None)
    return read_targets([clause], begins=date(begins, 1, 1), ends=date(ends, 12, 31))


def paired(
    expected: Sequence[Mapping[str, Any]], read: Sequence[Target]
) -> list[tuple[Mapping[str, Any], Target | None]]:
    """Pair each expected target with the one read that has its value and nature and shares the most of its quote."""
    rest = list(read)
    pairs: list[tuple[Mapping[str, Any], Target | None]] = []
    for wanted in expected:
        fits = [
            target
            for target in rest
            if target.value == wanted.get("value")
            and target.nature == wanted.get("nature", "target")
            and (target.quote in wanted["quote"] or wanted["quote"] in target.quote)
        ]
        best = min(fits, key=lambda target: abs(len(target.quote) - len(wanted["quote"])), default=None)
        if best is not None:
            rest.remove(best)
        pairs.append((wanted, best))
    return pairs


def wrong_fields(wanted: Mapping[str, Any], target: Target) -> list[str]:
    """Return the fields that are not as expected; without an expected deadline there must be none."""
    asked = {"deadline": None, **wanted}
    if target.nature == "recurring":
        asked = dict(wanted)
    return [
        f"{name}: {value!r} -> {getattr(target, _FIELDS.get(name, name))!r}"
        for name, value in asked.items()
        if getattr(target, _FIELDS.get(name, name)) != value
    ]
