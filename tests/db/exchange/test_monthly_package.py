"""The package of a month: what was filed for it and what that is held against; exporting locks the month."""

from __future__ import annotations

import csv
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from db.core.errors import DataProblem
from db.core.period import Period
from db.exchange.contents import contents
from db.exchange.package_verify import verify_package
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.model import RowKey
from db.work.monthly.months import month_state
from desktop.export_job import export_package
from tests.db.work.desk import Desk

HEATING = "08-06-1"
MARCH = Period(2022, 3)


def file(desk: Desk, month: Period, amount: int) -> None:
    with desk.county.operation("填报") as op:
        set_entries(op, month, [EntryChange(RowKey(HEATING, "town", desk.towns[0]), {"amount": Decimal(amount)})])


@pytest.mark.usefixtures("qapp")
def test_a_month_is_packed_verified_and_locked(desk: Desk, tmp_path: Path) -> None:
    desk.share(HEATING, 2022, "1200", "800")
    file(desk, Period(2022, 2), 100)
    file(desk, MARCH, 300)
    found = contents(desk.conn, desk.plan, kind="monthly", period="2022-03")
    assert {line.name: line.rows for line in found.lines}["progress"] == 1
    assert any("没有填报" in remark for remark in found.remarks) and any("锁定" in remark for remark in found.remarks)
    package = export_package(desk.county, kind="monthly", period="2022-03", out=tmp_path)
    assert package.path.name == "370783-monthly-2022-03-v1.zip"
    assert verify_package(package.path).ok
    with zipfile.ZipFile(package.path) as archive:
        text = archive.read("370783-monthly-2022-03-v1/data/tables/progress.csv").decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["task_id"], row["period"], row["amount"]) for row in rows] == [(HEATING, "2022-03", "300")]
    assert month_state(desk.conn, MARCH).closed and not month_state(desk.conn, Period(2022, 2)).closed
    with pytest.raises(DataProblem, match="锁定"):
        file(desk, MARCH, 400)
    assert desk.county.undo_label() is None
