"""The demo job: a whole county, every task dealt with, packages that verify, and the same again on the second run."""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from stdnum.cn import uscc

from db.core import credit_code
from db.exchange.package_verify import verify_package
from db.exchange.rehearsal import LEDGER
from db.plan.catalogue import load_catalogue
from db.reports.letter import SAMPLE_NOTE, LetterFacts, letter_html
from db.work.demo import build_demo, demo_credit_code
from db.work.opening import open_county
from db.work.setup import new_county
from db.work.task_states import RESOLVED, states
from db.work.tasks import leaf_tasks
from desktop import cli
from desktop.export_job import export_package
from desktop.printing import letter_pdf


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo county as `build_demo` leaves it."""
    folder = tmp_path_factory.mktemp("demo") / "寿光市"
    build_demo(folder)
    return folder


def test_nothing_is_left_to_break_down(demo: Path) -> None:
    catalogue = load_catalogue()
    with open_county(demo, author="演示") as county, county.reading() as conn:
        found = states(conn, catalogue)
    open_tasks = {task: found[task].kind for task in leaf_tasks(catalogue) if found[task].kind not in RESOLVED}
    assert not open_tasks


def test_what_is_invented_says_so(demo: Path) -> None:
    with open_county(demo, author="演示") as county, county.reading() as conn:
        names = [name for (name,) in conn.execute("SELECT name FROM enterprise")]
        papers = {number for (number,) in conn.execute("SELECT DISTINCT document_number FROM quota")}
        projects = [name for (name,) in conn.execute("SELECT name FROM register_rural_heating")]
    assert len(names) == 40 and all(name.startswith("演示") for name in names)
    assert all(number.startswith("演示") for number in papers)
    assert projects and all(name.startswith("演示") for name in projects)


def test_the_towns_are_the_real_ones(demo: Path) -> None:
    with open_county(demo, author="演示") as county, county.reading() as conn:
        codes = [code for (code,) in conn.execute("SELECT code FROM town")]
    assert len(codes) == 15 and all(code.startswith("370783") for code in codes)


def test_sample_codes_pass_the_check_digit() -> None:
    for number in range(1, 41):
        code = demo_credit_code(number)
        assert credit_code.problem_of(code) is None
        assert uscc.is_valid(code)


def test_the_demo_twice_in_a_row_without_a_display(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "演示"
    for again in (False, True):
        assert cli.main(["demo", str(folder)]) == cli.GOOD
        said = capsys.readouterr().out
        assert "没有显示器" in said and said.count("校验通过") == 4
        assert "370783-plan-2022-v1.zip" in said and ("继续使用" in said) is again
    assert len(list((folder / "exports").glob("*.zip"))) == 4 and (tmp_path / LEDGER).is_file()
    # What is in the file passes the check as a clerk would run it, whatever day it is.
    assert cli.main(["check", str(folder), "--kind", "plan", "--period", "2022"]) == cli.GOOD
    out = str(tmp_path / "又一次")
    assert cli.main(["export", str(folder), "--kind", "registers", "--period", "2022", "--out", out]) == cli.GOOD


def test_what_leaves_a_sample_county_says_that_it_is_one(tmp_path: Path, demo: Path) -> None:
    folder = Path(shutil.copytree(demo, tmp_path / "demo"))
    with open_county(folder, author="演示") as county:
        assert county.undo_label() is not None
        while county.undo_label():
            county.undo()  # the mark is no step of the clerk's
        while county.redo_label():
            county.redo()
        result = export_package(county, kind="plan", period="2022", out=tmp_path)
    verdict = verify_package(result.path)
    assert verdict.ok and verdict.facts["性质"] == SAMPLE_NOTE and "（演示）" in verdict.facts["填报单位"]
    with zipfile.ZipFile(result.path) as archive:
        letter = next(archive.read(name) for name in archive.namelist() if name.endswith(".pdf"))
    facts = LetterFacts("寿光市（演示）", "", "2022年", "x", "y", 1, "0" * 64, [])
    assert letter.startswith(b"%PDF")
    assert letter_pdf(replace(facts, sample=True)) != letter_pdf(facts) and SAMPLE_NOTE in letter_html(
        replace(facts, sample=True)
    )


def test_a_real_county_says_nothing_of_samples(tmp_path: Path) -> None:
    with new_county(tmp_path / "寿光市", county="370783", author="王芳") as county:
        result = export_package(county, kind="registers", period="2022", out=tmp_path)
    verdict = verify_package(result.path)
    assert verdict.ok and not verdict.package.sample and "演示" not in "".join(verdict.facts.values())
