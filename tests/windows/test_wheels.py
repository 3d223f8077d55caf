"""Every locked package can be installed on a Windows PC as it is: a pure wheel or one for win_amd64, by its hash."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import dev
from tests.windows.lab import platform_options, windows_entries

LOCKS = [dev.RUNTIME.lock, dev.BUILD.lock, dev.DEV.lock, dev.STRANGER.lock]
PIP = (sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--no-deps", "--ignore-installed", "--no-input")
PATIENCE = ("--retries", "1", "--timeout", "15", "--disable-pip-version-check")


def ask(pins: str, tmp_path: Path, *options: str) -> tuple[list[dict[str, object]], str]:
    """Return what pip would install for these lines, and what it said when it cannot."""
    lines, report = tmp_path / "pins.txt", tmp_path / "report.json"
    lines.write_text(pins, encoding="utf-8")
    command = [*PIP, *PATIENCE, *options, "--report", str(report), "-r", str(lines)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        return [], done.stdout + done.stderr
    found: list[dict[str, object]] = json.loads(report.read_text(encoding="utf-8"))["install"]
    return found, ""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Skip where no package index can be asked: it must have the one package that pip itself is."""
    pin = re.search(r"^pip==\S+", dev.RUNTIME.lock.read_text(encoding="utf-8"), flags=re.M)
    assert pin is not None
    _, said = ask(pin[0], tmp_path_factory.mktemp("index"))
    if said:
        pytest.skip(f"no package index can be reached: {said.strip().splitlines()[-1]}")


@pytest.mark.usefixtures("index")
@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_package_has_a_wheel_for_windows(lock: Path, tmp_path: Path) -> None:
    entries = windows_entries([lock]).split("\n")
    source_only = {name for each in (dev.RUNTIME, dev.BUILD, dev.DEV, dev.STRANGER) for name in each.built}
    pins = [pin[0] for line in entries if (pin := re.match(r"[\w.-]+==[^\s\\]+", line))]
    wanted = [pin for pin in pins if pin.partition("==")[0] not in source_only]
    target = ("--target", str(tmp_path / "nothing"), *platform_options())
    found, said = ask("\n".join(wanted), tmp_path, *target)
    assert not said
    hashes = set(re.findall(r"sha256:(\w{64})", "\n".join(entries)))
    chosen = {json.dumps(each): re.findall(r'"sha256": "(\w{64})"', json.dumps(each)) for each in found}
    assert len(chosen) == len(wanted)
    assert all(set(digests) <= hashes and digests for digests in chosen.values())
    assert all(re.search(r"(none-any|win_amd64)\.whl", each) for each in chosen)


def test_entries_for_other_systems_are_left_out_and_markers_go() -> None:
    text = windows_entries([dev.BUILD.lock])
    assert "macholib" not in text and "pefile==" in text and "sys_platform" not in text
    assert windows_entries([dev.BUILD.lock], ["pefile"]).startswith("pefile==")
