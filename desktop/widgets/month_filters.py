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

EVERYBODY, ALL_PARTS = "全部责任主体", "全部部分"
MOST_SEEN = 20


@dataclass(frozen=True)
class Choice:
    """A chip: its word, its tone while there is anything to see behind it, and what it lets through.

    One that is `linked` is seen only while a link asks for it.
    """

    word: str
    wanted: MonthFilter
    tone: Tone = ""
    linked: bool = False

    def count(self, grid: MonthGrid) -> int:
        """Return how many lines of the month it lets through."""
        if self.wanted.filing is not None:
            return grid.filings.get(self.wanted.filing, 0)
        if self.wanted.lamp is not None:
            return grid.lamps.get(self.wanted.lamp, 0)
        return grid.unreviewed if self.wanted.unreviewed else len(grid.places(self.wanted))


def county_chip(kind: str) -> str:
    """Return the name of the chip for the lines of tasks that have this lamp in the whole county."""
    return f"county_{kind}"


CHOICES: Mapping[str, Choice] = {
    "all": Choice("全部", MonthFilter()),
    "missing": Choice("未报", MonthFilter(filing=Filing.MISSING)),
    "red": Choice(LampKind.RED.word, MonthFilter(lamp=LampKind.RED), "bad"),
    "yellow": Choice(LampKind.YELLOW.word, MonthFilter(lamp=LampKind.YELLOW), "caution"),
    "blue": Choice(LampKind.BLUE.word, MonthFilter(lamp=LampKind.BLUE)),
    "unreviewed": Choice("未核对", MonthFilter(unreviewed=True), "caution"),
    "no_data": Choice(Filing.NO_DATA.value, MonthFilter(filing=Filing.NO_DATA)),
    **{
        county_chip(kind): Choice(f"全县{kind.word}的任务", MonthFilter(task_lamp=kind), linked=True)
        for kind in LampKind
    },
}


def filter_list(name: str) -> QComboBox:
    """Return a list to narrow a table by, which does not take the keyboard from it when it is clicked."""
    made = QComboBox()
    made.setAccessibleName(name)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    made.setMaximumWidth(132)
    made.setMaxVisibleItems(MOST_SEEN)
    return made


def fill_list(made: QComboBox, everything: str, entries: Sequence[tuple[str, str]]) -> None:
    """Offer everything, and these (key, name)."""
    made.clear()
    made.addItem(everything, "")
    for key, name in entries:
        made.addItem(name, key)


class MonthFilters(QWidget):
    """`changed` when the clerk asks for something else; `wanted` says for what."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice = "all"
        self._grid: MonthGrid | None = None
        # Kept beside the lists: a link may ask for a town before the names of the towns are there.
        self._owner = self._part = self._task_id = ""
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
        self.owners, self.parts = (filter_list(words) for words in ("按责任主体看", "按部分看"))
        for each in (self.owners, self.parts):
            each.activated.connect(lambda _: self._listed())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(chips, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.owners)
        row.addWidget(self.parts)
        self.chips["all"].setChecked(True)
        self._group.idClicked.connect(lambda number: self._choose(list(CHOICES)[number]))

    @property
    def wanted(self) -> MonthFilter:
        """Return what is asked for."""
        kind, _, who = self._owner.partition(":")
        return replace(
            CHOICES[self._choice].wanted,
            # A town's enterprises are seen with it.
            town=who if kind == "town" else "",
            assignee=(kind, who) if kind not in ("", "town") else None,
            part=self._part,
            task_id=self._task_id,
        )

    def offer(self, owners: Sequence[tuple[str, str]], parts: Sequence[tuple[str, str]]) -> None:
        """Offer these assignees (kind:id, name) and parts (id, name); what was chosen stays."""
        fill_list(self.owners, EVERYBODY, owners)
        fill_list(self.parts, ALL_PARTS, parts)
        self._show_lists()

    def _show_lists(self) -> None:
        self.owners.setCurrentIndex(max(self.owners.findData(self._owner), 0))
        self.parts.setCurrentIndex(max(self.parts.findData(self._part), 0))

    def show_counts(self, grid: MonthGrid) -> None:
        """Write on each chip how many lines are behind it; those without any but 全部 and 未报 are left out."""
        self._grid = grid
        for name, choice in CHOICES.items():
            made = self.chips[name]
            if choice.linked and name != self._choice:
                made.hide()
                continue
            count = choice.count(grid)
            made.setText(f"{choice.word} {count}")
            made.setVisible(bool(count) or name in ("all", "missing", self._choice))

    def narrow(self, choice: str = "all", *, owner: str = "", part: str = "", task_id: str = "") -> None:
        """Ask for something by its names, as links do: `owner` is town:id, enterprise:id, department:id …"""
        self._choice = choice if choice in CHOICES else "all"
        self._owner, self._part, self._task_id = owner, part, task_id
        self.chips[self._choice].setChecked(True)
        self._show_lists()
        self._changed()

    def _changed(self) -> None:
        """Tell of another wish; the chip of a link comes and goes with it."""
        if self._grid is not None:
            self.show_counts(self._grid)
        self.changed.emit()

    def _choose(self, choice: str) -> None:
        self._choice, self._task_id = choice, ""
        self._changed()

    def _listed(self) -> None:
        self._owner, self._part = str(self.owners.currentData() or ""), str(self.parts.currentData() or "")
        self._task_id = ""
        self.changed.emit()
