from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from db.core.errors import Cancelled, DataProblem, EnvironmentProblem
from db.exchange.ledger import rows as ledger_rows
from db.exchange.ledger.consolidate import choose, consolidate
from db.exchange.ledger.file import Ledger
from db.exchange.ledger.outcomes import Outcome
from db.exchange.ledger.rows import loaded_table, loaded_tables, read_rows
from db.exchange.ledger.standing import State, board, due_on, set_due, set_reporting_day, take_edition
from db.work.setup import new_county
from tests.db.exchange.ledger.city import TODAY, City, Office, forged

SHOUGUANG, QINGZHOU = "370783", "370781"


def outcomes(city: City, *paths: Path) -> list[Outcome]:
    return [each.outcome for each in city.receive(*paths).received]


def standings(city: City) -> dict[str, str]:
    with city.ledger.reading() as conn:
        return dict(conn.execute("SELECT name || '/' || substr(package_id, 1, 8), standing FROM package"))


def contents_of(ledger: Ledger) -> list[str]:
    with ledger.reading() as conn:
        return list(conn.iterdump())


def month_package(city: City, *amounts: int, county: str = SHOUGUANG) -> Path:
    office = city.office(county)
    office.share(*[1000] * len(amounts))
    office.file(*amounts)
    return office.export().path


def test_a_package_is_kept_cell_by_cell(city: City) -> None:
    office = city.office()
    office.share(1200, 800)
    office.file(0, 30)
    made = office.export()
    (received,) = city.receive(made.path).received
    assert received.outcome is Outcome.RECEIVED and received.sentence == "已收。"
    with city.ledger.reading() as conn:
        loaded = loaded_table(conn, 1, "progress")
        assert loaded is not None and loaded.schema.title == "进度填报"
        found = [row for batch in read_rows(conn, loaded, ["task_id", "amount", "numerator", "none"]) for row in batch]
        counts = {each.name: each.rows for each in loaded_tables(conn, 1)}
    assert found == [("08-06-1", "0", "", ""), ("08-06-1", "30", "", "")]
    assert counts == {table.name: table.rows for table in made.tables}


def test_the_same_package_twice_changes_nothing(city: City) -> None:
    package = month_package(city, 100)
    assert outcomes(city, package) == [Outcome.RECEIVED]
    before = contents_of(city.ledger)
    (again,) = city.receive(package).received
    assert again.outcome is Outcome.SAME and "没有重复入库" in again.sentence
    after = [line for line in contents_of(city.ledger) if 'INTO "event"' not in line]
    assert after == [line for line in before if 'INTO "event"' not in line]


def test_the_same_package_twice_in_one_call_is_taken_once(city: City, tmp_path: Path) -> None:
    package = month_package(city, 100)
    copy = shutil.copy(package, tmp_path / "copy.zip")
    assert sorted(outcomes(city, package, Path(copy))) == sorted([Outcome.RECEIVED, Outcome.SAME])


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("backwards", [True, False])
def test_of_two_versions_the_newer_counts_in_whatever_order_they_come(
    city: City, together: bool, backwards: bool
) -> None:
    first = month_package(city, 100)
    city.office().file(200)
    second = city.office().export().path
    files = [second, first] if backwards else [first, second]
    for call in [files] if together else [[each] for each in files]:
        assert city.receive(*call).ok
    assert {name.split("/")[0]: standing for name, standing in standings(city).items()} == {
        "370783-monthly-2022-03-v1": "superseded",
        "370783-monthly-2022-03-v2": "current",
    }
    with city.ledger.reading() as conn:
        place = board(conn, TODAY).place(SHOUGUANG, "monthly", "2022-03")
    assert place.sequence == 2 and place.superseded == ("370783-monthly-2022-03-v1",)


def test_what_comes_late_is_told_to_be_replaced_already(city: City) -> None:
    first = month_package(city, 100)
    city.office().file(200)
    second = city.office().export().path
    assert outcomes(city, second) == [Outcome.RECEIVED]
    (late,) = city.receive(first).received
    assert late.outcome is Outcome.OLDER and "第2次" in late.sentence


def test_two_different_ones_of_one_number_are_a_conflict_until_somebody_chooses(city: City, tmp_path: Path) -> None:
    office = city.office(SHOUGUANG)
    office.project("改造一期", "100")
    one = office.export("registers", "2022").path
    two = forged(one, "data/tables/register_key_project.csv", renamed, tmp_path / "two.zip", clever=True)
    assert outcomes(city, one) == [Outcome.RECEIVED]
    (other,) = city.receive(two).received
    assert other.outcome is Outcome.CONFLICT and "两台电脑" in other.sentence
    assert sorted(standings(city).values()) == ["conflict", "current"]
    with city.ledger.reading() as conn:
        place = board(conn, TODAY).place(SHOUGUANG, "registers", "2022")
        assert place.state is State.CONFLICT and place.number == 1
    assert "选定" in choose(city.ledger, 2)
    with city.ledger.reading() as conn:
        place = board(conn, TODAY).place(SHOUGUANG, "registers", "2022")
    assert place.state is State.REPORTED and place.number == 2
    with pytest.raises(DataProblem, match="没有冲突"):
        choose(city.ledger, 2)
    with pytest.raises(DataProblem, match="没有这个上报包"):
        choose(city.ledger, 9)
    assert outcomes(city, one, two) == [Outcome.SAME, Outcome.SAME]


