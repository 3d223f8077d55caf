from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.errors import DataProblem
from db.core.values import decimals_in
from db.work.sharing import Part, share_out

DECIMALS = st.sampled_from([0, 2, 4])


@st.composite
def divisions(draw: st.DrawFn) -> tuple[Decimal, list[Part], int, bool]:
    decimals = draw(DECIMALS)

    def amount(most: int) -> Decimal:
        return Decimal(draw(st.integers(0, most))).scaleb(-decimals)

    parts = [
        Part(
            weight=Decimal(draw(st.integers(0, 10**6))).scaleb(-3) if draw(st.booleans()) else None,
            before=amount(5000) if draw(st.booleans()) else None,
            locked=draw(st.booleans()),
        )
        for _ in range(draw(st.integers(1, 25)))
    ]
    return amount(10**7), parts, decimals, draw(st.booleans())


@given(divisions())
def test_shares_are_exact_or_nothing_is_shared(division: tuple[Decimal, list[Part], int, bool]) -> None:
    total, parts, decimals, only_rest = division
    try:
        shares = share_out(total, parts, decimals, only_rest=only_rest)
    except DataProblem:
        return
    assert sum(share for share in shares if share is not None) == total
    for share, part in zip(shares, parts, strict=True):
        assert share is None or (share >= 0 and decimals_in(share) <= decimals)
        if part.locked:
            assert share == part.before
        elif only_rest and part.before:
            assert share is not None
            assert share >= part.before
        elif not part.weight:
            assert share == (part.before if only_rest else None)


@given(divisions())
def test_what_can_be_shared_is_shared(division: tuple[Decimal, list[Part], int, bool]) -> None:
    total, parts, decimals, _ = division
    held = sum((part.before for part in parts if part.locked and part.before), Decimal(0))
    if any(part.weight and not part.locked for part in parts):
        assert share_out(total + held, parts, decimals) is not None


def part(weight: int | None, before: int | None = None, *, locked: bool = False) -> Part:
    return Part(None if weight is None else Decimal(weight), None if before is None else Decimal(before), locked)


def test_the_rest_goes_to_those_that_have_nothing() -> None:
    assert share_out(Decimal(100), [part(1, 40), part(1), part(2), part(None)], 0, only_rest=True) == [40, 20, 40, None]


def test_the_rest_goes_on_top_when_all_have_something() -> None:
    parts = [part(1, 40), part(1, 30), part(5, 10, locked=True)]
    assert share_out(Decimal(101), parts, 0, only_rest=True) == [51, 40, 10]


@pytest.mark.parametrize(
    ("total", "parts", "only_rest", "why"),
    [
        (10, [part(1, 40), part(1)], True, "没有余下的可分"),
        (10, [part(None), part(1, 3, locked=True)], False, "没有可以分配的责任主体"),
        (10, [part(None), part(1, 3, locked=True)], True, "没有可以分配的责任主体"),
        (10, [part(1), part(1, 30, locked=True)], False, "锁定的部分"),
    ],
)
def test_what_cannot_be_done_is_told(total: int, parts: list[Part], only_rest: bool, why: str) -> None:
    with pytest.raises(DataProblem, match=why):
        share_out(Decimal(total), parts, 0, only_rest=only_rest)
