"""基础信息 › 企业: the table of enterprises, with the credit code judged while it is typed and twins told at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit, QWidget

from db.core.credit_code import LENGTH, problem_of, warning_of
from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.store.operation import Operation
from db.store.records import Row
from db.work.directory import remove, twins
from desktop.session import Session
from desktop.widgets.basics import Tone, label, restyle
from desktop.widgets.table_panel import TablePanel

TABLE, CODE = "enterprise", "credit_code"


def remove_enterprises(op: Operation, ids: Sequence[str]) -> int:
    """Delete enterprises that nothing points to."""
    return remove(op, table=TABLE, row_ids=ids)


class EnterprisePanel(TablePanel):
    """As any table; beside it the form says whether the code is right and whether the enterprise is there already."""

    def __init__(self, session: Session, purpose: str, parent: QWidget | None = None) -> None:
        super().__init__(session, load_schema(TABLE), purpose, parent, remove=remove_enterprises)
        self.code = self.row_panel.form.fields[CODE]
        self.verdict = label("", "small", wrap=True)
        self.verdict.hide()
        layout = self.code.layout()
        assert layout is not None
        layout.addWidget(self.verdict)
        self._row: Row | None = None
        self._pause = QTimer(self, singleShot=True, interval=150)
        self._pause.timeout.connect(self._look_for_twins)
        editor = self.code.editor
        assert isinstance(editor, QLineEdit)
        editor.textEdited.connect(self.judge)
        self.row_panel.form.row_loaded.connect(self._loaded)

    def judge(self, text: str) -> None:
        """Say whether what is typed is a code, or how much of it is still lacking."""
        words, tone = verdict_on(text)
        self.verdict.setText(words)
        self.verdict.setVisible(bool(words))
        restyle(self.verdict, "tone", tone)
        if tone in ("good", "caution"):
            self._pause.start()

    def _loaded(self, row: Row | None) -> None:
        self._row = row
        self.verdict.hide()
        self._look_for_twins()

    def _look_for_twins(self) -> None:
        """Ask for enterprises with the same code, or the same name in the same town."""
        row = self._row
        if row is None or row.deleted_at is not None:
            self.row_panel.warn("")
            return
        try:
            code = str(self.code.editor.cell() or "")
        except DataProblem:
            code = str(row.values.get(CODE) or "")
        name, town, row_id = str(row.values.get("name") or ""), str(row.values.get("town_id") or ""), row.id

        def query(conn: sqlite3.Connection) -> list[Row]:
            return twins(conn, credit_code=code, name=name, town_id=town, except_id=row_id)

        self.session.read(query, lambda found: self._tell_twins(found, code), owner=self, key="twins")

    def _tell_twins(self, found: list[Row], code: str) -> None:
        if not found:
            self.row_panel.warn("")
            return
        twin = found[0]
        same = "统一社会信用代码" if code and twin.values.get(CODE) == code else "名称和镇街"
        town = twin.labels.get("town_id", "")
        where = f"（{town}）" if town else ""
        more = f"等{len(found)}家" if len(found) > 1 else ""
        name = twin.values.get("name") or "未填名称"
        self.row_panel.warn(f"{same}与“{name}”{where}{more}相同。是同一家的，请删除其中一行。", twin.id)


def verdict_on(text: str) -> tuple[str, Tone]:
    """Return what to say of a credit code while it is typed, and in which tone; nothing about an empty one."""
    typed = "".join(text.split())
    if not typed:
        return "", ""
    if len(typed) < LENGTH:
        return f"已输入{len(typed)}位，还差{LENGTH - len(typed)}位。", ""
    problem, doubt = problem_of(typed.upper()), None
    if problem is None:
        doubt = warning_of(typed.upper())
    if problem or doubt:
        return f"{problem or doubt}。", "bad" if problem else "caution"
    return "代码正确。", "good"
