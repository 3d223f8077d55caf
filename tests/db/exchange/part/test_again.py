"""The second return of a part begins where the first was taken in; what was decided is not asked again."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from db.core.fields import load_schema
from db.core.values import Cell
from db.exchange.part.giveback import ROWS, give_back_state
from db.exchange.unit_book.reading import Fate, ReadFile, ReadRow
from db.store import attachments, records
from tests.db.exchange.answered import file
from tests.db.exchange.part.colleague import Office
from tests.db.work.desk import Desk

BOILER = load_schema("coal_boiler")
TOWN = "370783001"


def boiler(desk: Desk, name: str, town: int = 0, **more: Decimal | str) -> str:
    return desk.project("coal_boiler", name=name, town_id=desk.towns[town], **more)


def update(desk: Desk, row_id: str, **values: object) -> None:
    with desk.county.operation("修改") as op:
        records.update(op, BOILER, row_id, values)  # type: ignore[arg-type]


def invested(desk: Desk, row_id: str) -> object:
    row = records.get(desk.conn, BOILER, row_id)
    assert row is not None
    return row.values["total_investment"]


def only_row(found: ReadFile) -> ReadRow:
    (row,) = (row for table in found.tables for row in table.rows)
    return row


def fates(found: ReadFile) -> dict[Fate, int]:
    return {fate: count for fate, count in found.counts().items() if count and fate is not Fate.UNCHANGED}


def test_what_was_taken_in_and_changed_further_is_no_conflict(office: Office) -> None:
    row = boiler(office.desk, "甲", total_investment=Decimal(100))
    place = office.hand_out(towns=[TOWN])
    with office.colleague(place) as theirs:
        update(theirs, row, total_investment=Decimal(120))
        new = boiler(theirs, "乙", total_investment=Decimal(5))
    office.take(office.read(office.give_back(place)))
    with office.colleague(place) as theirs:
        update(theirs, row, total_investment=Decimal(130))
        update(theirs, new, total_investment=Decimal(6))
    found = office.read(office.give_back(place))
    assert found.verdict == "good" and fates(found) == {Fate.UPDATED: 2}
    office.take(found)
    assert (invested(office.desk, row), invested(office.desk, new)) == (130, 6)


def test_what_was_taken_in_and_undone_is_offered_again(office: Office) -> None:
    row = boiler(office.desk, "甲", total_investment=Decimal(100))
    place = office.hand_out(towns=[TOWN])
    with office.colleague(place) as theirs:
        update(theirs, row, total_investment=Decimal(120))
        boiler(theirs, "乙")
    office.take(office.read(office.give_back(place)))
    office.desk.county.undo()
    assert invested(office.desk, row) == 100
    found = office.read(office.give_back(place))
    assert fates(found) == {Fate.UPDATED: 1, Fate.ADDED: 1}


def test_a_part_of_a_demo_county_never_comes_into_real_data(office: Office) -> None:
    row = boiler(office.desk, "甲", total_investment=Decimal(100))
    sample = "INSERT INTO setting (id, value, created_at) VALUES ('sample', '演示', '')"
    with office.desk.county.operation("演示") as op:
        op.conn.execute(sample)
    place = office.hand_out(towns=[TOWN])
    with office.colleague(place) as theirs:
        update(theirs, row, total_investment=Decimal(120))
    back = office.give_back(place)
    assert fates(office.read(back)) == {Fate.UPDATED: 1}
    with office.desk.county.operation("真实") as op:
        op.conn.execute("DELETE FROM setting WHERE id = 'sample'")
    assert [problem.code for problem in office.read(back).problems()] == ["sample"]


def test_what_was_sent_and_then_taken_back_is_taken_back_here_too(office: Office) -> None:
    row, gone = boiler(office.desk, "甲", total_investment=Decimal(100)), boiler(office.desk, "丙")
    place = office.hand_out(towns=[TOWN])
    with office.colleague(place) as theirs:
        update(theirs, row, total_investment=Decimal(120))
        new = boiler(theirs, "乙")
        with theirs.county.operation("删除") as op:
            records.delete(op, BOILER, [gone])
    office.take(office.read(office.give_back(place)))
    with office.colleague(place) as theirs:
        update(theirs, row, total_investment=Decimal(100))
        with theirs.county.operation("删除") as op:
            records.delete(op, BOILER, [new])
            records.restore(op, BOILER, [gone])
    found = office.read(office.give_back(place))
    assert fates(found) == {Fate.UPDATED: 2, Fate.REFUSED: 1}
    assert "回收站" in found.problems()[0].advice
    office.take(found, leave_out=True)
    assert invested(office.desk, row) == 100
    dropped = records.get(office.desk.conn, BOILER, new)
    assert dropped is not None and dropped.deleted_at is not None


def test_a_conflict_that_was_decided_is_not_asked_again(office: Office) -> None:
    desk = office.desk
    row = boiler(desk, "甲", total_investment=Decimal(100))
    kept = boiler(desk, "乙")
    place = office.hand_out(towns=[TOWN])
    with office.colleague(place) as theirs:
        update(theirs, row, total_investment=Decimal(120))
        with theirs.county.operation("删除") as op:
            records.delete(op, BOILER, [kept])
    update(desk, row, total_investment=Decimal(90))
    update(desk, kept, location="村西")
    found = office.read(office.give_back(place))
    for table in found.tables:
        for read in table.rows:
            for change in read.changes.values():
                change.take = False
    office.take(found)
    with office.colleague(place) as theirs:
        update(theirs, row, note="看过了")
    again = office.read(office.give_back(place))
    assert again.verdict == "good" and set(only_row(again).changes) == {"note"}
    with office.colleague(place) as theirs:
        update(theirs, row, total_investment=Decimal(150))
    clash = only_row(office.read(office.give_back(place))).changes["total_investment"]
    assert clash.open and (clash.base, clash.ours, clash.theirs) == (120, 90, 150)


def test_what_the_county_changed_after_taking_it_in_is_a_conflict(office: Office) -> None:
    row = boiler(office.desk, "甲", total_investment=Decimal(100))
    place = office.hand_out(towns=[TOWN])
    with office.colleague(place) as theirs:
        update(theirs, row, total_investment=Decimal(120))
    office.take(office.read(office.give_back(place)))
    update(office.desk, row, total_investment=Decimal(125))
    with office.colleague(place) as theirs:
        update(theirs, row, total_investment=Decimal(130))
    clash = only_row(office.read(office.give_back(place))).changes["total_investment"]
    assert clash.open and (clash.base, clash.ours, clash.theirs) == (120, 125, 130)


def test_what_was_left_out_as_faulty_is_read_again_as_if_for_the_first_time(office: Office) -> None:
    desk = office.desk
    desk.share("08-06-1", 2022, "1200")
    row = boiler(desk, "甲", total_investment=Decimal(100))
    place = office.hand_out(towns=[TOWN])
    with office.colleague(place) as theirs:
        update(theirs, row, total_investment=Decimal(120), location="村东")
    update(desk, row, location="村西")
    first = office.read(office.give_back(place))
    assert first.verdict == "problems"
    office.take(first, leave_out=True)
    update(desk, row, location=None)
    again = office.read(office.give_back(place))
    assert again.verdict == "good" and set(only_row(again).changes) == {"total_investment", "location"}


def test_a_return_older_than_what_was_taken_in_is_refused(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    row = boiler(office.desk, "甲")
    place = office.hand_out(towns=[TOWN])
    files = []
    for hour in (9, 10):
        monkeypatch.setattr("db.exchange.part.giveback.now", lambda hour=hour: f"2022-04-01T{hour:02}:00:00")
        with office.colleague(place) as theirs:
            update(theirs, row, location=f"村{hour}")
        files.append(office.give_back(place))
    office.take(office.read(files[1]))
    found = office.read(files[0])
    assert found.refusal is not None and "早" in found.refusal.message and "最新" in found.refusal.advice
    again = office.read(files[1]).counts()
    assert sum(again.values()) == again[Fate.UNCHANGED]


def test_once_the_taking_in_is_undone_the_return_is_read_as_the_first(office: Office) -> None:
    row = boiler(office.desk, "甲", total_investment=Decimal(100))
    place = office.hand_out(towns=[TOWN])
    with office.colleague(place) as theirs:
        update(theirs, row, total_investment=Decimal(120))
    back = office.give_back(place)
    office.take(office.read(back))
    office.desk.county.undo()
    assert fates(office.read(back)) == {Fate.UPDATED: 1}


@pytest.mark.parametrize("what", ["report", "proof", "entry"])
def test_what_was_hung_on_a_deleted_row_meanwhile_is_a_choice(office: Office, tmp_path: Path, what: str) -> None:
    desk = office.desk
    (share,) = desk.share("08-06-1", 2022, "1200")
    row = boiler(desk, "甲")
    place = office.hand_out(towns=[TOWN])
    with office.colleague(place) as theirs, theirs.county.operation("删除") as op:
        if what == "entry":
            records.delete(op, load_schema("assignment"), [share])
        else:
            records.delete(op, BOILER, [row])
    with desk.county.operation("填报") as op:
        if what == "report":
            report = {"register": "coal_boiler", "row_id": row, "period": "2022-03"}
            records.insert(op, load_schema("project_report"), report)
        elif what == "proof":
            (tmp_path / "照片.pdf").write_bytes(b"%PDF-1.4 proof")
            attachments.add(op, desk.county, BOILER.table, row, tmp_path / "照片.pdf", "佐证")
    if what == "entry":
        file(desk, 300)
    read = only_row(office.read(office.give_back(place)))
    words = {"report": "月报1期", "proof": "附件1个", "entry": "月调度1期"}[what]
    assert read.fate is Fate.CONFLICT and f"发出以后加了{words}" in str(read.changes["deleted_at"].ours)


def test_an_enterprise_registered_on_both_sides_is_one(office: Office) -> None:
    desk = office.desk
    code = "91370783MA3C00001P"
    own = desk.enterprise("老公司", town_id=desk.towns[1], credit_code=code, phone="0536-1234567")
    boiler(desk, "甲")
    place = office.hand_out(registers=["coal_boiler"])
    with office.colleague(place) as theirs:
        assert theirs.conn.execute("SELECT count(*) FROM enterprise").fetchone() == (0,)
        twin = theirs.enterprise("老公司", town_id=theirs.towns[1], credit_code=code)
        added = boiler(theirs, "丙", 1, enterprise_id=twin)
    found = office.read(office.give_back(place))
    assert found.verdict == "good", found.problems()
    assert fates(found) == {Fate.ADDED: 1}
    office.take(found)
    row = records.get(desk.conn, BOILER, added)
    assert row is not None and row.values["enterprise_id"] == own and row.labels["enterprise_id"] == "老公司"
    assert desk.conn.execute("SELECT count(*), max(phone) FROM enterprise").fetchone() == (1, "0536-1234567")
    again = office.read(office.give_back(place))
    assert not fates(again)


def test_what_would_go_back_is_counted_and_the_last_return_remembered(office: Office) -> None:
    row = boiler(office.desk, "甲")
    place = office.hand_out(towns=[TOWN])
    with office.colleague(place) as theirs:
        found = give_back_state(theirs.conn)
        assert found is not None and (found.rows, found.last) == (0, None)
        update(theirs, row, location="村东")
        boiler(theirs, "乙")
    back = office.give_back(place)
    with office.colleague(place) as theirs:
        found = give_back_state(theirs.conn)
        assert found is not None and found.last is not None
        (table,) = found.tables
        assert (table.title, table.added, table.changed, table.deleted) == (BOILER.title, 1, 1, 0)
        assert (found.last.file_name, found.last.rows, found.since) == (back.name, 2, 0)
        update(theirs, row, location="村西")
        found = give_back_state(theirs.conn)
        assert found is not None and found.since == 1
        assert (theirs.county.undo_label() or "").startswith("修改")
    assert give_back_state(office.desk.conn) is None


def test_a_return_of_more_rows_than_any_county_has_is_refused(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    boiler(office.desk, "甲")
    place = office.hand_out(towns=[TOWN])
    with office.colleague(place) as theirs:
        boiler(theirs, "乙" * 40)
    back = office.give_back(place)
    with zipfile.ZipFile(back) as archive:
        assert archive.getinfo(ROWS).file_size > 0
    monkeypatch.setattr("db.exchange.part.content.MOST_ROWS_SIZE", 10)
    found = office.read(back)
    assert found.refusal is not None and "改动超过" in found.refusal.message


def test_what_was_said_to_issues_travels_both_ways(office: Office) -> None:
    desk = office.desk
    row, other = boiler(desk, "甲"), boiler(desk, "乙镇的", 1)
    schema = load_schema("explanation")

    def said(of: str, reason: str) -> dict[str, Cell]:
        return {"rule": "W02", "table_name": BOILER.table, "row_id": of, "value": "空", "reason": reason}

    with desk.county.operation("说明") as op:
        records.insert_many(op, schema, [said(row, "责任人正在交接"), said(other, "别的镇的事")])
    place = office.hand_out(towns=[TOWN])
    with office.colleague(place) as theirs:
        assert theirs.conn.execute("SELECT reason FROM explanation").fetchall() == [("责任人正在交接",)]
        new = boiler(theirs, "丙")
        with theirs.county.operation("说明") as op:
            records.insert(op, schema, said(new, "新建项目还没有定人"))
    found = office.read(office.give_back(place))
    assert found.verdict == "good" and fates(found) == {Fate.ADDED: 2}
    office.take(found)
    sql = "SELECT reason FROM explanation WHERE row_id = ?"
    assert desk.conn.execute(sql, (new,)).fetchall() == [("新建项目还没有定人",)]


def test_an_issue_explained_on_both_sides_is_a_choice(office: Office) -> None:
    desk = office.desk
    row = boiler(desk, "甲")
    schema = load_schema("explanation")
    about: dict[str, Cell] = {"rule": "W02", "table_name": BOILER.table, "row_id": row}
    place = office.hand_out(towns=[TOWN])
    with office.colleague(place) as theirs, theirs.county.operation("说明") as op:
        records.insert(op, schema, {**about, "reason": "同事写的原因在这里"})
    with desk.county.operation("说明") as op:
        records.insert(op, schema, {**about, "reason": "县里写的原因在这里"})
    read = only_row(office.read(office.give_back(place)))
    assert read.fate is Fate.CONFLICT and set(read.changes) == {"reason"}
