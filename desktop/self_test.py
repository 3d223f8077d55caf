"""`sijian self-test`: the whole job once, with sample data in a folder of its own, and one verdict at the end.

It is what is asked of a program that has just been built or installed: that every part is there and works on this PC.
"""

from __future__ import annotations

import logging
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from db.core.errors import SijianError
from db.core.period import Period
from desktop.display import unseen_platform

if TYPE_CHECKING:
    from db.plan.catalogue import Catalogue
    from db.store.county import County

log = logging.getLogger(__name__)

Say = Callable[[str], object]
NAME = "自检 寿光市（演示）"
"""With a space and Chinese: the name of the folder must not matter."""

_FIRST, _LAST = Period(2022, 1), Period(2022, 2)
_TODAY = date(2022, 3, 20)
_KINDS = (("plan", "2022"), ("registers", "2022"), ("monthly", str(_LAST)))
_TOWN, _COLUMN = "圣城街道", "situation"


class NotAsExpected(Exception):
    """Something ran, but what came of it is wrong; the text says what."""


@dataclass
class Work:
    """What the steps hand on to one another: the place of everything, and the open county."""

    place: Path
    made: dict[str, Path] = field(default_factory=dict)
    county: County | None = None

    @property
    def folder(self) -> Path:
        """Return the county's folder."""
        return self.place / NAME

    def open(self) -> tuple[County, Catalogue]:
        """Return the open county and its plan."""
        from db.plan.editions import county_catalogue
        from db.work.opening import open_county

        if self.county is None:
            self.county = open_county(self.folder, author="演示")
        with self.county.reading() as conn:
            return self.county, county_catalogue(conn)

    def close(self) -> None:
        """Close the county, when it is open."""
        if self.county is not None:
            self.county.close()
            self.county = None


def run_self_test(say: Say, folder: Path | None = None) -> int:
    """Do every step in a new folder inside `folder` (default: the system's for temporary files) and say how each went.

    Returns 0 when all went well, 1 at the first that did not. What was made is deleted.
    """
    from desktop import logs
    from desktop.settings import user_folder

    end_log = logs.set_up(user_folder() / "logs")
    with tempfile.TemporaryDirectory(prefix="sijian ", dir=folder, ignore_cleanup_errors=True) as name:
        work = Work(Path(name))
        say(f"自检在这里进行，结束后删除：{work.place}")
        try:
            for number, (title, step) in enumerate(STEPS, 1):
                begun = time.perf_counter()
                fault = _try(step, work)
                took = f"{time.perf_counter() - begun:.1f} 秒"
                say(f"{number:>2}/{len(STEPS)}  {'不通过' if fault else '通过'}  {title}（{took}）")
                if fault:
                    say(f"自检没有通过：{title}。{fault}")
                    return 1
        finally:
            work.close()
            end_log()
    say(f"自检通过：{len(STEPS)} 项都正常。")
    return 0


def _try(step: Callable[[Work], None], work: Work) -> str:
    """Return what went wrong, "" when nothing did."""
    try:
        step(work)
    except (SijianError, NotAsExpected) as problem:
        return str(problem)
    except Exception as error:
        log.exception("self-test")
        return f"{type(error).__name__}：{error}"
    return ""


def _expect(condition: object, sentence: str) -> None:
    if not condition:
        raise NotAsExpected(sentence)


# --- The steps, in order --------------------------------------------------------------------------------------------


