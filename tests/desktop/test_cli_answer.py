"""`sijian answer`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from db.exchange.answers import answer_text
from db.store.county import County
from desktop import cli
from tests.db.county_folders import county_in
from tests.db.exchange.answered import answer_to, export, file, remark_on
from tests.db.work.desk import Desk


@pytest.fixture
def returned(tmp_path: Path, qapp: object) -> tuple[Path, Path]:
    """A county with an exported month, and the return of it."""
    with county_in(tmp_path / "寿光") as county, county.reading() as conn:
        desk = Desk(county, conn)
        row = file(desk, 300)
        answer = answer_to(export(desk, tmp_path), remarks=[remark_on(row, "300")])
    out = tmp_path / answer.file_name
    out.write_text(answer_text(answer), encoding="utf-8")
    return tmp_path / "寿光", out


def run(*args: object) -> int:
    return cli.main([str(arg) for arg in args])


def test_a_return_is_told_then_taken(returned: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = returned
    assert run("answer", folder, out, "--dry-run", "--json") == cli.GOOD
    told = json.loads(capsys.readouterr().out)
    assert told["answers"][0]["outcome"] == "returned" and told["answers"][0]["reopens"] == "2022-03"
    assert run("answer", folder, out) == cli.GOOD
    assert "已重新打开" in capsys.readouterr().out
    assert run("answer", folder, out) == cli.GOOD
    assert "已经导入过" in capsys.readouterr().out
    with County.open(folder, author="x") as county, county.reading() as conn:
        assert conn.execute("SELECT count(*) FROM remark").fetchone() == (1,)


def test_what_is_no_answer_is_refused_with_its_name(
    returned: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = returned
    bad = tmp_path / "bad.json"
    bad.write_text("{}", encoding="utf-8")
    assert run("answer", folder, bad, out) == cli.FOUND_PROBLEMS
    shown = capsys.readouterr()
    assert "bad.json" in shown.err and "已重新打开" in shown.out
