"""文件与打印: papers made from the breakdown, and the breakdown as a workbook, out and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QDialog, QMenu, QPushButton, QSizePolicy, QTableView, QWidget

from db.core.progress import Progress
from db.work.assignees import Assignee
from desktop.dialogs.breakdown_import import BreakdownImportDialog
from desktop.dialogs.task_sheets import TaskSheetsDialog
from desktop.file_choice import choose_file, choose_target
from desktop.outside import open_outside
from desktop.session import Session
from desktop.widgets.basics import allow
from desktop.widgets.table_printer import add_print_entry
from desktop.widgets.written import written_dialog

BOOK, WORD = "Excel 工作簿 (*.xlsx)", "Word 文档 (*.docx)"


class PapersMenu(QPushButton):
    """A button with a menu; `table` tells which table its 打印 means.

    What it writes is written as a job that can be cancelled, and told when it is there.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_narrow(False)
        self._session = session
        self.dialog: QDialog | None = None
        self.table: Callable[[], QTableView | None] = lambda: None
        self.choose_save: Callable[[str, str], str] = self._choose_save
        self.choose_open: Callable[[], str] = self._choose_open
        self.open_path: Callable[[Path], object] = open_outside
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda: self.menu_of_papers().popup(self.mapToGlobal(QPoint(0, self.height()))))

    def set_narrow(self, narrow: bool) -> None:
        """Say less where there is little room."""
        self.setText("文件 ▼" if narrow else "文件与打印 ▼")
        self.setToolTip("文件与打印" if narrow else "")

    def menu_of_papers(self) -> QMenu:
        """Return the menu as it is now: nothing can be imported into a county that is open read-only."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        papers = (
            ("任务书…", self.task_sheets),
            ("落实方案…", self.local_plan),
            ("落实方案，不遮盖姓名和电话…", lambda: self.local_plan(personal=True)),
            ("Word 模板…", self.templates),
            ("", None),
        )
        for text, chosen in (
            *(papers if self._session.part is None else ()),  # they are the county's to give out
            ("导出 Excel…", self.export_book),
            ("导出 Excel，列出还没有分解的…", lambda: self.export_book(blanks=True)),
            ("导入 Excel…", self.import_book),
        ):
            if chosen is None:
                menu.addSeparator()
                continue
            entry = menu.addAction(text)
            entry.triggered.connect(_call(chosen))
            if chosen in (self.import_book, self.templates):
                allow(entry, not self._session.read_only)
        add_print_entry(menu, self.table(), "打印这张表…")
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    # -- papers -----------------------------------------------------------------------------------------------

    def task_sheets(self) -> None:
        """Open 任务书…."""
        dialog = TaskSheetsDialog(self._session, self._exports() / "任务书", self.window())
        dialog.wanted.connect(self._write_task_sheets)
        self._show(dialog)

    def task_sheet_of(self, who: Assignee) -> None:
        """Write the 任务书 of one assignee as a Word document, without asking anything."""
        self._write_task_sheets([who.key], self._exports() / "任务书", False)

    def _write_task_sheets(self, keys: list[tuple[str, str]], folder: Path, as_pdf: bool) -> None:
        from db.reports.task_sheet_files import WrittenSheets, write_task_sheets
        from desktop.printing import task_sheet_pdf

        county, catalogue = self._session.county, self._session.catalogue

        def work(progress: Progress) -> WrittenSheets:
            draw = task_sheet_pdf if as_pdf else None
            return write_task_sheets(county, catalogue, folder, only=keys, draw=draw, progress=progress)

        def done(written: WrittenSheets) -> None:
            wrong = [problem.sentence() for problem in written.problems]
            place = written.files[0] if len(written.files) == 1 else folder
            self._tell_written(f"已生成{len(written.files)}份任务书。", place, wrong)

        self._session.job("生成任务书", work, done)

    def local_plan(self, *, personal: bool = False) -> None:
        """Ask where to, and write 落实方案; names and numbers of people are masked unless they are asked for."""
        file = self._ask_file("落实方案", ".docx", WORD)
        if file is None:
            return
        from db.reports.local_plan_word import write_local_plan

        county, catalogue = self._session.county, self._session.catalogue
        self._session.job(
            "生成落实方案",
            lambda progress: write_local_plan(county, catalogue, file, progress, personal=personal),
            lambda _: self._tell_written("落实方案已生成。还没有定的写着“待定”，请在 Word 里核对。", file),
        )

    def templates(self) -> None:
        """Put the templates into the county's folder, where they can be changed, and say so."""
        from db.reports.word import provide_templates

        folder = self._session.folder
        self._session.job(
            "准备模板",
            lambda _: provide_templates(folder),
            lambda place: self._tell_written("模板在本县的文件夹里，可以用 Word 或 WPS 改成本单位的样式。", place),
        )

    # -- the workbook -----------------------------------------------------------------------------------------

    def export_book(self, *, blanks: bool = False) -> None:
        """Ask where to, and write the whole breakdown as a workbook."""
        file = self._ask_file("任务分解", ".xlsx", BOOK)
        if file is None:
            return
        from db.exchange.breakdown_write import WrittenBook, write_breakdown

        county, catalogue = self._session.county, self._session.catalogue

        def done(written: WrittenBook) -> None:
            more = f"，另列出{written.blanks:,}个还没有分解的空行" if blanks else ""
            left = f"有{written.left_out}条分解的任务不在现在的方案里，没有写入。" if written.left_out else ""
            self._tell_written(f"已导出{written.rows:,}条分解{more}。", file, [left] if left else [])

        self._session.job(
            "导出任务分解",
            lambda progress: write_breakdown(county, catalogue, file, blanks=blanks, progress=progress),
            done,
        )

    def import_book(self) -> None:
        """Ask which workbook, read it and show what it would change."""
        name = self.choose_open()
        if not name:
            return
        from db.exchange.breakdown_read import read_breakdown
        from db.exchange.breakdown_reading import Reading

        session, county, catalogue = self._session, self._session.county, self._session.catalogue

        def work(progress: Progress) -> Reading:
            with county.reading() as conn:
                return read_breakdown(conn, catalogue, Path(name), progress)

        session.job("读取工作簿", work, lambda found: self._show(BreakdownImportDialog(session, found, self.window())))

    # -- asking and telling -----------------------------------------------------------------------------------

    def _show(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.open()

    def _tell_written(self, sentence: str, place: Path, wrong: list[str] | None = None) -> None:
        self._show(written_dialog(self.window(), sentence, place, lambda path: self.open_path(path), wrong or []))

    def _exports(self) -> Path:
        return self._session.folder / "exports"

    def _ask_file(self, word: str, ending: str, kind: str) -> Path | None:
        name = self.choose_save(f"{self._session.folder.name}{word}{ending}", kind)
        if not name:
            return None
        file = Path(name)
        return file if file.suffix.lower() == ending else file.with_name(file.name + ending)

    def _choose_save(self, name: str, kind: str) -> str:
        return str(choose_target(self, "保存到", name, kind) or "")

    def _choose_open(self) -> str:
        return str(choose_file(self, "选择填好的工作簿", BOOK) or "")


def _call(chosen: Callable[[], object]) -> Callable[[], object]:
    return lambda: chosen()
