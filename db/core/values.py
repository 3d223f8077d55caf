"""What a cell can hold: nothing yet (未报), a value, or one of two answers that are not values (不涉及, 暂无数据)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from db.core.errors import DataProblem


class State(StrEnum):
    """An answer that is not a value. It is a `str`: test for `State` before testing for `str`."""

    NOT_APPLICABLE = "不涉及"
    NO_DATA = "暂无数据"


_STATES = {state.value: state for state in State}

Cell = State | Decimal | str | date | bool | None
"""None is 未报, which is neither zero nor an empty text."""

UNREPORTED = "未报"
"""How people name a cell that holds None."""

_STATES = {state.value: state for state in State}
MICRO_DIGITS = 6
MICRO = 1_000_000
LARGEST = Decimal(9_000_000_000_000)
"""The largest amount a cell can hold, either sign: its micro-units must fit into 63 bits."""


def read_state(text: str) -> State | None:
    """Return the state that `text` (already trimmed) names, or None when it names none."""
    return _STATES.get(text)


def plain(amount: Decimal) -> Decimal:
    """Return the same number without trailing zeros, exponent or negative zero: the one spelling of a value."""
    if not amount:
        return Decimal(0)
    sign, digits, exponent = amount.as_tuple()
    if not isinstance(exponent, int):
        raise DataProblem("不是一个数。", advice="请填写数字。", code="number.nan")
    if exponent == 0:
        return amount
    kept = len(digits)
    while exponent < 0 and kept > 1 and digits[kept - 1] == 0:
        kept -= 1
        exponent += 1
    if exponent > 0:
        return Decimal((sign, digits + (0,) * exponent, 0))
    return Decimal((sign, digits[:kept], exponent))


def decimals_in(amount: Decimal) -> int:
    """Return how many digits `amount` needs after the point: 1 for 1.50, 0 for 100."""
    exponent = plain(amount).as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def to_micro(amount: Decimal) -> int:
    """Return `amount` × 10^6, exactly, as stored; DataProblem when it has more than 6 decimals or is too large."""
    if not amount.is_finite():
        raise DataProblem("不是一个数。", advice="请填写数字。", code="number.nan")
    if amount.copy_abs() > LARGEST:
        raise DataProblem("数太大，超过9万亿。", advice="请核对单位。", code="number.too_large")
    whole = int(amount)
    if whole == amount:
        return whole * MICRO
    # The fraction of 1E-999999 would have a million digits.
    tiny = bool(amount) and amount.adjusted() < -MICRO_DIGITS
    numerator, denominator = (1, MICRO + 1) if tiny else amount.as_integer_ratio()
    micro, rest = divmod(numerator * MICRO, denominator)
    if rest:
        raise DataProblem(
            f"小数超过{MICRO_DIGITS}位，存不准。", advice=f"请保留{MICRO_DIGITS}位以内小数。", code="number.decimals"
        )
    return micro


def from_micro(micro: int) -> Decimal:
    """Return the amount whose micro-units are `micro`, without trailing zeros or exponent; inverse of `to_micro`."""
    # Whole amounts are by far the most; for them the long way would do nothing.
    whole, rest = divmod(micro, MICRO)
    return plain(Decimal(micro).scaleb(-MICRO_DIGITS)) if rest else Decimal(whole)
