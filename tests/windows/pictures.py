"""Pictures of the installed program's pages on its screen, and of every place there is as Windows Python draws it."""

from __future__ import annotations

import shutil
from pathlib import Path

import dev
from tests.windows.installed import Installed
from tests.windows.lab import Lab
from tests.windows.verdict import Verdict

RAIL = ("overview", "breakdown", "projects", "workbooks", "monthly", "check", "submit", "base")
"""The pages that Ctrl+1, Ctrl+2 … lead to."""


class Pictures:
    """Everything goes into `folder`."""

    def __init__(self, lab: Lab, installed: Installed, verdict: Verdict, folder: Path) -> None:
        self._lab, self._installed, self._verdict, self._folder = lab, installed, verdict, folder

    def file(self, name: str) -> Path:
        """Return where the picture `name` goes."""
        self._folder.mkdir(exist_ok=True)
        return self._folder / f"{name}.png"

    def of_the_program(self) -> None:
        """Take a picture of what the installed program shows first, and of every page on the rail."""
        screen = self._lab.screen
        self._installed.make_counties()
        window = self._lab.start(self._installed.program, "open", self._installed.demo)
        try:
            screen.wait_for_title("寿光市")
            screen.settle()
            for number, name in enumerate(RAIL, 1):
                if number > 1:  # the first is there already
                    screen.turn(f"ctrl+{number}")
                screen.picture(self.file(name))
            screen.turn("F1")
            screen.picture(self.file("manual"))
        finally:
            window.end()

    def of_every_place(self) -> None:
        """Draw every page, section, step and dialog with Windows Python, and with this one to be laid beside it."""
        for name in ("windows", "linux"):
            shutil.rmtree(self._folder / name, ignore_errors=True)
        words = ("-m", "tests.pictures")
        self._lab.python(*words, str(self._folder / "windows"), cwd=dev.ROOT, timeout=1800)
        self._lab.host(str(dev.python_in(dev.VENV)), *words, str(self._folder / "linux"), cwd=dev.ROOT, timeout=1800)
        drawn = {name: {file.name for file in (self._folder / name).glob("*.png")} for name in ("windows", "linux")}
        self._verdict.tell(f"{len(drawn['windows'])} places in {self._folder / 'windows'}")
        self._verdict.expect(drawn["windows"] == drawn["linux"], f"only once: {drawn['windows'] ^ drawn['linux']}")
