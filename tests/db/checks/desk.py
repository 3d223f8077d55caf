"""A desk with short ways to write what rules ask about, and to ask them."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

from db.checks.model import Findings, Issue
from db.checks.runner import Board, run
from db.core.changes import Changes
from db.core.fields import TableSchema, load_schema
from db.core.period import Period
from db.core.values import Cell
from db.store import attachments, records
from db.work import registers, scope
from db.work.county_settings import save_contacts
from db.work.evaluation.entries import set_entry
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.grid import month_grid
from db.work.monthly.model import COUNTY, FigureKind, RowKey, figure_kind
from db.work.monthly.projects import ProjectKey, ReportChange, set_reports
from db.work.tasks import task_of
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

    def last_operation(self) -> int:
        return int(self.conn.execute("SELECT max(id) FROM operation").fetchone()[0])

    def changes_since(self, operation: int) -> list[Changes]:
        """Return what each later operation changed, as the window is told."""
        found: dict[int, dict[str, set[str]]] = {}
        for own, table, row_id in self.conn.execute(
            "SELECT operation_id, table_name, row_id FROM change WHERE operation_id > ? ORDER BY seq", (operation,)
        ):
            found.setdefault(own, {}).setdefault(table, set()).add(row_id)
        return [Changes(own, "", {table: frozenset(ids) for table, ids in rows.items()}) for own, rows in found.items()]

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

    def contacts(self, **values: str) -> None:
        with self.county.operation("联系人") as op:
            save_contacts(op, values)

    def answer_all(self, applies: str, reason: str, but: str = "") -> None:
        """Answer for every clause but one."""
        with self.county.operation("适用情况") as op:
            for clause in self.plan.clauses:
                if clause.id != but:
                    scope.set_scope(op, task_id=clause.id, applies=applies, reason=reason)

    def part_and_whole(self) -> tuple[str, str]:
        """Return a target inside another that is counted in the same unit."""
        part = next(target for target in self.plan.targets if target.part_of and target.county_unit == "万千瓦")
        assert part.part_of is not None
        return part.id, part.part_of

    def file_anything(self, task_id: str, period: Period) -> None:
        """File what the task asks for, for the county itself."""
        task = task_of(self.plan, task_id)
        kind = figure_kind(task)
        values: dict[str, Cell] = {"stage": "已完成"} if kind is FigureKind.STAGE else {"amount": Decimal(0)}
        if kind is FigureKind.RATE:
            values = {"numerator": Decimal(1), "denominator": Decimal(2)}
        self.file(task_id, period, COUNTY, COUNTY, **values)

    def file_everything(self, period: Period) -> None:
        """File what is due in the month, for the county itself."""
        for line in month_grid(self.conn, self.plan, period).lines:
            self.file_anything(line.key.task_id, period)

    def report(self, project: str, period: Period, **values: Cell) -> str:
        with self.county.operation("项目月报") as op:
            return set_reports(op, period, [ReportChange(ProjectKey("key_project", project), values)])[0]

    def registers(self) -> list[TableSchema]:
        return registers.registers(self.conn)

    def prove(self, table: str, row_id: str) -> Path:
        """Give a row a proof file, and return the file as it is kept."""
        source = self.county.folder.parent / "验收意见.txt"
        source.write_text("同意验收", encoding="utf-8")
        with self.county.operation("添加附件") as op:
            attachments.add(op, self.county, table, row_id, source)
        return attachments.path_of(
            self.county.folder, *self.conn.execute("SELECT sha256, name FROM attachment").fetchone()
        )

    def evaluate(self, task_id: str, key: str, **typed: Cell) -> None:
        with self.county.operation("自评") as op:
            set_entry(op, key=key, task_id=task_id, **typed)

    def setting(self, rule: str, **values: Cell) -> None:
        self.row("rule_setting", rule=rule, document_number="潍四减四增办〔2022〕9号", **values)


def states(**given: str) -> str:
    return json.dumps(given, ensure_ascii=False, separators=(",", ":"))
