from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.units import Unit, units
from db.plan.reading.amounts import Amount, find_amounts
from db.plan.vocabulary import Comparator


def amounts(text: str) -> list[Amount]:
    return find_amounts(text, [])[0]


@pytest.mark.parametrize(
    ("text", "value", "unit", "comparator"),
    [
        ("控制在4713万吨标准煤以内", "4713", "万吨标准煤", "at_most"),
        ("集中供暖面积达到2.08亿平方米", "2.08", "亿平方米", "at_least"),
        ("供电煤耗力争降至302克标准煤/千瓦时", "302", "克标准煤/千瓦时", "at_most"),
        ("提高30个百分点以上", "30", "个百分点", "at_least"),
        ("不低于40万户", "40", "万户", "at_least"),
        ("突破10亿元", "10", "亿元", "more_than"),
        ("小于3公里", "3", "公里", "less_than"),
        ("下降到15千克标煤/平方米左右", "15", "千克标煤/平方米", "about"),
        ("直径3.2米及以下", "3.2", "米", "at_most"),
        ("淘汰800台", "800", "台", "equal"),
        ("约300MW", "300", "MW", "about"),
        ("不少于12%", "12", "%", "at_least"),
        ("不超过8天", "8", "天", "at_most"),
        ("2000余吨", "2000", "吨", "more_than"),
        ("浓度≤3克/平方米", "3", "克/平方米", "at_most"),
        ("产能1.5亿块/年", "1.5", "亿块/年", "equal"),
        ("35蒸吨/小时以上", "35", "蒸吨/小时", "at_least"),
        ("亩均不高于2.5万元/亩", "2.5", "万元/亩", "at_most"),
    ],
)
def test_an_amount_is_read(text: str, value: str, unit: str, comparator: str) -> None:
    (amount,) = amounts(text)
    assert (amount.value, amount.unit, amount.comparator) == (Decimal(value), unit, Comparator(comparator))


def test_a_word_of_comparison_holds_for_a_whole_list() -> None:
    found = amounts("分别下降3.1%、3.7%、3.7%以上")
    assert [(one.comparator, one.shared) for one in found] == [
        (Comparator.AT_LEAST, True),
        (Comparator.AT_LEAST, True),
        (Comparator.AT_LEAST, False),
    ]
    assert {one.comparator for one in amounts("分别不低于10%和50%")} == {Comparator.AT_LEAST}


def test_a_range_has_two_ends() -> None:
    for text in ("30%—40%", "30—40%", "30%～40%"):
        (amount,) = amounts(f"占比达到{text}")
        assert (amount.value, amount.upper, amount.unit) == (Decimal(30), Decimal(40), "%")


def test_doubling_is_a_growth_of_a_hundred_percent() -> None:
    assert [(one.value, one.unit) for one in amounts("产值翻一番，产量翻两番")] == [
        (Decimal(100), "%"),
        (Decimal(300), "%"),
    ]


def test_a_number_without_a_unit_is_no_amount() -> None:
    found, bare = find_amounts("编号为17的点位", [])
    assert (found, [number.text for number in bare]) == ([], ["17"])


def test_what_is_masked_is_not_read() -> None:
    assert find_amounts("2023年12个", [(0, 5)])[0][0].value == 12


@given(st.sampled_from(units()), st.integers(1, 10**6), st.sampled_from(["以上", "以内", "左右", ""]))
def test_every_known_unit_is_read_behind_its_number(unit: Unit, value: int, behind: str) -> None:
    (amount,) = amounts(f"达到{value}{unit.name}{behind}。")
    assert (amount.value, amount.unit, amount.behind) == (Decimal(value), unit.name, behind)
