"""The city's commands, as its technician types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop.cli import FOUND_PROBLEMS, GOOD, WRONG_USE, main
from tests.db.exchange.packages import small_package

NAME = "370783-registers-2022-v1"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return small_package(tmp_path)


def test_packages_are_taken_and_who_is_missing_is_told(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = str(tmp_path / "核收.db")
    assert main(["consolidate", ledger, str(package), "--due", "registers:2022=2022-12-31"]) == GOOD
    told = capsys.readouterr()
    assert f"{NAME}：已收。" in told.out and "应报17家，已报1家" in told.out and "未报 16 家" in told.out
    assert "已收 1 个" in told.err
    assert main(["consolidate", ledger, str(package.parent), "--json"]) == GOOD
    found = json.loads(capsys.readouterr().out)
    assert [each["outcome"] for each in found["packages"]] == ["same"]
    assert {each["state"] for each in found["board"]} == {"未报", "迟报"}
    assert main(["consolidate", ledger]) == GOOD
    assert "应报17家" in capsys.readouterr().out


def test_what_is_wrong_is_named_and_told_by_the_exit_code(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = str(tmp_path / "核收.db")
    assert main(["consolidate", ledger, str(package), "--letter", "00000000"]) == FOUND_PROBLEMS
    assert "上报函" in capsys.readouterr().out
    (tmp_path / "x.zip").write_bytes(b"x")
    assert main(["consolidate", ledger, str(tmp_path / "x.zip")]) == FOUND_PROBLEMS
    assert "x.zip：" in capsys.readouterr().err
    assert main(["consolidate", ledger, str(package), "--take-plan", "v9", "--reporting-day", "8"]) == GOOD


@pytest.mark.parametrize("due", ["2022", "monthly:2022-03=2022-02-30", "monthly-2022"])
def test_a_day_that_is_none_is_wrong_use(due: str, tmp_path: Path) -> None:
    assert main(["consolidate", str(tmp_path / "a.db"), "--due", due]) == WRONG_USE
    assert not (tmp_path / "a.db").exists()
