from __future__ import annotations

import copy
import json
import time
from dataclasses import FrozenInstanceError
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from db.plan.catalogue import Target, catalogue_from_json, load_catalogue, plan_json
from db.plan.vocabulary import Allocation, Nature

CATALOGUE = load_catalogue()
CLAUSE_KEYS = "id article part text responsibility leads cooperators mode"
TARGET_KEYS = (
    "id clause quote indicator value unit comparator baseline_value baseline_year deadline deadline_basis direction "
    "measure allocation nature soft set_by_province part_of"
)


def _raw() -> tuple[Any, Any]:
    return tuple(
        json.loads(resources.text(f"plan/{name}.json"), parse_float=Decimal) for name in ("catalogue", "departments")
    )


def test_it_is_read_once() -> None:
    assert load_catalogue() is CATALOGUE


def test_reading_it_keeps_no_window_waiting() -> None:
    def once() -> float:
        begin = time.process_time()  # Neighbours on the computer do not count.
        catalogue_from_json(*_raw())
        return time.process_time() - begin

    assert min(once() for _ in range(10)) < 0.020


def test_values_are_decimal_and_frozen() -> None:
    target = CATALOGUE.target("16-01-2")
    assert str(target.value) == "51.50"
    assert isinstance(target.baseline_value, Decimal)
    assert all(isinstance(entry.value, Decimal | None) for entry in CATALOGUE.targets)
    with pytest.raises(FrozenInstanceError):
        target.value = Decimal(1)  # type: ignore[misc]


def test_tasks_are_found_by_id() -> None:
    assert CATALOGUE.task("08-06") is CATALOGUE.clause("08-06")
    assert CATALOGUE.task("08-06-1") is CATALOGUE.target("08-06-1")
    assert CATALOGUE.task("99-01") is None
    assert CATALOGUE.targets_of("05-01") == ()
    assert CATALOGUE.article("08") in CATALOGUE.articles_of("3")
    assert CATALOGUE.department("市卫健委") is None
    with pytest.raises(KeyError):
        CATALOGUE.target("08-06")


def test_only_targets_with_shares_or_duties_are_assignable() -> None:
    for target in CATALOGUE.targets:
        if target.is_assignable:
            assert target.nature is Nature.TARGET
            assert target.allocation in (Allocation.QUANTITY, Allocation.COMPLETION)
    assert CATALOGUE.target("08-06-1").is_assignable
    assert CATALOGUE.target("08-02-1").is_assignable
    for other in ("08-06-2", "08-02-2", "10-01-5", "17-01-1", "04-03-1", "12-09-1"):
        assert not CATALOGUE.target(other).is_assignable


def test_deadlines_that_had_passed_when_the_plan_came_out() -> None:
    assert CATALOGUE.published == date(2022, 3, 10)
    assert CATALOGUE.years == (2021, 2022, 2023)
    assert [target.id for target in CATALOGUE.past_when_published] == [
        "03-02-1", "08-01-3", "08-02-1", "11-01-6", "12-01-1", "12-02-1", "12-06-1", "12-06-2",
    ]  # fmt: skip


@given(st.sampled_from(CATALOGUE.targets), st.dates(date(2020, 1, 1), date(2026, 1, 1)))
def test_a_target_is_past_from_the_day_after_its_deadline(target: Target, day: date) -> None:
    if target.deadline is None:
        assert not target.is_past(day)
    else:
        assert not target.is_past(target.deadline)
        assert target.is_past(target.deadline + timedelta(days=1))
        assert target.is_past(day) == (day > target.deadline)


def test_json_has_the_promised_shape() -> None:
    shown = json.loads(json.dumps(plan_json(CATALOGUE), ensure_ascii=False))
    assert list(shown) == ["clauses", "targets"]
    assert {tuple(entry) for entry in shown["clauses"]} == {tuple(CLAUSE_KEYS.split())}
    assert {tuple(entry) for entry in shown["targets"]} == {tuple(TARGET_KEYS.split())}
    assert len(shown["clauses"]) == len(CATALOGUE.clauses)
    assert len(shown["targets"]) == len(CATALOGUE.targets)


def test_json_says_what_the_catalogue_says() -> None:
    shown = json.loads(json.dumps(plan_json(CATALOGUE)), parse_float=Decimal)
    for entry, target in zip(shown["targets"], CATALOGUE.targets, strict=True):
        for key in ("value", "baseline_value"):
            assert entry[key] == getattr(target, key)
        for key in ("comparator", "direction", "deadline_basis", "measure", "allocation"):
            assert (entry[key] or "none") == getattr(target, key)
        assert entry["deadline"] == (target.deadline.isoformat() if target.deadline else None)
        assert entry["unit"] == (target.unit or None)
    gas = next(entry for entry in shown["targets"] if entry["id"] == "10-01-6")
    assert (gas["baseline_value"], gas["value"], gas["unit"]) == (Decimal("16.4"), 23, "亿立方米")
    nobody = next(entry for entry in shown["clauses"] if entry["id"] == "12-09")
    assert (nobody["responsibility"], nobody["leads"], nobody["mode"]) == (None, [], "none")


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("targets", "nature", "wish"),
        ("targets", "deadline", "2023-13-01"),
        ("targets", "colour", "red"),
        ("clauses", "mode", "负责"),
        ("faults", "kind", "ugly"),
    ],
)
def test_a_word_outside_the_vocabulary_is_refused(section: str, key: str, value: str) -> None:
    data, departments = copy.deepcopy(_raw())
    data[section][0][key] = value
    with pytest.raises((ValueError, TypeError)):
        catalogue_from_json(data, departments)


def test_a_missing_key_is_refused() -> None:
    data, departments = copy.deepcopy(_raw())
    del data["targets"][0]["quote"]
    with pytest.raises(TypeError):
        catalogue_from_json(data, departments)
