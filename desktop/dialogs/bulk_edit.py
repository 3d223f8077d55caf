"""批量修改: one field of the selected rows gets one value; what changes and what is refused is seen before."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from db.core.fields import TableSchema
from db.core.values import Cell
from db.work.bulk_edit import BulkPlan, bulk_fields, carry_out, plan_bulk
from desktop.dialogs.form_dialog import Done, Failed, FormDialog
from desktop.session import Session
from desktop.widgets.basics import label, link_button
from desktop.widgets.form_field import FormField
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

SHOWN = 1000
COLUMNS = (Column("名称"), Column("原来", 130), Column("改为", 130), Column("结果", 190))


class BulkEditDialog(FormDialog):
    """Changes the rows that take the value, as one step; until one was typed, chosen or cleared nothing is done."""

    def __init__(
        self, session: Session, schema: TableSchema, ids: Sequence[str], field: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__("批量修改", f"批量修改选中的 {len(ids):,} 行", "修改", parent, width=760)
        self._session, self._schema, self._ids = session, schema, list(ids)
        self.plan: BulkPlan | None = None
        self.which = QComboBox()
        self.which.setAccessibleName("修改哪一列")
        for own in bulk_fields(schema):
            self.which.addItem(own.title, own.name)
        self.which.setCurrentIndex(max(self.which.findData(field), 0))
        self.value: FormField | None = None
        self._place = QVBoxLayout()
        choose = QHBoxLayout()
        left = QVBoxLayout()
        left.setSpacing(3)
        left.addWidget(label("哪一列", "field"))
        left.addWidget(self.which)
        left.addStretch(1)
        choose.addLayout(left, 1)
        choose.addLayout(self._place, 1)
        self.table = SimpleTable(COLUMNS)
        self.table.setAccessibleName("修改预览")
        self.table.setMinimumHeight(250)
        self.counts = label("填写改成什么，先看结果再修改。", wrap=True)
        self.body.addLayout(choose)
        self.body.addWidget(link_button("改为空（未报）", lambda: self.preview(None)))
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.counts)
        self.which.currentIndexChanged.connect(lambda _place: self._choose())
        self._choose()

    def _choose(self) -> None:
        """Make the editor of the field that is chosen; what was planned for another one is dropped."""
        if self.value is not None:
            self._place.removeWidget(self.value)
            # Until it is gone it would be drawn under the new one.
            self.value.hide()
            self.value.deleteLater()
        self.value = FormField(self._schema.field(self.which.currentData()), self._session)
        self.value.entered.connect(lambda made: self.preview(made.known))
        self._place.addWidget(self.value)
        self._take(None)

    def preview(self, cell: Cell) -> None:
        """Work out what giving the rows this value would do."""
        schema, ids, name = self._schema, self._ids, self.which.currentData()
        self._take(None)
        self._session.read(lambda conn: plan_bulk(conn, schema, ids, name, cell), self._take, owner=self, key="plan")

    def _take(self, plan: BulkPlan | None) -> None:
        self.plan = plan
        lines = plan.lines[:SHOWN] if plan is not None else []
        after = plan.after if plan is not None else ""
        self.table.show_rows(
            [
                [
                    TextCell(line.title, tip=line.title),
                    TextCell(line.before, tip=line.before),
                    TextCell("" if line.refusal else after, tip=after),
                    TextCell(line.refusal or "更新", "bad" if line.refusal else "good", tip=line.refusal),
                ]
                for line in sorted(lines, key=lambda line: not line.refusal)
            ]
        )
        able = len(plan.changed) if plan is not None else 0
        self.accept_button.setEnabled(able > 0)
        self.accept_button.setText(f"修改 {able:,} 行" if able else "修改")
        if plan is not None:
            rest = f"只列出前{SHOWN:,}行。" if len(plan.lines) > SHOWN else ""
            self.counts.setText(f"{plan.sentence()}{rest}{'拒绝的行不改，其余可以一步撤销。' if plan.refused else ''}")

    def accept(self) -> None:
        # Enter in the editor first shows what would be done.
        if self.value is not None and self.value.is_dirty:
            self.value.commit()
        elif self.plan is not None and self.plan.changed:
            super().accept()

    def save(self, done: Done, failed: Failed) -> None:
        plan, schema = self.plan, self._schema
        assert plan is not None
        words = f"批量修改「{schema.title}」的{plan.own.title}{len(plan.changed)}行"
        self._session.write(words, lambda op: carry_out(op, schema, plan), done, failed, rows=len(plan.changed))
