"""One writer per county folder: an operating-system lock on `county.lock`, and in it who holds it, for people.

The file stays; its text is emptied on a clean close. Text found by the next holder means that the last one crashed.
"""

from __future__ import annotations

import errno
import getpass
import json
import os
import socket
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from db.core.errors import EnvironmentProblem
from db.store.files import explain
from db.store.operation import now

FILE_NAME = "county.lock"

# Windows locks bytes against reading too, so the locked byte lies far behind the text.
_LOCKED_BYTE = 1 << 30
_TEXT_LIMIT = 4096
_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP}


@dataclass(frozen=True)
class Holder:
    """Who has the folder open for writing: computer, its user, process id, since when (local ISO time)."""

    host: str
    user: str
    pid: int
    since: str

    @property
    def here(self) -> bool:
        """Return whether this is a process of this computer."""
        return self.host == socket.gethostname()


class CountyLocked(EnvironmentProblem):
    """The folder is open elsewhere; it can be opened read-only, or taken over if `can_take_over`."""

    def __init__(self, holder: Holder | None, *, can_take_over: bool = False) -> None:
        self.holder = holder
        self.can_take_over = can_take_over
        super().__init__(_sentence(holder, can_take_over), advice=_advice(holder, can_take_over), code="locked")


def _sentence(holder: Holder | None, can_take_over: bool) -> str:
    if holder is None:
        return "这个县级数据文件夹正被另一个程序打开。"
    since = holder.since.replace("T", " ")
    if holder.here:
        return f"本程序已在这台电脑上打开了这个县级数据文件夹（用户 {holder.user}，{since} 起）。"
    tail = "登记为正在使用，但没有正常关闭" if can_take_over else "打开"
    return f"这个县级数据文件夹被另一台电脑“{holder.host}”{tail}（用户 {holder.user}，{since} 起）。"


def _advice(holder: Holder | None, can_take_over: bool) -> str:
    if can_take_over:
        return "如确认那台电脑上的程序已经关闭，可以接管；否则请以只读方式打开。"
    if holder is not None and holder.here and holder.user in ("", _this_process().user):
        return "请切换到已打开的窗口。"
    if holder is not None and holder.here:
        return f"请等这台电脑上的用户 {holder.user} 关闭后再打开，或以只读方式打开。"
    return "请等对方关闭后再打开，或以只读方式打开。"


class FolderLock:
    """The held lock of a county folder; `crashed` is the holder that a crash left behind (`unclean`: one did)."""

    def __init__(self, descriptor: int, *, unclean: bool, crashed: Holder | None) -> None:
        self._descriptor: int | None = descriptor
        self.unclean = unclean
        self.crashed = crashed

    @classmethod
    def acquire(cls, folder: Path, *, take_over: bool = False) -> FolderLock:
        """Take the lock of `folder`; CountyLocked when another process has it, EnvironmentProblem when none can be had.

        `take_over` also takes a folder that another computer left without closing it.
        """
        path = folder / FILE_NAME
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
        except OSError as error:
            raise explain(error, "锁定县级数据文件夹", folder) from error
        try:
            return cls._acquire(descriptor, take_over)
        except OSError as error:
            os.close(descriptor)
            raise explain(error, "锁定县级数据文件夹", folder) from error
        except BaseException:
            os.close(descriptor)
            raise

    @classmethod
    def _acquire(cls, descriptor: int, take_over: bool) -> FolderLock:
        locked = _try_lock(descriptor)
        text = _read(descriptor)
        holder = _parse(text)
        if locked is False:
            raise CountyLocked(holder)
        elsewhere = holder is not None and not holder.here
        if locked is None and holder is not None and not elsewhere and _alive(holder.pid):
            raise CountyLocked(holder)
        if elsewhere and not take_over:
            # The disk may not pass locks on between computers (a synchronised folder): a person has to know.
            raise CountyLocked(holder, can_take_over=True)
        _write(descriptor, json.dumps(asdict(_this_process()), ensure_ascii=False))
        return cls(descriptor, unclean=bool(text.strip()), crashed=holder)

    def release(self, *, clean: bool = True) -> None:
        """Give the folder back; unless `clean`, the next holder learns of a crash as well."""
        if self._descriptor is None:
            return
        descriptor, self._descriptor = self._descriptor, None
        try:
            if clean:
                with suppress(OSError):  # The disk is gone: the next opening then checks the file, which is right.
                    _write(descriptor, "")
        finally:
            with suppress(OSError):
                _unlock(descriptor)
            with suppress(OSError):
                os.close(descriptor)


def holder_of(folder: Path) -> Holder | None:
    """Return who is written in `folder`'s lock file, without taking the lock."""
    try:
        with (folder / FILE_NAME).open("rb") as file:
            return _parse(file.read(_TEXT_LIMIT).decode("utf-8", "replace"))
    except OSError:
        return None


def _this_process() -> Holder:
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):
        user = ""
    return Holder(socket.gethostname(), user, os.getpid(), now())


def _parse(text: str) -> Holder | None:
    try:
        found = json.loads(text)
        return Holder(str(found["host"]), str(found["user"]), int(found["pid"]), str(found["since"]))
    except (ValueError, KeyError, TypeError):
        return None


def _read(descriptor: int) -> str:
    os.lseek(descriptor, 0, os.SEEK_SET)
    return os.read(descriptor, _TEXT_LIMIT).decode("utf-8", "replace")


def _write(descriptor: int, text: str) -> None:
    # Cut off last: at no moment is the file empty, which would tell of a clean close, unless that is meant.
    data = text.encode("utf-8")
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, data)
    os.ftruncate(descriptor, len(data))
    os.fsync(descriptor)


if sys.platform == "win32":
    import ctypes
    import msvcrt

    def _try_lock(descriptor: int) -> bool | None:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            return None if error.errno in _NO_LOCKS else False
        return True

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

    def _alive(pid: int) -> bool:
        handle = ctypes.windll.kernel32.OpenProcess(0x1000, False, pid)
        if not handle:
            return False
        code = ctypes.c_ulong()
        ctypes.windll.kernel32.GetExitCodeProcess(handle, ctypes.byref(code))
        ctypes.windll.kernel32.CloseHandle(handle)
        return code.value == 259  # STILL_ACTIVE

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool | None:
        """Return True: locked, False: held by another, None: this disk knows no locks."""
        try:
            # flock belongs to the open file, so that a second opening in the same process is refused as well.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _NO_LOCKS:
                return None
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES, errno.EAGAIN):
                return False
            raise
        return True

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)

    def _alive(pid: int) -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True
