"""市级意见: what the city remarked on packages, cell by cell, what was said since, and the county's replies."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.core.period import Period
from db.exchange.package_kinds import kinds
from db.work.remarks import CITY, NEW, SIDES, Reply, Thread, threads
from desktop.remark_places import place_of
from desktop.session import Session
from desktop.widgets.basics import chip, label, link_button
from desktop.widgets.dialog import Dialog
from desktop.widgets.remark_tones import TONES
from desktop.widgets.reply_box import ReplyBox
from desktop.widgets.scrolled import Scrolled
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

WIDTH, HEIGHT = 980, 600
LEAST_TABLE, LEAST_TALK = 80, 80
NOBODY = "市里还没有提出意见。导入退回以后，意见会列在这里，对着上报包里的那一格。"


class CityRemarksDialog(Dialog):
    """Lists the remarks, of one package or of all; `led_to` carries the `Place` of the cell that was chosen."""

    led_to = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None, *, package_id: str = "") -> None:
        super().__init__("市级意见", "市级意见", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._package_id = session, package_id
        self._status = self._wanted = ""
        self.threads: Sequence[Thread] = ()
        self.shown: list[Thread] = []
        self.body.addLayout(self._filters())
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        self.table = SimpleTable(
            [Column("状态", 72), Column("上报", 170), Column("位置", 270), Column("上报时", 88), Column("意见")]
        )
        self.table.setAccessibleName("市级意见")
        self.table.setMinimumHeight(LEAST_TABLE)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_thread())
        self.table.chosen.connect(lambda _row: self.lead())
        split.addWidget(self.table)
        split.addWidget(self._below())
        split.setSizes([260, 240])
        self.body.addWidget(split, 1)
        self.add_at_left(label("双击一条，到那一格去。", "small"))
        self.cell_button = self.add_button("到这一格", self.lead)
        self.add_button("关闭", self.accept)
        self.resize(WIDTH, HEIGHT)
        session.changed.connect(self._on_changed)
        self.refresh()

    # -- parts ------------------------------------------------------------------------------------------------

    def _filters(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self.chips: dict[str, QPushButton] = {"": chip("全部", checked=True)}
        self.chips |= {status: chip(status, TONES[status]) for status in TONES}
        for status, each in self.chips.items():
            each.clicked.connect(partial(self.show_only, status))
            row.addWidget(each)
        row.addStretch(1)
        self.everything = link_button("看全部上报的意见", self._show_everything)
        self.everything.setVisible(bool(self._package_id))
        row.addWidget(self.everything)
        return row

    def _below(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(6)
        self.where = label("", "field", wrap=True)
        self.values = label("", "secondary", wrap=True)
        column.addWidget(self.where)
        column.addWidget(self.values)
        said = QWidget()
        self._said = QVBoxLayout(said)
        self._said.setContentsMargins(0, 0, 8, 0)
        self._said.setSpacing(8)
        self._said.addStretch(1)
        talk = Scrolled(said)
        talk.setMinimumHeight(LEAST_TALK)
        column.addWidget(talk, 1)
        self.reply = ReplyBox(self._session)
        column.addWidget(self.reply)
        return side

    # -- what there is ----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the remarks again."""
        catalogue, package_id = self._session.catalogue, self._package_id
        self._session.read(lambda conn: threads(conn, catalogue, package_id=package_id), self._show, owner=self)

    def _on_changed(self, changes: Changes) -> None:
        # The values beside the remarks may be of any table.
        if changes:
            self.refresh()

    def _show_everything(self) -> None:
        self._package_id = ""
        self.everything.hide()
        self.refresh()

    def _show(self, found: list[Thread]) -> None:
        self.threads = found
        waiting = sum(thread.open for thread in found)
        self.heading.setText(f"市级意见{len(found)}条，{waiting}条等县里办理" if found else "还没有市级意见")
        for status, each in self.chips.items():
            count = sum(thread.status == status for thread in found) if status else len(found)
            each.setText(f"{status or '全部'} {count}")
        self.show_only(self._status)
        self.choose(self._wanted)

    def choose(self, remark_id: str) -> None:
        """Select a remark, now or when they have been read."""
        self._wanted = remark_id
        ids = [thread.id for thread in self.shown]
        if remark_id in ids:
            self._wanted = ""
            self.table.selectRow(ids.index(remark_id))

    def show_only(self, status: str) -> None:
        """List the remarks with this status, "" for all."""
        chosen = self.selected.id if self.selected is not None else ""
        self._status = status
        for each, made in self.chips.items():
            made.setChecked(each == status)
        self.shown = [thread for thread in self.threads if status in ("", thread.status)]
        self.table.show_rows([_cells(thread) for thread in self.shown])
        ids = [thread.id for thread in self.shown]
        if ids:
            self.table.selectRow(ids.index(chosen) if chosen in ids else 0)
        self._show_thread()

    @property
    def selected(self) -> Thread | None:
        """Return the remark that is selected."""
        chosen = self.table.selectionModel().selectedRows()
        row = chosen[0].row() if chosen else -1
        return self.shown[row] if 0 <= row < len(self.shown) else None

    def _show_thread(self) -> None:
        thread = self.selected
        while self._said.count() > 1:
            item = self._said.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()  # until it is gone it would shine through what comes in its place
                widget.deleteLater()
        self.where.setText(thread.where if thread is not None else "")
        self.values.setText(thread.values if thread is not None else NOBODY if not self.threads else "")
        self.values.setVisible(bool(self.values.text()))
        if thread is not None:
            everything = [Reply(CITY, thread.text, NEW, thread.author, thread.written_at), *thread.replies]
            for place, said in enumerate(everything):
                self._said.insertWidget(place, _Said(said))
        self._allow()

    def _allow(self) -> None:
        thread = self.selected
        self.reply.show_thread(thread)
        self.cell_button.setEnabled(thread is not None and place_of(thread.spot) is not None)

    # -- what can be done -------------------------------------------------------------------------------------

    def lead(self) -> None:
        """Go to the cell of the selected remark."""
        place = place_of(self.selected.spot) if self.selected is not None else None
        if place is not None:
            self.accept()
            self.led_to.emit(place)


class _Said(QWidget):
    """One thing that was said: by which side, who, when, and the status it gave; then the words."""

    def __init__(self, said: Reply) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        facts = [f"{SIDES[said.side]}里", said.author, said.written_at.replace("T", " ")[:16], said.status]
        column.addWidget(label("　".join(fact for fact in facts if fact), "small"))
        words = label(said.text, wrap=True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(words)


def _cells(thread: Thread) -> list[TextCell]:
    sent = f"{Period.parse(thread.period).title}{kinds()[thread.kind].title}"
    which = f"{sent}第{thread.sequence}次" if thread.sequence else sent
    return [
        TextCell(thread.status, TONES[thread.status], badge=True),
        TextCell(which, tip=which),
        TextCell(thread.where, tip=thread.where),
        TextCell(thread.then if thread.field_title else "", "caution" if thread.changed else "", tip=thread.values),
        TextCell(" ".join(thread.text.split()), tip=thread.text),
    ]
