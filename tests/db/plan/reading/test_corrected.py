from __future__ import annotations

import pytest

import resources
from db.plan.catalogue import load_catalogue, shipped_corrections
from db.plan.catalogue_file import catalogue_text
from db.plan.correcting import apply
from db.plan.corrections import About, Correction
from tests.db.plan import make_catalogue

CORRECTIONS = shipped_corrections()
READING = make_catalogue.reading()


def test_the_shipped_catalogue_is_what_the_rules_read_and_the_corrections() -> None:
    made = make_catalogue.corrected(READING, CORRECTIONS)
    assert made == load_catalogue()
    assert catalogue_text(made, departments=False) == resources.text(make_catalogue.CATALOGUE)


def test_few_targets_need_a_correction() -> None:
    about = [each for each in CORRECTIONS if each.about is About.TARGET]
    assert len(about) <= 0.10 * len(load_catalogue().targets)
    assert not [each for each in CORRECTIONS if each.about is About.CLAUSE]


@pytest.mark.parametrize("one", CORRECTIONS, ids=lambda one: f"{one.kind}-{one.about}-{one.at[0].quote[:12]}")
def test_a_correction_has_its_reason_and_is_needed(one: Correction) -> None:
    assert len(one.reason) >= 8
    without = [each for each in CORRECTIONS if each is not one]
    catalogue, unplaced = apply(READING.catalogue, without, READING.document.text)
    assert unplaced == ()
    assert catalogue != load_catalogue()
