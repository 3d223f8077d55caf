"""不涉及…: whether a task concerns the county, with the reason when it does not."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QPlainTextEdit, QRadioButton, QWidget

from db.work.scope import ANSWERS, APPLIES, DOES_NOT_APPLY, Scope, set_scope
from desktop.dialogs.form_dialog import Done, Failed, FormDialog
from desktop.session import Session
from desktop.widgets.basics import label

EXPLANATIONS = {
    "涉及": "要分解到责任主体，计入完成情况。",
    "不涉及": "不分解，也不计入未完成；要写明理由，随上报包报送。",
    "待定": "还没有确定是否涉及本县。",
}


class ScopeDialog(FormDialog):
    """Asks for the answer and saves it."""

    def __init__(
        self, session: Session, title: str, scope: Scope, *, whole_clause: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__("是否涉及本县", title, "保存", parent)
        self._session = session
        self._title = title
        self._task_id = scope.task_id
        self._choices = QButtonGroup(self)
        if not scope.own and scope.applies != APPLIES:
            words = f"所在任务条款已标为“{scope.applies}”，这里的指标随条款。"
            self.body.addWidget(label(words, "secondary", wrap=True))
        if whole_clause:
            self.body.addWidget(label("这里的答案对本条款的所有指标有效。", "secondary", wrap=True))
        for number, answer in enumerate(ANSWERS):
            button = QRadioButton(f"{answer}　{EXPLANATIONS[answer]}")
            button.setChecked(answer == scope.applies)
            self._choices.addButton(button, number)
            self.body.addWidget(button)
        self.body.addWidget(label("理由（不涉及时必填）", "field"))
        self.reason = QPlainTextEdit(scope.reason)
        self.reason.setPlaceholderText("例如：辖区内没有焦化企业。")
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(72)
        self.body.addWidget(self.reason)
        self._choices.idToggled.connect(lambda *_: self.tell(""))
        self.reason.textChanged.connect(lambda: self.tell(""))

    def choose(self, answer: str) -> None:
        """Check the button of this answer."""
        self._choices.button(ANSWERS.index(answer)).setChecked(True)
        if answer == DOES_NOT_APPLY:
            self.reason.setFocus()

    def answer(self) -> tuple[str, str]:
        """Return the answer and the reason."""
        return ANSWERS[self._choices.checkedId()], self.reason.toPlainText().strip()

    def save(self, done: Done, failed: Failed) -> None:
        answer, reason = self.answer()
        self._session.write(
            f"{self._title}：{answer}",
            lambda op: set_scope(op, task_id=self._task_id, applies=answer, reason=reason),
            done,
            failed,
        )
