"""The cells of a breakdown: read as they lie in the county file, understood when somebody looks at them.

A task can have thousands of cells of which a few dozen are on the screen: only those become decimals and doubts.

    cells_of_task(conn, catalogue, task) -> dict[assignee key, dict[year, BreakdownCell]]
    cells_of_assignee(conn, catalogue, assignee_id) -> dict[task id, dict[year, BreakdownCell]]
    changed_cells(conn, task, assignment_ids) -> Iterator[(assignee key, year, BreakdownCell)]
    why_apart(task) -> str
    adds_up(task) -> bool           total_micro(cells) -> int | None      over the years
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

from db.core.errors import Problem
from db.core.fields import load_schema
from db.core.values import Cell, from_micro, to_micro
from db.plan.catalogue import Catalogue, Target
from db.plan.vocabulary import Measure
from db.store.cells import RowReader
from db.store.connection import quoted
from db.store.records import chunks, in_list
from db.work.amounts import in_unit_of
from db.work.arithmetic import adds_over_years, figure
from db.work.assignments import questions
from db.work.tasks import Duty, Task, duty_of, title_of, unit_of

_APART = {Measure.FLOW: "每年是当年的量，各年不相加。", Measure.STOCK: "每年是年末的数，各年不相加。"}

Key = tuple[str, str]
"""Kind and id of an assignee."""
Cells = dict[Key, dict[int, "BreakdownCell"]]


@dataclass(frozen=True)
class Kin:
    """What the same assignee has in the same year of the target around this one (`part_of`), or of one inside it.

    `micro` is the amount in millionths of the target's unit; it is not `present` when others have something of the
    target that year and this one nothing.
    """

    target: Target = field(repr=False)
    present: bool
    micro: int | None


@dataclass(frozen=True)
class Around:
    """What everybody has of the targets around one and inside it, read at once and asked for when a cell is seen."""

    amounts: tuple[tuple[Target, Mapping[tuple[Key, int], int | None]], ...]

    @cached_property
    def _years(self) -> tuple[frozenset[int], ...]:
        return tuple(frozenset(year for _, year in amounts) for _, amounts in self.amounts)

    def kin(self, key: Key, year: int) -> Iterator[Kin]:
        """Yield what the assignee's cell of the year is held against; a year in which nobody has anything is silent."""
        for (target, amounts), years in zip(self.amounts, self._years, strict=True):
            if year in years:
                yield Kin(target, (key, year) in amounts, amounts.get((key, year)))


@dataclass(frozen=True)
class BreakdownCell:
    """One assignment of `task`: `stored` are its id, its states and the columns of its table as the file holds them.

    Where a target is part of another (其中), `kin` and what is `around` are what the cell is held against.
    """

    task: Task = field(repr=False)
    stored: tuple[Any, ...]
    kin: tuple[Kin, ...] = ()
    around: Around | None = field(default=None, repr=False, compare=False)

    @property
    def assignment_id(self) -> str:
        """Return the id of the assignment's row."""
        return str(self.stored[0])

    def value(self, name: str) -> Cell:
        """Return the value of one field."""
        return _reader().cell(self.stored[2:], self.stored[1], name)

    @cached_property
    def values(self) -> dict[str, Cell]:
        """Return the values of all fields by name."""
        return _reader().cells(self.stored[2:], self.stored[1])

    @property
    def amount(self) -> Cell:
        """Return the amount as it was typed, in `unit`."""
        return self.value("amount")

    @property
    def unit(self) -> str:
        """Return the unit the amount was typed in, "" for none."""
        return str(self.stored[_place("unit")] or "")

    @property
    def in_unit(self) -> Decimal | None:
        """Return the amount in the unit of the task, None for 未报 and states."""
        amount = self.shown_amount
        return amount if isinstance(amount, Decimal) else None

    @property
    def shown_amount(self) -> Cell:
        """Return the amount in the unit of the task, or the state that stands in its place."""
        amount = self.amount
        return in_unit_of(self.task, amount, self.unit) if isinstance(amount, Decimal) else amount

    @property
    def micro(self) -> int | None:
        """Return `in_unit` in millionths, without making a decimal of it where the file has it in that unit."""
        raw: int | None = self.stored[_place("amount")]
        unit: str | None = self.stored[_place("unit")]
        if raw is None or not unit or unit == unit_of(self.task):
            return raw
        amount = self.in_unit
        return None if amount is None else to_micro(amount)

    def has(self, name: str) -> bool:
        """Return whether there is anything in this field of texts."""
        return bool(self.stored[_place(name)])

    def doubt(self, name: str) -> str:
        """Return what is doubtful about this field, "" for nothing."""
        return " ".join(each.message + each.advice for each in self.problems if each.place == name)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Return what is doubtful about the assignment."""
        year = int(self.stored[_place("year")])
        own = questions(self.task, year, self.values)
        key = (self.stored[_place("assignee_kind")], self.stored[_place("assignee_id")])
        kin = (*self.kin, *(self.around.kin(key, year) if self.around is not None else ()))
        return (*own, *filter(None, (_held_against(self, each) for each in kin)))


def adds_up(task: Task) -> bool:
    """Return whether what somebody has of the task in several years adds up: only shares that count from the start."""
    return isinstance(task, Target) and duty_of(task) is Duty.QUANTITY and adds_over_years(task.measure)


def why_apart(task: Task) -> str:
    """Return why what somebody has in several years is not added up, "" where it is or where nothing is counted."""
    if duty_of(task) is Duty.RATE:
        return "比率不相加、不平均：每个责任主体填自己的比率。"
    if isinstance(task, Target) and duty_of(task) is Duty.QUANTITY:
        return _APART.get(task.measure, "")
    return ""


def total_micro(cells: Iterable[BreakdownCell]) -> int | None:
    """Return what the cells of a task that adds up come to, in millionths; None when there is no amount in them."""
    amounts = [micro for cell in cells if (micro := cell.micro) is not None]
    return sum(amounts) if amounts else None


def kin_of(catalogue: Catalogue, task: Task) -> list[Target]:
    """Return the target that `task` is part of, and those that are part of it, as far as amounts are handed out."""
    if not isinstance(task, Target) or duty_of(task) is not Duty.QUANTITY:
        return []
    near = [each for each in catalogue.targets_of(task.clause) if task.id == each.part_of or each.id == task.part_of]
    return [each for each in near if duty_of(each) is Duty.QUANTITY and unit_of(each) == unit_of(task)]


def _held_against(cell: BreakdownCell, kin: Kin) -> Problem | None:
    """Return what is wrong between an amount and the one around it or inside it, None when nothing is."""
    own, other = cell.micro, kin.micro
    if not own and not other:
        return None
    title, unit = title_of(kin.target), unit_of(kin.target)
    if kin.target.part_of == cell.task.id:
        if other is None or other <= (own or 0):
            return None
        words = f"比其中的“{title}”{figure(from_micro(other), unit)}还小。"
    elif not kin.present and own:
        words = f"是“{title}”的其中数，但“{title}”这一年没有分给它。"
    elif own and other is not None and own > other:
        words = f"是“{title}”的其中数，比那里分给它的{figure(from_micro(other), unit)}还大。"
    else:
        return None
    return Problem("amount.inside", words, "请核对这两项的数。", "amount")


def cells_of_task(conn: sqlite3.Connection, catalogue: Catalogue, task: Task) -> Cells:
    """Return the task's cells by assignee and year."""
    others = tuple((each, _amounts(conn, each)) for each in kin_of(catalogue, task))
    around = Around(others) if others else None
    found: Cells = {}
    kind, who, when = _place("assignee_kind"), _place("assignee_id"), _place("year")
    for row in _select(conn, "task_id = ?", (task.id,)):
        found.setdefault((row[kind], row[who]), {})[row[when]] = BreakdownCell(task, row, around=around)
    return found


