"""What changed since a package went out: each cell with both values, and nothing that is not in the package."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from db.core.fields import load_schema
from db.core.period import Period
from db.core.values import State
from db.exchange import package_kinds
from db.exchange.contents import contents
from db.exchange.package_kinds import kind_and_period, kinds
from db.exchange.package_rows import holds, row_condition
from db.exchange.package_tables import data_tables
from db.exchange.package_verify import verify_package
from db.exchange.sending import send
from db.exchange.submissions import Submission, latest
from db.exchange.versions import CellChange, How, changes_since, count_since
from db.reports.letter import LetterFacts, letter_html
from db.store import attachments, records
from db.store.past import newest_seq, rows_at
from db.work.demo import build_demo
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.model import RowKey
from db.work.monthly.months import reopen_month
from db.work.opening import open_county
from tests.db.exchange.packages import PERIODS, PLACED, letter, small_package, unpacked, zipped
from tests.db.work.desk import Desk
from tests.fuzz.mutations import reseal

HEATING = "08-06-1"
MARCH, FEBRUARY = Period(2022, 3), Period(2022, 2)


def file(desk: Desk, month: Period, amount: Decimal | State, town: int = 0) -> None:
    with desk.county.operation("填报") as op:
        set_entries(op, month, [EntryChange(RowKey(HEATING, "town", desk.towns[town]), {"amount": amount})])


def sent(desk: Desk, folder: Path, kind: str, period: str) -> Submission:
    send(desk.county, kind=kind, period=period, out=folder, letter=letter)
    found = latest(desk.conn, kind, period)
    assert found is not None
    return found


def since(desk: Desk, package: Submission) -> list[CellChange]:
    return changes_since(desk.conn, desk.plan, package)


@pytest.fixture
def march(desk: Desk, tmp_path: Path) -> Submission:
    """A month that was sent and opened again."""
    desk.share(HEATING, 2022, "1200", "800")
    file(desk, MARCH, Decimal(300))
    file(desk, FEBRUARY, Decimal(100))
    package = sent(desk, tmp_path, "monthly", "2022-03")
    with desk.county.operation("重新打开") as op:
        reopen_month(op, MARCH, "市里退回，要求更正清洁取暖户数")
    return package


def test_nothing_is_changed_at_first(desk: Desk, march: Submission) -> None:
    assert since(desk, march) == [] and count_since(desk.conn, march) == 0


def test_a_figure_is_told_with_both_values(desk: Desk, march: Submission) -> None:
    file(desk, MARCH, Decimal(1310))
    (change,) = since(desk, march)
    assert (change.title, change.heading, change.before, change.after) == ("进度填报", "本月累计", "300", "1,310")
    assert change.row.startswith(f"圣城街道　{HEATING}") and change.how is How.CHANGED and change.own
    assert count_since(desk.conn, march) == 1


def test_typed_and_put_back_is_no_change(desk: Desk, march: Submission) -> None:
    file(desk, MARCH, Decimal(310))
    file(desk, MARCH, Decimal(300))
    assert since(desk, march) == [] and count_since(desk.conn, march) == 0


def test_a_state_is_not_an_empty_cell(desk: Desk, march: Submission) -> None:
    file(desk, MARCH, State.NO_DATA)
    (change,) = since(desk, march)
    assert (change.before, change.after) == ("300", "暂无数据")


def test_rows_come_and_go(desk: Desk, march: Submission) -> None:
    file(desk, MARCH, Decimal(70), town=1)
    with desk.county.operation("删除") as op:
        first = op.conn.execute("SELECT id FROM progress WHERE period = '2022-03' ORDER BY seq").fetchone()[0]
        records.delete(op, load_schema("progress"), [first])
    gone, came = sorted(since(desk, march), key=lambda change: change.how.name, reverse=True)
    assert (gone.how, gone.before, gone.after) == (How.REMOVED, "本月累计 300", "")
    assert (came.how, came.before, came.after) == (How.ADDED, "", "本月累计 70")
    assert count_since(desk.conn, march) == 2


def test_another_month_is_not_in_it(desk: Desk, march: Submission) -> None:
    file(desk, FEBRUARY, Decimal(110))
    assert since(desk, march) == []


def test_what_is_carried_along_is_told_but_not_counted(desk: Desk, march: Submission) -> None:
    desk.enterprise("寿光市某某公司")
    (change,) = since(desk, march)
    assert (change.how, change.row, change.own) == (How.ADDED, "寿光市某某公司", False)
    assert count_since(desk.conn, march) == 0


def test_a_proof_file_counts_with_the_row_it_proves(desk: Desk, march: Submission, tmp_path: Path) -> None:
    proof = tmp_path / "验收单.pdf"
    proof.write_bytes(b"%PDF-1.4 sample")
    with desk.county.operation("佐证") as op:
        for month in (MARCH, FEBRUARY):
            row = op.conn.execute("SELECT id FROM progress WHERE period = ?", (str(month),)).fetchone()[0]
            attachments.add(op, desk.county, "progress", row, proof, "验收")
    (change,) = since(desk, march)
    assert (change.title, change.how, change.row) == ("附件", How.ADDED, "验收单.pdf")
    assert count_since(desk.conn, march) == 1


def test_a_register_is_told_by_the_names_of_its_projects(desk: Desk, tmp_path: Path) -> None:
    row = desk.project("key_project", name="改造一期", total_investment=Decimal(1200), **PLACED)
    package = sent(desk, tmp_path, "registers", "2022")
    with desk.county.operation("改") as op:
        records.update(op, load_schema("key_project"), row, {"total_investment": Decimal("1300.5"), "two_high": True})
    found = since(desk, package)
    assert {(each.row, each.heading, each.before, each.after) for each in found} >= {
        ("改造一期", "总投资（万元）", "1,200", "1,300.5")
    }
    assert count_since(desk.conn, package) == len(found) == 2


def test_a_package_of_an_older_program_is_held_against_when_it_was_recorded(desk: Desk, march: Submission) -> None:
    with desk.county.operation("旧版") as op:
        op.conn.execute("UPDATE submission SET base_seq = NULL")
    file(desk, MARCH, Decimal(310))
    old = latest(desk.conn, "monthly", "2022-03")
    assert old is not None and old.base_seq == march.base_seq
    assert [change.after for change in since(desk, old)] == ["310"]


@pytest.mark.parametrize("kind", kinds())
def test_both_ways_to_tell_what_is_in_a_package_agree(kind: str, tmp_path: Path) -> None:
    build_demo(tmp_path / "demo")
    chosen, period = kind_and_period(kind, PERIODS[kind])
    with open_county(tmp_path / "demo", author="王芳") as county:
        with county.operation("改") as op:
            for table, keep in (("enterprise", "id"), ("assignment", "task_id"), ("quota", "target_id")):
                op.conn.execute(f"UPDATE {table} SET deleted_at = '2022' WHERE seq % 5 = 0")
                if keep != "id":
                    op.conn.execute(f"UPDATE {table} SET {keep} = {keep} || '@1' WHERE seq % 5 = 1")
        with county.reading() as conn:
            for schema in data_tables(conn, chosen):
                ids = [row[0] for row in conn.execute(f"SELECT id FROM {schema.table}")]
                condition = row_condition(chosen, period, schema)
                by_sql = {row[0] for row in conn.execute(f"SELECT id FROM {schema.table} t WHERE {condition}")}
                rows = rows_at(conn, schema.table, dict.fromkeys(ids, newest_seq(conn)))
                assert {row_id for row_id, row in rows.items() if holds(chosen, period, schema, row)} == by_sql


def papers(package: Path, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(package) as archive:
        text = archive.read(f"{package.stem}/data/{name}.csv").decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_the_second_version_lists_what_it_changes(desk: Desk, march: Submission, tmp_path: Path) -> None:
    assert papers(tmp_path / march.file_name, "changes") == []
    file(desk, MARCH, Decimal(310))
    file(desk, MARCH, Decimal(70), town=1)
    told = contents(desk.conn, desk.plan, kind="monthly", period="2022-03")
    assert told.changes is not None and told.replaces == march.file_name
    letters: list[LetterFacts] = []

    def draw(facts: LetterFacts) -> bytes:
        letters.append(facts)
        return letter(facts)

    second = send(desk.county, kind="monthly", period="2022-03", out=tmp_path, letter=draw)
    assert second.supersedes == march.package_id
    rows = papers(second.path, "changes")
    assert [(row["how"], row["field"], row["before"], row["after"]) for row in rows] == [
        ("修改", "amount", "300", "310"),
        ("新增", "", "", "本月累计 70"),
    ]
    assert [row["row_title"] for row in rows] == [change.row for change in told.changes]
    assert (letters[0].changes, letters[0].supersedes) == (2, march.name)
    assert "改动2处" in letter_html(letters[0]) and march.name in letter_html(letters[0])
    assert verify_package(second.path).ok


def test_the_months_explanations_travel_with_it(desk: Desk, march: Submission, tmp_path: Path) -> None:
    rows = dict(desk.conn.execute("SELECT period, id FROM progress"))
    live = {"rule": "M-01", "table_name": "progress", "field": "amount", "value": "300 → 200", "reason": "旧村改造拆除"}
    wanted = {**live, "row_id": rows["2022-03"], "period": "2022-03"}
    others = [
        {**live, "row_id": rows["2022-02"], "period": "2022-02"},
        {**live, "table_name": "register_coal_boiler", "row_id": "x"},
        {**live, "table_name": "progress", "period": "2022-02"},
    ]
    with desk.county.operation("说明") as op:
        schema = load_schema("explanation")
        records.insert_many(op, schema, [wanted, {**live, "period": "2022-03", "reason": "全县口径调整"}, *others])
        gone = records.insert(op, schema, {**wanted, "reason": "写错了的说明"})
        records.delete(op, schema, [gone])
    package = send(desk.county, kind="monthly", period="2022-03", out=tmp_path, letter=letter).path
    found = papers(package, "explanations")
    assert [row["reason"] for row in found] == ["旧村改造拆除", "全县口径调整"]
    assert (found[0]["row_id"], found[0]["period"], found[0]["value"]) == (rows["2022-03"], "2022-03", "300 → 200")
    assert verify_package(package).ok


def test_a_package_of_the_first_format_has_no_list_of_changes(tmp_path: Path) -> None:
    """What was exported before there was one, nor remarks, is as good as ever."""
    newer = [name for name, (_, since) in package_kinds.papers().items() if since > 1]
    package = small_package(tmp_path, "plan")
    root = f"{package.stem}/"
    files = unpacked(package)
    descriptor = json.loads(files[f"{root}data/datapackage.json"])
    for name in newer:
        del files[f"{root}data/{name}.csv"]
    old_text = files[f"{root}data/explanations.csv"].replace(b"period,", b"")
    files[f"{root}data/explanations.csv"] = old_text
    descriptor["resources"] = [each for each in descriptor["resources"] if each["name"] not in newer]
    for each in descriptor["resources"]:
        if each["name"] == "explanations":
            each["schema"]["fields"] = [field for field in each["schema"]["fields"] if field["name"] != "period"]
            each["schema"]["x-edition"] = 1
            each.update(bytes=len(old_text), hash=f"sha256:{hashlib.sha256(old_text).hexdigest()}")
    files[f"{root}data/datapackage.json"] = json.dumps(descriptor, ensure_ascii=False).encode()
    info = files[f"{root}bag-info.txt"].decode()
    files[f"{root}bag-info.txt"] = info.replace("Schema-Version: 2", "Schema-Version: 1").encode()
    reseal(files, root)
    verdict = verify_package(zipped(files, tmp_path / package.name))
    assert verdict.ok, [problem.sentence() for problem in verdict.problems]
    files[f"{root}bag-info.txt"] = info.encode()
    reseal(files, root)
    assert any("changes.csv" in each.place for each in verify_package(zipped(files, tmp_path / package.name)).problems)