def _parts(_work: Work) -> None:
    """Make the application first: papers drawn without one would make a lesser one that no window can use."""
    os.environ["QT_QPA_PLATFORM"] = unseen_platform()
    from PySide6.QtCore import QCoreApplication
    from PySide6.QtGui import QImageReader

    from desktop.app import make_app

    make_app()
    _expect(
        b"svg" in [bytes(kind.data()) for kind in QImageReader.supportedImageFormats()], "缺少画图标的部件（SVG）。"
    )
    _expect(QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消", "缺少 Qt 的中文词语。")


def _create(work: Work) -> None:
    from db.work.demo import build_demo

    build_demo(work.folder)


def _months(work: Work) -> None:
    from db.work.demo_months import fill_months

    county, _ = work.open()
    _expect(fill_months(county, _FIRST, _LAST, gaps=False), "月调度一行也没有写入。")


def _book_out(work: Work) -> None:
    from openpyxl import load_workbook

    from db.exchange.unit_book.form import CODES_ROW, FIRST_ROW
    from db.exchange.unit_book.write import BookRequest, write_books
    from db.work.assignees import named

    county, catalogue = work.open()
    with county.reading() as conn:
        town = named(conn, _TOWN).key
    written = write_books(county, catalogue, BookRequest(("monthly",), _LAST, (), (town,)), work.place / "工作簿")
    (file,) = written.files
    book = load_workbook(file)
    places = [
        (sheet, cell.column) for sheet in book.worksheets for cell in sheet[CODES_ROW + 1] if cell.value == _COLUMN
    ]
    _expect(places, "工作簿里没有“进展情况”一列。")
    sheet, column = places[0]
    sheet.cell(FIRST_ROW + 1, column).value = "自检写入的进展情况"
    book.save(file)
    work.made["book"] = file


def _book_in(work: Work) -> None:
    from db.exchange.unit_book.read import read_books
    from db.exchange.unit_book.store import take_in

    county, catalogue = work.open()
    for updated in (1, 0):  # read again it has nothing new to say
        with county.reading() as conn:
            found = read_books(conn, catalogue, [work.made["book"]])
        _expect(f"更新{updated}行" in found[0].sentences()[0], "".join(found[0].sentences()))
        _expect(take_in(county, found), "工作簿没有入库。")


def _undo(work: Work) -> None:
    county, _ = work.open()
    label = county.undo_label()
    _expect(county.undo() and county.redo_label() == label and county.redo(), "撤销再重做，没有回到原样。")


def _check(work: Work) -> None:
    from db.checks.runner import run
    from db.exchange.rehearsal import explain_all

    county, catalogue = work.open()
    with county.reading() as conn:
        found = run(conn, catalogue, today=_TODAY)
    _expect(found.rules > len(found.not_checked), "审核规则没有做成。")
    explained = [explain_all(county, kind, period, today=_TODAY) for kind, period in _KINDS]
    _expect(any(explained), "审核没有发现要说明的问题。")


def _packages(work: Work) -> None:
    from db.exchange.package_verify import verify_package
    from desktop.export_job import export_package

    county, _ = work.open()
    for kind, period in _KINDS:
        result = export_package(county, kind=kind, period=period, out=work.place / "上报", today=_TODAY)
        verdict = verify_package(result.path)
        _expect(verdict.ok, "".join(problem.sentence() for problem in verdict.problems))


def _papers(work: Work) -> None:
    from db.reports.task_sheet_files import find_owner, write_task_sheets
    from desktop.printing import task_sheet_pdf
    from desktop.report_files import MONTH_TABLE, MONTHLY, write_report

    county, catalogue = work.open()
    only = [find_owner(county, catalogue, _TOWN).key]
    out = work.place / "文件"
    for draw, head in ((None, b"PK"), (task_sheet_pdf, b"%PDF")):
        written = write_task_sheets(county, catalogue, out, only=only, draw=draw)
        _expect(not written.problems, "".join(problem.sentence() for problem in written.problems))
        _expect(written.files[0].read_bytes().startswith(head), "任务书的内容不对。")
    for kind, name, pdf in (
        (MONTH_TABLE, "月调度表.xlsx", False),
        (MONTHLY, "月报.docx", False),
        (MONTHLY, "月报.pdf", True),
    ):
        write_report(county, catalogue, kind, "2022-02", out / name, on=_TODAY, pdf=pdf)


def _pdf_page(work: Work) -> None:
    from desktop.pdf_pages import PdfPages

    file = next((work.place / "文件").glob("月报.pdf"))
    with PdfPages(file) as pages:
        _expect(pages.draw(0, 600, 800).pixels, "PDF 的第一页画不出来。")
    _expect("调度" in _text_of(file), "PDF 里没有文字，可能缺少字体。")


def _text_of(pdf: Path) -> str:
    """Return the words on the first page of a PDF that we have just written ourselves."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return str(document[0].get_textpage().get_text_bounded())
    finally:
        document.close()


def _backup(work: Work) -> None:
    from db.store.backup import backup, restore
    from db.work.opening import open_county
    from db.work.task_states import states

    county, catalogue = work.open()
    restore(backup(county, work.place / "备份.zip"), work.place / "恢复")
    restored = open_county(work.place / "恢复", author="演示", read_only=True)
    with restored, restored.reading() as theirs, county.reading() as ours:
        _expect(states(theirs, catalogue) == states(ours, catalogue), "恢复的内容与原来的不一样。")


def _window(work: Work) -> None:
    """Draw every page, off the screen."""
    from PySide6.QtWidgets import QApplication

    from desktop.jobs import SyncJobs
    from desktop.main_window import MainWindow
    from desktop.pages import PAGES
    from desktop.session import Session
    from desktop.settings import Settings

    work.close()
    session = Session(jobs=SyncJobs(), author="演示")
    problems: list[Exception] = []
    session.problem.connect(problems.append)
    window = MainWindow(session, Settings(work.place / "settings.json"))
    window.resize(1366, 768)
    window.open_folder(work.folder)
    for entry in PAGES:
        window.show_page(entry.name)
        window.grab()
        QApplication.processEvents()
    window.close()
    QApplication.processEvents()
    _expect(not problems, "".join(map(str, problems)))


def _manual(work: Work) -> None:
    """Read the manual with its pictures, look for a word by its initials, and set a chapter."""
    from db.reports.manual.search import ManualIndex
    from desktop.manual_pages import manual_pdf
    from desktop.manual_text import manual
    from desktop.widgets.manual_view import draw_page

    for chapter in manual().chapters:
        for page in chapter.pages:
            lost = set(page.pictures) - set(draw_page(page, 600, 1.0).pictures)
            _expect(not lost, f"手册“{chapter.title}”缺少图片：{'、'.join(sorted(lost))}。")
    _expect(ManualIndex(manual()).find("rwfj"), "手册里找不到“任务分解”。")
    file = work.place / "手册.pdf"
    file.write_bytes(manual_pdf("使用手册", manual().chapters[:1]))
    _expect(_text_of(file).strip(), "手册的 PDF 里没有文字，可能缺少字体。")


STEPS: tuple[tuple[str, Callable[[Work], None]], ...] = (
    ("程序文件", _parts),
    ("建立演示县", _create),
    ("填报两个月", _months),
    ("写出工作簿并改一格", _book_out),
    ("读回工作簿并入库", _book_in),
    ("撤销和重做", _undo),
    ("审核", _check),
    ("导出并校验上报包", _packages),
    ("生成任务书、月调度表和月报", _papers),
    ("打开 PDF", _pdf_page),
    ("备份和恢复", _backup),
    ("画出窗口的每一页", _window),
    ("使用手册", _manual),
)
