"""The packages of an evaluation: results as they are when it is exported, with what was typed and what proves it."""

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
from db.store import attachments
from db.work.evaluation.entries import set_entry
from db.work.evaluation.results import evaluate
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.model import RowKey
from desktop.export_job import export_package
from tests.db.work.desk import Desk

MANURE, FOSSIL = "16-01-2", "07-01-1"


@pytest.fixture
def filled(desk: Desk, tmp_path: Path) -> Desk:
    for year in (2022, 2023):
        desk.quota(MANURE, year, "1000")
        desk.share(MANURE, year, "1000")
    desk.answer(FOSSIL, "不涉及", "没有这类企业")
    with desk.county.operation("填报") as op:
        key = RowKey(MANURE, "town", desk.towns[0])
        set_entries(op, Period(2022, 12), [EntryChange(key, {"amount": Decimal(700)})])
    proof = tmp_path / "验收单.pdf"
    proof.write_bytes(b"%PDF-1.4 sample")
    for key_of_period in ("2022", "final"):
        with desk.county.operation("说明") as op:
            row = set_entry(op, key=key_of_period, task_id=MANURE, explanation="收集慢", note=key_of_period)
            attachments.add(op, desk.county, "evaluation", row, proof, "验收")
    return desk


def table(package: Path, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(package) as archive:
        text = archive.read(f"{package.stem}/data/tables/{name}.csv").decode()
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(("kind", "period", "key"), [("annual", "2022", "2022"), ("final", "2024", "final")])
def test_an_evaluation_is_packed_and_verified(filled: Desk, tmp_path: Path, kind: str, period: str, key: str) -> None:
    told = contents(filled.conn, filled.plan, kind=kind, period=period)
    assert any("存下每项任务的结果" in remark for remark in told.remarks)
    package = export_package(filled.county, kind=kind, period=period, out=tmp_path)
    assert package.path.name == f"370783-{kind}-{period}-v1.zip"
    verdict = verify_package(package.path)
    assert verdict.ok, [problem.sentence() for problem in verdict.problems]
    found = evaluate(filled.conn, filled.plan, key)
    rows = {row["task_id"]: row for row in table(package.path, "evaluation")}
    assert set(rows) == {row.task_id for row in found.rows} and {row["period"] for row in rows.values()} == {key}
    scores = [Decimal(row["score"]) for row in rows.values() if row["score"]]
    assert sum(scores, Decimal(0)) == found.score
    assert rows[MANURE]["explanation"] == "收集慢" and rows[MANURE]["arithmetic"].startswith("进度 ")
    assert (rows[FOSSIL]["standpoint"], rows[FOSSIL]["score"]) == ("不涉及", "")
    assert [row["table_name"] for row in table(package.path, "attachments")] == ["evaluation"]
    assert len(table(package.path, "quota")) == (1 if kind == "annual" else 2)


@pytest.mark.usefixtures("qapp")
def test_a_month_is_no_period_of_an_evaluation(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(DataProblem, match="按年度上报"):
        export_package(desk.county, kind="annual", period="2022-03", out=tmp_path)
    with pytest.raises(DataProblem, match="没有“2030”这个评估期"):
        export_package(desk.county, kind="annual", period="2030", out=tmp_path)
