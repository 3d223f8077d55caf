"""The table behind a chart: what was not reported is empty, never zero; numbers are plain for a spreadsheet."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from desktop.widgets.charts.scale import spread_labels, ticks
from tests.desktop.widgets.charts.samples import EMPTY, MONTHS, PARTS


def test_the_numbers_for_a_spreadsheet_are_plain() -> None:
    title, headings, *lines = MONTHS.tsv().splitlines()
    assert title == "农村清洁取暖（单位：户）"
    assert headings == "月份\t实际\t序时计划"
    assert lines == ["2022年1月\t20\t300", "2022年2月\t\t600", "2022年3月\t1180.5\t900", "2022年4月\t\t1200"]


def test_the_numbers_for_people_have_separators() -> None:
    assert MONTHS.table()[3] == ["2022年3月", "1,180.5", "900"]


def test_a_value_is_told_with_its_row_series_and_unit() -> None:
    assert PARTS.told(1, 1) == "能源结构　滞后 5项"
    assert MONTHS.told(1, 0) == "2022年2月　实际 未报"


def test_a_screen_reader_gets_everything_that_was_reported() -> None:
    words = MONTHS.words()
    assert words.startswith("农村清洁取暖（单位：户）：2022年1月 实际20、序时计划300；2022年2月 序时计划600；")


def test_nothing_reported_is_empty_and_zero_is_not() -> None:
    assert EMPTY.is_empty and not PARTS.is_empty
    assert EMPTY.largest == 0


@given(st.decimals("0.000001", "9000000000000", places=6), st.integers(2, 8))
def test_the_steps_of_an_axis_are_even_and_reach_the_largest(largest: Decimal, most: int) -> None:
    found = ticks(largest, most)
    assert found[0] == 0 and found[-1] >= largest > found[-2]
    assert 2 <= len(found) <= most + 1
    step = found[1]
    assert found == [step * place for place in range(len(found))]
    assert step.normalize().as_tuple().digits in ((1,), (2,), (5,))


def test_an_axis_of_nothing_has_two_steps() -> None:
    assert ticks(Decimal(0)) == [0, 1]


def test_labels_are_left_out_evenly_where_there_is_no_room() -> None:
    assert spread_labels([30.0] * 12, 600, 10) == 1
    assert spread_labels([30.0] * 36, 600, 10) == 3
    assert spread_labels([], 600, 10) == 1
