"""Who answers for a line, and on which telephone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from db.work.assignees import find_assignees
from db.work.county_settings import county_facts
from db.work.monthly.model import COUNTY, RowKey

_OF_ASSIGNMENT = (
    "SELECT responsible, phone FROM assignment WHERE task_id = ? AND assignee_id = ? AND deleted_at IS NULL AND"
)


@dataclass(frozen=True)
class Person:
    """The assignee's name, and the person in charge: the assignment's, else the assignee's own contact."""

    assignee: str
    responsible: str = ""
    phone: str = ""


def people_of(conn: sqlite3.Connection, keys: Iterable[RowKey], year: int) -> dict[RowKey, Person]:
    """Return who answers for these lines, by line; of several years' assignments the newest up to `year` tells."""
    wanted = list(keys)
    names = {who.key: who.name for who in find_assignees(conn, {key[1:] for key in wanted})}
    found: dict[RowKey, Person] = {}
    for key in wanted:
        if key.assignee_kind == COUNTY:
            contacts = county_facts(conn).contacts
            found[key] = Person("本县", contacts.get("clerk", ""), contacts.get("clerk_phone", ""))
            continue
        own = (key.task_id, key.assignee_id, year)
        # Found at once; for one of an earlier year everything of the assignee has to be gone through.
        row = conn.execute(f"{_OF_ASSIGNMENT} year = ?", own).fetchone()
        row = row or conn.execute(f"{_OF_ASSIGNMENT} year < ? ORDER BY year DESC LIMIT 1", own).fetchone()
        row = row or (None, None)
        if not any(row):
            sql = f"SELECT contact, phone FROM {key.assignee_kind} WHERE id = ?"
            row = conn.execute(sql, (key.assignee_id,)).fetchone() or (None, None)
        found[key] = Person(names.get(key[1:], ""), row[0] or "", row[1] or "")
    return found
