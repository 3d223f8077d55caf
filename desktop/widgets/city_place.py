"""What is known of one place of the matrix: its versions with their hashes, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from db.exchange.ledger.reports import STANDINGS, Version, versions
from db.exchange.ledger.standing import Place, State, title_of
from db.reports.letter import grouped
from desktop.city_session import CitySession
from desktop.widgets.basics import Badge, Card, label, link_button, primary_button, rule
from desktop.widgets.city_matrix import LOOKS, words_of
from desktop.widgets.scrolled import Scrolled

WIDTH = 292
NOTHING = "单击一格，看这个县这一期报了什么。双击打开。"
CONFLICT = STANDINGS["conflict"]


class CityPlace(Card):
    """Shows a place; `opened` carries the number of a package to look at, `choice_wanted` one of a conflict."""

    opened = Signal(int)
    choice_wanted = Signal(object)

    def __init__(self, session: CitySession, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setFixedWidth(WIDTH)
        self._session = session
        self._names: dict[str, str] = {}
        self.head = label(NOTHING, "title", wrap=True)
        self.badge = Badge()
        self.told = label("", "secondary", wrap=True)
        self.open_button = primary_button("打开查看", self._open)
        inside = QWidget()
        self._versions = QVBoxLayout(inside)
        self._versions.setContentsMargins(0, 0, 6, 0)
        self._versions.setSpacing(8)
        self._versions.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self.head)
        self.body.addWidget(self.badge)
        self.body.addWidget(self.told)
        self.body.addWidget(self.open_button)
        self.body.addWidget(Scrolled(inside), 1)
        self._place: Place | None = None
        self.show_place(None, {})

    def show_place(self, place: Place | None, names: dict[str, str]) -> None:
        """Show a place; `names` are the units' names by key."""
        self._place = place
        for widget in (self.badge, self.told, self.open_button):
            widget.setVisible(place is not None)
        self._clear()
        if place is None:
            self.head.setText(NOTHING)
            return
        self.head.setText(f"{names.get(place.county, place.county)}　{title_of(place.kind, place.period)}")
        self.badge.show_state(words_of(place.state), LOOKS[place.state][1])
        told = place.sentence.partition("：")[2].replace("；", "\n")
        self.told.setText(told or ("还没有收到。" if place.state is State.MISSING else ""))
        self.open_button.setVisible(bool(place.number))
        key = (place.county, place.kind, place.period)
        self._session.read(lambda conn: versions(conn, *key), self._show_versions, owner=self)

    def _clear(self) -> None:
        while (item := self._versions.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _show_versions(self, found: list[Version]) -> None:
        self._clear()
        for version in found:
            self._versions.addWidget(rule())
            self._versions.addWidget(self._version(version))

    def _version(self, version: Version) -> QFrame:
        box = QFrame()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        row = QHBoxLayout()
        row.addWidget(label(f"第{version.sequence}次", "field"))
        row.addWidget(Badge(version.standing, "bad" if version.standing == CONFLICT else "neutral"))
        for answer in version.answers[-1:]:
            row.addWidget(Badge(answer, "good" if answer == "回执" else "bad"))
        row.addStretch(1)
        number = version.number
        row.addWidget(link_button("查看", lambda: self.opened.emit(number)))
        column.addLayout(row)
        received = version.received_at.replace("T", " ")[:16]
        column.addWidget(label(f"{received} 入账，{version.rows:,}行", "small"))
        person = " ".join(part for part in (version.contact, version.phone) if part)
        if person:
            column.addWidget(label(f"联系人：{person}", "small", wrap=True))
        column.addWidget(label("校验码（与上报函核对）", "small"))
        digest = grouped(version.data_sha256)
        for start in range(0, len(digest), 36):
            code = label(digest[start : start + 36].strip(), "small")
            code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(code)
        if version.standing == CONFLICT:
            column.addWidget(link_button("用这一份", lambda: self.choice_wanted.emit(version)))
        return box

    def _open(self) -> None:
        if self._place is not None and self._place.number:
            self.opened.emit(self._place.number)
