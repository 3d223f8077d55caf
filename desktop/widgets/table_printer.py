"""打印…: any table of the program on paper or as a PDF, as it looks: its columns, order, filters and sums.

TablePrinter(session, window)             one for the window; Ctrl+P prints the table that has the keyboard
add_print_entry(menu, view)               an entry for the table's own menu
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence, QPagedPaintDevice
from PySide6.QtWidgets import QApplication, QMenu, QTableView, QWidget

from db.core.progress import Progress
from desktop.outside import open_outside
from desktop.session import Session

if TYPE_CHECKING:
    from desktop.dialogs.print_table import PrintTableDialog
    from desktop.widgets.shown_table import Shown

KEYS = "Ctrl+P"


class TablePrinter(QObject):
    """Prints tables of one window; `choose_file` and `ask_printer` ask the clerk."""

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.dialog: PrintTableDialog | None = None
        self.choose_file: Callable[[str], Path | None] = self._choose_file
        self.ask_printer: Callable[[Callable[[QPagedPaintDevice], object]], object] = self._ask_printer
        self.action = QAction("打印表格", self)
        self.action.setShortcut(QKeySequence(KEYS))
        self.action.triggered.connect(lambda _checked=False: self._print_focused())
        window.addAction(self.action)

    def _print_focused(self) -> None:
        view = table_in_focus(self._window)
        if view is not None:
            self.print_view(view)
        elif self._session.is_open:
            self._session.notice.emit("先点一下要打印的表格，再按 Ctrl+P。")

    def print_view(self, view: QTableView) -> None:
        """Ask how, and print what `view` shows."""
        from desktop.models.drawn import DrawnModel

        model = view.model()
        if isinstance(model, DrawnModel):
            model.when_whole(lambda: self._ask(view))
        else:
            self._ask(view)

    def _ask(self, view: QTableView) -> None:
        from desktop.dialogs.print_table import PrintTableDialog
        from desktop.widgets.shown_table import shown_in

        shown = shown_in(view, self._session)
        if not shown.count:
            self._session.notice.emit("表里还没有内容，没有可打印的。")
            return
        dialog = PrintTableDialog(shown.title, shown.count, len(shown.columns), shown.personal, view.window())
        dialog.print_wanted.connect(
            lambda personal: self.ask_printer(lambda on: shown.gather(lambda: self._print(shown, personal, on)))
        )
        dialog.file_wanted.connect(lambda personal: self._save(shown, personal))
        self.dialog = dialog
        dialog.open()

    def _print(self, shown: Shown, personal: bool, device: QPagedPaintDevice) -> None:
        from desktop.table_pages import lay_across, print_table

        lay_across(device)

        def told(pages: int) -> None:
            self._session.notice.emit(f"“{shown.title}”{pages}页，已送去打印。")

        self._session.job(
            f"打印{shown.title}", lambda progress: print_table(device, shown.table(personal, progress), progress), told
        )

    def _save(self, shown: Shown, personal: bool) -> None:
        from db.store.files import write_atomically
        from desktop.table_pages import table_pdf

        file = self.choose_file(f"{shown.title}.pdf")
        if file is None:
            return

        def work(progress: Progress) -> Path:
            write_atomically(file, table_pdf(shown.table(personal, progress), progress), "写入PDF")
            return file

        def told(written: Path) -> None:
            self._session.notice.emit(f"已存为PDF：{written}")
            self.open_path(written)

        shown.gather(lambda: self._session.job(f"存为PDF：{shown.title}", work, told))

    def open_path(self, file: Path) -> None:
        """Show the file in the program that the computer has for it."""
        open_outside(file)

    def _choose_file(self, name: str) -> Path | None:
        from desktop.file_choice import choose_target

        return choose_target(self._window, "存为PDF", name, "PDF (*.pdf)")

    def _ask_printer(self, chosen: Callable[[QPagedPaintDevice], object]) -> None:
        from desktop.table_pages import lay_across
        from desktop.widgets.printer_choice import ask_printer

        if not ask_printer(self._window, "打印表格", lay_across, chosen):
            self._session.notice.emit("这台电脑没有装打印机。请用“存为PDF…”，拿到有打印机的电脑上打印。")


def add_print_entry(menu: QMenu, view: QTableView | None, word: str = "打印…") -> None:
    """Add an entry that prints the table, where there is one and its window can print."""
    printer = _printer_of(view) if view is not None else None
    if printer is None or view is None:
        return
    menu.addSeparator()
    entry = menu.addAction(f"{word}\t{KEYS}")
    entry.triggered.connect(lambda _checked=False: printer.print_view(view))


def table_in_focus(window: QWidget) -> QTableView | None:
    """Return the table that has the keyboard (also in one of its cells), else the only one that is in sight."""
    found: QObject | None = QApplication.focusWidget()
    while found is not None:
        if isinstance(found, QTableView):
            return found
        found = found.parent()
    # What lies over a table's first columns takes no keyboard.
    seen = [each for each in window.findChildren(QTableView) if each.isVisible() and each.focusPolicy().value]
    return seen[0] if len(seen) == 1 else None


def _printer_of(view: QWidget) -> TablePrinter | None:
    """Return the printer of the window that the table, or the dialog it is in, belongs to."""
    top: QObject = view
    while (above := top.parent()) is not None:
        top = above
    return top.findChild(TablePrinter)
