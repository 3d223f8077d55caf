"""A county whose months are exported, and a city that answers them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from db.core.period import Period
from db.exchange.answer_import import Received, take_answer
from db.exchange.answers import ACCEPTED, RETURNED, Answer, Remark
from db.exchange.package_write import PackageResult
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.model import RowKey
from desktop.export_job import export_package
from tests.db.work.desk import Desk

HEATING = "08-06-1"
MARCH = Period(2022, 3)


def file(desk: Desk, amount: int, month: Period = MARCH) -> str:
    """File the first town's figure of the month and return the entry's id."""
    with desk.county.operation("填报") as op:
        set_entries(op, month, [EntryChange(RowKey(HEATING, "town", desk.towns[0]), {"amount": Decimal(amount)})])
    sql = "SELECT id FROM progress WHERE period = ? AND assignee_id = ?"
    return str(desk.conn.execute(sql, (str(month), desk.towns[0])).fetchone()[0])


def export(desk: Desk, out: Path, kind: str = "monthly", period: str = "2022-03") -> PackageResult:
    return export_package(desk.county, kind=kind, period=period, out=out)


def answer_to(
    package: PackageResult,
    *,
    accept: bool = False,
    remarks: Sequence[Remark] = (),
    note: str = "",
    at: str = "2022-04-06T09:30:00",
) -> Answer:
    return Answer(
        answer_id=str(uuid.uuid4()),
        verdict=ACCEPTED if accept else RETURNED,
        package_id=package.package_id,
        package=package.name,
        sha256=package.sha256,
        data_sha256=package.data_sha256,
        county="370783",
        kind=package.kind,
        period=package.period,
        sequence=package.sequence,
        author="市专班李强",
        written_at=at,
        note=note,
        remarks=tuple(remarks),
    )


def remark_on(row_id: str, value: str, text: str = "与统计口径不符，请核对") -> Remark:
    made = Remark(str(uuid.uuid4()), text, "progress", row_id, "amount", value)
    return replace(made, author="李强", written_at="2022-04-06T09:20:00")


def take(desk: Desk, answer: Answer) -> Received:
    with desk.county.operation("导入答复", record=True) as op:
        return take_answer(op, answer)
