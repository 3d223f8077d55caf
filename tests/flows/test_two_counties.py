"""Two counties and the city over three months: broken down, filled in, checked, exported, received, returned, mended.

After each step the statuses and counts are what they should be; what the ledger adds up is what was typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from db.checks.explanations import explain
from db.checks.model import Findings, Level
from db.checks.runner import run
from db.core.fields import load_schema
from db.core.period import Period
from db.exchange.answer_import import Received, import_answer
from db.exchange.answers import ACCEPTED, RETURNED
from db.exchange.ledger.consolidate import Consolidation, consolidate
from db.exchange.ledger.file import Ledger
from db.exchange.ledger.outcomes import Outcome
from db.exchange.ledger.remarks import RemarkEntry, add_remarks, add_reply, answer_into, remarks_on
from db.exchange.ledger.rollup import roll_up
from db.exchange.ledger.standing import Place, State, board
from db.exchange.package_verify import verify_package
from db.exchange.statuses import statuses
from db.exchange.submissions import PackageResult
from db.store import records
from db.store.county import County
from db.work.breakdown import StateKind
from db.work.county_settings import save_contacts
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.model import RowKey
from db.work.monthly.months import month_state
from db.work.remarks import reply, threads
from db.work.setup import new_county
from desktop.export_job import export_package
from tests.db.exchange.unit_book.returned import FIRST, Returned
from tests.db.work.desk import Desk

HEATING = "08-06-1"
FIGURES = "进度填报"
MARCH, APRIL, MAY = (Period(2022, month) for month in (3, 4, 5))
REPLY = "漏报了两个村，已按住建台账更正为68户"
COUNTIES = {"370783": "寿光", "370782": "诸城"}
SHARES = (1200, 800)

pytestmark = pytest.mark.usefixtures("qapp")


@dataclass
class Office:
    """A county's office: its desk, where its files go, and what its towns said, by month."""

    code: str
    desk: Desk
    out: Path
    said: dict[Period, list[int]] = field(default_factory=dict)

    @property
    def county(self) -> County:
        return self.desk.county

    def status(self, period: Period, kind: str = "monthly") -> tuple[str, str, str, int]:
        found = statuses(self.desk.conn, kind, str(period))
        return found.filing.value, found.sending, found.review, found.modified

    def take_figures(self, period: Period, figures: list[int]) -> None:
        """Send each town its workbook, let it fill in its figure, and take it in."""
        for town, amount in zip(self.desk.towns, figures, strict=False):
            folder = self.out / "books" / f"{period}-{town}"
            asked: dict[str, Any] = {"kinds": ("monthly",), "period": str(period), "registers": ()}
            book = Returned(self.desk, folder, units=(("town", town),), **asked)
            book.put(_line_of(book), FIGURES, amount=amount, situation="按计划推进", next_steps="下月继续入户施工")
            assert book.counts("progress") == {"新增": 1}
            assert book.store().added == 1
        self.said[period] = figures

    def check(self, period: Period) -> Findings:
        today = date(2022, period.month + 1, 3)
        return run(self.desk.conn, self.desk.plan, kind="monthly", period=period, today=today)

    def explain_all(self, period: Period) -> None:
        """Write why what is doubtful is so; nothing may stop the month."""
        found = self.check(period)
        assert found.blocking == (), [issue.sentence() for issue in found.blocking]
        with self.county.operation("写审核说明") as op:
            for issue in found.unexplained:
                approved = "分管副市长" if issue.level is Level.CONFIRM else ""
                explain(op, issue, reason="试点村先行，集中施工在四季度", approved_by=approved)
        assert self.check(period).may_export

    def export(self, period: Period) -> PackageResult:
        return export_package(self.county, kind="monthly", period=str(period), out=self.out)

    def correct(self, period: Period, town: int, amount: int) -> None:
        key = RowKey(HEATING, "town", self.desk.towns[town])
        with self.county.operation("更正") as op:
            set_entries(op, period, [EntryChange(key, {"amount": Decimal(amount)})])
        self.said[period][town] = amount

    def take_answer(self, file: Path) -> Received:
        return import_answer(self.county, file)


def _line_of(book: Returned) -> int:
    found: dict[str, int] = {}

    def look(sheet: Any) -> None:
        for row in sheet.iter_rows(min_row=FIRST):
            found.update({str(cell.value): cell.row for cell in row[:4] if cell.value})

    book.sheet(look, FIGURES)
    return found[HEATING]


