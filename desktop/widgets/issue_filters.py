"""What of the issues is shown: chips by standing, lists of units and parts of the plan and kinds, words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from db.checks.queue import Narrowing, Standing, Unit
from db.exchange.package_kinds import kinds
from db.plan.catalogue import Catalogue
from desktop.widgets.basics import Tone, chip
from desktop.widgets.flow import FlowLayout
from desktop.widgets.month_filters import fill_list, filter_list

ANYBODY, WHOLE_PLAN, ALL_KINDS = "全部单位", "全部部分", "全部上报内容"
SEARCH_DELAY = 150
_TONES: dict[Standing, Tone] = {Standing.OPEN: "bad", Standing.EXPLAINED: "", Standing.NOTED: ""}


class IssueFilters(QWidget):
    """`changed` when something else is asked for; `wanted` says what."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        flow = FlowLayout()
        column.addLayout(flow)
        self.chips: dict[Standing | None, QPushButton] = {None: chip("全部", checked=True)}
        self.chips |= {each: chip(each.value, _TONES[each]) for each in Standing}
        for standing, made in self.chips.items():
            made.clicked.connect(lambda _checked=False, standing=standing: self.choose(standing))
            flow.addWidget(made)
        lists = FlowLayout()
        column.addLayout(lists)
        self.units, self.parts, self.kinds = (filter_list(words) for words in ("按单位看", "按部分看", "按上报内容看"))
        for each in (self.units, self.parts, self.kinds):
            each.activated.connect(lambda _: self.changed.emit())
            lists.addWidget(each)
        fill_list(self.kinds, ALL_KINDS, [(name, kind.title) for name, kind in kinds().items()])
        self.search = QLineEdit()
        self.search.setPlaceholderText("名称、首字母、规则编号")
        self.search.setAccessibleName("查找问题")
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(176)
        self._delay = QTimer(self, singleShot=True, interval=SEARCH_DELAY)
        self._delay.timeout.connect(self.changed)
        self.search.textChanged.connect(lambda _: self._delay.start())
        lists.addWidget(self.search)
        self._standing: Standing | None = None

    @property
    def wanted(self) -> Narrowing:
        """Return what is asked for, of all classes and rules."""
        return Narrowing(
            unit=str(self.units.currentData() or ""),
            part=str(self.parts.currentData() or ""),
            kind=str(self.kinds.currentData() or ""),
            standing=self._standing,
            words=self.search.text().strip(),
        )

    @property
    def narrows(self) -> bool:
        """Return whether anything is left out."""
        return self.wanted != Narrowing()

    def choose(self, standing: Standing | None, kind: str = "") -> None:
        """Show only issues that stand so, None for all; with `kind` only those that this kind of package has."""
        self._standing = standing
        if kind:
            self.kinds.setCurrentIndex(max(self.kinds.findData(kind), 0))
        for each, made in self.chips.items():
            made.setChecked(each is standing)
        self.changed.emit()

    def clear(self) -> None:
        """Ask for everything."""
        for each in (self.units, self.parts, self.kinds):
            each.setCurrentIndex(0)
        self.search.clear()
        self._delay.stop()
        self.choose(None)

    def offer(self, catalogue: Catalogue, units: Sequence[Unit]) -> None:
        """Offer these units; what was chosen stays."""
        for box, everything, entries in (
            (self.units, ANYBODY, [(unit.id, f"{unit.name}（{unit.count}）") for unit in units]),
            (self.parts, WHOLE_PLAN, [(part.id, part.title) for part in catalogue.parts]),
        ):
            chosen = box.currentData()
            fill_list(box, everything, entries)
            box.setCurrentIndex(max(box.findData(chosen), 0))

    def show_counts(self, counts: Mapping[Standing, int]) -> None:
        """Write on each chip how many issues are behind it."""
        for standing, made in self.chips.items():
            number = sum(counts.values()) if standing is None else counts.get(standing, 0)
            word = "全部" if standing is None else standing.value
            made.setText(f"{word} {number}")
