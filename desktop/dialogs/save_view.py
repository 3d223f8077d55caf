"""保存视图: a name for what the table shows now, and whether the register opens with it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from db.core.fields import TableSchema
from db.work.saved_views import LONGEST_NAME, SavedView, save_view
from desktop.dialogs.form_dialog import Done, Failed, FormDialog
from desktop.session import Session
from desktop.widgets.basics import label


class SaveViewDialog(FormDialog):
    """Saves `view` under the name that is typed; one of that name is replaced."""

    def __init__(
        self,
        session: Session,
        schema: TableSchema,
        view: SavedView,
        taken: frozenset[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("保存视图", f"保存视图：{schema.title}", "保存", parent, width=420)
        self._session, self._schema, self._view, self._taken = session, schema, view, taken
        self.name = QLineEdit(view.name)
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setPlaceholderText("如：今年完成、圣城街道")
        self.name.setAccessibleName("视图名称")
        self.replaces = label("同名的视图会被替换。", "small", tone="caution")
        self.default = QCheckBox("打开这张清单时就用它")
        self.default.setChecked(view.default)
        self.body.addWidget(label("记下现在的筛选、查找、排序和显示的列，保存在本县数据里。", "secondary", wrap=True))
        self.body.addWidget(self.name)
        self.body.addWidget(self.replaces)
        self.body.addWidget(self.default)
        self.name.textChanged.connect(lambda _text: self._typed())
        self._typed()
        self.name.setFocus()
        self.name.selectAll()

    @property
    def view(self) -> SavedView:
        """Return the view as it is to be saved."""
        return replace(self._view, name=self.name.text().strip(), default=self.default.isChecked())

    def _typed(self) -> None:
        self.accept_button.setEnabled(bool(self.view.name))
        self.replaces.setVisible(self.view.name in self._taken)

    def save(self, done: Done, failed: Failed) -> None:
        view, schema = self.view, self._schema
        label_text = f"保存视图“{view.name}”"
        self._session.write(label_text, lambda op: save_view(op, schema, view), lambda _: done(view.name), failed)
