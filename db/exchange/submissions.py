"""The record of packages: what was exported, when and where to, so that the next one knows what it supersedes.

record_submission(op, result) -> row id          submissions(conn, kind="", period="") -> [Submission], newest first
recall(op, submission_id, reason)                a package that has not been received is taken back
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.period import Period
from db.core.reasons import checked_reason
from db.exchange.verdict import TableFacts
from db.store import records
from db.store.operation import Operation
from db.work.monthly.months import month_state, reopen_month
from db.work.submission_states import EXPORTED, PASSED, RECALLED, RECEIVED, SUPERSEDED, WAITING

ENCRYPTED_NOTE = "加了密码（AES-256）"
"""What the record says of a package under a password; the password itself is nowhere."""

RECALL_EXAMPLE = "清洁取暖户数报错了，要更正后重报"
"""A reason for taking a package back, as it is shown to the clerk."""

_COLUMNS = (
    *("id", "kind", "period", "sequence", "package_id", "file_name", "folder", "sha256", "data_sha256"),
    *("exported_at", "supersedes", "status", "review", "answer_id", "answered_at", "answered_by", "answer_note"),
    *("recalled_at", "recall_reason", "note"),
)


@dataclass(frozen=True)
class PackageResult:
    """A package that is complete and verified, under its final name once it has been kept.

    `sha256` is the file's own hash, `data_sha256` that of datapackage.json, which stands in the letter. `base_seq` is
    the journal's last change that it holds, `sources` the tables of the county file that it was made from.
    """

    path: Path
    name: str
    package_id: str
    sha256: str
    data_sha256: str
    kind: str
    period: str
    sequence: int
    exported_at: str
    supersedes: str = ""
    size: int = 0
    tables: Sequence[TableFacts] = field(default_factory=tuple)
    attachments: int = 0
    encrypted: bool = False
    base_seq: int = 0
    sources: tuple[str, ...] = ()

    @property
    def row_count(self) -> int:
        """Return the number of rows of all tables."""
        return sum(table.rows for table in self.tables)

    @property
    def sentence(self) -> str:
        """Return what to tell the clerk."""
        return f"已导出并核对无误：{self.path}。可以安全拔出U盘。"


@dataclass(frozen=True)
class Submission:
    """One package as the county remembers it; texts are empty where nothing is known.

    `status` is where it is (已导出, 已接收, 被替代, 已撤回), `review` what the city thinks of it. `base_seq` is the
    journal's last change that it holds.
    """

    id: str
    kind: str
    period: str
    sequence: int
    package_id: str
    file_name: str
    folder: str
    sha256: str
    data_sha256: str
    exported_at: str
    supersedes: str
    status: str
    review: str
    answer_id: str
    answered_at: str
    answered_by: str
    answer_note: str
    recalled_at: str
    recall_reason: str
    note: str
    base_seq: int
    row_count: int

    @property
    def name(self) -> str:
        """Return the package's name: 370783-monthly-2022-03-v1."""
        return self.file_name.removesuffix(".zip")

    @property
    def may_be_recalled(self) -> bool:
        """Return whether it can still be taken back: it is the last, and the city has not said anything to it."""
        return self.status == EXPORTED and not self.answered_at


def record_submission(op: Operation, result: PackageResult) -> str:
    """Record the package, mark the one it supersedes, and return the new row's id.

    One that was taken back stays so. If the program dies after the file got its name and before this is saved, the file
    is good and only the record lacks; the next export then finds its name taken and goes on with the next sequence
    number, so that no number names two packages.
    """
    op.conn.execute(
        "UPDATE submission SET status = ? WHERE kind = ? AND period = ? AND status IN (?, ?) AND deleted_at IS NULL",
        (SUPERSEDED, result.kind, result.period, EXPORTED, RECEIVED),
    )
    return records.insert(
        op,
        load_schema("submission"),
        {
            "kind": result.kind,
            "period": result.period,
            "sequence": Decimal(result.sequence),
            "package_id": result.package_id,
            "file_name": result.path.name,
            "folder": str(result.path.parent),
            "sha256": result.sha256,
            "data_sha256": result.data_sha256,
            "exported_at": result.exported_at,
            "supersedes": result.supersedes or None,
            "note": ENCRYPTED_NOTE if result.encrypted else None,
            "status": EXPORTED,
            "review": WAITING,
            "base_seq": Decimal(result.base_seq),
            "row_count": Decimal(result.row_count),
        },
    )


