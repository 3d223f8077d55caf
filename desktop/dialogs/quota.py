"""县级目标…: what the city assigned for a target and year, with its paper; every earlier value is kept and shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from db.core.errors import DataProblem
from db.core.fields import Field, load_schema
from db.core.units import convert_rounded, convertible, decimals_of
from db.core.values import Cell
from db.plan.catalogue import Target
from db.work.amounts import in_unit_of
from db.work.arithmetic import figure
from db.work.quota_effect import Effect, effect
from db.work.quota_history import QuotaChange, history
from db.work.quotas import Quota, clear_quota, quotas, set_quota
from db.work.tasks import city_unit_of, title_of, unit_of
from desktop.dialogs.form_dialog import Done, Failed, FormDialog
from desktop.session import Session
from desktop.widgets.basics import allow, label, restyle
from desktop.widgets.segmented import Segmented

MOST_NAMES = 6
HISTORY = ("时间", "原来", "改为", "文号", "理由", "经办人")


class QuotaDialog(FormDialog):
    """Sets one quota; a change of an existing one needs 文号 and 理由, which the county file's rules ask for."""

    def __init__(self, session: Session, target: Target, year: int, parent: QWidget | None = None) -> None:
        super().__init__("县级目标", title_of(target), "保存", parent, width=560)
        self._session = session
        self._target = target
        self._schema = load_schema("quota")
        self._present: dict[int, Quota] = {}
        self.years = Segmented([(each, f"{each}年") for each in session.catalogue.years])
        self.years.set_value(year)
        self.amount = QLineEdit()
        self.amount.setPlaceholderText("如 30800 或 3.08万")
        self.unit = QComboBox()
        for each in dict.fromkeys([unit_of(target), city_unit_of(target)]):
            if each:
                self.unit.addItem(each)
        self.unit.setEnabled(self.unit.count() > 1)
        self.document_number = QLineEdit()
        self.document_number.setPlaceholderText("如 潍四减四增办〔2022〕1号")
        self.issued_on = QLineEdit()
        self.issued_on.setPlaceholderText("如 2022.3.28")
        self.reason = QPlainTextEdit()
        self.reason.setPlaceholderText("第一次录入可以不填；改动原来的数必须写明。")
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(58)
        self.equals = label("", "secondary")
        self.effect = label("", wrap=True)
        self.effect.hide()
        self.past = _HistoryTable()
        self._lay_out()
        self.years.changed.connect(lambda _: self._fill())
        self.amount.textEdited.connect(lambda _: self._judge())
        self.unit.currentIndexChanged.connect(lambda _: self._judge())
        for edit in (self.document_number, self.issued_on):
            edit.textEdited.connect(lambda _: self.tell(""))
        allow(self.accept_button, not session.read_only)
        session.read(quotas, self._take, owner=self)

    def _lay_out(self) -> None:
        self.body.addWidget(self.years)
        form = QGridLayout()
        form.setHorizontalSpacing(10)
        form.setVerticalSpacing(8)
        form.setColumnStretch(1, 1)
        form.addWidget(label("县级目标", "field"), 0, 0)
        form.addWidget(self.amount, 0, 1)
        form.addWidget(self.unit, 0, 2)
        form.addWidget(self.equals, 1, 1, 1, 2)
        for row, (name, edit) in enumerate(
            (("文号", self.document_number), ("下达日期", self.issued_on), ("调整理由", self.reason)), 2
        ):
            title = label(name, "field")
            title.setContentsMargins(0, 6, 0, 0)  # level with the first line of what stands beside it
            form.addWidget(title, row, 0, Qt.AlignmentFlag.AlignTop)
            form.addWidget(edit, row, 1, 1, 2)
        self.body.addLayout(form)
        self.body.addWidget(self.effect)
        self.past_title = label("历史", "field")
        self.body.addWidget(self.past_title)
        self.body.addWidget(self.past, 1)

    @property
    def year(self) -> int:
        """Return the year that is being edited."""
        found = self.years.value
        assert isinstance(found, int)
        return found

    def _take(self, found: dict[str, dict[int, Quota]]) -> None:
        self._present = found.get(self._target.id, {})
        if not self._is_typed():
            self._fill()

    def _is_typed(self) -> bool:
        """Return whether something was typed before the quotas had been read."""
        return any(edit.isModified() for edit in (self.amount, self.document_number, self.issued_on))

    def _fill(self) -> None:
        """Show the chosen year's quota and its history."""
        present = self._present.get(self.year)
        amounts = self._amount_field()
        self.amount.setText(amounts.edit(present.amount) if present else "")
        if present and present.unit:
            place = self.unit.findText(present.unit)
            if place < 0:
                self.unit.addItem(present.unit)
                place = self.unit.count() - 1
            self.unit.setCurrentIndex(place)
        self.document_number.setText(present.document_number if present else "")
        self.issued_on.setText(self._schema.field("issued_on").edit(present.issued_on) if present else "")
        self.reason.setPlainText("")
        self.accept_button.setText("保存" if present is None else "保存改动")
        self._judge()
        self.amount.setFocus()
        self.amount.selectAll()
        target_id, year = self._target.id, self.year
        self._session.read(lambda conn: history(conn, target_id, year), self._show_history, owner=self, key="history")

    def _show_history(self, steps: list[QuotaChange]) -> None:
        self.past.show_steps(steps)
        self.past_title.setText("历史" if steps else "历史：还没有录入过。")
        self.past.setVisible(bool(steps))
        self.adjustSize()

    def _amount_field(self) -> Field:
        """Return the field that reads an amount in the chosen unit."""
        unit = self.unit.currentText()
        field = self._schema.field("amount")
        # Negative amounts are refused when they are saved, in better words than a limit's.
        return replace(field, unit=unit, decimals=decimals_of(unit) if unit else field.decimals, minimum=None)

    def _judge(self) -> None:
        """Say what the amount is in the other unit, or what is wrong with it, while it is typed."""
        text, unit = self.amount.text(), self.unit.currentText()
        try:
            amount = self._amount_field().parse(text)
        except DataProblem as problem:
            self.tell(str(problem))
            self.equals.setText("")
            self._show_effect(Effect())
            return
        self.tell("")
        words = (spelt_out(text, amount, unit), other_unit(self._target, amount, unit))
        self.equals.setText("，".join(filter(None, words)))
        self._ask_effect(amount, unit)

    def _ask_effect(self, amount: Cell, unit: str) -> None:
        """Look up what the amount would do to the breakdown there is."""
        if not isinstance(amount, Decimal):
            self._show_effect(Effect())
            return
        catalogue, target_id, year = self._session.catalogue, self._target.id, self.year
        try:
            in_unit = in_unit_of(self._target, amount, unit)
        except DataProblem as problem:
            self.tell(str(problem))
            return
        self._session.read(
            lambda conn: effect(conn, catalogue, target_id, year, in_unit),
            self._show_effect,
            owner=self,
            key="effect",
        )

    def _show_effect(self, found: Effect) -> None:
        """Say what no longer adds up: a clerk sees it before saving, and in the tree and the sheet afterwards."""
        names = [f"{name} {figure(amount)}" for name, amount in found.shares[:MOST_NAMES]]
        more = f"等{len(found.shares)}个" if len(found.shares) > MOST_NAMES else ""
        listed = f"涉及：{'、'.join(names)}{more}。" if names else ""
        self.effect.setText(found.sentence + listed)
        restyle(self.effect, "tone", "bad" if not found.ok else "caution" if found.beyond else "")
        self.effect.setVisible(bool(found.sentence))

    def values(self) -> tuple[Cell, date | None]:
        """Return amount and date; DataProblem says what cannot be read."""
        issued = self._schema.field("issued_on").parse(self.issued_on.text())
        return self._amount_field().parse(self.amount.text()), issued if isinstance(issued, date) else None

    def save(self, done: Done, failed: Failed) -> None:
        try:
            amount, issued_on = self.values()
        except DataProblem as problem:
            failed(problem)
            return
        year, target = self.year, self._target
        number, reason = self.document_number.text().strip(), self.reason.toPlainText().strip()
        unit = self.unit.currentText()
        if amount is None:
            if self._present.get(year) is None:
                failed(DataProblem("还没有填县级目标。", advice="请填写数字，没有下达可以取消。"))
                return
            self._session.write(
                f"{title_of(target)}{year}年县级目标：清除",
                lambda op: clear_quota(op, target_id=target.id, year=year, document_number=number, reason=reason),
                done,
                failed,
            )
            return
        self._session.write(
            f"{title_of(target)}{year}年县级目标：{self._amount_field().show(amount)}{unit}",
            lambda op: set_quota(
                op,
                target_id=target.id,
                year=year,
                amount=amount,
                unit=unit,
                document_number=number,
                issued_on=issued_on,
                reason=reason,
            ),
            done,
            failed,
        )