def renamed(data: bytes) -> bytes:
    return data.replace("改造一期".encode(), "改造二期".encode())


def test_a_newer_version_ends_a_conflict(city: City, tmp_path: Path) -> None:
    office = city.office()
    office.project("改造一期", "100")
    one = office.export("registers", "2022").path
    two = forged(one, "data/tables/register_key_project.csv", renamed, tmp_path / "two.zip", clever=True)
    city.receive(one, two)
    office.project("改造三期", "5")
    assert outcomes(city, office.export("registers", "2022").path) == [Outcome.REPLACES]
    assert sorted(standings(city).values()) == ["current", "superseded", "superseded"]


def test_what_was_changed_and_sealed_again_shows_in_its_number(city: City, tmp_path: Path) -> None:
    office = city.office()
    office.project("改造一期", "100")
    good = office.export("registers", "2022").path
    changed = forged(good, "data/tables/register_key_project.csv", renamed, tmp_path / "changed.zip")
    (refused,) = city.receive(changed).received
    assert refused.outcome is Outcome.REFUSED and "编号与内容对不上" in refused.sentence


def test_what_was_changed_cleverly_shows_against_the_stamped_letter(city: City, tmp_path: Path) -> None:
    office = city.office()
    office.project("改造一期", "100")
    good = office.export("registers", "2022")
    changed = forged(good.path, "data/tables/register_key_project.csv", renamed, tmp_path / "changed.zip", clever=True)
    letter = " ".join(good.data_sha256[at : at + 8] for at in range(0, 64, 8))
    (refused,) = city.receive(changed, letters=(letter,)).received
    assert refused.outcome is Outcome.REFUSED and "上报函" in refused.sentence
    (taken,) = city.receive(good.path, letters=(letter[:8].upper(),)).received
    assert taken.outcome is Outcome.RECEIVED
    with pytest.raises(DataProblem, match="不是数据校验码"):
        city.receive(good.path, letters=("1234",))


def test_another_edition_of_the_plan_is_refused_until_the_city_takes_it(city: City) -> None:
    office = city.office()
    with office.county.operation("换方案") as op:
        op.conn.execute("UPDATE setting SET value = 'weifang-2022' WHERE id = 'plan_version'")
    other = office.export("plan", "2022").path
    (refused,) = city.receive(other).received
    assert refused.outcome is Outcome.REFUSED and "weifang-2022" in refused.sentence
    take_edition(city.ledger, "weifang-2022")
    assert outcomes(city, other) == [Outcome.RECEIVED]


def test_a_package_of_a_county_elsewhere_is_refused(city: City) -> None:
    office = city.office()
    with office.county.operation("改代码") as op:
        op.conn.execute("UPDATE setting SET value = '371082' WHERE id = 'county_code'")
    (refused,) = city.receive(office.export("plan", "2022").path).received
    assert refused.outcome is Outcome.REFUSED and "371082" in refused.sentence


