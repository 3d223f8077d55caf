"""How many issues wait to be dealt with: as a figure on 总览 and as words in the status line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.checking import Checking
from desktop.widgets.basics import FigureCard, Tone
from desktop.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from db.checks.model import Findings

TITLE = "审核问题"
NOT_BEGUN = "尚未开始填报"
"""Said of a county where nothing was filled in yet: what the rules find missing there is no fault of anyone's."""


class IssuesCard(FigureCard):
    """Shows the issues that wait, and follows the checking."""

    def __init__(self, checking: Checking, parent: QWidget | None = None) -> None:
        super().__init__(TITLE, parent)
        self._checking = checking
        checking.renewed.connect(self._show)
        checking.began.connect(self._show)
        self._show()

    def _show(self) -> None:
        findings = self._checking.findings
        if findings is None:
            self.show_figure("—", "正在审核" if self._checking.busy else "还没有审核")
            return
        if not self._checking.begun and not findings.may_export:
            self.show_figure("—", NOT_BEGUN)
            return
        blocking, waiting = len(findings.blocking), len(findings.unexplained)
        remark = f"强制性 {blocking}，说明 {waiting}" if blocking or waiting else "都已处理，可以上报"
        self.show_figure(str(blocking + waiting), remark, _tone(findings))


class IssuesInStatus(QObject):
    """Keeps the words in the status line."""

    def __init__(self, checking: Checking, line: StatusLine) -> None:
        super().__init__(line)
        self._checking, self._line = checking, line
        checking.renewed.connect(self._show)

    def _show(self) -> None:
        findings = self._checking.findings
        waiting = 0 if findings is None else len(findings.blocking) + len(findings.unexplained)
        if findings is None:
            self._line.show_value("issues", "")
        elif waiting and not self._checking.begun:
            self._line.show_value("issues", NOT_BEGUN)
        else:
            words = f"{waiting}个问题待处理" if waiting else "没有待处理的问题"
            self._line.show_value("issues", words, _tone(findings))


def _tone(findings: Findings) -> Tone:
    return "bad" if findings.blocking else "caution" if findings.unexplained else "good"
