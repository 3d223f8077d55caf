"""dev.py: what it decides before it touches the system, and what it says."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

import dev
import dev_system
from db import __version__
from dev_system import Failure

# --- Stamps ---------------------------------------------------------------------------------------------------------

WANTED = {"runtime": "r1", "dev": "d1", "command": "c1"}
BASE = "here CPython 3.11.7"
FULL = {"foundation": BASE, **WANTED}


@pytest.mark.parametrize(
    ("stamp", "anew", "sets"),
    [
        pytest.param(FULL, False, [], id="set up"),
        pytest.param({}, True, ["runtime", "dev", "command"], id="never finished"),
        pytest.param({"foundation": BASE, "runtime": "r1"}, False, ["dev", "command"], id="only run so far"),
        pytest.param({**FULL, "runtime": "r0"}, True, ["runtime", "dev", "command"], id="lock changed"),
        pytest.param({**FULL, "command": "c0"}, False, ["command"], id="only pyproject changed"),
        pytest.param({**FULL, "foundation": "elsewhere"}, True, ["runtime", "dev", "command"], id="moved"),
    ],
)
def test_what_is_made_anew_and_what_installed(stamp: dict[str, str], anew: bool, sets: list[str]) -> None:
    assert dev.plan_set_up(stamp, WANTED, BASE) == (anew, sets)


def test_running_does_not_undo_what_testing_installed() -> None:
    assert dev.plan_set_up(FULL, {"runtime": "r1"}, BASE) == (False, [])


def test_stamps_survive_writing_and_damage(tmp_path: Path) -> None:
    assert dev.read_stamp(tmp_path) == {}
    dev.write_stamp(tmp_path, FULL)
    assert dev.read_stamp(tmp_path) == FULL
    (tmp_path / "stamp.txt").write_bytes(b"\xff\xfe\x00half")
    assert dev.read_stamp(tmp_path) == {}


def test_a_digest_is_the_same_with_windows_line_ends(tmp_path: Path) -> None:
    unix, windows = tmp_path / "unix", tmp_path / "windows"
    unix.write_bytes(b"a==1\nb==2\n")
    windows.write_bytes(b"a==1\r\nb==2\r\n")
    assert dev.digest(unix) == dev.digest(windows)


def test_packages_to_build_are_taken_out_of_the_lock_with_their_hashes() -> None:
    own = "b-c==2 ; x \\\n    --hash=sha256:2 \\\n    --hash=sha256:3\n"
    text = f"# made by a tool\na==1 \\\n    --hash=sha256:1\n{own}d==4\n"
    ready, to_build = dev.split_lock(text, ["b-c"])
    assert to_build == own
    assert ready == "# made by a tool\na==1 \\\n    --hash=sha256:1\nd==4\n"
    assert dev.split_lock(text, [])[0] == text


def test_an_interrupted_installation_is_taken_up_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    venv, lock = tmp_path / "venv", tmp_path / "lock"
    lock.write_text("a==1")
    first, second = (dev.LockedSet(name, lock, venv, name) for name in ("first", "second"))
    done: list[str] = []
    broken = True

    def make(folder: Path) -> None:
        folder.mkdir()
        done.append("made")

    def install(each: dev.LockedSet) -> None:
        if each.name == "second" and broken:
            raise Failure("网络断了")
        done.append(each.name)

    monkeypatch.setattr(dev, "ensure_system_parts", lambda: None)
    monkeypatch.setattr(dev, "make_venv", make)
    monkeypatch.setattr(dev, "install", install)
    with pytest.raises(Failure):
        dev.ensure([first, second])
    broken = False
    dev.ensure([first, second])
    dev.ensure([first, second])
    assert done == ["made", "first", "second"]


# --- Commands -------------------------------------------------------------------------------------------------------


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Collect what dev.py would run in the environment, without setting anything up."""
    made: list[tuple[str, ...]] = []

    def call(*arguments: str, **_environment: str) -> int:
        made.append(arguments)
        return 7 if "-k" in arguments else 0

    monkeypatch.setattr(dev, "prepare", lambda *, tools: None)
    monkeypatch.setattr(dev, "call", call)
    return made


