"""月调度 and the county's own plan: the panel says by what the months are judged, and lamps follow a change at once."""

from __future__ import annotations

from db.work.monthly.model import COUNTY
from desktop.dialogs.year_plan import YearPlanDialog
from desktop.models.year_plan_model import Col
from tests.desktop.month_page import HEATING, Month


def test_the_lamp_follows_a_plan_made_from_its_line(month: Month) -> None:
    key, panel = month.keys(HEATING)[0], month.page.tasks.panel
    month.go(key)
    month.type("1")
    month.go(key)
    assert panel.planned.text() == "各月要求：按日子平均" and "按时间应达" in panel.note.sentence.text()
    panel.plan_button.click()
    dialog = month.page.tasks.dialog
    assert isinstance(dialog, YearPlanDialog) and dialog.model is not None
    for row, text in ((2, "0"), (11, "100")):
        dialog.model.enter(row, Col.DUE, text)
    dialog.accept()
    month.settle()
    assert panel.planned.text() == "各月要求：县里的月度计划"
    assert "按县里的月度计划" in panel.note.sentence.text()


def test_what_is_filed_as_a_stage_has_no_plan(month: Month) -> None:
    grid = month.model.grid
    assert grid is not None
    stage = next(line for line in grid.lines if not line.due.unit and line.key.assignee_kind != COUNTY)
    month.go(stage.key)
    assert not month.page.tasks.panel.plan_button.isVisible()
