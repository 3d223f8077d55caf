"""Columns at a time between the county file, CSV text and what the definition allows.

A package may hold a hundred thousand rows of thirty columns; asking the field about every cell would take minutes of
its own. So cells are handled by column in batches, each distinct text is judged once, and the field is asked for a
sentence only where something is wrong. `Field.csv` defines the spelling, and a test holds the two together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Context, Decimal, localcontext

from db.core.coercion import NO, YES
from db.core.dates import FIRST_YEAR, LAST_YEAR
from db.core.errors import DataProblem
from db.core.fields import Field
from db.core.text import quote
from db.core.values import LARGEST, State, plain

Stored = int | str | None
MICRO = 1_000_000
STATES = frozenset(state.value for state in State)

_NOT_A_VALUE = frozenset({"", *STATES})
_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR = re.compile("[0-9]{4}")
_WHOLE = r"-?(?:0|[1-9][0-9]{0,12})"
_EXACT = Context(prec=60)
_MOST_KNOWN = 20_000

Spell = Callable[[Sequence[Stored]], list[str]]


def micro_text(micro: int) -> str:
    """Return the canonical spelling of an amount in micro-units: no exponent, no trailing zeros."""
    whole, rest = divmod(micro, MICRO)
    if not rest:
        return str(whole)
    if micro < 0:
        return "-" + micro_text(-micro)
    return f"{whole}.{rest:06}".rstrip("0")


def speller(field: Field, *, whole: bool) -> Spell:
    """Return what turns cells as the county file stores them into CSV text; NULL becomes the empty text.

    `whole`: the column keeps plain whole numbers, not micro-units.
    """
    if field.is_number and field.type != "year" and not whole:
        return _spell_micro
    if field.is_number:
        return lambda cells: ["" if cell is None else str(cell) for cell in cells]
    if field.type == "boolean":
        return lambda cells: ["" if cell is None else YES if cell else NO for cell in cells]
    return lambda cells: [cell if isinstance(cell, str) else "" for cell in cells]


def _spell_micro(cells: Sequence[Stored]) -> list[str]:
    # Amounts repeat: the smallest ones everywhere, the same capacities, zero. Each is spelt once a batch.
    known = {cell: micro_text(cell) if isinstance(cell, int) else "" for cell in set(cells)}
    return [known[cell] for cell in cells]


class ColumnCheck:
    """Judges one column of CSV text batch by batch; `total` is the exact sum of its numbers, None for other columns."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self._sum = Decimal(0)
        self._required = field.required and not field.answer_may_be_state
        self._is_amount = field.type in ("number", "integer")
        # Days and years come again in every batch; those found good are not asked about twice.
        self._lawful: set[str] = set()
        self._faults = self._chosen()

    @property
    def total(self) -> Decimal | None:
        """Return the control total of a number column (years are no amounts)."""
        return plain(self._sum) if self._is_amount else None

    def faults(self, cells: Sequence[str]) -> list[tuple[int, str]]:
        """Return index in the batch and Chinese sentence of every cell that the definition does not allow."""
        if self._is_amount and self._add_up_lawful(cells):
            return []
        distinct = set(cells)
        wrong: dict[str, str] = {}
        if self._required and not distinct.isdisjoint(_NOT_A_VALUE):
            wrong[""] = f"「{self.field.title}」没有填写。请填写。"
            for state in STATES:
                wrong[state] = f"「{self.field.title}」不能填“{state}”。请填写具体内容。"
        values = distinct - _NOT_A_VALUE
        wrong.update(self._faults(values))
        if self._is_amount:
            self._add_up(cells, wrong)
        if not wrong:
            return []
        return [(index, wrong[cell]) for index, cell in enumerate(cells) if cell in wrong]

    def _chosen(self) -> Callable[[set[str]], dict[str, str]]:
        field = self.field
        if self._is_amount:
            places = rf"(?:\.[0-9]{{0,{field.decimals - 1}}}[1-9])?" if field.decimals else ""
            self._pattern = re.compile(_WHOLE + places)
            self._patterns = re.compile(rf"(?:{_WHOLE}{places}\n)*")
            self._low = field.minimum if isinstance(field.minimum, Decimal) else -LARGEST
            self._high = field.maximum if isinstance(field.maximum, Decimal) else LARGEST
            return self._number_faults
        if field.type == "year":
            return self._year_faults
        if field.type == "date":
            return self._date_faults
        if field.type == "boolean":
            return lambda values: {
                text: f"「{field.title}」{quote(text)}不是“{YES}”或“{NO}”。" for text in values - {YES, NO}
            }
        # How telephone numbers are written is a matter of the checks; a credit code with a wrong digit is none at all.
        self._has_check_digit = field.check == "credit_code"
        self._compiled = re.compile(field.pattern) if field.pattern else None
        return self._text_faults

    def _number_faults(self, values: set[str]) -> dict[str, str]:
        match = self._pattern.fullmatch
        wrong = {
            text: f"「{self.field.title}」{quote(text)}不是规范写法的数，或小数位数过多。"
            for text in values
            if not match(text) or text == "-0"
        }
        amounts = list(map(Decimal, values.difference(wrong) if wrong else values))
        if amounts and not (self._low <= min(amounts) and max(amounts) <= self._high):
            for amount in amounts:
                if not self._low <= amount <= self._high:
                    found = self.field.problem_with(amount)
                    wrong[f"{amount:f}"] = str(found) if found else f"「{self.field.title}」{amount:f}太大。"
        return wrong

    def _add_up_lawful(self, cells: Sequence[str]) -> bool:
        """Add up the batch if every cell is a lawful amount, a state or empty; return whether, else nothing is done."""
        counted = [cell for cell in cells if cell]
        if not STATES.isdisjoint(counted):
            counted = [cell for cell in counted if cell not in STATES]
        if self._required and len(counted) < len(cells):
            return False
        if not counted:
            return True
        text = "\n".join(counted) + "\n"
        if text.count("\n") != len(counted) or "-0\n" in text or not self._patterns.fullmatch(text):
            return False
        amounts = list(map(Decimal, counted))
        if min(amounts) < self._low or max(amounts) > self._high:
            return False
        with localcontext(_EXACT):
            self._sum += sum(amounts)
        return True

    def _add_up(self, cells: Sequence[str], wrong: Mapping[str, str]) -> None:
        counted = [cell for cell in cells if cell and cell not in STATES and cell not in wrong]
        with localcontext(_EXACT):
            self._sum += sum(map(Decimal, counted))

    def _year_faults(self, values: set[str]) -> dict[str, str]:
        return self._asked(values, lambda text: Decimal(text) if _YEAR.fullmatch(text) else None, "年份")

    def _date_faults(self, values: set[str]) -> dict[str, str]:
        return self._asked(values, lambda text: date.fromisoformat(text) if _DATE.fullmatch(text) else None, "日期")

    def _asked(self, values: set[str], read: Callable[[str], Decimal | date | None], what: str) -> dict[str, str]:
        wrong: dict[str, str] = {}
        for text in values - self._lawful:
            try:
                value = read(text)
            except ValueError:
                value = None
            found = self.field.problem_with(value)
            if value is None:
                wrong[text] = f"「{self.field.title}」{quote(text)}不是规范写法的{what}。"
            elif not FIRST_YEAR <= (value.year if isinstance(value, date) else value) <= LAST_YEAR:
                wrong[text] = f"「{self.field.title}」{quote(text)}的年份不在{FIRST_YEAR}年至{LAST_YEAR}年之间。"
            elif found:
                wrong[text] = str(found)
        if len(self._lawful) < _MOST_KNOWN:
            self._lawful |= values.difference(wrong)
        return wrong

    def _text_faults(self, values: set[str]) -> dict[str, str]:
        field = self.field
        suspects: Iterable[str] = values
        if not field.enum and not self._has_check_digit:
            joined = "".join(values)
            if field.multiline:
                joined = joined.replace("\n", "")
            short = max(map(len, values), default=0) <= field.max_length
            shaped = self._compiled is None or all(map(self._compiled.fullmatch, values))
            if joined.isprintable() and short and shaped:
                return {}
        elif field.enum:
            suspects = values.difference(field.enum)
        wrong: dict[str, str] = {}
        for text in suspects:
            fault = self._text_fault(text)
            if fault:
                wrong[text] = fault
        return wrong

    def _text_fault(self, text: str) -> str | None:
        field = self.field
        if not text.isprintable():
            for character in text:
                line_break = character == "\n" and field.multiline
                if unicodedata.category(character) in ("Cc", "Cs") and not line_break:
                    return f"「{field.title}」里有看不见的控制字符（U+{ord(character):04X}）。请删去后重新填写。"
        if self._has_check_digit:
            try:
                field.parse(text)
            except DataProblem as problem:
                return str(problem)
        found = field.problem_with(text)
        return str(found) if found else None
