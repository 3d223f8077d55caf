"""Copies on their way into the county folder: read once, hashed as they are read, on the disk before they get a name.

Having a disk confirm what was written takes longer than writing it, and it confirms many files almost as fast as one:
that is asked for at the end, by several threads at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from db.core.progress import Progress
from db.store.attachment_kinds import rules, too_large
from db.store.files import CHUNK, explained, part_of, sync_file

WAITING = 12
WHAT = "保存佐证附件"


@dataclass(frozen=True)
class Copied:
    """A copy that has no name yet: where it lies, the SHA-256 of what was read, its size in bytes."""

    part: Path
    sha256: str
    size: int


class Copies:
    """Takes files into the folder `home`; `settle` gives them their names. What has none at the end is removed."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._pool = ThreadPoolExecutor(WAITING, thread_name_prefix="attachment")
        self._parts: list[Path] = []
        self._buffer = memoryview(bytearray(CHUNK))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)
        for part in self._parts:
            with suppress(OSError):
                part.unlink(missing_ok=True)

    def take(self, file: Path, name: str, progress: Callable[[int], None]) -> Copied:
        """Copy `file`, shown as `name`; `progress` is told the bytes so far.

        EnvironmentProblem when it cannot be read or stored, DataProblem when it has grown beyond the limit.
        """
        part = part_of(self._home / name)
        self._parts.append(part)
        digest, done = hashlib.sha256(), 0
        with explained(WHAT, self._home):
            self._home.mkdir(exist_ok=True)
            with part.open("xb") as target:
                for piece in self._pieces(file):
                    digest.update(piece)
                    target.write(piece)
                    done += len(piece)
                    if done > rules().largest:
                        raise too_large(name)
                    progress(done)
        return Copied(part, digest.hexdigest(), done)

    def _pieces(self, file: Path) -> Iterator[memoryview]:
        """Yield what is in `file`, each piece in the place of the one before: new memory costs more than hashing it."""
        with explained("读取佐证附件", file), file.open("rb", buffering=0) as source:
            while count := source.readinto(self._buffer):
                yield self._buffer[:count]

    def settle(self, places: list[Callable[[], None]]) -> None:
        """Wait until all is on the disk, then carry out `places`, which give the copies their names."""
        with explained(WHAT, self._home):
            for done in [self._pool.submit(sync_file, part) for part in self._parts]:
                done.result()
            for done in [self._pool.submit(place) for place in places]:
                done.result()


def share_of(progress: Progress, before: int, total: int, name: str) -> Callable[[int], None]:
    """Return what tells `progress` of one file's bytes among those of all."""
    return lambda done: progress.step(before + done, total, name)
