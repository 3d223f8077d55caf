"""县级分工…: who in the county answers for a clause, and what became of the county's own plan for it."""

from __future__ import annotations

import sqlite3

from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QMenu, QWidget

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.values import Cell
from db.plan.catalogue import Clause
from db.work.assignees import Assignee, assignees
from db.work.responsibility import TABLE, Responsibility, names_in, responsibilities, set_responsibility
from desktop.dialogs.form_dialog import Done, Failed, FormDialog
from desktop.session import Session
from desktop.widgets.basics import allow, button, label
from desktop.widgets.evidence_panel import EvidencePanel

LINES = ("leader", "leader_post", "plan_title", "document_number", "issued_on", "note")


class ResponsibilityDialog(FormDialog):
    """Shows and saves what is known of one clause; files are attached once it has been saved."""

    def __init__(self, session: Session, clause: Clause, parent: QWidget | None = None) -> None:
        super().__init__("县级分工和落实方案", f"{clause.id} {clause.title}", "保存", parent, width=600)
        self._session, self._clause = session, clause
        self._schema = load_schema(TABLE)
        self.lead = QComboBox()
        self.lead.setAccessibleName("县级牵头单位")
        self.cooperators = QLineEdit()
        self.cooperators.setPlaceholderText("几个单位用顿号隔开")
        self.pick = button("选择…", self._open_departments)
        self.status = QComboBox()
        self.lines = {name: QLineEdit() for name in LINES}
        self.evidence = EvidencePanel(session, self)
        self._departments: list[Assignee] = []
        self._lay_out()
        allow(self.accept_button, not session.read_only)
        session.read(self._read, self._take, owner=self)

    def _lay_out(self) -> None:
        form = QGridLayout()
        form.setHorizontalSpacing(10)
        form.setVerticalSpacing(8)
        form.setColumnStretch(1, 1)
        form.setColumnStretch(3, 1)
        cooperating = QHBoxLayout()
        cooperating.setSpacing(8)
        cooperating.addWidget(self.cooperators, 1)
        cooperating.addWidget(self.pick)
        form.addWidget(self._name("lead_id"), 0, 0)
        form.addWidget(self.lead, 0, 1, 1, 3)
        form.addWidget(self._name("cooperators"), 1, 0)
        form.addLayout(cooperating, 1, 1, 1, 3)
        places = {"leader": (2, 0), "leader_post": (2, 2), "document_number": (3, 2), "issued_on": (4, 2)}
        form.addWidget(self._name("plan_status"), 3, 0)
        form.addWidget(self.status, 3, 1)
        for name, (row, column) in places.items():
            form.addWidget(self._name(name), row, column)
            form.addWidget(self.lines[name], row, column + 1)
        form.addWidget(self._name("plan_title"), 4, 0)
        form.addWidget(self.lines["plan_title"], 4, 1)
        form.addWidget(self._name("note"), 5, 0)
        form.addWidget(self.lines["note"], 5, 1, 1, 3)
        self.lines["document_number"].setPlaceholderText("如 寿政办发〔2022〕5号")
        self.lines["issued_on"].setPlaceholderText("如 2022.4.1")
        self.status.addItem("（没有填写）", "")
        for word in self._schema.field("plan_status").enum:
            self.status.addItem(word, word)
        self.body.addLayout(form)
        self.unsaved = label("保存以后可以添加附件（方案文件、会议纪要）。", "secondary")
        self.body.addWidget(self.unsaved)
        self.body.addWidget(self.evidence, 1)
        self.evidence.setMinimumHeight(104)

    def _name(self, name: str) -> QWidget:
        made = label(self._schema.field(name).title, "field")
        made.setToolTip(self._schema.field(name).help)
        return made

    # -- what is known ----------------------------------------------------------------------------------------

    def _read(self, conn: sqlite3.Connection) -> tuple[Responsibility | None, list[Assignee]]:
        return responsibilities(conn).get(self._clause.id), assignees(conn, ("department",))

    def _take(self, found: tuple[Responsibility | None, list[Assignee]]) -> None:
        known, departments = found
        self._departments = [who for who in departments if who.own]
        self.lead.addItem("（没有填写）", "")
        for who in self._departments:
            self.lead.addItem(who.name, who.id)
        if known is not None and known.lead_id:
            if self.lead.findData(known.lead_id) < 0:
                self.lead.addItem(known.lead, known.lead_id)
            self.lead.setCurrentIndex(self.lead.findData(known.lead_id))
        if known is not None:
            self.cooperators.setText("、".join(known.cooperators))
            self.status.setCurrentIndex(max(self.status.findData(known.plan_status), 0))
            for name, line in self.lines.items():
                line.setText(str(getattr(known, name) or ""))
            self.evidence.show_row(TABLE, known.id, f"{self._clause.id} 落实方案")
        self.unsaved.setVisible(known is None)
        self.evidence.setVisible(known is not None)
        self.lead.setFocus()
        self.adjustSize()

    # -- what can be done -------------------------------------------------------------------------------------

    def departments_menu(self) -> QMenu:
        """Return the menu in which departments are put into the cooperating ones and taken out."""
        menu = QMenu(self)
        chosen = names_in(self.cooperators.text())
        for who in self._departments:
            entry = menu.addAction(who.name)
            entry.setCheckable(True)
            entry.setChecked(who.name in chosen)
            entry.toggled.connect(lambda on, name=who.name: self._cooperates(name, on))
        return menu

    def _open_departments(self) -> None:
        menu = self.departments_menu()
        menu.exec(self.pick.mapToGlobal(self.pick.rect().bottomLeft()))
        menu.deleteLater()

    def _cooperates(self, name: str, on: bool) -> None:
        others = [each for each in names_in(self.cooperators.text()) if each != name]
        self.cooperators.setText("、".join([*others, name] if on else others))

    def values(self) -> dict[str, Cell]:
        """Return what is typed; DataProblem says what cannot be read."""
        found: dict[str, Cell] = {
            "lead_id": self.lead.currentData() or None,
            "cooperators": self.cooperators.text().strip() or None,
            "plan_status": self.status.currentData() or None,
        }
        return found | {name: self._schema.field(name).parse(line.text()) for name, line in self.lines.items()}

    def save(self, done: Done, failed: Failed) -> None:
        try:
            values = self.values()
        except DataProblem as problem:
            failed(problem)
            return
        clause_id = self._clause.id
        self._session.write(
            f"{clause_id} {self._clause.title}：县级分工",
            lambda op: set_responsibility(op, clause_id=clause_id, values=values),
            done,
            failed,
        )