class City:
    """The city's clerk with the ledger."""

    def __init__(self, ledger: Ledger, folder: Path) -> None:
        self.ledger, self.folder = ledger, folder

    def receive(self, packages: list[PackageResult], on: date) -> Consolidation:
        return consolidate(self.ledger, [package.path for package in packages], on=on)

    def place(self, office: Office, period: Period, today: date) -> Place:
        with self.ledger.reading() as conn:
            return board(conn, today).place(office.code, "monthly", str(period))

    def answer(self, office: Office, period: Period, verdict: str, note: str = "") -> Path:
        number = self.place(office, period, date(2022, 6, 10)).number
        return answer_into(self.ledger, number, verdict, note, self.folder)[1]

    def heating(self, period: Period) -> tuple[Decimal, dict[str, Decimal]]:
        """Return the city's figure of the month and each county's, in the county's unit."""
        with self.ledger.reading() as conn:
            line = next(line for line in roll_up(conn, period).lines if line.target.id == HEATING)
        assert line.city.figure is not None
        each = {code: found.figure.value for code, found in line.counties.items() if found.figure is not None}
        return line.city.figure.value, each


@pytest.fixture
def offices(tmp_path: Path) -> Iterator[list[Office]]:
    with ExitStack() as stack:
        found = []
        for code, name in COUNTIES.items():
            county = stack.enter_context(new_county(tmp_path / name, county=code, author=f"{name}经办人"))
            conn = stack.enter_context(county.reading())
            found.append(Office(code, Desk(county, conn), tmp_path / f"{name}上报"))
        yield found


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with Ledger.create(tmp_path / "市" / "台账.db", author="市专班李强") as ledger:
        yield City(ledger, tmp_path / "答复")


def break_down(office: Office) -> None:
    """Say who answers for the reports, and share the quota of the year between two towns."""
    desk = office.desk
    people = {"leader": "张建国", "leader_phone": "13800000003", "clerk": "王芳", "clerk_phone": "13800000002"}
    with desk.county.operation("联系人") as op:
        save_contacts(op, people)
    desk.quota(HEATING, 2022, str(sum(SHARES)), "户", paper="潍四减四增〔2022〕1号")
    desk.share(HEATING, 2022, *map(str, SHARES), responsible="李镇长", phone="13800000001", deliverable="验收单")
    assert desk.state(HEATING).kind is StateKind.DONE
    assert desk.grid(HEATING).summaries[2022].balance == 0
    assert office.status(MARCH) == ("未填报", "未导出", "", 0)


def report_march(offices: list[Office], city: City) -> list[PackageResult]:
    """Both counties report March; the city receives both, and the same once more without harm."""
    sent = []
    for office, figures in zip(offices, ([300, 200], [100, 50]), strict=True):
        office.take_figures(MARCH, figures)
        assert office.status(MARCH) == ("填报中", "未导出", "", 0)
        office.explain_all(MARCH)
        package = office.export(MARCH)
        assert verify_package(package.path).ok
        assert office.status(MARCH) == ("已完成", "已导出", "待审核", 0)
        sent.append(package)
    found = city.receive(sent, date(2022, 4, 3))
    assert [each.outcome for each in found.received] == [Outcome.RECEIVED] * 2 and found.ok
    assert [each.outcome for each in city.receive(sent, date(2022, 4, 3)).received] == [Outcome.SAME] * 2
    assert {city.place(office, MARCH, date(2022, 4, 6)).state for office in offices} == {State.ON_TIME}
    first, second = offices
    assert city.heating(MARCH) == (Decimal(650), {first.code: Decimal(500), second.code: Decimal(150)})
    return sent


def accept(office: Office, period: Period, city: City) -> None:
    """The city accepts, the county takes the receipt in: the month stays locked."""
    taken = office.take_answer(city.answer(office, period, ACCEPTED))
    assert taken.reopens is None and month_state(office.desk.conn, period).closed
    assert office.status(period) == ("已完成", "已接收", "通过", 0)
    assert city.place(office, period, date(2022, 6, 10)).state is State.ACCEPTED


def send_back(office: Office, city: City) -> str:
    """The city remarks on a cell and returns March: the month opens again, the remark stands at its cell."""
    row = entry_of(office, MARCH, 1)
    number = city.place(office, MARCH, date(2022, 4, 6)).number
    (remark,) = add_remarks(city.ledger, number, [RemarkEntry("与住建部门台账差18户", "progress", row, "amount")])
    taken = office.take_answer(city.answer(office, MARCH, RETURNED, "请核实清洁取暖户数"))
    assert taken.reopens == MARCH and not month_state(office.desk.conn, MARCH).closed
    assert office.status(MARCH) == ("填报中", "已导出", "退回", 0)
    assert city.place(office, MARCH, date(2022, 4, 6)).state is State.RETURNED
    (thread,) = threads(office.desk.conn, office.desk.plan)
    assert (thread.id, thread.spot.row_id, thread.values) == (remark, row, "上报时是50，没有改过。")
    return remark


