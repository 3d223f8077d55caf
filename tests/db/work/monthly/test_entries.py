"""Entries that were deleted come back as if they had never been, whichever way they are written again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from db.core.fields import load_schema
from db.core.period import Period
from db.store import records
from db.work.monthly.entries import copy_last_month
from db.work.monthly.model import RowKey
from tests.db.work.desk import Desk
from tests.db.work.monthly.test_grid import HEATING, MARCH, file, key, line

FEBRUARY = Period(2022, 2)


@pytest.fixture
def deleted(desk: Desk) -> RowKey:
    """A line whose entry of March, with a problem and a reason, lies in the recycle bin."""
    desk.share(HEATING, 2022, "1200")
    row = key(desk)
    file(desk, row, MARCH, amount=Decimal(9), problems="旧的问题", override_reason="旧的理由")
    with desk.county.operation("删除") as op:
        records.delete(op, load_schema("progress"), [line(desk, row).now.id])
    return row


def test_last_month_is_copied_over_a_deleted_entry(desk: Desk, deleted: RowKey) -> None:
    file(desk, deleted, FEBRUARY, amount=Decimal(200), situation="进场")
    with desk.county.operation("沿用上月") as op:
        assert copy_last_month(op, MARCH, [deleted]) == 1
    now = line(desk, deleted).now
    assert (now.amount, now.situation, now.problems, now.override_reason) == (Decimal(200), "进场", "", "")
    assert (now.source, now.reviewed) == ("copied", False)


def test_what_is_typed_over_a_deleted_entry_is_all_there_is(desk: Desk, deleted: RowKey) -> None:
    file(desk, deleted, situation="进场")
    now = line(desk, deleted).now
    assert (now.text, now.situation, now.problems, now.override_reason) == ("未报", "进场", "", "")
    assert now.reviewed
