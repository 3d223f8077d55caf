"""The command line: exit codes, Chinese sentences, and the same results as the functions behind it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from db import __version__
from db.plan.catalogue import load_catalogue
from db.store.attachments import add
from db.store.county import County
from desktop import cli
from tests.db.exchange.packages import make_ready


def run(*args: object) -> int:
    return cli.main([str(arg) for arg in args])


@pytest.fixture
def county(tmp_path: Path) -> Path:
    folder = tmp_path / "寿光市"
    assert run("new", folder, "--county", "370783", "--author", "王芳") == cli.GOOD
    return folder


def test_help_and_version_are_good_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == cli.GOOD
    assert run("--version") == cli.GOOD
    shown = capsys.readouterr().out
    assert "用法：sijian" in shown and "命令:" in shown and __version__ in shown
    assert "Usage" not in shown and "Options" not in shown


def test_every_command_has_a_chinese_help_page(capsys: pytest.CaptureFixture[str]) -> None:
    for name in cli.cli.commands:
        assert run(name, "--help") == cli.GOOD
        shown = capsys.readouterr().out
        assert shown.startswith(f"用法：sijian {name}")
        assert "Show this message" not in shown and "[required]" not in shown


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["plna"], "没有“plna”这个命令"),
        (["plan", "--xml"], "没有“--xml”这个选项"),
        (["new"], "缺少参数 DIR"),
        (["new", "somewhere"], "缺少选项 --county"),
        (["verify", "nosuch.zip"], "“nosuch.zip”不存在"),
        (["plan", "extra"], "没有“extra”这个命令"),
        (["export", ".", "--kind", "monthly-ish", "--period", "2022", "--out", "x"], "没有“monthly-ish”这种上报包"),
        (["export", ".", "--kind", "plan", "--period", "2022-13", "--out", "x"], "2022-13"),
    ],
)
def test_wrong_use_is_told_in_chinese_on_stderr(args: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*args) == cli.WRONG_USE
    told = capsys.readouterr()
    assert said in told.err
    assert told.out == ""


def test_new_makes_a_county_with_its_towns(county: Path) -> None:
    with County.open(county, author="王芳") as opened, opened.reading() as conn:
        names = {name for (name,) in conn.execute("SELECT name FROM town")}
        assert {"圣城街道", "羊口镇"} <= names and len(names) == 15


def test_new_refuses_an_unknown_county_and_an_occupied_folder(
    county: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("new", tmp_path / "x", "--county", "999999") == cli.FOUND_PROBLEMS
    assert "370783 寿光市" in capsys.readouterr().err
    assert not (tmp_path / "x" / "county.db").exists()
    assert run("new", county, "--county", "370783") == cli.FOUND_PROBLEMS
    assert "已经有" in capsys.readouterr().err


def test_plan_json_has_the_promised_shape(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plan", "--json") == cli.GOOD
    plan = json.loads(capsys.readouterr().out)
    assert set(plan) == {"clauses", "targets"}
    clause_keys = {"id", "article", "part", "text", "responsibility", "leads", "cooperators", "mode"}
    target_keys = {
        *("id", "clause", "quote", "indicator", "value", "unit", "comparator", "baseline_value", "baseline_year"),
        *("deadline", "deadline_basis", "direction", "measure", "allocation", "nature", "soft"),
        *("set_by_province", "part_of"),
    }
    assert all(set(clause) == clause_keys for clause in plan["clauses"])
    assert all(set(target) == target_keys for target in plan["targets"])
    assert len(plan["targets"]) == len(load_catalogue().targets)


def test_plan_lists_every_clause_and_target(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plan") == cli.GOOD
    shown = capsys.readouterr().out
    catalogue = load_catalogue()
    assert all(clause.id in shown for clause in catalogue.clauses)
    assert all(target.id in shown for target in catalogue.targets)


@pytest.mark.parametrize(("kind", "period"), [("registers", "2022"), ("registers", "2023")])
def test_export_then_verify(
    kind: str, period: str, county: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "stick"
    with County.open(county, author="王芳") as opened:
        make_ready(opened, kind, period, date.today())
    assert run("export", county, "--kind", kind, "--period", period, "--out", out) == cli.GOOD
    package = Path(capsys.readouterr().out.splitlines()[0])
    assert package.parent == out and package.name == f"370783-{kind}-{period}-v1.zip"
    assert run("verify", package) == cli.GOOD
    assert run("verify", package, "--json") == cli.GOOD
    capsys.readouterr()
    damaged = bytearray(package.read_bytes())
    middle = len(damaged) // 2  # one bit alone may stand for the same text in another way of packing it
    damaged[middle : middle + 16] = bytes(byte ^ 0xFF for byte in damaged[middle : middle + 16])
    package.write_bytes(damaged)
    assert run("verify", package) == cli.FOUND_PROBLEMS
    assert capsys.readouterr().err


def test_backup_and_restore_bring_everything_back(
    county: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "backup.zip"
    assert run("backup", county, "--out", file) == cli.GOOD
    assert run("restore", file, tmp_path / "again") == cli.GOOD
    assert "已恢复到" in capsys.readouterr().out
    with County.open(tmp_path / "again", author="王芳") as opened, opened.reading() as conn:
        assert conn.execute("SELECT count(*) FROM town").fetchone() == (15,)


def test_files_are_verified_with_the_county_open_elsewhere(
    county: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "批复.pdf").write_bytes(b"%PDF")
    with County.open(county, author="王芳") as opened:
        assert run("verify-files", county) == cli.GOOD and "还没有佐证附件" in capsys.readouterr().err
        with opened.operation("添加附件") as op:
            (town,) = op.conn.execute("SELECT id FROM town ORDER BY seq").fetchone()
            add(op, opened, "town", town, tmp_path / "批复.pdf")
        assert run("verify-files", county) == cli.GOOD and "内容都没有变" in capsys.readouterr().err
        next((county / "attachments").rglob("*.pdf")).write_bytes(b"%PDX")
        assert run("verify-files", county) == cli.FOUND_PROBLEMS
    said = capsys.readouterr()
    assert "“批复.pdf”损坏" in said.out and "镇街“" in said.out and "重新添加" in said.err


def test_a_locked_county_is_told_and_nothing_is_written(
    county: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with County.open(county, author="王芳"):
        assert run("backup", county, "--out", tmp_path / "b.zip") == cli.FOUND_PROBLEMS
    assert "已在这台电脑上打开" in capsys.readouterr().err
    assert not (tmp_path / "b.zip").exists()


def test_plan_reads_another_document(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "要点.txt"
    file.write_text(
        "某县2024年工作要点\n一、减煤。到2024年底，压减煤炭3万吨。规范新（改、扩）建锅炉。（县发改局牵头）\n二、增绿。每年造林。（县林业局负责）\n",
        encoding="gb18030",
    )
    assert run("plan", "--json", "--document", str(file)) == cli.GOOD
    captured = capsys.readouterr()
    plan = json.loads(captured.out)
    assert [clause["leads"] for clause in plan["clauses"]] == [["县发改局"], ["县林业局"]]
    assert "（改、扩）" in [entry["text"] for entry in plan["leftovers"]]
    assert "第2行（01-01）：括号“（改、扩）”是括号里的说明，没有归入目标。" in captured.err


def test_plan_refuses_what_is_no_document(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "方案.docx"
    file.write_bytes(b"%PDF-1.7 ...")
    assert run("plan", "--document", str(file)) == cli.FOUND_PROBLEMS
    assert "PDF" in capsys.readouterr().err


@pytest.mark.parametrize(("kind", "period"), [("plan", "2022"), ("monthly", "2022-03"), ("annual", "2022")])
def test_export_is_refused_while_something_is_left_to_do(
    kind: str, period: str, county: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("export", county, "--kind", kind, "--period", period, "--out", tmp_path) == cli.FOUND_PROBLEMS
    told = capsys.readouterr()
    assert "审核没有通过" in told.err and not told.out and not list(tmp_path.glob("*.zip"))


def test_a_package_under_a_password(county: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("granary lantern\n", encoding="utf-8")
    out = tmp_path / "out"
    with County.open(county, author="王芳") as opened:
        make_ready(opened, "registers", "2022", date.today())
    asked = ("export", county, "--kind", "registers", "--period", "2022", "--out", out, "--password-file", secret)
    assert run(*asked) == cli.GOOD
    (package,) = out.glob("*.zip")
    assert run("verify", package, "--password-file", secret) == cli.GOOD
    capsys.readouterr()
    assert run("verify", package) == cli.FOUND_PROBLEMS
    assert "加了密码" in capsys.readouterr().err
    secret.write_text("another one\n", encoding="utf-8")
    assert run("verify", package, "--password-file", secret) == cli.FOUND_PROBLEMS
    assert "密码不对" in capsys.readouterr().err
