"""Holding the rules against the file: all of them, or after an edit only what the edit can have touched.

run(conn, catalogue, kind="plan", period=Period(2022), today=…) -> Findings
board = Board(conn, catalogue, today=…)        board.findings
board.renewed(conn, catalogue, changes) -> Findings
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial

from db.checks.context import Context
from db.checks.explanations import TABLE as EXPLANATIONS
from db.checks.explanations import with_explanation
from db.checks.field_sql import add_functions
from db.checks.model import Findings, Issue, Level, NotChecked
from db.checks.reach import SILENT, is_wide, reach_of
from db.checks.row_rules import Generic, Test, row_issues, tests_of
from db.checks.rulebook import REGISTERS, Rule, rulebook
from db.checks.rules import MONTHS, ROWS, TASKS, WHOLE, Check
from db.core.changes import Changes
from db.core.errors import DataProblem
from db.core.fields import TableSchema
from db.core.period import Period
from db.core.progress import NO_PROGRESS, Progress
from db.plan.catalogue import Catalogue
from db.store.past import newest_seq

ANY = "*"
SHARES = "工作包里只有部分单位承担的任务，合计、分工要在县级数据里审核；整条任务都在包里的照常审核。"
FAILED = "failed"
"""Marks a run in which something could not be computed: the next one begins anew."""


def run(
    conn: sqlite3.Connection,
    catalogue: Catalogue,
    *,
    kind: str = "",
    period: Period | None = None,
    today: date,
    progress: Progress = NO_PROGRESS,
) -> Findings:
    """Return what the rules find in one package's data, or in everything the county has.

    Everything is every table, every year of the plan, and every month not yet sent in which something was filed or that
    is being reported on. `progress` counts tables and groups of rules.
    """
    return Board(conn, catalogue, kind=kind, period=period, today=today, progress=progress).findings


class Board:
    """Keeps what was found and renews it after an edit."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        catalogue: Catalogue,
        *,
        kind: str = "",
        period: Period | None = None,
        today: date,
        progress: Progress = NO_PROGRESS,
    ) -> None:
        self._kind, self._period, self._today = kind, period, today
        self._found: dict[str, list[Issue]] = {}
        self._not_checked: tuple[NotChecked, ...] = ()
        self._ctx: Context
        self._seen = 0
        self.findings: Findings
        self._start(conn, catalogue, progress)

    def renewed(self, conn: sqlite3.Connection, catalogue: Catalogue, changes: Changes) -> Findings:
        """Return the findings after `changes`; only rules that read what changed are held against what it touches."""
        since, self._seen = self._seen, newest_seq(conn)
        if is_wide(conn, changes, since) or catalogue is not self._ctx.catalogue or FAILED in self._ctx.once:
            return self._start(conn, catalogue, NO_PROGRESS)
        tables, before = changes.tables, self._ctx
        ctx = before.after(changes)
        ctx.conn = conn
        if tables - SILENT:
            ctx.reach = reach_of(ctx, changes, since)
            if (ctx.months, ctx.filed_months) != (before.months, before.filed_months):
                # Something was filed in a month that nobody had looked at.
                return self._start(conn, catalogue, NO_PROGRESS)
            done = _Pass(ctx, self._found).again()
            kept = [each for each in self._not_checked if each.rule not in done]
            self._not_checked = tuple(dict.fromkeys([*kept, *ctx.not_checked]))
        if EXPLANATIONS in tables:
            known = ctx.explained
            self._found = {code: [with_explanation(i, known) for i in found] for code, found in self._found.items()}
        self._ctx = ctx
        self.findings = self._findings()
        return self.findings

    def _start(self, conn: sqlite3.Connection, catalogue: Catalogue, progress: Progress) -> Findings:
        self._seen = newest_seq(conn)
        self._ctx = Context(conn, catalogue, self._today, self._kind, self._period)
        self._found = {}
        _Pass(self._ctx, self._found).whole(progress)
        # Kept as they are now: after an edit they are compared with what they have become.
        assert self._ctx.months is not None
        assert self._ctx.filed_months is not None
        self._not_checked = tuple(dict.fromkeys(self._ctx.not_checked))
        self.findings = self._findings()
        return self.findings

    def _findings(self) -> Findings:
        everything = [issue for found in self._found.values() for issue in found]
        issues = [issue for level in Level for issue in everything if issue.level is level]
        period = "" if self._period is None else str(self._period)
        return Findings(self._kind, period, tuple(issues), self._not_checked, len(self._found))


