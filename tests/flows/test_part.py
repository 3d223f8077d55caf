"""A work package through the windows of two people: out, opened, worked on, given back, taken in; and once more."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QListView
from pytestqt.qtbot import QtBot

from db.work.assignments import set_assignment
from db.work.opening import open_county
from db.work.quotas import set_quota
from db.work.setup import new_county, town_id
from desktop.main_window import MainWindow
from tests.flows.clerk import KEY, Clerk, cell
from tests.flows.test_window import open_heating

TOWNS = ("370783001", "370783003")


def test_a_part_goes_out_and_comes_home_twice(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    county, theirs, back = tmp_path / "寿光", tmp_path / "同事的电脑" / "工作包", tmp_path / "交回"
    begin(county)
    chief, colleague = Clerk(qtbot, tmp_path / "王芳"), Clerk(qtbot, tmp_path / "李明")
    monkeypatch.setattr("desktop.pages.give_back.choose_folder", lambda *_: back)
    sent = hand_out(chief, county, tmp_path / "U盘")
    open_part(colleague, sent, theirs)
    work(colleague, "1300")
    first = give_back(colleague, back)
    take_in(chief, county, first)
    assert amounts(county) == {TOWNS[0]: 1300, TOWNS[1]: 800}
    colleague.start(theirs)
    colleague.wait(lambda: colleague.reads("工作包：圣城街道 · 回交给王芳"))
    work(colleague, "1350")
    second = give_back(colleague, back)
    take_in(chief, county, second)
    assert amounts(county) == {TOWNS[0]: 1350, TOWNS[1]: 800}


def begin(county: Path) -> None:
    with new_county(county, county="370783", author="王芳") as made, made.operation("分解") as op:
        set_quota(op, target_id="08-06-1", year=2022, amount=Decimal(3000), document_number="潍〔2022〕1号")
        for code, amount in zip(TOWNS, (1200, 800), strict=True):
            values = {"amount": Decimal(amount)}
            set_assignment(
                op, task_id="08-06-1", year=2022, assignee_kind="town", assignee_id=town_id(code), values=values
            )


def amounts(county: Path) -> dict[str, Decimal]:
    sql = "SELECT t.code, a.amount / 1000000 FROM assignment a JOIN town t ON t.id = a.assignee_id"
    with open_county(county, author="王芳") as opened, opened.reading() as conn:
        return dict(conn.execute(sql))


def hand_out(clerk: Clerk, county: Path, stick: Path) -> Path:
    """Choose a town; a clause that the plan does not have is said in place, and what was chosen stays."""
    clerk.settings.author = "王芳"
    clerk.start(county)
    clerk.wait(lambda: clerk.reads("寿光市 — "))
    clerk.press("收发")
    clerk.press("工作包…")
    clerk.press("镇街")
    clerk.wait(lambda: all(each.model().rowCount() for each in clerk.seen(QListView, lambda _: True)))
    clerk.fill("名称、拼音首字母或代码", "圣城")
    clerk.key(KEY.Key_Down)
    clerk.key(KEY.Key_Space)
    clerk.wait(lambda: clerk.reads("已选镇街1个"))
    clerk.fill("任务条款编号", "99-99")
    clerk.fill("保存到", str(stick))
    clerk.press("写出工作包")
    clerk.wait(lambda: clerk.reads("方案里没有任务“99-99”"))
    field = clerk.field("任务条款编号")
    field.clear()
    clerk.press("写出工作包")
    clerk.wait(lambda: clerk.reads("已写出工作包“圣城街道”"))
    clerk.press("知道了")
    clerk.close()
    (file,) = stick.iterdir()
    return file


def open_part(clerk: Clerk, file: Path, place: Path) -> None:
    """Drag the file onto the first page; what it is is said before there is a folder."""
    clerk.settings.author = "李明"
    clerk.start()
    assert clerk.frame is not None
    window = clerk.frame.findChild(MainWindow)
    assert window is not None
    clerk.drop(window, file)
    clerk.wait(lambda: clerk.reads("打开工作包：圣城街道"))
    assert not place.exists()
    clerk.fill("保存位置", str(place))
    clerk.press("打开")
    clerk.wait(lambda: clerk.reads("工作包：圣城街道 · 回交给王芳"))


def work(clerk: Clerk, amount: str) -> None:
    """Change the town's share; nobody else's is there, nor a quota to hold it against."""
    open_heating(clerk)
    sheet = clerk.table("分解表")
    clerk.wait(lambda: cell(sheet, "圣城街道", "2022").isValid())
    assert sheet.model().rowCount() == 1
    clerk.click_cell(sheet, cell(sheet, "圣城街道", "2022"))
    clerk.type(amount)
    clerk.key(KEY.Key_Return)
    clerk.wait(lambda: clerk.reads("已保存"))


def give_back(clerk: Clerk, back: Path) -> Path:
    before = set(back.glob("*")) if back.exists() else set()
    clerk.press("回交")
    clerk.press("交回…")
    clerk.wait(lambda: clerk.reads("已写出交回的工作包“圣城街道”：改动1行"))
    clerk.press("知道了")
    clerk.wait(lambda: clerk.reads("以后没有再改"))
    clerk.close()
    (file,) = set(back.iterdir()) - before
    return file


def take_in(clerk: Clerk, county: Path, file: Path) -> None:
    """Drag what came back onto the window; nothing is in conflict, the second time neither."""
    clerk.start(county)
    clerk.wait(lambda: clerk.reads("寿光市 — "))
    assert clerk.frame is not None
    window = clerk.frame.findChild(MainWindow)
    assert window is not None
    clerk.drop(window, file)
    clerk.press("入库1行")
    clerk.wait(lambda: clerk.reads("已入库1个文件"))
    clerk.close()
