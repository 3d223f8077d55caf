"""合并: two rows side by side, a choice for every field in which they differ; one stays, the other goes to the bin."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QRadioButton, QScrollArea, QWidget

from db.core.fields import TableSchema
from db.work.duplicates import Pair
from db.work.merging import MergeChoice, merge, merge_label
from desktop.dialogs.form_dialog import Done, Failed, FormDialog
from desktop.session import Session
from desktop.widgets.basics import label

WIDTH, LONGEST = 760, 60


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
        self.groups: dict[str, QButtonGroup] = {}
        told = "先录入的一行留下，另一行进回收站；佐证附件归到留下的一行，两行的修改记录都保留，可以一步撤销。"
        self.body.addWidget(label(told, "secondary", wrap=True))
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(8)
        for column, words in enumerate(("", f"留下：{pair.first_title}", f"并入：{pair.second_title}")):
            grid.addWidget(label(words, "title", wrap=True), 0, column)
        for row, choice in enumerate(choices, 1):
            grid.addWidget(label(choice.field.heading, "field", wrap=True), row, 0)
            self._add_choice(grid, row, choice)
        if not choices:
            grid.addWidget(label("两行填的内容完全一样。", "secondary"), 1, 0, 1, 3)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        grid.setRowStretch(len(choices) + 2, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        area.setMinimumHeight(min(360, 70 + 34 * len(choices)))
        self.body.addWidget(area, 1)

    def _add_choice(self, grid: QGridLayout, row: int, choice: MergeChoice) -> None:
        group = QButtonGroup(self)
        for column, words in enumerate((choice.kept, choice.other)):
            line = " ".join(words.split())
            made = QRadioButton(line if len(line) <= LONGEST else line[: LONGEST - 1] + "…")
            made.setToolTip(words)
            made.setAccessibleName(f"{choice.field.heading}：{line}")
            made.setChecked(choice.take_other == bool(column))
            group.addButton(made, column)
            grid.addWidget(made, row, column + 1)
        self.groups[choice.field.name] = group

    @property
    def taken(self) -> list[str]:
        """Return the names of the fields whose values come from the row that goes."""
        return [name for name, group in self.groups.items() if group.checkedId() == 1]

    def save(self, done: Done, failed: Failed) -> None:
        schema, pair, taken = self._schema, self._pair, self.taken

        def told(moved: int) -> None:
            files = f"，{moved}个附件一并移过去" if moved else ""
            self._session.notice.emit(f"已合并{files}；并入的一行在回收站，可以撤销。")
            done(moved)

        words = merge_label(schema, pair.first_title, pair.second_title)
        self._session.write(words, lambda op: merge(op, schema, pair.first, pair.second, taken), told, failed)
