"""月调度, led to from a chart: the lines of a part whose tasks have a lamp in the whole county."""

from __future__ import annotations

from decimal import Decimal

from db.work.monthly.lamps import LampKind
from desktop.places import Place
from tests.desktop.month_page import HEATING, MARCH, Month


def test_a_lamp_of_a_part_shows_its_tasks_and_a_chip_that_goes_again(month: Month) -> None:
    for key in month.keys(HEATING):
        month.file(MARCH, key, amount=Decimal(1))
    filters, part = month.page.tasks.filters, month.model.line(month.model.row_of(month.keys(HEATING)[0])).due.part
    chip = filters.chips["county_red"]
    assert not chip.isVisible()
    month.page.reveal(Place("monthly", section=f"part:{part}/red"))
    shown = [month.model.line(row) for row in range(month.model.rowCount())]
    assert month.model.grid is not None and HEATING in {line.key.task_id for line in shown}
    assert {month.model.grid.totals[line.key.task_id].lamp.kind for line in shown} == {LampKind.RED}
    assert {line.due.part for line in shown} == {part}
    assert chip.isVisible() and chip.isChecked() and chip.text().startswith("全县严重的任务 ")
    filters.chips["all"].click()
    assert not chip.isVisible() and filters.parts.currentData() == part
