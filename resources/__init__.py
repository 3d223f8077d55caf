"""What the program knows, as data; this module is the one way to reach it.

A resource is named by its path inside this folder with forward slashes, e.g. `divisions/weifang.csv`. Names are
checked: absolute names, drive letters, backslashes and `..` are refused. All text is UTF-8, with or without a mark.
"""

from __future__ import annotations

import csv
import io
import json
import tomllib
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent


def path(name: str) -> Path:
    """Return the file called `name`; FileNotFoundError when there is none, ValueError for an unlawful name."""
    file = _inside(name)
    if not file.is_file():
        raise FileNotFoundError(f"程序文件不完整：缺少 {name}。请重新安装程序。")
    return file


def text(name: str) -> str:
    """Return the text of `name`, without a byte order mark, line ends as \\n."""
    return path(name).read_text(encoding="utf-8-sig")


def load_json(name: str) -> Any:
    """Return the JSON value in `name`."""
    return json.loads(text(name))


def load_toml(name: str) -> dict[str, Any]:
    """Return the TOML table in `name`."""
    return tomllib.loads(text(name))


def load_csv(name: str) -> list[dict[str, str]]:
    """Return the rows of `name` by column title; a row longer or shorter than the heading is a ValueError."""
    reader = csv.reader(io.StringIO(text(name), newline=""))
    heading = next(reader)
    rows = [row for row in reader if row]
    for row in rows:
        if len(row) != len(heading):
            raise ValueError(f"{name}: {len(row)} cells where the heading has {len(heading)}: {row}")
    return [dict(zip(heading, row, strict=True)) for row in rows]


def names(folder: str) -> list[str]:
    """Return the names of the files directly in `folder` (`boilers.json`, not `registers/boilers.json`), sorted."""
    place = _inside(folder)
    if not place.is_dir():
        raise FileNotFoundError(f"程序文件不完整：缺少文件夹 {folder}。请重新安装程序。")
    return sorted(entry.name for entry in place.iterdir() if entry.is_file() and not entry.name.startswith((".", "__")))


def _inside(name: str) -> Path:
    parts = name.split("/")
    if not name or "\\" in name or ":" in name or "\0" in name or any(part in ("", ".", "..") for part in parts):
        raise ValueError(f"not a resource name: {name!r}")
    return _ROOT.joinpath(*parts)
