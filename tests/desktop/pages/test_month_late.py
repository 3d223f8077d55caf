"""逾期与风险: narrowed to a town with its enterprises, and whom 督办单… proposes to write to."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import QItemSelectionModel

from db.work.monthly.late import LateKind
from db.work.monthly.model import COUNTY
from desktop.dialogs.supervision import SupervisionDialog
from desktop.pages.monthly import LATE
from desktop.widgets.month_late import MonthLate
from tests.desktop.month_page import HEATING, MARCH, Month


@pytest.fixture
def late(month: Month) -> MonthLate:
    """The list, with a town that is far behind."""
    month.file(MARCH, month.keys(HEATING)[0], amount=Decimal(1))
    month.page.show_view(LATE)
    return month.page.late


def test_the_list_narrows_to_a_town_with_its_enterprises(late: MonthLate) -> None:
    whole = len(late.lines)
    town = next(line.town for line in late.lines if line.key.assignee_kind == "enterprise" and line.town)
    late.owners.setCurrentIndex(late.owners.findData(f"town:{town}"))
    late.owners.activated.emit(late.owners.currentIndex())
    assert {line.town for line in late.shown} == {town}
    assert {line.key.assignee_kind for line in late.shown} == {"town", "enterprise"}
    assert late.chips[None].text() == f"全部 {len(late.shown)}" and len(late.shown) < whole
    late.refresh()
    assert {line.town for line in late.shown} == {town} and late.owners.currentData() == f"town:{town}"
    late.show_owner(f"{COUNTY}:{COUNTY}")
    assert {line.key.assignee_kind for line in late.shown} == {COUNTY}
    late.show_owner("department:nobody")
    assert not late.shown and late.nothing.isVisible()
    late.show_owner("")
    assert len(late.shown) == whole == late.table.rows_model.rowCount()


def proposed(late: MonthLate) -> set[tuple[str, str]]:
    late.issue()
    dialog = late.papers.dialog
    assert isinstance(dialog, SupervisionDialog)
    chosen = {who.key for who in dialog.model.checked}
    assert f"已选{len(chosen)}个" in dialog.count.text()
    dialog.reject()
    return chosen


def test_papers_are_proposed_to_those_of_the_selected_lines(late: MonthLate) -> None:
    rows = [row for row, line in enumerate(late.shown) if line.key.assignee_kind == "town"][:2]
    late.table.clearSelection()
    for row in rows:
        late.table.selectionModel().select(
            late.table.rows_model.index(row, 0),
            QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows,
        )
    assert proposed(late) == {late.shown[row].key[1:] for row in rows}


def test_papers_are_proposed_to_those_who_are_late_in_what_is_shown(late: MonthLate) -> None:
    overdue = {line.key[1:] for line in late.lines if line.kind is LateKind.LATE and line.key.assignee_kind != COUNTY}
    everybody = {owner.assignee.key for owner in late._owners}
    assert overdue and overdue < everybody and proposed(late) == overdue
    late.narrow(LateKind.AT_RISK)
    assert proposed(late) == {line.key[1:] for line in late.shown if line.key.assignee_kind != COUNTY}
