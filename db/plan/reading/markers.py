"""The numbers that open headings and items: 第一章, 一、, （一）, 1., （1）, ①, in full or half width."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from db.plan.reading.numerals import CHARACTERS, CIRCLED, numeral_value


class Form(IntEnum):
    """The forms from the highest to the lowest, as Chinese official papers use them (GB/T 9704, 结构层次序数)."""

    CHAPTER = 0
    SECTION = 1
    NUMERAL = 2
    NUMERAL_IN_BRACKETS = 3
    RULE = 4
    FIGURE = 5
    FIGURE_IN_BRACKETS = 6
    CIRCLED = 7


@dataclass(frozen=True)
class Marker:
    """A number at the head of a line: `numeral` as written, without brackets; `length` of all of it in characters."""

    form: Form
    value: int
    numeral: str
    length: int


_N = f"[{CHARACTERS}]{{1,5}}"
_F = "[0-9０-９]"
_GAP = "[ \t\u3000]*"
_NOT_A_LIST = f"(?![{CHARACTERS}]{{1,2}}[、季类级])"  # 三、四季度
_NUMERAL_END = "(?:[、．.]|[，,](?=[^，,。]{2,20}$))"
_FIGURE_END = f"(?:[、．]|[.](?!{_F})|[ \t\u3000]+(?=[\u4e00-\u9fff]))"
_PATTERNS = (
    (Form.CHAPTER, re.compile(f"第({_N}|[0-9]{{1,2}})(?:章|部分|编|篇)[、：:]?{_GAP}")),
    (Form.SECTION, re.compile(f"第({_N}|[0-9]{{1,2}})节[、：:]?{_GAP}")),
    (Form.RULE, re.compile(f"第({_N}|[0-9]{{1,3}})条[、：:]?{_GAP}")),
    (Form.NUMERAL, re.compile(f"({_N}){_NUMERAL_END}{_GAP}{_NOT_A_LIST}")),
    (Form.NUMERAL_IN_BRACKETS, re.compile(f"[（(﹙][ \u3000]?({_N})[ \u3000]?[)）﹚][、.．]?{_GAP}")),
    (
        Form.FIGURE_IN_BRACKETS,
        re.compile(f"[（(][ \u3000]?({_F}{{1,2}})[ \u3000]?[)）][、.．]?{_GAP}|({_F}{{1,2}})[)）]{_GAP}"),
    ),
    (Form.FIGURE_IN_BRACKETS, re.compile(f"({_F}{{1,2}}(?:[.]{_F}{{1,2}}){{1,3}})[ \\t\\u3000]+(?=[\\u4e00-\\u9fff])")),
    (Form.FIGURE, re.compile(f"({_F}{{1,3}}){_FIGURE_END}{_GAP}")),
    (Form.CIRCLED, re.compile(f"([{CIRCLED}])[、.．]?{_GAP}")),
)


def marker_of(line: str) -> Marker | None:
    """Return the marker that `line` begins with, None when it begins with text."""
    for form, pattern in _PATTERNS:
        if found := pattern.match(line):
            written = next(group for group in found.groups() if group)
            value = CIRCLED.index(written) + 1 if form is Form.CIRCLED else _value(written)
            if value is not None:
                return Marker(form, value, written, found.end())
    return None


def _value(written: str) -> int | None:
    last = written.rpartition(".")[2]
    return int(last) if last.isdecimal() else numeral_value(written)
