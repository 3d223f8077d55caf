"""The sheet of a task: what is typed is saved and summed at once, what is refused stays in its cell."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db.core.values import State
from desktop.jobs import SyncJobs, Work
from desktop.models.assignment_model import AssignmentModel
from desktop.models.sheet import Edit, SheetModel, SheetRole
from desktop.models.sheet_column import Kind
from desktop.session import Session
from desktop.widgets.task_pane import TaskPane

HOUSEHOLDS, BOILERS, RATE = "08-06-1", "08-02-1", "05-06-2"


@pytest.fixture
def pane(qtbot: QtBot, empty_session: Session) -> TaskPane:
    pane = TaskPane(empty_session)
    qtbot.addWidget(pane)
    pane.show_task(HOUSEHOLDS)
    return pane


def column(model: AssignmentModel, year: int = 0, field: str = "") -> int:
    return next(c for c, each in enumerate(model.columns) if (each.year == year if year else each.field == field))


def total(pane: TaskPane, year: int) -> Decimal | None:
    assert pane.grid is not None
    return pane.grid.summaries[year].subtotal


def test_typed_number_is_saved_and_summed(pane: TaskPane, empty_session: Session) -> None:
    model = pane.model
    place = column(model, 2022)
    assert model.setData(model.index(0, place), "1,200")
    assert model.setData(model.index(1, place), "0.3万")
    assert model.shown(0, place) == "1,200"
    assert model.shown(1, place) == "3,000"
    assert total(pane, 2022) == 4200
    assert empty_session.undo_label == "文家街道2022年：3,000"
    empty_session.undo()
    assert model.shown(1, place) == ""
    assert total(pane, 2022) == 1200


@pytest.mark.parametrize(
    ("text", "why"), [("1.5户", "整数"), ("1.5", "整数"), ("-3", "负数"), ("很多", "不是一个数"), ("5吨", "单位")]
)
def test_refused_text_stays_in_its_cell(pane: TaskPane, text: str, why: str) -> None:
    model = pane.model
    place = column(model, 2022)
    index = model.index(2, place)
    assert not model.setData(index, text)
    assert model.data(index, Qt.ItemDataRole.DisplayRole) == text
    assert why in str(model.data(index, SheetRole.PROBLEM))
    assert model.stored(2, place) is None
    pane.show_task(RATE)
    pane.show_task(HOUSEHOLDS)
    assert model.shown(2, place) == text, "looking at another task loses nothing that was typed"
    assert model.setData(index, "3")
    assert model.problem(2, place) == ""
    assert model.stored(2, place) == 3


def test_zero_empty_and_states_are_four_things(pane: TaskPane) -> None:
    model = pane.model
    place = column(model, 2022)
    for row, text in enumerate(["0", "不涉及", "暂无数据", ""]):
        assert model.setData(model.index(row, place), text)
    cells = [model.stored(row, place) for row in range(4)]
    assert cells == [Decimal(0), State.NOT_APPLICABLE, State.NO_DATA, None]
    assert [model.shown(row, place) for row in range(4)] == ["0", "不涉及", "暂无数据", ""]
    assert pane.grid is not None
    assert pane.grid.summaries[2022].filled == 1


def test_cleared_enterprise_keeps_its_line(qtbot: QtBot, demo_session: Session) -> None:
    pane = TaskPane(demo_session)
    qtbot.addWidget(pane)
    pane.show_task("12-05-1")
    pane.show_task(HOUSEHOLDS)
    who = next(w for w in _everybody(demo_session) if w[0] == "enterprise")
    pane._added([who])
    model = pane.model
    row, place = model.row_of(who[1]), column(model, 2022)
    assert row >= 0
    model.setData(model.index(row, place), "7")
    model.clear([model.index(row, place)])
    assert model.stored(row, place) is None
    assert model.row_of(who[1]) == row


def _everybody(session: Session) -> list[tuple[str, str]]:
    from db.work.breakdown import assignees

    with session.county.reading() as conn:
        return [who.key for who in assignees(conn)]


def test_deadline_and_texts_belong_to_the_chosen_year(pane: TaskPane, empty_session: Session) -> None:
    model = pane.model
    deadline = column(model, field="deadline")
    assert model.setData(model.index(0, deadline), "2022年10月31日")
    assert model.setData(model.index(0, column(model, field="phone")), "0536-5221234")
    empty_session.year = 2023
    pane.year_changed()
    assert model.shown(0, column(model, field="deadline")) == ""
    assert model.heading(column(model, field="deadline")) == "2023年期限"
    empty_session.year = 2022
    pane.year_changed()
    assert model.shown(0, column(model, field="deadline")) == "2022-10-31"
    amount = model.index(0, column(model, 2022))
    assert "还没有填任务量" in str(amount.data(SheetRole.DOUBT))


def test_late_deadline_is_stored_and_doubted(pane: TaskPane) -> None:
    model = pane.model
    index = model.index(0, column(model, field="deadline"))
    assert model.setData(index, "2024.3.1")
    assert "晚于方案规定" in str(index.data(SheetRole.DOUBT))
    assert index.data(SheetRole.PROBLEM) == ""


def test_ticks_of_a_task_to_complete(pane: TaskPane) -> None:
    pane.show_task(BOILERS)
    model = pane.model
    place = column(model, 2022)
    assert all(each.kind is not Kind.TOTAL for each in model.columns)
    assert model.index(0, place).data(SheetRole.TICK) is False
    model.tick([model.index(0, place), model.index(1, place)], True)
    assert [model.index(row, place).data(SheetRole.TICK) for row in range(3)] == [True, True, False]
    assert model.setData(model.index(2, place), "是")
    model.tick([model.index(0, place)], False)
    assert pane.grid is not None
    assert pane.grid.summaries[2022].assigned == 2
    assert not model.setData(model.index(3, place), "也许")
    assert "打勾" in model.problem(3, place)


def test_filling_down_copies_the_top_cell(pane: TaskPane, empty_session: Session) -> None:
    model = pane.model
    place = column(model, 2022)
    model.setData(model.index(0, place), "50")
    assert model.fill_down([model.index(row, place) for row in range(4)]) == ""
    assert total(pane, 2022) == 200
    empty_session.undo()
    assert total(pane, 2022) == 50
    assert "没有可以填充" in model.fill_down([model.index(0, 0), model.index(1, 0)])


def test_filling_down_from_refused_text_is_told(pane: TaskPane) -> None:
    model = pane.model
    place = column(model, 2022)
    model.setData(model.index(0, place), "1.5")
    assert "还没有改好" in model.fill_down([model.index(0, place), model.index(1, place)])
    assert model.stored(1, place) is None


def test_block_pasted_by_names_finds_its_rows(pane: TaskPane, empty_session: Session) -> None:
    model = pane.model
    paste = model.plan_paste(0, 0, [["侯镇", "镇街", "1", "2", "3"], ["圣城", "", "4", "5", "6"]])
    assert not paste.problems()
    model.write(paste.edits())
    rows = {model.row_title(row): row for row in range(model.rowCount())}
    assert model.stored(rows["侯镇"], column(model, 2022)) == 2
    assert model.stored(rows["圣城街道"], column(model, 2023)) == 6
    empty_session.undo()
    assert total(pane, 2022) in (None, 0)


def test_block_with_a_problem_lands_nowhere(pane: TaskPane) -> None:
    model = pane.model
    block = [["1", "2"], ["1.5", "-2"], ["3", "x"]]
    paste = model.plan_paste(0, column(model, 2022), block)
    assert [(cell.text) for cell in paste.problems()] == ["1.5", "-2", "x"]
    assert paste.edits() == []
    unknown = model.plan_paste(0, 0, [["不存在镇", "镇街", "1"]])
    assert "不在责任主体里" in unknown.problems()[0].problem
    beyond = model.plan_paste(model.rowCount() - 1, column(model, 2022), [["1"], ["2"]])
    assert "超出" in beyond.problems()[0].problem
    assert beyond.overhang() == "粘贴的内容超出了表格，下面多出1行（共1格），没有对应的格子。"


def test_the_same_text_is_read_anew_in_another_column(pane: TaskPane) -> None:
    model = pane.model
    paste = model.plan_paste(0, column(model, 2023), [["2023", "", "2023"], ["2023", "", "2023"]])
    amount, _, deadline = paste.cells[1]
    assert (amount.value, amount.problem) == (Decimal(2023), "") and deadline.value is None
    assert deadline.problem == paste.cells[0][2].problem != ""


def test_the_sum_of_a_selection_is_that_of_its_values(pane: TaskPane) -> None:
    model = pane.model
    years = [column(model, year) for year in (2021, 2022, 2023)]
    model.enter(0, years[0], "1.5万")
    model.enter(1, years[1], "暂无数据")
    model.enter(2, years[2], "0")
    places = [(row, place) for row in range(4) for place in years]
    assert model.count_and_sum(places) == SheetModel.count_and_sum(model, places) == (2, Decimal(15000))


def test_the_sum_of_a_selection_has_what_is_being_saved(pane: TaskPane, monkeypatch: pytest.MonkeyPatch) -> None:
    model = pane.model
    years = [column(model, year) for year in (2021, 2022, 2023)]
    for row, text in enumerate(("100", "7", "暂无数据")):
        model.enter(row, years[1], text)
    monkeypatch.setattr(AssignmentModel, "store", lambda *_: None)  # on its way, and not there yet
    model.write([Edit(0, years[1], Decimal(40)), Edit(1, years[1], None), Edit(3, years[2], Decimal("2.5"))])
    places = [(row, place) for row in range(5) for place in years]
    assert model.count_and_sum(places) == SheetModel.count_and_sum(model, places) == (2, Decimal("42.5"))


def test_three_columns_for_two_land_nowhere(pane: TaskPane) -> None:
    model = pane.model
    years = model.plan_paste(0, column(model, 2022), [["1", "2", "", "3"]])
    assert [cell.text for cell in years.problems()] == ["3"], "the year's deadline follows the sum and is no number"
    last = model.plan_paste(0, len(model.columns) - 2, [["0536-5221234", "备注", "多一列"]])
    assert [(cell.text, "超出" in cell.problem) for cell in last.problems()] == [("多一列", True)]
    assert (years.edits(), last.edits()) == ([], [])


def test_computed_columns_in_a_block_are_not_written(pane: TaskPane) -> None:
    model = pane.model
    paste = model.plan_paste(0, column(model, 2023), [["9", "999", "2023-10-1"]])
    assert not paste.problems()
    assert [edit.column for edit in paste.edits()] == [column(model, 2023), column(model, field="deadline")]


class HeldJobs(SyncJobs):
    """Writes wait until `let_go`."""

    def __init__(self) -> None:
        super().__init__()
        self.held: list[Work] = []
        self.holding = False

    def write(self, work: Work) -> None:
        if self.holding:
            self.held.append(work)
        else:
            super().write(work)

    def let_go(self) -> None:
        self.holding = False
        held, self.held = self.held, []
        for work in held:
            super().write(work)


def test_entries_show_before_they_are_saved(qtbot: QtBot, empty_session: Session) -> None:
    folder = empty_session.folder
    empty_session.close_county()
    jobs = HeldJobs()
    session = Session(jobs=jobs, author="王芳")
    session.open_folder(folder)
    pane = TaskPane(session)
    qtbot.addWidget(pane)
    pane.show_task(HOUSEHOLDS)
    model, place = pane.model, column(pane.model, 2022)
    jobs.holding = True
    model.setData(model.index(0, place), "5")
    model.setData(model.index(1, place), "6")
    pane.reload()
    assert [model.shown(0, place), model.shown(1, place)] == ["5", "6"]
    assert model.stored(0, place) is None
    jobs.let_go()
    assert [model.stored(0, place), model.stored(1, place)] == [5, 6]
    session.undo()
    assert [model.shown(0, place), model.shown(1, place)] == ["5", ""]
    session.close()


def test_failed_save_keeps_the_text_and_says_why(qtbot: QtBot, demo_session: Session) -> None:
    pane = TaskPane(demo_session)
    qtbot.addWidget(pane)
    pane.show_task(HOUSEHOLDS)
    model, place = pane.model, column(pane.model, 2022)
    town = model.rows[0].assignee

    def lose_town(op: object) -> None:
        op.conn.execute("UPDATE town SET deleted_at = ? WHERE id = ?", ("2022", town.id))  # type: ignore[attr-defined]

    # Another window's work that this sheet has not seen yet.
    with demo_session.county.operation("删除镇街") as op:
        lose_town(op)
    model.setData(model.index(0, place), "123")
    assert model.shown(0, place) == "123"
    assert "基础信息" in model.problem(0, place)
