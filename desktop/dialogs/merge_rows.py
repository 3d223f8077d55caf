"""合并: two rows side by side, a choice for every field in which they differ; one stays, the other goes to the bin."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from db.core.fields import TableSchema
from db.work.duplicates import Pair
from db.work.merging import MergeChoice, merge, merge_label
from desktop.dialogs.form_dialog import Done, Failed, FormDialog
from desktop.session import Session
from desktop.widgets.basics import label
from desktop.widgets.choice_grid import ChoiceGrid, ChoiceLine

WIDTH = 760


class MergeDialog(FormDialog):
    """Keeps the row that was entered first, with the values that are chosen; the step can be undone."""

    def __init__(
        self,
        session: Session,
        schema: TableSchema,
        pair: Pair,
        choices: Sequence[MergeChoice],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("合并", f"合并：{schema.title}", "合并", parent, width=WIDTH)
        self._session, self._schema, self._pair = session, schema, pair
        self._names = [choice.field.name for choice in choices]
        told = "先录入的一行留下，另一行进回收站；佐证附件归到留下的一行，两行的修改记录都保留，可以一步撤销。"
        self.body.addWidget(label(told, "secondary", wrap=True))
        lines = [ChoiceLine(each.field.heading, each.kept, each.other, int(each.take_other)) for each in choices]
        self.choices = ChoiceGrid(f"留下：{pair.first_title}", f"并入：{pair.second_title}", lines)
        self.body.addWidget(self.choices, 1)
        if not choices:
            self.body.addWidget(label("两行填的内容完全一样。", "secondary"))

    @property
    def taken(self) -> list[str]:
        """Return the names of the fields whose values come from the row that goes."""
        return [name for name, column in zip(self._names, self.choices.chosen, strict=True) if column]

    def save(self, done: Done, failed: Failed) -> None:
        schema, pair, taken = self._schema, self._pair, self.taken

        def told(moved: int) -> None:
            files = f"，{moved}个附件一并移过去" if moved else ""
            self._session.notice.emit(f"已合并{files}；并入的一行在回收站，可以撤销。")
            done(moved)

        words = merge_label(schema, pair.first_title, pair.second_title)
        self._session.write(words, lambda op: merge(op, schema, pair.first, pair.second, taken), told, failed)
