from __future__ import annotations

from datetime import date

import pytest

from db.plan.reading.span_of_years import published_on, years_of


@pytest.mark.parametrize(
    ("title", "text", "years"),
    [
        ("某市三年行动方案（2021—2023年）", "到2025年", (2021, 2023)),
        ("某市行动计划（2023-2025年）", "", (2023, 2025)),
        ("某市行动计划（２０２３－２０２５年）", "", (2023, 2025)),
        ("某市行动计划（2023年至2025年）", "", (2023, 2025)),
        ("某市“十四五”规划", "", (2021, 2025)),
        ("某市国民经济和社会发展第十五个五年规划纲要任务分工方案", "到2030年", (2026, 2030)),
        ("某市2024年工作要点", "到2025年", (2024, 2024)),
        ("某市方案", "比2020年下降，到2025年完成，到2027年建成，到2027年底", (2025, 2027)),
        ("某市方案", "2024年，2024年，2023年", (2024, 2024)),
    ],
)
def test_years(title: str, text: str, years: tuple[int, int]) -> None:
    assert years_of(title, text) == (date(years[0], 1, 1), date(years[1], 12, 31))


@pytest.mark.parametrize(
    ("before", "behind", "day"),
    [
        ("请于2022年3月15日前反馈。\n某办公室\n2022年3月10日\n", "", date(2022, 3, 10)),
        ("二〇二二年三月十日\n", "", date(2022, 3, 10)),
        ("", "某办公室\n2022年5月16日印发\n", date(2022, 5, 16)),
        ("", "2022年13月40日\n", date(2021, 1, 1)),
    ],
)
def test_the_day_it_came_out(before: str, behind: str, day: date) -> None:
    assert published_on(f"{before}方案\n{behind}", len(before), date(2021, 1, 1)) == day
