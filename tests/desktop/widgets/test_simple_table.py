"""A small table with many rows: they are made when they are looked at."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.widgets.simple_table import ELIDE_ROLE, Column, MadeRows, SimpleTable, TextCell


def test_of_many_rows_only_those_in_sight_are_made(qtbot: QtBot) -> None:
    made: list[int] = []

    def row(number: int) -> list[TextCell]:
        made.append(number)
        return [TextCell(f"第{number}行")]

    table = SimpleTable([Column("行")])
    qtbot.addWidget(table)
    table.show_rows(MadeRows(range(50_000), row))
    table.resize(300, 300)
    table.show()
    assert table.rows_model.rowCount() == 50_000
    table.scrollToBottom()
    assert table.rows_model.index(49_999, 0).data() == "第49999行"
    qtbot.waitUntil(lambda: 49_999 in made)
    table.grab()
    assert len(set(made)) < 100


def test_made_rows_are_a_sequence() -> None:
    rows = MadeRows("甲乙丙", lambda letter: [TextCell(letter)])
    assert [cells[0].text for cells in rows] == ["甲", "乙", "丙"]
    assert rows[-1][0].text == "丙" and [cells[0].text for cells in rows[1:]] == ["乙", "丙"]


def test_a_row_is_replaced_alone(qtbot: QtBot) -> None:
    table = SimpleTable([Column("字")])
    qtbot.addWidget(table)
    table.show_rows([[TextCell(letter)] for letter in "甲乙丙"])
    with qtbot.waitSignal(table.rows_model.dataChanged):
        table.rows_model.replace_row(1, [TextCell("丁")])
    assert [table.rows_model.index(row, 0).data() for row in range(3)] == ["甲", "丁", "丙"]


def test_a_column_keeps_both_ends_of_what_has_no_room(qtbot: QtBot) -> None:
    table = SimpleTable([Column("位置", 90, both_ends=True), Column("字", 90)])
    qtbot.addWidget(table)
    table.show_rows([[TextCell("燃煤锅炉淘汰")] * 2])
    drawn = [table.rows_model.index(0, column) for column in (0, 1)]
    assert [index.data(ELIDE_ROLE) for index in drawn] == [
        Qt.TextElideMode.ElideMiddle,
        Qt.TextElideMode.ElideRight,
    ]


def test_places_that_differ_at_their_end_look_different(qtbot: QtBot) -> None:
    table = SimpleTable([Column("位置", 150, both_ends=True)])
    qtbot.addWidget(table)
    table.resize(200, 150)
    table.show()
    head = "规模以上工业企业煤炭消费总量压减任务的年度分解，"
    looks = []
    for town in ("圣城街道", "稻田镇"):
        table.show_rows([[TextCell(head + town)]])
        looks.append(table.viewport().grab().toImage())
    assert looks[0] != looks[1]
