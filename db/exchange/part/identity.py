"""What a work package says of itself: a setting in the colleague's county file, return.json in what comes back."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass
from typing import Any, Final

from db.core.errors import DataProblem

SETTING: Final = "part"
ENDING: Final = ".sijian-part"
PART_INFO, RETURN_INFO = "part.json", "return.json"
"""What says in the zip what it is: a part that goes out, and what came back of one."""
MOST_INFO: Final = 1 << 20
_MOST_TEXT = 4_000


@dataclass(frozen=True)
class PartIdentity:
    """Of which county file (`file_id`) and moment (`base_seq` of its journal) the part is, its title, who made it."""

    part_id: str
    title: str
    file_id: str
    base_seq: int
    made_at: str
    author: str

    def text(self) -> str:
        """Return it as it is kept."""
        return json.dumps(asdict(self), ensure_ascii=False)


def identity_from(raw: Any) -> PartIdentity | None:
    """Return what a JSON value says, None where it is no identity of a part."""
    if not isinstance(raw, dict):
        return None
    texts = [raw.get(name) for name in ("part_id", "title", "file_id", "made_at", "author")]
    base = raw.get("base_seq")
    if not isinstance(base, int) or isinstance(base, bool) or base < 0:
        return None
    if not all(isinstance(text, str) and len(text) <= _MOST_TEXT for text in texts):
        return None
    part_id, title, file_id, made_at, author = map(str, texts)
    return PartIdentity(part_id, title, file_id, base, made_at, author)


def part_identity(conn: sqlite3.Connection) -> PartIdentity | None:
    """Return what part of a county the file of `conn` is, None where it is the county itself."""
    row = conn.execute("SELECT value FROM setting WHERE id = ? AND deleted_at IS NULL", (SETTING,)).fetchone()
    return identity_from(json.loads(row[0])) if row is not None and row[0] else None


def require_whole(conn: sqlite3.Connection, what: str) -> None:
    """Raise DataProblem where the file is only a part of a county: `what` needs all of it."""
    identity = part_identity(conn)
    if identity is not None:
        raise DataProblem(
            f"这里只是工作包“{identity.title}”的内容，不能{what}。",
            advice="请把工作包交回，在县级数据所在的电脑上做。",
            code="part.only",
        )
