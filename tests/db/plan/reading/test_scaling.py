"""Four times as much text takes about four times as long to read, whatever the text repeats."""

from __future__ import annotations

import time

import pytest

from db.plan.catalogue import load_catalogue
from db.plan.reading import targets
from db.plan.reading.document import pasted_document
from db.plan.reading.read import read_plan

DEPARTMENTS = load_catalogue().departments
SHORT, TIMES = 1500, 4
# Reading in the square of the length would take 16 times as long, in its cube 64 times.
MOST = 9.0
ATTEMPTS = 4
REPEATED = [
    "7",
    "一",
    "万",
    "（",
    "（）",
    "“",
    "《",
    "，",
    "、",
    "1.",
    "1/",
    "1—",
    "1,000,",
    "x",
    "A-",
    "A1",
    "（1",
    "（1）",
    "〔2022〕号",
    "2023年",
    "10月",
    "一季度",
    "2021—",
    "三成",
    "一分之",
    "百分之",
    "翻一番",
    "统一",
    "等",
    "确保",
    "严禁新增，",
    "其中，2021年3万户，",
    "3万户，",
    "3万户、",
    "10%、",
    "2022年、2023年分别达到",
    "年产能3万吨以下企业",
    "根据要求，",
    "到2023年，淘汰落后产能3万吨。",
    "市工信局、",
    "责任单位：",
    "到2023年，淘汰落后产能3万吨（市工信局牵头）。",
    "一、目标\n",
    "1\n",
    "（征求意见稿）",
    "较2020年下降3%，",
    "\u3000",
    " 1",
]


@pytest.fixture(autouse=True)
def read_heaps_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A heap of figures is left unread; here every step is to be seen at work."""
    monkeypatch.setattr(targets, "_MOST_NUMBERS", 10**9)
    monkeypatch.setattr(targets, "_MOST_DIGITS", 10**9)


def _seconds(body: str) -> float:
    begin = time.process_time()
    read_plan(pasted_document(f"某市行动方案\n一、目标\n{body}。\n"), departments=DEPARTMENTS)
    return time.process_time() - begin


def _grows(repeated: str, closing: str = "") -> float:
    """Return how many times longer the longer text takes: the best of a few attempts, as neighbours make noise."""
    ratios = []
    for _ in range(ATTEMPTS):
        short, long = (
            _seconds((repeated * (length // len(repeated)))[:length] + closing * length)
            for length in (SHORT, SHORT * TIMES)
        )
        ratios.append(long / short)
        if ratios[-1] < MOST:
            break
    return min(ratios)


@pytest.mark.parametrize("repeated", REPEATED, ids=lambda repeated: repeated.strip()[:12])
def test_reading_takes_as_long_as_the_text_is(repeated: str) -> None:
    _seconds(repeated)
    assert _grows(repeated) < MOST


def test_nested_brackets_take_as_long_as_the_text_is() -> None:
    assert _grows("（", closing="）") < MOST
