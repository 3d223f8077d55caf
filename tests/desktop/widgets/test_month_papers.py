"""报表: 月调度表 and 月报 of the session's month, and the way to 自评."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from pytestqt.qtbot import QtBot

from desktop.places import Place
from desktop.session import Session
from desktop.widgets.dialog import Dialog
from desktop.widgets.month_papers import PAPERS, MonthPapers


def test_every_paper_of_the_month_is_written(qtbot: QtBot, demo_session: Session, tmp_path: Path) -> None:
    papers = MonthPapers(demo_session)
    qtbot.addWidget(papers)
    papers.reports.choose = lambda name, _kinds: tmp_path / name
    month = demo_session.period.title
    for entry in papers.menu_of_papers().actions()[: len(PAPERS)]:
        entry.trigger()
        told = papers.reports.dialog
        assert isinstance(told, Dialog) and told.heading.text().endswith("已生成。")
        told.reject()
    assert sorted(file.name for file in tmp_path.iterdir() if file.is_file()) == sorted(
        f"{month}{name}{ending}" for _, _, name, ending in PAPERS
    )
    sheet = openpyxl.load_workbook(tmp_path / f"{month}月调度表.xlsx").active
    assert sheet is not None and f"调度期：{month}" in str(sheet["A2"].value)


def test_it_leads_to_the_evaluation_of_the_year(qtbot: QtBot, demo_session: Session) -> None:
    papers = MonthPapers(demo_session)
    qtbot.addWidget(papers)
    led: list[Place] = []
    papers.navigate.connect(led.append)
    papers.menu_of_papers().actions()[-1].trigger()
    assert led == [Place("evaluation", section=str(demo_session.year))]
