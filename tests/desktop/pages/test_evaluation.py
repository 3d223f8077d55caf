"""自评: figures and points of a period, what is typed over them, the scoring table and the report."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

import resources
from db.core.period import Period
from db.work.arithmetic import figure
from db.work.demo_months import fill_months
from db.work.evaluation.judging import Standpoint
from desktop.dialogs.evaluation_proofs import EvaluationProofsDialog
from desktop.dialogs.problems import ProblemsDialog
from desktop.dialogs.reason import ReasonDialog
from desktop.models.evaluation_model import EXPLANATION, SCORE, STANDPOINT, VALUE
from desktop.pages.breakdown import BreakdownPage
from desktop.pages.evaluation import LOST, MISSING, TOWNS, EvaluationPage
from desktop.pages.monthly import MonthlyPage
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.dialog import Dialog
from desktop.widgets.table_printer import TablePrinter

HEATING = "08-06-1"


def opened(qtbot: QtBot, session: Session) -> EvaluationPage:
    page = EvaluationPage(session)
    qtbot.addWidget(page)
    page.resize(1280, 690)
    page.show()
    return page


@pytest.fixture
def page(qtbot: QtBot, demo_session: Session) -> EvaluationPage:
    fill_months(demo_session.county, Period(2022, 12), Period(2022, 12))
    return opened(qtbot, demo_session)


def at(page: EvaluationPage, task_id: str, column: int) -> str:
    return page.model.look(page.model.row_of(task_id), column).text


def test_an_empty_county_has_nothing_that_scores(qtbot: QtBot, empty_session: Session) -> None:
    page = opened(qtbot, empty_session)
    assert page.total.text() == "—" and "还没有报过数" in page.counts.text()
    page.view.button(TOWNS).click()
    assert page.stack.currentIndex() == 1


def test_the_total_is_that_of_the_rows(page: EvaluationPage) -> None:
    found = page._found
    assert found is not None and found.percent is not None
    assert page.total.text() == f"{found.percent} 分"
    assert "不是市里的评分办法" in page.scoring.text()
    scores = [row.score for row in found.rows if row.score is not None]
    assert f"得{figure(sum(scores, Decimal(0)))}分" in page.counts.text()
    assert "还没到期末" in page.counts.text()


def test_a_row_tells_its_arithmetic(page: EvaluationPage) -> None:
    page.reveal(Place("evaluation", task_id=HEATING, section="2022"))
    assert page.arithmetic.text().startswith("进度 ") and page.score.text().startswith("分值10")
    assert page.model.hint(page.model.row_of(HEATING), SCORE).startswith("分值10")


def test_a_value_typed_over_asks_for_a_reason(page: EvaluationPage, demo_session: Session) -> None:
    row = page.model.row_of(HEATING)
    before = at(page, HEATING, VALUE)
    page.model.enter(row, VALUE, "40000")
    assert isinstance(page.dialog, ReasonDialog) and "写明理由" in page.dialog.heading.text()
    page.dialog.reject()
    assert page.model.problem(row, VALUE)
    page.model.clear([page.model.index(row, VALUE)])
    page.model.enter(row, VALUE, "40000")
    assert isinstance(page.dialog, ReasonDialog)
    page.dialog.reason.setText("集中验收")
    page.dialog.accept()
    assert at(page, HEATING, VALUE) == "40,000"
    page.sheet.go(page.model.index(row, VALUE))
    assert page.arithmetic.text().startswith("自填40,000户（集中验收）")
    demo_session.undo()
    assert at(page, HEATING, VALUE) == before


def test_an_explanation_is_saved_as_it_is_typed(page: EvaluationPage) -> None:
    page.model.enter(page.model.row_of(HEATING), EXPLANATION, "招标晚了两个月")
    page.refresh()
    assert at(page, HEATING, EXPLANATION) == "招标晚了两个月"


def test_the_chips_narrow_and_the_year_follows(page: EvaluationPage, demo_session: Session) -> None:
    page.show_only(LOST)
    assert all(row.score is not None and row.points is not None and row.score < row.points for row in page.model.rows)
    page.show_only(MISSING)
    assert all(row.standpoint is Standpoint.MISSING for row in page.model.rows)
    page.period.button("2023").click()
    assert demo_session.year == 2023 and page.model.key_of_period == "2023"
    demo_session.year = 2021
    assert page.key == "2021"
    page.period.button("final").click()
    assert "全面评估" in page.counts.text() and demo_session.year == 2021


def test_a_citys_table_counts_until_the_clerk_goes_back(page: EvaluationPage, tmp_path: Path) -> None:
    file = tmp_path / "市评分表.toml"
    file.write_text(resources.text("scoring.toml").replace("cumulative = 10", "cumulative = 20"), encoding="utf-8")
    page.papers.choose_table = lambda: file
    page.papers.load()
    assert "市评分表.toml" in page.scoring.text()
    assert "分值20" in page.model.hint(page.model.row_of(HEATING), SCORE)
    restore = next(each for each in page.papers.menu_of_tables().actions() if "恢复" in each.text())
    restore.trigger()
    assert "市评分表.toml" not in page.scoring.text()


def test_the_faults_of_a_table_are_listed(page: EvaluationPage, tmp_path: Path) -> None:
    file = tmp_path / "坏表.toml"
    file.write_text(resources.text("scoring.toml").replace("cumulative = 10", "cumulative = -1"), encoding="utf-8")
    page.papers.choose_table = lambda: file
    page.papers.load()
    assert isinstance(page.papers.dialog, ProblemsDialog)
    assert "points.cumulative" in page.papers.dialog.problems[0].place
    page.papers.dialog.reject()


def test_the_table_in_force_can_be_saved(page: EvaluationPage, tmp_path: Path) -> None:
    page.papers.choose_place = lambda name: tmp_path / name
    page.papers.save()
    assert (tmp_path / "评分表.toml").read_text(encoding="utf-8") == resources.text("scoring.toml")


def test_the_report_is_written_and_told(page: EvaluationPage, tmp_path: Path) -> None:
    page.papers.reports.choose = lambda name, _kinds: tmp_path / name
    for pdf, ending in ((False, ".docx"), (True, ".pdf")):
        page.papers.report(pdf=pdf)
        told = page.papers.reports.dialog
        assert isinstance(told, Dialog) and told.heading.text().endswith("2022年度自评报告已生成。")
        told.reject()
        assert (tmp_path / f"2022年度自评报告{ending}").is_file()
    text = "\n".join(p.text for p in Document(str(tmp_path / "2022年度自评报告.docx")).paragraphs)
    assert page._found is not None and f"折合百分制{page._found.percent}分" in text


def test_a_read_only_county_can_only_be_looked_at(qtbot: QtBot, demo_folder: Path, demo_session: Session) -> None:
    demo_session.open_folder(demo_folder, read_only=True)
    page = opened(qtbot, demo_session)
    assert not any(page.model.is_open(row, VALUE) for row in range(page.model.rowCount()))
    entries = {each.text(): each.isEnabled() for each in page.papers.menu_of_tables().actions()}
    assert entries == {"载入市里的评分表…": False, "另存现在的评分表…": True, "恢复程序自带的评分表": False}
    assert at(page, HEATING, STANDPOINT)


def test_the_menus_of_the_pages_print_their_tables(qtbot: QtBot, demo_session: Session) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    printer = TablePrinter(demo_session, host)
    for page, menu in (
        (evaluation := EvaluationPage(demo_session, host), evaluation.papers.menu_of_reports),
        (breakdown := BreakdownPage(demo_session, host), breakdown.papers.menu_of_papers),
        (monthly := MonthlyPage(demo_session, host), monthly.papers.menu_of_papers),
    ):
        page.show()
        entry = next(each for each in menu().actions() if "打印这张表" in each.text())
        host.show()
        entry.trigger()
    monthly.show_view("late")
    assert monthly.papers.table() is monthly.late.table
    evaluation.show_view(TOWNS)
    assert evaluation.papers.table() is evaluation.towns
    assert printer.action.shortcut().toString() == "Ctrl+P"


def test_proof_files_are_added_to_a_task(page: EvaluationPage, tmp_path: Path) -> None:
    row = page.model.row_of(HEATING)
    before = page.model.rows[row].proofs
    page.show_proofs(row)
    assert isinstance(page.dialog, EvaluationProofsDialog)
    proof = tmp_path / "验收单.txt"
    proof.write_text("样例", encoding="utf-8")
    page.dialog.panel.add_files([proof])
    assert [item.name for item in page.dialog.panel.items] == ["验收单.txt"]
    page.dialog.accept()
    found = page.model.rows[page.model.row_of(HEATING)]
    assert (found.proofs, found.proofs_elsewhere) == (before + 1, before)
    page.show_proofs(page.model.row_of(HEATING))
    assert isinstance(page.dialog, EvaluationProofsDialog) and len(page.dialog.panel.items) == 1
    page.dialog.accept()
