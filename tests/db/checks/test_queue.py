"""The queue: what is left when it is narrowed, and what is counted beside it."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from db.checks.model import Explanation, Findings, Issue, Level
from db.checks.queue import HEADS, Narrowing, Standing, concerned, line_of, narrowed, standing_of
from db.checks.whereabouts import Whereabouts, whereabouts
from db.plan.catalogue import load_catalogue

CATALOGUE = load_catalogue()
TOLD = Explanation("e", "三月停工检修", "李局长", "张三", date(2022, 4, 2), "1 → 2")


def issue(rule: str = "F01", level: Level = Level.BLOCKING, **given: object) -> Issue:
    """Return an issue with what is given."""
    whole = Issue(
        rule, level, "town", "t1", "contact", "", "没有填写。", "空", "填写", "请补上。", "08-06", "字段", "羊口镇",
        units=("t1",),
    )  # fmt: skip
    return replace(whole, **given)  # type: ignore[arg-type]


FOUND = Findings(
    "",
    "",
    (
        issue(),
        issue(row_id="t2", place="圣城街道", units=("t2",)),
        issue("L02", Level.EXPLAIN, table="progress", clause="01-01", group="与上期比", what="比上月多了一倍。"),
        issue("L02", Level.EXPLAIN, row_id="t2", table="progress", explanation=TOLD, group="与上期比"),
        issue("W02", Level.HINT, what="电话不像电话。", group="人员"),
    ),
    (),
)


def rows(by: Narrowing) -> list[int]:
    """Return the places in `FOUND` of what is left."""
    return [FOUND.issues.index(each) for each in narrowed(CATALOGUE, FOUND, by).issues]


@pytest.mark.parametrize(
    ("by", "left"),
    [
        (Narrowing(), [0, 1, 2, 3, 4]),
        (Narrowing(level=Level.EXPLAIN), [2, 3]),
        (Narrowing(rule="F01"), [0, 1]),
        (Narrowing(group="人员"), [4]),
        (Narrowing(unit="t2"), [1]),
        (Narrowing(part=CATALOGUE.article("01").part), [2]),
        (Narrowing(standing=Standing.OPEN), [0, 1, 2]),
        (Narrowing(standing=Standing.EXPLAINED), [3]),
        (Narrowing(standing=Standing.NOTED), [4]),
        (Narrowing(words="圣城"), [1]),
        (Narrowing(words="scjd"), [1]),
        (Narrowing(words="l02 一倍"), [2]),
        (Narrowing(words="没有这样的"), []),
    ],
)
def test_each_wish_leaves_what_it_asks_for(by: Narrowing, left: list[int]) -> None:
    assert rows(by) == left


def test_only_rules_of_the_kind_are_left() -> None:
    kinds = narrowed(CATALOGUE, FOUND, Narrowing(kind="monthly")).issues
    assert {each.rule for each in kinds} >= {"L02"}
    assert "L02" not in {each.rule for each in narrowed(CATALOGUE, FOUND, Narrowing(kind="registers")).issues}


def test_rules_are_counted_whatever_rule_is_open() -> None:
    queue = narrowed(CATALOGUE, FOUND, Narrowing(rule="F01"))
    assert [(each.rule, each.count, each.open) for each in queue.rules] == [("F01", 2, 2), ("L02", 2, 1), ("W02", 1, 0)]
    assert queue.total == 5


@pytest.mark.parametrize("rule", ["", "F01", "L02", "W02"])
@pytest.mark.parametrize("level", [None, *Level])
@pytest.mark.parametrize("standing", [None, *Standing])
@pytest.mark.parametrize("unit", ["", "t2"])
def test_every_count_is_what_is_shown_when_it_is_chosen(
    rule: str, level: Level | None, standing: Standing | None, unit: str
) -> None:
    by = Narrowing(rule=rule, level=level, standing=standing, unit=unit)
    queue = narrowed(CATALOGUE, FOUND, by)
    for each in Standing:
        assert queue.standings[each] == len(rows(replace(by, standing=each)))
    for count in queue.rules:
        assert count.count == len(rows(replace(by, rule=count.rule, level=count.level)))
    assert queue.total == len(rows(replace(by, rule="", level=None)))


def test_a_rule_of_which_nothing_is_left_stays_in_the_list_while_it_is_open() -> None:
    by = Narrowing(rule="L02", level=Level.EXPLAIN, standing=Standing.NOTED)
    assert [(each.rule, each.count) for each in narrowed(CATALOGUE, FOUND, by).rules] == [("L02", 0), ("W02", 1)]


def test_a_line_says_all_there_is_about_an_issue() -> None:
    line = line_of(FOUND.issues[3])
    assert len(line) == len(HEADS)
    assert line[0] == "核实性" and line[-2:] == ["三月停工检修", "李局长"]
    assert [standing_of(each) for each in FOUND.issues[2:4]] == [Standing.OPEN, Standing.EXPLAINED]


@pytest.fixture
def conn() -> sqlite3.Connection:
    """Return a file that knows two towns, a report and a proof."""
    made = sqlite3.connect(":memory:")
    for table in ("town", "department", "enterprise"):
        made.execute(f"CREATE TABLE {table} (id TEXT, name TEXT)")
    made.execute("INSERT INTO town VALUES ('t1', '羊口镇'), ('t2', '圣城街道')")
    made.execute("INSERT INTO enterprise VALUES ('e1', '样例公司')")
    made.execute("CREATE TABLE project_report (id TEXT, register TEXT, row_id TEXT)")
    made.execute("INSERT INTO project_report VALUES ('r1', 'coal_boiler', 'p1')")
    made.execute("CREATE TABLE attachment (id TEXT, table_name TEXT, row_id TEXT)")
    made.execute("INSERT INTO attachment VALUES ('a1', 'register_coal_boiler', 'p2')")
    return made


def test_the_units_concerned_come_with_how_much_there_is(conn: sqlite3.Connection) -> None:
    found = concerned(conn, FOUND)
    assert [(unit.name, unit.count) for unit in found] == [("羊口镇", 4), ("圣城街道", 1)]


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"assignee_id": "t1"}, Whereabouts("town", "town", "t1")),
        ({"assignee_id": "e1"}, Whereabouts("enterprise", "town", "t1")),
        ({"assignee_id": "county"}, Whereabouts("county", "town", "t1")),
        ({"assignee_id": "nobody"}, Whereabouts("", "town", "t1")),
        ({"table": "project_report", "row_id": "r1"}, Whereabouts("", "coal_boiler", "p1")),
        ({"table": "project_report", "row_id": "gone"}, Whereabouts("", "project_report", "gone")),
        ({"table": "attachment", "row_id": "a1"}, Whereabouts("", "register_coal_boiler", "p2")),
    ],
)
def test_the_file_tells_where_to_go(conn: sqlite3.Connection, given: dict[str, Any], where: Whereabouts) -> None:
    assert whereabouts(conn, issue(**given)) == where
