"""Exporting a submission package: the one way for the window, the command line and the demo.

The letter is drawn with Qt, so it is put together here and handed to `db.exchange`, which knows no Qt.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from db.core.progress import NO_PROGRESS, Progress

if TYPE_CHECKING:
    from db.exchange.submissions import PackageResult
    from db.store.county import County


def export_package(
    county: County,
    *,
    kind: str,
    period: str,
    out: Path,
    password: str = "",
    today: date | None = None,
    progress: Progress = NO_PROGRESS,
) -> PackageResult:
    """Write, verify and record one package of `county` into the folder `out`; see `db.exchange.sending.send`."""
    from db.exchange.sending import send
    from desktop.printing import letter_pdf

    return send(
        county,
        kind=kind,
        period=period,
        out=out,
        letter=letter_pdf,
        password=password,
        today=today,
        progress=progress,
    )


def check_kind_and_period(kind: str, period: str) -> str:
    """Return the Chinese sentence on what is wrong with the kind or the period of a package, "" when they are right."""
    from db.core.errors import DataProblem
    from db.exchange.package_kinds import kind_and_period

    try:
        kind_and_period(kind, period)
    except DataProblem as problem:
        return str(problem)
    return ""
