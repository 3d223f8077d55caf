"""退回…: a workbook with what is wrong in it marked, written where the clerk wants it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from db.core.progress import Progress
from db.exchange.unit_book.reading import CellProblem
from db.exchange.unit_book.returning import write_return
from desktop.file_choice import choose_target
from desktop.outside import open_outside
from desktop.session import Session
from desktop.widgets.basics import label
from desktop.widgets.dialog import Dialog

BOOK = "Excel 工作簿 (*.xlsx)"


def return_book(
    session: Session,
    parent: QWidget,
    source: Path,
    name: str,
    problems: Callable[[], Sequence[CellProblem]],
    *,
    show: Callable[[QDialog], object],
    choose: Callable[[QWidget, str, str, str], Path | None] = choose_target,
) -> None:
    """Ask where to, write `source` (called `name` by its sender) with its problems marked, and show that it is there.

    `problems` may read the file again: it is called off the window's thread.
    """
    # Beside what the county writes: among the files that came in, it would be taken for one that came back again.
    offered = session.folder / "exports" / f"退回 {Path(name).stem}.xlsx"
    out = choose(parent, "退回工作簿", str(offered), BOOK)
    if out is None:
        return
    file = out if out.suffix.lower() == ".xlsx" else out.with_name(f"{out.name}.xlsx")

    def work(progress: Progress) -> int:
        return write_return(source, problems(), file, progress=progress)

    session.job("写退回的工作簿", work, lambda count: show(_told(count, file, parent)))


def _told(count: int, file: Path, parent: QWidget) -> Dialog:
    dialog = Dialog("已写出", f"标出了{count}处问题，可以发回给对方改。", parent, tone="good")
    dialog.body.addWidget(label(f"保存在：{file}", "secondary", wrap=True))
    dialog.add_button("打开所在文件夹", lambda: open_outside(file.parent))
    dialog.add_button("知道了", dialog.accept, primary=True)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return dialog
