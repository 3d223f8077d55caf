"""Names of files made for people: any name of a town or enterprise becomes one that Windows takes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 60
"""Characters of a name before its ending; the folder above it needs room too."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_FULL_WIDTH = {
    "<": "＜",
    ">": "＞",
    ":": "：",
    '"': "＂",
    "/": "／",
    "\\": "＼",
    "|": "｜",
    "?": "？",
    "*": "＊",
}
_DEVICE = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|CLOCK\$|(?:COM|LPT)[0-9¹²³])(?:\..*)?", re.I | re.S)


def safe_name(text: str, *, empty: str = "未命名") -> str:
    """Return `text` as the name of a file without its ending: forbidden characters become full-width, nothing is lost
    but what cannot be seen and what is longer than `LONGEST`.
    """
    shown = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    name = _FORBIDDEN.sub(lambda found: _FULL_WIDTH[found.group()], shown).strip()
    name = name[:LONGEST].rstrip(". ")
    if _DEVICE.fullmatch(name):
        name = f"_{name}"
    return name or empty


def safe_names(texts: Iterable[str]) -> list[str]:
    """Return a safe name for each text; those that Windows would take for one get a number: 名称(2)."""
    taken: set[str] = set()
    found: list[str] = []
    for text in texts:
        base = safe_name(text)
        name, number = base, 1
        while (key := unicodedata.normalize("NFC", name).casefold()) in taken:
            number += 1
            ending = f"({number})"
            name = base[: LONGEST - len(ending)] + ending
        taken.add(key)
        found.append(name)
    return found