def test_run_makes_the_demo_in_a_folder_git_ignores(calls: list[tuple[str, ...]]) -> None:
    assert dev.main(["run"]) == 0
    assert dev.main(["run", "--no-window"]) == 0
    assert dev.main(["run", "elsewhere"]) == 0
    demo = ("-m", "desktop", "demo")
    assert calls == [(*demo, str(dev.DEMO)), (*demo, str(dev.DEMO), "--no-window"), (*demo, "elsewhere")]
    assert ".demo/" in (dev.ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_extra_arguments_and_exit_codes_go_through(calls: list[tuple[str, ...]]) -> None:
    assert dev.main(["test", "-k", "window"]) == 7
    assert calls == [("-m", "pytest", "-k", "window")]


def test_lint_runs_all_three_tools(calls: list[tuple[str, ...]]) -> None:
    assert dev.main(["lint"]) == 0
    assert len(calls) == 3


@pytest.mark.parametrize("code", [0, 3])
def test_only_what_was_frozen_is_packed(
    code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands: list[list[str]] = []

    def freeze(command: list[str], *, cwd: Path, check: bool) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, code)

    monkeypatch.setattr(dev, "ensure", lambda sets: None)
    monkeypatch.setattr(dev, "pack", lambda system, kind: Path(f"packed.{kind}"))
    monkeypatch.setattr("subprocess.run", freeze)
    assert dev.main(["build", "--clean"]) == code
    assert commands[0] == [str(dev.python_in(dev.BUILDER)), *dev.FREEZE, "--clean"]
    assert [command[-1] for command in commands[1:]] == ([] if code else ["self-test"])
    assert ("packed." in capsys.readouterr().out) is (code == 0)


def test_the_archive_holds_the_folder_and_says_version_and_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dist" / dev.PROGRAM).mkdir(parents=True)
    (tmp_path / "dist" / dev.PROGRAM / "四减四增.exe").write_bytes(b"MZ")
    (tmp_path / "db").mkdir()
    (tmp_path / "db/__init__.py").write_text('__version__ = "9.8.7"\n')
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    packed = dev.pack("windows-amd64", "zip")
    assert packed.name == "sijian-desk-9.8.7-windows-amd64.zip"
    with zipfile.ZipFile(packed) as archive:
        assert "四减四增/四减四增.exe" in archive.namelist()


def test_the_version_is_the_programs() -> None:
    assert dev.version() == __version__


@pytest.mark.parametrize("arguments", [[], ["sing"]])
def test_wrong_use_ends_with_2_and_lists_the_commands(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert all(command in said.err for command in dev.COMMANDS)


def test_help_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["--help"]) == 0
    said = capsys.readouterr()
    assert all(command in said.out for command in dev.COMMANDS)


def test_a_failure_is_a_sentence_and_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*, tools: bool) -> None:
        raise Failure("网络断了。")

    monkeypatch.setattr(dev, "prepare", fail)
    assert dev.main(["test"]) == 1
    assert capsys.readouterr().err == "网络断了。\n"


# --- The file itself ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", [dev, dev_system], ids=lambda module: module.__name__)
def test_it_needs_nothing_but_the_standard_library(module: ModuleType) -> None:
    assert module.__file__ is not None
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names | {dev_system.__name__}


def test_an_old_python_can_read_it_and_says_a_sentence() -> None:
    source = Path(dev.__file__).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))
    old = source.replace("NEWEST_TOO_OLD = (3, 10)", "NEWEST_TOO_OLD = (9, 9)")
    assert old != source
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-c", old, "run"], capture_output=True, env=environment, check=False)
    assert done.returncode == 1
    assert "需要 Python 3.11" in done.stderr.decode("utf-8")
    assert b"Traceback" not in done.stderr
