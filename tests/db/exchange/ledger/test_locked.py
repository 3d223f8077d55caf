"""Packages under a password, into the ledger."""

from __future__ import annotations

from pathlib import Path

from db.exchange.ledger.consolidate import consolidate, take_one
from db.exchange.ledger.file import Ledger
from db.exchange.ledger.outcomes import Outcome
from tests.db.exchange.ledger.city import TODAY
from tests.db.exchange.packages import small_package

PASSWORD = "granary-Lantern-2022"


def test_it_is_taken_with_its_password_alone(tmp_path: Path) -> None:
    package = small_package(tmp_path, password=PASSWORD)
    with Ledger.create(tmp_path / "核收.db", author="李明") as ledger:
        (locked,) = consolidate(ledger, [package], on=TODAY).received
        assert locked.outcome is Outcome.REFUSED and locked.asks_for_password and "密码" in locked.sentence
        (wrong,) = consolidate(ledger, [package], on=TODAY, passwords=["another-Lantern-2021"]).received
        assert wrong.outcome is Outcome.REFUSED and wrong.asks_for_password
        found = consolidate(ledger, [package], on=TODAY, passwords=["another-Lantern-2021", PASSWORD])
        assert found.ok and found.received[0].outcome is Outcome.RECEIVED
        assert take_one(ledger, package, on=TODAY, password=PASSWORD)[1] == 1
        with ledger.reading() as conn:
            assert PASSWORD not in "\n".join(conn.iterdump())
