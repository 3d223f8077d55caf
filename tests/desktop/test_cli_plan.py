"""`sijian plan compare` and `sijian plan adopt`."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

import resources
from db.plan.catalogue import load_catalogue
from db.plan.catalogue_file import catalogue_text
from db.plan.editions import county_catalogue, edition_document, editions
from db.store.county import County
from db.work.quotas import quotas, set_quota
from desktop import cli

DRAFT = resources.path("plan/weifang-2021-2023-draft.txt")


def run(*args: object) -> int:
    return cli.main([str(arg) for arg in args])


@pytest.fixture
def county(empty_folder: Path) -> Path:
    with County.open(empty_folder, author="王芳") as county, county.operation("下达") as op:
        set_quota(op, target_id="08-06-1", year=2022, amount=Decimal(100))
    return empty_folder


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A catalogue whose 08-06-1 asks for 50 instead of 40."""
    shipped = load_catalogue()
    targets = tuple(replace(t, value=Decimal(50)) if t.id == "08-06-1" else t for t in shipped.targets)
    file = tmp_path / "新方案.json"
    file.write_text(catalogue_text(replace(shipped, version="next", targets=targets)), encoding="utf-8")
    return file


def test_compare_tells_what_changed(tmp_path: Path, changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = tmp_path / "旧方案.json"
    old.write_text(catalogue_text(load_catalogue()), encoding="utf-8")
    assert run("plan", "compare", old, changed) == cli.GOOD
    shown = capsys.readouterr()
    assert shown.out.splitlines()[0].startswith("改目标　08-06-1")
    assert "    目标值：40 → 50" in shown.out and shown.err == ""
    assert run("plan", "compare", old, changed, "--json") == cli.GOOD
    found = json.loads(capsys.readouterr().out)
    assert found["counts"]["changed"] == 1
    assert found["differences"][0]["fields"] == {"value": {"old": 40, "new": 50}}


def test_a_document_is_compared_with_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plan", "compare", DRAFT, DRAFT) == cli.GOOD
    assert "新增" not in capsys.readouterr().out


def test_trying_an_adoption_writes_nothing(county: Path, changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plan", "adopt", county, changed, "--dry-run") == cli.FOUND_PROBLEMS
    told = capsys.readouterr()
    assert "08-06-1" in told.err and "县级目标1条" in told.err and "没有写入。" in told.out
    assert run("plan", "adopt", county, changed, "--dry-run", "--confirm", "08-06-1=08-06-1") == cli.GOOD
    with County.open(county, author="王芳") as opened, opened.reading() as conn:
        assert editions(conn) == []


def test_a_plan_is_taken_up(county: Path, changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plan", "adopt", county, changed, "--confirm-likely") == cli.GOOD
    assert "跟随任务1条，没有去处0条" in capsys.readouterr().out
    with County.open(county, author="王芳") as opened:
        with opened.reading() as conn:
            assert county_catalogue(conn).version == "next" and quotas(conn).keys() == {"08-06-1"}
        assert opened.undo_label() == "采用新方案"


def test_a_document_is_taken_up_with_its_text(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plan", "adopt", county, DRAFT, "--confirm-likely") == cli.GOOD
    with County.open(county, author="王芳") as opened, opened.reading() as conn:
        assert editions(conn)[0].document_name == DRAFT.name
        assert "严控化石能源消费" in edition_document(conn, 2)


@pytest.mark.parametrize(("text", "said"), [("{}", "读不了"), ("方案", "读不了")])
def test_a_file_that_is_no_catalogue_is_told(
    county: Path, tmp_path: Path, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "不是.json"
    file.write_text(text, encoding="utf-8")
    assert run("plan", "adopt", county, file) == cli.FOUND_PROBLEMS
    assert said in capsys.readouterr().err
    file.write_bytes(text.encode("gb18030") + b"\xff")
    assert run("plan", "compare", file, file) == cli.FOUND_PROBLEMS
    assert run("plan", "adopt", county, DRAFT, "--confirm", "08-06-1") == cli.WRONG_USE


def test_showing_a_plan_still_works_beside_its_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plan") == cli.GOOD
    assert "08-06-1" in capsys.readouterr().out
    assert run("plan", "--help") == cli.GOOD
    shown = capsys.readouterr().out
    assert "compare" in shown and "adopt" in shown and "Usage" not in shown
