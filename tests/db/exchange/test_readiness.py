"""What the rules find stops a package, unless it is mended or explained; the explanations travel with it."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from db.checks.explanations import explain
from db.checks.model import Findings, Level
from db.checks.runner import run
from db.core.fields import load_schema
from db.exchange.readiness import NotReady, in_the_way
from db.exchange.sending import send
from db.exchange.submissions import submissions
from db.store import records
from db.work.county_settings import save_contacts
from tests.db.exchange.packages import CONTACTS, PLACED, letter, unpacked
from tests.db.work.desk import Desk

TODAY = date(2022, 4, 2)
REASON = "项目资金由省里直接下达，县里没有年度计划"


def found(desk: Desk) -> Findings:
    return run(desk.conn, desk.plan, kind="registers", period=None, today=TODAY)


def out(desk: Desk, folder: Path) -> Path:
    return send(desk.county, kind="registers", period="2022", out=folder, letter=letter, today=TODAY).path


@pytest.fixture
def project(desk: Desk) -> str:
    """A project whose dates cannot be: completed before it was begun."""
    values = {"started_on": date(2022, 3, 1), "completed_on": date(2022, 2, 1)}
    return desk.project("key_project", name="改造一期", total_investment=Decimal(1200), **values, **PLACED)


def test_a_blocking_issue_stops_the_export_and_is_told(desk: Desk, project: str, tmp_path: Path) -> None:
    assert found(desk).blocking
    with pytest.raises(NotReady, match="改造一期") as caught:
        out(desk, tmp_path)
    assert "强制性" in str(caught.value) and in_the_way(caught.value.findings) in str(caught.value)
    assert not submissions(desk.conn) and not list(tmp_path.glob("*.zip")) + list(tmp_path.glob(".*.part"))


def test_once_mended_and_explained_it_goes_out_with_what_was_said(desk: Desk, project: str, tmp_path: Path) -> None:
    with desk.county.operation("改") as op:
        save_contacts(op, CONTACTS)
        records.update(op, load_schema("key_project"), project, {"completed_on": date(2022, 3, 20)})
    left = found(desk)
    assert not left.blocking, [issue.sentence() for issue in left.blocking]
    with desk.county.operation("说明") as op:
        for issue in left.unexplained:
            explain(op, issue, reason=REASON, approved_by="李四" if issue.level is Level.CONFIRM else "")
        stale = {"rule": "X-99", "table_name": "register_key_project", "row_id": project, "reason": "早就改好了的说明"}
        records.insert(op, load_schema("explanation"), stale)
    assert in_the_way(found(desk)) == ""
    package = out(desk, tmp_path)
    with zipfile.ZipFile(package) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read(f"{package.stem}/data/explanations.csv").decode())))
    info = unpacked(package)[f"{package.stem}/bag-info.txt"].decode()
    assert "Contact-Name: 王芳\n" in info and "Contact-Phone: 0536-5221234\n" in info
    assert {(row["rule"], row["reason"]) for row in rows} == {(issue.rule, REASON) for issue in left.unexplained}
