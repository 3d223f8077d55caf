"""When the figures of some add up to that of the county, and when it has to be said that they do not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from db.work.monthly.curves import curve
from db.work.monthly.grid import month_grid
from db.work.monthly.lamps import LampKind
from db.work.monthly.model import COUNTY, RowKey
from db.work.monthly.totals import Total
from tests.db.work.desk import Desk
from tests.db.work.monthly.test_grid import MARCH, file

RATE = "16-01-1"


def total(desk: Desk) -> Total:
    return month_grid(desk.conn, desk.plan, MARCH).totals[RATE]


@pytest.mark.parametrize("others", [0, 1])
def test_one_towns_rate_without_its_parts_is_not_the_countys(desk: Desk, others: int) -> None:
    desk.quota(RATE, 2022, "85")
    desk.share(RATE, 2022, *["85"] * (1 + others))
    file(desk, RowKey(RATE, "town", desk.towns[0]), amount=Decimal(88))
    found = total(desk)
    assert found.figure is None and found.apart == 1 and found.lamp.kind is LampKind.GREY
    assert "1家只有比率、没有分子分母，暂不能汇总" in found.lamp.sentence
    assert "补填分子、分母" in found.lamp.sentence
    points = curve(desk.conn, desk.plan, MARCH, RATE).points
    assert [point.actual for point in points] == [None] * 12


def test_a_town_with_its_parts_is_summed_and_the_others_are_told(desk: Desk) -> None:
    desk.quota(RATE, 2022, "85")
    desk.share(RATE, 2022, "85", "85")
    file(desk, RowKey(RATE, "town", desk.towns[0]), amount=Decimal(88))
    file(desk, RowKey(RATE, "town", desk.towns[1]), numerator=Decimal(9), denominator=Decimal(10))
    found = total(desk)
    assert found.figure is not None and (found.figure.value, found.apart) == (Decimal(90), 1)
    assert "1家只有比率、没有分子分母，没有汇总进来" in found.lamp.sentence


@pytest.mark.parametrize("kind", [COUNTY, "department"])
def test_who_answers_for_the_whole_county_needs_no_parts(desk: Desk, kind: str) -> None:
    who = COUNTY
    if kind == "department":
        (who,) = desk.conn.execute("SELECT id FROM department WHERE deleted_at IS NULL ORDER BY seq LIMIT 1").fetchone()
        desk.give(RATE, 2022, kind, who, amount=Decimal(85))
    file(desk, RowKey(RATE, kind, who), amount=Decimal(88))
    found = total(desk)
    assert found.figure is not None and (found.figure.value, found.apart) == (Decimal(88), 0)
    points = curve(desk.conn, desk.plan, MARCH, RATE).points
    assert points[2].actual == Decimal(88)
