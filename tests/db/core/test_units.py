from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.errors import DataProblem
from db.core.units import convert, convert_rounded, convertible, decimals_of, family_of, find_unit, units
from tests.db.core.outcomes import outcome

PAIRS = [(a.name, b.name) for a in units() for b in units() if a.family == b.family]


@pytest.mark.parametrize(
    ("amount", "from_unit", "to_unit", "result"),
    [
        ("39", "万公顷", "亩", "5850000"),
        ("1", "公顷", "亩", "15"),
        ("40", "万户", "户", "400000"),
        ("2.08", "亿平方米", "万平方米", "20800"),
        ("23", "亿立方米", "万立方米", "230000"),
        ("500", "吨", "万吨", "0.05"),
        ("300", "MW", "万千瓦", "30"),
        ("280", "亿千瓦时", "千瓦时", "28000000000"),
        ("4713", "万吨标准煤", "吨标煤", "47130000"),
        ("10", "亿元", "万元", "100000"),
        ("20", "公里", "米", "20000"),
        ("7", "斤", "斤", "7"),
    ],
)
def test_conversions_of_the_plan(amount: str, from_unit: str, to_unit: str, result: str) -> None:
    assert convert(Decimal(amount), from_unit, to_unit) == Decimal(result)


@given(st.sampled_from(PAIRS), st.integers(-(10**9), 10**9), st.integers(0, 6))
def test_conversion_there_and_back(pair: tuple[str, str], digits: int, places: int) -> None:
    amount = Decimal(digits).scaleb(-places)
    there = outcome(lambda: convert(amount, pair[0], pair[1]))
    if isinstance(there, DataProblem):
        assert there.code == "unit.inexact"
        return
    back = outcome(lambda: convert(there, pair[1], pair[0]))
    assert back == amount or (isinstance(back, DataProblem) and back.code == "number.too_large")


@given(st.sampled_from(PAIRS), st.integers(-(10**9), 10**9))
def test_rounded_conversion_is_within_half_a_step(pair: tuple[str, str], digits: int) -> None:
    source, target = find_unit(pair[0]), find_unit(pair[1])
    assert source is not None
    assert target is not None
    shown = Fraction(convert_rounded(Decimal(digits), *pair))
    assert abs(shown - digits * source.factor / target.factor) <= Fraction(1, 2 * 10**target.decimals)


def test_rounding_is_half_up_away_from_zero() -> None:
    assert convert_rounded(Decimal("0.5"), "户", "户", decimals=0) == 1
    assert convert_rounded(Decimal("-0.5"), "户", "户", decimals=0) == -1
    assert convert_rounded(Decimal(1), "亩", "公顷") == Decimal("0.0667")


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(DataProblem, match="超过6位小数"):
        convert(Decimal(1), "亩", "公顷")
    for pair in (("吨", "吨标准煤"), ("%", "个百分点"), ("公顷", "平方米"), ("家", "个"), ("斤", "吨")):
        assert not convertible(*pair)
        with pytest.raises(DataProblem, match="不能换算"):
            convert(Decimal(1), *pair)
    for amount in ("NaN", "1E+100000", "1E-100000"):
        with pytest.raises(DataProblem):
            convert(Decimal(amount), "吨", "万吨")


def test_spellings_of_one_unit() -> None:
    for spelling, name in (
        ("㎡", "平方米"),
        ("m²", "平方米"),
        ("万㎡", "万平方米"),
        ("m³", "立方米"),
        ("ＭＷ", "兆瓦"),
        ("kWh", "千瓦时"),
        ("万 吨", "万吨"),
        ("％", "%"),
        ("蒸吨/小时", "蒸吨"),
        ("千克标准煤/平方米", "千克标煤/平方米"),
    ):
        found = find_unit(spelling)
        assert found is not None, spelling
        assert found.name == name


def test_the_table_is_sound() -> None:
    families: dict[str, list[Fraction]] = {}
    for unit in units():
        families.setdefault(unit.family, []).append(unit.factor)
        assert 0 <= unit.decimals <= 6
        assert unit.factor > 0
    for family, factors in families.items():
        assert 1 in factors, family
        assert len(set(factors)) == len(factors), family


def test_whole_units_and_unknown_ones() -> None:
    for name in ("户", "台", "辆", "家", "个"):
        assert decimals_of(name) == 0
        unit = find_unit(name)
        assert unit is not None
        assert unit.whole
    assert (decimals_of("斤"), family_of("斤"), find_unit("斤")) == (6, None, None)
