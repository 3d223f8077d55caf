"""dev_system.py: which Debian packages it finds lacking, and how they come."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

import pytest

import dev_system

ALL_LIBRARIES = "2 libs found in cache\n" + "".join(
    f"\t{part.library} (libc6,x86-64) => /lib/{part.library}\n"
    for part in dev_system.OFFSCREEN_PARTS + dev_system.WINDOW_PARTS
)


def test_nothing_missing_on_a_full_system() -> None:
    assert dev_system.missing_packages(ALL_LIBRARIES, has_venv=True, has_font=True) == []


@pytest.mark.parametrize("part", dev_system.OFFSCREEN_PARTS + dev_system.WINDOW_PARTS, ids=lambda part: part.package)
def test_a_missing_library_names_its_package(part: dev_system.Part) -> None:
    without = "".join(line for line in ALL_LIBRARIES.splitlines(keepends=True) if part.library not in line)
    assert dev_system.missing_packages(without, has_venv=True, has_font=True) == [part.package]


def test_fonts_and_venv_are_looked_for() -> None:
    assert dev_system.missing_packages(ALL_LIBRARIES, has_venv=False, has_font=False) == [
        "fonts-noto-cjk",
        "python3-venv",
    ]
    bare = dev_system.missing_packages("", has_venv=False, has_font=False)
    assert len(bare) == 14
    assert dev_system.NEEDED.issubset(bare)


def test_one_command_installs_everything() -> None:
    command = dev_system.install_command(["libegl1", "libgl1"], as_root=False)
    assert command == "sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1 libgl1"
    assert "sudo" not in dev_system.install_command(["libegl1"], as_root=True)


class System:
    """A Debian in which some packages are missing; remembers what it was told to run."""

    def __init__(self, patch: pytest.MonkeyPatch, missing: Sequence[str], *, root: bool, apt: bool = True) -> None:
        self.commands: list[str] = []
        self.exit_code = 0
        patch.setattr("sys.platform", "linux")
        patch.setattr(dev_system, "_look_at_the_system", lambda: list(missing))
        patch.setattr("shutil.which", lambda name: f"/usr/bin/{name}" if apt else None)
        patch.setattr("os.geteuid", lambda: 0 if root else 1000, raising=False)
        patch.setattr("subprocess.run", self._run)

    def _run(self, command: list[str], *, env: dict[str, str], check: bool) -> subprocess.CompletedProcess[str]:
        assert env["DEBIAN_FRONTEND"] == "noninteractive"
        self.commands.append(command[-1])
        return subprocess.CompletedProcess(command, self.exit_code)


def test_root_installs_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    system = System(monkeypatch, ["libegl1", "fonts-noto-cjk"], root=True)
    dev_system.ensure_system_parts()
    assert system.commands == [dev_system.install_command(["libegl1", "fonts-noto-cjk"], as_root=True)]


def test_a_failed_installation_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    System(monkeypatch, ["libegl1"], root=True).exit_code = 100
    with pytest.raises(dev_system.Failure, match="没有装成"):
        dev_system.ensure_system_parts()


def test_others_are_told_the_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    system = System(monkeypatch, ["libegl1"], root=False)
    with pytest.raises(dev_system.Failure):
        dev_system.ensure_system_parts()
    assert system.commands == []
    assert dev_system.install_command(["libegl1"], as_root=False) in capsys.readouterr().out


def test_without_window_libraries_work_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    System(monkeypatch, ["libxcb-cursor0"], root=False)
    dev_system.ensure_system_parts()
    assert "libxcb-cursor0" in capsys.readouterr().out


def test_without_apt_the_parts_are_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    System(monkeypatch, ["libegl1"], root=True, apt=False)
    with pytest.raises(dev_system.Failure):
        dev_system.ensure_system_parts()
    assert "libegl1" in capsys.readouterr().out
