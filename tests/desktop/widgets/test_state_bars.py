"""The words under the bars of 总览 are all there, however narrow the page is."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.widgets.state_bars import LEGEND_LINE, Legend

WORDS = ("已完成", "部分", "余额不为零", "未分解", "是否涉及待定", "省下达待定", "不涉及")


def test_legend_wraps_where_the_width_ends(qtbot: QtBot) -> None:
    legend = Legend([(word, "line") for word in WORDS])
    qtbot.addWidget(legend)
    assert legend.heightForWidth(2000) == LEGEND_LINE
    assert legend.heightForWidth(300) > LEGEND_LINE
    boxes = legend.boxes(300)
    assert len(boxes) == len(WORDS)
    assert all(box.right() <= 300 for box in boxes)


def test_legend_is_as_high_as_its_lines(qtbot: QtBot) -> None:
    legend, card = Legend([(word, "line") for word in WORDS]), QWidget()
    qtbot.addWidget(card)
    column = QVBoxLayout(card)
    column.addWidget(legend)
    column.addStretch(1)
    card.resize(320, 400)
    card.show()
    assert legend.height() == legend.heightForWidth(legend.width()) > LEGEND_LINE
