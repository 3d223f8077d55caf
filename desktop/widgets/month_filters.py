"""What of a month is shown: chips with counts, of which one holds, and lists of towns and of the plan's parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QSizePolicy, QWidget

from db.work.monthly.grid import MonthFilter, MonthGrid
from db.work.monthly.lamps import LampKind
from db.work.monthly.model import Filing
from desktop.widgets.basics import Tone, chip
from desktop.widgets.flow import FlowLayout

ALL_TOWNS, ALL_PARTS = "全部责任主体", "全部部分"


@dataclass(frozen=True)
class Choice:
    """A chip: its word, its tone while there is anything to see behind it, and what it lets through."""

    word: str
    wanted: MonthFilter
    tone: Tone = ""

    def count(self, grid: MonthGrid) -> int:
        """Return how many lines of the month it lets through."""
        if self.wanted.filing is not None:
            return grid.filings.get(self.wanted.filing, 0)
        if self.wanted.lamp is not None:
            return grid.lamps.get(self.wanted.lamp, 0)
        return grid.unreviewed if self.wanted.unreviewed else len(grid.lines)


CHOICES: Mapping[str, Choice] = {
    "all": Choice("全部", MonthFilter()),
    "missing": Choice("未报", MonthFilter(filing=Filing.MISSING)),
    "red": Choice(LampKind.RED.word, MonthFilter(lamp=LampKind.RED), "bad"),
    "yellow": Choice(LampKind.YELLOW.word, MonthFilter(lamp=LampKind.YELLOW), "caution"),
    "blue": Choice(LampKind.BLUE.word, MonthFilter(lamp=LampKind.BLUE)),
    "unreviewed": Choice("未核对", MonthFilter(unreviewed=True), "caution"),
    "no_data": Choice(Filing.NO_DATA.value, MonthFilter(filing=Filing.NO_DATA)),
}


class MonthFilters(QWidget):
    """`changed` when the clerk asks for something else; `wanted` says for what."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice = "all"
        self._assignee: tuple[str, str] | None = None
        self._task_id = ""
        self._group = QButtonGroup(self)
        self.chips = {name: chip(choice.word, choice.tone) for name, choice in CHOICES.items()}
        flow = FlowLayout()
        for number, made in enumerate(self.chips.values()):
            self._group.addButton(made, number)
            flow.addWidget(made)
        chips = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        chips.setSizePolicy(policy)
        chips.setLayout(flow)
        self.towns, self.parts = (self._list(words) for words in ("按镇街看", "按部分看"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(chips, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.towns)
        row.addWidget(self.parts)
        self.chips["all"].setChecked(True)
        self._group.idClicked.connect(lambda number: self._choose(list(CHOICES)[number]))

    def _list(self, name: str) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(name)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        made.setMaximumWidth(132)
        made.activated.connect(lambda _: self._listed())
        return made

    @property
    def wanted(self) -> MonthFilter:
        """Return what is asked for."""
        return replace(
            CHOICES[self._choice].wanted,
            town=str(self.towns.currentData() or ""),
            part=str(self.parts.currentData() or ""),
            assignee=self._assignee,
            task_id=self._task_id,
        )

    def offer(self, towns: Sequence[tuple[str, str]], parts: Sequence[tuple[str, str]]) -> None:
        """Offer these towns and parts (id, name); what was chosen stays."""
        for made, everything, entries in ((self.towns, ALL_TOWNS, towns), (self.parts, ALL_PARTS, parts)):
            chosen = made.currentData()
            made.clear()
            made.addItem(everything, "")
            for key, name in entries:
                made.addItem(name, key)
            made.setCurrentIndex(max(made.findData(chosen or ""), 0))

    def show_counts(self, grid: MonthGrid) -> None:
        """Write on each chip how many lines are behind it; those without any but 全部 and 未报 are left out."""
        for name, choice in CHOICES.items():
            count, made = choice.count(grid), self.chips[name]
            made.setText(f"{choice.word} {count}")
            made.setVisible(bool(count) or name in ("all", "missing", self._choice))

    def narrow(
        self,
        choice: str = "all",
        *,
        town: str = "",
        part: str = "",
        assignee: tuple[str, str] | None = None,
        task_id: str = "",
    ) -> None:
        """Ask for something by its names, as links do."""
        self._choice, self._assignee, self._task_id = choice if choice in CHOICES else "all", assignee, task_id
        self.chips[self._choice].setChecked(True)
        self.towns.setCurrentIndex(max(self.towns.findData(town), 0))
        self.parts.setCurrentIndex(max(self.parts.findData(part), 0))
        self.changed.emit()

    def _choose(self, choice: str) -> None:
        self._choice, self._assignee, self._task_id = choice, None, ""
        self.changed.emit()

    def _listed(self) -> None:
        self._assignee, self._task_id = None, ""
        self.changed.emit()
