"""The proof files of a task's evaluation: looking at them, adding, removing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.session import Session
from desktop.widgets.basics import label
from desktop.widgets.dialog import Dialog
from desktop.widgets.evidence_panel import EvidencePanel

TABLE = "evaluation"


class EvaluationProofsDialog(Dialog):
    """Holds the panel of proof files for one row of `evaluation`."""

    def __init__(self, session: Session, row_id: str, title: str, others: int, parent: QWidget | None = None) -> None:
        super().__init__("佐证附件", title, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if others:
            words = f"任务分解、月调度、项目清单里另有{others}个文件证明这项任务，也算在附件数里。"
            self.body.addWidget(label(words, "secondary", wrap=True))
        self.panel = EvidencePanel(session)
        self.panel.setMinimumSize(460, 220)
        self.panel.show_row(TABLE, row_id, title)
        self.body.addWidget(self.panel, 1)
        self.add_button("关闭", self.accept, primary=True)
