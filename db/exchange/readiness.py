"""Whether what the rules find lets a package go out: asked inside the transaction that the package is read in."""

from __future__ import annotations

import sqlite3
from datetime import date

from db.checks.model import Findings
from db.checks.runner import run
from db.core.errors import DataProblem
from db.core.period import Period
from db.core.progress import Progress
from db.exchange.package_kinds import PackageKind
from db.plan.editions import county_catalogue

_MOST_TOLD = 10


class NotReady(DataProblem):
    """Something has to be mended or explained before the export; `findings` is all that was found."""

    def __init__(self, findings: Findings) -> None:
        left = [issue for issue in findings.issues if issue.open]
        told = "".join(f"\n{issue.level.title}　{issue.sentence()}" for issue in left[:_MOST_TOLD])
        more = f"\n……共{len(left)}个。" if len(left) > _MOST_TOLD else ""
        super().__init__(
            f"审核没有通过，没有导出：{in_the_way(findings)}{told}{more}",
            advice="\n请改好或写明原因后重新导出。",
            code="not_ready",
        )
        self.findings = findings


def in_the_way(found: Findings) -> str:
    """Return why this cannot be exported yet, "" when it can."""
    parts = []
    if found.blocking:
        parts.append(f"{len(found.blocking)}个强制性问题要改好")
    if found.unexplained:
        parts.append(f"{len(found.unexplained)}个问题要写明原因")
    return f"还有{'，'.join(parts)}，才能导出。" if parts else ""


def live_explanations(
    conn: sqlite3.Connection, kind: PackageKind, period: Period, today: date, progress: Progress
) -> frozenset[str]:
    """Return the ids of the explanations that hold for what is in the package; NotReady where something is left."""
    found = run(conn, county_catalogue(conn), kind=kind.name, period=period, today=today, progress=progress)
    if not found.may_export:
        raise NotReady(found)
    return frozenset(issue.explanation.id for issue in found.issues if issue.explanation is not None)
