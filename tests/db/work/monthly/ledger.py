"""A second opinion on a month: everything computed anew from the raw rows, plainly, with fractions.

It shares no code with `db.work.monthly`; what it takes from the program are the plan, units and the settings file.
"""

from __future__ import annotations

import json
import sqlite3
import tomllib
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

import resources
from db.core.units import convert
from db.plan.catalogue import Catalogue, Clause, Target
from db.work.tasks import leaf_tasks

LAMPS = tomllib.loads(resources.text("lamps.toml"))
FIELDS = ("task_id", "assignee_kind", "assignee_id", "period", "amount", "numerator", "denominator", "stage", "unit")
Entry = dict[str, object]


@dataclass
class Verdict:
    """What one line or one target comes to: value and goal in the task's unit, lamp, percent; None where unknown."""

    value: Fraction | None = None
    goal: Fraction | None = None
    lamp: str = "grey"
    percent: Fraction | None = None
    filing: str = "未报"


@dataclass
class Ledger:
    """The month's verdicts: of lines by (task, assignee kind, assignee), of targets by id."""

    lines: dict[tuple[str, str, str], Verdict] = field(default_factory=dict)
    targets: dict[str, Verdict] = field(default_factory=dict)

    def lamps_of_part(self, plan: Catalogue, part: str) -> Counter[str]:
        """Return the lamps of a part's tasks, 其中 left out."""
        found: Counter[str] = Counter()
        for task_id, verdict in self.targets.items():
            task = plan.task(task_id)
            clause = task if isinstance(task, Clause) else plan.clause(task_id.rpartition("-")[0])
            if clause.part == part and not (isinstance(task, Target) and task.part_of):
                found[verdict.lamp] += 1
        return found


