"""Amounts as they are typed and as they are compared: which are impossible, and what they are in the task's unit."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from db.core.errors import DataProblem
from db.core.units import convert, convert_rounded, convertible, decimals_of, find_unit
from db.core.values import MICRO_DIGITS, Cell, State, decimals_in
from db.work.arithmetic import figure
from db.work.tasks import Task, title_of, unit_of


def check_amount(task: Task, amount: Cell, unit: str) -> None:
    """Refuse an amount that cannot be: no number, negative, more decimals than its unit has, a unit of another kind."""
    if amount is None or isinstance(amount, State):
        return
    if not isinstance(amount, Decimal):
        raise DataProblem(f"“{amount}”不是数。", advice="请填写数字。", code="amount.number")
    if amount < 0:
        raise DataProblem(f"{figure(amount, unit)}：任务量不能是负数。", advice="请核对。", code="amount.negative")
    own = unit_of(task)
    foreign = bool(unit and own) and unit != own
    if foreign and not convertible(unit, own):
        raise DataProblem(
            f"“{title_of(task)}”以{own}计，不能用{unit}。", advice=f"请换算成{own}后填写。", code="amount.unit"
        )
    decimals = _decimals(unit)
    # As typed it rarely has more digits than the unit; only then are trailing zeros worth looking at.
    if amount.as_tuple().exponent not in range(-decimals, 1) and decimals_in(amount) > decimals:
        what = "只能是整数" if decimals == 0 else f"最多{decimals}位小数"
        raise DataProblem(f"{figure(amount, unit)}：以{unit}计{what}。", advice="请核对。", code="amount.decimals")
    if foreign:
        convert(amount, unit, own)


@lru_cache(maxsize=256)
def _decimals(unit: str) -> int:
    return decimals_of(unit) if unit else MICRO_DIGITS


def in_unit_of(task: Task, amount: Decimal, unit: str) -> Decimal:
    """Return an amount given in `unit` ("": the task's own) in the unit of the task, exactly."""
    own = unit_of(task)
    return amount if not unit or not own or unit == own else convert(amount, unit, own)


def in_city_unit(task: Task, amount: Decimal | None) -> Decimal | None:
    """Return an amount of the task's unit in the unit of the plan, rounded for showing; None where there is none."""
    own, city = unit_of(task), getattr(task, "unit", "")
    if amount is None or not own or not city or find_unit(own) is None or not convertible(own, city):
        return None
    return convert_rounded(amount, own, city, decimals=6)
