from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from db.core.errors import Problem
from desktop.app import make_app
from desktop.dialogs.problems import SHOWN, show_problems
from desktop.widgets.basics import Badge, Card, ElidedLabel, FigureCard, chip, icon_button, link_button
from desktop.widgets.dialog import ask, tell
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.segmented import Segmented
from desktop.widgets.toast import Banner, Toast


def test_segmented_chooses_by_mouse_and_keys(qtbot: QtBot) -> None:
    make_app()
    choice = Segmented([(2021, "2021"), (2022, "2022"), (2023, "2023")])
    qtbot.addWidget(choice)
    told: list[object] = []
    choice.changed.connect(told.append)
    choice.set_value(2022)
    assert (choice.value, told) == (2022, [])
    choice.button(2023).click()
    QTest.keyClick(choice, Qt.Key.Key_Right)
    QTest.keyClick(choice, Qt.Key.Key_Left)
    assert (choice.value, told) == (2022, [2023, 2022])


def test_bold_word_moves_nothing(qtbot: QtBot) -> None:
    make_app()
    choice = Segmented([(1, "按任务"), (2, "按镇街、企业")])
    qtbot.addWidget(choice)
    choice.show()
    before = [choice.button(key).width() for key in (1, 2)]
    choice.button(2).click()
    assert [choice.button(key).width() for key in (1, 2)] == before


def test_figure_card_is_a_button(qtbot: QtBot) -> None:
    card = FigureCard("红灯")
    qtbot.addWidget(card)
    card.show_figure("2", "上月 3", "bad")
    clicks: list[bool] = []
    card.clicked.connect(lambda: clicks.append(True))
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    QTest.keyClick(card, Qt.Key.Key_Space)
    QTest.keyClick(card, Qt.Key.Key_Return)
    assert len(clicks) == 3
    assert (card.figure.text(), card.figure.property("tone"), card.remark.text()) == ("2", "bad", "上月 3")


def test_elided_label_tells_the_rest(qtbot: QtBot) -> None:
    line = ElidedLabel("牵头：市住建局、市发改委、市生态环境局、市财政局")
    qtbot.addWidget(line)
    line.resize(80, 24)
    line.grab()
    assert line.toolTip() == line.text()
    line.resize(800, 24)
    line.grab()
    assert line.toolTip() == ""


def test_a_badge_has_a_word_and_a_tone(qtbot: QtBot) -> None:
    badge = Badge("已完成", "good")
    qtbot.addWidget(badge)
    badge.show_state("未填报", "bad")
    assert (badge.text(), badge.property("badge")) == ("未填报", "bad")


def test_card_without_title_has_no_title_line(qtbot: QtBot) -> None:
    card = Card()
    qtbot.addWidget(card)
    assert not card.title.isVisibleTo(card)
    card.set_title("项目清单")
    assert card.title.isVisibleTo(card)


def test_buttons_call_without_arguments(qtbot: QtBot) -> None:
    calls: list[tuple[object, ...]] = []
    for made in (
        link_button("查看", lambda *args: calls.append(args)),
        icon_button("undo", "撤销", lambda *a: calls.append(a)),
    ):
        qtbot.addWidget(made)
        made.click()
    pill = chip("全部", checked=True)
    qtbot.addWidget(pill)
    assert calls == [(), ()]
    assert pill.isChecked()


def test_empty_page_says_what_to_do(qtbot: QtBot) -> None:
    calls: list[str] = []
    page = EmptyState(
        "projects",
        "还没有项目",
        "登记或导入。",
        ("新增", lambda: calls.append("a")),
        ("导入", lambda: calls.append("b")),
    )
    qtbot.addWidget(page)
    for made in page.findChildren(QPushButton):
        made.click()
    assert calls == ["a", "b"]
    page.say("没有符合条件的项目")
    assert not page.text.isVisibleTo(page)


def test_toast_goes_by_itself_but_errors_stay(qtbot: QtBot) -> None:
    make_app()
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(900, 600)
    host.show()
    toast = Toast(host)
    toast._timer.setInterval(10)
    acted: list[bool] = []
    toast.say("已撤销：新增企业", action=("重做", lambda: acted.append(True)))
    assert toast.isVisible()
    qtbot.waitUntil(lambda: not toast.isVisible())
    toast.say("一个很长的句子。" * 30, "bad")
    assert not toast._timer.isActive()
    assert toast.width() <= 720
    assert toast.height() > 60
    assert host.rect().contains(toast.geometry())
    toast.say("已保存。")
    assert toast.y() >= host.height() - 44, "over the status line, not over the sums at the foot of a sheet"
    host.resize(500, 400)
    assert host.rect().contains(toast.geometry())
    toast.say("短", action=("重做", lambda: acted.append(True)))
    toast.action.click()
    assert acted == [True]
    assert not toast.isVisible()


def test_banner_stays_when_it_may_not_be_closed(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    banner.say("只读打开", closable=False)
    assert not banner.close_button.isVisibleTo(banner)
    banner.say("")
    assert not banner.isVisible()


def test_questions_do_only_what_is_confirmed(qtbot: QtBot) -> None:
    done: list[str] = []
    for button_word in ("取消", "删除"):
        dialog = ask(None, "删除", "删除 3 行？", "可以从回收站恢复。", yes="删除", on_yes=lambda: done.append("yes"))
        qtbot.addWidget(dialog)
        next(each for each in dialog.findChildren(QPushButton) if each.text() == button_word).click()
    assert done == ["yes"]


def test_sentence_with_folded_details(qtbot: QtBot) -> None:
    dialog = tell(None, "没有完成", "磁盘空间已满。", "请清理磁盘。", tone="bad", details="errno 28")
    qtbot.addWidget(dialog)
    assert not dialog.details.isVisible()
    dialog.accept()


def test_problems_are_listed_and_copied(qtbot: QtBot) -> None:
    problems = [Problem("x", f"第{number}个问题。", "请改正。", f"第{number}行") for number in range(SHOWN + 5)]
    dialog = show_problems(None, "粘贴", "没有粘贴", problems, "表格没有改动。")
    qtbot.addWidget(dialog)
    assert dialog.table.rowCount() == SHOWN
    dialog.copy_all()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "位置\t问题\t怎么办"
    assert lines[-1] == f"第{SHOWN + 4}行\t第{SHOWN + 4}个问题。\t请改正。"
    dialog.accept()
