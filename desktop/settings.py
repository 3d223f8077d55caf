"""What the program remembers for the person at this PC: name, recent folders, where the window was.

A small JSON file in the user's own folder; a broken one counts as empty. Nothing of a county is kept in it.
"""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

NAME = "sijian-desk"
MOST_RECENT = 8


def user_folder() -> Path:
    """Return the program's folder for this user (settings, log file); it need not exist yet."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    else:
        base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / NAME


def user_name() -> str:
    """Return the clerk's name as set in the program, else the name this user logs in with."""
    return Settings().author or login_name()


def login_name() -> str:
    """Return the name this user logs in with; 经办人 where the system does not know."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "经办人"


class Settings:
    """The settings file; every change is written at once, and losing one is never worth an error."""

    def __init__(self, file: Path | None = None) -> None:
        self.file = file or user_folder() / "settings.json"
        self._values = self._load()

    def _load(self) -> dict[str, Any]:
        try:
            values = json.loads(self.file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return values if isinstance(values, dict) else {}

    def _set(self, name: str, value: object) -> None:
        if self._values.get(name) == value:
            return
        self._values = {**self._load(), name: value}  # another window may have written meanwhile
        draft = self.file.with_name(f"{self.file.name}.{os.getpid()}.new")
        with suppress(OSError):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps(self._values, ensure_ascii=False, indent=1), encoding="utf-8")
            draft.replace(self.file)

    def _text(self, name: str) -> str:
        value = self._values.get(name)
        return value if isinstance(value, str) else ""

    @property
    def author(self) -> str:
        """Return the clerk's name (经办人), empty when none was set."""
        return self._text("author")

    @author.setter
    def author(self, name: str) -> None:
        self._set("author", name.strip())

    @property
    def recent(self) -> list[Path]:
        """Return the county folders opened last, newest first, that still exist."""
        found = self._values.get("recent")
        folders = [Path(name) for name in found if isinstance(name, str)] if isinstance(found, list) else []
        return [folder for folder in folders if (folder / "county.db").is_file()]

    def remember_folder(self, folder: Path) -> None:
        """Put `folder` first among the recent ones."""
        chosen = folder.absolute()
        others = [other for other in self.recent if other != chosen]
        self._set("recent", [str(each) for each in [chosen, *others][:MOST_RECENT]])

    @property
    def last_folder(self) -> Path | None:
        """Return the folder of the file that was chosen last, None when none was."""
        name = self._text("last_folder")
        return Path(name) if name else None

    @last_folder.setter
    def last_folder(self, folder: Path) -> None:
        self._set("last_folder", str(folder))

    @property
    def backup_folder(self) -> Path | None:
        """Return where every backup is copied to as well, None when nowhere."""
        name = self._text("backup_folder")
        return Path(name) if name else None

    @backup_folder.setter
    def backup_folder(self, folder: Path | None) -> None:
        self._set("backup_folder", str(folder.absolute()) if folder is not None else "")

    @property
    def window(self) -> str:
        """Return the window's place as Qt saved it, in Base64; empty when it was never closed."""
        return self._text("window")

    @window.setter
    def window(self, geometry: str) -> None:
        self._set("window", geometry)

    @property
    def told(self) -> dict[str, Any]:
        """Return what of it may be told to others: nothing that names a person or a place."""
        views = self._values.get("views")
        return {"window_placed": bool(self.window), "views": sorted(views) if isinstance(views, dict) else []}

    def view(self, name: str) -> Mapping[str, Any]:
        """Return what a view called `name` asked to remember (columns, widths), empty when nothing."""
        views = self._values.get("views")
        found = views.get(name) if isinstance(views, dict) else None
        return found if isinstance(found, dict) else {}

    def remember_view(self, name: str, state: Mapping[str, Any]) -> None:
        """Keep `state` (JSON values) for the view called `name`."""
        views = self._load().get("views")
        kept = dict(views) if isinstance(views, dict) else {}
        self._set("views", {**kept, name: dict(state)})
