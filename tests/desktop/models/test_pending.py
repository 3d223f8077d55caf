from __future__ import annotations

from db.core.changes import Changes
from desktop.models.pending import Pending
from desktop.session import EverythingChanged


def write(*ids: str, table: str = "assignment") -> Changes:
    return Changes(rows={table: frozenset(ids)})


def test_everything_is_read_at_first_whatever_was_written() -> None:
    pending = Pending()
    pending.add(write("a"))
    assert pending.rows is None


def test_writes_add_up_until_a_read_arrives() -> None:
    pending = Pending()
    pending.settle()
    pending.add(write("a"))
    pending.add(write("b"))
    pending.add(write("q", table="quota"))
    assert pending.rows == {"assignment": frozenset("ab"), "quota": frozenset("q")}
    pending.settle()
    assert pending.rows == {}


def test_a_write_of_unknown_extent_asks_for_everything() -> None:
    for unknown in (None, EverythingChanged()):
        pending = Pending()
        pending.settle()
        pending.add(unknown)
        pending.add(write("a"))
        assert pending.rows is None
