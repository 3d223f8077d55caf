"""Tools that know nothing of this program read its packages: bagit and frictionless, in an environment of their own."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from db.core.fields import load_schema
from db.core.period import Period
from db.store import attachments, records
from db.store.county import County
from db.work import registers
from db.work.demo import build_demo
from db.work.demo_months import fill_months
from db.work.monthly.months import reopen_month
from db.work.opening import open_county
from desktop.export_job import export_package

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON = ROOT / ".venv-strangers" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")

VALIDATE = """
import json, sys
from frictionless import validate
report = validate(sys.argv[1])
names = [task.name for task in report.tasks]
print(json.dumps({"valid": report.valid, "tables": names, "errors": report.flatten(["message"])[:5]}))
"""

SECOND = "second version"
PERIODS = {"plan": "2022", "registers": "2022", "monthly": "2022-03", "annual": "2022", "final": "2024"}


@pytest.fixture(scope="module")
def bags(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The demo county's packages of every kind, unpacked, one project with a proof file."""
    folder = tmp_path_factory.mktemp("strangers")
    build_demo(folder / "demo")
    proof = folder / "验收 照片.jpg"
    proof.write_bytes(bytes(range(256)) * 40)
    found: dict[str, Path] = {}
    with open_county(folder / "demo", author="王芳") as county:
        with county.operation("添加佐证") as op:
            (row,) = op.conn.execute("SELECT id FROM register_coal_boiler LIMIT 1").fetchone()
            attachments.add(op, county, "register_coal_boiler", row, proof, "验收")
        fill_months(county, Period(2022, 2), Period(2022, 3))
        for kind, period in PERIODS.items():
            found[kind] = unpacked(export_package(county, kind=kind, period=period, out=folder).path)
        correct(county)
        found[SECOND] = unpacked(export_package(county, kind="monthly", period="2022-03", out=folder).path)
    return found


def unpacked(package: Path) -> Path:
    with zipfile.ZipFile(package) as archive:
        archive.extractall(package.parent)
    return package.parent / package.stem


def correct(county: County) -> None:
    """Open the month again, change figures in it, and explain one: what a second version has more than the first."""
    with county.operation("更正") as op:
        reopen_month(op, Period(2022, 3), "市里退回，要求更正清洁取暖户数")
        op.conn.execute("UPDATE progress SET amount = amount + 1000000 WHERE period = '2022-03' AND seq % 7 = 0")
        (row,) = op.conn.execute("SELECT id FROM progress WHERE period = '2022-03' LIMIT 1").fetchone()
        values = {"rule": "P01", "table_name": "progress", "row_id": row, "field": "amount", "period": "2022-03"}
        records.insert(op, load_schema("explanation"), {**values, "value": "1 → 2", "reason": '机组检修，"停运"两个月'})


def ask(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    assert PYTHON.exists(), "python3 dev.py setup makes the strangers' environment"
    command = [str(PYTHON), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, cwd=cwd)


@pytest.mark.parametrize("kind", [*PERIODS, SECOND])
def test_bagit_finds_the_bag_valid(kind: str, bags: dict[str, Path]) -> None:
    asked = ask("-m", "bagit", "--validate", bags[kind])
    assert asked.returncode == 0, asked.stdout + asked.stderr


@pytest.mark.parametrize("kind", [*PERIODS, SECOND])
def test_frictionless_finds_every_table_valid(kind: str, bags: dict[str, Path]) -> None:
    asked = ask("-c", VALIDATE, "datapackage.json", cwd=bags[kind] / "data")
    assert asked.returncode == 0, asked.stderr
    answer = json.loads(asked.stdout)
    assert answer["valid"], answer
    wanted = {
        "registers": {schema.table for schema in registers.shipped()},
        "monthly": {"progress", "project_report"},
        "annual": {"evaluation", "assignment"},
        "final": {"evaluation", "quota"},
        SECOND: {"progress", "changes", "explanations"},
    }
    if kind == SECOND:
        papers = [(bags[kind] / "data" / f"{name}.csv").read_text("utf-8") for name in ("changes", "explanations")]
        assert papers[0].count("\n") > 5 and papers[1].count("\n") == 2
    assert wanted.get(kind, {"town", "assignment"}) <= set(answer["tables"])


def test_a_stranger_notices_a_changed_byte(bags: dict[str, Path]) -> None:
    table = bags["plan"] / "data" / "tables" / "town.csv"
    good = table.read_bytes()
    try:
        table.write_bytes(good.replace("圣城".encode(), "圣诚".encode()))
        assert ask("-m", "bagit", "--validate", bags["plan"]).returncode != 0
    finally:
        table.write_bytes(good)
