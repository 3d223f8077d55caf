"""From anything a keyboard, a clipboard or a workbook delivers to the text, yes/no or choice that a field holds.

Numbers and dates have their own modules; `Field.parse` chooses between them and puts the field's title in front of
every refusal made here.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

from db.core.credit_code import problem_of
from db.core.dates import FIRST_YEAR, LAST_YEAR
from db.core.errors import DataProblem
from db.core.numbers import number_from, parse_number
from db.core.text import clean, fold_choice, fold_width, quote

YES, NO = "是", "否"

_YES_WORDS = frozenset({YES, "√", "✓", "✔", "☑", "对", "true", "yes", "y", "1"})
_NO_WORDS = frozenset({NO, "×", "✗", "✘", "✕", "错", "false", "no", "n", "0"})
_FEW_CHOICES = 8
# A spreadsheet keeps 15 digits of a number and fills up with zeros; a longer "number" is not what was typed.
_TRUE_DIGITS = 10**15
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{2,}")
_PHONE = re.compile(
    r"1[3-9][0-9]{9}"  # mobile
    r"|(?:0[0-9]{2,3}-?)?[2-9][0-9]{6,7}(?:(?:-|转)[0-9]{1,6})?"  # landline, with or without area code and extension
    r"|[48]00-?[0-9]{3}-?[0-9]{4}"  # service lines
    r"|1[0-9]{2}|1[0-9]{4}"  # 12345 and the like
)


def text_from(raw: object, *, multiline: bool = False) -> str:
    """Return the clean text in `raw`: text as it is, a spreadsheet's number as its digits; DataProblem for the rest."""
    if isinstance(raw, str):
        return clean(raw, multiline=multiline)
    if isinstance(raw, bool):
        return YES if raw else NO
    if isinstance(raw, date):
        raise DataProblem(
            f"{quote(raw)}在表格里是日期，原来的文字可能已被改掉。",
            advice="请把单元格设为“文本”格式后重新填写。",
            code="text.date",
        )
    if isinstance(raw, int | float | Decimal):
        exact = Decimal(raw)
        if exact.is_finite() and exact.copy_abs() >= _TRUE_DIGITS:
            raise _digits_lost(raw)
        return f"{number_from(raw):f}"
    raise DataProblem(f"{quote(raw)}不是文字。", advice="请重新填写。", code="text.type")


def choice_from(raw: object, choices: tuple[str, ...]) -> str:
    """Return the one of `choices` that `raw` names, letter by letter apart from width and outer spaces."""
    text = text_from(raw)
    for choice in choices:
        if fold_choice(choice) == fold_choice(text):
            return choice
    raise no_choice(text, choices)


def no_choice(text: str, choices: tuple[str, ...]) -> DataProblem:
    """Return the refusal of `text` that lists the choices; of many, those most like it."""
    if len(choices) <= _FEW_CHOICES:
        advice = f"请选填：{'、'.join(choices)}。"
    elif alike := get_close_matches(text, choices, n=3, cutoff=0.3):
        advice = f"可选的有{len(choices)}项，相近的是：{'、'.join(alike)}。"
    else:
        advice = f"可选的有{len(choices)}项，如{'、'.join(choices[:3])}。"
    return DataProblem(f"{quote(text)}不在可选项中。", advice=advice, code="enum")


def boolean_from(raw: object) -> bool:
    """Return the yes or no in `raw`: 是/否, √/×, true/false, 1/0."""
    if isinstance(raw, bool):
        return raw
    word = fold_width(text_from(raw)).casefold()
    if word in _YES_WORDS:
        return True
    if word in _NO_WORDS:
        return False
    raise DataProblem(f"{quote(raw)}不是“是”或“否”。", advice="请填“是”或“否”。", code="boolean")


def year_from(raw: object) -> Decimal:
    """Return the year in `raw` (2022, 2022年) as a whole number between 1949 and 2100."""
    if isinstance(raw, date):
        raise DataProblem(f"{quote(raw)}是日期，这里只填年份。", advice="请填四位数的年份，例如2022。", code="year")
    text = re.sub(r"\s*年$", "", fold_width(text_from(raw)))
    if not re.fullmatch(r"[0-9]{4}", text) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise DataProblem(
            f"{quote(raw)}不是{FIRST_YEAR}至{LAST_YEAR}之间的年份。",
            advice="请填四位数的年份，例如2022。",
            code="year",
        )
    return Decimal(text)


def figure_from(raw: object, *, unit: str, decimals: int) -> Decimal:
    """Return the amount in `raw` for a column with this unit and number of decimals."""
    if isinstance(raw, bool | date) or not isinstance(raw, str | int | float | Decimal):
        what = "日期" if isinstance(raw, date) else "“是”或“否”" if isinstance(raw, bool) else "别的内容"
        raise DataProblem(
            f"{quote(raw)}在表格里是{what}，不是数。", advice="请把单元格设为“常规”格式后重新填写。", code="number.type"
        )
    if isinstance(raw, str):
        return parse_number(raw, unit=unit, decimals=decimals)
    return number_from(raw, unit=unit, decimals=decimals)


def credit_code_from(raw: object) -> str:
    """Return the credit code in `raw` in capitals without spaces; DataProblem names the fault."""
    if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool):
        raise _digits_lost(raw)
    code = re.sub(r"\s+", "", fold_width(text_from(raw))).upper()
    if _SCIENTIFIC.fullmatch(code):
        raise _digits_lost(code)
    problem = problem_of(code)
    if problem:
        raise DataProblem(f"{quote(code)}{problem}。", advice="请对照营业执照核对。", code="credit_code")
    return code


def phone_from(raw: object) -> str:
    """Return the telephone number or numbers in `raw`, joined by 、; mobile, with area code, local, 400."""
    if isinstance(raw, str) and raw.isascii() and raw.isdigit() and _PHONE.fullmatch(raw):
        return raw
    text = fold_width(text_from(raw))
    if _SCIENTIFIC.fullmatch(text):
        raise _digits_lost(text)
    numbers = [re.sub(r"[\s()]+", "", part).removeprefix("+86") for part in re.split(r"[、,;/]", text)]
    for number in numbers:
        if not _PHONE.fullmatch(number):
            raise DataProblem(
                f"{quote(number)}不是电话号码。",
                advice="请填11位手机号，或带区号的座机号（如0536-5221234），多个号码用“、”分开。",
                code="phone",
            )
    return "、".join(numbers)


def _digits_lost(raw: object) -> DataProblem:
    return DataProblem(
        f"{quote(raw)}在表格里成了数字，超过15位的数字已经丢失。",
        advice="请把单元格设为“文本”格式后重新填写。",
        code="text.digits_lost",
    )
