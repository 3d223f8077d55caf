"""The first and the last step of the export wizard: what to send, and what came of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from db.core.period import Period
from db.reports.letter import grouped
from desktop.outside import open_outside
from desktop.widgets.basics import button, label, link_button
from desktop.widgets.segmented import Segmented
from desktop.widgets.submit_parts import size_words, step_column

if TYPE_CHECKING:
    from db.exchange.submissions import PackageResult

HELP = {
    "plan": "县级目标、按年度分解到镇街和企业的任务、不涉及的说明，以及镇街、部门、企业名单。",
    "monthly": "这个月各镇街、企业、部门的进度填报和项目月报，以及目标、任务分解和督办措施。导出后这个月锁定。",
    "annual": "这一年每项任务的完成数、完成率、得分、算式和说明，不涉及的说明，以及目标、任务分解和佐证附件。",
    "final": "整个方案每项任务的完成数、得分、算式和说明，各年的目标、任务分解和佐证附件；在方案最后一年的次年上报。",
    "registers": "全部项目清单的当前内容和佐证附件，以及镇街、部门、企业名单。",
}


class ChooseStep(QWidget):
    """Kind and year, or month for the kinds in `monthly`; those in `closing` come in the year after the last.

    It begins with the year and month of `period`, above the kinds: there they are seen on any screen.
    """

    changed = Signal()

    def __init__(
        self,
        titles: Mapping[str, str],
        years: Sequence[int],
        period: Period,
        parent: QWidget | None = None,
        *,
        monthly: Collection[str] = (),
        closing: Collection[str] = (),
    ) -> None:
        super().__init__(parent)
        self._monthly, self._closing = frozenset(monthly), frozenset(closing)
        self._year_after = str(years[-1] + 1)
        self._titles = dict(titles)
        self._group = QButtonGroup(self)
        column = step_column(self)
        column.addLayout(self._when(years))
        column.addWidget(label("上报什么", "title"))
        for number, (name, title) in enumerate(self._titles.items()):
            choice = QRadioButton(title)
            choice.setChecked(number == 0)
            self._group.addButton(choice, number)
            help_line = label(HELP.get(name, ""), "secondary", wrap=True)
            help_line.setContentsMargins(24, 0, 0, 0)
            together = QVBoxLayout()
            together.setSpacing(0)
            together.addWidget(choice)
            together.addWidget(help_line)
            column.addLayout(together)
        column.addStretch(1)
        self.changed.connect(self._show_months)
        self.set_period(period)
        self._group.idClicked.connect(lambda _number: self.changed.emit())
        self.months.activated.connect(lambda _place: self.changed.emit())
        self.years.changed.connect(lambda _year: self.changed.emit())

    def _when(self, years: Sequence[int]) -> QHBoxLayout:
        self.years = Segmented([(each, str(each)) for each in years])
        self.months = QComboBox()
        self.months.setAccessibleName("月份")
        self.months.addItems([f"{month}月" for month in range(1, 13)])
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(label("哪一期", "title"))
        for each in (self.years, self.months):
            kept = QSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            kept.setRetainSizeWhenHidden(True)  # the kinds below stay where they are while one is chosen
            each.setSizePolicy(kept)
            row.addWidget(each)
        self.after = label(f"{self._year_after}年", "secondary")
        row.insertWidget(1, self.after)
        row.addStretch(1)
        return row

    @property
    def kind(self) -> str:
        """Return the name of the kind that is chosen."""
        return list(self._titles)[self._group.checkedId()]

    @property
    def kind_title(self) -> str:
        """Return the title of the kind that is chosen."""
        return self._titles[self.kind]

    @property
    def period(self) -> str:
        """Return the year or month that is chosen: 2022, 2022-03."""
        if self.kind in self._closing:
            return self._year_after
        year = str(self.years.value)
        return f"{year}-{self.months.currentIndex() + 1:02}" if self.kind in self._monthly else year

    @property
    def period_title(self) -> str:
        """Return what is chosen as people say it: 2022年, 2022年3月."""
        return Period.parse(self.period).title

    def _show_months(self) -> None:
        self.months.setVisible(self.kind in self._monthly)
        self.years.setVisible(self.kind not in self._closing)
        self.after.setVisible(self.kind in self._closing)

    def set_kind(self, name: str) -> None:
        """Choose a kind."""
        self._group.button(list(self._titles).index(name)).setChecked(True)
        self.changed.emit()

    def set_period(self, period: Period) -> None:
        """Choose a year and the month in it."""
        self.years.set_value(period.year)
        self.months.setCurrentIndex((period.month or 1) - 1)
        self.changed.emit()


class DoneStep(QWidget):
    """What was written and how it can be recognised; `letter_wanted` when the letter is to be opened."""

    letter_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = step_column(self)
        self.heading = label("", "title", tone="good")
        column.addWidget(self.heading)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        self.values = {}
        for number, word in enumerate(("文件", "大小", "行数", "SHA-256", "校验码")):
            value = label("", wrap=True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.values[word] = value
            grid.addWidget(label(word, "secondary"), number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, number, 1)
        column.addLayout(grid)
        note = "校验码印在上报函上。把函打印、盖章，和上报包一起报送；市里核对两处一致即可确认来源。之后可拔U盘。"
        column.addWidget(label(note, "secondary", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(16)
        self.letter_button = button("打开上报函", self.letter_wanted.emit, icon="print")
        row.addWidget(self.letter_button)
        row.addWidget(button("打开所在文件夹", self._open, icon="folder-open"))
        row.addWidget(link_button("复制校验码", self._copy))
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        self._path = Path()

    def show_result(self, result: PackageResult) -> None:
        """Show a package that was written and verified."""
        self._path = result.path
        sealed = "加了密码，" if result.encrypted else ""
        self.heading.setText(f"√ 上报包已写好，{sealed}并重新打开逐项校验通过。")
        self.values["文件"].setText(str(result.path))
        self.values["大小"].setText(size_words(result.path.stat().st_size))
        self.values["行数"].setText(f"{result.row_count:,} 行")
        self.values["SHA-256"].setText(grouped(result.sha256))
        self.values["校验码"].setText(grouped(result.data_sha256))

    def _open(self) -> None:
        open_outside(self._path.parent)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.values["校验码"].text())
