"""The steps of the export wizard: what to send, what is in it, where to, and what came of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from db.core.period import Period
from db.exchange.contents import Contents
from desktop.file_choice import choose_folder
from desktop.widgets.basics import button, label, link_button
from desktop.widgets.segmented import Segmented
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

if TYPE_CHECKING:
    from db.exchange.submissions import PackageResult

HELP = {
    "plan": "县级目标、按年度分解到镇街和企业的任务、不涉及的说明，以及镇街、部门、企业名单。",
    "monthly": "这个月各镇街、企业、部门的进度填报和项目月报，以及目标、任务分解和督办措施。导出后这个月锁定。",
    "annual": "这一年每项任务的完成数、完成率、得分、算式和说明，不涉及的说明，以及目标、任务分解和佐证附件。",
    "final": "整个方案每项任务的完成数、得分、算式和说明，各年的目标、任务分解和佐证附件；在方案最后一年的次年上报。",
    "registers": "全部项目清单的当前内容和佐证附件，以及镇街、部门、企业名单。",
}
MIB = 1024 * 1024


def _column(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(18, 16, 18, 16)
    column.setSpacing(10)
    return column


def size_words(size: int) -> str:
    """Return a number of bytes as people say it."""
    if size < MIB:
        return f"{max(1, round(size / 1024))} KB" if size else "0 KB"
    return f"{size / MIB:,.1f} MB"


class ChooseStep(QWidget):
    """Kind and year, or month for the kinds in `monthly`; those in `closing` come in the year after the last."""

    changed = Signal()

    def __init__(
        self,
        titles: Mapping[str, str],
        years: Sequence[int],
        year: int,
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
        column = _column(self)
        column.addWidget(label("上报什么", "title"))
        for number, (name, title) in enumerate(self._titles.items()):
            choice = QRadioButton(title)
            choice.setChecked(number == 0)
            self._group.addButton(choice, number)
            help_line = label(HELP.get(name, ""), "secondary", wrap=True)
            help_line.setContentsMargins(24, 0, 0, 6)
            column.addWidget(choice)
            column.addWidget(help_line)
        self._year_title = label("年度", "title")
        column.addWidget(self._year_title)
        self.years = Segmented([(each, str(each)) for each in years])
        self.years.set_value(year)
        column.addWidget(self.years)
        self._month_title = label("月份", "title")
        self.months = QComboBox()
        self.months.setAccessibleName("月份")
        self.months.addItems([f"{month}月" for month in range(1, 13)])
        self.months.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        column.addWidget(self._month_title)
        column.addWidget(self.months)
        column.addStretch(1)
        self._show_months()
        self.changed.connect(self._show_months)
        self._group.idClicked.connect(lambda _number: self.changed.emit())
        self.months.activated.connect(lambda _place: self.changed.emit())
        self.years.changed.connect(lambda _year: self.changed.emit())

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
        for widget in (self._month_title, self.months):
            widget.setVisible(self.kind in self._monthly)
        for each in (self._year_title, self.years):
            each.setVisible(self.kind not in self._closing)

    def set_kind(self, name: str) -> None:
        """Choose a kind."""
        self._group.button(list(self._titles).index(name)).setChecked(True)
        self.changed.emit()

    def set_year(self, year: int) -> None:
        """Choose a year."""
        self.years.set_value(year)
        self.changed.emit()


class ContentsStep(QWidget):
    """What the package would hold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = _column(self)
        self.table = SimpleTable(
            [Column("包含内容"), Column("行数", 80, number=True), Column("控制合计", 210), Column("状态", 88)]
        )
        column.addWidget(self.table, 1)
        self.summary = label("", "secondary", wrap=True)
        column.addWidget(self.summary)
        self.remarks_title = label("请留意", "title")
        self.remarks = label("", wrap=True)
        column.addWidget(self.remarks_title)
        column.addWidget(self.remarks)

    def show_contents(self, found: Contents) -> None:
        """Show the tables, the attachments and the remarks."""
        rows = [
            [
                TextCell(line.title, tip=line.name),
                TextCell(f"{line.rows:,}"),
                TextCell(line.total or "—"),
                TextCell("齐全", "good", badge=True) if line.rows else TextCell("空表", "neutral", badge=True),
            ]
            for line in found.lines
        ]
        files = TextCell(
            "随包" if found.attachments else "没有", "good" if found.attachments else "neutral", badge=True
        )
        rows.append(
            [
                TextCell("佐证附件"),
                TextCell(str(found.attachments)),
                TextCell(size_words(found.attachment_bytes)),
                files,
            ]
        )
        self.table.show_rows(rows)
        replaces = f"，代替 {found.replaces}" if found.replaces else ""
        self.summary.setText(f"将写成 {found.file_name}（第{found.sequence}次{replaces}）；另有汇总表和上报函。")
        self.remarks.setText("\n".join(found.remarks))
        self.remarks_title.setVisible(bool(found.remarks))
        self.remarks.setVisible(bool(found.remarks))


