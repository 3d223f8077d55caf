from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings

from db.core.errors import DataProblem
from db.core.period import Period
from db.plan.catalogue import Catalogue, Target
from db.plan.compare import Change
from db.plan.editions import TASK_COLUMNS, county_catalogue, edition_catalogue, editions, split_former
from db.store.county import County
from db.work import breakdown, quotas, registers
from db.work.adoption import AdoptionPlan, adopt, adoption
from db.work.assignee_tasks import tasks_of_assignee
from db.work.demo import build_demo
from db.work.demo_months import fill_months
from db.work.homeless import homeless, rehouse
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.facts import read_facts
from db.work.monthly.model import RowKey
from db.work.overview import overview
from db.work.quota_history import history
from db.work.recycle import bin_rows
from db.work.responsibility import responsibilities, set_responsibility
from db.work.scope import scopes
from db.work.target_figures import target_figures
from db.work.task_rows import naming
from tests.db.plan.variants import SHIPPED, variants
from tests.db.store.counties import tables_of
from tests.db.work.desk import Desk

LABEL = "采用新方案"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """The demo county with some of everything that can name a task; whoever writes in it takes it back."""
    folder = tmp_path_factory.mktemp("adoption") / "demo"
    build_demo(folder)
    with County.open(folder, author="李四") as county:
        with county.operation("责任分工") as op:
            for clause in SHIPPED.clauses[3:9]:
                set_responsibility(op, clause_id=clause.id, values={"leader": "张三"})
        with county.operation("清除分解") as op:
            row = op.conn.execute("SELECT task_id, year, assignee_id FROM assignment LIMIT 1").fetchone()
            breakdown.clear_assignments(op, [row])
        assert fill_months(county, Period(2022, 3), Period(2022, 3))
        yield county


def take_up(county: County, new: Catalogue, confirmed: dict[str, str | None] | None = None) -> AdoptionPlan:
    with county.reading() as conn:
        plan = adoption(conn, new, confirmed)
    with county.operation(LABEL) as op:
        return adopt(op, plan)


