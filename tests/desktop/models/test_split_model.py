"""分配…: the shares add up exactly, locked ones stay, and those without a weight get nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.fields import Field
from db.work.breakdown import Assignee
from desktop.models.split_model import Col, Recipient, SplitModel

WHOLE = Field("amount", "任务量", "number", unit="户", decimals=0)


def recipients(*before: int | None) -> list[Recipient]:
    return [
        Recipient(Assignee("town", str(n), f"{n}镇"), None if b is None else Decimal(b)) for n, b in enumerate(before)
    ]


def shares(model: SplitModel) -> list[Decimal | None]:
    return [line.share for line in model.recipients]


def equal(model: SplitModel) -> None:
    model.weigh({line.assignee.id: Decimal(1) for line in model.recipients})


def test_equal_parts_add_up() -> None:
    model = SplitModel(WHOLE)
    model.set_recipients(recipients(None, None, None))
    equal(model)
    model.set_total(Decimal(100))
    assert shares(model) == [34, 33, 33]
    assert model.sentence("户") == "分给3个责任主体，合计100户。"


def test_locked_keeps_its_amount_and_no_weight_takes_no_part() -> None:
    model = SplitModel(WHOLE)
    model.set_recipients(recipients(40, 7, 9))
    equal(model)
    model.set_total(Decimal(100))
    assert model.setData(model.index(0, Col.LOCKED), "√")
    assert model.setData(model.index(2, Col.WEIGHT), "")
    assert shares(model) == [40, 60, None]
    assert "锁定40户" in model.sentence("户")


def test_what_cannot_be_shared_out_is_said() -> None:
    model = SplitModel(WHOLE)
    model.set_recipients(recipients(40, None))
    equal(model)
    assert "总数" in model.trouble
    model.set_total(Decimal("1.5"))
    assert "整数" in model.trouble
    model.set_total(Decimal(30))
    model.setData(model.index(0, Col.LOCKED), "√")
    assert "锁定" in model.trouble
    assert shares(model) == [None, None]
    model.setData(model.index(1, Col.WEIGHT), "很多")
    assert model.problem(1, Col.WEIGHT)


def test_rates_are_the_same_for_all() -> None:
    model = SplitModel(WHOLE, same_for_all=True)
    model.set_recipients(recipients(None, 3))
    equal(model)
    model.set_total(Decimal(9))
    model.setData(model.index(1, Col.LOCKED), "√")
    assert shares(model) == [9, 3]


@given(
    st.integers(0, 100_000),
    st.lists(st.tuples(st.integers(0, 50), st.booleans(), st.integers(0, 500)), min_size=1, max_size=12),
)
def test_any_split_adds_up_or_says_why_not(total: int, lines: list[tuple[int, bool, int]]) -> None:
    model = SplitModel(WHOLE)
    model.set_recipients(recipients(*(before for _, _, before in lines)))
    model.weigh({str(n): Decimal(weight) or None for n, (weight, _, _) in enumerate(lines)})
    for row, (_, locked, _) in enumerate(lines):
        if locked:
            model.setData(model.index(row, Col.LOCKED), "√")
    model.set_total(Decimal(total))
    found = shares(model)
    if model.trouble:
        assert found == [None] * len(lines)
    else:
        assert sum(share for share in found if share is not None) == total
        assert all(share is None or share >= 0 for share in found)
        assert all(share == line.before for share, line in zip(found, model.recipients, strict=True) if line.locked)


@pytest.mark.parametrize("text", ["-1", "一半"])
def test_impossible_weights_are_refused(text: str) -> None:
    model = SplitModel(WHOLE)
    model.set_recipients(recipients(None))
    assert not model.setData(model.index(0, Col.WEIGHT), text)
    assert model.recipients[0].weight is None
