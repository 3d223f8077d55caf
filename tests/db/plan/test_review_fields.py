from __future__ import annotations

from dataclasses import fields

import pytest

from db.core.errors import DataProblem
from db.plan.catalogue import load_catalogue
from db.plan.model import Clause, Target
from db.plan.review_fields import ORDER, Kind, cells_of, fields_of, value_of
from db.plan.vocabulary import Comparator, Nature

PLAN = load_catalogue()
CHOSEN_BY_TEXT = {"quote", "deadline_text", "part_of", "text", "responsibility"}
PLACES = {"id", "clause", "article", "part", "start", "end", "responsibility_start", "responsibility_end"}


@pytest.mark.parametrize("kind", [Clause, Target])
def test_every_field_is_typed_chosen_or_a_place(kind: Kind) -> None:
    names = {field.name for field in fields(kind)}
    assert set(ORDER[kind]) == names - PLACES - CHOSEN_BY_TEXT


@pytest.mark.parametrize("thing", [*PLAN.targets, *PLAN.clauses], ids=lambda thing: thing.id)
def test_what_a_form_shows_is_read_back_as_it_was(thing: Target | Clause) -> None:
    shown = cells_of(thing)
    for entry in fields_of(type(thing)):
        typed = entry.parse(entry.edit(shown[entry.name]))
        assert value_of(type(thing), entry.name, typed) == getattr(thing, entry.name)


def test_words_of_a_vocabulary_and_what_is_left_empty() -> None:
    assert value_of(Target, "comparator", "不低于") is Comparator.AT_LEAST
    assert value_of(Target, "comparator", None) is Comparator.NONE
    assert value_of(Target, "unit", None) == ""
    assert value_of(Target, "baseline_year", None) is None
    assert value_of(Clause, "leads", "县发改局、县工信局") == ("县发改局", "县工信局")


@pytest.mark.parametrize("name", ["indicator", "nature"])
def test_what_must_not_be_empty(name: str) -> None:
    with pytest.raises(DataProblem, match="要填内容"):
        value_of(Target, name, None)


def test_states_of_a_figure_are_mere_words_here() -> None:
    note = next(entry for entry in fields_of(Target) if entry.name == "note")
    assert value_of(Target, "note", note.parse("不涉及")) == "不涉及"
    assert value_of(Target, "nature", "目标") is Nature.TARGET
