"""恢复备份: what the backup holds beside what there is now, before anything is replaced."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from db.store.backup import BackupInfo
from db.work.holdings import Holding
from desktop.widgets.basics import label
from desktop.widgets.dialog import Dialog
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
