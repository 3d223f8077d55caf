"""The sections of 基础信息: their names, titles and drawings, and what each has to offer to the page."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from db.core.changes import Changes
from db.core.fields import load_schema
from db.work.directory import remove
from db.work.setup import own_unit_id
from desktop.session import Session
from desktop.widgets.base_enterprises import EnterprisePanel
from desktop.widgets.table_panel import TablePanel

SECTIONS: tuple[tuple[str, str, str], ...] = (
    ("county", "本县与经办人", "person"),
    ("plan", "方案", "clause"),
    ("reporting_unit", "填报单位", "base"),
    ("town", "镇街", "town"),
    ("department", "县级部门", "department"),
    ("enterprise", "企业", "enterprise"),
    ("quotas", "县级目标", "quota"),
    ("backup", "备份与恢复", "backup"),
    ("recycle", "回收站", "delete"),
    ("history", "操作记录", "history"),
)
OF_PARTS = frozenset({"enterprise", "quotas", "backup", "recycle", "history"})
"""The sections that a work package has: the others are the county's, and nothing of them would come home."""
OTHER_NAMES = {"towns": "town", "departments": "department", "enterprises": "enterprise", "units": "reporting_unit"}


class Section(Protocol):
    """What the page asks of a section; `summary` carries words for the status line."""

    summary: SignalInstance

    def concerns(self, changes: Changes) -> bool:
        """Return whether the section shows something that changed."""

    def refresh(self) -> None:
        """Read everything anew."""

    def reveal(self, row_id: str) -> None:
        """Show the row with this id."""


def directory_panel(session: Session, table: str, parent: QWidget | None = None) -> TablePanel:
    """Return the table of units, towns, departments or enterprises; rows that something points to stay."""
    schema = load_schema(table)
    if table == "enterprise":
        return EnterprisePanel(session, schema.help, parent)
    panel = TablePanel(
        session, schema, schema.help, parent, remove=lambda op, ids: remove(op, table=table, row_ids=ids)
    )
    if table == "town":

        def take(unit: str) -> None:
            panel.grid.defaults = lambda: {"unit_id": unit}

        session.read(own_unit_id, take, owner=panel, key="own")
    return panel
