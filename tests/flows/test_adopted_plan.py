"""After another plan was taken up everything that goes out of the county still does, without what has no place."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from db.exchange.breakdown_write import write_breakdown
from db.exchange.package_verify import verify_package
from db.plan.catalogue import Catalogue, load_catalogue
from db.plan.editions import split_former
from db.reports.local_plan_word import write_local_plan
from db.reports.task_sheet_files import write_task_sheets
from db.store.county import County
from db.work.adoption import adopt, adoption
from db.work.demo import build_demo
from db.work.task_rows import held
from desktop.export_job import export_package

SHIPPED = load_catalogue()
GONE = ("08-06", "03-02")


def next_plan() -> Catalogue:
    return replace(
        SHIPPED,
        version="next",
        clauses=tuple(c for c in SHIPPED.clauses if c.id not in GONE),
        targets=tuple(t for t in SHIPPED.targets if t.clause not in GONE),
        left_out=tuple(entry for entry in SHIPPED.left_out if entry.clause not in GONE),
        faults=tuple(fault for fault in SHIPPED.faults if fault.clause not in GONE),
    )


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    folder = tmp_path_factory.mktemp("adopted") / "demo"
    build_demo(folder)
    with County.open(folder, author="李四") as county:
        with county.reading() as conn:
            plan = adoption(conn, next_plan())
        assert plan.stayed
        with county.operation("采用新方案") as op:
            adopt(op, plan)
        yield county


def rows_in(package: Path, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(package) as archive:
        (member,) = [each for each in archive.namelist() if each.endswith(f"{name}.csv")]
        return list(csv.DictReader(io.StringIO(archive.read(member).decode("utf-8-sig"))))


@pytest.mark.parametrize("kind", ["plan", "registers"])
def test_packages_are_sound_and_hold_no_task_of_another_plan(county: County, tmp_path: Path, kind: str) -> None:
    package = export_package(county, kind=kind, period="2022", out=tmp_path).path
    verdict = verify_package(package)
    assert verdict.ok, [problem.sentence() for problem in verdict.problems]
    if kind == "plan":
        assert rows_in(package, "assignment")
        named = {row["task_id"] for row in rows_in(package, "assignment")}
    else:
        named = {row["task_id"] for row in rows_in(package, "key_project")}
    assert not [task_id for task_id in named if "@" in task_id or task_id[:5] in GONE]
    with county.reading() as conn:
        assert any(split_former(task_id) for task_id in held(conn))


def test_papers_and_workbooks_are_made_by_the_plan_in_force(county: County, tmp_path: Path) -> None:
    plan = next_plan()
    assert write_breakdown(county, plan, tmp_path / "分解.xlsx").rows
    assert write_task_sheets(county, plan, tmp_path / "任务书").files
    write_local_plan(county, plan, tmp_path / "落实方案.docx")
