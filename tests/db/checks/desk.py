"""A desk with short ways to write what rules ask about, and to ask them."""

from __future__ import annotations

import json
from datetime import date

from db.checks.model import Findings, Issue
from db.checks.runner import Board, run
from db.core.changes import Changes
from db.core.fields import load_schema
from db.core.period import Period
from db.core.values import Cell
from db.store import records
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.model import RowKey
from tests.db.work.desk import Desk

TODAY = date(2022, 4, 5)
MARCH, FEBRUARY, JANUARY = Period(2022, 3), Period(2022, 2), Period(2022, 1)


class CheckDesk(Desk):
    """Rules are held against the file as it is on `today`."""

    today = TODAY

    def findings(self, kind: str = "", period: Period | None = None) -> Findings:
        return run(self.conn, self.plan, kind=kind, period=period, today=self.today)

    def issues(self, rule: str, kind: str = "", period: Period | None = None) -> list[Issue]:
        return [issue for issue in self.findings(kind, period).issues if issue.rule == rule]

    def board(self, kind: str = "", period: Period | None = None) -> Board:
        return Board(self.conn, self.plan, kind=kind, period=period, today=self.today)

    def row(self, table: str, **values: Cell) -> str:
        """Write a row as another program might, past what the forms refuse."""
        with self.county.operation("写入") as op:
            return records.insert(op, load_schema(table), values)

    def put(self, table: str, row_id: str, **stored: object) -> Changes:
        """Write stored values into a row, whatever its definition says."""
        with self.county.operation("改写") as op:
            for name, value in stored.items():
                op.conn.execute(f'UPDATE "{table}" SET "{name}" = ? WHERE id = ?', (value, row_id))
        return op.changes

    def file(self, task_id: str, period: Period, who: str = "", kind: str = "town", **values: Cell) -> str:
        """File figures for a month and return the row's id."""
        key = RowKey(task_id, kind, who or self.towns[0])
        with self.county.operation("月报") as op:
            return set_entries(op, period, [EntryChange(key, values)], catalogue=self.plan)[0]

    def setting(self, rule: str, **values: Cell) -> None:
        self.row("rule_setting", rule=rule, document_number="潍四减四增办〔2022〕9号", **values)


def states(**given: str) -> str:
    return json.dumps(given, ensure_ascii=False, separators=(",", ":"))
