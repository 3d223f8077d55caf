"""快捷键与版本: the keys that work everywhere, and what program this is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.crash import system
from desktop.widgets.basics import button, label, rule
from desktop.widgets.dialog import Dialog
from desktop.widgets.scrolled import Scrolled

KEYS = (
    ("Ctrl+K", "搜索任务、项目、企业、镇街（汉字、拼音首字母或代码）"),
    ("Ctrl+1 … Ctrl+8", "切换页面"),
    ("Ctrl+Z / Ctrl+Y", "撤销、重做，关闭程序后再打开也可以"),
    ("Enter / Tab", "在表格中：向下、向右一格"),
    ("直接输入、F2", "在表格中：改写、修改单元格；Esc 放弃"),
    ("Delete", "在表格中：清空所选单元格"),
    ("Ctrl+C / Ctrl+V", "在表格中：与 Excel、WPS 互相复制粘贴一块单元格"),
    ("Ctrl+D", "在表格中：用所选的第一行向下填充；月调度中沿用上月"),
    ("Ctrl+E", "月调度中：把所选的行标为已核对；PageUp、PageDown 加 Ctrl 换月份"),
    ("Ctrl+P", "打印所在的表格，或存为PDF"),
    ("F1", "打开使用手册，翻到所在的页面"),
)
WORDS = "填写的内容随时自动保存，不需要按保存。删除的内容在回收站里，可以恢复。"
LICENCE = "使用 Qt（LGPL v3）、Python 等开放源代码软件。"


class AboutDialog(Dialog):
    """The keys, and the versions for a report; `diagnosis_wanted` by a clerk who is to send more than them."""

    diagnosis_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("快捷键与版本", "“四减四增”县级填报系统", parent)
        self.setMinimumWidth(520)
        self.body.addWidget(label(WORDS, wrap=True))
        self.body.addWidget(rule())
        inner = QWidget()
        keys = QGridLayout(inner)
        keys.setContentsMargins(0, 0, 0, 0)
        keys.setHorizontalSpacing(18)
        keys.setVerticalSpacing(7)
        keys.setColumnStretch(1, 1)
        for row, (key, words) in enumerate(KEYS):
            keys.addWidget(label(key, tone="good"), row, 0)
            keys.addWidget(label(words), row, 1)
        self.body.addWidget(Scrolled(inner), 1)
        self.body.addWidget(rule())
        self.body.addWidget(label(f"{system()}\n{LICENCE}", "small", wrap=True))
        self.diagnosis_button = button("诊断…", self.diagnosis_wanted.emit)
        self.diagnosis_button.setToolTip("写出一个压缩包，发给维护人员查找问题；里面没有填报的内容")
        self.add_at_left(self.diagnosis_button)
        self.add_button("关闭", self.accept, primary=True)
