"""One verdict whatever the steps do."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.windows.said import Said
from tests.windows.verdict import FAILED, GOOD, LEFT_OUT, SUMMARY, Verdict


@pytest.fixture
def verdict(tmp_path: Path) -> Verdict:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "01-old.log").write_text("of another run", encoding="utf-8")
    return Verdict(tmp_path / "logs")


def test_a_step_that_fails_stops_only_those_that_need_it(verdict: Verdict, capsys: pytest.CaptureFixture[str]) -> None:
    done: list[str] = []

    def fail() -> None:
        raise OSError("no disk")

    assert verdict.do("make", fail) is False
    assert verdict.do("install", lambda: done.append("install"), ["make"]) is False
    assert verdict.do("use", lambda: done.append("use"), ["install"]) is False
    assert verdict.do("tests", lambda: done.append("tests")) is True
    assert done == ["tests"]
    assert [each.state for each in verdict.outcomes] == [FAILED, LEFT_OUT, LEFT_OUT, GOOD]
    assert verdict.end() == 1
    said = capsys.readouterr().out
    assert "! no disk" in said and "VERDICT: FAILED" in said and "01-make.log" in said


def test_all_that_is_wrong_in_a_step_is_said_and_what_was_measured(verdict: Verdict, tmp_path: Path) -> None:
    def measure() -> None:
        verdict.hold("start", 1.75, 1.5, "×")
        verdict.hold("zip", 40, 60, "MB")
        verdict.expect([], "nothing was installed")
        verdict.note("what a program printed")

    verdict.do("measure", measure)
    (outcome,) = verdict.outcomes
    assert outcome.state == FAILED
    assert outcome.problems == ("start is over its limit", "nothing was installed")
    assert outcome.figures == ("start: 1.75 × (limit 1.5)", "zip: 40.00 MB (limit 60)")
    assert verdict.end() == 1
    logs = tmp_path / "logs"
    assert "what a program printed" in (logs / "01-measure.log").read_text(encoding="utf-8")
    assert "start: 1.75 ×" in (logs / SUMMARY).read_text(encoding="utf-8")
    assert sorted(file.name for file in logs.iterdir()) == ["01-measure.log", SUMMARY]


def test_nothing_done_is_no_good_verdict(verdict: Verdict) -> None:
    assert verdict.end() == 1


def test_all_good(verdict: Verdict, capsys: pytest.CaptureFixture[str]) -> None:
    verdict.do("python", lambda: verdict.tell("Python 3.11.9"))
    assert verdict.end() == 0
    assert "VERDICT: good" in capsys.readouterr().out


def test_what_a_program_says_is_in_the_log_with_what_was_run(tmp_path: Path) -> None:
    said = Said(
        [sys.executable, "-c", "import sys; print('四减四增'); sys.exit(3)"], {"PYTHONUTF8": "1"}, tmp_path / "log"
    )
    assert said.wait(60) == 3
    assert said.text() == "四减四增\n"
    log = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    assert log[0].startswith(f"$ {sys.executable}") and log[1] == "四减四增"


def test_a_program_that_never_ends_is_ended(tmp_path: Path) -> None:
    said = Said([sys.executable, "-c", "import threading; threading.Event().wait()"], {}, None)
    assert said.wait(0.5) is None
    assert said.process.returncode is not None
