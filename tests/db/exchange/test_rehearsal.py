"""The demo can be rehearsed whole: a county and a ledger to practise with talk to each other, and to nobody else."""

from __future__ import annotations

import shutil
import zipfile
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from db.checks.model import Level
from db.checks.runner import run
from db.core.errors import DataProblem
from db.core.period import Period
from db.exchange import rehearsal
from db.exchange.answer_import import import_answer
from db.exchange.answers import ACCEPTED, answer_text, read_answer
from db.exchange.ledger.consolidate import consolidate, take_one
from db.exchange.ledger.file import Ledger
from db.exchange.ledger.outcomes import Outcome
from db.exchange.ledger.remarks import answer_into
from db.exchange.ledger.standing import State, board
from db.exchange.ledger.workbook import write_city_book
from db.exchange.package_verify import verify_package
from db.exchange.rehearsal import LEDGER, add_counties, make_demo
from db.exchange.sending import send
from db.plan.editions import county_catalogue
from db.reports.letter import SAMPLE_NOTE
from db.work.demo_facts import HOME, all_facts, demo_day
from db.work.monthly.months import month_state
from db.work.opening import open_county
from db.work.sample import today_in
from tests.db.exchange.ledger.city import City
from tests.db.exchange.packages import letter

JANUARY, FEBRUARY, MARCH = (Period(2022, month) for month in (1, 2, 3))
OTHER = "370785"


@dataclass(frozen=True)
class Made:
    """The demo as it is made: its county's folder, its ledger, the packages that were sent."""

    county: Path
    ledger: Path
    sent: list[Path]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    place = tmp_path_factory.mktemp("demo")
    sent = make_demo(place / "寿光市", letter=letter, ledger_file=place / LEDGER)
    return Made(place / "寿光市", place / LEDGER, sent)


@pytest.fixture
def own(made: Made, tmp_path: Path) -> Made:
    """A copy to change."""
    county = Path(shutil.copytree(made.county, tmp_path / "寿光市"))
    ledger = Path(shutil.copy(made.ledger, tmp_path / LEDGER))
    return Made(county, ledger, [county / "exports" / file.name for file in made.sent])


def test_everything_that_was_sent_passed_the_check_and_is_sound(made: Made) -> None:
    assert [file.name for file in made.sent] == [
        "370783-plan-2022-v1.zip",
        "370783-registers-2022-v1.zip",
        "370783-monthly-2022-01-v1.zip",
        "370783-monthly-2022-02-v1.zip",
    ]
    assert all(verify_package(file).ok for file in made.sent)


def test_a_clerk_finds_issues_of_every_class_explained_ones_too(made: Made) -> None:
    with open_county(made.county, author="王芳", read_only=True) as county, county.reading() as conn:
        assert today_in(conn) == demo_day() == date(2022, 4, 6)
        catalogue = county_catalogue(conn)
        found = run(conn, catalogue, today=today_in(conn))
        left = {
            kind: run(conn, catalogue, kind=kind, period=Period.parse(period), today=today_in(conn))
            for kind, period in (("plan", "2022"), ("registers", "2022"), ("monthly", "2022-01"))
        }
    explained = Counter(issue.level for issue in found.issues if issue.explanation is not None)
    opened = Counter(issue.level for issue in found.issues if issue.open)
    assert set(explained) == {Level.CONFIRM, Level.EXPLAIN} and max(explained.values()) <= 12
    assert set(opened) == {Level.BLOCKING, Level.CONFIRM, Level.EXPLAIN} and opened[Level.BLOCKING] <= 3
    assert opened.total() <= 40
    # What was sent could be sent again: nothing of it is in the way, on the demo's day either.
    assert {kind: each.may_export for kind, each in left.items()} == dict.fromkeys(left, True)


