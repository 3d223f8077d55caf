"""Whether what a clerk wrote is a reason at all: long enough, and more than 核实无误 said in other words.

    fault_of(text) -> str                  a sentence saying what is missing; "" for a reason
    checked_reason(text, asked, example)   the reason without blanks around it, or DataProblem

The measure stands in `resources/reasons.toml`: at least six characters, and 核实无误 and the like are refused, as for
核实性 issues of a check.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import resources
from db.core.errors import DataProblem
from db.core.text import clean

FILE = "reasons.toml"
_CHINESE = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True)
class ReasonRules:
    """`least` characters; without the `empty` words at least `least_said` different Chinese ones are left."""

    least: int
    least_said: int
    empty: re.Pattern[str]


@cache
def reason_rules() -> ReasonRules:
    """Return the measure that reasons are held to."""
    table = resources.load_toml(FILE)
    words = sorted(table["empty"], key=len, reverse=True)
    return ReasonRules(table["least"], table["least_said"], re.compile("|".join(map(re.escape, words))))


def fault_of(text: str) -> str:
    """Return what is wrong with `text` as a reason, as a sentence; "" when nothing is."""
    rules, said = reason_rules(), _said(text)
    if not said:
        return "还没有写理由。"
    # Keys struck at random (asdfgh) say as little: what is left has to be Chinese.
    if len(set(_CHINESE.findall(rules.empty.sub("", said)))) < rules.least_said:
        return f"“{text.strip()}”没有说明原因。"
    if len(said) < rules.least:
        return f"理由只有{len(said)}个字，太短了。"
    return ""


def advice_for(example: str) -> str:
    """Return how a reason is to be written."""
    return f"请用{reason_rules().least}个字以上写清是什么原因，例如：{example}。"


def checked_reason(text: str, asked: str, example: str) -> str:
    """Return the reason; DataProblem when it is none. `asked` is what it is for: 重新打开2022年3月要写明理由."""
    fault = fault_of(text)
    if fault:
        raise DataProblem(f"{asked}要写明理由：{fault.rstrip('。')}。", advice=advice_for(example), code="reason")
    return clean(text, multiline=True)


def _said(text: str) -> str:
    """Return the letters and digits of `text` alone."""
    return "".join(each for each in text if each.isalnum())
