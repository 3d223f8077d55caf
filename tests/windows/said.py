"""What a program says, written into a log while it says it.

Python under Wine can write into a pipe but not into a file; and a pipe is held open by Wine's own services, which stay
when the program is done, so that its end must not be waited for.
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

LAST_WORDS = 2.0
"""Seconds for what is still on its way when the program has ended."""


class Said:
    """A program that was started, `process`; what it says goes to the end of the file `log`, where one is given."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], log: Path | None, cwd: Path | None = None
    ) -> None:
        self._log = log
        self._text = bytearray()
        self._write(f"$ {' '.join(command)}\n".encode())
        self.process = subprocess.Popen(
            command,
            env=environment,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def wait(self, seconds: float) -> int | None:
        """Return the exit code, None when the program had to be ended because it took longer."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            self.end()

    def end(self) -> None:
        """End the program if it has not ended yet."""
        self.process.kill()
        self.process.wait()
        self._listener.join(LAST_WORDS)

    def text(self) -> str:
        """Return what was said so far."""
        return bytes(self._text).decode("utf-8", "replace").replace("\r\n", "\n")

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as pipe:
            while piece := os.read(pipe.fileno(), 1 << 16):
                self._text += piece
                self._write(piece)

    def _write(self, piece: bytes) -> None:
        if self._log is not None:
            with self._log.open("ab") as file:
                file.write(piece)
