"""`sijian check`: what it prints, what it returns, and the city's settings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from db.store import records
from db.work.registers import register
from desktop import cli
from tests.db.county_folders import county_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with county_in(tmp_path / "寿光") as county, county.reading() as conn:
        town = conn.execute("SELECT id FROM town ORDER BY seq LIMIT 1").fetchone()[0]
        with county.operation("登记") as op:
            records.insert(op, register(op.conn, "key_project"), {"name": "供热管网", "town_id": town})
    return tmp_path / "寿光"


def test_issues_are_listed_with_place_advice_and_clause(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(folder), "--kind", "registers", "--period", "2022"]) == cli.FOUND_PROBLEMS
    out, told = capsys.readouterr()
    assert "【强制性】" in out and "【核实性】" in out
    assert "W02 重点项目“供热管网”：「责任人」是空，应填写责任人姓名。" in out
    assert "（18-01）" in out
    assert "审核，发现" in told


def test_the_same_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(folder), "--json"]) == cli.FOUND_PROBLEMS
    found = json.loads(capsys.readouterr().out)
    assert not found["may_export"]
    assert sum(found["counts"].values()) == len(found["issues"])
    [one] = [issue for issue in found["issues"] if issue["rule"] == "W02"]
    assert (one["level"], one["register"], one["found"], one["open"]) == ("explain", "key_project", "空", True)


def test_settings_are_taken_in_first(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "设置.json"
    rules = [{"rule": "W02", "level": "停用"}]
    whole = {"format": "sijian-rule-settings", "version": 1, "document_number": "潍〔2022〕9号", "rules": rules}
    file.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    cli.main(["check", str(folder), "--settings", str(file)])
    out, told = capsys.readouterr()
    assert "W02" not in out
    assert "已载入：W02 项目没有责任人：核实性改为停用。" in told
    assert "没有审核 W02" in told
    file.write_text("{}", encoding="utf-8")
    assert cli.main(["check", str(folder), "--settings", str(file)]) == cli.FOUND_PROBLEMS
    assert "不是规则设置文件" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--kind", "plan"], "要一起写"),
        (["--kind", "weekly", "--period", "2022"], "没有“weekly”"),
        (["--kind", "monthly", "--period", "2022"], "按月份上报"),
    ],
)
def test_wrong_use_is_told(folder: Path, capsys: pytest.CaptureFixture[str], options: list[str], told: str) -> None:
    assert cli.main(["check", str(folder), *options]) == cli.WRONG_USE
    assert told in capsys.readouterr().err
