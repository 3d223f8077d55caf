"""What a package would contain if it were written now: shown to the clerk before anything is.

contents(conn, catalogue, *, kind, period) -> Contents
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from db.core.period import Period
from db.core.values import from_micro
from db.exchange.package_kinds import EXPLANATIONS, PackageKind, kind_and_period, package_name
from db.exchange.package_tables import PackageTable
from db.exchange.snapshot import Snapshot
from db.exchange.versions import CellChange
from db.plan.catalogue import Catalogue
from db.store.connection import quoted
from db.store.exact_sum import exact_sum, read_sum
from db.work.arithmetic import figure
from db.work.evaluation.results import evaluate
from db.work.monthly.grid import month_grid
from db.work.monthly.model import Filing
from db.work.task_states import StateKind, shares, states

PROGRESS = "progress"
_TOTALLED = "total_investment"
_TOLD = (
    (StateKind.UNBALANCED, "分解数与县级目标不一致"),
    (StateKind.PARTLY, "只分解了一部分"),
    (StateKind.NOT_STARTED, "还没有分解"),
    (StateKind.UNDECIDED, "还没有定是否涉及"),
    (StateKind.PENDING, "等省、市下达"),
)


@dataclass(frozen=True)
class ContentLine:
    """A table of the package: its title, how many rows, and a total worth comparing ("" for none)."""

    name: str
    title: str
    rows: int
    total: str = ""


@dataclass(frozen=True)
class Contents:
    """The whole package: `file_name` and `sequence` it would get, what it replaces, and remarks on what is missing.

    `before` is the number of the package that it replaces, 0 where it replaces none; `changes` is what is
    otherwise than in that one, None where there is none.
    """

    file_name: str
    sequence: int
    before: int
    replaces: str
    lines: tuple[ContentLine, ...]
    attachments: int
    attachment_bytes: int
    remarks: tuple[str, ...]
    changes: tuple[CellChange, ...] | None = None
    explanations: int = 0

    @property
    def rows(self) -> int:
        """Return the rows of all tables."""
        return sum(line.rows for line in self.lines)


def contents(conn: sqlite3.Connection, catalogue: Catalogue, *, kind: str, period: str) -> Contents:
    """Return what a package of this kind and period would hold; DataProblem for a kind or period that does not exist.

    Everything is read in one transaction, as for the package itself.
    """
    chosen, parsed = kind_and_period(kind, period)
    conn.execute("BEGIN")
    try:
        return _contents(conn, catalogue, chosen, parsed)
    finally:
        conn.rollback()


def _contents(conn: sqlite3.Connection, catalogue: Catalogue, kind: PackageKind, period: Period) -> Contents:
    snapshot = Snapshot(conn, kind, period)
    before = snapshot.predecessor
    sequence = snapshot.last_sequence + 1
    shown = [table for table in snapshot.tables if table.holds_data]
    lines = tuple(_line(conn, snapshot, table) for table in shown)
    files = snapshot.attachments()
    remarks = _task_remarks(conn, catalogue) if "task_scope" in kind.tables else []
    if PROGRESS in kind.tables:
        remarks += _month_remarks(conn, catalogue, period)
    if key := kind.evaluation_key(period):
        remarks += _evaluation_remarks(conn, catalogue, key)
    wanted = {"enterprise"} | kind.of_the_year | kind.of_the_month
    remarks += [f"“{line.title}”还没有内容，将是一张空表。" for line in lines if not line.rows and line.name in wanted]
    remarks += _personal_remark(shown, {line.name for line in lines if line.rows})
    name = package_name(snapshot.county_code, kind.name, str(period), sequence)
    return Contents(
        file_name=f"{name}.zip",
        sequence=sequence,
        before=before.sequence if before else 0,
        replaces=before.file_name if before else "",
        changes=None if before is None else tuple(snapshot.changes),
        explanations=_explanations(snapshot),
        lines=lines,
        attachments=len(files),
        attachment_bytes=sum(file.size for file in files),
        remarks=tuple(remarks),
    )


def _explanations(snapshot: Snapshot) -> int:
    return sum(snapshot.count(table) for table in snapshot.tables if table.name == EXPLANATIONS)


def _personal_remark(tables: list[PackageTable], filled: set[str]) -> list[str]:
    """Return the sentence that names the columns with personal data: to the city they go as they are."""
    titles = [f.title for table in tables if table.name in filled for f in table.schema.fields if f.personal]
    named = "、".join(dict.fromkeys(titles))
    return [f"这些列是个人信息，报市里的是完整的，请妥善保管上报包：{named}。"] if named else []


def _line(conn: sqlite3.Connection, snapshot: Snapshot, table: PackageTable) -> ContentLine:
    total = ""
    if _TOTALLED in table.schema:
        (summed,) = conn.execute(
            f"SELECT {exact_sum(_TOTALLED)} FROM {quoted(table.schema.table)} WHERE deleted_at IS NULL"
        ).fetchone()
        field = table.schema.field(_TOTALLED)
        total = f"{field.title} {figure(from_micro(read_sum(summed)))} {field.unit}"
    return ContentLine(table.name, table.schema.title, snapshot.count(table), total)


def _task_remarks(conn: sqlite3.Connection, catalogue: Catalogue) -> list[str]:
    whole = shares(catalogue, states(conn, catalogue))[""]
    return [f"有 {whole.of(kind)} 项任务{words}。" for kind, words in _TOLD if whole.of(kind)]


def _evaluation_remarks(conn: sqlite3.Connection, catalogue: Catalogue, key: str) -> list[str]:
    """Return what the evaluation still lacks, and that its results are worked out when it is exported."""
    found = evaluate(conn, catalogue, key)
    total = "还没有可以计分的任务。" if found.percent is None else f"现在折合百分制{found.percent}分。"
    return [f"{found.period.title}：导出时按当时的数算出并存下每项任务的结果；{total}", *found.missing]


def _month_remarks(conn: sqlite3.Connection, catalogue: Catalogue, period: Period) -> list[str]:
    """Return what is missing from the month, and that exporting locks it."""
    grid = month_grid(conn, catalogue, period)
    told = []
    if missing := grid.filings.get(Filing.MISSING, 0):
        told.append(f"{period.title}有 {missing} 项没有填报。")
    if grid.unreviewed:
        told.append(f"有 {grid.unreviewed} 项沿用了上月的数，还没有核对。")
    if not grid.state.closed:
        told.append(f"导出后{period.title}锁定，再改要重新打开并写明理由。")
    return told
