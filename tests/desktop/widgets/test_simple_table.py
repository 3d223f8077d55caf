"""A small table with many rows: they are made when they are looked at."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from desktop.widgets.simple_table import Column, MadeRows, SimpleTable, TextCell


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
