"""`sijian part`: out, opened, changed, back."""

from __future__ import annotations

import json
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


def add(folder: Path, name: str) -> None:
    with County.open(folder, author="王芳") as county, county.operation("登记") as op:
        records.insert(op, load_schema("coal_boiler"), {"name": name, "town_id": town_id(TOWN)})


def test_the_whole_way(empty_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add(empty_folder, "一号锅炉")
    assert run("part", "write", empty_folder, "--town", TOWN, "--out", tmp_path / "out") == cli.GOOD
    file = Path(capsys.readouterr().out.strip())
    assert file.name.startswith("370783-part-圣城街道-") and file.suffix == ".sijian-part"
    assert run("part", "open", file, tmp_path / "colleague") == cli.GOOD
    add(tmp_path / "colleague", "二号锅炉")
    capsys.readouterr()
    assert run("part", "return", tmp_path / "colleague", "--out", tmp_path / "back") == cli.GOOD
    back = Path(capsys.readouterr().out.strip())
    assert run("part", "read", empty_folder, back, "--dry-run", "--json") == cli.GOOD
    told = json.loads(capsys.readouterr().out)
    assert not told["written"]
    assert [table["added"] for table in told["files"][0]["tables"] if table["table"] == "coal_boiler"] == [1]
    assert run("part", "read", empty_folder, back) == cli.GOOD
    assert "新增1行" in capsys.readouterr().err
    with County.open(empty_folder, author="王芳") as county, county.reading() as conn:
        assert conn.execute("SELECT count(*) FROM register_coal_boiler").fetchone() == (2,)


def test_a_part_is_never_restored_over_a_county(
    empty_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(empty_folder, "一号锅炉")
    assert run("part", "write", empty_folder, "--town", TOWN, "--out", tmp_path / "out") == cli.GOOD
    file = Path(capsys.readouterr().out.strip())
    before = (empty_folder / "county.db").read_bytes()
    assert run("restore", file, empty_folder) != cli.GOOD
    assert "不能用来恢复" in capsys.readouterr().err and (empty_folder / "county.db").read_bytes() == before
    assert run("restore", file, tmp_path / "colleague") == cli.GOOD


def test_nothing_chosen_is_wrong_use(empty_folder: Path, tmp_path: Path) -> None:
    assert run("part", "write", empty_folder, "--out", tmp_path) == cli.WRONG_USE


def test_the_same_twice_is_pointed_out(empty_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for told in ("", "08-06"):
        assert run("part", "write", empty_folder, "--clause", "08-06", "--out", tmp_path / "out") == cli.GOOD
        said = capsys.readouterr().err
        assert ("还没有收回" in said) == bool(told)


def test_a_file_alone_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Path | None] = []

    def show(_folder: Path | None, file: Path | None = None) -> int:
        shown.append(file)
        return cli.GOOD

    monkeypatch.setattr(cli, "_show_window", show)
    file = tmp_path / "圣城街道.sijian-part"
    file.write_bytes(b"x")
    assert run(file) == cli.GOOD and shown == [file]
    assert run("没有的.sijian-part") == cli.WRONG_USE