def mend(office: Office, remark: str, before: PackageResult) -> PackageResult:
    """The county mends the figure, answers the remark, and reports once more."""
    office.correct(MARCH, 1, 68)
    with office.county.operation("回复意见") as op:
        reply(op, remark, REPLY, solved=True)
    (thread,) = threads(office.desk.conn, office.desk.plan)
    assert (thread.values, thread.status) == ("上报时是50，现在是68。", "拟解决")
    assert office.status(MARCH) == ("填报中", "已导出", "退回", 1)
    office.explain_all(MARCH)
    again = office.export(MARCH)
    assert (again.sequence, again.supersedes) == (2, before.package_id)
    assert office.status(MARCH) == ("已完成", "已导出", "待审核", 0)
    return again


def receive_again(office: Office, city: City, again: PackageResult, remark: str) -> None:
    """The second package takes the place of the first and brings the reply; the city closes and accepts."""
    found = city.receive([again], date(2022, 4, 7))
    assert [each.outcome for each in found.received] == [Outcome.REPLACES]
    place = city.place(office, MARCH, date(2022, 4, 8))
    assert (place.sequence, len(place.superseded)) == (2, 1)
    with city.ledger.reading() as conn:
        (noted,) = remarks_on(conn, place.number)
    assert noted.remark.status == "拟解决" and [said.text for said in noted.remark.replies] == [REPLY]
    add_reply(city.ledger, remark, "已核对", close=True)
    accept(office, MARCH, city)
    (thread,) = threads(office.desk.conn, office.desk.plan)
    assert thread.status == "已关闭" and [said.side for said in thread.replies] == ["county", "city"]
    assert history(office, MARCH) == [("被替代", "退回"), ("已接收", "通过")]


def report(offices: list[Office], period: Period, figures: list[list[int]], city: City, late: date | None) -> None:
    """Both counties report a month, the second perhaps `late`; both are accepted."""
    packages = []
    for office, amounts in zip(offices, figures, strict=True):
        office.take_figures(period, amounts)
        office.explain_all(period)
        packages.append(office.export(period))
        assert office.status(period) == ("已完成", "已导出", "待审核", 0)
    on = date(2022, period.month + 1, 3)
    city.receive(packages[:1], on)
    assert city.place(offices[1], period, on).state is State.MISSING
    city.receive(packages[1:], late or on)
    assert city.place(offices[1], period, late or on).state is (State.LATE if late else State.ON_TIME)
    for office in offices:
        accept(office, period, city)


def test_three_months_of_two_counties_and_the_city(offices: list[Office], city: City) -> None:
    first, second = offices
    for office in offices:
        break_down(office)
    sent = report_march(offices, city)
    accept(first, MARCH, city)
    remark = send_back(second, city)
    again = mend(second, remark, sent[1])
    receive_again(second, city, again, remark)
    assert city.heating(MARCH) == (Decimal(668), {first.code: Decimal(500), second.code: Decimal(168)})
    report(offices, APRIL, [[600, 420], [300, 168]], city, None)
    report(offices, MAY, [[900, 640], [700, 300]], city, date(2022, 6, 20))
    # What the ledger adds up is what the towns said.
    for period in (MARCH, APRIL, MAY):
        whole, each = city.heating(period)
        wanted = {office.code: Decimal(sum(office.said[period])) for office in offices}
        assert each == wanted and whole == sum(wanted.values())
    assert rows_in_ledger(city) == sum(len(said) for office in offices for said in office.said.values())
    assert {office.status(period) for office in offices for period in (MARCH, APRIL, MAY)} == {
        ("已完成", "已接收", "通过", 0)
    }


def entry_of(office: Office, period: Period, town: int) -> str:
    schema = load_schema("progress")
    where = "t.period = ? AND t.assignee_id = ? AND t.deleted_at IS NULL"
    (row,) = records.select(office.desk.conn, schema, where, [str(period), office.desk.towns[town]])
    return row.id


def history(office: Office, period: Period) -> list[tuple[str, str]]:
    sql = "SELECT status, review FROM submission WHERE period = ? ORDER BY sequence"
    return [(str(status), str(review)) for status, review in office.desk.conn.execute(sql, (str(period),))]


def rows_in_ledger(city: City) -> int:
    """Return how many entries the packages that count brought, by a way of its own."""
    with city.ledger.reading() as conn:
        sql = (
            "SELECT count(*) FROM rows_progress r JOIN package p ON p.number = r._package WHERE p.standing = 'current'"
        )
        return int(conn.execute(sql).fetchone()[0])
