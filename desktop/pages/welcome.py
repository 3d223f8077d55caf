"""What the window shows when no county is open: begin a new one, open one, or look at the demo."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop import look
from desktop.opening import documents
from desktop.settings import Settings, login_name
from desktop.widgets.basics import Card, ElidedLabel, button, icon_button, label, link_button, primary_button, rule
from desktop.widgets.scrolled import Scrolled

WIDTH = 800
ZONES = "功能区"
STEPS = (
    ("town", "选好单位，镇街、部门和方案任务就都在了"),
    ("breakdown", "把任务分解到镇街、企业，余额随时可见"),
    ("submit", "导出可核验的上报包"),
)


class WelcomePage(QWidget):
    """Says what the clerk wants; `new_wanted` carries the folder and the key of the reporting unit."""

    new_wanted = Signal(object, str)
    folder_wanted = Signal(object)
    demo_wanted = Signal()
    choose_wanted = Signal()
    restore_wanted = Signal()
    arrived_wanted = Signal()
    city_wanted = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self._settings = settings
        self._folder_chosen = False
        self.units = QComboBox()
        self.units.setAccessibleName("填报单位")
        self.units.setMaxVisibleItems(18)
        self.author = QLineEdit(settings.author)
        self.author.setPlaceholderText(login_name())
        self.author.setMaxLength(40)
        self.folder = QLineEdit()
        self.create_button = primary_button("新建", self._create)
        self.problem = label("", "problem", wrap=True)
        self.problem.hide()
        self._fill_units()
        centre = QVBoxLayout()
        centre.setSpacing(14)
        centre.addLayout(self._heading())
        cards = QHBoxLayout()
        cards.setSpacing(14)
        cards.addWidget(self._new_card(), 3)
        cards.addWidget(self._open_card(), 2)
        centre.addLayout(cards)
        box = QWidget()
        box.setFixedWidth(WIDTH)
        box.setLayout(centre)
        inside = QWidget()
        middle = QVBoxLayout(inside)
        middle.addStretch(2)
        middle.addWidget(box, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addStretch(3)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(Scrolled(inside))

    def _fill_units(self) -> None:
        from db.core.divisions import reporting_units

        for unit in reporting_units():
            self.units.addItem(unit.name if unit.kind == "county" else f"{unit.name}（{ZONES}）", unit.key)
        self.units.setCurrentIndex(-1)
        self.units.setPlaceholderText("请选择")
        self.units.currentIndexChanged.connect(self._unit_chosen)
        self.folder.textEdited.connect(self._folder_edited)

    def _heading(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addWidget(label("“四减四增”县级填报系统", "page-title"))
        row = QHBoxLayout()
        row.setSpacing(6)
        for icon, words in STEPS:
            picture = QLabel()
            picture.setPixmap(look.pixmap(icon, "accent", 18))
            row.addWidget(picture)
            row.addWidget(label(words, "secondary"))
            row.addSpacing(14)
        row.addStretch(1)
        column.addLayout(row)
        return column

    def _new_card(self) -> Card:
        card = Card("新建县级填报")
        grid = QGridLayout()
        grid.setVerticalSpacing(10)
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(1, 1)
        browse = icon_button("folder", "选择保存位置", self._browse)
        for row, (word, widget) in enumerate(
            (("填报单位", self.units), ("经办人", self.author), ("保存位置", self.folder))
        ):
            name = label(word, "field")
            name.setBuddy(widget)
            grid.addWidget(name, row, 0)
            grid.addWidget(widget, row, 1)
        grid.addWidget(browse, 2, 2)
        card.body.addLayout(grid)
        card.body.addWidget(self.problem)
        card.body.addWidget(label("数据保存在这个文件夹里，复制文件夹就是复制全部数据。", "small", wrap=True))
        row_of_button = QHBoxLayout()
        row_of_button.addStretch(1)
        row_of_button.addWidget(self.create_button)
        card.body.addLayout(row_of_button)
        card.body.addStretch(1)
        return card

    def _open_card(self) -> Card:
        card = Card("打开")
        recent = self._settings.recent[:5]
        if recent:
            lines = QVBoxLayout()
            lines.setSpacing(0)
            for folder in recent:
                lines.addLayout(self._recent(folder))
            card.body.addLayout(lines)
            card.body.addWidget(rule())
        card.body.addWidget(button("打开文件夹…", self.choose_wanted.emit, icon="folder-open"))
        card.body.addWidget(button("打开工作包或交接包…", self.arrived_wanted.emit, icon="package"))
        card.body.addWidget(button("从备份恢复…", self.restore_wanted.emit, icon="recover"))
        card.body.addWidget(button("打开演示（寿光市，示例数据）", self.demo_wanted.emit, icon="play"))
        card.body.addStretch(1)
        card.body.addWidget(link_button("我是市里：核收上报包", self.city_wanted.emit))
        return card

    def _recent(self, folder: Path) -> QHBoxLayout:
        """Return one line: five of them leave room for the buttons on a low screen."""
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(link_button(folder.name, lambda: self.folder_wanted.emit(folder)))
        row.addWidget(ElidedLabel(str(folder.parent), "small"), 1)
        return row

    def _unit_chosen(self) -> None:
        if not self._folder_chosen:
            self.folder.setText(str(documents() / self.units.currentText().partition("（")[0]))
        self.problem.hide()

    def _folder_edited(self) -> None:
        self._folder_chosen = True
        self.problem.hide()

    def _browse(self) -> None:
        dialog = QFileDialog(self, "选择保存位置", self.folder.text() or str(documents()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._take_folder)
        dialog.open()

    def _take_folder(self, name: str) -> None:
        self.folder.setText(name)
        self._folder_edited()

    def _create(self) -> None:
        key = self.units.currentData()
        fault = ""
        if key is None:
            fault = "请先选择填报单位。"
        elif not self.folder.text().strip():
            fault = "请选择保存位置。"
        elif (Path(self.folder.text().strip()) / "county.db").exists():
            fault = "这个文件夹里已经有县级数据，请用右边的“打开文件夹”，或换一个保存位置。"
        self.problem.setText(fault)
        self.problem.setVisible(bool(fault))
        if not fault:
            self._settings.author = self.author.text()
            self.new_wanted.emit(Path(self.folder.text().strip()), key)
