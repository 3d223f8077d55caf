"""A screen of its own for windows that are to be seen: when they appear, what they show, and keys for them."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from threading import Event

from tests.windows.memory import Memory, memory_of
from tests.windows.said import Said

PATIENCE = 120.0
"""Seconds until a window that does not come is given up."""
CURSOR = 400
"""Bytes of a picture that a blinking cursor changes, with room to spare."""
PAGE = 30_000
"""Bytes of a picture that differ at least from one page to another."""
QUIET = 6
_STEP = 0.5
Start = tuple[float, Memory]
"""Seconds from the start of a program to its window, and what it then held in memory."""


class Screen:
    """A virtual screen of `size` (`1366x768`)."""

    def __init__(self, size: str = "1366x768") -> None:
        self.size = size
        ours, theirs = os.pipe()
        command = ["Xvfb", "-displayfd", str(theirs), "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
        self._server = subprocess.Popen(
            command, pass_fds=[theirs], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(theirs)
        with os.fdopen(ours) as told:
            self.name = f":{told.readline().strip()}"

    @property
    def environment(self) -> dict[str, str]:
        """Return what a program must be told to appear here."""
        return {"DISPLAY": self.name}

    def close(self) -> None:
        """Take the screen away."""
        self._server.terminate()
        self._server.wait()

    def until_shown(self, command: list[str], environment: Mapping[str, str], title: str, log: Path | None) -> Start:
        """Start `command`, wait for its window and end it; return the seconds until then and its memory.

        The memory is that of the largest process, once the title holds `title` and nothing changes for a while.
        """
        begun = time.perf_counter()
        said = Said(command, {**environment, **self.environment}, log)
        try:
            self.wait_for_window()
            took = time.perf_counter() - begun
            self.wait_for_title(title)
            self.settle()
            return took, largest(said.process.pid)
        finally:
            said.end()

    def wait_for_window(self) -> None:
        """Return as soon as a window with a title is on the screen, which is nobody else's."""
        self._xdotool("search", "--sync", "--onlyvisible", "--name", ".")

    def wait_for_title(self, title: str) -> None:
        """Return as soon as a window on the screen has `title` in its title; TimeoutError when none has."""
        for _ in range(int(PATIENCE / _STEP)):
            if title in self._titles():
                return
            Event().wait(_STEP)
        raise TimeoutError(f"no window has the title {title}")

    def _titles(self) -> str:
        """Return the titles of all windows, a line each; "" while there are none, which xdotool calls an error."""
        return self._xdotool("search", "--onlyvisible", "--name", ".", "getwindowname", "%@", check=False)

    def press(self, keys: str) -> None:
        """Press keys (`ctrl+2`) for the window in front."""
        self._xdotool("key", keys)

    def turn(self, keys: str) -> None:
        """Press keys that lead to another page and return when it is there; TimeoutError when nothing changes."""
        before = self._grab("rgb:-")
        self.press(keys)
        for _ in range(int(PATIENCE / _STEP)):
            if _differing(before, self._grab("rgb:-")) > PAGE:
                self.settle()
                return
            Event().wait(_STEP)
        raise TimeoutError(f"{keys} led nowhere")

    def settle(self) -> None:
        """Return when nothing on the screen has changed for a while but the text cursor."""
        before, same = b"", 0
        for _ in range(int(PATIENCE / _STEP)):
            now = self._grab("rgb:-")
            same = same + 1 if len(now) == len(before) and _differing(now, before) <= CURSOR else 0
            if same == QUIET:
                return
            before = now
            Event().wait(_STEP)
        raise TimeoutError("the screen never came to rest")

    def picture(self, file: Path) -> None:
        """Write what is on the screen as a PNG."""
        self.settle()
        self._grab(str(file))

    def _grab(self, target: str) -> bytes:
        command = ["import", "-window", "root", target]
        return subprocess.run(command, env={**os.environ, **self.environment}, capture_output=True, check=True).stdout

    def _xdotool(self, *words: str, check: bool = True) -> str:
        environment = {**os.environ, **self.environment}
        command = ["xdotool", *words]
        done = subprocess.run(command, env=environment, capture_output=True, timeout=PATIENCE, check=check)
        return done.stdout.decode("utf-8", "replace")


def _differing(one: bytes, other: bytes) -> int:
    return 0 if one == other else sum(a != b for a, b in zip(one, other, strict=True))


def largest(pid: int) -> Memory:
    """Return the memory of the largest among a process and those it started."""
    import psutil

    process = psutil.Process(pid)
    return max(memory_of(each.pid) for each in [process, *process.children(recursive=True)])
