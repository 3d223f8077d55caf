"""The clause card: the target's own words are the marked ones, for every target of the plan."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QTextCursor
from pytestqt.qtbot import QtBot

from db.plan.catalogue import load_catalogue
from desktop.app import make_app
from desktop.palette import palette
from desktop.widgets.clause_panel import MOST_LINES, ClausePanel, chips_of, responsibility_of

CATALOGUE = load_catalogue()


@pytest.fixture
def panel(qtbot: QtBot) -> ClausePanel:
    make_app()
    panel = ClausePanel(CATALOGUE)
    qtbot.addWidget(panel)
    panel.resize(954, 160)
    panel.show()
    return panel


def marked(panel: ClausePanel) -> str:
    """Return the characters that stand on the colour of the marker."""
    wanted = QColor(palette()["highlight"])
    document = panel.text.document()
    cursor = QTextCursor(document)
    found = []
    for place in range(document.characterCount() - 1):
        cursor.setPosition(place)
        cursor.movePosition(QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor)
        ground = cursor.charFormat().background()
        if ground.color() == wanted and ground.style() is not Qt.BrushStyle.NoBrush:
            found.append(cursor.selectedText())
    return "".join(found)


@pytest.mark.parametrize("target_id", ["08-06-1", "03-02-3", "17-01-4", "02-01-1", "16-02-1"])
def test_marks_the_quote(panel: ClausePanel, target_id: str) -> None:
    panel.show_task(target_id)
    assert marked(panel) == CATALOGUE.target(target_id).quote


def test_every_task_has_its_words_and_keeps_its_height(panel: ClausePanel) -> None:
    line = panel.text.fontMetrics().lineSpacing()
    for task_id in [*(clause.id for clause in CATALOGUE.clauses), *(target.id for target in CATALOGUE.targets)]:
        panel.show_task(task_id)
        clause = CATALOGUE.clause(task_id[:5])
        assert panel.text.toPlainText().endswith(clause.text)
        assert panel.text.height() <= MOST_LINES * line * 1.3


def test_long_clause_is_scrolled_to_the_quote(panel: ClausePanel, qtbot: QtBot) -> None:
    longest = max(CATALOGUE.clauses, key=lambda clause: len(clause.text))
    last = CATALOGUE.targets_of(longest.id)[-1]
    panel.show_task(last.id)
    bar = panel.text.verticalScrollBar()
    assert bar.maximum() > 0
    assert last.start < len(longest.text) // 3 or bar.value() > 0


def test_chips_say_what_kind_of_target_it_is() -> None:
    assert [word for word, _ in chips_of(CATALOGUE.target("08-06-1"))] == [
        "可分解数量",
        "累计",
        "不低于",
        "2023-12-31前",
    ]
    assert [word for word, _ in chips_of(CATALOGUE.target("05-04-1"))][:4] == ["可分解数量", "期末", "不低于", "力争"]
    assert "省下达" in [word for word, _ in chips_of(CATALOGUE.target("12-01-1"))]
    assert [word for word, _ in chips_of(CATALOGUE.target("04-03-1"))][:2] == ["禁止事项", "完成制"]
    assert "率" in [word for word, _ in chips_of(CATALOGUE.target("09-01-1"))]
    assert all(tip for target in CATALOGUE.targets for _, tip in chips_of(target))


def test_who_is_responsible() -> None:
    by_duty = responsibility_of(CATALOGUE.clause("03-01"))
    assert by_duty == "责任单位：市发改委、市工信局（按职责分工）"
    nobody = next(clause for clause in CATALOGUE.clauses if clause.mode == "none")
    assert responsibility_of(nobody) == "方案没有写明责任单位"
    assert responsibility_of(next(clause for clause in CATALOGUE.clauses if clause.mode == "牵头")).startswith("牵头：")


def test_faults_of_the_document_are_shown_where_they_are(panel: ClausePanel) -> None:
    fault = next(each for each in CATALOGUE.faults if each.clause)
    panel.show_task(fault.clause)
    assert fault.note in panel.faults.text()
    clean = next(clause for clause in CATALOGUE.clauses if not CATALOGUE.faults_of(clause.id))
    panel.show_task(clean.id)
    assert panel.faults.isHidden()
