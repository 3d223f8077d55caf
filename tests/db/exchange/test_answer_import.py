"""Receipts and returns in the county: what each does to the record, the month and the remarks; what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from db.core.errors import DataProblem
from db.work.monthly.months import month_state
from db.work.remarks import Reply, reply, threads
from tests.db.exchange.answered import MARCH, answer_to, export, file, remark_on, take
from tests.db.work.desk import Desk

pytestmark = pytest.mark.usefixtures("qapp")


def record(desk: Desk, sequence: int = 1) -> tuple[str, str]:
    sql = "SELECT status, review FROM submission WHERE sequence = ?"
    status, review = desk.conn.execute(sql, (sequence,)).fetchone()
    return str(status), str(review)


def test_a_receipt_says_received_and_passed_and_leaves_the_month_locked(desk: Desk, tmp_path: Path) -> None:
    file(desk, 300)
    answer = answer_to(export(desk, tmp_path), accept=True, note="同意接收")
    found = take(desk, answer)
    assert found.sentences() == ["2022年3月月调度第1次上报：市里已接收，审核通过。", "市里的说明：同意接收"]
    assert record(desk) == ("已接收", "通过")
    assert month_state(desk.conn, MARCH).closed


def test_a_return_reopens_the_month_and_brings_remarks_to_their_cells(desk: Desk, tmp_path: Path) -> None:
    row = file(desk, 300)
    answer = answer_to(export(desk, tmp_path), remarks=[remark_on(row, "300")], note="请核实清洁取暖户数")
    found = take(desk, answer)
    assert found.reopens == MARCH and "已重新打开" in "".join(found.sentences())
    state = month_state(desk.conn, MARCH)
    assert not state.closed and state.reason == "市里退回第1次上报，意见1条：请核实清洁取暖户数"
    assert record(desk)[1] == "退回"
    (thread,) = threads(desk.conn, desk.plan)
    assert thread.open and thread.spot.row_id == row and thread.field_title == "本月累计"
    assert thread.values == "上报时是300，没有改过。"
    file(desk, 320)
    (thread,) = threads(desk.conn, desk.plan, kind="monthly", period="2022-03")
    assert thread.changed and thread.values == "上报时是300，现在是320。"


def test_a_return_outlives_undo(desk: Desk, tmp_path: Path) -> None:
    row = file(desk, 300)
    take(desk, answer_to(export(desk, tmp_path), remarks=[remark_on(row, "300")]))
    assert desk.county.undo_label() is None
    file(desk, 320)
    assert desk.county.undo_label() == "填报"
    desk.county.undo()
    assert record(desk)[1] == "退回" and not month_state(desk.conn, MARCH).closed


def test_the_same_answer_twice_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    row = file(desk, 300)
    answer = answer_to(export(desk, tmp_path), remarks=[remark_on(row, "300")])
    take(desk, answer)
    before = desk.conn.execute("SELECT max(seq) FROM change").fetchone()
    again = take(desk, answer)
    assert again.repeated and "已经导入过" in again.sentences()[0]
    assert desk.conn.execute("SELECT max(seq) FROM change").fetchone() == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"county": "370786"}, "不是本县"),
        ({"package_id": "00000000-0000-4000-8000-000000000000"}, "没有导出过"),
        ({"data_sha256": "0" * 64}, "内容不同"),
        ({"sequence": 2, "package": "370783-monthly-2022-03-v2"}, "编号却是"),
    ],
)
def test_what_answers_another_package_is_refused(
    desk: Desk, tmp_path: Path, change: dict[str, str | int], words: str
) -> None:
    file(desk, 300)
    answer = answer_to(export(desk, tmp_path), accept=True)
    with pytest.raises(DataProblem, match=words):
        take(desk, replace(answer, **change))  # type: ignore[arg-type]
    assert record(desk)[0] == "已导出"


def test_a_package_packed_anew_is_the_same_data_and_said(desk: Desk, tmp_path: Path) -> None:
    file(desk, 300)
    found = take(desk, replace(answer_to(export(desk, tmp_path), accept=True), sha256="1" * 64))
    assert any("重新打过包" in note for note in found.notes)
    assert record(desk) == ("已接收", "通过")


def test_a_return_of_an_older_version_does_not_reopen_what_went_out_since(desk: Desk, tmp_path: Path) -> None:
    row = file(desk, 300)
    first = export(desk, tmp_path)
    export(desk, tmp_path)
    found = take(desk, answer_to(first, remarks=[remark_on(row, "300")]))
    assert found.reopens is None and any("已经导出第2次" in note for note in found.notes)
    assert month_state(desk.conn, MARCH).closed
    assert record(desk, 1)[1] == "退回" and record(desk, 2)[0] == "已导出"


def test_the_last_word_of_the_city_holds(desk: Desk, tmp_path: Path) -> None:
    row = file(desk, 300)
    package = export(desk, tmp_path)
    take(desk, answer_to(package, remarks=[remark_on(row, "300")], at="2022-04-06T09:00:00"))
    with pytest.raises(DataProblem, match="早于"):
        take(desk, answer_to(package, accept=True, at="2022-04-05T09:00:00"))
    found = take(desk, answer_to(package, accept=True, at="2022-04-07T09:00:00"))
    assert any("先前的答复是“退回”" in note for note in found.notes)
    assert record(desk) == ("已接收", "通过")


def test_the_city_closes_and_its_words_come_once(desk: Desk, tmp_path: Path) -> None:
    row = file(desk, 300)
    remark = remark_on(row, "300")
    package = export(desk, tmp_path)
    take(desk, answer_to(package, remarks=[remark]))
    with desk.county.operation("回复意见") as op:
        reply(op, remark.id, "已按验收单更正为320户", solved=True)
    file(desk, 320)
    second = export(desk, tmp_path)
    ours = threads(desk.conn, desk.plan)[0].replies[0]
    told = Reply("county", ours.text, ours.status, ours.author, ours.written_at)
    closing = Reply("city", "同意，已核对", "已关闭", "李强", "2022-04-08T10:00:00")
    closed = replace(remark, status="已关闭", replies=(told, closing))
    take(desk, answer_to(second, accept=True, remarks=[closed], at="2022-04-08T10:05:00"))
    (thread,) = threads(desk.conn, desk.plan)
    assert thread.status == "已关闭" and [said.side for said in thread.replies] == ["county", "city"]
    assert record(desk, 1)[0] == "被替代" and record(desk, 2) == ("已接收", "通过")


def test_a_reply_that_the_city_has_not_read_keeps_its_status(desk: Desk, tmp_path: Path) -> None:
    row = file(desk, 300)
    remark = remark_on(row, "300")
    package = export(desk, tmp_path)
    take(desk, answer_to(package, remarks=[remark]))
    with desk.county.operation("回复意见") as op:
        reply(op, remark.id, "已按验收单更正为320户", solved=True)
    take(desk, answer_to(package, remarks=[remark], at="2022-04-07T10:00:00"))
    assert threads(desk.conn, desk.plan)[0].status == "拟解决"


def test_remarks_on_what_is_not_there_are_kept_and_said(desk: Desk, tmp_path: Path) -> None:
    file(desk, 300)
    remarks = [
        remark_on("00000000-0000-4000-8000-000000000000", "5"),
        replace(remark_on("x", ""), table="nowhere", field=""),
        replace(remark_on("", ""), table="", row_id="", field=""),
    ]
    take(desk, answer_to(export(desk, tmp_path), remarks=remarks))
    found = threads(desk.conn, desk.plan)
    assert [thread.gone for thread in found] == [True, True, False]
    assert "已经不在" in found[0].values and found[2].where == "整个上报包"
