from __future__ import annotations

from pathlib import Path

import pytest

from db.core.errors import DataProblem, EnvironmentProblem
from db.exchange.answers import ACCEPTED, RETURNED, read_answer
from db.exchange.ledger.labels import Labels
from db.exchange.ledger.remarks import (
    Noted,
    RemarkEntry,
    add_remarks,
    add_reply,
    answer_into,
    remarks_on,
    write_answer,
)
from db.exchange.ledger.rows import loaded_table
from db.exchange.ledger.standing import State, board
from tests.db.exchange.ledger.city import HEATING, TODAY, City


def month_in(city: City) -> str:
    """Take in a month with one figure and return the id of its row."""
    office = city.office()
    office.share(1000)
    office.file(30)
    assert city.receive(office.export().path).ok
    with city.ledger.reading() as conn:
        (row_id,) = conn.execute("SELECT id FROM rows_progress").fetchone()
    return str(row_id)


def on(city: City, number: int = 1) -> list[Noted]:
    with city.ledger.reading() as conn:
        return remarks_on(conn, number)


def test_a_remark_holds_what_the_cell_said(city: City) -> None:
    row_id = month_in(city)
    add_remarks(city.ledger, 1, [RemarkEntry(" 请核实。 ", "progress", row_id, "amount"), RemarkEntry("附件不全")])
    first, second = on(city)
    assert (first.remark.value, first.remark.text, first.remark.status) == ("30", "请核实。", "新提出")
    assert first.package == "370783-monthly-2022-03-v1" and first.remark.author == "李明"
    assert (second.remark.table, second.remark.row_id) == ("", "")


@pytest.mark.parametrize(
    "entry",
    [
        RemarkEntry(" "),
        RemarkEntry("长" * 2001),
        RemarkEntry("x", "no_table"),
        RemarkEntry("x", "progress", "no row"),
        RemarkEntry("x", "progress", "", "amount"),
    ],
)
def test_a_remark_without_words_or_place_leaves_nothing(city: City, entry: RemarkEntry) -> None:
    month_in(city)
    if entry.table == "progress" and not entry.row_id:
        entry = RemarkEntry("x", "progress", "r", "no_field")
    with pytest.raises(DataProblem):
        add_remarks(city.ledger, 1, [RemarkEntry("好的一条"), entry])
    assert on(city) == []


def test_only_what_is_open_is_closed_and_a_question_opens_it_again(city: City) -> None:
    month_in(city)
    (remark_id,) = add_remarks(city.ledger, 1, [RemarkEntry("附件不全")])
    add_reply(city.ledger, remark_id, "", close=True)
    assert not on(city)[0].is_open
    with pytest.raises(DataProblem, match="已经关闭"):
        add_reply(city.ledger, remark_id, "", close=True)
    add_reply(city.ledger, remark_id, "还缺一份验收单")
    (noted,) = on(city)
    assert noted.is_open and [reply.text for reply in noted.remark.replies] == ["已关闭。", "还缺一份验收单"]
    with pytest.raises(DataProblem):
        add_reply(city.ledger, remark_id, " ")


def test_the_answer_carries_the_thread_and_the_board_shows_it(city: City, tmp_path: Path) -> None:
    row_id = month_in(city)
    add_remarks(city.ledger, 1, [RemarkEntry("请核实。", "progress", row_id, "amount")])
    answer = city.answer(1, RETURNED)
    file = write_answer(answer, tmp_path / "答复")
    assert file.name == "370783-monthly-2022-03-v1-return.json" and read_answer(file) == answer
    with city.ledger.reading() as conn:
        place = board(conn, TODAY).place("370783", "monthly", "2022-03")
    assert place.state is State.RETURNED and place.remarks == 1 and "1条意见没有关闭" in place.sentence


