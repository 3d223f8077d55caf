"""Taking up another plan: what was said of the old one's tasks goes with them where they are the same.

A row follows its clause or target to the id it has in the new plan, if text and promise are the same or a person
confirmed it. What has no place there stays stored under its old id with the number of the old edition (`08-06-1@1`),
is listed, and is not counted, exported or shown among the new plan's tasks. Nothing is deleted.

    adoption(conn, new, confirmed={}) -> AdoptionPlan          adopt(op, plan, …) -> AdoptionPlan
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from db.core.errors import DataProblem
from db.core.units import find_unit
from db.plan.catalogue import Catalogue, Target
from db.plan.compare import Comparison, compare
from db.plan.corrections import Correction
from db.plan.editions import (
    add_edition,
    county_catalogue,
    edition_catalogue,
    editions,
    former_id,
    homes_of_shipped,
    split_former,
)
from db.store.connection import quoted
from db.store.operation import Operation
from db.work.homeless import Homeless, homeless_task, write_former_unit
from db.work.task_fit import check_pair, refusal, write_unit
from db.work.task_rows import Held, held, naming, rename
from db.work.tasks import unit_of

LABEL: Final = "采用新方案"
_GONE: Final = "新方案里没有"
_OPEN: Final = "新方案里文字或目标有改动，没有确认是同一任务"
_DENIED: Final = "已确认不是同一任务"


@dataclass(frozen=True)
class UnitChange:
    """A target that goes on in another unit; its amounts stay as they were typed and are converted when shown."""

    old: Target
    new: Target

    @property
    def sentence(self) -> str:
        """Return the change in words."""
        units = f"计量单位由{unit_of(self.old)}改为{unit_of(self.new)}"
        return f"{self.new.id} {self.new.indicator}：{units}，已填的数按原单位换算。"


@dataclass(frozen=True)
class YearRows:
    """Rows of a year that the new plan does not cover: they stay stored and are shown again when a plan covers it."""

    year: int
    title: str
    rows: int


@dataclass(frozen=True)
class AdoptionPlan:
    """What taking up `new` would do. `homes` covers all tasks of the old plan that go on, `moves` the ids to rewrite.

    `followed` and `stayed` count the live rows that follow their task (to the same id or another) and that have no
    place; `confirmed` is what a person said: old id → new id, or None for "not the same". `returning` are the former
    ids (`08-06-1@1`) of what an earlier plan left without a place and this one has again, `held` the ids of the old
    plan's tasks for which anything is stored.
    """

    old: Catalogue
    new: Catalogue
    comparison: Comparison
    confirmed: Mapping[str, str | None]
    homes: Mapping[str, str]
    moves: Mapping[str, str]
    homeless: tuple[Homeless, ...]
    units: tuple[UnitChange, ...] = ()
    years: tuple[YearRows, ...] = ()
    returning: tuple[str, ...] = ()
    held: frozenset[str] = frozenset()
    followed: int = 0
    stayed: int = 0
    notes: tuple[str, ...] = ()

    def year_sentences(self) -> list[str]:
        """Return what is stored for every year that the new plan does not cover, a line each."""
        rows: dict[int, list[str]] = {}
        for entry in self.years:
            rows.setdefault(entry.year, []).append(f"{entry.title}{entry.rows}条")
        return [f"{year}年不在新方案的年度内：{'、'.join(words)}保留，暂不显示。" for year, words in rows.items()]

    def sentences(self) -> list[str]:
        """Return everything a person has to know before or after, one line each, what has no place last."""
        back = [f"{former}：以前没有去处的内容，新方案里又有了，已跟随。" for former in self.returning]
        lost = [
            f"{entry.task_id} {entry.title}：{entry.reason}，{'、'.join(rows.words for rows in entry.rows)}保留待处理。"
            for entry in self.homeless
        ]
        return [*self.notes, *(change.sentence for change in self.units), *self.year_sentences(), *back, *lost]


def adoption(
    conn: sqlite3.Connection, new: Catalogue, confirmed: Mapping[str, str | None] | None = None
) -> AdoptionPlan:
    """Return what taking up `new` would do to what the county has; nothing is written.

    DataProblem when `confirmed` names a task that a plan does not have, or one task of the new plan for two.
    """
    old, answers = county_catalogue(conn), dict(confirmed or {})
    comparison = compare(old, new)
    homes = _homes(old, new, comparison, answers)
    stored = {task_id: rows for task_id, rows in held(conn).items() if split_former(task_id) is None}
    refused = {task_id: reason for task_id, home in homes.items() if (reason := refusal(conn, old, new, task_id, home))}
    homes = {task_id: home for task_id, home in homes.items() if task_id not in refused}
    number = next((edition.number for edition in editions(conn)), 1)
    moves: dict[str, str] = {}
    lost: list[Homeless] = []
    likely = comparison.likely()
    for task_id in sorted(stored):
        task = old.task(task_id)
        if task_id in homes:
            moves[task_id] = homes[task_id]
        elif task is not None or new.task(task_id) is not None:
            moves[task_id] = former_id(task_id, number)
            reason = refused.get(task_id) or _reason(task_id, answers, likely)
            lost.append(homeless_task(old, task_id, reason, stored[task_id], likely.get(task_id, "")))
    kept = {task_id for task_id, home in moves.items() if split_former(home) is None}
    returning = _returning(conn, new, {moves[task_id] for task_id in kept})
    moves |= returning
    return AdoptionPlan(
        old=old,
        new=new,
        comparison=comparison,
        confirmed=answers,
        homes=homes,
        moves={task_id: home for task_id, home in moves.items() if task_id != home},
        homeless=tuple(lost),
        units=tuple(_unit_changes(old, new, homes, stored)),
        years=tuple(_years(conn, new)),
        returning=tuple(sorted(returning)),
        held=frozenset(stored),
        followed=_live(stored[task_id] for task_id in kept),
        stayed=_live(entry.rows for entry in lost),
        notes=tuple(_notes(old, new)),
    )


def adopt(
    op: Operation,
    plan: AdoptionPlan,
    *,
    document: str = "",
    document_name: str = "",
    corrections: Iterable[Correction] = (),
) -> AdoptionPlan:
    """Take up `plan.new` within `op`, and return what was done: the plan made anew from what is stored by now."""
    now = adoption(op.conn, plan.new, plan.confirmed)
    shipped = homes_of_shipped(op.conn)
    if shipped is None:
        own = [*(clause.id for clause in now.old.clauses), *(target.id for target in now.old.targets)]
        shipped = {task_id: task_id for task_id in own}
        add_edition(op, now.old, homes=shipped, adopted_at="")
    for change in now.units:
        write_unit(op, change.old.id, unit_of(change.old))
    for former in now.returning:
        write_former_unit(op, former)
    rename(op, now.moves)
    add_edition(
        op,
        now.new,
        homes=_homes_of_first(op.conn, now, shipped),
        document=document,
        document_name=document_name,
        corrections=corrections,
    )
    return now


def _homes(
    old: Catalogue, new: Catalogue, comparison: Comparison, confirmed: Mapping[str, str | None]
) -> dict[str, str]:
    homes = {task_id: home for task_id, home in comparison.homes().items() if task_id not in confirmed}
    for task_id, home in confirmed.items():
        if home is None:
            continue
        check_pair(old, new, task_id, home)
        if home in homes.values():
            first = next(other for other, taken in homes.items() if taken == home)
            raise DataProblem(
                f"新方案的{home}已经对应原方案的{first}，不能再对应{task_id}。",
                advice="一项任务只能有一个去处，请重新确认。",
                code="adoption.twice",
            )
        homes[task_id] = home
    return homes


def _homes_of_first(conn: sqlite3.Connection, plan: AdoptionPlan, before: Mapping[str, str]) -> dict[str, str]:
    """Return where the first plan's tasks are by now; one that an earlier plan had lost comes back like its rows."""
    homes = {task_id: plan.homes[home] for task_id, home in before.items() if home in plan.homes}
    taken = set(homes.values())
    back = compare(edition_catalogue(conn, 1), plan.new).homes()
    return homes | {t: home for t, home in back.items() if t not in before and home not in taken}


