"""The difference between two editions in words, for the command line and the window.

headline(difference) -> str                    field_sentences(difference) -> list[str]
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from db.plan.catalogue_file import encoded
from db.plan.compare import Change, Comparison, Difference
from db.plan.model import Clause, Target
from db.plan.words import field_title, word

NOTHING = "无"


def title_of(thing: Clause | Target) -> str:
    """Return what people call a clause or target."""
    return thing.title if isinstance(thing, Clause) else thing.indicator


def numbers(difference: Difference) -> str:
    """Return its number, and where it had another one both: 08-06 → 08-05."""
    ids = [thing.id for thing in (difference.old, difference.new) if thing is not None]
    return " → ".join(dict.fromkeys(ids))


def headline(difference: Difference) -> str:
    """Return what became of it in one line: 改目标　08-06-1　农村清洁取暖户数."""
    thing = difference.new or difference.old
    assert thing is not None
    return f"{difference.change}　{numbers(difference)}　{title_of(thing)}"


def field_sentences(difference: Difference) -> list[str]:
    """Return each field that changed with its old and new value: 目标值：40 → 50."""
    about = "clause" if difference.is_clause else "target"
    return [
        f"{field_title(about, change.name)}：{_shown(change.old)} → {_shown(change.new)}"  # type: ignore[arg-type]
        for change in difference.fields
    ]


def counts_sentence(comparison: Comparison) -> str:
    """Return how many clauses and targets there are of every kind: 相同180　新增3　…"""
    return "　".join(
        f"{change}{count}" for change, count in comparison.counts().items() if count or change is Change.SAME
    )


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """Return the counts and whatever is not the same, as plain JSON values."""
    return {
        "counts": {change.name.lower(): count for change, count in comparison.counts().items()},
        "differences": [
            {
                "change": difference.change.name.lower(),
                "kind": "clause" if difference.is_clause else "target",
                "old": difference.old.id if difference.old else None,
                "new": difference.new.id if difference.new else None,
                "fields": {f.name: {"old": _plain(f.old), "new": _plain(f.new)} for f in difference.fields},
                "old_text": difference.texts()[0] or None,
                "new_text": difference.texts()[1] or None,
            }
            for difference in comparison.changed
        ],
    }


def _plain(value: Any) -> Any:
    return json.loads(encoded(value))


def _shown(value: Any) -> str:
    if value is None or value in ("", ()):
        return NOTHING
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, StrEnum):
        return word(value)
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    return value.isoformat() if isinstance(value, date) else str(value)
