"""What rules are given: which periods and tables are looked at, what an edit can have touched, and what is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import resources
from db.checks.facts import MADE_FROM, Facts, period_title
from db.checks.model import Issue, NotChecked, Reach
from db.checks.rulebook import Rule
from db.checks.tuning import OFF, Tuning
from db.core.changes import Changes
from db.core.fields import TableSchema, load_schema
from db.core.period import Period, reported_month
from db.store.records import BATCH, in_list
from db.work.monthly.grid import MonthGrid, month_grid, renewed
from db.work.parts import ATTACHMENT, EDITED

T = TypeVar("T")

_BESIDE = ("attachment", "remark")
"""Tables that every package has something of."""

_MONTHS = ("filed_months", "months")
"""Facts that are read from all that was ever filed, which an edit of it leaves as they are."""

NOTHING = "空"
"""How a cell without a value is shown as one of the two values of an issue."""


@dataclass
class Context(Facts):
    """One run. `kind` "" and `period` None mean everything; `reach` is None for a full run.

    `grids` and `cache` are handed on to the next run after an edit, `once` is this run's own.
    """

    today: date
    kind: str = ""
    period: Period | None = None
    reach: Reach | None = None
    grids: dict[Period, MonthGrid] = dataclass_field(default_factory=dict)
    not_checked: list[NotChecked] = dataclass_field(default_factory=list)
    cache: dict[str, Any] = dataclass_field(default_factory=dict)
    once: dict[str, Any] = dataclass_field(default_factory=dict)

    def after(self, changes: Changes) -> Context:
        """Return the context of the next run, with what these changes left as it was."""
        made = replace(self, reach=None, not_checked=[], once={})
        for name, tables in MADE_FROM.items():
            if name in self.__dict__ and (
                not changes.touches(*tables) or (name in _MONTHS and self._filed_as(changes))
            ):
                made.__dict__[name] = self.__dict__[name]
        return made

    def _filed_as(self, changes: Changes) -> bool:
        """Return whether something is filed in the same months as before: all that was edited was in one of them."""
        ids = changes.rows.get("progress", frozenset())
        if changes.touches("month", "submission") or len(ids) > BATCH:
            return False
        sql = f"SELECT period FROM progress WHERE {in_list('id', list(ids))} AND deleted_at IS NULL"
        periods = [period for (period,) in self.conn.execute(sql, list(ids))]
        return len(periods) == len(ids) and self.filed_months.issuperset(periods)

    # -- what is looked at ----------------------------------------------------------------------------------------

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Return the years that are looked at."""
        return self.catalogue.years if self.period is None or self.kind == "final" else (self.period.year,)

    @cached_property
    def months(self) -> tuple[Period, ...]:
        """Return the months that are looked at: the one asked for, else the unsettled ones with anything filed.

        The month that is being reported on `today` is among them, filed or not, while the plan runs.
        """
        if self.kind == "monthly" and self.period is not None:
            return (self.period,)
        if self.kind:
            return ()
        found = {period for period in self.filed_months if period not in self.settled_months}
        if self.today.year in self.catalogue.years:
            present = reported_month(self.today, self.today.year)
            if str(present) not in self.settled_months:
                found.add(str(present))
        return tuple(sorted(map(Period.parse, found)))

    @cached_property
    def schemas(self) -> tuple[TableSchema, ...]:
        """Return the tables that are looked at, the directory first, the registers last."""
        kinds = resources.load_json("packages.json")["kinds"]
        wanted = [kinds[self.kind]] if self.kind else list(kinds.values())
        names = dict.fromkeys(name for kind in wanted for name in kind["tables"])
        own = [load_schema(name) for name in (*names, *_BESIDE)]
        if self.catalogue.is_part:
            own = [schema for schema in own if schema.name in (*EDITED, ATTACHMENT)]
        return (*own, *(self.registers if any(kind["registers"] for kind in wanted) else ()))

    def rows_wanted(self, schema: TableSchema) -> str:
        """Return the SQL of the rows of `t` that are looked at."""
        year = self.period.year if self.period is not None and self.kind in ("plan", "annual") else None
        match schema.name:
            case "quota" | "assignment" if year is not None:
                return f"t.year = {year}"
            case "progress" | "project_report":
                if self.kind == "monthly" and self.period is not None:
                    return f"t.period = '{self.period}'"
                settled = ", ".join(f"'{period}'" for period in sorted(self.settled_months))
                return f"t.period NOT IN ({settled})"
            case "evaluation" if self.evaluation_key:
                return f"t.period = '{self.evaluation_key}'"
        return "1"

    @property
    def evaluation_key(self) -> str:
        """Return the period of the evaluation that is looked at, "" for all."""
        if self.kind == "final":
            return "final"
        return str(self.period) if self.kind == "annual" and self.period is not None else ""

    def keep(self, name: str, make: Callable[[], T]) -> T:
        """Return what `make` gives, made once and kept for the runs after edits."""
        if name not in self.cache:
            self.cache[name] = make()
        kept: T = self.cache[name]
        return kept

    def reaches(self, task_id: str) -> bool:
        """Return whether the task is to be looked at (again)."""
        return self.reach is None or task_id in self.reach.tasks

    def reaches_table(self, rule: Rule, table: str) -> bool:
        """Return whether what the rule finds in a register may have changed: it did, or another table of the rule."""
        if self.reach is None or table in self.reach.rows:
            return True
        registers = {schema.table for schema in self.registers}
        return bool((self.reach.rows.keys() - registers) & rule.reads)

    # -- facts ----------------------------------------------------------------------------------------------------

    def grid(self, period: Period) -> MonthGrid:
        """Return the month; after an edit only the tasks that it touched are read anew."""
        known = self.grids.get(period)
        if known is None:
            known = month_grid(self.conn, self.catalogue, period, self.quotas)
            self.fresh(f"grid {period}")
        elif self.reach is not None and self.reach.filed and self.fresh(f"grid {period}"):
            known = renewed(self.conn, self.catalogue, known, self.reach.filed, self.quotas)
        self.grids[period] = known
        return known

    def fresh(self, name: str) -> bool:
        """Return whether this is the first time in this run that `name` is asked for."""
        first = name not in self.once
        self.once[name] = True
        return first

    def is_beyond(self, rule: Rule, issue: Issue) -> bool:
        """Return whether the issue is about a whole task of which a work package has only some units' share."""
        return (rule.scope == "task" or rule.sums) and self.catalogue.is_share(issue.task_id)

    # -- the city's settings --------------------------------------------------------------------------------------

    def tuned(self, rule: Rule, period: str = "") -> Rule | None:
        """Return the rule as it holds in a period (default: the one looked at), None where it is off."""
        for each in self.tunings.get(rule.code, ()):
            if each.holds_in(period or self._reference):
                if self._off(each):
                    return None
                # A rule that is off for some units alone is only waived for them.
                level = each.level if each.level != OFF else ""
                changed: dict[str, Any] = {"level": type(rule.level)(level)} if level else {}
                if each.threshold is not None:
                    changed["threshold"] = each.threshold
                rule = replace(rule, **changed)
        return rule

    def _off(self, tuning: Tuning) -> bool:
        """Return whether the setting turns its rule off for the whole county."""
        return self.county.code.upper() in tuning.waived or (tuning.level == OFF and not tuning.waived)

    def why_off(self, rule: Rule) -> str:
        """Return why the rule is off, as a sentence."""
        for each in self.tunings.get(rule.code, ()):
            if self._off(each):
                what = "对本县免审" if each.waived else "停用了这条规则"
                return f"市里的文件（{each.document_number}）{what}。"
        return "市里的文件停用了这条规则。"

    def waived(self, issue: Issue) -> bool:
        """Return whether a file of the city waives the rule for a unit that the issue is about."""
        found = self.tunings.get(issue.rule)
        if not found:
            return False
        codes = {self.codes.get(unit, "") for unit in issue.units} - {""}
        return any(codes & each.waived for each in found if each.holds_in(issue.period or self._reference))

    def waived_units(self, rule: str, period: str) -> frozenset[str]:
        """Return the ids of the units for which a file of the city waives the rule in a month."""
        found = [each.waived for each in self.tunings.get(rule, ()) if each.holds_in(period)]
        waived = frozenset().union(*found) if found else frozenset()
        return frozenset(unit for unit, code in self.codes.items() if code in waived) if waived else frozenset()

    @cached_property
    def _reference(self) -> str:
        if self.period is not None:
            return str(self.period)
        return str(self.months[-1]) if self.months else str(self.today)[:7]

    # -- making issues --------------------------------------------------------------------------------------------

    def issue(
        self,
        rule: Rule,
        table: str,
        row_id: str = "",
        *,
        found: str = "",
        expected: str = "",
        field: str = "",
        period: str = "",
        place: str = "",
        task_id: str = "",
        assignee_id: str = "",
        register: str = "",
        clause: str = "",
        units: Iterable[str] = (),
        words: dict[str, Any] | None = None,
    ) -> Issue:
        """Return an issue of the rule; `words` fill its message and advice, and get found, expected and such too."""
        given: dict[str, Any] = {} if words is None else words
        given |= {"found": found, "expected": expected, "place": place}
        given["threshold"] = "" if rule.threshold is None else f"{rule.threshold.normalize():f}"
        if period:
            given["period"] = period_title(period)
        return Issue(
            rule=rule.code,
            level=rule.level,
            table=table,
            row_id=row_id,
            field=field,
            period=period,
            what=rule.message.format_map(given),
            found=found,
            expected=expected,
            advice=rule.advice.format_map(given),
            clause=clause or rule.clause or self.clause(task_id),
            group=rule.group,
            place=place,
            task_id=task_id,
            assignee_id=assignee_id,
            register=register,
            units=tuple(unit for unit in (*units, assignee_id) if unit),
        )

    def of_task(
        self,
        rule: Rule,
        table: str,
        task_id: str,
        *,
        row_id: str = "",
        field: str = "",
        period: str = "",
        found: str = "",
        expected: str = "",
        assignee_id: str = "",
        words: dict[str, Any] | None = None,
    ) -> Issue:
        """Return an issue about a task; without a row it is kept under the task's id."""
        who = self.names.get(assignee_id, assignee_id)
        return self.issue(
            rule,
            table,
            row_id or task_id,
            field=field,
            period=period,
            found=found,
            expected=expected,
            place=self.task_title(task_id) + (f"　{who}" if who else ""),
            task_id=task_id,
            assignee_id=assignee_id,
            words=words,
        )

    def unchecked(self, rule: Rule, why: str) -> None:
        """Say that the rule could not be applied, or not everywhere."""
        self.not_checked.append(NotChecked(rule.code, rule.title, why))
