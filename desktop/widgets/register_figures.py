"""What the rows of a register come to for the plan's targets: one line each, leading to the target."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.work.target_figures import TargetFigure
from desktop.widgets.basics import label, link_button, rule

MOST = 3


class RegisterFigures(QWidget):
    """Shows up to three figures with their arithmetic; `chosen` carries a target's id."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentences: list[str] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._body: QWidget | None = None
        self.hide()

    def show_figures(self, figures: Sequence[TargetFigure]) -> None:
        """Replace the lines."""
        if self._body is not None:
            self._column.removeWidget(self._body)
            self._body.deleteLater()
        self.sentences = [figure.sentence for figure in figures]
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(rule())
        for figure in figures[:MOST]:
            row = QHBoxLayout()
            row.setContentsMargins(13, 3, 13, 1)
            row.setSpacing(8)
            name = link_button(figure.target_id, partial(self.chosen.emit, figure.target_id))
            name.setToolTip(figure.indicator)
            row.addWidget(name)
            row.addWidget(label(f"{figure.indicator}：{figure.sentence}", wrap=True), 1)
            column.addLayout(row)
        if len(figures) > MOST:
            column.addWidget(label(f"　还有{len(figures) - MOST}项，见任务分解。", "small"))
        self._column.addWidget(self._body)
        self.setVisible(bool(figures))
