"""The reports that come again: one way to write them, for the window and the command line.

PDFs are drawn with Qt, so they are put together here; `db.reports` knows no Qt.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from db.core.period import Period
from db.core.progress import NO_PROGRESS, Progress

if TYPE_CHECKING:
    from db.plan.catalogue import Catalogue
    from db.store.county import County

MONTH_TABLE, MONTHLY, EVALUATION = "monthly-table", "monthly", "evaluation"


def write_report(
    county: County,
    catalogue: Catalogue,
    kind: str,
    period: str,
    file: Path,
    *,
    on: date,
    pdf: bool = False,
    progress: Progress = NO_PROGRESS,
) -> str:
    """Write one report of a month, or of a year ("2022") or the whole plan ("final"), and return its title.

    DataProblem for another period and for a fault in the county's own template, EnvironmentProblem when the file
    cannot be written, Cancelled; KeyError for an unknown kind.
    """
    if kind == EVALUATION:
        from db.reports.self_evaluation_word import write_self_evaluation
        from desktop.printing import self_evaluation_pdf

        draw = self_evaluation_pdf if pdf else None
        return write_self_evaluation(county, catalogue, period, file, on=on, draw=draw, progress=progress).title
    month = Period.parse(period)
    if kind == MONTHLY:
        from db.reports.monthly_report_word import write_monthly_report
        from desktop.printing import monthly_report_pdf

        paint = monthly_report_pdf if pdf else None
        return write_monthly_report(county, catalogue, month, file, on=on, draw=paint, progress=progress).title
    if kind != MONTH_TABLE:
        raise KeyError(kind)
    from db.reports.month_table_book import write_month_table
    from desktop.month_table_pages import month_table_pdf

    lay = month_table_pdf if pdf else None
    return write_month_table(county, catalogue, month, file, on=on, draw=lay, progress=progress).title
