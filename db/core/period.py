"""The period that a figure or a report belongs to: a month (`2022-03`) or a year (`2022`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from db.core.dates import FIRST_YEAR, LAST_YEAR
from db.core.errors import DataProblem
from db.core.text import fold_width, quote

REPORTED_UNTIL = timedelta(days=10)
"""For how long into the next month a month is the one to be filled in."""

_FORMS = (
    re.compile(r"([0-9]{4})\s*年?"),
    re.compile(r"([0-9]{4})[-/]([0-9]{1,2})"),
    re.compile(r"([0-9]{4})\s*年\s*([0-9]{1,2})\s*月"),
    re.compile(r"([0-9]{4})\.?(0[1-9]|1[0-2])"),
    re.compile(r"([0-9]{4})\.([2-9])"),
)


@dataclass(frozen=True, order=True)
class Period:
    """A year (`month` 0) or one of its months; a year sorts before its months. `str` gives `2022` or `2022-03`."""

    year: int
    month: int = 0

    def __post_init__(self) -> None:
        """Refuse a year outside 1949–2100 and a month that does not exist, with ValueError."""
        if not (FIRST_YEAR <= self.year <= LAST_YEAR and 0 <= self.month <= 12):
            raise ValueError(f"no such period: {self.year}-{self.month}")

    @classmethod
    def parse(cls, text: str) -> Period:
        """Return the period that `text` names: 2022, 2022年, 2022-03, 2022/3, 2022年3月, 2022.03, 202203.

        DataProblem for anything else, `2022.1` included: a spreadsheet writes that for 2022.10 too.
        """
        folded = fold_width(text)
        for form in _FORMS:
            match = form.fullmatch(folded)
            if match:
                year, month = int(match[1]), int(match[2]) if form.groups == 2 else 0
                if FIRST_YEAR <= year <= LAST_YEAR and month <= 12 and (month or form.groups == 1):
                    return cls(year, month)
                raise DataProblem(f"没有{quote(text)}这一期。", advice="请核对年份和月份。", code="period.impossible")
        if re.fullmatch(r"[0-9]{4}\.1", folded):
            raise DataProblem(
                f"{quote(text)}看不出是1月还是10月。", advice="请写成2022-01或2022-10的样子。", code="period.ambiguous"
            )
        raise DataProblem(f"{quote(text)}不是期别。", advice="月报写2022-03，年报写2022。", code="period")

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}" if self.month else f"{self.year:04}"

    @property
    def is_month(self) -> bool:
        """Return whether this is a month, not a year."""
        return self.month > 0

    @property
    def title(self) -> str:
        """Return how people write it: 2022年3月, 2022年."""
        return f"{self.year}年{self.month}月" if self.month else f"{self.year}年"


def reported_month(today: date, year: int) -> Period:
    """Return the month of `year` that is being reported on `today`: for ten days the last one, else the present one."""
    day = today - REPORTED_UNTIL
    return Period(year, day.month if day.year == year else 12 if day.year > year else 1)
