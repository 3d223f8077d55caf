"""One county's report: its tables to read, remarks at its cells, and the answer that goes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.core.errors import DataProblem
from db.exchange.answers import ACCEPTED, RETURNED, Answer, Remark
from db.exchange.ledger.originals import take_out
from db.exchange.ledger.remarks import RemarkEntry, add_remarks, add_reply, answer_into
from db.exchange.ledger.reports import STANDINGS, Report, report
from db.exchange.zip_read import NO_PASSWORD, WRONG_PASSWORD
from db.work.evidence import Evidence, file_name
from desktop.city_session import CitySession
from desktop.dialogs.city_answer import CityAnswerDialog
from desktop.dialogs.package_password import PackagePasswordDialog
from desktop.file_choice import starting_folder
from desktop.outside import open_outside, viewed
from desktop.widgets.basics import Badge, ElidedLabel, button, icon_button, primary_button
from desktop.widgets.city_rows import CityRows
from desktop.widgets.city_thread import CityThread

_VALID = STANDINGS["current"]


class CityReportPage(QWidget):
    """Shows the package that `show_number` names; `left` when the clerk goes back to the matrix."""

    left = Signal()

    def __init__(self, session: CitySession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._number = 0
        self.report: Report | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(icon_button("chevron-left", "回到核收情况", self.left.emit))
        self.title = ElidedLabel("", "page-title")
        self.badge = Badge()
        self.return_button = button("退回…", lambda: self._ask(RETURNED))
        self.accept_button = primary_button("接收，写回执…", lambda: self._ask(ACCEPTED))
        head.addWidget(self.title, 1)
        head.addWidget(self.badge)
        head.addWidget(self.return_button)
        head.addWidget(self.accept_button)
        column.addLayout(head)
        body = QHBoxLayout()
        body.setSpacing(10)
        self.rows = CityRows(session)
        self.remarks = CityThread()
        self.rows.cell_chosen.connect(self.remarks.show_cell)
        self.rows.remark_wanted.connect(self.remarks.words.setFocus)
        self.rows.proof_wanted.connect(self.open_proof)
        self.open_outside: Callable[[Path], object] = open_outside
        self.remarks.remarked.connect(self._remark)
        self.remarks.replied.connect(self._reply)
        self.remarks.led_to.connect(self._lead)
        body.addWidget(self.rows, 1)
        body.addWidget(self.remarks)
        column.addLayout(body, 1)
        session.opened.connect(self._forget)
        session.changed.connect(self.refresh)

    def show_number(self, number: int) -> None:
        """Show the package with this number in the ledger."""
        self._number = number
        self.refresh()

    def _forget(self) -> None:
        """Another ledger gives other packages the same numbers."""
        self._number, self.report = 0, None

    def refresh(self) -> None:
        """Read the report again."""
        number = self._number
        if number:
            self._session.read(lambda conn: report(conn, number), self._show, owner=self)

    def _show(self, found: Report) -> None:
        self.report = found
        version = found.version
        self.title.setText(f"{found.county_name}　{found.title}　第{version.sequence}次")
        answer = version.answers[-1] if version.answers else ""
        told = f"{version.standing}，已写{answer}" if answer else version.standing
        self.badge.show_state(told, "good" if answer == "回执" else "bad" if answer else "neutral")
        for each in (self.accept_button, self.return_button):
            each.setEnabled(version.standing == _VALID)
            each.setToolTip("" if version.standing == _VALID else "这一份已被代替或有冲突，请答复现在有效的一份。")
        self.remarks.show_report(found)
        self.rows.show_report(found)

    def _remark(self, entry: RemarkEntry) -> None:
        number = self._number
        self._session.write(lambda ledger: add_remarks(ledger, number, [entry]), lambda _: self._remarked())

    def _remarked(self) -> None:
        """Go on from the cell that was remarked on: the next one is an arrow key away."""
        self.remarks.clear_words()
        self.rows.grid.setFocus()

    def _reply(self, remark_id: str, text: str, close: bool) -> None:
        self._session.write(
            lambda ledger: add_reply(ledger, remark_id, text, close=close), lambda _: self.remarks.clear_words()
        )

    def _lead(self, remark: Remark) -> None:
        self.rows.lead_to(remark.table, remark.row_id, remark.field)

    def open_proof(self, item: Evidence, password: str = "") -> None:
        """Take a proof file out of the package and open it; ask for the package's password where it has one."""
        number, ledger = self._number, self._session.ledger.path
        copy = viewed() / item.sha256[:16] / file_name(item)

        def failed(error: Exception) -> None:
            if isinstance(error, DataProblem) and error.code in (NO_PASSWORD, WRONG_PASSWORD):
                dialog = PackagePasswordDialog(item.name, wrong=bool(password), parent=self)
                dialog.given.connect(lambda typed: self.open_proof(item, typed))
                dialog.open()
            else:
                self._session.problem.emit(error)

        self._session.read(
            lambda conn: take_out(conn, ledger, number, item, copy, password),
            lambda _none: self.open_outside(copy),
            owner=self,
            key=f"open {item.id}",
            failed=failed,
        )

    def _ask(self, verdict: str) -> None:
        if self.report is None:
            return
        dialog = CityAnswerDialog(self.report, verdict, self._proposed_folder(), self)
        dialog.wanted.connect(lambda note, folder: self._answer(verdict, note, folder))
        dialog.open()

    def _proposed_folder(self) -> Path:
        """Return where an answer is proposed to go; from a ledger to practise with, to no real county's folder."""
        ledger = self._session.ledger
        return ledger.path.parent if ledger.sample else starting_folder()

    def _answer(self, verdict: str, note: str, folder: Path) -> None:
        number = self._number
        self._session.write(lambda ledger: answer_into(ledger, number, verdict, note, folder), self._answered)

    def _answered(self, made: tuple[Answer, Path]) -> None:
        answer, file = made
        self._session.notice.emit(f"{answer.title}已写好，请交给县里导入：{file}")
