"""Reading numbers: one way for typed, pasted and imported ones, exact, and refusing what could mean two things.

Read: `1,200` `１，２００` `-5` `+5` `.5` `1.2万` `3亿`, and a unit that is the column's or converts into it exactly
(`5万吨` or `500吨` in a 万吨 column). Refused: `1,23` `1 200` `1.2E5` (a spreadsheet writes this when it has already
dropped digits), `12万` where the column's unit is itself 万…, other units, more decimals than the unit carries.
"""

from __future__ import annotations

import re
from decimal import Decimal

from db.core.errors import DataProblem
from db.core.text import fold_width, quote
from db.core.units import convert, convertible, decimals_of, find_unit
from db.core.values import LARGEST, MICRO_DIGITS, decimals_in, plain

_NUMBER = re.compile(
    r"(?P<number>[+-]?(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+|(?=\.[0-9]))(?:\.[0-9]+)?)(?![0-9.,])(?P<rest>.*)"
)
_SCIENTIFIC = re.compile(r"[+-]?[0-9.]+[eE][+-]?[0-9]+")
_POWERS_OF_TEN = {
    "百": 2,
    "千": 3,
    "万": 4,
    "十万": 5,
    "百万": 6,
    "千万": 7,
    "亿": 8,
    "十亿": 9,
    "百亿": 10,
    "千亿": 11,
    "万亿": 12,
}
_LONGEST = 60
_FEW_DIGITS = 12
# A binary number keeps 15 decimal digits truly; what follows is noise (0.1 + 0.2), and spreadsheets hide it too.
_TRUE_DIGITS = 15


def parse_number(text: str, *, unit: str | None = None, decimals: int | None = None) -> Decimal:
    """Return the amount that `text` states, in the column's `unit` (None or "" = a plain number).

    DataProblem, in words for the clerk, when it is no number, ambiguous, in a unit that does not convert exactly, or
    has more than `decimals` decimals (default: those of the unit, else 6).
    """
    if len(text) <= _FEW_DIGITS and text.isascii() and text.isdigit():
        return Decimal(text)  # so are most, and nothing can be wrong with them
    folded = fold_width(text)
    match = _NUMBER.fullmatch(folded) if len(folded) <= _LONGEST else None
    if match is None or _SCIENTIFIC.fullmatch(folded):
        raise _not_a_number(folded, text)
    amount = Decimal(match["number"].replace(",", ""))
    suffix = match["rest"].strip()
    if not suffix:
        return fitted(amount, unit=unit, decimals=decimals, shown=text)
    if suffix[0] in "0123456789.,-~/:":
        raise _not_a_number(folded, text)
    return _with_suffix(amount, suffix, unit=unit or "", decimals=decimals, text=text)


def number_from(value: int | float | Decimal, *, unit: str | None = None, decimals: int | None = None) -> Decimal:
    """Return the amount in a spreadsheet's or program's number `value`, which is already in the column's `unit`.

    A float is read with 15 significant digits: 0.1 + 0.2 is 0.3. DataProblem as for `parse_number`.
    """
    if isinstance(value, float):
        amount = Decimal(format(value, f".{_TRUE_DIGITS}g"))
    else:
        amount = Decimal(value)
    return fitted(amount, unit=unit, decimals=decimals, shown=value)


def fitted(amount: Decimal, *, unit: str | None, decimals: int | None, shown: object = None) -> Decimal:
    """Return `amount` in its one spelling when a cell of this unit can hold it exactly; DataProblem otherwise."""
    shown = amount if shown is None else shown
    if not amount.is_finite():
        raise DataProblem(f"{quote(shown)}不是一个数。", advice="请填写数字。", code="number.nan")
    if amount.copy_abs() > LARGEST:
        raise DataProblem(f"{quote(shown)}太大，超过9万亿。", advice="请核对数字和单位。", code="number.too_large")
    places = _places(unit, decimals)
    fit = plain(amount)
    if decimals_in(fit) > places:
        if places == 0:
            whose = f"单位是{unit}，" if unit else ""
            raise DataProblem(f"{quote(shown)}不是整数，{whose}只能填整数。", advice="请核对。", code="number.whole")
        raise DataProblem(
            f"{quote(shown)}的小数位太多，最多{places}位。", advice=f"请按{places}位小数填写。", code="number.decimals"
        )
    return fit


