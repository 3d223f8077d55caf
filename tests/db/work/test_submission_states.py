"""The states of a package are those that its definition allows."""

from __future__ import annotations

from db.core.fields import load_schema
from db.work import submission_states as states


def test_states_are_those_of_the_definition() -> None:
    schema = load_schema("submission")
    assert schema.field("status").enum == (states.EXPORTED, states.RECEIVED, states.SUPERSEDED, states.RECALLED)
    assert schema.field("review").enum == (states.WAITING, states.DOUBTFUL, states.RETURNED, states.PASSED)
