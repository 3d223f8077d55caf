"""The installed program in the hands of the clerk: put on, used, upgraded, opened by a double click and taken off."""

from __future__ import annotations

import hashlib
from pathlib import Path
from threading import Event

import dev
from tests.windows.clerk import FOLDERS, Clerk
from tests.windows.lab import Lab
from tests.windows.verdict import Verdict

LISTED = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\sijian-desk"
OLDER = "0.0.1"
PATIENCE = 60.0
"""Seconds until an installer must have ended, or said that it cannot go on."""


class Installed:
    """The program's folder as Windows names it (`program` in it) and as this machine does (`folder`)."""

    def __init__(self, lab: Lab, clerk: Clerk, verdict: Verdict) -> None:
        self._lab, self._clerk, self._verdict = lab, clerk, verdict
        self.folder = clerk.place / "AppData/Local/Programs" / dev.PROGRAM
        self.program = rf"{clerk.home}\AppData\Local\Programs\{dev.PROGRAM}\{dev.PROGRAM}.exe"
        self.demo = rf"{clerk.work}\演示"
        self.empty = rf"{clerk.work}\寿光市"
        self._kept = self.folder / "寿光市" / "county.db"

    def sijian(self, *words: str) -> str:
        """Run the installed command line as the clerk and return what it printed."""
        return self._lab.run(self.program.replace(f"{dev.PROGRAM}.exe", "sijian.exe"), *words)

    # -- putting it on ----------------------------------------------------------------------------------------

    def install(self, setup: Path) -> None:
        """Run the installer without a question, on a PC that never had the program."""
        expect = self._verdict.expect
        self._lab.run(str(setup), "/S")
        expect((self.folder / f"{dev.PROGRAM}.exe").is_file(), f"nothing was installed in {self.folder}")
        expect(self._links() == 2, "the start menu or the desktop has no link")
        expect(self._listed_version() == dev.version(), "it is not listed for removal")
        self._kept.parent.mkdir(exist_ok=True)
        self._kept.write_bytes("县级数据".encode())

    def upgrade(self, setup: Path) -> None:
        """Install over an older release: what is of that goes, what is the clerk's stays as it is."""
        expect = self._verdict.expect
        self.make_counties()
        old = self.folder / "_internal" / "of-an-older-release.pyd"
        old.write_bytes(b"old")
        self._lab.registry(LISTED, "DisplayVersion", OLDER)
        before = self._belongings()
        expect(len(before) > 10, "the clerk has nothing that could be lost")
        self._lab.run(str(setup), "/S")
        expect(not old.exists(), "a part of the older release is still there")
        expect(self._listed_version() == dev.version(), f"listed is version {self._listed_version()}")
        after = self._belongings()
        changed = sorted(str(file) for file in before.keys() | after.keys() if before.get(file) != after.get(file))
        expect(not changed, f"not as before the upgrade: {changed}")
        said = self.sijian("register", "list", self.demo)
        expect("rural_heating" in said, f"the county cannot be read after the upgrade: {said}")

    def upgrade_while_it_runs(self, setup: Path) -> None:
        """Install while the window is open: refused, and the program is whole."""
        before = {file.name for file in self.folder.iterdir()}
        window = self._lab.start(self.program, "open", self.demo)
        try:
            self._lab.screen.wait_for_title("寿光市")
            said = self._lab.run(str(setup), "/S", check=False, timeout=PATIENCE)
            self._verdict.note(said)
            after = {file.name for file in self.folder.iterdir()}
            self._verdict.expect(after == before, f"taken away from the running program: {sorted(before - after)}")
        finally:
            window.end()
        self.sijian("register", "list", self.demo)

    def make_counties(self) -> None:
        """Make the demo county and an empty one in the clerk's documents, where they are not there yet."""
        if not (self._clerk.work_place / "演示" / "county.db").is_file():
            self.sijian("demo", self.demo, "--no-window")
        if not (self._clerk.work_place / "寿光市" / "county.db").is_file():
            self.sijian("new", self.empty, "--county", "370783")

    def _belongings(self) -> dict[Path, str]:
        """Return the hash of every file of the clerk's that the program must leave alone."""
        settings = self._clerk.place / "AppData/Local/sijian-desk"
        places = (self._clerk.place / "文档", settings, self._kept.parent)
        files = [file for place in places for file in place.rglob("*") if file.is_file() and file.suffix != ".log"]
        return {file: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}

    # -- opening what was received ----------------------------------------------------------------------------

    def double_click(self, picture: Path) -> None:
        """Start a work package as a double click does; the program asks where it is to lie."""
        self.make_counties()
        place = self._clerk.place / "桌面"
        self.sijian("part", "write", self.demo, "--town", "370783001", "--out", rf"{self._clerk.home}\桌面")
        (file,) = place.glob("*.sijian-part")
        # Windows lays a user's own classes over those of all; Wine 8 only knows the latter.
        for name in (".sijian-part", "sijian-desk.part"):
            self._lab.run("reg", "copy", rf"HKCU\Software\Classes\{name}", rf"HKLM\Software\Classes\{name}", "/s", "/f")
        self._lab.run("start", rf"{self._clerk.home}\桌面\{file.name}")
        try:
            self._lab.screen.wait_for_title("打开工作包")
            self._lab.screen.picture(picture)
        finally:
            self._lab.run("taskkill", "/f", "/im", f"{dev.PROGRAM}.exe", check=False)

    # -- taking it off ----------------------------------------------------------------------------------------

    def uninstall(self) -> None:
        """Take it off without a question: no program, no link, no entry; the county folders are still there."""
        expect = self._verdict.expect
        before = self._belongings()
        uninstaller = self.folder / "uninstall.exe"
        self._lab.run(str(uninstaller), "/S")
        # It goes on as a copy of itself, so that it can take itself away; its entry is the last that it deletes.
        for _ in range(int(PATIENCE)):
            if not uninstaller.exists() and not self._listed_version():
                break
            Event().wait(1)
        left = [path.name for path in self.folder.iterdir()]
        expect(left == [self._kept.parent.name], f"left behind, or taken away: {left}")
        expect(self._links() == 0, "a link was left behind")
        expect(before and self._belongings() == before, "the county folders are not as they were")
        expect(not self._listed_version(), "it is still listed")
        known = self._lab.run("reg", "query", r"HKCU\Software\Classes\.sijian-part", check=False)
        expect("sijian-desk" not in known, "work packages would still be opened with it")

    def _listed_version(self) -> str:
        """Return the version that 设置 → 应用 shows, "" when the program is not listed."""
        said = self._lab.run("reg", "query", LISTED, "/v", "DisplayVersion", check=False)
        return next((line.split()[-1] for line in said.splitlines() if "DisplayVersion" in line), "")

    def _links(self) -> int:
        places = (FOLDERS["Desktop"], FOLDERS["Programs"].replace("\\", "/"))
        return sum((self._clerk.place / below / f"{dev.PROGRAM}.lnk").is_file() for below in places)
