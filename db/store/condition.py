"""In which condition a county folder is: facts for whoever helps from afar, without anything of what was filled in."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

from db.core.errors import EnvironmentProblem
from db.store import integrity
from db.store.backup_keeping import kept
from db.store.connection import FILE_NAME, connect_reader, pragma, translated
from db.store.location import look_at
from db.store.lock import holder_of


def condition(folder: Path) -> dict[str, Any]:
    """Return facts of the county in `folder`: its place, its file, what an integrity check finds, its backups.

    Never raises for a damaged or missing file: that is what is asked about.
    """
    path = folder / FILE_NAME
    holder = holder_of(folder)
    return {
        "place": place_facts(folder),
        "file_bytes": _size(path),
        "journal_bytes": _size(path.with_name(f"{FILE_NAME}-journal")),
        "lock": "none" if holder is None else "this computer" if holder.here else "another computer",
        "integrity": _integrity(path),
        "backups": [{"name": each.file.name, "bytes": _size(each.file)} for each in kept(folder)],
    }


def place_facts(folder: Path) -> dict[str, Any]:
    """Return what kind of place a folder is, without its name."""
    found = look_at(folder)
    full = str(folder.absolute())
    try:
        free: int | None = shutil.disk_usage(folder).free
    except OSError:
        free = None
    return {
        "file_system": found.file_system,
        "network": found.remote,
        "removable": found.removable,
        "synchronised_by": found.synced_by,
        "free_bytes": free,
        "path_length": len(full),
        "path_ascii": full.isascii(),
        "path_spaces": " " in full,
    }


def _integrity(path: Path) -> dict[str, Any]:
    try:
        with translated(path), closing(connect_reader(path)) as conn:
            found = integrity.check(conn)
            return {
                "schema": pragma(conn, "user_version"),
                "sound": found.sound,
                "damage": len(found.damage),
                "broken_references": dict(found.broken_references),
            }
    except EnvironmentProblem as problem:
        return {"cannot_be_read": problem.code}


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
