"""恢复备份: what the backup holds beside what there is now, before anything is replaced; or where it is to lie."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from db.store.backup import BackupInfo
from db.work.holdings import Holding
from desktop.file_choice import choose_folder
from desktop.widgets.basics import icon_button, label
from desktop.widgets.dialog import Dialog
from desktop.widgets.scrolled import Scrolled
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

SHOWN, WIDTH = 12, 560


class RestoreDialog(Dialog):
    """Accepted when the clerk wants the backup; a backup of another county is told loudly."""

    def __init__(
        self, info: BackupInfo, holdings: list[Holding], county_code: str, parent: QWidget | None = None
    ) -> None:
        super().__init__("恢复备份", f"恢复到 {moment(info.made_at)} 的备份？", parent, tone="caution")
        self.setMinimumWidth(WIDTH)
        facts = f"填报单位：{info.county_name or '未填写'}　最后保存：{moment(info.last_saved_at) or '无'}"
        self.body.addWidget(label(facts, "secondary", wrap=True))
        self.other_county = label(wrap=True, tone="bad")
        if info.county_code != county_code:
            self.other_county.setText("这是另一个填报单位的备份，恢复后这个文件夹就成为它的数据。")
            self.body.addWidget(self.other_county)
        self.table = SimpleTable(
            [Column("内容"), Column("现在", 96, number=True), Column("备份中", 96, number=True), Column("变化", 96)]
        )
        self.table.show_rows([_cells(holding) for holding in holdings])
        self.table.fit_height()
        self.table.setMaximumHeight(32 + 30 * SHOWN)
        self.body.addWidget(self.table)
        if info.absent:
            self.body.addWidget(label(f"备份时有{len(info.absent)}个佐证附件已丢失，备份里没有。", tone="caution"))
        kept = "现在的数据会先自动备份到 backups 文件夹再替换，需要时可以再恢复回来。恢复后不能用“撤销”退回。"
        self.body.addWidget(label(kept, "secondary", wrap=True))
        self.add_button("取消", self.reject)
        self.restore_button = self.add_button("恢复", self.accept, primary=True)
        self.resize(WIDTH, self.heightForWidth(WIDTH))


class RestoreElsewhereDialog(Dialog):
    """Says what a file is (`lines`), and asks where the county in it is to lie; `wanted` has the folder."""

    wanted = Signal(object)

    def __init__(
        self,
        title: str,
        heading: str,
        lines: Sequence[str],
        accept: str,
        folder: Path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, heading, parent)
        self.setMinimumWidth(WIDTH)
        self.body.addWidget(_scrolling(lines), 1)
        self.folder = QLineEdit(str(folder))
        self.folder.setAccessibleName("保存位置")
        place = QHBoxLayout()
        place.addWidget(label("保存位置", "field"))
        place.addWidget(self.folder, 1)
        place.addWidget(icon_button("folder", "选择保存位置", self._choose))
        self.body.addLayout(place)
        self.fault = label("", "problem", wrap=True)
        self.fault.hide()
        self.body.addWidget(self.fault)
        self.folder.textChanged.connect(lambda _: self._tell(""))
        self.add_button("取消", self.reject)
        self.restore_button = self.add_button(accept, self._take, primary=True)

    def _choose(self) -> None:
        chosen = choose_folder(self, "选择保存位置", self.folder.text())
        if chosen is not None:
            self.folder.setText(str(chosen))

    def _tell(self, sentence: str) -> None:
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))

    def _take(self) -> None:
        folder = Path(self.folder.text().strip())
        if not folder.is_absolute():
            self._tell("请写完整的文件夹路径，或点右边的按钮选择。")
        elif (folder / "county.db").exists():
            self._tell("这个文件夹里已经有县级数据。请换一个文件夹，或先打开它，再在“基础信息”里恢复。")
        else:
            self.accept()
            self.wanted.emit(folder)


def _scrolling(lines: Sequence[str]) -> Scrolled:
    """Return the lines, which a backup of a full county has more of than a screen has room for."""
    told = QWidget()
    column = QVBoxLayout(told)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    for line in lines:
        column.addWidget(label(line, "secondary", wrap=True))
    return Scrolled(told)


def moment(at: str) -> str:
    """Return local ISO time as people read it, to the minute."""
    return at.replace("T", " ")[:16]


def _cells(holding: Holding) -> list[TextCell]:
    change = holding.then - holding.now
    word = "不变" if not change else f"增加{change:,}" if change > 0 else f"减少{-change:,}"
    return [
        TextCell(holding.title),
        TextCell(f"{holding.now:,}"),
        TextCell(f"{holding.then:,}"),
        TextCell(word, "neutral" if not change else "caution", badge=True),
    ]
