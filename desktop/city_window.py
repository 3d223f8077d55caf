"""市级核收: the window of the city's clerk, over one ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from db.core.errors import Cancelled, SijianError
from db.core.progress import Progress
from db.exchange.ledger.consolidate import Consolidation, choose, consolidate
from db.exchange.ledger.file import Ledger
from db.exchange.ledger.reports import Version
from db.exchange.ledger.standing import due_on, reporting_day, set_due, set_reporting_day, title_of
from db.exchange.ledger.workbook import write_city_book
from desktop.city_session import CitySession
from desktop.crash import CrashReporter
from desktop.dialogs.city_day import CityDayDialog
from desktop.dialogs.city_received import CityReceivedDialog
from desktop.dialogs.progress import JobPanel
from desktop.file_choice import choose_files, choose_folder, choose_target
from desktop.frame import TOP_HEIGHT
from desktop.helping import Helping
from desktop.manual_places import place_of_page
from desktop.opening import documents
from desktop.pages.city_board import CityBoardPage
from desktop.pages.city_report import CityReportPage
from desktop.settings import Settings
from desktop.widgets.basics import ElidedLabel, button, help_button, label
from desktop.widgets.dialog import Dialog, ask
from desktop.widgets.file_drop import FileDrop
from desktop.widgets.toast import Toast

TITLE = "“四减四增”市级核收"
HEADING = "市级核收"
PACKAGES = "上报包 (*.zip)"
PRACTICE = (
    "1　在开始页打开演示（寿光市），到“上报”导出2022年3月的上报包；以前导出的都在演示县的 exports 文件夹里。",
    "2　把上报包拖进这个窗口，双击它的一格，看各表，对有问题的格提意见。",
    "3　写回执或退回，再到演示县的“上报”里导入，意见就到了那些格子上。",
)
"""How the whole way is practised, step by step."""


def usual_ledger() -> Path:
    """Return where the ledger lies when the clerk names no other place."""
    return documents() / "市级核收.db"


def practice_ledger() -> Path:
    """Return where the ledger to practise with lies: beside the demo county."""
    from db.exchange.rehearsal import LEDGER

    return documents() / LEDGER


def packages_in(mime: QMimeData) -> list[Path]:
    """Return the folders and the files called like packages that are dragged."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return [path for path in paths if path.is_dir() or path.suffix.lower() == ".zip"]


