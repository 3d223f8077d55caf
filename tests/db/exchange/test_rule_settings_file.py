"""The city's settings of rules, from both kinds of file into the county and into force."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from db.checks.model import Level
from db.checks.settings import FIELDS, load_settings, settings_in_force
from db.core.errors import DataProblem
from db.exchange.rule_settings_file import read_settings_file
from db.store.county import County
from tests.db.checks.desk import CheckDesk
from tests.db.county_folders import county_in

NUMBER = "潍四减四增办〔2022〕9号"


@pytest.fixture
def desk(tmp_path: Path) -> Any:
    with county_in(tmp_path / "寿光") as county, county.reading() as conn:
        yield CheckDesk(county, conn)


def as_json(folder: Path, *rules: object, **head: object) -> Path:
    file = folder / "设置.json"
    whole = {"format": "sijian-rule-settings", "version": 1, "document_number": NUMBER, "rules": list(rules), **head}
    file.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    return file


def as_sheet(folder: Path, *lines: dict[str, object]) -> Path:
    file = folder / "设置.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["市里的规则设置"])
    sheet.append(list(FIELDS.values()))
    for line in lines:
        sheet.append([line.get(key) for key in FIELDS])
    book.save(file)
    return file


def take(county: County, file: Path) -> int:
    found = read_settings_file(file)
    with county.operation("载入规则设置") as op:
        return load_settings(op, found)


LINE: dict[str, object] = {"rule": "W02", "level": "hint", "from": "2022-03", "to": "2022-12"}


@pytest.mark.parametrize("write", [as_json, as_sheet])
def test_a_setting_comes_into_force(desk: CheckDesk, tmp_path: Path, write: Any) -> None:
    desk.project("key_project", name="供热管网", town_id=desk.towns[0])
    [before] = desk.issues("W02")
    assert before.level is Level.EXPLAIN
    assert take(desk.county, write(tmp_path, {**LINE, "document_number": NUMBER})) == 1
    [after] = desk.issues("W02")
    assert after.level is Level.HINT
    [line] = settings_in_force(desk.conn)
    assert line.sentence == f"W02 项目没有责任人：核实性改为提示性（2022-03—2022-12）。文号：{NUMBER}。"
    desk.county.undo()
    assert [issue.level for issue in desk.issues("W02")] == [Level.EXPLAIN]


def test_a_rule_that_is_off_or_waived_says_so(desk: CheckDesk, tmp_path: Path) -> None:
    desk.project("key_project", name="供热管网", town_id=desk.towns[0])
    take(desk.county, as_json(tmp_path, {"rule": "W02", "level": "停用"}, {"rule": "F01", "waived": ["370783"]}))
    found = desk.findings("registers")
    assert {"W02", "F01"}.isdisjoint({issue.rule for issue in found.issues})
    assert {each.rule: each.why for each in found.not_checked} == {
        "W02": f"市里的文件（{NUMBER}）停用了这条规则。",
        "F01": f"市里的文件（{NUMBER}）对本县免审。",
    }


@pytest.mark.parametrize("level", ["", "停用"])
def test_a_rule_is_waived_for_one_town(desk: CheckDesk, tmp_path: Path, level: str) -> None:
    code = desk.conn.execute("SELECT code FROM town WHERE id = ?", (desk.towns[0],)).fetchone()[0]
    for town in desk.towns[:2]:
        desk.project("key_project", name="供热管网", town_id=town)
    assert len(desk.issues("W02")) == 2
    take(desk.county, as_json(tmp_path, {"rule": "W02", "level": level, "waived": [code]}))
    [left] = desk.issues("W02")
    assert desk.towns[1] in left.units


def test_a_setting_holds_in_its_months_alone(desk: CheckDesk, tmp_path: Path) -> None:
    desk.project("key_project", name="供热管网", town_id=desk.towns[0])
    take(desk.county, as_json(tmp_path, {"rule": "W02", "level": "hint", "to": "2021-12"}))
    assert [issue.level for issue in desk.issues("W02")] == [Level.EXPLAIN]


def test_a_later_file_replaces_what_it_names(desk: CheckDesk, tmp_path: Path) -> None:
    take(desk.county, as_json(tmp_path, {"rule": "W02", "level": "hint"}, {"rule": "W03", "level": "explain"}))
    take(desk.county, as_json(tmp_path, {"rule": "W02", "level": "confirm"}))
    assert {line.rule.code: line.tuning.level for line in settings_in_force(desk.conn)} == {
        "W02": "confirm",
        "W03": "explain",
    }


def test_every_fault_is_listed_and_nothing_is_taken(desk: CheckDesk, tmp_path: Path) -> None:
    file = as_json(
        tmp_path,
        {"rule": "X99", "level": "hint"},
        {"rule": "W02", "level": "很严"},
        {"rule": "W02", "threshold": 5},
        {"rule": "W02", "level": "hint", "from": "2022-13"},
        {"rule": "W02", "level": "hint", "from": "2022-05", "to": "2022-03"},
        {"rule": "W02", "waived": ["某某镇"]},
        {"rule": "W02"},
        {"rule": "W02", "level": "hint", "severity": 3},
        document_number="",
    )
    found = read_settings_file(file)
    told = "\n".join(problem.sentence() for problem in found.problems)
    for words in ("X99", "很严", "没有阈值", "2022-13", "早于起始期", "某某镇", "没有写改什么", "severity", "没有文号"):
        assert words in told
    assert {problem.place for problem in found.problems} == {f"第{number}条" for number in range(1, 9)}
    with pytest.raises(DataProblem, match="没有载入"):
        take(desk.county, file)
    assert not settings_in_force(desk.conn)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("设置.json", "{"),
        ("设置.json", "[]"),
        ("设置.json", "[" * 100_000),
        ("设置.json", '{"format": "sijian-rule-settings", "version": 2, "rules": []}'),
        ("设置.json", '{"format": "sijian-rule-settings", "version": 1, "rules": 3}'),
        ("设置.txt", "W02"),
        ("设置.xlsx", "no workbook"),
    ],
)
def test_what_is_no_settings_file_is_refused_with_a_sentence(tmp_path: Path, name: str, content: str) -> None:
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    with pytest.raises(DataProblem):
        read_settings_file(file)


def test_an_empty_file_is_a_problem(tmp_path: Path) -> None:
    assert [problem.code for problem in read_settings_file(as_json(tmp_path)).problems] == ["settings.empty"]
