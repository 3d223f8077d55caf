"""Arithmetic typed into a cell: `=1200/3`, `=(800+400)*1.1`, `=3000*15%`, `=1.2万-500`. Exact, and nothing but figures.

is_calculation(text) -> bool        calculate(text) -> Decimal        calculated(text) -> str
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from db.core.errors import DataProblem
from db.core.text import fold_width, quote
from db.core.values import LARGEST, MICRO_DIGITS, plain

LONGEST = 200
DEEPEST = 20

_TOKEN = re.compile(r"\s*(?:(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+)(?P<scale>[万亿%]?)|(?P<sign>[-+*/()]))")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
_SCALES = {"": Fraction(1), "%": Fraction(1, 100), "万": Fraction(10**4), "亿": Fraction(10**8)}
_SIGNS = str.maketrans({"×": "*", "÷": "/", "x": "*", "X": "*"})
_ADVICE = "算式里只能有数字和 + - * / ( )，如 =1200/3。"

Token = Fraction | str


def is_calculation(text: str) -> bool:
    """Return whether `text` asks to be worked out."""
    return fold_width(text).startswith("=")


def calculated(text: str) -> str:
    """Return what `text` comes to, in plain digits, when it is a calculation; other text as it is."""
    return f"{calculate(text):f}" if is_calculation(text) else text


def calculate(text: str) -> Decimal:
    """Return what the calculation `text` comes to, exactly.

    DataProblem when it cannot be read, divides by nothing, or does not come out even within 6 decimals.
    """
    folded = fold_width(text)
    if len(folded) > LONGEST:
        raise _wrong(text, f"太长，最多{LONGEST}个字。")
    result = _Reader(text, folded.removeprefix("=").translate(_SIGNS)).result()
    if abs(result) > LARGEST:
        raise _wrong(text, "得数太大，超过9万亿。", "请核对。")
    micro = result * 10**MICRO_DIGITS
    if micro.denominator != 1:
        about = Decimal(micro.numerator // micro.denominator).scaleb(-MICRO_DIGITS)
        raise _wrong(text, f"除不尽，约等于{plain(about):f}。", "请直接填写要用的数，或用“分配…”分配。")
    return plain(Decimal(micro.numerator).scaleb(-MICRO_DIGITS))


class _Reader:
    """Reads sums of products from left to right; brackets go one level down."""

    def __init__(self, text: str, body: str) -> None:
        self._text = text
        self._tokens = self._split(body)
        self._place = 0
        self._depth = 0

    def _split(self, body: str) -> list[Token]:
        tokens: list[Token] = []
        place = 0
        body = body.rstrip()
        while place < len(body):
            match = _TOKEN.match(body, place)
            if match is None:
                raise _wrong(self._text, f"里的{quote(body[place:].strip()[:4])}不能计算。")
            place = match.end()
            tokens.append(match["sign"] or self._number(match["number"], match["scale"]))
        if not tokens:
            raise _wrong(self._text, "没有写完。")
        return tokens

    def _number(self, digits: str, scale: str) -> Fraction:
        if "," in digits and not _GROUPED.fullmatch(digits):
            raise _wrong(self._text, "里逗号的位置不对。", "请去掉逗号。")
        return Fraction(digits.replace(",", "")) * _SCALES[scale]

    def result(self) -> Fraction:
        found = self._sum()
        if self._place < len(self._tokens):
            raise _wrong(self._text, "的括号或运算符不对。")
        return found

    def _peek(self) -> Token:
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def _take(self) -> Token:
        token = self._peek()
        self._place += 1
        return token

    def _sum(self) -> Fraction:
        found = self._product()
        while self._peek() in ("+", "-"):
            found = found + self._product() if self._take() == "+" else found - self._product()
        return found

    def _product(self) -> Fraction:
        found = self._factor()
        while self._peek() in ("*", "/"):
            if self._take() == "*":
                found *= self._factor()
                continue
            divisor = self._factor()
            if not divisor:
                raise _wrong(self._text, "除以了0。", "请核对。")
            found /= divisor
        return found

    def _factor(self) -> Fraction:
        negative = False
        while self._peek() in ("+", "-"):
            negative ^= self._take() == "-"
        token = self._take()
        if token == "(":
            found = self._bracket()
        elif isinstance(token, Fraction):
            found = token
        else:
            raise _wrong(self._text, "没有写完。" if token == "" else "的括号或运算符不对。")
        return -found if negative else found

    def _bracket(self) -> Fraction:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _wrong(self._text, "的括号太多。")
        found = self._sum()
        if self._take() != ")":
            raise _wrong(self._text, "缺少右括号。")
        self._depth -= 1
        return found


def _wrong(text: str, what: str, advice: str = _ADVICE) -> DataProblem:
    return DataProblem(f"算式{quote(text)}{what}", advice=advice, code="calculation")
