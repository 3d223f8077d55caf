"""How well the rules alone read the shipped plan, measured against the corrected catalogue.

A target that was read counts as right when the catalogue has one in the same clause with the same value, unit,
comparator, deadline and baseline (value and year) whose quote shares at least half of its characters with it; each
counts once. Recall is the share of the catalogue's targets found so, precision the share of those read.
"""

from __future__ import annotations

import sys
from dataclasses import fields

import pytest

from db.plan.catalogue import load_catalogue
from db.plan.model import Target
from db.plan.vocabulary import Nature
from tests.db.plan.make_catalogue import reading

CATALOGUE = load_catalogue()
READ = reading().catalogue.targets
FACTS = ("value", "unit", "comparator", "deadline", "baseline_value", "baseline_year")
OURS = ("id", "indicator", "scope", "note")


def _same(one: Target, other: Target) -> bool:
    if one.clause != other.clause or any(getattr(one, name) != getattr(other, name) for name in FACTS):
        return False
    shared = min(one.end, other.end) - max(one.start, other.start)
    return 2 * shared >= max(one.end, other.end) - min(one.start, other.start)


def _pairs() -> list[tuple[Target, Target]]:
    rest = list(READ)
    pairs = []
    for known in CATALOGUE.targets:
        fits = [read for read in rest if _same(read, known)]
        exact = [read for read in fits if (read.start, read.end) == (known.start, known.end)]
        if fits:
            pairs.append(((exact or fits)[0], known))
            rest.remove((exact or fits)[0])
    return pairs


def test_recall_and_precision(capsys: pytest.CaptureFixture[str]) -> None:
    pairs = _pairs()
    recall, precision = len(pairs) / len(CATALOGUE.targets), len(pairs) / len(READ)
    with capsys.disabled():
        sys.stdout.write(f"\ntargets: recall {recall:.1%}, precision {precision:.1%}, {len(pairs)} pairs\n")
        sys.stdout.writelines(f"  {name:16} {share:7.1%}\n" for name, share in _shares(pairs).items())
    assert recall >= 0.95
    assert precision >= 0.90


def test_every_field_but_the_words_for_the_tree_is_right() -> None:
    shares = _shares(_pairs())
    assert {name: share for name, share in shares.items() if share < 1 and name not in OURS} == {}


def test_every_plain_numeric_target_is_read_right() -> None:
    numeric = [known for known in CATALOGUE.targets if known.value is not None and known.nature is Nature.TARGET]
    found = {known.id for _, known in _pairs()}
    assert len(numeric) > 30
    assert [known.id for known in numeric if known.id not in found] == []


def _shares(pairs: list[tuple[Target, Target]]) -> dict[str, float]:
    """Return for each field how many of the pairs agree in it; `part_of` is compared by quote, as ids may shift."""
    quotes = {target.id: target.quote for target in CATALOGUE.targets}
    read_quotes = {target.id: target.quote for target in READ}

    def agree(name: str, read: Target, known: Target) -> bool:
        if name == "part_of":
            return read_quotes.get(read.part_of or "") == quotes.get(known.part_of or "")
        return bool(getattr(read, name) == getattr(known, name))

    return {
        field.name: sum(agree(field.name, read, known) for read, known in pairs) / len(pairs)
        for field in fields(Target)
    }