def test_a_remark_goes_on_with_the_next_version(city: City) -> None:
    row_id = month_in(city)
    (remark_id,) = add_remarks(city.ledger, 1, [RemarkEntry("请核实。", "progress", row_id, "amount")])
    city.answer(1, RETURNED)
    city.office().file(45)
    assert city.receive(city.office().export().path).ok
    with city.ledger.reading() as conn:
        place = board(conn, TODAY).place("370783", "monthly", "2022-03")
    assert place.state is State.ON_TIME and place.remarks == 1
    assert [noted.remark.id for noted in on(city, 2)] == [remark_id]
    with pytest.raises(DataProblem, match="不能答复"):
        city.answer(1, ACCEPTED)
    add_reply(city.ledger, remark_id, "已更正。", close=True)
    answer = city.answer(2, ACCEPTED)
    assert answer.sequence == 2 and [remark.status for remark in answer.remarks] == ["已关闭"]
    with city.ledger.reading() as conn:
        assert board(conn, TODAY).place("370783", "monthly", "2022-03").state is State.ACCEPTED


def test_a_return_says_why(city: City) -> None:
    month_in(city)
    with pytest.raises(DataProblem, match="退回要写明原因"):
        city.answer(1, RETURNED)
    assert city.answer(1, RETURNED, "附件打不开").note == "附件打不开"
    with pytest.raises(DataProblem, match="台账里没有"):
        city.answer(9, ACCEPTED)


def test_rows_are_called_by_task_unit_and_month(city: City) -> None:
    row_id = month_in(city)
    with city.ledger.reading() as conn:
        labels, loaded = Labels(conn, 1), loaded_table(conn, 1, "progress")
        assert loaded is not None
        ((found, name),) = labels.rows(loaded)
        town = loaded_table(conn, 1, "town")
        assert town is not None
        assert "圣城街道" in dict(labels.rows(town)).values()
    assert found == row_id and name.startswith(HEATING) and "圣城街道" in name and name.endswith("2022-03")


def test_what_is_said_about_any_cell_is_read_by_the_county(city: City, tmp_path: Path) -> None:
    office = city.office()
    office.project("甲", "10")
    with office.county.operation("改") as op:
        op.conn.execute("UPDATE register_key_project SET content = ?", ("第一行\n第二行",))
    assert city.receive(office.export("registers", "2022").path).ok
    with city.ledger.reading() as conn:
        (row_id,) = conn.execute("SELECT id FROM rows_register_key_project").fetchone()
    words = "请核实：\t建设内容\n\u200b第二行"
    (remark_id,) = add_remarks(city.ledger, 1, [RemarkEntry(words, "register_key_project", row_id, "content")])
    add_reply(city.ledger, remark_id, "还有\t一处")
    answer = city.answer(1, RETURNED, "见\n意见")
    read = read_answer(write_answer(answer, tmp_path / "out"))
    assert read == answer
    (remark,) = read.remarks
    assert (remark.text, remark.value, read.note) == (
        "请核实： 建设内容\n第二行",
        "第一行 第二行",
        "见\n意见",
    )


def test_a_reply_that_no_county_could_read_is_refused(city: City) -> None:
    month_in(city)
    (remark_id,) = add_remarks(city.ledger, 1, [RemarkEntry("附件不全")])
    with pytest.raises(DataProblem, match="2000"):
        add_reply(city.ledger, remark_id, "长" * 2001)


def test_no_answer_is_noted_that_could_not_be_written(city: City, tmp_path: Path) -> None:
    month_in(city)
    (tmp_path / "out").write_text("no folder")
    with pytest.raises(EnvironmentProblem):
        answer_into(city.ledger, 1, RETURNED, "见意见", tmp_path / "out")
    with city.ledger.reading() as conn:
        assert conn.execute("SELECT count(*) FROM answer").fetchone() == (0,)
    answer, file = answer_into(city.ledger, 1, RETURNED, "见意见", tmp_path / "there")
    assert read_answer(file) == answer