def spelt_out(text: str, amount: Cell, unit: str) -> str:
    """Return what was typed as the number it stands for (1.2万 → 即12,000户), "" where it is one already."""
    if not isinstance(amount, Decimal) or text.strip().replace(",", "").replace(".", "").isdecimal():
        return ""
    return f"即{figure(amount, unit)}"


def other_unit(target: Target, amount: Cell, unit: str) -> str:
    """Return what `amount` is in the target's other unit (合 3.08万户), "" where there is none."""
    own, city = unit_of(target), city_unit_of(target)
    other = city if unit == own else own
    if not isinstance(amount, Decimal) or not other or other == unit or not convertible(unit, other):
        return ""
    return f"合{figure(convert_rounded(amount, unit, other, decimals=6), other)}"


class _HistoryTable(QTableWidget):
    """The earlier values, newest first."""

    def __init__(self) -> None:
        super().__init__(0, len(HISTORY))
        self.setProperty("cells", "padded")
        self.setHorizontalHeaderLabels(list(HISTORY))
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(len(HISTORY) - 1, QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(28)
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setMinimumHeight(120)
        self.hide()

    def show_steps(self, steps: list[QuotaChange]) -> None:
        """Show the steps of a quota's history."""
        self.setRowCount(len(steps))
        for row, step in enumerate(steps):
            before = "—" if step.before is None else figure(step.before, step.before_unit)
            after = "清除" if step.after is None else figure(step.after, step.after_unit)
            words = (step.at.replace("T", " ")[:16], before, after, step.document_number, step.reason, step.author)
            for column, word in enumerate(words):
                item = QTableWidgetItem(word)
                item.setToolTip(word if column else step.label)
                self.setItem(row, column, item)
