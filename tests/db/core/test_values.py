from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.errors import DataProblem
from db.core.values import LARGEST, State, decimals_in, from_micro, plain, read_state, to_micro

MICROS = st.integers(-9 * 10**18, 9 * 10**18)


@given(MICROS)
def test_micro_units_round_trip(micro: int) -> None:
    amount = from_micro(micro)
    assert to_micro(amount) == micro
    assert "E" not in str(amount)
    assert amount == plain(amount)
    assert str(amount) == str(plain(amount))


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_any_decimal_is_stored_exactly_or_refused(amount: Decimal) -> None:
    try:
        micro = to_micro(amount)
    except DataProblem:
        return
    assert from_micro(micro) == amount


def test_limits_of_storage() -> None:
    assert to_micro(LARGEST) == 9 * 10**18 < 2**63
    assert to_micro(Decimal("-0.000001")) == -1
    for refused in ("9000000000000.000001", "0.0000001", "1E+1000000", "1E-1000000", "NaN", "sNaN", "Infinity"):
        with pytest.raises(DataProblem):
            to_micro(Decimal(refused))


def test_plain_has_one_spelling() -> None:
    assert [str(plain(Decimal(text))) for text in ("1.50", "100", "1E+2", "-0.0", "0E-9", "-2.10")] == [
        "1.5",
        "100",
        "100",
        "0",
        "0",
        "-2.1",
    ]
    assert [decimals_in(Decimal(text)) for text in ("1.50", "1E+2", "0.001", "0")] == [1, 0, 3, 0]


def test_states_are_read_letter_by_letter() -> None:
    assert read_state("不涉及") is State.NOT_APPLICABLE
    assert read_state("暂无数据") is State.NO_DATA
    assert read_state("不适用") is None
    assert read_state("") is None