def _amounts(conn: sqlite3.Connection, target: Target) -> dict[tuple[Key, int], int | None]:
    """Return what everybody has of the target, by assignee and year, in millionths of its unit."""
    own = unit_of(target)
    return {
        ((kind, who), year): raw
        if raw is None or unit in ("", own)
        else to_micro(in_unit_of(target, from_micro(raw), unit))
        for kind, who, year, raw, unit in conn.execute(
            "SELECT assignee_kind, assignee_id, year, amount, coalesce(unit, '') FROM assignment"
            " WHERE task_id = ? AND deleted_at IS NULL",
            (target.id,),
        )
    }


def cells_of_assignee(
    conn: sqlite3.Connection, catalogue: Catalogue, assignee_id: str
) -> dict[str, dict[int, BreakdownCell]]:
    """Return the assignee's cells by task and year; those of tasks that this plan does not have are left out."""
    found: dict[str, dict[int, BreakdownCell]] = {}
    for row in _select(conn, "assignee_id = ?", (assignee_id,)):
        task = catalogue.task(row[_place("task_id")])
        if task is not None:
            found.setdefault(task.id, {})[row[_place("year")]] = BreakdownCell(task, row)
    for task_id, own in list(found.items()):
        task = catalogue.task(task_id)
        for target in kin_of(catalogue, task) if task is not None else ():
            beside = found.get(target.id, {})
            for year, cell in own.items():
                # Whether others have a part in it is not known here: what is not there is told in the task's own grid.
                if year in beside:
                    own[year] = replace(cell, kin=(*cell.kin, Kin(target, True, beside[year].micro)))
    return found


def changed_cells(
    conn: sqlite3.Connection, task: Task, assignment_ids: Collection[str]
) -> Iterator[tuple[Key, int, BreakdownCell]]:
    """Yield those of these assignments that are the task's and are still there, with assignee and year."""
    for chunk in chunks(assignment_ids):
        for row in _select(conn, f"{in_list('id', chunk)} AND task_id = ?", (*chunk, task.id)):
            yield (
                (row[_place("assignee_kind")], row[_place("assignee_id")]),
                row[_place("year")],
                BreakdownCell(task, row),
            )


def _select(conn: sqlite3.Connection, where: str, parameters: Sequence[str]) -> list[tuple[Any, ...]]:
    columns = ", ".join(("id", "states", *map(quoted, _reader().names)))
    sql = f"SELECT {columns} FROM assignment WHERE {where} AND deleted_at IS NULL"
    return conn.execute(sql, parameters).fetchall()


@cache
def _reader() -> RowReader:
    return RowReader(load_schema("assignment"))


@cache
def _place(name: str) -> int:
    """Return where `BreakdownCell.stored` has the field."""
    return 2 + _reader().names.index(name)
