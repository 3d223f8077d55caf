"""The record of packages: what was exported, when and where to, so that the next one knows what it supersedes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from db.core.fields import load_schema
from db.exchange.verdict import TableFacts
from db.store import records
from db.store.operation import Operation

EXPORTED, SUPERSEDED = "已导出", "被替代"


@dataclass(frozen=True)
class PackageResult:
    """A package that lies complete and verified under its final name.

    `sha256` is the file's own hash, `data_sha256` that of datapackage.json, which stands in the letter.
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

    @property
    def row_count(self) -> int:
        """Return the number of rows of all tables."""
        return sum(table.rows for table in self.tables)

    @property
    def sentence(self) -> str:
        """Return what to tell the clerk."""
        return f"已导出并核对无误：{self.path}。可以安全拔出U盘。"


def record_submission(op: Operation, result: PackageResult) -> str:
    """Record the package, mark the one it supersedes, and return the new row's id.

    Called after the file has its name. If the program dies in between, the file is good and only the record lacks; the
    next export then finds its name taken and goes on with the next sequence number, so that no number names two
    packages.
    """
    schema = load_schema("submission")
    if result.supersedes:
        op.conn.execute(
            "UPDATE submission SET status = ? WHERE package_id = ? AND status = ? AND deleted_at IS NULL",
            (SUPERSEDED, result.supersedes, EXPORTED),
        )
    return records.insert(
        op,
        schema,
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
            "status": EXPORTED,
            "row_count": Decimal(result.row_count),
        },
    )
