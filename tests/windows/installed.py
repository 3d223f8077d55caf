"""The installed program of a clerk whose name is 用户 一: put on, used, upgraded and taken off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dev
from tests.windows.lab import Lab, LabProblem

USER = "用户 一"
COUNTY = "四减四增（寿光）"
SHELL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
FOLDERS = {
    "Personal": "文档",
    "Desktop": "桌面",
    "Local AppData": r"AppData\Local",
    "AppData": r"AppData\Roaming",
    "Programs": r"AppData\Roaming\Microsoft\Windows\Start Menu\Programs",
}
LISTED = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\sijian-desk"
PAGES = 7


class Installed:
    """Where the clerk's things are, as Windows names them (`home`) and as this machine does (`place`)."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self.home = rf"C:\users\{USER}"
        self.place = lab.drive / "users" / USER
        self.folder = self.place / "AppData/Local/Programs" / dev.PROGRAM
        self.program = rf"{self.home}\AppData\Local\Programs\{dev.PROGRAM}\{dev.PROGRAM}.exe"
        self.work = rf"{self.home}\文档\{COUNTY}"
        self.county = rf"{self.work}\寿光市"
        self._kept = self.folder / "寿光市" / "county.db"

    def install(self, setup: Path) -> None:
        """Run the installer without a question, for the clerk; a file that lies in its folder is still there."""
        for name, below in FOLDERS.items():
            (self.place / below.replace("\\", "/")).mkdir(parents=True, exist_ok=True)
            self._lab.registry(SHELL, name, rf"{self.home}\{below}")
        (self.place / "文档" / COUNTY).mkdir(exist_ok=True)
        kept = self._kept.read_bytes() if self._kept.is_file() else None
        self._lab.run(str(setup), "/S")
        self._expect((self.folder / f"{dev.PROGRAM}.exe").is_file(), f"nothing was installed in {self.folder}")
        self._expect(self._links() == 2, "the start menu or the desktop has no link")
        self._expect(
            dev.version() in self._lab.run("reg", "query", LISTED, check=False), "it is not listed for removal"
        )
        if kept is None:
            self._kept.parent.mkdir()
            self._kept.write_bytes("县级数据".encode())
        else:
            self._expect(self._kept.read_bytes() == kept, "the upgrade touched a county folder")

    def sijian(self, *words: str) -> str:
        """Run the installed command line as the clerk and return what it printed."""
        return self._lab.run(self.program.replace(f"{dev.PROGRAM}.exe", "sijian.exe"), *words)

    def has_county(self) -> bool:
        """Return whether the clerk has a county already, from an earlier run."""
        return (self.place / "文档" / COUNTY / "寿光市" / "county.db").is_file()

    def pictures(self, folder: Path) -> Iterator[Path]:
        """Open the demo county and yield a picture of each page on the rail."""
        demo = rf"{self.work}\演示"
        self.sijian("demo", demo, "--no-window")
        process = self._lab.start(self.program, "open", demo)
        try:
            self._lab.screen.wait_for_window()
            for number in range(1, PAGES + 1):
                self._lab.screen.press(f"ctrl+{number}")
                file = folder / f"page-{number}.png"
                self._lab.screen.picture(file)
                yield file
        finally:
            process.terminate()
            process.wait()

    def uninstall(self) -> None:
        """Take it off without a question: no program, no link, no entry; the county folders are still there."""
        self._lab.run(str(self.folder / "uninstall.exe"), "/S", rf"_?={self.program.rpartition(chr(92))[0]}")
        left = [path.name for path in self.folder.iterdir() if path.name != "uninstall.exe"]
        self._expect(left == [self._kept.parent.name], f"left behind, or taken away: {left}")
        self._expect(self._links() == 0, "a link was left behind")
        self._expect((self.place / "文档" / COUNTY).is_dir(), "the county folders are gone")
        self._expect("sijian-desk" not in self._lab.run("reg", "query", LISTED, check=False), "it is still listed")

    def _links(self) -> int:
        places = (FOLDERS["Desktop"], FOLDERS["Programs"].replace("\\", "/"))
        return sum((self.place / below / f"{dev.PROGRAM}.lnk").is_file() for below in places)

    def _expect(self, condition: object, sentence: str) -> None:
        if not condition:
            raise LabProblem(sentence)
