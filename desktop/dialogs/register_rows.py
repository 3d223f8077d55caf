"""导出 and 导入 of a register's rows as .xlsx or .csv: what is asked, and what is shown before anything is written."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QFileDialog, QWidget

from db.core.fields import TableSchema
from db.core.progress import Progress
from db.core.text import titled
from db.exchange.rows_read import RowsImport, read_rows_file, take_rows
from db.exchange.rows_write import WrittenRows, write_rows
from db.store.query import TableQuery
from desktop.dialogs.form_dialog import Done, Failed, FormDialog
from desktop.dialogs.problems import ProblemsDialog
from desktop.session import Session
from desktop.widgets.basics import label
from desktop.widgets.dialog import Dialog

KINDS = "Excel 工作簿 (*.xlsx);;CSV (*.csv)"


class ExportRowsDialog(FormDialog):
    """Asks where to, which rows, and whether what is personal is to be readable; then writes them.

    `found` gives the rows that the table shows where it leaves some out, and `count` how many those are.
    """

    def __init__(
        self,
        session: Session,
        schema: TableSchema,
        found: TableQuery | None = None,
        count: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("导出清单", f"导出{titled(schema.title)}", "导出…", parent)
        self._session, self._schema, self._found = session, schema, found
        self.written: WrittenRows | None = None
        self.body.addWidget(label("写成 .xlsx 或 .csv，填改后可以再导入；没动过的不会改。", "secondary", wrap=True))
        self.only_found = QCheckBox(f"只导出表中筛选出的 {count:,} 行")
        self.only_found.setChecked(found is not None)
        self.only_found.setVisible(found is not None)
        self.body.addWidget(self.only_found)
        personal = "、".join(field.title for field in schema.fields if field.personal)
        self.personal = QCheckBox(f"不遮盖个人信息（{personal}）")
        self.personal.setVisible(bool(personal))
        self.body.addWidget(self.personal)

    def choose(self) -> str:
        """Return the file to write, "" for none."""
        return QFileDialog.getSaveFileName(self, "导出清单", f"{self._schema.title}.xlsx", KINDS)[0]

    def save(self, done: Done, failed: Failed) -> None:
        name = self.choose()
        if not name:
            self.accept_button.setEnabled(True)
            return
        county, schema, personal = self._session.county, self._schema, self.personal.isChecked()

        query = self._found if self.only_found.isChecked() else None

        def work(_progress: Progress) -> WrittenRows:
            with county.reading() as conn:
                return write_rows(conn, schema, Path(name), personal=personal, query=query)

        def told(written: WrittenRows) -> None:
            self.written = written
            done(written)

        self._session.job(f"导出{schema.title}", work, told, failed)


class ImportRowsDialog(FormDialog):
    """Shows what a file would do to the rows; 导入 does it, as one step that can be undone."""

    def __init__(
        self, session: Session, schema: TableSchema, file: Path, found: RowsImport, parent: QWidget | None = None
    ) -> None:
        super().__init__("导入清单", f"{file.name} → {schema.title}", "导入", parent)
        self._session, self._schema, self._found = session, schema, found
        self.counts = label(found.sentence(), wrap=True)
        self.body.addWidget(self.counts)
        if found.ignored:
            self.body.addWidget(label(f"不认得、没有采用的列：{'、'.join(found.ignored)}。", "small", wrap=True))
        nothing = not found.added and not found.changed
        self.body.addWidget(label("没有要改的。" if nothing else "导入后可以一步撤销。", "secondary"))
        self.accept_button.setEnabled(not nothing)

    def save(self, done: Done, failed: Failed) -> None:
        schema, found = self._schema, self._found
        rows = len(found.added) + len(found.changed)
        self._session.write(f"导入“{schema.title}”{rows}行", lambda op: take_rows(op, schema, found), done, failed)


def import_dialog(
    session: Session, schema: TableSchema, file: Path, found: RowsImport, parent: QWidget | None = None
) -> Dialog:
    """Return the dialog for what was found in the file: its faults, or what it would do."""
    if found.problems:
        heading = f"“{file.name}”有{found.refused_rows}行不能导入，全部没有写入。"
        return ProblemsDialog("导入清单", heading, found.problems, found.sentence(), parent)
    return ImportRowsDialog(session, schema, file, found, parent)


def choose_rows_file(parent: QWidget) -> str:
    """Return the file to read rows from, "" for none."""
    return QFileDialog.getOpenFileName(parent, "导入清单", "", "清单 (*.xlsx *.csv)")[0]


def read_in(session: Session, schema: TableSchema, file: Path, show: Done) -> None:
    """Read the file off the window's thread and hand what it would do to `show`."""
    county = session.county

    def work(_progress: Progress) -> RowsImport:
        with county.reading() as conn:
            return read_rows_file(conn, schema, file)

    session.job(f"读取{file.name}", work, show)
