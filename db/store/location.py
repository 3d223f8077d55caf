"""Where a folder lies: on which kind of disk, and whether another program sends it elsewhere behind our back.

look_at(folder) -> Location              facts, for reports
check_location(folder)                   EnvironmentProblem for a place where a county file would not be safe

A county file is written in place, over years. A network share that goes away leaves half a write; software that
synchronises uploads and replaces the file while it is open. Both are good places for backups.
"""

from __future__ import annotations

import ctypes
import os
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import resources
from db.core.errors import EnvironmentProblem
from db.store.files import LONGEST_PATH

_ON_WINDOWS = os.name == "nt"
_WITHIN = 110
"""Characters that the longest name inside a county folder takes: backups/attachments/ab/, a hash, an ending."""
_REMOVABLE, _REMOTE = 2, 4
_ADVICE = "请放在本机的硬盘上（如“文档”文件夹）。这个位置适合放备份：建好以后在“基础信息”的“备份与恢复”里另存到这里。"


@dataclass(frozen=True)
class Location:
    """A folder's place: `file_system` as the system calls it, `synced_by` what software; "" unknown."""

    file_system: str = ""
    remote: bool = False
    removable: bool = False
    synced_by: str = ""


@cache
def _rules() -> dict[str, Any]:
    return resources.load_toml("places.toml")


def check_location(folder: Path) -> None:
    """Raise EnvironmentProblem when `folder`, which need not exist yet, lies where a county file would not be safe."""
    if _ON_WINDOWS and len(str(folder.absolute())) > LONGEST_PATH - _WITHIN:
        raise EnvironmentProblem(
            f"“{folder}”的路径太长，Windows 放不下里面的附件和备份。",
            advice=f"请换一个较短的位置，路径不超过{LONGEST_PATH - _WITHIN}个字，如“文档”下面。",
            code="name_too_long",
        )
    place = look_at(folder)
    if place.synced_by:
        raise EnvironmentProblem(
            f"“{folder}”在{place.synced_by}的同步文件夹里，同步时可能损坏正在使用的数据文件。",
            advice=_ADVICE,
            code="synced_folder",
        )
    if place.remote:
        raise EnvironmentProblem(
            f"“{folder}”在网络共享上，网络中断时可能损坏正在使用的数据文件。", advice=_ADVICE, code="network_share"
        )


def look_at(folder: Path) -> Location:
    """Return what is known of the place of `folder`, or of the nearest folder above it that exists."""
    full = folder.absolute()
    there = next((each for each in (full, *full.parents) if each.exists()), full)
    name, drive = file_system(there), _drive_type(there)
    remote = drive == _REMOTE or name in _rules()["remote"] or str(full).startswith("\\\\")
    return Location(name, remote, drive == _REMOVABLE, _synced_by(full))


def _synced_by(folder: Path) -> str:
    parts = [part.casefold() for part in folder.parts]
    for service in _rules()["sync"]:
        if any(fnmatchcase(part, name.casefold()) for name in service["folders"] for part in parts):
            return str(service["title"])
        for variable in service.get("variables", ()):
            root = os.environ.get(variable)
            if root and folder.is_relative_to(root):
                return str(service["title"])
    return ""


def file_system(folder: Path) -> str:
    """Return the lower-case name of the file system that `folder` is on, or "" where it cannot be known."""
    try:
        return _drive_format(folder) if os.name == "nt" else _mounted_as(folder)
    except (OSError, ValueError):
        return ""


def _mounted_as(folder: Path) -> str:
    wanted = folder.resolve()
    best, kind = -1, ""
    for line in Path("/proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = Path(fields[1].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\"))
        if wanted.is_relative_to(point) and len(point.parts) > best:
            best, kind = len(point.parts), fields[2]
    return kind.lower()


def _drive_format(folder: Path) -> str:
    name = ctypes.create_unicode_buffer(64)
    known = _kernel().GetVolumeInformationW(folder.resolve().anchor, None, 0, None, None, None, name, 64)
    return name.value.lower() if known else ""


def _drive_type(folder: Path) -> int:
    """Return what Windows calls the kind of a drive; 0 on other systems."""
    return int(_kernel().GetDriveTypeW(folder.anchor)) if os.name == "nt" else 0


def _kernel() -> Any:
    return getattr(ctypes, "windll").kernel32  # noqa: B009 - the attribute exists on Windows only
