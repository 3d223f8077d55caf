"""Which names a file inside a package may have, so that no computer it is unpacked on puts it anywhere surprising."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from db.core.errors import Problem

LONGEST_NAME = 240
"""Characters of one path; longer ones cannot be unpacked on Windows."""

_DEVICES = frozenset(
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"]
    + [f"{port}{digit}" for port in ("COM", "LPT") for digit in "0123456789¹²³"]
)
_PART = r"(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:[./]|$))[0-9a-z_-]+(?:\.[0-9a-z_-]+)*"
_ORDINARY = re.compile(rf"{_PART}(?:/{_PART})*", re.ASCII | re.IGNORECASE)
"""Names with which nothing can be wrong but their length: most of them."""
_FORBIDDEN = frozenset('<>"|?*')


def name_fault(name: str) -> str | None:
    """Return a Chinese phrase that says what is wrong with this path inside a zip, or None when nothing is."""
    if not name or name == "/":
        return "文件名是空的"
    if len(name) > LONGEST_NAME:
        return f"文件名超过{LONGEST_NAME}个字符"
    if _ORDINARY.fullmatch(name):
        return None
    if any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in name):
        return "文件名里有看不见的控制字符"
    if "\\" in name:
        return "文件名里有反斜杠"
    if name.startswith("/"):
        return "是绝对路径"
    if len(name) > 1 and name[1] == ":":
        return "带盘符"
    if ":" in name or not _FORBIDDEN.isdisjoint(name):
        return "文件名里有 Windows 不允许的字符"
    for part in name.removesuffix("/").split("/"):
        fault = _part_fault(part)
        if fault:
            return fault
    return None


def _part_fault(part: str) -> str | None:
    if part == "..":
        return "路径里有“..”，会跑到文件夹外面"
    if part in ("", "."):
        return "路径里有空的一级"
    if part != part.rstrip(". "):
        return "有一级名称以点或空格结尾"
    if part.split(".")[0].rstrip(" ").upper() in _DEVICES:
        return "用了 Windows 的设备名"
    return None


def folded(name: str) -> str:
    """Return the form in which two names that some file system takes for one are equal: NFC, without case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def collisions(names: Iterable[str]) -> Iterator[Problem]:
    """Yield a Problem for every name that repeats or, on Windows or macOS, would overwrite an earlier one.

    Also for a file whose name is another file's folder. Names of folders end with a slash and may repeat.
    """
    seen: dict[str, str] = {}
    folders: dict[str, str] = {}
    for name in names:
        key = folded(name.removesuffix("/"))
        parents = key.split("/")[:-1]
        for depth in range(1, len(parents) + 1):
            folders.setdefault("/".join(parents[:depth]), name)
        if name.endswith("/"):
            folders.setdefault(key, name)
            continue
        if key in seen:
            yield _collision(name, seen[key])
        else:
            seen[key] = name
    for key, name in seen.items():
        if key in folders:
            yield Problem("zip.file_is_folder", "既是文件又是文件夹。", "请对方重新导出。", name)


def _collision(name: str, earlier: str) -> Problem:
    if name == earlier:
        return Problem("zip.duplicate", "同一个文件名在压缩包里出现不止一次。", "请对方重新导出。", name)
    return Problem("zip.collision", f"与“{earlier}”只有大小写或写法不同，解压时会互相覆盖。", "请对方重新导出。", name)
