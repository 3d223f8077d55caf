"""导入回执/退回 and 市级意见: what came back from the city is taken in, and what it remarked is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from db.core.errors import DataProblem
from db.core.progress import Progress
from db.exchange.answer_import import Received, import_answer
from db.exchange.answers import ACCEPTED
from db.work.remarks import open_remarks
from desktop.dialogs.city_remarks import CityRemarksDialog
from desktop.file_choice import choose_files
from desktop.session import Session
from desktop.widgets.basics import allow, button, label, restyle
from desktop.widgets.dialog import Dialog
from desktop.widgets.file_drop import FileDrop

FILTER = "回执或退回 (*.json)"
Outcome = tuple[Path, Received | DataProblem]


def answers_in(mime: QMimeData) -> list[Path]:
    """Return the files called like answers that are dragged."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() == ".json"]


class CityAnswers(QWidget):
    """Two buttons; `led_to` carries the `Place` of a cell that was remarked on."""

    led_to = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.choose: Callable[[], Sequence[Path]] = lambda: choose_files(self, "导入回执或退回", FILTER)
        self.dialog: Dialog | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(13, 8, 13, 8)
        row.setSpacing(8)
        self.remarks_button = button("市级意见", self.show_remarks, icon="clause")
        self.import_button = button("导入回执/退回", self.ask, icon="import")
        self.import_button.setToolTip("市里发回的 -receipt.json 或 -return.json；也可以拖到这一页上")
        row.addWidget(self.remarks_button)
        row.addStretch(1)
        row.addWidget(self.import_button)

    def take_drops_on(self, page: QWidget) -> None:
        """Take answers that are dropped on `page`."""
        FileDrop(page, self.take, lambda: self._session.is_open and not self._session.read_only, answers_in)

    def refresh(self) -> None:
        """Read again how many remarks wait for the county."""
        if self._session.is_open:
            allow(self.import_button, not self._session.read_only)
            self._session.read(open_remarks, self._show, owner=self)

    def _show(self, waiting: int) -> None:
        self.remarks_button.setText(f"市级意见 {waiting}" if waiting else "市级意见")
        restyle(self.remarks_button, "tone", "bad" if waiting else "")

    def ask(self) -> None:
        """Ask for the files that came back."""
        files = self.choose()
        if files:
            self.take(files)

    def take(self, files: Sequence[Path]) -> None:
        """Take these answers in, one after another, and tell what each came to."""
        county = self._session.county

        def work(progress: Progress) -> list[Outcome]:
            found: list[Outcome] = []
            for number, file in enumerate(files):
                progress.step(number, len(files), file.name)
                try:
                    found.append((file, import_answer(county, file)))
                except DataProblem as problem:
                    found.append((file, problem))
            return found

        self._session.job("导入市里的答复", work, self._taken)

    def _taken(self, found: list[Outcome]) -> None:
        refused = [file for file, outcome in found if isinstance(outcome, DataProblem)]
        taken = [outcome for _, outcome in found if isinstance(outcome, Received)]
        heading = f"导入了{len(taken)}份，没有导入{len(refused)}份" if taken else "没有导入"
        if len(found) == len(taken) == 1:
            heading = taken[0].sentences()[0]
        glad = not refused and all(outcome.answer.verdict == ACCEPTED for outcome in taken)
        dialog = Dialog("导入回执/退回", heading, self.window(), tone="good" if glad else "caution")
        for file, outcome in found:
            lines = [str(outcome)] if isinstance(outcome, DataProblem) else outcome.sentences()
            lines = lines[1:] if lines[0] == heading else [f"{file.name}：{lines[0]}", *lines[1:]]
            for line in lines:
                dialog.body.addWidget(label(line, wrap=True, tone="bad" if isinstance(outcome, DataProblem) else ""))
        with_remarks = [outcome.answer for outcome in taken if outcome.answer.remarks and not outcome.repeated]
        if with_remarks:
            only = with_remarks[0].package_id if len(with_remarks) == 1 else ""
            dialog.add_button("知道了", dialog.reject)
            dialog.add_button("看意见", dialog.accept, primary=True)
            dialog.accepted.connect(lambda: self.show_remarks(only))
        else:
            dialog.add_button("知道了", dialog.accept, primary=True)
        self._open(dialog)

    def show_remarks(self, package_id: str = "") -> None:
        """Show what the city remarked, on one package or on all."""
        dialog = CityRemarksDialog(self._session, self.window(), package_id=package_id)
        dialog.led_to.connect(self.led_to)
        self._open(dialog)

    def _open(self, dialog: Dialog) -> None:
        self.dialog = dialog
        dialog.open()
