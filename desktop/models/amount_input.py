"""What people type for an amount of a task, or for a tick, as the value it stands for."""

from __future__ import annotations

from dataclasses import replace

from db.core.calculation import calculated
from db.core.errors import DataProblem
from db.core.fields import Field
from db.core.values import Cell
from db.work.amounts import check_amount
from db.work.tasks import Task, amount_field


def amount_reader(task: Task) -> Field:
    """Return the field that reads the task's amounts; negative ones are refused by `check_amount` in better words."""
    return replace(amount_field(task), minimum=None)


def parse_amount(task: Task, field: Field, text: str) -> Cell:
    """Return the amount that `text` states or comes to; DataProblem when the task cannot have it."""
    amount = field.parse(calculated(text))
    check_amount(task, amount, field.unit)
    return amount


def parse_tick(text: str) -> Cell:
    """Return True for what people write for a tick, None for nothing."""
    word = text.strip().lower()
    if word in ("", "0", "否", "无", "×", "x", "不涉及"):
        return None
    if word in ("1", "√", "✓", "✔", "是", "有", "y"):
        return True
    raise DataProblem(f"“{text}”看不出是不是要承担。", advice="承担请打勾（√、是或1），不承担请留空。", code="tick")
