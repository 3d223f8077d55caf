"""Rows that give way: chips wrap, buttons move into 更多 and work from there."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.app import make_app
from desktop.widgets.basics import button, chip
from desktop.widgets.flow import ButtonRow, ElidedButton, FlowLayout


def test_a_button_ends_its_words_only_where_they_do_not_fit(qtbot: QtBot) -> None:
    make_app()
    made = ElidedButton("圣城街道（镇街）", lambda: None, icon="town")
    qtbot.addWidget(made)
    made.resize(made.sizeHint())
    made.grab()
    assert made.toolTip() == ""
    made.resize(made.width() - 8, made.height())
    made.grab()
    assert made.toolTip() == "圣城街道（镇街）"


def test_chips_wrap_where_the_width_ends(qtbot: QtBot) -> None:
    make_app()
    host = QWidget()
    qtbot.addWidget(host)
    layout = FlowLayout()
    host.setLayout(layout)
    chips = [chip(f"未分解 {number}") for number in range(6)]
    for each in chips:
        layout.addWidget(each)
    line = layout.heightForWidth(2000)
    assert layout.heightForWidth(220) >= 2 * line
    host.resize(220, 200)
    host.show()
    assert all(host.rect().contains(each.geometry()) for each in chips)
    assert not any(
        one.geometry().intersects(other.geometry()) for place, one in enumerate(chips) for other in chips[:place]
    )
    for each in chips[1:]:
        each.hide()
    assert layout.heightForWidth(220) == line, "what is hidden takes no room"


def test_buttons_without_room_are_found_in_the_menu(qtbot: QtBot) -> None:
    make_app()
    pressed: list[str] = []
    row = ButtonRow([button("分配…"), button("添加…"), button("县级目标…", lambda: pressed.append("县级目标…"))])
    qtbot.addWidget(row)
    row.resize(600, 32)
    row.show()
    assert row.more.isHidden()
    assert row.menu().actions() == []
    row.resize(162, 32)
    entries = row.menu().actions()
    assert [entry.text() for entry in entries] == ["添加…", "县级目标…"]
    entries[1].trigger()
    assert pressed == ["县级目标…"]