def rows_of(conn: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Return which task every row names, by its table and id."""
    return {
        (place.table, row_id): task_id
        for place in naming(conn)
        for row_id, task_id in conn.execute(f"SELECT id, {place.column} FROM {place.table} WHERE {place.column} <> ''")
    }


def without(*task_ids: str, version: str = "next") -> Catalogue:
    gone = set(task_ids)
    return replace(
        SHIPPED,
        version=version,
        clauses=tuple(c for c in SHIPPED.clauses if c.id not in gone),
        targets=tuple(t for t in SHIPPED.targets if t.id not in gone and t.clause not in gone),
        left_out=tuple(entry for entry in SHIPPED.left_out if entry.clause not in gone),
        faults=tuple(fault for fault in SHIPPED.faults if fault.clause not in gone),
    )


def moved_up() -> Catalogue:
    """Return the plan without 08-05, in whose place 08-06 stands."""

    def name(task_id: str) -> str:
        return task_id.replace("08-06", "08-05")

    new = without("08-05")
    return replace(
        new,
        clauses=tuple(replace(c, id=name(c.id)) for c in new.clauses),
        targets=tuple(replace(t, id=name(t.id), clause=name(t.clause)) for t in new.targets),
        left_out=tuple(replace(entry, clause=name(entry.clause)) for entry in new.left_out),
        faults=tuple(replace(fault, clause=name(fault.clause)) for fault in new.faults),
    )


def changed(target_id: str, **values: object) -> Catalogue:
    targets = tuple(replace(t, **values) if t.id == target_id else t for t in SHIPPED.targets)  # type: ignore[arg-type]
    return replace(SHIPPED, version="next", targets=targets)


# --- Whatever the editions -------------------------------------------------------------------------------------------


@given(variants())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_row_is_lost_and_undo_gives_back_the_same_tables(demo: County, new: Catalogue) -> None:
    before = tables_of(demo)
    with demo.reading() as conn:
        named, plan = rows_of(conn), adoption(conn, new)
    take_up(demo, new)
    try:
        after = tables_of(demo)
        with demo.reading() as conn:
            renamed = rows_of(conn)
            assert county_catalogue(conn) == new
            assert _works(conn, new)
        assert renamed.keys() == named.keys()
        for row, old_id in named.items():
            new_id = renamed[row]
            if (former := split_former(new_id)) is not None:
                assert former == (old_id, 1) and old_id not in plan.homes
            else:
                assert new_id == plan.homes[old_id]
                assert _words(SHIPPED, old_id) == _words(new, new_id)
        assert {entry.task_id for entry in plan.homeless} == {o for o in named.values() if o not in plan.homes}
    finally:
        demo.undo()
    assert tables_of(demo) == before
    demo.redo()
    assert tables_of(demo) == after
    demo.undo()


def _words(catalogue: Catalogue, task_id: str) -> object:
    task = catalogue.task(task_id)
    return (task.quote, task.value, task.unit) if isinstance(task, Target) else task and task.text


def _works(conn: sqlite3.Connection, catalogue: Catalogue) -> bool:
    """Ask everything that reads tasks; nothing may fail for rows that have no home."""
    states = breakdown.states(conn, catalogue)
    breakdown.shares(catalogue, states)
    for task_id in states:
        breakdown.grid(conn, catalogue, task_id)
    quotas.quota_table(conn, catalogue)
    target_figures(conn, catalogue)
    bin_rows(conn)
    homeless(conn)
    assert not any("@" in due.task_id for due in overview(conn, catalogue, today=date(2022, 3, 20)).deadlines)
    for (who,) in conn.execute("SELECT DISTINCT assignee_id FROM assignment"):
        tasks_of_assignee(conn, catalogue, who)
    return True


def test_taking_up_one_plan_after_another_and_the_first_again(demo: County) -> None:
    before = tables_of(demo)
    with demo.reading() as conn:
        named = rows_of(conn)
    first = take_up(demo, without("08-06"))
    with demo.reading() as conn:
        waiting = [entry.task_id for entry in homeless(conn)]
    second = take_up(demo, replace(SHIPPED, version="third"))
    assert first.stayed and sorted(second.returning) == sorted(waiting)
    with demo.reading() as conn:
        assert [edition.version for edition in editions(conn)] == ["third", "next", SHIPPED.version]
        assert edition_catalogue(conn, 1) is SHIPPED
        assert homeless(conn) == [] and rows_of(conn) == named
    for _ in range(2):
        demo.undo()
    assert tables_of(demo) == before


# --- Cases -----------------------------------------------------------------------------------------------------------


def test_everything_stays_where_nothing_changed(desk: Desk) -> None:
    desk.quota("08-06-1", 2022, "100")
    desk.share("08-06-1", 2022, "60", "40")
    plan = take_up(desk.county, replace(SHIPPED, version="next"))
    assert (plan.moves, plan.homeless, plan.followed, plan.stayed) == ({}, (), 3, 0)
    assert desk.county.undo_label() == LABEL


def test_rows_follow_a_clause_that_moved_even_in_a_ring(desk: Desk) -> None:
    desk.answer("08-01", "不涉及", "没有")
    desk.answer("08-02", "待定")
    desk.share("08-06-1", 2022, "60")
    swap = {"08-01": "08-02", "08-02": "08-01"}

    def name(task_id: str) -> str:
        return swap.get(task_id[:5], task_id[:5]) + task_id[5:]

    clauses = [replace(c, id=name(c.id)) for c in SHIPPED.clauses]
    new = replace(
        SHIPPED,
        version="next",
        clauses=tuple(sorted(clauses, key=lambda c: c.id)),
        targets=tuple(
            replace(t, id=name(t.id), clause=name(t.clause), part_of=t.part_of and name(t.part_of))
            for t in SHIPPED.targets
        ),
    )
    plan = take_up(desk.county, new)
    assert plan.moves == swap and not plan.homeless
    answers = {task_id: scope.applies for task_id, scope in scopes(desk.conn).items()}
    assert answers == {"08-02": "不涉及", "08-01": "待定"}


def test_what_is_gone_is_listed_with_its_place_and_kept_apart(desk: Desk) -> None:
    desk.quota("08-06-1", 2022, "100")
    desk.share("08-06-1", 2022, "60", "40")
    plan = take_up(desk.county, without("08-06"))
    (entry,) = plan.homeless
    assert (entry.task_id, entry.place, entry.reason) == ("08-06-1", "（八）持续压减煤炭使用", "新方案里没有")
    assert entry.text == SHIPPED.target("08-06-1").quote
    assert [rows.words for rows in entry.rows] == ["分解任务2条", "县级目标1条"]
    assert (plan.followed, plan.stayed) == (0, 3)
    (kept,) = homeless(desk.conn)
    assert (kept.task_id, kept.rows) == ("08-06-1@1", entry.rows)
    assert quotas.quotas(desk.conn).keys() == {"08-06-1@1"}


def test_a_new_task_under_an_old_number_does_not_inherit(desk: Desk) -> None:
    desk.share("08-06-1", 2022, "60")
    quote = SHIPPED.clause("08-06").text[:20]
    other = changed(
        "08-06-1", quote=quote, indicator="另一件事", start=0, end=20, value=None, unit="台", county_unit="台"
    )
    plan = take_up(desk.county, other)
    assert [entry.task_id for entry in plan.homeless] == ["08-06-1"]
    assert not any(breakdown.grid(desk.conn, other, "08-06-1").rows[0].cells)


def test_a_changed_target_is_followed_once_it_is_confirmed(desk: Desk) -> None:
    desk.quota("08-06-1", 2022, "100")
    new = changed("08-06-1", value=Decimal(50))
    with desk.county.reading() as conn:
        doubtful = adoption(conn, new)
        assert [d.change for d in doubtful.comparison.changed] == [Change.CHANGED]
        (entry,) = doubtful.homeless
        assert entry.likely == "08-06-1" and "没有确认" in entry.reason
        assert not adoption(conn, new, {"08-06-1": "08-06-1"}).homeless
        denied = adoption(conn, replace(SHIPPED, version="x"), {"08-06-1": None})
        assert [e.reason for e in denied.homeless] == ["已确认不是同一任务"]


@pytest.mark.parametrize(
    ("confirmed", "said"),
    [
        ({"08-06-1": "99-01-1"}, "新方案里没有"),
        ({"99-01-1": "08-06-1"}, "原方案里没有"),
        ({"08-06": "08-06-1"}, "不是同一类"),
        ({"08-06-1": "08-02-1"}, "已经对应"),
    ],
)
def test_an_impossible_confirmation_is_refused(desk: Desk, confirmed: dict[str, str | None], said: str) -> None:
    with pytest.raises(DataProblem, match=said):
        adoption(desk.conn, SHIPPED, confirmed)


def test_another_unit_is_told_and_amounts_keep_what_they_meant(desk: Desk) -> None:
    desk.quota("08-06-1", 2022, "30000")
    with desk.county.operation("旧数据") as op:
        op.conn.execute("UPDATE quota SET unit = NULL")
    new = changed("08-06-1", county_unit="万户")
    plan = take_up(desk.county, new, {"08-06-1": "08-06-1"})
    assert ["由户改为万户" in change.sentence for change in plan.units] == [True]
    assert quotas.quotas(desk.conn)["08-06-1"][2022].in_unit == Decimal(3)


def test_amounts_that_do_not_convert_have_no_home_though_confirmed(desk: Desk) -> None:
    desk.quota("08-06-1", 2022, "30000")
    plan = take_up(desk.county, changed("08-06-1", county_unit="台"), {"08-06-1": "08-06-1"})
    assert ["不能换算" in entry.reason for entry in plan.homeless] == [True]


def test_what_was_filed_by_the_month_follows_and_is_converted_or_has_no_home(desk: Desk) -> None:
    key = RowKey("08-06-1", "town", desk.towns[0])
    desk.share("08-06-1", 2022, "60000")
    with desk.county.operation("填报") as op:
        set_entries(op, Period(2022, 3), [EntryChange(key, {"amount": Decimal(30000)})])
    with desk.county.operation("清除分解") as op:
        breakdown.clear_assignments(op, [("08-06-1", 2022, desk.towns[0])])
        op.conn.execute("DELETE FROM assignment")
    gone = adoption(desk.conn, changed("08-06-1", county_unit="台"), {"08-06-1": "08-06-1"})
    assert ["不能换算" in entry.reason for entry in gone.homeless] == [True]
    take_up(desk.county, changed("08-06-1", county_unit="万户"), {"08-06-1": "08-06-1"})
    desk.share("08-06-1", 2022, "6")
    total = read_facts(desk.conn, county_catalogue(desk.conn), Period(2022, 3)).totals["08-06-1"]
    assert total.figure is not None and total.figure.value == Decimal(3)


def test_rows_of_years_that_the_plan_does_not_cover_stay_and_are_told(desk: Desk) -> None:
    desk.share("08-06-1", 2021, "60")
    desk.share("08-06-1", 2022, "60")
    new = replace(SHIPPED, version="next", begins=date(2022, 1, 1), ends=date(2024, 12, 31))
    plan = take_up(desk.county, new)
    assert [(year.year, year.title, year.rows) for year in plan.years] == [(2021, "分解任务", 1)]
    assert any("2022—2024" in note for note in plan.notes)
    assert breakdown.grid(desk.conn, new, "08-06-1").years == (2022, 2023, 2024)
    assert desk.conn.execute("SELECT count(*) FROM assignment").fetchone()[0] == 2


def test_projects_responsibilities_and_register_figures_follow(desk: Desk) -> None:
    desk.project("key_project", name="集中供热", task_id="08-06")
    desk.project("rural_heating", name="一村", completed_households=Decimal(5))
    with desk.county.operation("责任") as op:
        set_responsibility(op, clause_id="08-06", values={"leader": "张三"})
    new = moved_up()
    take_up(desk.county, new)
    assert responsibilities(desk.conn).keys() == {"08-05"}
    assert desk.conn.execute("SELECT task_id FROM register_key_project").fetchone()[0] == "08-05"
    assert [f.target_id for f in target_figures(desk.conn, new) if f.rows] == ["08-05-1"]
    assert registers.register(desk.conn, "rural_heating").clauses[0] == "08-05"


def test_registers_count_again_towards_a_target_that_came_back(desk: Desk) -> None:
    desk.project("rural_heating", name="一村", completed_households=Decimal(5))
    take_up(desk.county, without("08-06"))
    assert not [f for f in target_figures(desk.conn, without("08-06")) if f.rows]
    again = replace(SHIPPED, version="third")
    take_up(desk.county, again)
    assert [f.target_id for f in target_figures(desk.conn, again) if f.rows] == ["08-06-1"]
    assert registers.register(desk.conn, "rural_heating").clauses[0] == "08-06"


def test_the_history_of_a_quota_goes_with_it(desk: Desk) -> None:
    desk.quota("08-06-1", 2022, "100")
    desk.quota("08-06-1", 2022, "120", paper="二号", why="调整")
    take_up(desk.county, moved_up())
    assert [change.after for change in history(desk.conn, "08-05-1", 2022)][-2:] == [Decimal(120), Decimal(100)]


def test_what_waits_for_a_home_is_given_one_by_hand(desk: Desk) -> None:
    desk.quota("08-06-1", 2022, "60")
    take_up(desk.county, changed("08-06-1", value=Decimal(50)))
    with desk.county.operation("改挂") as op:
        rehouse(op, "08-06-1@1", "08-06-1")
    assert quotas.quotas(desk.conn).keys() == {"08-06-1"} and not homeless(desk.conn)


def test_what_waits_for_a_home_is_not_put_among_other_rows(desk: Desk) -> None:
    desk.share("08-06-1", 2022, "60")
    take_up(desk.county, changed("08-06-1", value=Decimal(50)))
    desk.share("08-06-1", 2022, "70")
    with pytest.raises(DataProblem, match="已经有分解任务1条"), desk.county.operation("改挂") as op:
        rehouse(op, "08-06-1@1", "08-06-1")
    with pytest.raises(DataProblem, match="没有以前方案"), desk.county.operation("改挂") as op:
        rehouse(op, "08-06-1", "08-06-1")
    with pytest.raises(DataProblem, match="按完成与否"), desk.county.operation("改挂") as op:
        rehouse(op, "08-06-1@1", "08-02-1")
    back = take_up(desk.county, replace(SHIPPED, version="third"), {"08-06-1": "08-06-1"})
    assert back.returning == () and [entry.task_id for entry in homeless(desk.conn)] == ["08-06-1@1"]


def test_every_column_that_names_tasks_is_known_by_its_name(desk: Desk) -> None:
    places = {(place.table, place.column) for place in naming(desk.conn)}
    assert {
        ("assignment", "task_id"),
        ("quota", "target_id"),
        ("responsibility", "clause_id"),
        ("task_scope", "task_id"),
        ("register_key_project", "task_id"),
    } <= places
    assert {column for _, column in places} <= set(TASK_COLUMNS)