class CityWindow(QWidget):
    """Fills a `Frame`; bugs go to `crashes`, which is made when none is given."""

    def __init__(self, session: CitySession, crashes: CrashReporter | None = None) -> None:
        super().__init__()
        self.setWindowTitle(TITLE)
        self.session = session
        self.helping = Helping(self, Settings(), self._help_place)
        self.crashes = crashes or CrashReporter(self._show_crash, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._top())
        self.stack = QStackedWidget()
        self.board = CityBoardPage(session)
        self.report = CityReportPage(session)
        self.stack.addWidget(self.board)
        self.stack.addWidget(self.report)
        column.addWidget(self.stack, 1)
        self.toast = Toast(self)
        self.job_panel = JobPanel(self)
        self.drop = FileDrop(self, self.take, lambda: session.is_open, packages_in)
        QShortcut(QKeySequence("F1"), self).activated.connect(self.helping.show)
        self.board.opened.connect(self.show_report)
        self.board.take_wanted.connect(self._choose_packages)
        self.board.practice_wanted.connect(self.practise)
        self.board.book_wanted.connect(self._write_book)
        self.board.choice_wanted.connect(self._ask_choice)
        self.board.day_wanted.connect(self._ask_day)
        self.report.left.connect(self.show_board)
        session.opened.connect(self._opened)
        session.problem.connect(self.show_problem)
        session.notice.connect(self._say)
        session.job_started.connect(self.job_panel.begin)
        session.job_ended.connect(self.job_panel.end)

    def _top(self) -> QWidget:
        top = QWidget()
        top.setObjectName("topbar")
        top.setFixedHeight(TOP_HEIGHT)
        row = QHBoxLayout(top)
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(12)
        self.heading = label(HEADING, "title")
        row.addWidget(self.heading)
        self.place = ElidedLabel("", "secondary")
        row.addWidget(self.place, 1)
        row.addWidget(button("从文件夹核收…", self._choose_folder, icon="folder-open"))
        row.addWidget(button("换台账…", self._choose_ledger))
        self.help = help_button()
        self.help.setMenu(self.helping.menu)
        row.addWidget(self.help)
        return top

    def _help_place(self) -> str:
        """Return which place of the manual belongs to what is shown."""
        return place_of_page("city_report" if self.stack.currentWidget() is self.report else "city_board")

    # -- the ledger -------------------------------------------------------------------------------------------

    def open_ledger(self, path: Path, *, sample: bool = False) -> None:
        """Open the ledger at `path`, a new one when there is no file, as one to practise with if asked to."""
        self.session.open(path, sample=sample)

    def practise(self) -> None:
        """Open the ledger to practise with."""
        self.open_ledger(practice_ledger(), sample=True)

    def _opened(self) -> None:
        ledger = self.session.ledger
        mark = f"（{ledger.sample}）" if ledger.sample else ""
        self.heading.setText(HEADING + mark)
        self.setWindowTitle(TITLE + mark)
        self.window().setWindowTitle(TITLE + mark)
        self.place.setText(f"{ledger.sample}台账：{ledger.path}")
        self.show_board()
        if ledger.sample:
            self.session.job("正在准备演示县的上报包", _fill_practice, self._filled)

    def _filled(self, taken: int) -> None:
        """Say how to go on, the first time."""
        if not taken:
            return
        dialog = Dialog("演示台账", "这里已有两个演示县报来的，只收演示县的上报包", self)
        for step in PRACTICE:
            dialog.body.addWidget(label(step, "secondary", wrap=True))
        dialog.setMinimumWidth(520)
        dialog.add_button("知道了", dialog.accept, primary=True)
        dialog.open()

    def _choose_ledger(self) -> None:
        file = choose_target(self, "打开或新建台账", usual_ledger().name, "核收台账 (*.db)")
        if file is not None:
            self.open_ledger(file if file.suffix else file.with_suffix(".db"))

    def show_board(self) -> None:
        """Show who has reported what."""
        self.stack.setCurrentWidget(self.board)
        self.board.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_report(self, number: int) -> None:
        """Show one package."""
        self.report.show_number(number)
        self.stack.setCurrentWidget(self.report)

    # -- what can be done -------------------------------------------------------------------------------------

    def _choose_packages(self) -> None:
        files = choose_files(self, "选择上报包", PACKAGES)
        if files:
            self.take(files)

    def _choose_folder(self) -> None:
        folder = choose_folder(self, "选择装着上报包的文件夹")
        if folder is not None:
            self.take([folder])

    def take(self, paths: Sequence[Path], passwords: Sequence[str] = ()) -> None:
        """Verify packages and take them into the ledger; those under a password are tried with each of these."""
        on = self.session.today()

        def work(ledger: Ledger, progress: Progress) -> Consolidation:
            return consolidate(ledger, paths, on=on, passwords=passwords, progress=progress)

        self.session.job("正在核收上报包", work, self._took)

    def _took(self, found: Consolidation) -> None:
        if found.received:
            dialog = CityReceivedDialog(found, self)
            dialog.password_given.connect(lambda files, password: self.take(files, [password]))
            dialog.open()
        else:
            self._say(found.sentence())

    def _write_book(self, kind: str, period: str) -> None:
        file = choose_target(self, "导出汇总", f"{title_of(kind, period)}汇总.xlsx", "Excel 工作簿 (*.xlsx)")
        if file is not None:
            self.write_book(kind, period, file if file.suffix else file.with_suffix(".xlsx"))

    def write_book(self, kind: str, period: str, file: Path) -> None:
        """Write the workbook of all counties."""
        today = self.session.today()

        def work(ledger: Ledger, progress: Progress) -> Path:
            with ledger.reading() as conn:
                return write_city_book(conn, kind, period, file, today=today, progress=progress)

        self.session.job("正在导出汇总", work, lambda made: self._say(f"已导出：{made}"))

    def _ask_choice(self, version: Version) -> None:
        number = version.number
        ask(
            self,
            "选定一份",
            f"用 {version.received_at.replace('T', ' ')[:16]} 收到的这一份{version.name}？",
            "另一份留在台账里，不计入汇总。请先与县里核实哪一份是对的。",
            yes="用这一份",
            on_yes=lambda: self.session.write(lambda ledger: choose(ledger, number), self._say),
        )

    def _ask_day(self, kind: str, period: str) -> None:
        self.session.read(
            lambda conn: (due_on(conn, kind, period), reporting_day(conn)),
            lambda found: self._show_day(kind, period, *found),
            owner=self,
            key="day",
        )

    def _show_day(self, kind: str, period: str, due: date | None, day: int) -> None:
        dialog = CityDayDialog(kind, period, due, day, self)
        dialog.wanted.connect(lambda chosen, monthly: self._set_day(kind, period, chosen, monthly))
        dialog.open()

    def _set_day(self, kind: str, period: str, chosen: date | None, monthly: int) -> None:
        if monthly:
            self.session.write(lambda ledger: set_reporting_day(ledger, monthly))
        if chosen is not None:
            self.session.write(lambda ledger: set_due(ledger, kind, period, chosen))

    # -- what there is to say ---------------------------------------------------------------------------------

    def _say(self, sentence: str) -> None:
        self.toast.say(sentence)

    def show_problem(self, error: Exception) -> None:
        """Tell a problem; an unknown one is our bug."""
        if isinstance(error, Cancelled):
            return
        if isinstance(error, SijianError):
            self.toast.say(str(error), "bad")
        else:
            self.crashes.report(error)

    def _show_crash(self, details: str) -> None:
        from desktop.dialogs.crash import show_crash

        show_crash(details, self)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.helping.close()
        self.session.close()
        event.accept()


def _fill_practice(ledger: Ledger, progress: Progress) -> int:
    """Take in what the other demo counties have sent; return how many packages came."""
    from db.exchange.rehearsal import add_counties
    from desktop.printing import letter_pdf

    return add_counties(ledger, letter=letter_pdf, progress=progress)