def _places(unit: str | None, decimals: int | None) -> int:
    if decimals is not None:
        return min(decimals, MICRO_DIGITS)
    return decimals_of(unit) if unit else MICRO_DIGITS


def _with_suffix(amount: Decimal, suffix: str, *, unit: str, decimals: int | None, text: str) -> Decimal:
    power, stated = _split_suffix(suffix, unit)
    shifted = _shifted(amount, power)
    if not stated:
        if unit.startswith(tuple(_POWERS_OF_TEN)):
            raise DataProblem(
                f"{quote(text)}看不出是{amount}{suffix}{unit.lstrip('百千万亿')}还是{amount}{suffix}个{unit}。",
                advice=f"请写明单位，或只填以{unit}计的数字。",
                code="number.ambiguous",
            )
        return fitted(shifted, unit=unit, decimals=decimals, shown=text)
    if not unit:
        raise DataProblem(
            f"{quote(text)}里有{quote(stated)}，这一列没有单位。", advice="请只填数字。", code="unit.none"
        )
    if not convertible(stated, unit):
        known = find_unit(stated)
        message = f"的单位是{known.name}" if known else f"里的{quote(stated)}不是认识的单位"
        raise DataProblem(
            f"{quote(text)}{message}，这一列的单位是{unit}。", advice="请换算后填写。", code="unit.mismatch"
        )
    return _converted(shifted, stated, unit, decimals=decimals, text=text)


def _converted(amount: Decimal, stated: str, unit: str, *, decimals: int | None, text: str) -> Decimal:
    places = _places(unit, decimals)
    try:
        result = convert(amount, stated, unit, decimals=places)
    except DataProblem as problem:
        if problem.code != "unit.inexact":
            raise
        kind = f"超过{places}位小数，存不准" if places else "不是整数"
        raise DataProblem(f"{quote(text)}换算成{unit}后{kind}。", advice="请换算后填写。", code=problem.code) from None
    return fitted(result, unit=unit, decimals=decimals, shown=text)


def _split_suffix(suffix: str, unit: str) -> tuple[int, str]:
    """Return power of ten and unit of what follows a number: 万户 is a unit, 千万元 is 千万 and 元, 万 has no unit."""
    if convertible(suffix, unit) or find_unit(suffix):
        return 0, suffix
    for word in sorted(_POWERS_OF_TEN, key=len, reverse=True):
        rest = suffix.removeprefix(word)
        if rest == suffix or rest.startswith(tuple(_POWERS_OF_TEN)):
            continue
        if not rest or convertible(rest, unit) or find_unit(rest):
            return _POWERS_OF_TEN[word], rest
    return 0, suffix


def _shifted(amount: Decimal, power: int) -> Decimal:
    # Not a multiplication: that would round to the 28 digits of Python's decimal context.
    sign, digits, exponent = amount.as_tuple()
    assert isinstance(exponent, int)
    return Decimal((sign, digits, exponent + power))


def _not_a_number(folded: str, text: str) -> DataProblem:
    shown = quote(text)
    if _SCIENTIFIC.fullmatch(folded):
        return DataProblem(
            f"{shown}是科学计数法，可能已经丢了位数。", advice="请按原始资料填写完整的数字。", code="number.scientific"
        )
    if re.search(r"[0-9]\s+[0-9]", folded):
        return DataProblem(f"{shown}中间有空格，看不出是几个数。", advice="请去掉空格。", code="number.space")
    if re.match(r"[+-]?[0-9][0-9,]*,[0-9,]*", folded):
        return DataProblem(
            f"{shown}里逗号的位置不对，千分位逗号应每三位一个。",
            advice="请去掉逗号；小数点请用“.”。",
            code="number.comma",
        )
    if folded in ("不适用", "无", "-", "--", "—", "——", "/", "\\"):
        return DataProblem(
            f"{shown}看不出是没有填还是不涉及。",
            advice="还没有数请留空，本项不涉及请填“不涉及”。",
            code="state.unclear",
        )
    return DataProblem(f"{shown}不是一个数。", advice="请填写数字，例如1200或1.2万。", code="number.text")
