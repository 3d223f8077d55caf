"""The chosen issue at the side: what is wrong, both values, how to mend it, the clause, and what is said about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from db.checks.model import Explanation, Issue, Level
from db.checks.rulebook import rulebook
from db.core.errors import DataProblem
from db.plan.catalogue import Catalogue
from desktop.widgets.basics import Badge, allow, button, label, link_button, primary_button, rule
from desktop.widgets.issue_tones import TONES
from desktop.widgets.scrolled import Scrolled

NOTHING_CHOSEN = "选中左边的一个问题，这里显示两边的数、怎么改和依据的条款。"
_EXAMPLE = "例如：机组检修停运两个月，发电量比上月少"
_WRITTEN_HEIGHT = 78
_CLAUSE_LENGTH = 12


class IssuePanel(QWidget):
    """Shows issues of one rule; `explained(reason, approved_by)` and `withdrawn` ask for what the page writes."""

    led_to = Signal()
    clause_wanted = Signal(str)
    doubles_wanted = Signal()
    explained = Signal(str, str)
    withdrawn = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.issues: tuple[Issue, ...] = ()
        self._lapsed: Explanation | None = None
        self._leader = ""
        self.stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        empty = label(NOTHING_CHOSEN, "secondary", wrap=True)
        empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        empty.setContentsMargins(14, 12, 14, 12)
        self.stack.addWidget(empty)
        inner = QWidget()
        self._lay_out(QVBoxLayout(inner))
        self.stack.addWidget(Scrolled(inner))

    # -- parts ------------------------------------------------------------------------------------------------

    def _lay_out(self, column: QVBoxLayout) -> None:
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(8)
        self.level = Badge()
        self.rule = label("", "secondary", wrap=True)
        head.addWidget(self.level, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.rule, 1)
        column.addLayout(head)
        self.place = label("", "title", wrap=True)
        self.what = label("", wrap=True)
        self.advice = label("", "secondary", wrap=True)
        column.addWidget(self.place)
        column.addWidget(self.what)
        column.addLayout(self._values())
        column.addWidget(self.advice)
        self.clause = link_button("", self._ask_clause)
        column.addWidget(self.clause)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        self.go = primary_button("去改这一格", self.led_to.emit)
        self.go.setToolTip("双击这一行，或按回车，也可以")
        self.doubles = button("左右对照…", self.doubles_wanted.emit)
        buttons.addWidget(self.go)
        buttons.addWidget(self.doubles)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addWidget(rule())
        column.addWidget(self._saying())
        column.addStretch(1)

    def _values(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        self.found, self.expected = label("", wrap=True), label("", wrap=True)
        for row, (word, value) in enumerate((("现在", self.found), ("应为", self.expected))):
            grid.addWidget(label(word, "secondary"), row, 0, Qt.AlignmentFlag.AlignTop)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(value, row, 1)
        grid.setColumnStretch(1, 1)
        return grid

    def _saying(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.heading = label("审核说明", "title")
        self.standing = label("", "secondary", wrap=True)
        self.reason = QPlainTextEdit()
        self.reason.setAccessibleName("审核说明")
        self.reason.setPlaceholderText(_EXAMPLE)
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(_WRITTEN_HEIGHT)
        self.approved_by = QLineEdit()
        self.approved_by.setAccessibleName("分管负责人")
        self.approved_by.setPlaceholderText("分管负责人姓名")
        self.approved_by.setMaxLength(60)
        self.fault = label("", "problem", wrap=True)
        self.fault.hide()
        self.save = button("保存说明", self._save)
        self.withdraw = link_button("撤销说明", self.withdrawn.emit)
        row = QHBoxLayout()
        row.addWidget(self.save)
        row.addWidget(self.withdraw)
        row.addStretch(1)
        for part in (self.heading, self.standing, self.reason, self.approved_by, self.fault):
            column.addWidget(part)
        column.addLayout(row)
        return made

    # -- showing ----------------------------------------------------------------------------------------------

    def show_issues(
        self, issues: Sequence[Issue], catalogue: Catalogue, *, writable: bool, lapsed: Explanation | None = None
    ) -> None:
        """Show the first of the issues, and how many more are chosen; what is being typed about the same ones stays."""
        same = [issue.key for issue in issues] == [issue.key for issue in self.issues]
        self.issues = tuple(issues)
        self.stack.setCurrentIndex(1 if issues else 0)
        if not issues:
            return
        issue = issues[0]
        self.level.show_state(issue.level.title, TONES[issue.level])
        self.rule.setText(f"{issue.rule} {rulebook()[issue.rule].title}")
        more = f"　等{len(issues)}处" if len(issues) > 1 else ""
        self.place.setText(f"{issue.place}{more}")
        self.place.setVisible(bool(issue.place or more))
        self.what.setText(issue.what)
        self.found.setText(issue.found or "—")
        self.expected.setText(issue.expected or "—")
        self.advice.setText(issue.advice)
        clause = next((each for each in catalogue.clauses if each.id == issue.clause), None)
        if clause is not None:
            # A button does not wrap: a long title would make the panel wider than there is room.
            short = clause.title if len(clause.title) <= _CLAUSE_LENGTH else f"{clause.title[:_CLAUSE_LENGTH]}…"
            self.clause.setText(f"依据：{clause.id} {short}")
            self.clause.setToolTip(f"{clause.id} {clause.title}")
        self.clause.setVisible(clause is not None)
        self.doubles.setVisible(issue.rule.startswith("D"))
        self._show_saying(issue, lapsed, writable=writable, keep=same)

    def _show_saying(self, issue: Issue, lapsed: Explanation | None, *, writable: bool, keep: bool) -> None:
        told, self._lapsed = issue.explanation, lapsed
        explainable = all(each.explainable for each in self.issues)
        one_rule = len({(each.rule, each.level) for each in self.issues}) == 1
        may = explainable and one_rule
        for part in (self.reason, self.save):
            part.setVisible(may)
        self.approved_by.setVisible(may and issue.level is Level.CONFIRM)
        self.withdraw.setVisible(may and writable and any(each.explanation for each in self.issues))
        self.heading.setVisible(issue.level is not Level.HINT or len(self.issues) > 1)
        self.standing.setText(self._words(issue, told, lapsed, explainable=explainable, one_rule=one_rule))
        self.reason.setReadOnly(not writable)
        self.approved_by.setReadOnly(not writable)
        allow(self.save, writable)
        typing = keep and (self.reason.hasFocus() or self.approved_by.hasFocus() or self.fault.isVisible())
        if not typing:
            written = self._written
            self.reason.setPlainText(written.reason if written else "")
            self.approved_by.setText(written.approved_by if written else self._leader)
            self.tell("")

    def offer_leader(self, name: str) -> None:
        """Have the name of who is in charge of the county's work stand where the one who agreed is written."""
        before, self._leader = self._leader, name
        if self.approved_by.text() in ("", before) and not self._written and not self.approved_by.hasFocus():
            self.approved_by.setText(name)

    @property
    def _written(self) -> Explanation | None:
        """Return what was written about the first of the issues, be it in force or lapsed."""
        told = self.issues[0].explanation if self.issues else None
        return told or self._lapsed

    def _words(
        self, issue: Issue, told: Explanation | None, lapsed: Explanation | None, *, explainable: bool, one_rule: bool
    ) -> str:
        if not one_rule:
            return "选中的问题不是同一条规则，说明要分开写。在左边点一条规则，按 Ctrl+A 选它的全部。"
        if not explainable:
            return "强制性问题不能用说明代替，要改好，或由市里的文件免审。" if issue.level is Level.BLOCKING else ""
        if len(self.issues) > 1:
            return f"为选中的{len(self.issues)}处写同一条说明。"
        if told is not None:
            day = f"，{told.written_on:%Y-%m-%d}" if told.written_on else ""
            return f"已说明（{told.author or '未署名'}{day}）。数变了，说明就失效。"
        if lapsed is not None:
            return f"数变了，原来的说明已失效。当时：{lapsed.values}；现在：{issue.values}。请核对后重新保存。"
        wanted = "写明原因，至少6个字"
        if issue.level is Level.CONFIRM:
            wanted += "，并写明由哪位分管负责人同意"
        return f"不用改的，请{wanted}；“核实无误”一类的话不能算说明。"

    def tell(self, fault: str) -> None:
        """Say what is wrong with what was written, "" for nothing."""
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))

    # -- asking -----------------------------------------------------------------------------------------------

    def _save(self) -> None:
        self.explained.emit(self.reason.toPlainText().strip(), self.approved_by.text().strip())

    def refused(self, failure: Exception) -> None:
        """Say why what was written was not taken; it stays."""
        self.tell(str(failure))
        approval = isinstance(failure, DataProblem) and failure.code == "explanation.approval"
        (self.approved_by if approval else self.reason).setFocus()

    def _ask_clause(self) -> None:
        if self.issues:
            self.clause_wanted.emit(self.issues[0].clause)
