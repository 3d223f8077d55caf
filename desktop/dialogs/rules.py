"""规则一览: the rules of 审核 with class, clause and threshold, what the city's files made of them; taking one in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from db.checks.rulebook import Rule, rulebook
from db.checks.settings import SettingLine, SettingsFile, load_settings, settings_in_force
from db.core.changes import Changes
from db.core.progress import Progress
from db.exchange.rule_settings_file import read_settings_file
from desktop.dialogs.form_dialog import Done, Failed, FormDialog
from desktop.dialogs.problems import show_problems
from desktop.file_choice import choose_files
from desktop.session import Session
from desktop.widgets.basics import allow, button, label
from desktop.widgets.dialog import Dialog
from desktop.widgets.issue_tones import TONES
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

KINDS = "规则设置 (*.json *.xlsx)"
WIDTH, HEIGHT = 940, 560
COLUMNS = (
    Column("编号", 62),
    Column("类别", 84),
    Column("规则"),
    Column("归类", 78),
    Column("条款", 70),
    Column("阈值", 96, number=True),
    Column("市里的设置", 250),
)


class RulesDialog(Dialog):
    """Lists the rules; `take` reads a settings file and shows what it changes before anything is stored."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("规则一览", "审核规则", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(WIDTH, HEIGHT)
        self._session = session
        self._set: dict[str, list[SettingLine]] = {}
        self.preview: SettingsDialog | None = None
        self.search = QLineEdit()
        self.search.setPlaceholderText("查找规则：编号、名称、归类")
        self.search.setAccessibleName("查找规则")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _: self._show())
        self.words = label("", "secondary", wrap=True)
        self.table = SimpleTable(COLUMNS)
        self.table.setAccessibleName("审核规则")
        for each in (self.words, self.search):
            self.body.addWidget(each)
        self.body.addWidget(self.table, 1)
        self.take_button = button("导入规则设置…", self.take, icon="import")
        allow(self.take_button, not session.read_only)
        self.add_at_left(self.take_button)
        self.add_button("关闭", self.accept, primary=True)
        session.changed.connect(self._on_changed)
        self.refresh()

    def refresh(self) -> None:
        """Read the city's settings anew."""
        self._session.read(settings_in_force, self._keep, owner=self, key="settings")

    def _on_changed(self, changes: Changes) -> None:
        if changes.touches("rule_setting"):
            self.refresh()

    def _keep(self, lines: list[SettingLine]) -> None:
        self._set = {}
        for line in lines:
            self._set.setdefault(line.rule.code, []).append(line)
        self._show()

    def _show(self) -> None:
        words = self.search.text().casefold().split()
        rules = [r for r in rulebook().values() if all(w in f"{r.code} {r.title} {r.group}".casefold() for w in words)]
        self.table.show_rows([_cells(rule, self._set) for rule in rules])
        tuned = f"，其中{len(self._set)}条按市里的文件调整过" if self._set else ""
        self.words.setText(f"共{len(rulebook())}条规则{tuned}。类别和阈值只能由市里下发的规则设置文件调整。")

    # -- the city's file --------------------------------------------------------------------------------------

    def choose(self) -> Path | None:
        """Return the file to read, None for none."""
        return next(iter(choose_files(self, "导入规则设置", KINDS)), None)

    def take(self) -> None:
        """Read a settings file, and show its faults or what it changes."""
        file = self.choose()
        if file is None:
            return

        def work(_progress: Progress) -> SettingsFile:
            return read_settings_file(file)

        self._session.job(f"读取{file.name}", work, self.show_file)

    def show_file(self, found: SettingsFile) -> None:
        """Show what was read."""
        if found.problems:
            heading = f"“{found.name}”有{len(found.problems)}个问题，没有导入。"
            show_problems(self, "导入规则设置", heading, found.problems, "请把问题告诉市里，改好后重新下发。")
            return
        self.preview = SettingsDialog(self._session, found, self)
        self.preview.open()


class SettingsDialog(FormDialog):
    """What a settings file would change, before it is stored in one step that can be undone."""

    def __init__(self, session: Session, file: SettingsFile, parent: QWidget | None = None) -> None:
        super().__init__("导入规则设置", f"导入规则设置：{file.name}", "导入", parent, width=720)
        self._session, self._file = session, file
        self.body.addWidget(label(f"共{len(file.lines)}条。同一条规则以前的设置由这次的代替。", "secondary", wrap=True))
        self.table = SimpleTable((Column("编号", 70), Column("改动")))
        self.table.show_rows([_line(line) for line in file.lines])
        self.table.setMinimumHeight(220)
        self.body.addWidget(self.table, 1)

    def save(self, done: Done, failed: Failed) -> None:
        file = self._file

        def taken(count: int) -> None:
            self._session.notice.emit(f"已导入{count}条规则设置，正在重新审核。")
            done(count)

        self._session.write("导入规则设置", lambda op: load_settings(op, file), taken, failed)


def _line(line: SettingLine) -> list[TextCell]:
    return [TextCell(line.rule.code), TextCell(line.sentence, tip=line.sentence)]


def _cells(rule: Rule, settings: Mapping[str, Sequence[SettingLine]]) -> list[TextCell]:
    told = "；".join(line.sentence for line in settings.get(rule.code, ()))
    threshold = "" if rule.threshold is None else f"{rule.threshold.normalize():f}{rule.unit}"
    return [
        TextCell(rule.code),
        TextCell(rule.level.title, TONES[rule.level], badge=True),
        TextCell(rule.title, tip=f"{rule.message}\n{rule.advice}"),
        TextCell(rule.group, "neutral"),
        TextCell(rule.clause or "本行条款", "neutral"),
        TextCell(threshold),
        TextCell(told or "—", "notice" if told else "neutral", tip=told),
    ]
