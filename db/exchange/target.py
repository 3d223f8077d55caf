"""Where a package is written to: what can be known before writing, and the file that appears whole or not at all."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from db.core.errors import EnvironmentProblem
from db.store.files import PART_SUFFIX, explained, megabytes, part_of, patiently, require_space, sync_folder
from db.store.location import file_system

LARGEST_ON_FAT = (4 << 30) - 1

_WHAT = "写入上报包"
_FAT = frozenset({"vfat", "msdos", "fat", "fat12", "fat16", "fat32"})
_STALE = 24 * 3600


def check_folder(folder: Path) -> None:
    """Make sure that `folder` is there and takes files; EnvironmentProblem with a sentence when it does not."""
    with explained(_WHAT, folder):
        folder.mkdir(parents=True, exist_ok=True)
        probe = part_of(folder / "x")
        probe.touch(exist_ok=False)
        probe.unlink()
    _sweep(folder)


def check_room(folder: Path, estimate: int, certain: int) -> None:
    """Raise EnvironmentProblem when the disk has less than `estimate` bytes free, or when the package needs `certain`
    bytes at least and the file system cannot hold a file of that size.
    """
    require_space(folder, estimate, _WHAT)
    if certain > LARGEST_ON_FAT and file_system(folder) in _FAT:
        raise EnvironmentProblem(
            f"上报包约有{megabytes(certain)} MB，而{folder}所在的磁盘是FAT32格式，放不下超过4 GB的文件。",
            advice="请换用NTFS或exFAT格式的磁盘，或减少附件后重试。",
            code="too_big",
        )


@contextmanager
def appearing(path: Path) -> Iterator[tuple[BinaryIO, Path, Callable[[], None]]]:
    """Yield a file under a temporary name beside `path`, that name, and what gives it its own name when it is good.

    That call comes after the file was closed by whoever checks it; without it, or after an error, nothing remains.
    """
    part = part_of(path)

    def publish() -> None:
        file.close()
        if path.exists():
            raise FileExistsError(errno.EEXIST, "exists", str(path))
        patiently(lambda: part.rename(path))
        try:
            sync_folder(path.parent)
        except OSError:
            path.unlink(missing_ok=True)
            raise

    try:
        with explained(_WHAT, path), part.open("xb+") as file:
            yield file, part, publish
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def flush(file: BinaryIO) -> None:
    """Have everything written so far reach the disk itself."""
    file.flush()
    os.fsync(file.fileno())


def _sweep(folder: Path) -> None:
    """Remove what an earlier program that was killed while writing left in the folder."""
    limit = time.time() - _STALE
    with suppress(OSError):
        for left in folder.glob(f".????????????{PART_SUFFIX}"):
            with suppress(OSError):
                if left.stat().st_mtime < limit:
                    left.unlink()
