"""基础信息 › 本县与经办人: which county this is, and who answers for what is reported. Saved as it is typed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.core.errors import SijianError
from db.core.fields import Field
from db.work.county_settings import CONTACTS, CountyFacts, county_facts, save_contacts
from desktop.session import Session
from desktop.widgets.base_days import DaysCard
from desktop.widgets.basics import Card, label, restyle
from desktop.widgets.scrolled import Scrolled

EDIT_WIDTHS = (260, 520)


class CountyPanel(QWidget):
    """Shows and keeps `db.work.county_settings`; `author_changed` carries the clerk's name when it was changed here."""

    author_changed = Signal(str)
    summary = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._saved: dict[str, str] = {}
        self.edits: dict[str, QLineEdit] = {}
        self.problems: dict[str, QLabel] = {}
        self.facts = {name: label("") for name in ("name", "code", "plan_version", "folder")}
        for fact in self.facts.values():
            fact.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._county_card())
        column.addWidget(self._contacts_card())
        self.days = DaysCard(session)
        column.addWidget(self.days)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Scrolled(inner))

    def _county_card(self) -> Card:
        card = Card("本县")
        grid = _grid()
        titles = {"name": "填报单位", "code": "区划代码", "plan_version": "方案版本", "folder": "数据文件夹"}
        for row, (name, title) in enumerate(titles.items()):
            grid.addWidget(label(title, "field"), row, 0)
            grid.addWidget(self.facts[name], row, 1, 1, 2)
            self.facts[name].setWordWrap(True)
        card.body.addLayout(grid)
        card.body.addWidget(label("建立填报文件时已确定，不能在这里修改。", "small"))
        return card

    def _contacts_card(self) -> Card:
        card = Card("负责人与经办人")
        grid = _grid()
        for row, field in enumerate(CONTACTS):
            edit = QLineEdit()
            edit.setMinimumWidth(EDIT_WIDTHS[0])
            edit.setMaximumWidth(EDIT_WIDTHS[1])
            edit.setReadOnly(self._session.read_only)
            edit.setProperty("editor", True)
            edit.setAccessibleName(field.title)
            edit.setPlaceholderText(field.help.rstrip("。"))
            edit.textEdited.connect(lambda _text, field=field: self._judge(field))
            edit.editingFinished.connect(lambda field=field: self._commit(field))
            problem = label("", "problem", wrap=True)
            problem.hide()
            grid.addWidget(label(field.title, "field"), row * 2, 0)
            grid.addWidget(edit, row * 2, 1)
            grid.addWidget(problem, row * 2 + 1, 1, 1, 2)
            self.edits[field.name], self.problems[field.name] = edit, problem
        card.body.addLayout(grid)
        return card

    # -- reading ----------------------------------------------------------------------------------------------

    def concerns(self, changes: Changes) -> bool:
        """Return whether the section shows something that changed."""
        return changes.touches("setting") or self.days.concerns(changes)

    def refresh(self) -> None:
        """Read everything anew."""
        self._session.read(county_facts, self._show, owner=self)
        self.days.refresh()

    def reveal(self, row_id: str) -> None:
        """Put the cursor into the field called `row_id`."""
        if row_id in self.edits:
            self.edits[row_id].setFocus()

    def _show(self, facts: CountyFacts) -> None:
        self.facts["name"].setText(facts.name)
        self.facts["code"].setText(facts.code)
        self.facts["plan_version"].setText(facts.plan_version or "—")
        self.facts["folder"].setText(str(self._session.folder))
        for name, edit in self.edits.items():
            typing = edit.hasFocus() and edit.text().strip() != self._saved.get(name, "")
            self._saved[name] = facts.contacts[name]
            if not typing and not edit.property("wrong"):
                edit.setText(facts.contacts[name])

    # -- writing ----------------------------------------------------------------------------------------------

    def _judge(self, field: Field) -> bool:
        """Say what is wrong with what is typed; return whether it can be saved."""
        try:
            field.parse(self.edits[field.name].text())
        except SijianError as problem:
            self._tell(field, str(problem))
            return False
        self._tell(field, "")
        return True

    def _tell(self, field: Field, sentence: str) -> None:
        restyle(self.edits[field.name], "wrong", bool(sentence))
        self.problems[field.name].setText(sentence)
        self.problems[field.name].setVisible(bool(sentence))

    def _commit(self, field: Field) -> None:
        text = self.edits[field.name].text().strip()
        if text == self._saved.get(field.name, "") or not self._judge(field):
            return
        before, self._saved[field.name] = self._saved.get(field.name, ""), text
        values = {field.name: text}

        def done(_result: None) -> None:
            if field.name == "clerk" and text:
                self.author_changed.emit(text)

        def failed(failure: Exception) -> None:
            self._saved[field.name] = before
            self._tell(field, str(failure) if isinstance(failure, SijianError) else "没有保存，原因见提示。")

        self._session.write(f"{field.title}：{text or '清空'}", lambda op: save_contacts(op, values), done, failed)


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(8)
    grid.setColumnMinimumWidth(0, 92)
    grid.setColumnStretch(1, 100)
    grid.setColumnStretch(2, 1)
    return grid
