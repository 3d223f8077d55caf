"""`python3 dev.py windows`: the release from nothing to a verdict, on Windows Python under Wine.

    python -m tests.windows [--lab FOLDER] [--only STAGE …] [--tests PATH …]

Makes the lab, runs tests on Windows Python, freezes the program, makes the installer, installs it for a user with a
Chinese name, lets it test itself in a folder with a Chinese name, upgrades it in place, measures it, takes pictures of
its pages and takes it off again. What was made lies in FOLDER (default `.windows`): `setup.exe`, the zip, `pictures`.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import dev
from tests.windows.installed import Installed
from tests.windows.lab import Lab, LabProblem

TESTS = ("tests/db/core", "tests/db/store", "tests/desktop/test_opening.py", "tests/flows/test_window.py")
TESTING = (
    "colorama hypothesis iniconfig packaging pluggy psutil pygments pytest pytest-qt python-stdnum sortedcontainers"
)
LARGEST_ZIP = 60_000_000
MOST_MEMORY = 150_000_000
SLOWEST_START = 1.5
REPEATS = 5


class Release:
    """The stages, each of which stands on those before it; what is left of an earlier run will do."""

    def __init__(self, lab: Lab, tests: list[str]) -> None:
        self.lab, self._tests = lab, tests
        self.place = lab.folder / "dist"
        self.frozen = self.place / dev.PROGRAM
        self.setup = lab.folder / f"sijian-desk-{dev.version()}-setup.exe"
        self.installed = Installed(lab)
        self.missed: list[str] = []

    def python(self) -> None:
        """Make the Windows Python with the program's packages, those of the build and those of testing."""
        self.lab.make([dev.RUNTIME.lock, dev.BUILD.lock])
        self.lab.add([dev.DEV.lock], TESTING.split())
        _say(
            self.lab.python(
                "-c", "import sys, sqlite3; print('Python', sys.version[:6], 'SQLite', sqlite3.sqlite_version)"
            )
        )

    def tests(self) -> None:
        """Run tests on Windows Python."""
        words = ("-m", "pytest", "-q", "-p", "no:cacheprovider", *self._tests)
        _say(self.lab.python(*words, cwd=dev.ROOT, timeout=3600, check=False))

    def freeze(self) -> None:
        """Freeze the program, and a bare window to measure it against; hold the zip to its size."""
        work = ("--distpath", str(self.place), "--workpath", str(self.lab.folder / "work"))
        self.lab.python(*dev.FREEZE, *work, cwd=dev.ROOT, timeout=1800)
        bare = ("--windowed", "--specpath", str(self.lab.folder), str(dev.ROOT / "tests/windows/bare.py"))
        self.lab.python(*dev.FREEZE[:-1], *work, *bare, cwd=dev.ROOT, timeout=1800)
        name = f"sijian-desk-{dev.version()}-windows-amd64"
        packed = Path(shutil.make_archive(str(self.lab.folder / name), "zip", self.place, dev.PROGRAM))
        self._hold("zip", packed.stat().st_size / 1e6, LARGEST_ZIP / 1e6, "MB")

    def installer(self) -> None:
        """Make setup.exe."""
        names = {"VERSION": dev.version(), "FOLDER": self.frozen, "ICON": dev.ROOT / "build/app.ico", "OUT": self.setup}
        self.lab.host(
            "makensis",
            "-V2",
            "-INPUTCHARSET",
            "UTF8",
            *(f"-D{name}={value}" for name, value in names.items()),
            str(dev.ROOT / "tests/windows/installer.nsi"),
        )
        _say(f"setup: {self.setup.stat().st_size / 1e6:.1f} MB")

    def install(self) -> None:
        """Install without a question, and again over it: what is not the program's stays."""
        self.installed.install(self.setup)
        self.installed.install(self.setup)

    def self_test(self) -> None:
        """Let the installed program do the whole job in the clerk's documents."""
        _say(self.installed.sijian("self-test", "--in", self.installed.work))

    def measure(self) -> None:
        """Hold start and memory of an empty county to their limits."""
        if not self.installed.has_county():
            self.installed.sijian("new", self.installed.county, "--county", "370783")
        bare = self.place / "bare" / "bare.exe"
        pairs = [
            (
                self._start(self.installed.program, "open", self.installed.county, title="寿光市"),
                self._start(str(bare)),
            )
            for _ in range(REPEATS + 1)
        ][1:]
        own, other = ([times[side] for times in pairs] for side in (0, 1))
        self._hold(
            "start / bare window",
            statistics.median(t for t, _ in own) / statistics.median(t for t, _ in other),
            SLOWEST_START,
            "×",
        )
        self._hold("memory, empty county", max(memory for _, memory in own) / 1e6, MOST_MEMORY / 1e6, "MB")

    def _hold(self, what: str, value: float, limit: float, unit: str) -> None:
        """Say a figure; one over its limit spoils the verdict, but the stages go on."""
        _say(f"{what}: {value:.2f} {unit} (limit {limit:g})")
        if value > limit:
            self.missed.append(what)

    def _start(self, program: str, *words: str, title: str = "") -> tuple[float, int]:
        return self.lab.screen.until_shown(self.lab.command(program, *words), self.lab.environment, title)

    def pictures(self) -> None:
        """Take a picture of every page of the demo county as the installed program shows it."""
        folder = self.lab.folder / "pictures"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for file in self.installed.pictures(folder):
            _say(str(file))

    def uninstall(self) -> None:
        """Take the program off; county folders stay, even one inside its folder."""
        self.installed.uninstall()


STAGES: dict[str, Callable[[Release], None]] = {
    "python": Release.python,
    "tests": Release.tests,
    "freeze": Release.freeze,
    "installer": Release.installer,
    "install": Release.install,
    "self-test": Release.self_test,
    "measure": Release.measure,
    "pictures": Release.pictures,
    "uninstall": Release.uninstall,
}


def main(arguments: list[str]) -> int:
    """Do the stages and return 0 when all went well, 1 at the first that did not."""
    parser = argparse.ArgumentParser(prog="windows")
    parser.add_argument("--lab", type=Path, default=dev.ROOT / ".windows")
    parser.add_argument("--only", nargs="*", choices=list(STAGES), default=list(STAGES))
    parser.add_argument("--tests", nargs="*", default=list(TESTS))
    asked = parser.parse_args(arguments)
    lab = Lab(asked.lab)
    release = Release(lab, asked.tests)
    try:
        for name in asked.only:
            begun = time.perf_counter()
            _say(f"== {name}")
            STAGES[name](release)
            _say(f"   {name}: {time.perf_counter() - begun:.0f} s")
    except LabProblem as problem:
        _say(f"{problem}\nVERDICT: failed")
        return 1
    finally:
        lab.close()
    if release.missed:
        _say(f"VERDICT: over its limit: {', '.join(release.missed)}")
        return 1
    _say("VERDICT: good")
    return 0


def _say(text: str) -> None:
    print(text.rstrip(), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
