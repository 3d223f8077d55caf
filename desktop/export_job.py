"""Exporting a submission package: the one way for the window, the command line and the demo.

The letter is drawn with Qt, so it is put together here and handed to `db.exchange`, which knows no Qt.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from db.core.progress import NO_PROGRESS, Progress

if TYPE_CHECKING:
    from db.exchange.package_write import PackageResult
    from db.store.county import County


def export_package(
    county: County, *, kind: str, period: str, out: Path, progress: Progress = NO_PROGRESS
) -> PackageResult:
    """Write, verify and record one package of `county` into the folder `out`.

    Raises `DataProblem` where the data can't be exported as it is, `EnvironmentProblem` where the target can't take it.
    """
    from db.core.period import Period
    from db.exchange.package_write import record_submission, write_package
    from db.work.monthly.months import close_month
    from desktop.printing import letter_pdf

    _settle_evaluation(county, kind, period)
    result = write_package(county, kind=kind, period=period, out=out, letter=letter_pdf, progress=progress)
    month = Period.parse(period)
    # A package that is out cannot be called back: taking back its record would number the next one the same. What was
    # filed for a month that is out is locked, against undoing too.
    with county.operation(f"导出上报包 {result.path.name}", record=not month.is_month, undoable=False) as op:
        record_submission(op, result)
        if month.is_month:
            close_month(op, month)
    return result


def _settle_evaluation(county: County, kind: str, period: str) -> None:
    """Keep what the evaluation comes to now: the package takes the rows as they are in the file."""
    from db.exchange.package_kinds import kind_and_period
    from db.plan.editions import county_catalogue
    from db.work.evaluation.entries import store_results

    chosen, when = kind_and_period(kind, period)
    key = chosen.evaluation_key(when)
    if key:
        with county.operation(f"存下{chosen.title}的结果") as op:
            store_results(op, county_catalogue(op.conn), key)


def check_kind_and_period(kind: str, period: str) -> str:
    """Return the Chinese sentence on what is wrong with the kind or the period of a package, "" when they are right."""
    from db.core.errors import DataProblem
    from db.exchange.package_kinds import kind_and_period

    try:
        kind_and_period(kind, period)
    except DataProblem as problem:
        return str(problem)
    return ""
