"""导出 and 导入 of a register's rows as .xlsx or .csv: what is asked, and what is shown before anything is written."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from db.core.fields import TableSchema
from db.core.progress import Progress
from db.core.text import titled
from db.exchange.rows_read import RowsImport, read_rows_file, take_rows
from db.exchange.rows_write import WrittenRows, write_rows
from db.store.query import TableQuery
from desktop.dialogs.form_dialog import Done, Failed, FormDialog
from desktop.dialogs.problems import ProblemsDialog
from desktop.file_choice import choose_file, choose_target
from desktop.session import Session
from desktop.widgets.basics import label, link_button
from desktop.widgets.choice_grid import ChoiceGrid, ChoiceLine
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
        file = choose_target(self, "导出清单", f"{self._schema.title}.xlsx", KINDS)
        return "" if file is None else str(file)

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
        width = 760 if found.conflicts else 480
        super().__init__("导入清单", f"{file.name} → {schema.title}", "导入", parent, width=width)
        self._session, self._schema, self._found = session, schema, found
        self.counts = label(found.sentence(), wrap=True)
        self.body.addWidget(self.counts)
        if found.ignored:
            self.body.addWidget(label(f"不认得、没有采用的列：{'、'.join(found.ignored)}。", "small", wrap=True))
        nothing = not (found.added or found.changed or found.conflicts)
        self.conflicts: ChoiceGrid | None = self._ask_about_conflicts() if found.conflicts else None
        self.body.addWidget(label("没有要改的。" if nothing else "导入后可以一步撤销。", "secondary"))
        self.accept_button.setEnabled(not nothing and found.decided)

    def _ask_about_conflicts(self) -> ChoiceGrid:
        """Show what was changed in the program and in the file since it was written; each has to be chosen."""
        told = "导出以后，下面这些程序里和文件里都改了，请逐项选用哪一边的。"
        self.body.addWidget(label(told, wrap=True, tone="caution"))
        lines = [
            ChoiceLine(f"第{each.number}行 {each.title}：{each.own.title}", each.ours, each.theirs)
            for each in self._found.conflicts
        ]
        made = ChoiceGrid("程序里的", "文件里的", lines)
        made.changed.connect(self._decide)
        self.body.addWidget(made, 1)
        both = QHBoxLayout()
        both.addWidget(link_button("都用程序里的", lambda: made.choose_all(0)))
        both.addWidget(link_button("都用文件里的", lambda: made.choose_all(1)))
        both.addStretch(1)
        self.body.addLayout(both)
        return made

    def _decide(self) -> None:
        assert self.conflicts is not None
        for conflict, column in zip(self._found.conflicts, self.conflicts.chosen, strict=True):
            conflict.take_file = None if column is None else bool(column)
        self.accept_button.setEnabled(self._found.decided)

    def save(self, done: Done, failed: Failed) -> None:
        schema, found = self._schema, self._found
        rows = len(found.added) + len(found.changes())
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
    file = choose_file(parent, "导入清单", "清单 (*.xlsx *.csv)")
    return "" if file is None else str(file)


def read_in(session: Session, schema: TableSchema, file: Path, show: Done) -> None:
    """Read the file off the window's thread and hand what it would do to `show`."""
    county = session.county

    def work(_progress: Progress) -> RowsImport:
        with county.reading() as conn:
            return read_rows_file(conn, schema, file)

    session.job(f"读取{file.name}", work, show)
