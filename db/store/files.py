"""Files on disks that fill up, are pulled out or are write-protected: atomic replacing, free space, plain sentences."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from typing import BinaryIO

from db.core.errors import EnvironmentProblem

CHUNK = 1 << 20
PART_SUFFIX = ".part"
_PART = re.compile(r"\.[0-9a-f]{12}\.part")

_WINDOWS_IN_USE = {32, 33}
_WINDOWS_HELD = {5, 32, 33}
_HELD = {errno.EBUSY, errno.ETXTBSY}
"""What renaming meets while another program has the file open."""
PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 2.0)
"""Seconds between two tries; five in all."""
_WINDOWS_GONE = {15, 21, 55, 59, 64, 67, 1117, 1167}
_WINDOWS_PROTECTED = {19}
_WINDOWS_NOT_FOUND = {2, 3}
"""Also what Windows says of a path that is too long for it."""
LONGEST_PATH = 259
_WINDOWS_BAD_NAME = {6, 123, 161, 267}
"""Of 6: a name that belongs to a device (CON, PRN, NUL)."""
_GONE = {errno.EIO, errno.ENXIO, errno.ENODEV, errno.ESTALE}
_FULL = {errno.ENOSPC, errno.EDQUOT}


def explain(error: OSError, what: str, path: Path | str) -> EnvironmentProblem:
    """Return the sentence for `error`, met while doing `what` (Chinese, such as 写入备份) to `path`."""
    head = f"{what}时出错（{path}）："
    windows = getattr(error, "winerror", None)
    if error.errno in _FULL or windows in {39, 112}:
        return _problem("disk_full", head + "磁盘空间已满。", "请清理磁盘或换一个位置后重试，已保存的数据没有受影响。")
    if error.errno == errno.EROFS or windows in _WINDOWS_PROTECTED:
        return _problem("read_only_disk", head + "磁盘是只读的或有写保护。", "请关闭写保护，或换一个可以写入的位置。")
    if windows in _WINDOWS_IN_USE or error.errno in {errno.EBUSY, errno.ETXTBSY}:
        return _problem("in_use", head + "文件正被其他程序使用。", "请关闭打开它的程序（如 Excel、WPS）后重试。")
    if windows in _WINDOWS_GONE or error.errno in _GONE:
        return _problem("disk_gone", head + "磁盘没有响应，可能已被拔出。", "请检查U盘、移动硬盘或网络连接后重试。")
    if error.errno == errno.EFBIG:
        return _problem("too_big", head + "这个磁盘放不下单个这么大的文件。", "请换用NTFS或exFAT格式的磁盘。")
    if error.errno == errno.ENAMETOOLONG or windows == 206:
        return _problem("name_too_long", head + "文件名或路径太长。", "请换一个较短的文件夹位置。")
    if windows in _WINDOWS_NOT_FOUND and len(str(path)) >= LONGEST_PATH:
        return _problem("name_too_long", head + "文件名或路径太长。", "请换一个较短的文件夹位置。")
    if windows in _WINDOWS_BAD_NAME:
        advice = '名称中不能有 ? * < > | : " 等符号，也不能叫 CON、PRN、NUL。请换一个名称。'
        return _problem("bad_name", head + "Windows 不允许这样的名称。", advice)
    if isinstance(error, FileNotFoundError):
        return _problem("not_found", head + "找不到文件或文件夹。", "请确认它没有被移动、改名或删除。")
    if isinstance(error, FileExistsError):
        return _problem("exists", head + "同名文件已存在。", "请换一个名称或位置。")
    if isinstance(error, (NotADirectoryError, IsADirectoryError)):
        return _problem("wrong_kind", head + "这里需要的文件或文件夹被同名的另一种项目占用。", "请换一个位置。")
    if isinstance(error, PermissionError):
        # Windows reports a file that is open elsewhere as access denied when it is to be replaced.
        advice = "请关闭打开它的程序，或换一个可以写入的位置。"
        return _problem("permission", head + "没有权限，或文件正被其他程序使用。", advice)
    return _problem("os_error", head + f"{str(error.strerror or error).rstrip('。.')}。", "请检查磁盘后重试。")


def _problem(code: str, message: str, advice: str) -> EnvironmentProblem:
    return EnvironmentProblem(message, advice=advice, code=code)


@contextmanager
def explained(what: str, path: Path | str) -> Iterator[None]:
    """Turn any OSError raised inside into the `EnvironmentProblem` that `explain` words."""
    try:
        yield
    except OSError as error:
        raise explain(error, what, path) from error


@contextmanager
def replacing(path: Path, what: str = "写入文件", *, durable: bool = True) -> Iterator[BinaryIO]:
    """Yield a binary file that takes the place of `path` when the block ends well; else nothing of it remains.

    The bytes are on the disk before the name is, so that `path` is at any moment the old file, the new one or absent.
    What is not `durable` is left to the system: after a power cut it may be damaged.
    """
    part = part_of(path)
    with explained(what, path):
        try:
            with part.open("xb") as file:
                yield file
                file.flush()
                if durable:
                    os.fsync(file.fileno())
            if durable:
                publish(part, path)
            else:
                patiently(lambda: part.replace(path))
        except BaseException:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise


def write_atomically(path: Path, data: bytes, what: str = "写入文件") -> None:
    """Replace `path` by a file with `data`, or leave it as it was."""
    with replacing(path, what) as file:
        file.write(data)


def part_of(path: Path) -> Path:
    """Return a new temporary name beside `path` (same disk, so that renaming is atomic; short, so that it fits)."""
    return path.with_name(f".{secrets.token_hex(6)}{PART_SUFFIX}")


@contextmanager
def temporary_folder(folder: Path) -> Iterator[Path]:
    """Yield a new folder inside `folder` for what nobody else is to see; it goes at the end, or after a crash."""
    made = part_of(folder / "aside")
    with explained("建立临时文件夹", folder):
        made.mkdir()
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def remove_leftovers(*folders: Path) -> None:
    """Delete the temporary files and folders that a crash left in `folders`; what cannot be deleted stays."""
    for folder in folders:
        with suppress(OSError):
            for path in list(folder.glob(f".*{PART_SUFFIX}")):
                if not _PART.fullmatch(path.name):
                    continue
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink()


def publish(part: Path, path: Path) -> None:
    """Give the finished file `part`, already on the disk, its final name; raises OSError."""
    patiently(lambda: part.replace(path))
    sync_folder(path.parent)


def patiently(rename: Callable[[], object]) -> None:
    """Do `rename`, again for some seconds while Windows says that the file is in use; raises OSError.

    A virus scanner opens a file just written and lets go of it soon; Excel does not, which is told then.
    """
    for pause in PAUSES:
        try:
            rename()
            return
        except OSError as error:
            if getattr(error, "winerror", None) not in _WINDOWS_HELD and error.errno not in _HELD:
                raise
        Event().wait(pause)
    rename()


def sync_file(path: Path) -> None:
    """Have the bytes of `path` written to the disk itself; raises OSError."""
    # Windows flushes only through a handle that may write.
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Have the names in `folder` written to the disk; Windows does so by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        # Some network file systems cannot do this; there the rename alone has to do.
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def require_space(folder: Path, needed: int, what: str) -> None:
    """Raise `EnvironmentProblem` when `folder`'s disk has fewer than `needed` bytes free."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return  # A disk that does not tell is tried; running out while writing has its own sentence.
    if free < needed:
        raise _problem(
            "disk_full",
            f"{what}需要约 {megabytes(needed)} MB，而 {folder} 所在磁盘只剩 {megabytes(free)} MB。",
            "请清理磁盘或换一个位置后重试。",
        )


def megabytes(size: int) -> str:
    """Return `size` in bytes as megabytes for a sentence: one decimal, never 0 for something."""
    return f"{max(size, 0) / 1_000_000:,.1f}" if size >= 100_000 or size <= 0 else "0.1"
