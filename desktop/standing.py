"""How the open county stands after a write, asked off the GUI thread: undo, redo, the plan; and how it is left."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from db.core.changes import Changes
from db.core.errors import SijianError

if TYPE_CHECKING:
    from db.plan.catalogue import Catalogue
    from db.plan.part import PartIdentity
    from db.store.county import County

log = logging.getLogger(__name__)

Labels = tuple[str | None, str | None]


@dataclass(frozen=True)
class Standing:
    """What can be undone and redone, and by which plan the county works (None: by the same as before).

    `part` says which work package it is when it has just been opened, None for a whole county; `day` is the one on
    which a sample county lives, None where it is the calendar's.
    """

    labels: Labels
    catalogue: Catalogue | None = None
    part: PartIdentity | None = None
    day: date | None = None


def standing(county: County, changes: Changes | None = None) -> Standing:
    """Return how the county stands; its plan is read only when `changes` (None: anything) may have changed it."""
    labels = (county.undo_label(), county.redo_label())
    if changes is not None and not changes.touches("plan_edition"):
        return Standing(labels)
    from db.plan.editions import county_catalogue
    from db.plan.part import part_identity
    from db.work.sample import is_sample, today_in

    with county.between_writes() as connection:
        day = today_in(connection) if is_sample(connection) else None
        return Standing(labels, county_catalogue(connection), part_identity(connection), day)


def last_operation(county: County | None) -> int:
    """Return the id of the newest operation, 0 when there is none."""
    if county is None or county.read_only:
        return 0
    from db.store.history import operations

    with county.between_writes() as connection:
        return next((entry.id for entry in operations(connection, 1)), 0)


def back_up_ahead(county: County, rows: int) -> bool:
    """Back the county up if so many rows are about to be written that it is worth it, and return whether it was."""
    from db.store.backup import before_import

    return before_import(county, rows) is not None


def leave(county: County) -> None:
    """Make the day's backup, close the county and copy the backup elsewhere; no failure of it must keep anybody."""
    try:
        if not county.read_only:
            from db.store.backup import daily

            daily(county)
    except SijianError as problem:
        log.warning("no backup on closing: %s [%s]", problem, problem.code)
    finally:
        county.close()
    if not county.read_only:
        from desktop.second_copy import copy_elsewhere

        copy_elsewhere(county.folder)


def last_backup(folder: Path) -> str:
    """Return when the newest backup of the county in `folder` was made, in words; 还没有 when there is none."""
    from db.store.backup import kept

    newest = next(iter(kept(folder)), None)
    if newest is None:
        return "还没有"
    moment = datetime.fromisoformat(newest.info.made_at)
    if moment.date() == datetime.now().date():
        return f"今天 {moment:%H:%M}"
    return f"{moment.month}月{moment.day}日 {moment:%H:%M}"
