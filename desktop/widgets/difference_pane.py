"""One clause or target in two editions of the plan: both texts, what changed, and whether it still is one task."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout, QWidget

from db.plan.compare import Difference
from db.plan.difference_words import field_sentences, title_of
from db.work.homeless import Homeless
from desktop.widgets.basics import Card, ElidedLabel, label
from desktop.widgets.diff_text import DiffText

SAME_TASK = "是同一任务，已有内容跟到新方案"


class DifferencePane(QWidget):
    """`confirmed(old, new)` tells that the clerk takes the two for one task; with `new` "", that they are not."""

    confirmed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pair = ("", "")
        self.title = ElidedLabel("", "title")
        self.heads = (ElidedLabel("", "secondary"), ElidedLabel("", "secondary"))
        self.old = DiffText("现行方案的原文", "bad_tint")
        self.new = DiffText("新方案的原文", "good_tint")
        self.fields = label("", wrap=True)
        self.stored = label("", "secondary", wrap=True)
        self.same_task = QCheckBox(SAME_TASK)
        self.same_task.clicked.connect(self._answer)
        texts = QGridLayout()
        texts.setHorizontalSpacing(10)
        texts.setVerticalSpacing(4)
        for column, (head, text) in enumerate(zip(self.heads, (self.old, self.new), strict=True)):
            texts.addWidget(head, 0, column)
            texts.addWidget(text, 1, column)
            texts.setColumnStretch(column, 1)
        texts.setRowStretch(1, 1)
        card = Card()
        card.body.addWidget(self.title)
        card.body.addLayout(texts, 1)
        for part in (self.fields, self.stored, self.same_task):
            card.body.addWidget(part)
        column_box = QVBoxLayout(self)
        column_box.setContentsMargins(0, 0, 0, 0)
        column_box.addWidget(card)
        self.show_difference(None, None, follows=False)

    def show_difference(self, difference: Difference | None, homeless: Homeless | None, *, follows: bool) -> None:
        """Show a difference; `homeless` is what is stored without a place, `follows` whether the two count as one."""
        thing = (difference.new or difference.old) if difference else None
        self.title.setText(title_of(thing) if thing else "左边选一项任务")
        before, after = difference.spans() if difference else ((), ())
        self.old.show_spans(before)
        self.new.show_spans(after)
        ids = [each.id if each else "没有" for each in (difference.old, difference.new)] if difference else ["", ""]
        for head, name, task_id in zip(self.heads, ("现行方案", "新方案"), ids, strict=True):
            head.setText(f"{name}　{task_id}")
        sentences = field_sentences(difference) if difference else []
        self.fields.setText("\n".join(sentences))
        self.fields.setVisible(bool(sentences))
        self.stored.setText(_stored(homeless) if homeless else "")
        self.stored.setVisible(homeless is not None)
        pair = difference is not None and difference.old is not None and difference.new is not None
        self.same_task.setVisible(pair)
        self.same_task.setChecked(follows)
        if difference is not None and difference.old is not None and difference.new is not None:
            self._pair = (difference.old.id, difference.new.id)

    def _answer(self, checked: bool) -> None:
        old, new = self._pair
        self.confirmed.emit(old, new if checked else "")


def _stored(entry: Homeless) -> str:
    return f"{entry.reason}。已有{'、'.join(rows.words for rows in entry.rows)}，采用后保留待处理。"