def submissions(conn: sqlite3.Connection, kind: str = "", period: str = "") -> list[Submission]:
    """Return the packages of all kinds and periods, or of one, the newest first."""
    texts = ", ".join(f"coalesce(t.{name}, '')" if name != "sequence" else "t.sequence" for name in _COLUMNS)
    # What an older program exported has no base: all that its record came after was in it, as far as anybody knows.
    rows = conn.execute(
        f"SELECT {texts}, coalesce(t.base_seq, (SELECT min(c.seq) - 1 FROM change c"
        " WHERE c.table_name = 'submission' AND c.row_id = t.id), 0), coalesce(t.row_count, 0) FROM submission t"
        " WHERE t.deleted_at IS NULL AND ?1 IN ('', t.kind) AND ?2 IN ('', t.period)"
        " ORDER BY t.exported_at DESC, t.sequence DESC, t.seq DESC",
        (kind, period),
    )
    return [Submission(*row) for row in rows]


def latest(conn: sqlite3.Connection, kind: str, period: str) -> Submission | None:
    """Return the package with the highest number of this kind and period, None before the first."""
    return max(submissions(conn, kind, period), key=lambda each: each.sequence, default=None)


def standing(packages: Iterable[Submission]) -> Submission | None:
    """Return which of the packages of one kind and period counts: the last, one that was taken back only for want of
    another; None of none.
    """
    return max(packages, key=lambda each: (each.status != RECALLED, each.sequence), default=None)


def submission(conn: sqlite3.Connection, submission_id: str) -> Submission:
    """Return one package by its row id; DataProblem when there is none."""
    found = next((each for each in submissions(conn) if each.id == submission_id), None)
    if found is None:
        raise DataProblem("这条上报记录已经不在了。", advice="请刷新后重试。", code="submission.none")
    return found


def recall(op: Operation, submission_id: str, reason: str) -> None:
    """Take a package back that has not been received; its month opens again, its number is never given a second time.

    DataProblem when it was received, answered, replaced or taken back already, and for a reason that is none. What it
    had replaced is again the last that went out.
    """
    taken = submission(op.conn, submission_id)
    if taken.status == EXPORTED and not taken.may_be_recalled:
        raise DataProblem(f"{taken.name}{_ANSWERED}", code="recall.state")
    if taken.status != EXPORTED:
        raise DataProblem(f"{taken.name}{_NO_WAY_BACK.get(taken.status, '现在不能撤回。')}", code="recall.state")
    given = checked_reason(reason, f"撤回{taken.name}", RECALL_EXAMPLE)
    schema = load_schema("submission")
    records.update(op, schema, taken.id, {"status": RECALLED, "recalled_at": op.at, "recall_reason": given})
    before = [each for each in submissions(op.conn, taken.kind, taken.period) if each.status == SUPERSEDED]
    if before:
        newest = max(before, key=lambda each: each.sequence)
        stands = RECEIVED if newest.review == PASSED else EXPORTED
        records.update(op, schema, newest.id, {"status": stands})
    month = Period.parse(taken.period)
    if month.is_month and month_state(op.conn, month).closed:
        reopen_month(op, month, given)


_ANSWERED = "市里已经答复，不能撤回。改好以后直接导出新的一版。"
_NO_WAY_BACK = {
    RECEIVED: "市里已经接收，不能撤回。要更正，请重新打开这一期，改好后再导出新的一版。",
    SUPERSEDED: "已经被新的一版代替，不用撤回。",
    RECALLED: "已经撤回过了。",
}
