"""`sijian workbook write`."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from db.core.fields import load_schema
from db.store import records
from db.store.county import County
from db.work.setup import town_id
from desktop import cli

TOWN = "370783001"


def run(*args: object) -> int:
    return cli.main([str(arg) for arg in args])


@pytest.fixture
def county(empty_folder: Path) -> Path:
    with County.open(empty_folder, author="王芳") as county, county.operation("登记") as op:
        records.insert(op, load_schema("coal_boiler"), {"name": "一号锅炉", "town_id": town_id(TOWN)})
    return empty_folder


def test_one_unit_gets_its_file(county: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run("workbook", "write", county, "--unit", TOWN, "--kind", "registers", "--out", tmp_path / "out") == cli.GOOD
    )
    shown = capsys.readouterr()
    (file,) = (tmp_path / "out").iterdir()
    assert shown.out == f"{file}\n"
    assert shown.err == "已写出1个工作簿，共1行。\n"


def test_everybody_in_one_zip(county: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["--kind", "registers", "--register", "coal_boiler", "--period", "2022", "--zip"]
    assert run("workbook", "write", county, "--all", *asked, "--out", tmp_path / "out") == cli.GOOD
    (file,) = (tmp_path / "out").iterdir()
    assert capsys.readouterr().out == f"{file}\n"
    with zipfile.ZipFile(file) as archive:
        assert len(archive.namelist()) > 10


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        (["--kind", "registers"], cli.WRONG_USE, "--unit"),
        (["--kind", "plans", "--all"], cli.WRONG_USE, "--kind"),
        (["--all"], cli.WRONG_USE, "缺少选项 --kind"),
        (["--kind", "tasks", "--all"], cli.FOUND_PROBLEMS, "哪一年"),
        (["--kind", "tasks", "--all", "--period", "2022.1"], cli.FOUND_PROBLEMS, "1月还是10月"),
        (["--kind", "registers", "--unit", "没有的镇"], cli.FOUND_PROBLEMS, "没有代码或名称"),
        (["--kind", "registers", "--all", "--register", "x"], cli.FOUND_PROBLEMS, "没有清单"),
    ],
)
def test_what_is_asked_for_wrongly_is_a_sentence(
    county: Path, asked: list[str], code: int, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("workbook", "write", county, *asked, "--out", tmp_path / "out") == code
    assert words in capsys.readouterr().err
