"""基础信息: the reporting day and the table of holidays."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pytestqt.qtbot import QtBot

from db.core.period import Period
from db.work.monthly.days import report_due
from desktop.session import Session
from desktop.widgets.base_days import DaysCard


def test_a_day_is_kept_and_a_table_taken_or_refused_as_a_whole(
    qtbot: QtBot, empty_session: Session, tmp_path: Path
) -> None:
    session = empty_session
    card = DaysCard(session)
    qtbot.addWidget(card)
    card.refresh()
    assert card.day.currentText() == "次月5日" and card.known.text() == (
        "节假日表：2021年38天、2022年39天、2023年33天。其他日子按周六、周日休息推算。"
    )
    file = tmp_path / "节假日.csv"
    file.write_text("日期,休或班\n2024-04-05,休\n2022-04-06,歇\n", encoding="utf-8")
    card.take(file)
    assert not card.told.isHidden() and card.told.text().startswith("A3：")
    file.write_text("日期,休或班\n2024-04-05,休\n", encoding="utf-8")
    card.take(file)
    assert card.told.isHidden()
    card.refresh()
    assert card.known.text().endswith("、2024年1天。其他日子按周六、周日休息推算。")
    with session.county.reading() as conn:
        assert report_due(conn, Period(2022, 3)) == date(2022, 4, 6)
    card.day.activated.emit(7)
    with session.county.reading() as conn:
        assert report_due(conn, Period(2022, 3)) == date(2022, 4, 8)
