"""The steps from nothing to a release that was tried: each says what it made and what is wrong with it."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import dev
from tests.windows.clerk import Clerk
from tests.windows.installed import Installed
from tests.windows.lab import Lab
from tests.windows.pictures import Pictures
from tests.windows.screen import Start
from tests.windows.verdict import Verdict

DATA_TESTS = (
    "tests/db/core",
    "tests/db/store",
    "tests/db/exchange/test_zip_names.py",
    "tests/db/exchange/test_target.py",
)
WINDOW_TESTS = (
    "tests/flows/test_window.py",
    "tests/flows/test_whole_breakdown.py",
    "tests/flows/test_two_counties.py",
    "tests/desktop/test_opening.py",
    "tests/desktop/test_fits.py",
)
TESTING = (
    "colorama hypothesis iniconfig packaging pluggy psutil pygments pytest pytest-qt python-stdnum sortedcontainers"
)
NOT_OURS = (
    "is not supported by current system",
    r"^EnableNonClientDpiScaling\(\) failed",
    "^Populating font family aliases took ",
)
"""What Qt says of Wine, not of us."""
LONGEST = 3600.0
"""Seconds after which a step that tests or freezes is given up."""
LARGEST_ZIP = 60_000_000
MOST_MEMORY = 150_000_000
SLOWEST_START = 1.5
REPEATS = 5
CLERKS_SCREEN, TEST_SCREEN = "1366x768", "1920x1200"
"""What the clerks have; and one on which the windows of tests, which are that large inside, have room with a frame."""


class Step(NamedTuple):
    """A step by its name, what it does and which steps it cannot do without."""

    name: str
    work: Callable[[], object]
    needs: Sequence[str] = ()
    screen: str = CLERKS_SCREEN


class Release:
    """What is made on the way; what is left of an earlier run will do for steps that are asked for alone."""

    def __init__(self, lab: Lab, verdict: Verdict, tests: Sequence[str] = ()) -> None:
        self.lab, self.verdict, self._tests = lab, verdict, tests
        self.place = lab.folder / "dist"
        self.frozen = self.place / dev.PROGRAM
        self.setup = lab.folder / f"sijian-desk-{dev.version()}-setup.exe"
        self.clerk = Clerk(lab)
        self.installed = Installed(lab, self.clerk, verdict)
        self._starts: tuple[list[Start], list[Start]] = ([], [])
        pictures = Pictures(lab, self.installed, verdict, lab.folder / "pictures")
        self.steps = (
            Step("python", self.python),
            Step("data-tests", partial(self.test, DATA_TESTS), ["python"], TEST_SCREEN),
            Step("window-tests", partial(self.test, WINDOW_TESTS), ["python"], TEST_SCREEN),
            Step("freeze", self.freeze, ["python"]),
            Step("installer", self.installer, ["freeze"]),
            Step("install", lambda: self.installed.install(self.setup), ["installer"]),
            Step("self-test", self.self_test, ["install"]),
            Step("double-click", lambda: self.installed.double_click(pictures.file("double-click")), ["install"]),
            Step("start", self.start, ["install"]),
            Step("memory", self.memory, ["install"]),
            Step("running", lambda: self.installed.upgrade_while_it_runs(self.setup), ["install"]),
            Step("upgrade", lambda: self.installed.upgrade(self.setup), ["install"]),
            Step("pictures", pictures.of_the_program, ["install"]),
            Step("all-pictures", pictures.of_every_place, ["python"], TEST_SCREEN),
            Step("uninstall", self.installed.uninstall, ["install"]),
        )

    def do(self, names: Sequence[str]) -> int:
        """Do the steps of these names in their order and return the exit code of the verdict."""
        for step in self.steps:
            if step.name in names:
                self.verdict.do(step.name, partial(self._do, step), step.needs)
        return self.verdict.end()

    def _do(self, step: Step) -> None:
        self.lab.log = self.verdict.log
        fresh = self.lab.use_screen(step.screen)
        if step.name != "python":
            self.clerk.log_on(again=fresh)
        step.work()

    # -- Python -----------------------------------------------------------------------------------------------

    def python(self) -> None:
        """Make the Windows Python with the program's packages, those of the build and those of testing."""
        self.lab.make([dev.RUNTIME.lock, dev.BUILD.lock])
        self.lab.add([dev.DEV.lock], TESTING.split())
        words = "import sys, sqlite3; print('Python', sys.version[:6], 'SQLite', sqlite3.sqlite_version)"
        self.verdict.tell(self.lab.python("-c", words).strip())

    def test(self, chosen: Sequence[str]) -> None:
        """Run tests on Windows Python, for the clerk: the temporary folder has a space and Chinese in its name."""
        options = ("-q", "-p", "no:cacheprovider", "--tb=short", "-o", "qt_log_ignore=" + "\n".join(NOT_OURS))
        words = ("-m", "pytest", *options, "--durations=15", *(self._tests or chosen))
        said = self.lab.python(*words, cwd=dev.ROOT, timeout=LONGEST, check=False)
        last = said.strip().splitlines()[-1]
        self.verdict.tell(last)
        self.verdict.expect(" passed" in last and "failed" not in last and "error" not in last, "tests failed")

    # -- making it --------------------------------------------------------------------------------------------

    def freeze(self) -> None:
        """Freeze the program, and a bare window to measure it against; hold the zip to its size."""
        work = ("--distpath", str(self.place), "--workpath", str(self.lab.folder / "work"))
        self.lab.python(*dev.FREEZE, *work, cwd=dev.ROOT, timeout=LONGEST)
        bare = ("--windowed", "--specpath", str(self.lab.folder), str(dev.ROOT / "tests/windows/bare.py"))
        self.lab.python(*dev.FREEZE[:-1], *work, *bare, cwd=dev.ROOT, timeout=LONGEST)
        name = f"sijian-desk-{dev.version()}-windows-amd64"
        packed = Path(shutil.make_archive(str(self.lab.folder / name), "zip", self.place, dev.PROGRAM))
        self.verdict.hold("zip", packed.stat().st_size / 1e6, LARGEST_ZIP / 1e6, "MB")

    def installer(self) -> None:
        """Make setup.exe."""
        names = {"VERSION": dev.version(), "FOLDER": self.frozen, "ICON": dev.ROOT / "build/app.ico", "OUT": self.setup}
        given = [f"-D{name}={value}" for name, value in names.items()]
        self.lab.host("makensis", "-V2", "-INPUTCHARSET", "UTF8", *given, str(dev.ROOT / "tests/windows/installer.nsi"))
        self.verdict.tell(f"setup: {self.setup.stat().st_size / 1e6:.1f} MB")

    # -- trying it --------------------------------------------------------------------------------------------

    def self_test(self) -> None:
        """Let the installed program do the whole job in the clerk's documents."""
        said = self.installed.sijian("self-test", "--in", self.clerk.work).strip()
        self.verdict.tell(said.splitlines()[-1])
        self.verdict.expect(self.clerk.work in said, "it was not done in the clerk's documents")

    def start(self) -> None:
        """Hold the time to the first picture of an empty county's window against a bare window's.

        The best of several is compared: what else the machine does only ever makes a start longer.
        """
        self._measure()
        took, bare_took = (min(time for time, _ in times) for times in self._starts)
        self.verdict.tell(f"first paint after {took:.2f} s, a bare window's after {bare_took:.2f} s")
        self.verdict.hold("start / bare window", took / bare_took, SLOWEST_START, "×")

    def _measure(self) -> None:
        self.installed.make_counties()
        bare = str(self.place / "bare" / "bare.exe")
        own: list[Start] = []
        other: list[Start] = []
        for _ in range(REPEATS + 1):  # side by side, so that a busy machine slows both
            own.append(self._start(self.installed.program, "open", self.installed.empty, title="寿光市"))
            other.append(self._start(bare))
        self._starts = own[1:], other[1:]

    def memory(self) -> None:
        """Hold the private memory of an empty county's window to its limit; what Wine takes is in the resident part."""
        if not self._starts[0]:
            self._measure()
        own, bare = ([memory for _, memory in starts] for starts in self._starts)
        for name, sizes in (("an empty county", own), ("a bare window", bare)):
            resident, private = (statistics.median(part) / 1e6 for part in zip(*sizes, strict=True))
            self.verdict.tell(f"memory of {name}: {private:.0f} MB of its own, {resident:.0f} MB resident")
        used = statistics.median(memory.private for memory in own)
        self.verdict.hold("memory, empty county", used / 1e6, MOST_MEMORY / 1e6, "MB")

    def _start(self, program: str, *words: str, title: str = "") -> Start:
        command = self.lab.command(program, *words)
        return self.lab.screen.until_shown(command, self.lab.environment, title, self.lab.log)
