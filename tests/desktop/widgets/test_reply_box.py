"""A reply is saved beside what the clerk does meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from db.work.remarks import threads
from desktop.session import Session
from desktop.widgets.reply_box import ReplyBox
from tests.desktop.remarks import ask, remark


def test_what_is_typed_for_another_remark_meanwhile_stays(
    qtbot: QtBot, demo_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [remark(demo_session, "", "", "", text) for text in ("请核实。", "请补充。")]
    plan = demo_session.catalogue
    first, second = ask(demo_session, lambda conn: threads(conn, plan, ids=ids))
    box = ReplyBox(demo_session)
    qtbot.addWidget(box)
    saved: list[Callable[[object], object]] = []
    monkeypatch.setattr(demo_session, "write", lambda _label, _action, done, _failed: saved.append(done))
    box.show_thread(first)
    box.words.setPlainText("已核实。")
    box.send(solved=False)
    box.show_thread(second)
    box.words.setPlainText("正在补")
    saved.pop()(None)
    assert box.words.toPlainText() == "正在补"
    box.show_thread(first)
    assert box.words.toPlainText() == ""
    box.words.setPlainText("又核实了。")
    box.send(solved=False)
    with qtbot.waitSignal(box.replied):
        saved.pop()(None)
    assert box.words.toPlainText() == ""