class Bookkeeper:
    """Reads a county's raw rows once and judges any month of them."""

    def __init__(self, conn: sqlite3.Connection, plan: Catalogue) -> None:
        self.plan = plan
        self.shares = conn.execute(
            "SELECT task_id, year, assignee_kind, assignee_id, amount, unit, deadline FROM assignment"
            " WHERE deleted_at IS NULL"
        ).fetchall()
        self.quotas: dict[str, dict[int, Fraction]] = {}
        for target_id, year, amount, unit in conn.execute(
            "SELECT target_id, year, amount, unit FROM quota WHERE deleted_at IS NULL AND amount IS NOT NULL"
        ):
            self.quotas.setdefault(target_id, {})[year] = self._own(target_id, amount, unit)
        self.entries: dict[tuple[str, str], list[Entry]] = {}
        for row in conn.execute(f"SELECT {', '.join(FIELDS)}, states FROM progress ORDER BY period"):
            entry: Entry = dict(zip((*FIELDS, "states"), row, strict=True))
            entry["answers"] = set(json.loads(row[-1]).values())
            self.entries.setdefault((str(entry["task_id"]), str(entry["assignee_id"])), []).append(entry)
        excluded = "SELECT task_id FROM task_scope WHERE states LIKE '%不涉及%' AND deleted_at IS NULL"
        self.excluded = {task_id for (task_id,) in conn.execute(excluded)}

    def month(self, year: int, month: int) -> Ledger:
        """Return the verdicts at the end of the month."""
        ledger = Ledger()
        for task_id in self._tasks():
            self._judge_task(ledger, task_id, year, month)
        return ledger

    # -- who has what -----------------------------------------------------------------------------------------

    def _tasks(self) -> Iterator[str]:
        for task_id in leaf_tasks(self.plan):
            if task_id not in self.excluded and "-".join(task_id.split("-")[:2]) not in self.excluded:
                yield task_id

    def _judge_task(self, ledger: Ledger, task_id: str, year: int, month: int) -> None:
        measure = self._measure(task_id)
        lasting = measure not in ("flow", "rate")
        own: dict[str, dict[str, object]] = {}
        for task, of_year, kind, who, amount, unit, deadline in self.shares:
            if task != task_id or of_year > year or (of_year < year and not lasting):
                continue
            share = own.setdefault(who, {"kind": kind, "years": {}, "deadlines": {}})
            assert isinstance(share["years"], dict)
            assert isinstance(share["deadlines"], dict)
            share["years"][of_year] = None if amount is None else self._own(task_id, amount, unit)
            share["deadlines"][of_year] = date.fromisoformat(deadline) if deadline else date(of_year, 12, 31)
        known = []
        for who, share in own.items():
            verdict, entry = self._judge_share(task_id, who, share, year, month)
            if entry is not None:
                known.append(entry)
            if verdict is not None:
                ledger.lines[(task_id, str(share["kind"]), who)] = verdict
        if not own and self._still_asked(task_id, year):
            verdict = self._judge_county(task_id, year, month, self._latest(task_id, "county", year, month), {})
            verdict.filing = self._filing(task_id, "county", year, month)
            if verdict.filing in ("不涉及", "暂无数据"):
                verdict.lamp, verdict.percent, verdict.value = "grey", None, None
            done = measure == "stage" and verdict.filing == "未报" and verdict.percent == 100
            verdict.filing = "此前已完成" if done else verdict.filing
            ledger.lines[(task_id, "county", "county")] = verdict
            known = self._latest(task_id, "county", year, month)
        ledger.targets[task_id] = self._judge_county(task_id, year, month, known, own)

    def _judge_share(
        self, task_id: str, who: str, share: dict[str, object], year: int, month: int
    ) -> tuple[Verdict | None, Entry | None]:
        years, deadlines = share["years"], share["deadlines"]
        assert isinstance(years, dict)
        assert isinstance(deadlines, dict)
        last_year = max(years)
        latest = self._latest(task_id, who, year, month)
        value = self._value(task_id, latest)
        before, amount = Fraction(0), years[last_year]
        if self._measure(task_id) == "cumulative" and last_year == year:
            before = sum((a or Fraction(0) for y, a in years.items() if y < year), Fraction(0))
        elif self._measure(task_id) == "cumulative":
            told = [a for a in years.values() if a is not None]
            amount = sum(told, Fraction(0)) if told else None
        goal = None if amount is None and not before else (amount or Fraction(0)) + before
        deadline = max(deadlines.values()) if last_year < year else deadlines[last_year]
        if self._measure(task_id) == "stage":
            goal, before = Fraction(100), Fraction(0)
        planned = self._time(date(last_year, 1, 1), self._within(deadline, last_year), year, month)
        filing = self._filing(task_id, who, year, month)
        verdict = self._verdict(task_id, value, goal, before, planned, deadline, year, month)
        verdict.filing = filing
        if filing in ("不涉及", "暂无数据"):
            verdict.lamp, verdict.percent, verdict.value = "grey", None, None
        done = verdict.percent is not None and verdict.percent >= 100 and not self._is_cap(task_id)
        if filing == "未报" and done and last_year < year:
            return None, latest[0] if latest else None
        if filing == "未报" and done and self._measure(task_id) == "stage":
            verdict.filing = "此前已完成"
        return verdict, latest[0] if latest else None

    def _judge_county(
        self, task_id: str, year: int, month: int, known: list[Entry], own: dict[str, dict[str, object]]
    ) -> Verdict:
        target = self.plan.task(task_id)
        measure, value = self._measure(task_id), self._value(task_id, known)
        last = target.deadline if isinstance(target, Target) else None
        if measure == "stage":
            end = last or self.plan.ends
            planned = self._time(self.plan.begins, end, year, month)
            return self._verdict(task_id, value, Fraction(100), Fraction(0), planned, end, year, month)
        amounts = dict(self.quotas.get(task_id, {})) or self._assigned(own, measure)
        before = (
            sum((a for y, a in amounts.items() if y < year), Fraction(0)) if measure == "cumulative" else Fraction(0)
        )
        later = [y for y in amounts if y > year]
        if year in amounts:
            goal = before + amounts[year]
            end = last if last is not None and last.year == year else date(year, 12, 31)
            planned = self._time(date(year, 1, 1), end, year, month)
            return self._verdict(task_id, value, goal, before, planned, end, year, month)
        if measure == "flow" or not amounts:
            return Verdict(value=value)
        if not later:
            newest = max(amounts)
            end = last or date(newest, 12, 31)
            goal = before or amounts[newest]
            return self._verdict(task_id, value, goal, Fraction(0), Fraction(1), end, year, month)
        goal = sum(amounts.values(), Fraction(0)) if measure == "cumulative" else amounts[min(later)]
        end = last if last is not None and last.year >= min(later) else date(min(later), 12, 31)
        planned = self._time(self.plan.begins, end, year, month)
        return self._verdict(task_id, value, goal, Fraction(0), planned, end, year, month)

    def _assigned(self, own: dict[str, dict[str, object]], measure: str) -> dict[int, Fraction]:
        found: dict[int, Fraction] = {}
        if measure in ("cumulative", "flow", "stock"):
            for share in own.values():
                assert isinstance(share["years"], dict)
                for year, amount in share["years"].items():
                    if amount is not None:
                        found[year] = found.get(year, Fraction(0)) + amount
        return found

    # -- figures ----------------------------------------------------------------------------------------------

    def _latest(self, task_id: str, who: str, year: int, month: int) -> list[Entry]:
        """Return the newest entry with a figure as a list of one, empty when there is none."""
        found: list[Entry] = []
        first = f"{year}-01" if self._measure(task_id) in ("flow", "rate") else ""
        for entry in self.entries.get((task_id, who), []):
            if first <= str(entry["period"]) <= f"{year}-{month:02}":
                if "不涉及" in entry["answers"]:  # type: ignore[operator]
                    found = []
                elif self._has_figure(task_id, entry):
                    found = [entry]
        return found

    def _filing(self, task_id: str, who: str, year: int, month: int) -> str:
        for entry in self.entries.get((task_id, who), []):
            if entry["period"] == f"{year}-{month:02}":
                for answer in ("不涉及", "暂无数据"):
                    if answer in entry["answers"]:  # type: ignore[operator]
                        return answer
                return "已报" if self._has_figure(task_id, entry) else "未报"
        return "未报"

    def _has_figure(self, task_id: str, entry: Entry) -> bool:
        match self._measure(task_id):
            case "stage":
                return entry["stage"] is not None
            case "rate":
                return (entry["numerator"] is not None and entry["denominator"] is not None) or (
                    entry["amount"] is not None
                )
        return entry["amount"] is not None

    def _value(self, task_id: str, known: list[Entry]) -> Fraction | None:
        if not known:
            return None
        match self._measure(task_id):
            case "stage":
                points = [Fraction(LAMPS["stages"][entry["stage"]]) for entry in known]
                return sum(points, Fraction(0)) / len(points)
            case "rate":
                top, bottom = (
                    sum((Fraction(str(entry[part])) for entry in known), Fraction(0))
                    for part in ("numerator", "denominator")
                )
                return self._rate(task_id, top, bottom)
        return sum((self._own(task_id, entry["amount"], entry["unit"]) for entry in known), Fraction(0))

    def _rate(self, task_id: str, top: Fraction, bottom: Fraction) -> Fraction | None:
        target = self.plan.target(task_id)
        if not bottom:
            return None
        if target.value_kind == "level":
            return top / bottom * (100 if target.county_unit in ("%", "个百分点") else 1)
        if target.county_unit == "个百分点":
            return None
        return (1 - top / bottom if target.direction == "down" else top / bottom - 1) * 100

    def _own(self, task_id: str, amount: object, unit: object) -> Fraction:
        assert isinstance(amount, int)
        target = self.plan.task(task_id)
        own = (target.county_unit or target.unit) if isinstance(target, Target) else ""
        whole = Fraction(amount, 1_000_000)
        if unit and own and unit != own:
            whole = Fraction(convert(Decimal(amount) / 1_000_000, str(unit), own))
        return whole

    # -- verdicts ---------------------------------------------------------------------------------------------

    def _verdict(
        self,
        task_id: str,
        value: Fraction | None,
        goal: Fraction | None,
        before: Fraction,
        passed: Fraction,
        deadline: date,
        year: int,
        month: int,
    ) -> Verdict:
        if value is None or goal is None:
            return Verdict(value=value, goal=goal)
        percent = value / goal * 100 if goal else Fraction(100)
        planned = (before + (goal - before) * passed) / goal * 100 if goal else Fraction(100)
        on = date(year, month, monthrange(year, month)[1])
        lamp = self._lamp(task_id, percent, planned, (deadline - on).days)
        return Verdict(value, goal, lamp, percent)

    def _lamp(self, task_id: str, percent: Fraction, planned: Fraction, days: int) -> str:
        most = LAMPS["yellow_points"]
        if self._is_cap(task_id):
            if percent > 100:
                return "red"
            if self._measure(task_id) not in ("flow", "cumulative"):
                return "green"
            over = percent - planned
            return "red" if over > most else "yellow" if over > 0 else "green"
        target = self.plan.task(task_id)
        strict = isinstance(target, Target) and target.comparator == "more_than"
        if percent > 100 or (percent == 100 and not strict):
            return "green"
        behind = planned - percent
        if days < 0 or behind > most:
            return "red"
        if days <= LAMPS["soon_days"]:
            return "blue"
        return "yellow" if behind > 0 else "green"

    def _is_cap(self, task_id: str) -> bool:
        target = self.plan.task(task_id)
        if not isinstance(target, Target) or target.value_kind != "level" or self._measure(task_id) == "stage":
            return False
        return target.comparator in ("at_most", "less_than") or target.direction == "down"

    def _time(self, start: date, end: date, year: int, month: int) -> Fraction:
        on = date(year, month, monthrange(year, month)[1])
        days = (end - start).days + 1
        return Fraction(min(max((on - start).days + 1, 0), days), days) if days > 0 else Fraction(1)

    def _within(self, deadline: date, year: int) -> date:
        return min(deadline, date(year, 12, 31)) if deadline.year >= year else date(year, 12, 31)

    def _still_asked(self, task_id: str, year: int) -> bool:
        target = self.plan.task(task_id)
        if not isinstance(target, Target) or self._measure(task_id) not in ("flow", "rate"):
            return True
        return target.deadline is None or target.deadline >= date(year, 1, 1)

    def _measure(self, task_id: str) -> str:
        task = self.plan.task(task_id)
        if isinstance(task, Target) and task.measure in ("cumulative", "flow", "stock", "rate"):
            return str(task.measure)
        return "stage"
