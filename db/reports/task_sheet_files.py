"""任务书 for many at once: one file for each town, enterprise and department, each whole or not there at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from db.core.errors import DataProblem
from db.core.file_names import safe_names
from db.core.progress import NO_PROGRESS, Progress
from db.plan.catalogue import Catalogue
from db.plan.part import require_whole
from db.reports.many_files import Paper, WrittenSheets, write_papers
from db.reports.task_sheet import SheetOwner, TaskSheet, sheet_owners, task_sheet
from db.reports.task_sheet_word import TEMPLATE, task_sheet_word
from db.reports.word import template
from db.store.county import County
from db.work.assignees import Assignee, named

WHAT = "写入任务书"
Draw = Callable[[TaskSheet], bytes]


def write_task_sheets(
    county: County,
    catalogue: Catalogue,
    out: Path,
    *,
    only: Iterable[tuple[str, str]] | None = None,
    draw: Draw | None = None,
    progress: Progress = NO_PROGRESS,
) -> WrittenSheets:
    """Write the papers of the assignees in `only` (kind, id; None: all that have tasks) into the folder `out`.

    Word documents, or what `draw` makes of each paper (.pdf). A file of the same name is replaced; one that is open in
    another program is reported and the others go on. Raises EnvironmentProblem for the folder or a full disk, Cancelled
    between two files, DataProblem when nobody has a task or the county's own template has a fault.
    """
    with county.reading() as conn:
        conn.execute("BEGIN")
        require_whole(conn, "写任务书")
        owners = sheet_owners(conn, catalogue)
        wanted = None if only is None else set(only)
        chosen = [owner for owner in owners if wanted is None or owner.assignee.key in wanted]
        sheets = [task_sheet(conn, catalogue, owner.assignee) for owner in chosen]
    if not sheets:
        raise DataProblem("还没有分解任务，没有任务书可出。", advice="请先分解任务。", code="sheets.none")
    source = template(county.folder, TEMPLATE) if draw is None else None
    names = sheet_names([owner.assignee for owner in chosen])

    def make(sheet: TaskSheet) -> bytes:
        return task_sheet_word(sheet, source) if source is not None else draw(sheet) if draw is not None else b""

    papers = [Paper(name, sheet.assignee, partial(make, sheet)) for name, sheet in zip(names, sheets, strict=True)]
    return write_papers(out, papers, ".pdf" if source is None else ".docx", WHAT, progress)


def sheet_names(owners: Sequence[Assignee]) -> list[str]:
    """Return a file name without ending for each: 任务书-镇街-圣城街道."""
    return safe_names(f"任务书-{who.kind_title}-{who.name}" for who in owners)


def find_owner(county: County, catalogue: Catalogue, unit: str) -> Assignee:
    """Return the assignee that `unit` names by code, credit code or full name; DataProblem when none or several do."""
    with county.reading() as conn:
        return named(conn, unit, {owner.assignee.key for owner in sheet_owners(conn, catalogue)})


__all__ = ["SheetOwner", "WrittenSheets", "find_owner", "sheet_names", "write_task_sheets"]
