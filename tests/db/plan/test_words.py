from __future__ import annotations

from dataclasses import fields
from enum import StrEnum

import pytest

import resources
from db.plan import vocabulary, words
from db.plan.model import Clause, Target

VOCABULARIES = [found for found in vars(vocabulary).values() if isinstance(found, type) and issubclass(found, StrEnum)]
VOCABULARIES.remove(StrEnum)
PLACES = {"id", "clause", "article", "part", "start", "end", "responsibility_start", "responsibility_end"}


@pytest.mark.parametrize("kind", VOCABULARIES, ids=lambda kind: kind.__name__)
def test_every_value_has_a_word_and_no_word_is_of_nothing(kind: type[StrEnum]) -> None:
    named = resources.load_toml("plan/words.toml")[kind.__name__]
    assert set(named) == {value.value for value in kind}
    assert all(words.word(value) for value in kind)
    assert len({words.word(value) for value in kind}) == len(kind)


def test_the_file_names_nothing_else() -> None:
    known = {kind.__name__ for kind in VOCABULARIES} | {"clause", "target"}
    assert set(resources.load_toml("plan/words.toml")) == known


@pytest.mark.parametrize(("about", "kind"), [("clause", Clause), ("target", Target)])
def test_every_field_but_places_has_a_title(about: words.About, kind: type) -> None:
    assert set(words.field_titles(about)) == {field.name for field in fields(kind)} - PLACES


def test_a_tip_ends_as_a_sentence() -> None:
    tips = [words.tip(value) for kind in VOCABULARIES for value in kind]
    assert [tip for tip in tips if tip and not tip.endswith("。")] == []
    assert words.tip(vocabulary.Comparator.EQUAL) == ""
    assert words.field_title("target", "value") == "目标值"
