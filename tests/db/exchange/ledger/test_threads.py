from __future__ import annotations

from typing import Any

import pytest

from db.core.fields import schema_from_json
from db.exchange.ledger.remarks import RemarkEntry, add_remarks, add_reply, remarks_on
from db.exchange.ledger.rows import Loading, RowLoader
from db.exchange.ledger.threads import TABLE, take_threads
from db.exchange.package_tables import PackageTable
from db.exchange.verdict import TableFacts
from tests.db.exchange.ledger.city import City

COLUMNS = ("remark_id", "side", "table_name", "row_id", "field", "value", "text", "status", "author", "written_at")
SHOUGUANG, QINGZHOU = "370783", "370781"


def saying(row_id: str, remark_id: str, side: str, text: str, status: str = "", at: str = "2022-04-09T09:00:00") -> Any:
    return [row_id, remark_id, side, "", "", "", "", text, status, "王芳", at]


@pytest.fixture
def second(city: City) -> City:
    """A city that has two versions of a county's month, and a month of another county."""
    for code in (SHOUGUANG, QINGZHOU):
        office = city.office(code)
        office.share(1000)
        office.file(30)
        assert city.receive(office.export().path).ok
    city.office().file(45)
    assert city.receive(city.office().export().path).ok
    return city


def bring(city: City, number: int, *rows: Any) -> int:
    """Let the package bring these rows of its table of remarks, and take them."""
    fields = [{"name": name, "title": name, "x-long": name == "text"} for name in COLUMNS]
    table = PackageTable(
        TABLE,
        schema_from_json({"name": TABLE, "title": "意见与回复", "x-kind": "work", "x-table": TABLE, "fields": fields}),
    )
    with city.ledger.writing() as conn:
        conn.execute("DELETE FROM package_table WHERE package = ? AND table_name = ?", (number, TABLE))
        loader = RowLoader(Loading(conn), number)
        loader.take(table, [list(row) for row in rows])
        assert loader.finish([TableFacts(TABLE, "意见与回复", len(rows))]) == []
        return take_threads(conn, number)


def thread(city: City, number: int = 3) -> list[tuple[str, str, list[str]]]:
    with city.ledger.reading() as conn:
        found = remarks_on(conn, number)
    return [(each.remark.text, each.remark.status, [reply.text for reply in each.remark.replies]) for each in found]


def test_replies_come_under_their_remark_once(second: City) -> None:
    (remark_id,) = add_remarks(second.ledger, 1, [RemarkEntry("请核实")])
    rows = [
        saying(remark_id, remark_id, "city", "请核实", "已回复"),
        saying("a", remark_id, "county", "上月多报了", "已回复"),
        saying("b", remark_id, "county", "已更正", "拟解决", "2022-04-10T09:00:00"),
    ]
    assert bring(second, 3, *rows) == 2
    assert bring(second, 3, *rows) == 0
    assert thread(second) == [("请核实", "拟解决", ["上月多报了", "已更正"])]


def test_a_county_closes_nothing_and_speaks_for_nobody_else(second: City) -> None:
    (mine,) = add_remarks(second.ledger, 1, [RemarkEntry("请核实")])
    (theirs,) = add_remarks(second.ledger, 2, [RemarkEntry("青州的意见")])
    rows = [
        saying("a", mine, "county", "我们自己关了", "已关闭"),
        saying("b", mine, "city", "同意", "已关闭"),
        saying(theirs, theirs, "city", "青州的意见", "已关闭"),
        saying("c", theirs, "county", "替青州说", "拟解决"),
    ]
    assert bring(second, 3, *rows) == 1
    assert thread(second) == [("请核实", "新提出", ["我们自己关了"])]
    assert thread(second, 2) == [("青州的意见", "新提出", [])]


def test_what_the_city_closed_stays_closed(second: City) -> None:
    (remark_id,) = add_remarks(second.ledger, 1, [RemarkEntry("请核实")])
    add_reply(second.ledger, remark_id, "", close=True)
    assert bring(second, 3, saying("a", remark_id, "county", "晚到的回复", "已回复")) == 1
    assert thread(second) == [("请核实", "已关闭", ["已关闭。", "晚到的回复"])]


def test_a_remark_made_without_the_ledger_is_taken_whole(second: City) -> None:
    remark_id = "0b0e4f3a-0000-4000-8000-000000000009"
    rows = [
        saying(remark_id, remark_id, "city", "另一台电脑上提的意见", "已回复"),
        saying("a", remark_id, "city", "请尽快", "新提出"),
        saying("b", remark_id, "county", "已办", "拟解决"),
    ]
    assert bring(second, 3, *rows) == 1
    assert thread(second) == [("另一台电脑上提的意见", "拟解决", ["请尽快", "已办"])]


def test_a_package_without_remarks_brings_nothing(second: City) -> None:
    with second.ledger.writing() as conn:
        conn.execute("DELETE FROM package_table WHERE table_name = ?", (TABLE,))
        assert take_threads(conn, 3) == 0
