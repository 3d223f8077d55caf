"""What a county file says of itself when it is only a part of a county, and the plan as far as that part goes.

part_identity(conn) -> PartIdentity | None      None: the county itself
narrowed(catalogue, reach) -> Catalogue         what every page of a part lists and counts

This is the one place that says what belongs to a work package. `county_catalogue` and `registers` read it; so whatever
goes by the plan or by the registers holds the part alone.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any, Final

from db.core.errors import DataProblem
from db.plan.model import Catalogue, Target

SETTING: Final = "part"
_MOST_TEXT, _MOST_IDS, _LONGEST_ID = 4_000, 2_000, 80


@dataclass(frozen=True)
class PartReach:
    """What is in a part: whole `clauses`, `shares` (tasks of which only some units' rows are), `registers` by name.

    `towns` (ids) are those that a part of towns alone is about; where it is empty every town may have something in it.
    """

    clauses: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()
    registers: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()


@dataclass(frozen=True)
class PartIdentity:
    """Of which county file (`file_id`) and moment (`base_seq` of its journal) the part is, its title, who made it.

    `reach` is None in a part that a former program made, which told nothing of it.
    """

    part_id: str
    title: str
    file_id: str
    base_seq: int
    made_at: str
    author: str
    reach: PartReach | None = None

    def text(self) -> str:
        """Return it as it is kept."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @property
    def giver(self) -> str:
        """Return to whom it goes back, for a person."""
        return self.author or "发出它的人"

    def line(self) -> str:
        """Return the line that stands over every page of the part."""
        return f"工作包：{self.title} · 回交给{self.giver}"


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
    return PartIdentity(part_id, title, file_id, base, made_at, author, _reach_from(raw.get("reach")))


def _reach_from(raw: Any) -> PartReach | None:
    if not isinstance(raw, dict):
        return None
    found: list[tuple[str, ...]] = []
    for name in ("clauses", "shares", "registers", "towns"):
        ids = raw.get(name, [] if name == "towns" else None)
        if not isinstance(ids, list) or len(ids) > _MOST_IDS:
            return None
        if not all(isinstance(each, str) and 0 < len(each) <= _LONGEST_ID for each in ids):
            return None
        found.append(tuple(ids))
    return PartReach(*found)


def part_identity(conn: sqlite3.Connection) -> PartIdentity | None:
    """Return what part of a county the file of `conn` is, None where it is the county itself."""
    row = conn.execute("SELECT value FROM setting WHERE id = ? AND deleted_at IS NULL", (SETTING,)).fetchone()
    return _parsed(row[0]) if row is not None and row[0] else None


def part_reach(conn: sqlite3.Connection) -> PartReach | None:
    """Return how far the part goes, None where nothing is left out: of the county itself."""
    identity = part_identity(conn)
    return None if identity is None else identity.reach


@lru_cache(maxsize=8)
def _parsed(text: str) -> PartIdentity | None:
    try:
        return identity_from(json.loads(text))
    except ValueError:
        return None  # another program wrote there; a county's own data are to open all the same


def require_whole(conn: sqlite3.Connection, what: str) -> None:
    """Raise DataProblem where the file is only a part of a county: `what` needs all of it."""
    identity = part_identity(conn)
    if identity is not None:
        raise DataProblem(
            f"这里只是工作包“{identity.title}”的内容，不能{what}。",
            advice="请把工作包交回，在县级数据所在的电脑上做。",
            code="part.only",
        )


def narrowed(catalogue: Catalogue, reach: PartReach) -> Catalogue:
    """Return the plan with the clauses and targets of the part alone; `Catalogue.shares` are those that are not whole.

    A clause of which only shares are there stays as what they stand in, with those of its targets alone. A target that
    is inside one that is not there stands by itself.
    """
    given, whole = set(reach.shares), set(reach.clauses)
    framed = {target.clause for target in catalogue.targets if target.id in given}
    clauses = [each for each in catalogue.clauses if each.id in whole | given | framed]
    own = {clause.id for clause in clauses}
    kept = [each for each in catalogue.targets if each.clause in whole or each.id in given]
    ids = {target.id for target in kept}
    targets = [_standing_alone(each) if each.part_of and each.part_of not in ids else each for each in kept]
    articles = {clause.article for clause in clauses}
    parts = {clause.part for clause in clauses}
    return replace(
        catalogue,
        parts=tuple(each for each in catalogue.parts if each.id in parts),
        articles=tuple(each for each in catalogue.articles if each.id in articles),
        clauses=tuple(clauses),
        targets=tuple(targets),
        left_out=tuple(each for each in catalogue.left_out if each.clause in own),
        faults=tuple(each for each in catalogue.faults if each.clause in own),
        shares=frozenset(own - whole) | {target.id for target in kept if target.clause not in whole},
    )


def _standing_alone(target: Target) -> Target:
    return replace(target, part_of=None)
