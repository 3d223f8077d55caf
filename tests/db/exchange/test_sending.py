"""A package goes out whole: with its record and its month locked, and with everything that is then locked in it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from db.core.errors import DataProblem
from db.core.period import Period
from db.exchange import sending
from db.exchange.contents import contents
from db.exchange.package_verify import verify_package
from db.exchange.sending import send
from db.exchange.submissions import Submission, recall, submission, submissions
from db.reports.letter import LetterFacts
from db.store.past import newest_seq
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.model import RowKey
from db.work.monthly.months import month_state, reopen_month
from tests.db.exchange.packages import letter
from tests.db.work.desk import Desk

HEATING = "08-06-1"
MARCH = Period(2022, 3)


def file(desk: Desk, amount: int, month: Period = MARCH) -> None:
    with desk.county.operation("填报") as op:
        set_entries(op, month, [EntryChange(RowKey(HEATING, "town", desk.towns[0]), {"amount": Decimal(amount)})])


def amounts(package: Path) -> list[str]:
    with zipfile.ZipFile(package) as archive:
        text = archive.read(f"{package.stem}/data/tables/progress.csv").decode()
    return [row["amount"] for row in csv.DictReader(io.StringIO(text))]


def meanwhile(*steps: Callable[[], None]) -> Callable[[LetterFacts], bytes]:
    """Return a letter that takes one of the steps each time it is drawn, which is after the tables were read."""
    left = list(steps)

    def draw(facts: LetterFacts) -> bytes:
        if left:
            left.pop(0)()
        return letter(facts)

    return draw


def out(desk: Desk, folder: Path, draw: Callable[[LetterFacts], bytes] = letter) -> Path:
    return send(desk.county, kind="monthly", period="2022-03", out=folder, letter=draw).path


def test_the_record_knows_what_the_package_holds(desk: Desk, tmp_path: Path) -> None:
    file(desk, 300)
    base = newest_seq(desk.conn)
    out(desk, tmp_path)
    (made,) = submissions(desk.conn)
    assert (made.base_seq, made.status, made.review, made.sequence) == (base, "已导出", "待审核", 1)
    assert newest_seq(desk.conn) > base and month_state(desk.conn, MARCH).closed


def test_what_is_typed_while_it_is_written_is_in_it_or_not_locked(desk: Desk, tmp_path: Path) -> None:
    file(desk, 300)
    package = out(desk, tmp_path, meanwhile(lambda: file(desk, 400)))
    assert amounts(package) == ["400"] and verify_package(package).ok
    assert [path.name for path in tmp_path.glob("*.zip")] == [package.name] == ["370783-monthly-2022-03-v1.zip"]
    assert month_state(desk.conn, MARCH).closed


def test_what_concerns_another_table_does_not_hold_it_up(desk: Desk, tmp_path: Path) -> None:
    file(desk, 300)
    drawn: list[str] = []

    def draw(facts: LetterFacts) -> bytes:
        drawn.append(facts.package)
        desk.project("key_project", name="改造")
        return letter(facts)

    out(desk, tmp_path, draw)
    assert len(drawn) == 1


def test_who_never_stops_changing_is_asked_to(desk: Desk, tmp_path: Path) -> None:
    steps = [lambda n=n: file(desk, 500 + n) for n in range(sending.ATTEMPTS)]
    with pytest.raises(DataProblem, match="一直在改动"):
        out(desk, tmp_path, meanwhile(*steps))
    assert not submissions(desk.conn) and not month_state(desk.conn, MARCH).closed
    assert not list(tmp_path.glob("*.zip")) and not list(tmp_path.glob(".*.part"))


def test_what_cannot_be_recorded_has_no_file_either(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise DataProblem("记不下来")

    monkeypatch.setattr(sending, "close_month", refuse)
    with pytest.raises(DataProblem, match="记不下来"):
        out(desk, tmp_path)
    assert not submissions(desk.conn) and not list(tmp_path.glob("*.zip")) + list(tmp_path.glob(".*.part"))


def take_back(desk: Desk, which: Submission, reason: str = "清洁取暖户数报错了，要更正") -> None:
    with desk.county.operation("撤回") as op:
        recall(op, which.id, reason)


def test_a_package_is_taken_back_and_its_month_opens(desk: Desk, tmp_path: Path) -> None:
    file(desk, 300)
    out(desk, tmp_path)
    take_back(desk, submissions(desk.conn)[0])
    (taken,) = submissions(desk.conn)
    assert (taken.status, taken.recall_reason, bool(taken.recalled_at)) == (
        "已撤回",
        "清洁取暖户数报错了，要更正",
        True,
    )
    assert not month_state(desk.conn, MARCH).closed
    file(desk, 310)
    again = out(desk, tmp_path / "another")
    assert again.name == "370783-monthly-2022-03-v2.zip", "its number names that package for ever"
    assert [each.status for each in submissions(desk.conn)] == ["已导出", "已撤回"]


def test_taking_back_the_second_makes_the_first_the_last_again(desk: Desk, tmp_path: Path) -> None:
    for _ in range(2):
        out(desk, tmp_path)
    second, first = submissions(desk.conn)
    assert (second.status, first.status, second.supersedes) == ("已导出", "被替代", first.package_id)
    with pytest.raises(DataProblem, match="被新的一版代替"):
        take_back(desk, first)
    take_back(desk, second)
    assert submission(desk.conn, first.id).status == "已导出"


def test_the_third_replaces_the_first_where_the_second_was_taken_back(desk: Desk, tmp_path: Path) -> None:
    file(desk, 300)
    out(desk, tmp_path)
    with desk.county.operation("重新打开") as op:
        reopen_month(op, MARCH, "市里来电要求更正清洁取暖户数")
    file(desk, 310)
    out(desk, tmp_path)
    take_back(desk, submissions(desk.conn)[0])
    told = contents(desk.conn, desk.plan, kind="monthly", period="2022-03")
    assert (told.sequence, told.before) == (3, 1)
    third = out(desk, tmp_path)
    newest, _, first = submissions(desk.conn)
    assert (third.name, newest.supersedes) == ("370783-monthly-2022-03-v3.zip", first.package_id)
    with zipfile.ZipFile(third) as archive:
        text = archive.read(f"{third.stem}/data/changes.csv").decode()
    assert "300" in text and "310" in text, "the city has never seen the second"


@pytest.mark.parametrize(("status", "words"), [("已接收", "已经接收"), ("已撤回", "撤回过了")])
def test_what_cannot_be_taken_back(desk: Desk, tmp_path: Path, status: str, words: str) -> None:
    out(desk, tmp_path)
    (made,) = submissions(desk.conn)
    with desk.county.operation("状态") as op:
        op.conn.execute("UPDATE submission SET status = ?", (status,))
    with pytest.raises(DataProblem, match=words):
        take_back(desk, made)


def test_what_was_returned_is_not_taken_back(desk: Desk, tmp_path: Path) -> None:
    out(desk, tmp_path)
    with desk.county.operation("退回") as op:
        op.conn.execute("UPDATE submission SET review = '退回', answered_at = '2022-04-06T10:00:00'")
    (made,) = submissions(desk.conn)
    assert not made.may_be_recalled
    with pytest.raises(DataProblem, match="市里已经答复"):
        take_back(desk, made)


@pytest.mark.parametrize("reason", ["", "x", "核实无误"])
def test_taking_back_asks_for_a_reason(desk: Desk, tmp_path: Path, reason: str) -> None:
    out(desk, tmp_path)
    with pytest.raises(DataProblem, match="理由"):
        take_back(desk, submissions(desk.conn)[0], reason)
    assert submissions(desk.conn)[0].status == "已导出" and month_state(desk.conn, MARCH).closed
