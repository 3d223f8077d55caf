"""From the county's data to a package that is out: written, verified, recorded, its month locked; or nothing of it.

What is typed while a package is being written must not end up locked and unsent. So the package gets its name inside
the operation that records it and locks the month, and only while nothing of its tables has been changed since the
moment it was read from; else all of it is written once more.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

from db.core.errors import DataProblem
from db.core.period import Period
from db.core.progress import NO_PROGRESS, Progress
from db.exchange.package_kinds import kind_and_period, kinds
from db.exchange.package_write import DrawLetter, Publish, write_package
from db.exchange.submissions import PackageResult, record_submission
from db.plan.editions import county_catalogue
from db.store.county import County
from db.store.operation import Operation
from db.work.evaluation.entries import store_results
from db.work.monthly.months import close_month

ATTEMPTS = 3
"""How often a package is written before whoever goes on changing the data is asked to stop."""


class _Outdated(Exception):
    """The data changed after they were read."""


def send(
    county: County,
    *,
    kind: str,
    period: str,
    out: Path,
    letter: DrawLetter,
    password: str = "",
    today: date | None = None,
    progress: Progress = NO_PROGRESS,
) -> PackageResult:
    """Write the next package of this kind and period into the folder `out`, record it, lock its month; return it.

    With a `password` it is encrypted; the password is kept nowhere. With `today` the rules of 审核 are held against the
    data, as they are on that day, and nothing goes out that still has to be mended or explained (`NotReady`).

    Raises `DataProblem` where the data can't be exported as they are, `EnvironmentProblem` where the target can't take
    the file, `Cancelled`; then there is no file, no record, and nothing is locked.
    """
    chosen, when = kind_and_period(kind, period)
    for _ in range(ATTEMPTS):
        if chosen.evaluation:
            with county.operation(settling(kind)) as op:
                settle_evaluation(op, kind, period)
        try:
            return write_package(
                county,
                kind=kind,
                period=period,
                out=out,
                letter=letter,
                keep=partial(_keep, county),
                password=password,
                today=today,
                progress=progress,
            )
        except _Outdated:
            progress.step(0, 1000, "导出的时候数据又有改动，重新导出")
    raise DataProblem(
        f"导出{when.title}{chosen.title}的时候，数据一直在改动，没有导出。",
        advice="请等导入或填报告一段落后再导出。",
        code="outdated",
    )


def _keep(county: County, result: PackageResult, publish: Publish) -> None:
    month = Period.parse(result.period)
    published = False
    # A package that is out cannot be called back by 撤销: taking back its record would number the next one the same.
    # What was filed for a month that is out is locked, against undoing too.
    try:
        with county.operation(f"导出上报包 {result.path.name}", record=not month.is_month, undoable=False) as op:
            if _changed_since(op, result):
                raise _Outdated
            record_submission(op, result)
            if month.is_month:
                close_month(op, month)
            publish()
            published = True
    except BaseException:
        if published:
            result.path.unlink(missing_ok=True)
        raise


def _changed_since(op: Operation, result: PackageResult) -> bool:
    """Return whether anything was changed in the tables of the package since it was read."""
    named = ", ".join(f"'{name}'" for name in result.sources)
    return bool(
        op.conn.execute(
            f"SELECT EXISTS (SELECT 1 FROM change WHERE seq > ? AND table_name IN ({named}))", (result.base_seq,)
        ).fetchone()[0]
    )


def settling(kind: str) -> str:
    """Return what keeping the results of an evaluation is called, "" for a kind that has none."""
    chosen = kinds()[kind]
    return f"存下{chosen.title}的结果" if chosen.evaluation else ""


def settle_evaluation(op: Operation, kind: str, period: str) -> None:
    """Keep what the evaluation comes to now: the package and the rules take the rows as they are in the file."""
    chosen, when = kind_and_period(kind, period)
    store_results(op, county_catalogue(op.conn), chosen.evaluation_key(when))