class FolderStep(QWidget):
    """Where the package goes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = _column(self)
        column.addWidget(label("保存到哪个文件夹", "title"))
        row = QHBoxLayout()
        row.setSpacing(8)
        self.edit = QLineEdit()
        self.edit.setAccessibleName("保存上报包的文件夹")
        self.edit.textChanged.connect(lambda _text: self._describe())
        row.addWidget(self.edit, 1)
        row.addWidget(button("选择…", self._choose, icon="folder"))
        column.addLayout(row)
        self.space = label("", "secondary")
        self.fault = label("", "problem", wrap=True)
        self.fault.hide()
        self.file = label("", "secondary", wrap=True)
        for part in (self.space, self.file, self.fault):
            column.addWidget(part)
        column.addStretch(1)

    @property
    def path(self) -> Path:
        """Return the folder."""
        return Path(self.edit.text().strip()).expanduser()

    def set_default(self, folder: Path) -> None:
        """Propose `folder` unless one was chosen already."""
        if not self.edit.text().strip():
            self.edit.setText(str(folder))

    def show_file(self, name: str) -> None:
        """Say what the file will be called."""
        self.file.setText(f"文件名：{name}")

    def tell(self, sentence: str) -> None:
        """Show what is wrong, or nothing."""
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))

    def problem(self) -> str:
        """Return what is wrong with the folder as far as can be seen now, "" for nothing."""
        if not self.edit.text().strip():
            return "还没有选择文件夹。请选择上报包保存的位置。"
        if not self.path.is_absolute():
            return "请写完整的文件夹路径，或点“选择…”。"
        if self.path.exists() and not self.path.is_dir():
            return f"“{self.path}”不是文件夹。请另选一个。"
        if self.path.is_dir() and not os.access(self.path, os.W_OK):
            return f"“{self.path}”不能写入。请检查U盘的写保护开关，或另选一个文件夹。"
        return ""

    def _describe(self) -> None:
        self.tell("")
        place = next((folder for folder in (self.path, *self.path.parents) if folder.is_dir()), None)
        try:
            self.space.setText("" if place is None else f"可用空间 {size_words(shutil.disk_usage(place).free)}")
        except OSError:
            self.space.setText("")

    def _choose(self) -> None:
        chosen = choose_folder(self, "选择保存上报包的文件夹", self.edit.text())
        if chosen is not None:
            self.edit.setText(str(chosen))


class DoneStep(QWidget):
    """What was written and how it can be recognised."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = _column(self)
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
        note = "校验码印在上报函上。把函打印、盖章，和上报包一起报送；市里核对两处一致即可确认来源。可以安全拔出U盘。"
        column.addWidget(label(note, "secondary", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(button("打开所在文件夹", self._open, icon="folder-open"))
        row.addWidget(link_button("复制校验码", self._copy))
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        self._path = Path()

    def show_result(self, result: PackageResult) -> None:
        """Show a package that was written and verified."""
        self._path = result.path
        self.heading.setText("✓ 上报包已写好，并重新打开逐项校验通过。")
        self.values["文件"].setText(str(result.path))
        self.values["大小"].setText(size_words(result.path.stat().st_size))
        self.values["行数"].setText(f"{result.row_count:,} 行")
        self.values["SHA-256"].setText(_grouped(result.sha256))
        self.values["校验码"].setText(_grouped(result.data_sha256))

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path.parent)))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.values["校验码"].text())


def _grouped(digest: str) -> str:
    """Return a digest in groups of eight, so that two can be compared by eye and the line can break."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))
