"""交接包: the whole county for a successor, and a sheet that says what is open."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from db.core.errors import DataProblem
from db.exchange.handover import SHEET, handover_sheet, write_handover
from db.reports.handover_sheet import NOTHING, HandoverSheet, handover_html
from db.store.backup import describe, restore
from db.store.county import County
from tests.db.exchange.answered import answer_to, export, file, remark_on, take
from tests.db.exchange.part.colleague import Office
from tests.db.store.counties import tables_of
from tests.db.work.desk import Desk

TODAY = date(2022, 5, 20)


def draw(sheet: HandoverSheet) -> bytes:
    return b"%PDF-1.7\n" + handover_html(sheet).encode()


def lines(sheet: HandoverSheet) -> dict[str, tuple[str, ...]]:
    return {matter.title[2:]: matter.lines for matter in sheet.matters}


def test_the_successor_gets_the_county_as_it_is(desk: Desk, tmp_path: Path) -> None:
    file(desk, 300)
    made = write_handover(desk.county, tmp_path / "out", draw=draw, today=TODAY)
    assert made.file.name == "370783-handover-2022-05-20.zip" and made.paper.suffix == ".pdf"
    with zipfile.ZipFile(made.file) as archive:
        assert archive.read(SHEET) == made.paper.read_bytes()
    assert describe(made.file).county_name == "寿光市"
    restore(made.file, tmp_path / "successor")
    with County.open(tmp_path / "successor", author="接手的人") as theirs:
        assert tables_of(theirs) == tables_of(desk.county)
    again = write_handover(desk.county, tmp_path / "out", draw=draw, today=TODAY)
    assert again.file.name == "370783-handover-2022-05-20(2).zip"


@pytest.mark.usefixtures("qapp")
def test_the_sheet_says_what_is_open(desk: Desk, tmp_path: Path) -> None:
    desk.share("08-06-1", 2022, "1200", "800")
    row = file(desk, 300)
    take(desk, answer_to(export(desk, tmp_path), remarks=[remark_on(row, "300", "请核对户数口径")]))
    file(desk, 320)
    Office(desk, tmp_path).hand_out(towns=["370783001"])
    told = lines(handover_sheet(desk.conn, desk.plan, author="王芳", today=TODAY))
    assert told["上报情况"] == ("2022年3月月调度　第1次　填报中　已导出　退回　1处",)
    assert told["还没有上报的月份"] == ("2022年4月（填报中）", "2022年5月（填报中）")
    assert len(told["市级意见"]) == 1 and "请核对户数口径" in told["市级意见"][0]
    assert len(told["发出还没有收回的"]) == 1 and "工作包" in told["发出还没有收回的"][0]
    assert "条规则审核" in told["审核问题"][0]
    assert any("分解" in line for line in told["任务分解"])


def test_nothing_open_is_said(desk: Desk) -> None:
    sheet = handover_sheet(desk.conn, desk.plan, author="王芳", today=TODAY)
    told = lines(sheet)
    assert told["还没有上报的月份"] == told["市级意见"] == told["没有办完的草稿"] == (NOTHING,)
    html = handover_html(sheet)
    assert "工作交接单" in html and "接收人（签字）" in html


def test_a_part_is_not_handed_over(desk: Desk, tmp_path: Path) -> None:
    desk.share("08-06-1", 2022, "1200")
    office = Office(desk, tmp_path)
    with office.colleague(office.hand_out(towns=["370783001"])) as theirs:
        with pytest.raises(DataProblem, match="不能写出交接包"):
            write_handover(theirs.county, tmp_path / "out", draw=draw, today=TODAY)