def test_of_several_packages_the_faulty_one_leaves_nothing_and_the_others_are_taken(city: City, tmp_path: Path) -> None:
    good = month_package(city, 100)
    bad = month_package(city, 50, county=QINGZHOU)
    content = bytearray(bad.read_bytes())
    content[len(content) // 2] ^= 0xFF
    bad.write_bytes(bytes(content))
    (tmp_path / "not.zip").write_bytes(b"no zip")
    found = city.receive(good, bad, tmp_path / "not.zip")
    assert not found.ok and found.sentence() == "这次核收3个上报包：1个首次收到；2个没有收。"
    assert [each.outcome for each in found.received].count(Outcome.RECEIVED) == 1
    assert all(each.problems for each in found.received if each.outcome is Outcome.REFUSED)
    with city.ledger.reading() as conn:
        assert [county for (county,) in conn.execute("SELECT county FROM package")] == [SHOUGUANG]
        assert {p for (p,) in conn.execute("SELECT DISTINCT _package FROM rows_progress")} == {1}


def test_folders_are_looked_through(city: City) -> None:
    month_package(city, 100)
    month_package(city, 50, county=QINGZHOU)
    assert outcomes(city, city.folder) == [Outcome.RECEIVED, Outcome.RECEIVED]
    assert outcomes(city, city.folder / "370783") == []
    with pytest.raises(EnvironmentProblem, match="找不到"):
        city.receive(city.folder / "none.zip")


def test_a_cancelled_call_leaves_nothing(city: City) -> None:
    files = [month_package(city, 100), month_package(city, 50, county=QINGZHOU)]
    before = contents_of(city.ledger)

    class Impatient:
        def step(self, done: int, total: int, text: str = "") -> None:
            if done > 1000:
                raise Cancelled

    with pytest.raises(Cancelled):
        consolidate(city.ledger, files, on=TODAY, progress=Impatient())
    assert contents_of(city.ledger) == before


def test_rows_that_do_not_arrive_are_noticed(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    take = ledger_rows.RowLoader.take
    monkeypatch.setattr(
        ledger_rows.RowLoader,
        "take",
        lambda self, table, rows: take(self, table, rows[:-1] if table.name == "progress" else rows),
    )
    (refused,) = city.receive(month_package(city, 100, 50)).received
    assert refused.outcome is Outcome.REFUSED
    told = [problem.message for problem in refused.problems]
    assert told == ["《进度填报》入库1行，包里是2行。", "《进度填报》「本月累计」入库合计100，包里是150。"]


def test_totals_are_exact_to_the_last_decimal(city: City) -> None:
    office = city.office()
    amounts = ["8999999999999.99", "0.1", "0.25"]
    for number, amount in enumerate(amounts):
        office.project(f"项目{number}", amount)
    package = office.export("registers", "2022")
    assert city.receive(package.path).ok
    with city.ledger.reading() as conn:
        loaded = loaded_table(conn, 1, "register_key_project")
        assert loaded is not None
        found = [Decimal(row[0]) for batch in read_rows(conn, loaded, ["total_investment"]) for row in batch]
    assert sum(found) == sum(map(Decimal, amounts))


def test_who_is_missing_late_or_in_time_follows_from_the_day(city: City) -> None:
    city.receive(month_package(city, 100), on=date(2022, 4, 5))
    city.receive(month_package(city, 50, county=QINGZHOU), on=date(2022, 4, 8))
    with city.ledger.reading() as conn:
        found = board(conn, date(2022, 4, 8))
    states = {each.county: each for each in found.of_report("monthly", "2022-03")}
    assert states[SHOUGUANG].state is State.ON_TIME and states[QINGZHOU].state is State.LATE
    assert states[QINGZHOU].sentence == "迟报：第1次；2022-04-08收到，迟2天；截止2022-04-06"
    assert states["370702"].state is State.MISSING and states["370702"].overdue
    told = found.sentences("monthly", "2022-03")
    assert told[0] == "2022年3月月调度：应报17家，已报2家" and "迟报 1 家：青州市" in told
    set_reporting_day(city.ledger, 12)
    with city.ledger.reading() as conn:
        assert board(conn, TODAY).place(QINGZHOU, "monthly", "2022-03").state is State.ON_TIME
    set_reporting_day(city.ledger, 9)  # a Saturday: the Monday after it counts
    with city.ledger.reading() as conn:
        assert due_on(conn, "monthly", "2022-03") == date(2022, 4, 11)
    set_due(city.ledger, "monthly", "2022-03", date(2022, 4, 7))
    with city.ledger.reading() as conn:
        assert board(conn, TODAY).place(QINGZHOU, "monthly", "2022-03").state is State.LATE
    with pytest.raises(DataProblem):
        set_reporting_day(city.ledger, 31)
    with pytest.raises(DataProblem):
        set_due(city.ledger, "monthly", "2022", date(2022, 4, 7))


def test_a_report_whose_day_is_set_is_awaited_of_all(city: City) -> None:
    set_due(city.ledger, "annual", "2022", date(2023, 1, 31))
    city.receive(month_package(city, 100))
    with city.ledger.reading() as conn:
        found = board(conn, TODAY)
        assert found.columns == (("monthly", "2022-03"), ("annual", "2022"))
        assert found.place(SHOUGUANG, "annual", "2022").state is State.MISSING


def test_another_file_is_no_ledger(tmp_path: Path, city: City) -> None:
    (tmp_path / "a.txt").write_text("hello")
    with pytest.raises(DataProblem, match="不是市级核收台账"):
        Ledger.open(tmp_path / "a.txt", author="李明")
    with pytest.raises(DataProblem, match="不是市级核收台账"):
        Ledger.open(city.office().county.path, author="李明")
    with city.ledger.writing() as conn:
        conn.execute("PRAGMA user_version = 99")
    with pytest.raises(EnvironmentProblem, match="更新版本"):
        Ledger.open(city.ledger.path, author="李明")
    with pytest.raises(EnvironmentProblem, match="同名文件"):
        Ledger.create(city.ledger.path, author="李明")


def test_what_a_sample_county_exports_is_never_taken_for_real(city: City) -> None:
    real = city.office()
    folder = city.folder / "sample"
    with new_county(folder, county="370784", author="演示", sample=True) as county:
        sample = Office(county, city.folder / "sample-out", []).export("registers", "2022").path
    received = {each.path.name: each for each in city.receive(sample, real.export().path).received}
    assert received[sample.name].outcome is Outcome.REFUSED and "演示" in received[sample.name].sentence
    assert [each.outcome for name, each in received.items() if name != sample.name] == [Outcome.RECEIVED]
