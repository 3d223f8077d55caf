"""What people type for a task's figure of a month, as the cells that are filed: an amount, 27/33, a stage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from db.core.errors import DataProblem
from db.core.field import Field
from db.core.fields import load_schema
from db.core.text import fold_width
from db.core.values import Cell, State, plain, read_state
from db.store.initials import initials
from db.work.monthly.model import FigureKind
from db.work.tasks import Task, amount_field
from desktop.models.amount_input import parse_amount

PARTS = ("numerator", "denominator")


@dataclass(frozen=True)
class FigureReader:
    """Reads and shows the figures of one task; a rate is one text in the sheet, 27/33, and two cells in the file."""

    task: Task
    kind: FigureKind
    field: Field

    def parse(self, text: str) -> Cell:
        """Return the value of typed `text`, a state's initials included; DataProblem when the task cannot have it."""
        text = _spelt_state(text)
        if self.kind is FigureKind.AMOUNT:
            return parse_amount(self.task, self.field, text)
        if self.kind is FigureKind.RATE:
            return self._rate(text)
        return self.field.parse(self._stage(text))

    def cells(self, value: Cell) -> dict[str, Cell]:
        """Return the fields of `progress` that the value fills, the others None: what was there before goes."""
        found: dict[str, Cell] = dict.fromkeys(("amount", *PARTS, "stage"))
        if self.kind is FigureKind.STAGE:
            found["stage"] = value
        elif isinstance(value, str) and not isinstance(value, State):
            found |= zip(PARTS, map(Decimal, value.split("/")), strict=True)
        else:
            found["amount"] = value
        return found

    def show(self, value: Cell, *, editing: bool = False) -> str:
        """Return the value as the cell shows it, or as its editor begins with it."""
        if value is None and not editing:
            return ""
        if isinstance(value, str) and not isinstance(value, State) and self.kind is FigureKind.RATE:
            parts = [Decimal(part) for part in value.split("/")]
            return "/".join(f"{part:f}" if editing else f"{part:,f}" for part in parts)
        if self.kind is FigureKind.RATE and isinstance(value, Decimal):
            return f"{plain(value):f}%"
        return self.field.edit(value) if editing else self.field.show(value)

    def _rate(self, text: str) -> Cell:
        typed = fold_width(text)
        above, slash, below = typed.partition("/")
        if typed.startswith("=") or not slash:
            return self._rate_alone(typed)
        part = load_schema("progress").field(PARTS[0])
        top, bottom = (part.parse(each) for each in (above, below))
        if not isinstance(top, Decimal) or not isinstance(bottom, Decimal):
            raise DataProblem(f"“{text}”缺分子或分母。", advice="请写成 27/33 这样。", code="rate.half")
        if not bottom:
            raise DataProblem("分母不能是0。", advice="没有这项内容请填“不涉及”。", code="rate.zero")
        return f"{top:f}/{bottom:f}"

    def _rate_alone(self, typed: str) -> Cell:
        """Return a state, or a rate published without its two parts, which has to be told by its sign."""
        state = read_state(typed)
        if state is not None or not typed:
            return state
        if typed.endswith("%"):
            return parse_amount(self.task, self.field, typed.removesuffix("%").rstrip())
        raise DataProblem(
            f"“{typed}”看不出是分子还是比率。",
            advice="请写分子和分母，如 27/33；只公布了比率的，写成 81.8%。",
            code="rate.bare",
        )

    def _stage(self, text: str) -> str:
        """Return the stage that `text` begins, spells by its initials, or counts (1 for the first)."""
        typed = fold_width(text)
        stages = self.field.enum
        if typed in stages or not typed or read_state(typed) is not None:
            return typed
        if typed.isdigit() and 1 <= int(typed) <= len(stages):
            return stages[int(typed) - 1]
        found = [each for each in stages if each.startswith(typed) or initials(each).startswith(typed.lower())]
        return found[0] if len(found) == 1 else typed


def _spelt_state(text: str) -> str:
    """Return the state that `text` spells by its initials (bsj 不涉及, zwsj 暂无数据), else `text` itself."""
    typed = fold_width(text).lower()
    return next((each.value for each in State if initials(each.value) == typed), text) if typed.isalpha() else text


def figure_reader(task: Task, kind: FigureKind) -> FigureReader:
    """Return what reads the figures of `task`."""
    if kind is FigureKind.STAGE:
        return FigureReader(task, kind, load_schema("progress").field("stage"))
    return FigureReader(task, kind, replace(amount_field(task), minimum=None, title="本月累计"))