def _returning(conn: sqlite3.Connection, new: Catalogue, taken: set[str]) -> dict[str, str]:
    """Return where what earlier plans left without a place finds it again, unless other rows are there."""
    found: dict[str, str] = {}
    compared: dict[int, dict[str, str]] = {}
    for former in sorted(held(conn)):
        split = split_former(former)
        if split is None:
            continue
        task_id, number = split
        old = edition_catalogue(conn, number)
        if number not in compared:
            compared[number] = compare(old, new).homes()
        home = compared[number].get(task_id)
        if home is None or home in taken or refusal(conn, old, new, task_id, home, stored=former):
            continue
        found[former] = home
        taken.add(home)
    return found


def _unit_changes(
    old: Catalogue, new: Catalogue, homes: Mapping[str, str], stored: Mapping[str, object]
) -> Iterable[UnitChange]:
    for task_id, home in homes.items():
        one, other = old.task(task_id), new.task(home)
        if (
            task_id in stored
            and isinstance(one, Target)
            and isinstance(other, Target)
            and unit_of(one) != unit_of(other)
        ):
            yield UnitChange(one, other)


def _years(conn: sqlite3.Connection, new: Catalogue) -> Iterable[YearRows]:
    marks = ", ".join("?" * len(new.years))
    for place in naming(conn):
        if place.has_year:
            for year, rows in conn.execute(
                f"SELECT year, count(*) FROM {quoted(place.table)} WHERE deleted_at IS NULL AND year NOT IN ({marks})"
                " GROUP BY year ORDER BY year",
                new.years,
            ):
                yield YearRows(int(year), place.title, int(rows))


def _notes(old: Catalogue, new: Catalogue) -> Iterable[str]:
    if old.years != new.years:
        yield f"年度由{old.years_text}变为{new.years_text}。"
    unknown = sorted({t.county_unit for t in new.targets if t.county_unit and find_unit(t.county_unit) is None})
    if unknown:
        yield f"程序不认识计量单位{'、'.join(unknown)}，这些目标的数不能换算。"


def _reason(task_id: str, confirmed: Mapping[str, str | None], likely: Mapping[str, str]) -> str:
    if task_id in confirmed:
        return _DENIED
    return _OPEN if task_id in likely else _GONE


def _live(rows: Iterable[tuple[Held, ...]]) -> int:
    return sum(entry.live for held_rows in rows for entry in held_rows)
