"""`sijian self-test`: one verdict, nothing left behind, and a failing step is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.core.errors import EnvironmentProblem
from desktop import cli, self_test
from tests.conftest import LogGuard


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_everything_is_done_and_nothing_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "用户 一"
    place.mkdir()
    assert cli.main(["self-test", "--in", str(place)]) == cli.GOOD
    said = lines(capsys)
    assert [line.split()[1] for line in said[1:-1]] == ["通过"] * len(self_test.STEPS)
    assert said[-1] == f"自检通过：{len(self_test.STEPS)} 项都正常。"
    assert list(place.iterdir()) == []


def _full(_work: self_test.Work) -> None:
    raise EnvironmentProblem("磁盘空间已满。", advice="请清理磁盘。")


def _bug(_work: self_test.Work) -> None:
    raise KeyError("town")


@pytest.mark.parametrize(
    ("step", "told"), [(_full, "磁盘空间已满。请清理磁盘。"), (_bug, "KeyError：'town'")], ids=["problem", "bug"]
)
def test_the_first_failure_is_the_verdict(
    step: object, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], log_guard: LogGuard
) -> None:
    def not_reached(_work: self_test.Work) -> None:
        pytest.fail("a step after the failing one was done")

    if step is _bug:
        log_guard.expect("self-test")
    monkeypatch.setattr(self_test, "STEPS", (("坏的一步", step), ("下一步", not_reached)))
    assert cli.main(["self-test"]) == cli.FOUND_PROBLEMS
    assert lines(capsys)[-1] == f"自检没有通过：坏的一步。{told}"
