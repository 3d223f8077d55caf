from __future__ import annotations

import pytest

from tests.db.plan.reading.held_out import Sentence, paired, read_text, sentences, wrong_fields

SENTENCES = sentences()


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: sentence.text[:20])
def test_a_sentence_of_another_plan_is_read(sentence: Sentence) -> None:
    read = read_text(sentence.text, *sentence.years)
    pairs = paired(sentence.targets, read.targets)
    assert [wanted for wanted, target in pairs if target is None] == []
    assert [fields for wanted, target in pairs if target and (fields := wrong_fields(wanted, target))] == []
    assert len(read.targets) == len(sentence.targets), [target.quote for target in read.targets]
    assert [one.text for one in read.leftovers] == list(sentence.left)


def test_there_are_enough_sentences_of_every_kind() -> None:
    assert len(SENTENCES) >= 90
    natures = [target.get("nature", "target") for sentence in SENTENCES for target in sentence.targets]
    assert {"target", "criterion", "reference", "prohibition", "recurring", "standing_requirement"} == set(natures)
    assert sum(not sentence.targets for sentence in SENTENCES) >= 8
