"""基础信息 › 方案: the plan in force, the plans before it, and what an older plan left without a place."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.core.progress import Progress
from db.plan.catalogue import Catalogue
from db.plan.editions import Edition, county_catalogue, editions
from db.work.homeless import Homeless, homeless
from db.work.plan_offer import Offer, draft_offer, offer_of
from desktop.file_choice import choose_file
from desktop.session import Session
from desktop.widgets.basics import Card, allow, button, label, primary_button
from desktop.widgets.scrolled import Scrolled
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

FILTER = "方案文件 (*.docx *.txt *.json);;所有文件 (*)"
SHIPPED = "程序自带"
HELP = "市里的正式稿、下一年的工作要点、本县的落实方案都可以打开：先核对识别结果，再与现行方案逐条比较，决定是否采用。"
COMPARE = "compare"
"""The row that 核对方案 asks for: the plan that is being looked through, beside the one in force."""
FORMER = (Column("版次", 64), Column("方案名称"), Column("文件", 260), Column("采用时间", 140))
LOST = (Column("原编号", 96), Column("任务"), Column("在原方案中的位置", 220), Column("保留的内容", 250))
FACTS = {"title": "方案名称", "years": "年度", "contents": "内容", "source": "来源", "adopted": "采用时间"}


@dataclass(frozen=True)
class PlanFacts:
    """What the section shows: the plan in force, the county's editions (none: the shipped plan), what has no place."""

    catalogue: Catalogue
    editions: tuple[Edition, ...]
    homeless: tuple[Homeless, ...]


class PlanPanel(QWidget):
    """`opened` carries the `Offer` of a plan to be compared; `rehouse_wanted` a `Homeless`; see also `COMPARE`."""

    opened = Signal(object)
    rehouse_wanted = Signal(object)
    review_wanted = Signal()
    summary = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._waiting: tuple[Homeless, ...] = ()
        self.choose_open: Callable[[], str] = self._choose_open
        self.review_button = primary_button("核对新方案…", self.review_wanted.emit, icon="folder-open")
        self.open_button = button("直接比较…", self.open_plan)
        self.open_button.setToolTip("打开方案文件，不逐条核对，直接与现行方案比较")
        allow(self.open_button, not session.read_only)
        self.facts = {name: label("", wrap=True) for name in FACTS}
        for fact in self.facts.values():
            fact.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.former = SimpleTable(FORMER)
        self.lost = SimpleTable(LOST)
        self.lost.chosen.connect(lambda _row: self._rehouse())
        self.lost.selectionModel().selectionChanged.connect(lambda *_: self._tell_selection())
        self.rehouse_button = button("改挂到…", self._rehouse)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._plan_card())
        self.former_card = self._former_card()
        self.lost_card = self._lost_card()
        column.addWidget(self.former_card)
        column.addWidget(self.lost_card, 100)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Scrolled(inner))
        self._tell_selection()

    def _plan_card(self) -> Card:
        card = Card("现行方案")
        card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        card.tools.addWidget(self.open_button)
        card.tools.addWidget(self.review_button)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, 92)
        grid.setColumnStretch(1, 1)
        for row, (name, title) in enumerate(FACTS.items()):
            grid.addWidget(label(title, "field"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self.facts[name], row, 1)
        card.body.addLayout(grid)
        card.body.addWidget(label(HELP, "small", wrap=True))
        return card

    def _former_card(self) -> Card:
        card = Card("历次方案", flush=True)
        card.body.addWidget(self.former)
        return card

    def _lost_card(self) -> Card:
        card = Card("没有去处的内容", flush=True)
        card.tools.addWidget(self.rehouse_button)
        card.body.addWidget(self.lost, 1)
        return card

    # -- reading ----------------------------------------------------------------------------------------------

    def concerns(self, changes: Changes) -> bool:
        """Return whether the section shows something that changed."""
        return changes.touches("plan_edition") or bool(self._waiting)

    def refresh(self) -> None:
        """Read everything anew."""
        self._session.read(_facts, self._show, owner=self)

    def reveal(self, row_id: str) -> None:
        """Show what is stored for the former task called `row_id`, or compare the plan being looked through."""
        if row_id == COMPARE:
            self._session.read(draft_offer, self._offer, owner=self, key="draft")
        for row, entry in enumerate(self._waiting):
            if entry.task_id == row_id:
                self.lost.selectRow(row)

    def _show(self, found: PlanFacts) -> None:
        catalogue, newest = found.catalogue, next(iter(found.editions), None)
        assignable = sum(target.is_assignable for target in catalogue.targets)
        self.facts["title"].setText(catalogue.title)
        self.facts["years"].setText(catalogue.years_text)
        self.facts["contents"].setText(
            f"任务条款{len(catalogue.clauses)}条，目标指标{len(catalogue.targets)}项，其中可分解{assignable}项"
        )
        self.facts["source"].setText((newest and newest.document_name) or SHIPPED)
        self.facts["adopted"].setText(_moment(newest.adopted_at) if newest and newest.adopted_at else "建立填报文件时")
        self.former.show_rows([_edition_cells(edition) for edition in found.editions])
        self.former.fit_height()
        self.former_card.setVisible(len(found.editions) > 1)
        self._waiting = found.homeless
        self.lost.show_rows([_homeless_cells(entry) for entry in found.homeless])
        self.lost_card.setVisible(bool(found.homeless))
        self._tell_selection()

    # -- opening ----------------------------------------------------------------------------------------------

    def open_plan(self) -> None:
        """Let the clerk choose a plan's file and read it; `opened` follows."""
        name = self.choose_open()
        if not name:
            return

        def work(progress: Progress) -> Offer:
            from db.plan.plan_file import read_plan_file

            progress.step(0, 0, "正在读取方案")
            return offer_of(read_plan_file(Path(name)))

        self._session.job("读取方案", work, self.opened.emit)

    def _offer(self, offer: Offer | None) -> None:
        if offer is not None:
            self.opened.emit(offer)

    def _choose_open(self) -> str:
        return str(choose_file(self, "打开新方案", FILTER) or "")

    # -- what has no place ------------------------------------------------------------------------------------

    def _chosen(self) -> Homeless | None:
        rows = self.lost.selectionModel().selectedRows()
        return self._waiting[rows[0].row()] if rows and rows[0].row() < len(self._waiting) else None

    def _tell_selection(self) -> None:
        allow(self.rehouse_button, not self._session.read_only, self._chosen() is not None)

    def _rehouse(self) -> None:
        entry = self._chosen()
        if entry is not None and not self._session.read_only:
            self.rehouse_wanted.emit(entry)


def _facts(conn: sqlite3.Connection) -> PlanFacts:
    return PlanFacts(county_catalogue(conn), tuple(editions(conn)), tuple(homeless(conn)))


def _edition_cells(edition: Edition) -> list[TextCell]:
    return [
        TextCell(f"第{edition.number}版"),
        TextCell(edition.title, tip=edition.title),
        TextCell(edition.document_name or SHIPPED),
        TextCell(_moment(edition.adopted_at) or "建立填报文件时"),
    ]


def _homeless_cells(entry: Homeless) -> list[TextCell]:
    return [
        TextCell(entry.task_id.partition("@")[0], tip=entry.reason),
        TextCell(entry.title, tip=entry.text),
        TextCell(entry.place),
        TextCell("、".join(rows.words for rows in entry.rows)),
    ]


def _moment(at: str) -> str:
    return at.replace("T", " ")[:16]