class _Pass:
    """One pass of the rules over the file, into the issues by rule."""

    def __init__(self, ctx: Context, found: dict[str, list[Issue]]) -> None:
        self.ctx, self.found = ctx, found
        add_functions(ctx.conn)
        own = [rule for rule in rulebook().values() if not ctx.kind or ctx.kind in rule.kinds]
        self.beyond = [rule for rule in own if ctx.catalogue.is_part and rule.county]
        self.rules = [rule for rule in own if rule not in self.beyond]
        self.known = ctx.explained

    def whole(self, progress: Progress) -> None:
        """Hold every rule against everything."""
        ctx = self.ctx
        for rule in self.beyond:
            ctx.unchecked(rule, rule.county)
        for rule in self.rules:
            if ctx.catalogue.shares and (rule.scope == "task" or rule.sums):
                ctx.unchecked(rule, SHARES)
            if ctx.tuned(rule) is None:
                ctx.unchecked(rule, ctx.why_off(rule))
            else:
                self.found[rule.code] = []
        total = len(ctx.schemas) + len(self.rules)
        for done, schema in enumerate(ctx.schemas):
            progress.step(done, total, schema.title)
            self._rows(schema, None)
        for done, rule in enumerate(self.rules):
            progress.step(len(ctx.schemas) + done, total, rule.title)
            self._apply(rule)
        progress.step(total, total)

    def again(self) -> set[str]:
        """Hold those rules that read what changed against what can have been touched; return which wholly."""
        reach = self.ctx.reach
        assert reach is not None
        for schema in self.ctx.schemas:
            ids = reach.rows.get(schema.table)
            if ids:
                for rule in self._row_rules():
                    kept = self.found.get(rule.code, [])
                    if any(issue.table == schema.table for issue in kept):
                        self.found[rule.code] = [i for i in kept if i.table != schema.table or i.row_id not in ids]
                self._rows(schema, ids)
        changed, wholly = {*reach.rows}, set()
        for rule in self.rules:
            if rule.scope != "row" and self._reads(rule, changed):
                self._forget(rule)
                self._apply(rule)
                if rule.scope == "whole":
                    wholly.add(rule.code)
        return wholly

    def _row_rules(self) -> list[Rule]:
        return [rule for rule in self.rules if rule.scope == "row"]

    def _reads(self, rule: Rule, changed: Iterable[str]) -> bool:
        registers = {schema.table for schema in self.ctx.registers}
        return any(
            table in rule.reads or ANY in rule.reads or (REGISTERS in rule.reads and table in registers)
            for table in changed
        )

    def _forget(self, rule: Rule) -> None:
        reach = self.ctx.reach
        assert reach is not None
        kept = self.found.get(rule.code, [])
        if rule.scope == "whole":
            kept = []
        elif rule.scope == "table":
            kept = [issue for issue in kept if not self.ctx.reaches_table(rule, issue.table)]
        elif rule.scope == "task":
            kept = [issue for issue in kept if issue.task_id not in reach.tasks]
        elif rule.scope == "month":
            # What is about a whole month names no task.
            own = {"", *reach.tasks}
            kept = [issue for issue in kept if issue.task_id not in own or not reach.in_month(issue.period)]
        self.found[rule.code] = kept

    def _apply(self, rule: Rule) -> None:
        if rule.code in TASKS or rule.code in WHOLE:
            tuned = self.ctx.tuned(rule)
            if tuned is not None:
                check = TASKS.get(rule.code) or WHOLE[rule.code]
                self._try(rule, partial(self._whole, check, tuned))
        elif rule.code in MONTHS:
            reach = self.ctx.reach
            for period in self.ctx.months:
                if reach is not None and not reach.in_month(str(period)):
                    continue
                tuned = self.ctx.tuned(rule, str(period))
                if tuned is not None:
                    self._try(rule, partial(self._month, tuned, period))

    def _whole(self, check: Check, rule: Rule) -> None:
        self._keep(check(self.ctx, rule))

    def _month(self, rule: Rule, period: Period) -> None:
        self._keep(MONTHS[rule.code](self.ctx, rule, period))

    def _test(self, tests: list[Test], rule: Rule, schema: TableSchema) -> None:
        tests += ROWS[rule.code](self.ctx, rule, schema)

    def _try(self, rule: Rule, check: Callable[[], None], *, lasting: bool = False) -> None:
        """Hold a rule against the file; what it is made from may be such that nothing can be computed.

        `lasting` is a fault of a definition, which no edit of a row mends.
        """
        try:
            check()
        except DataProblem as problem:
            if not lasting:
                self.ctx.once[FAILED] = True
            self.ctx.unchecked(rule, f"算不出来：{problem.message}请先改好别的问题。")

    def _rows(self, schema: TableSchema, ids: Iterable[str] | None) -> None:
        tests: list[Test] = []
        generic: dict[str, Rule] = {}
        for rule in self._row_rules():
            tuned = self.ctx.tuned(rule)
            if tuned is None:
                continue
            if rule.problem:
                generic |= dict.fromkeys(rule.problem, tuned)
            elif rule.when:
                tests += self.ctx.keep(f"{rule.code} {schema.table}", partial(tests_of, self.ctx, tuned, schema))
            else:
                self._try(rule, partial(self._test, tests, tuned, schema), lasting=True)
        self._keep(row_issues(self.ctx, schema, tests, Generic(generic), ids))

    def _keep(self, issues: Iterable[Issue]) -> None:
        rules, known = rulebook(), self.known
        for issue in issues:
            if not self.ctx.waived(issue) and not self.ctx.is_beyond(rules[issue.rule], issue):
                # What was found just now has no explanation yet.
                told = with_explanation(issue, known) if known else issue
                self.found.setdefault(issue.rule, []).append(told)