def test_the_months_stand_each_in_its_own_way(made: Made) -> None:
    with open_county(made.county, author="王芳", read_only=True) as county, county.reading() as conn:
        reviews = dict(conn.execute("SELECT kind || ' ' || period, review FROM submission"))
        remarks = Counter(status for (status,) in conn.execute("SELECT status FROM remark"))
        closed = [month_state(conn, month).closed for month in (JANUARY, FEBRUARY, MARCH)]
    assert reviews["monthly 2022-01"] == reviews["plan 2022"] == "通过" and reviews["monthly 2022-02"] == "退回"
    assert reviews["registers 2022"] == "待审核"
    assert remarks == {"新提出": 1, "已回复": 1, "拟解决": 1}
    assert closed == [True, False, False]


def test_the_ledger_has_what_was_answered_and_takes_other_counties_once(
    own: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsal, "demo_counties", lambda: [HOME, OTHER])
    with Ledger.open_or_create(own.ledger, author="李明", sample=True) as ledger:
        assert add_counties(ledger, letter=letter) == len(all_facts()["counties"][OTHER]["history"])
        assert add_counties(ledger, letter=letter) == 0
        with ledger.reading() as conn:
            found = board(conn, demo_day())
            names = {name for (name,) in conn.execute("SELECT county_name FROM package")}
    february = {key: found.place(key, "monthly", "2022-02").state for key in (HOME, OTHER)}
    assert february == {HOME: State.RETURNED, OTHER: State.RETURNED}
    assert found.place(OTHER, "monthly", "2022-02").late and found.place(OTHER, "monthly", "2022-03").number
    assert names == {"寿光市（演示）", "高密市（演示）"}


def test_a_package_goes_to_the_city_and_its_receipt_comes_home(own: Made) -> None:
    with open_county(own.county, author="王芳") as county, Ledger.open(own.ledger, author="李明") as ledger:
        sent = send(
            county, kind="registers", period="2022", out=own.county / "exports", letter=letter, today=demo_day()
        )
        _, number = take_one(ledger, sent.path, on=demo_day())
        answer, file = answer_into(ledger, number, ACCEPTED, "", own.county / "exports")
        assert answer.title == "回执（演示）" and read_answer(file) == answer
        assert import_answer(county, file).answer.package == "370783-registers-2022-v2"
        with county.reading() as conn:
            sql = "SELECT review FROM submission WHERE kind = 'registers' AND sequence = 2"
            assert conn.execute(sql).fetchone() == ("通过",)


def test_samples_and_real_data_stay_apart(own: Made, tmp_path: Path) -> None:
    city = City(tmp_path / "真")
    city.office().share(100)
    city.office().file(50)
    real = city.office().export().path
    with Ledger.open(own.ledger, author="李明") as ledger:
        (refused,) = consolidate(ledger, [real], on=demo_day()).received
        assert refused.outcome is Outcome.REFUSED and "演示台账" in refused.sentence
        _, number = take_one(ledger, own.sent[1], on=demo_day())
        practised, file = answer_into(ledger, number, ACCEPTED, "", tmp_path)
    (refused,) = city.receive(own.sent[0]).received
    assert refused.outcome is Outcome.REFUSED and "不是真实数据" in refused.sentence
    with pytest.raises(DataProblem, match="正式的核收台账"):
        Ledger.open_or_create(city.ledger.path, author="李明", sample=True)
    with pytest.raises(DataProblem, match="是演示的"):
        import_answer(city.office().county, file)
    unmarked = tmp_path / "真的.json"
    unmarked.write_text(answer_text(practised).replace('"sample": "演示"', '"sample": ""'), encoding="utf-8")
    with open_county(own.county, author="王芳") as county, pytest.raises(DataProblem, match="本县是演示县"):
        import_answer(county, unmarked)
    city.close()


def test_the_workbook_says_on_every_page_that_it_is_a_sample(made: Made, tmp_path: Path) -> None:
    file = tmp_path / "汇总.xlsx"
    with Ledger.open(made.ledger, author="李明") as ledger, ledger.reading() as conn:
        write_city_book(conn, "monthly", "2022-02", file, today=demo_day())
    with zipfile.ZipFile(file) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/" in name]
    assert len(sheets) > 3 and all(f"<oddHeader>&amp;C{SAMPLE_NOTE}</oddHeader>" in sheet for sheet in sheets)
    assert any("月调度汇总（演示）" in sheet for sheet in sheets)
