"""A part goes out, is worked on, and comes back: what was changed where, and nothing over anybody's head."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.period import Period
from db.exchange.package_write import write_package
from db.exchange.part.giveback import ROWS, write_return
from db.exchange.part.names import RETURN_INFO
from db.exchange.part.scope import part_scope
from db.exchange.part.write import open_part
from db.exchange.unit_book.reading import Fate
from db.plan.part import part_identity
from db.store import attachments, records
from db.work.monthly.months import close_month
from tests.db.exchange.answered import file
from tests.db.exchange.packages import letter
from tests.db.exchange.part.colleague import Office
from tests.db.store.counties import tables_of
from tests.db.work.desk import Desk

BOILER = load_schema("coal_boiler")


def boiler(desk: Desk, name: str, town: int = 0, **more: Decimal) -> str:
    return desk.project("coal_boiler", name=name, town_id=desk.towns[town], **more)


def update(desk: Desk, row_id: str, **values: object) -> None:
    with desk.county.operation("修改") as op:
        records.update(op, BOILER, row_id, values)  # type: ignore[arg-type]


def names(desk: Desk) -> list[str]:
    sql = "SELECT name FROM register_coal_boiler WHERE deleted_at IS NULL ORDER BY name"
    return [name for (name,) in desk.conn.execute(sql)]


def test_a_towns_part_holds_its_rows_and_nothing_else(office: Office) -> None:
    desk = office.desk
    desk.share("08-06-1", 2022, "1200", "800")
    boiler(desk, "甲镇锅炉", 0)
    boiler(desk, "乙镇锅炉的秘密", 1)
    gone = boiler(desk, "删掉的锅炉", 0)
    with desk.county.operation("删除") as op:
        records.delete(op, BOILER, [gone])
    place = office.hand_out(towns=["370783001"])
    assert "乙镇锅炉的秘密".encode() not in (place / "county.db").read_bytes()
    with office.colleague(place) as theirs:
        assert names(theirs) == ["甲镇锅炉"]
        assert theirs.conn.execute("SELECT count(*) FROM assignment").fetchone() == (1,)
        assert theirs.conn.execute("SELECT count(*) FROM change").fetchone() == (0,)
        assert theirs.conn.execute("SELECT count(*) FROM town").fetchone()[0] > 10
        assert theirs.county.undo_label() is None
        identity = part_identity(theirs.conn)
        assert identity is not None and identity.title == "圣城街道"


def test_a_departments_part_is_what_it_leads(office: Office) -> None:
    desk = office.desk
    department, name = desk.conn.execute("SELECT id, name FROM department WHERE kind = '县级部门' LIMIT 1").fetchone()
    with desk.county.operation("分工") as op:
        records.insert(op, load_schema("responsibility"), {"clause_id": "08-06", "lead_id": department})
    desk.share("08-06-1", 2022, "1200", "800")
    desk.share("04-03", 2022, None, None)
    place = office.hand_out(departments=[name])
    with office.colleague(place) as theirs:
        tasks = theirs.conn.execute("SELECT DISTINCT task_id FROM assignment").fetchall()
        assert tasks == [("08-06-1",)]
        assert theirs.conn.execute("SELECT count(*) FROM responsibility").fetchone() == (1,)


def test_where_the_county_says_nothing_the_plans_lead_counts(office: Office) -> None:
    desk = office.desk
    lead = next(clause.leads[0] for clause in desk.plan.clauses if clause.id == "08-06")
    sql = "SELECT id, name FROM department WHERE city_name = ?"
    own, name = desk.conn.execute(sql, (lead,)).fetchone()
    desk.share("08-06-1", 2022, "1200")
    with office.colleague(office.hand_out(departments=[name])) as theirs:
        assert theirs.conn.execute("SELECT DISTINCT task_id FROM assignment").fetchall() == [("08-06-1",)]
    other = desk.conn.execute("SELECT id FROM department WHERE id <> ? LIMIT 1", (own,)).fetchone()[0]
    with desk.county.operation("分工") as op:
        records.insert(op, load_schema("responsibility"), {"clause_id": "08-06", "lead_id": other})
    with office.colleague(office.hand_out(departments=[name])) as theirs:
        assert theirs.conn.execute("SELECT count(*) FROM assignment").fetchone() == (0,)


def test_what_was_not_touched_changes_nothing(office: Office) -> None:
    boiler(office.desk, "甲镇锅炉")
    place = office.hand_out(towns=["370783001"])
    found = office.read(office.give_back(place))
    counts = found.counts()
    assert counts[Fate.UNCHANGED] > 0 and sum(counts.values()) == counts[Fate.UNCHANGED]
    before = tables_of(office.desk.county)["register_coal_boiler"]
    office.take(found)
    assert tables_of(office.desk.county)["register_coal_boiler"] == before


def test_changes_additions_and_deletions_come_home_in_one_step(office: Office) -> None:
    desk = office.desk
    kept, gone = boiler(desk, "甲", total_investment=Decimal(100)), boiler(desk, "乙")
    place = office.hand_out(towns=["370783001"])
    with office.colleague(place) as theirs:
        update(theirs, kept, total_investment=Decimal("120.5"))
        firm = theirs.enterprise("新来的公司", town_id=theirs.towns[0])
        added = theirs.project("coal_boiler", name="丙", town_id=theirs.towns[0], enterprise_id=firm)
        with theirs.county.operation("删除") as op:
            records.delete(op, BOILER, [gone])
    found = office.read(office.give_back(place))
    assert {fate: count for fate, count in found.counts().items() if count and fate is not Fate.UNCHANGED} == {
        Fate.ADDED: 2,
        Fate.UPDATED: 2,
    }
    stored = office.take(found)
    assert stored is not None and (stored.added, stored.updated) == (2, 2)
    assert names(desk) == ["丙", "甲"]
    row = records.get(desk.conn, BOILER, added)
    assert row is not None and row.values["enterprise_id"] == firm and row.labels["enterprise_id"] == "新来的公司"
    sql = "SELECT status, received_at IS NOT NULL FROM handout WHERE kinds = 'part'"
    assert desk.conn.execute(sql).fetchone() == ("stored", 1)
    assert (desk.county.undo_label() or "").startswith("收回工作簿")
    desk.county.undo()
    assert names(desk) == ["乙", "甲"]


def test_both_sides_changed_one_cell_somebody_chooses(office: Office) -> None:
    desk = office.desk
    row = boiler(desk, "甲", total_investment=Decimal(100))
    place = office.hand_out(towns=["370783001"])
    with office.colleague(place) as theirs:
        update(theirs, row, total_investment=Decimal(120), location="村东")
    update(desk, row, total_investment=Decimal(90))
    found = office.read(office.give_back(place))
    assert found.verdict == "problems" and office.take(found) is None
    (read,) = next(table for table in found.tables if table.rows).rows
    clash = read.changes["total_investment"]
    assert clash.open and (clash.shown(clash.base), clash.shown(clash.ours), clash.shown(clash.theirs)) == (
        "100",
        "90",
        "120",
    )
    assert read.changes["location"].take
    clash.take = True
    assert office.take(found) is not None
    now = records.get(desk.conn, BOILER, row)
    assert now is not None and (now.values["total_investment"], now.values["location"]) == (Decimal(120), "村东")


def test_what_was_deleted_there_and_changed_here_is_a_choice(office: Office) -> None:
    desk = office.desk
    row = boiler(desk, "甲", total_investment=Decimal(100))
    place = office.hand_out(towns=["370783001"])
    with office.colleague(place) as theirs, theirs.county.operation("删除") as op:
        records.delete(op, BOILER, [row])
    update(desk, row, total_investment=Decimal(90))
    found = office.read(office.give_back(place))
    (read,) = next(table for table in found.tables if table.rows).rows
    assert read.fate is Fate.CONFLICT and "发出以后改过" in str(read.changes["deleted_at"].ours)


def test_what_was_deleted_here_is_not_brought_back_in_silence(office: Office) -> None:
    desk = office.desk
    row = boiler(desk, "甲")
    place = office.hand_out(towns=["370783001"])
    with office.colleague(place) as theirs:
        update(theirs, row, location="村东")
    with desk.county.operation("删除") as op:
        records.delete(op, BOILER, [row])
    found = office.read(office.give_back(place))
    assert found.counts()[Fate.REFUSED] == 1 and "已经删除" in found.problems()[0].message


def test_the_same_figure_entered_on_both_sides_is_one(office: Office) -> None:
    desk = office.desk
    desk.share("08-06-1", 2022, "1200")
    place = office.hand_out(towns=["370783001"])
    with office.colleague(place) as theirs:
        file(theirs, 300)
    own = file(desk, 310)
    found = office.read(office.give_back(place))
    (read,) = next(table for table in found.tables if table.rows).rows
    assert read.id == own and read.changes["amount"].open and read.title.startswith("圣城街道 08-06-1 ")


def test_a_locked_month_takes_nothing(office: Office) -> None:
    desk = office.desk
    desk.share("08-06-1", 2022, "1200")
    place = office.hand_out(towns=["370783001"])
    with office.colleague(place) as theirs:
        file(theirs, 300)
    with desk.county.operation("锁定") as op:
        close_month(op, Period(2022, 3))
    found = office.read(office.give_back(place))
    assert found.counts()[Fate.REFUSED] == 1 and "锁定" in found.problems()[0].message


def test_a_month_locked_after_reading_takes_nothing(office: Office) -> None:
    desk = office.desk
    desk.share("08-06-1", 2022, "1200")
    place = office.hand_out(towns=["370783001"])
    with office.colleague(place) as theirs:
        file(theirs, 300)
    found = office.read(office.give_back(place))
    with desk.county.operation("锁定") as op:
        close_month(op, Period(2022, 3))
    with pytest.raises(DataProblem, match="锁定"):
        office.take(found)
    assert desk.conn.execute("SELECT count(*) FROM progress").fetchone() == (0,)


def test_proof_files_travel_both_ways(office: Office, tmp_path: Path) -> None:
    desk = office.desk
    row = boiler(desk, "甲")
    for name in ("去.pdf", "回.pdf"):
        (tmp_path / name).write_bytes(b"%PDF-1.4 " + name.encode())
    with desk.county.operation("附件") as op:
        attachments.add(op, desk.county, BOILER.table, row, tmp_path / "去.pdf", "佐证")
    place = office.hand_out(towns=["370783001"])
    with office.colleague(place) as theirs:
        (sha256,) = theirs.conn.execute("SELECT sha256 FROM attachment").fetchone()
        assert attachments.open_path(theirs.county, sha256, "去.pdf").read_bytes().endswith("去.pdf".encode())
        with theirs.county.operation("附件") as op:
            added = attachments.add(op, theirs.county, BOILER.table, row, tmp_path / "回.pdf", "佐证")
    office.take(office.read(office.give_back(place)))
    assert attachments.open_path(desk.county, added.sha256, "回.pdf").read_bytes().endswith("回.pdf".encode())
    sql = "SELECT count(*) FROM attachment WHERE table_name = ?"
    assert desk.conn.execute(sql, (BOILER.table,)).fetchone() == (2,)


def test_a_part_is_no_county(office: Office, tmp_path: Path) -> None:
    boiler(office.desk, "甲")
    place = office.hand_out(towns=["370783001"])
    with office.colleague(place) as theirs:
        with pytest.raises(DataProblem, match="不能导出上报包"):
            write_package(theirs.county, kind="registers", period="2022", out=tmp_path / "p", letter=letter)
        with pytest.raises(DataProblem, match="再发出工作包"):
            Office(theirs, tmp_path / "again").hand_out(towns=["370783001"])
    with pytest.raises(DataProblem, match="县级数据本身"):
        write_return(office.desk.county, tmp_path / "back")


def test_choosing_says_what_is_wrong(office: Office) -> None:
    for chosen, words in (
        ({}, "没有选"),
        ({"towns": ["没有的镇"]}, "没有代码或名称"),
        ({"departments": ["370783001"]}, "不是部门"),
        ({"registers": ["x"]}, "没有清单"),
        ({"clauses": ["99-99"]}, "没有任务"),
    ):
        with pytest.raises(DataProblem, match=words):
            part_scope(office.desk.conn, office.desk.plan, **chosen)


def rewritten(source: Path, target: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    with zipfile.ZipFile(source) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target


def _of(county: str) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        info = json.loads(files[RETURN_INFO])
        files[RETURN_INFO] = json.dumps({**info, "county": county}).encode()

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_of("370786"), "不是本县"),
        (lambda files: files.update({ROWS: files[ROWS] + b"{}\n"}), "校验码不一致"),
        (lambda files: files.update({RETURN_INFO: b"{"}), "JSON"),
        (lambda files: files.update({RETURN_INFO: b'{"format": "sijian-part-return", "version": 9}'}), "更新版本"),
        (lambda files: files.pop(RETURN_INFO), "不是交回"),
        (lambda files: files.update({"../x": b""}), "不能用"),
    ],
    ids=["county", "rows", "json", "newer", "none", "path"],
)
def test_a_return_that_was_meddled_with_is_refused(
    office: Office, tmp_path: Path, change: Callable[[dict[str, bytes]], object], words: str
) -> None:
    boiler(office.desk, "甲")
    place = office.hand_out(towns=["370783001"])
    with office.colleague(place) as theirs:
        boiler(theirs, "乙")
    bad = rewritten(office.give_back(place), tmp_path / "bad.sijian-part", change)
    found = office.read(bad)
    assert found.refusal is not None and words in found.refusal.sentence()


def _without_proofs(files: dict[str, bytes]) -> None:
    info = json.loads(files[RETURN_INFO])
    files[RETURN_INFO] = json.dumps({**info, "attachments": []}).encode()


def test_a_proof_that_did_not_come_along_is_refused(office: Office, tmp_path: Path) -> None:
    row = boiler(office.desk, "甲")
    (tmp_path / "回.pdf").write_bytes(b"%PDF-1.4 back")
    place = office.hand_out(towns=["370783001"])
    with office.colleague(place) as theirs, theirs.county.operation("附件") as op:
        attachments.add(op, theirs.county, BOILER.table, row, tmp_path / "回.pdf", "佐证")
    back = office.give_back(place)
    found = office.read(rewritten(back, tmp_path / "bare.sijian-part", _without_proofs))
    assert found.counts()[Fate.REFUSED] == 1 and "不在交回的文件里" in found.problems()[0].message
    assert office.read(back).verdict == "good"


def test_a_damaged_return_is_told_never_a_traceback(office: Office, tmp_path: Path) -> None:
    boiler(office.desk, "甲")
    place = office.hand_out(towns=["370783001"])
    with office.colleague(place) as theirs:
        boiler(theirs, "乙")
    good = office.give_back(place).read_bytes()
    chance = Random(20220315)
    refused = 0
    for number in range(200):
        content = bytearray(good)
        for _ in range(chance.randint(1, 6)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        bad = tmp_path / f"bad-{number % 2}.sijian-part"
        bad.write_bytes(content[: chance.randint(1, len(content))] if number % 4 == 0 else content)
        refused += office.read(bad).refusal is not None
    assert refused > 150


def test_what_went_out_is_not_read_as_what_comes_back(office: Office, tmp_path: Path) -> None:
    boiler(office.desk, "甲")
    place = office.hand_out(towns=["370783001"])
    (sent,) = (office.folder / "out").iterdir()
    found = office.read(sent)
    assert found.refusal is not None and "还没有交回" in found.refusal.message
    with pytest.raises(DataProblem, match="交回来的"):
        open_part(office.give_back(place), tmp_path / "other")
    with pytest.raises(DataProblem, match="已经有县级数据"):
        open_part(sent, place)


def test_proofs_of_what_was_entered_on_both_sides_follow_the_one_row(office: Office, tmp_path: Path) -> None:
    desk = office.desk
    desk.share("08-06-1", 2022, "1200")
    (tmp_path / "验收单.pdf").write_bytes(b"%PDF-1.4 paper")
    place = office.hand_out(towns=["370783001"])
    with office.colleague(place) as theirs:
        entry = file(theirs, 300)
        with theirs.county.operation("附件") as op:
            attachments.add(op, theirs.county, "progress", entry, tmp_path / "验收单.pdf", "佐证")
    own = file(desk, 300)
    found = office.read(office.give_back(place))
    assert office.take(found) is not None
    sql = "SELECT row_id FROM attachment WHERE table_name = 'progress'"
    assert desk.conn.execute(sql).fetchall() == [(own,)]


def test_a_row_that_is_left_out_leaves_no_proof_behind(office: Office, tmp_path: Path) -> None:
    desk = office.desk
    gone = boiler(desk, "甲")
    (tmp_path / "验收单.pdf").write_bytes(b"%PDF-1.4 paper")
    place = office.hand_out(towns=["370783001"])
    with office.colleague(place) as theirs:
        row = boiler(theirs, "丁")
        with theirs.county.operation("附件") as op:
            for owner in (row, gone):
                attachments.add(op, theirs.county, BOILER.table, owner, tmp_path / "验收单.pdf", "佐证")
    with desk.county.operation("删除") as op:
        records.delete(op, BOILER, [gone])
    found = office.read(office.give_back(place))
    assert [problem.code for problem in found.problems()] == ["row.gone"]
    for read in (read for table in found.tables for read in table.rows if table.table.schema == BOILER):
        read.left_out = True
    assert office.take(found, leave_out=True) is not None
    sql = "SELECT count(*) FROM attachment WHERE table_name = ?"
    assert (names(desk), desk.conn.execute(sql, (BOILER.table,)).fetchone()) == ([], (0,))


def test_a_unit_that_is_needed_here_is_not_deleted_from_there_in_silence(office: Office) -> None:
    desk = office.desk
    boiler(desk, "甲")
    firm = desk.enterprise("老公司", town_id=desk.towns[0])
    place = office.hand_out(towns=["370783001"])
    with office.colleague(place) as theirs, theirs.county.operation("删除") as op:
        records.delete(op, load_schema("enterprise"), [firm])
    desk.project("coal_boiler", name="乙", town_id=desk.towns[1], enterprise_id=firm)
    found = office.read(office.give_back(place))
    (read,) = next(table for table in found.tables if table.rows).rows
    assert read.fate is Fate.CONFLICT and "用到" in str(read.changes["deleted_at"].ours)
