"""One field of a table: it alone knows how its values are read, shown, edited and written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from db.core import coercion
from db.core.dates import date_from, parse_date
from db.core.errors import DataProblem
from db.core.expressions import Node
from db.core.text import fold_choice
from db.core.values import MICRO_DIGITS, UNREPORTED, Cell, State, plain, read_state

FieldType = Literal["string", "text", "number", "integer", "date", "boolean", "year"]

LONGEST_STRING, LONGEST_TEXT = 200, 4000
"""How many characters a string and a long text may have when the schema says nothing."""


@dataclass(frozen=True)
class Field:
    """The definition of one column, from its entry in a Table Schema.

    `number`, `integer` and `year` fields hold Decimal, `date` fields date, `boolean` fields bool, the others str; any
    field may hold None (未报) or a `State` instead. `parse` is the inverse of `show`, `edit` and `csv`.

    `relevant` says for which rows the field is asked, `constraint` what must hold for the row once it is filled in,
    with `constraint_message` as the sentence when it does not; `computed` makes the value, which nobody types; `done`
    are the choices that mean the row's work is finished, `formerly` the field's name in an older edition. Without
    `takes_states`, 不涉及 and 暂无数据 are mere words.
    """

    name: str
    title: str
    type: FieldType = "string"
    required: bool = False
    unique: bool = False
    minimum: Decimal | date | None = None
    maximum: Decimal | date | None = None
    enum: tuple[str, ...] = ()
    pattern: str = ""
    max_length: int = LONGEST_STRING
    unit: str = ""
    decimals: int = MICRO_DIGITS
    help: str = ""
    ref: str = ""
    check: str = ""
    group: str = ""
    width: int = 0
    default: Cell = None
    read_only: bool = False
    personal: bool = False
    frozen: bool = False
    relevant: Node | None = None
    constraint: Node | None = None
    constraint_message: str = ""
    computed: Node | None = None
    done: tuple[str, ...] = ()
    takes_states: bool = True
    formerly: str = ""

    @property
    def is_number(self) -> bool:
        """Return whether the field holds Decimal: amounts, whole numbers, years."""
        return self.type in ("number", "integer", "year")

    @property
    def multiline(self) -> bool:
        """Return whether the field keeps line breaks."""
        return self.type == "text"

    @property
    def answer_may_be_state(self) -> bool:
        """Return whether 不涉及 or 暂无数据 counts as filled in: always, but for the required texts that name a row."""
        return not self.required or self.is_number or self.type == "date"

    @property
    def heading(self) -> str:
        """Return the title with the unit, as a column heading: 总投资（万元）."""
        return f"{self.title}（{self.unit}）" if self.unit else self.title

    def parse(self, raw: object) -> Cell:
        """Return the value of `raw`, however it came (typed or pasted text, a spreadsheet's number or date).

        DataProblem names the field, says what is wrong and what to do.
        """
        try:
            cell = self._read(raw)
            if isinstance(cell, Decimal | date):
                self._check_limits(cell)
            elif isinstance(cell, str) and not isinstance(cell, State):
                self._check_text(cell)
        except DataProblem as problem:
            raise self._named(problem) from None
        return cell

    def show(self, cell: Cell) -> str:
        """Return `cell` as people read it: thousands separators, 是/否, empty for 未报."""
        if isinstance(cell, Decimal) and self.type != "year":
            return f"{plain(cell):,f}"
        return self.csv(cell)

    def edit(self, cell: Cell) -> str:
        """Return `cell` as the text that an editor starts from."""
        return self.csv(cell)

    def csv(self, cell: Cell) -> str:
        """Return the canonical spelling of `cell`: plain digits, ISO dates, 是/否, the state's word, empty for 未报."""
        if cell is None:
            return ""
        if isinstance(cell, State):
            return cell.value
        if isinstance(cell, bool):
            return coercion.YES if cell else coercion.NO
        if isinstance(cell, Decimal):
            return f"{plain(cell):f}"
        if isinstance(cell, date):
            return cell.isoformat()
        return cell

    def problem_with(self, cell: Cell) -> DataProblem | None:
        """Return what forbids `cell` in this field (its type, limits, choices, length, pattern), or None.

        None and states are never forbidden here; whether a row may lack a value is asked of the row.
        """
        if cell is None or isinstance(cell, State):
            return None
        try:
            self._check(cell)
        except DataProblem as problem:
            return self._named(problem)
        return None

    def _named(self, problem: DataProblem) -> DataProblem:
        return DataProblem(f"「{self.title}」{problem.message}", advice=problem.advice, code=problem.code)

    def _read(self, raw: object) -> Cell:
        if raw is None or isinstance(raw, State):
            return raw
        if isinstance(raw, str):
            word = fold_choice(raw)
            if not word or word == UNREPORTED:
                return None
            state = read_state(word) if self.takes_states else None
            if state:
                return state
        value = self._read_value(raw)
        # Text that consists of nothing but characters nobody can see is no entry.
        return None if isinstance(value, str) and not value else value

    def _read_value(self, raw: object) -> Decimal | str | date | bool:
        if self.type in ("number", "integer"):
            return coercion.figure_from(raw, unit=self.unit, decimals=self.decimals)
        if self.type == "year":
            return coercion.year_from(raw)
        if self.type == "date":
            if isinstance(raw, date | datetime | int | float) and not isinstance(raw, bool):
                return date_from(raw)
            return parse_date(coercion.text_from(raw))
        if self.type == "boolean":
            return coercion.boolean_from(raw)
        if self.enum:
            return coercion.choice_from(raw, self.enum)
        if self.check == "credit_code":
            return coercion.credit_code_from(raw)
        if self.check == "phone":
            return coercion.phone_from(raw)
        return coercion.text_from(raw, multiline=self.multiline)

    def _check(self, cell: Decimal | str | date | bool) -> None:
        held = Decimal if self.is_number else date if self.type == "date" else bool if self.type == "boolean" else str
        if not isinstance(cell, held):
            raise DataProblem("的内容类型不对。", advice="请重新填写。", code="type")
        if isinstance(cell, str):
            self._check_text(cell)
        elif isinstance(cell, Decimal):
            self._check_decimals(cell)
        if isinstance(cell, Decimal | date):
            self._check_limits(cell)

    def _check_text(self, text: str) -> None:
        if self.enum and text not in self.enum:
            raise coercion.no_choice(text, self.enum)
        if len(text) > self.max_length:
            raise DataProblem(f"有{len(text)}个字，最多{self.max_length}个字。", advice="请缩短。", code="text.length")
        if self.pattern and not re.fullmatch(self.pattern, text):
            example = f"填写要求：{self.help}" if self.help else "请按规定的格式填写。"
            raise DataProblem("的格式不对。", advice=example, code="text.pattern")

    def _check_decimals(self, amount: Decimal) -> None:
        places = 0 if self.type == "year" else self.decimals
        coercion.figure_from(amount, unit="" if self.type == "year" else self.unit, decimals=places)

    def _check_limits(self, value: Decimal | date) -> None:
        # Limit and value have one type, which is the field's; it depends on the schema, so it cannot be named here.
        low: Any = self.minimum
        high: Any = self.maximum
        if low is not None and value < low:
            limit, word, code = low, "小于最小值", "minimum"
        elif high is not None and value > high:
            limit, word, code = high, "大于最大值", "maximum"
        else:
            return
        raise DataProblem(f"{self.show(value)}{word}{self.show(limit)}{self.unit}。", advice="请核对。", code=code)
