from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from db.core.errors import DataProblem
from db.core.values import State
from db.store.filters import Filter
from db.store.query import Sort
from db.work.registers import register
from db.work.saved_views import MOST, SavedView, remove_view, save_view, saved_views
from tests.db.work.desk import Desk

VIEW = SavedView(
    "到期 𠮷",
    filters=(
        Filter.one_of("stage", ["已完成", State.NO_DATA, None]),
        Filter.between("total_investment", Decimal("1.5"), None),
        Filter.between("planned_completion_on", date(2022, 1, 1), date(2022, 12, 31)),
        Filter.contains("name", "=1'\""),
        Filter.not_empty("content"),
    ),
    sorts=(Sort("town_id"), Sort("total_investment", descending=True)),
    search="光伏",
    hidden=("remark",),
    default=True,
)


def keep(desk: Desk, *views: SavedView, register_name: str = "key_project") -> None:
    for view in views:
        with desk.county.operation("保存视图") as op:
            save_view(op, register(op.conn, register_name), view)


def test_a_view_comes_back_as_it_was_saved_and_only_in_its_register(desk: Desk) -> None:
    schema = register(desk.conn, "key_project")
    keep(desk, VIEW)
    found = saved_views(desk.conn, schema)
    assert [each.name for each in found] == ["到期 𠮷"]
    assert found[0].filters == VIEW.filters and found[0].sorts == VIEW.sorts and found[0].default
    assert saved_views(desk.conn, register(desk.conn, "coal_boiler")) == []
    with desk.county.operation("删除视图") as op:
        remove_view(op, schema, "到期 𠮷")
    assert saved_views(desk.conn, schema) == []
    desk.county.undo()
    assert len(saved_views(desk.conn, schema)) == 1


def test_one_view_is_the_default(desk: Desk) -> None:
    keep(desk, VIEW, SavedView("乙", default=True), SavedView("丙"), SavedView("丙", search="x"))
    found = {each.name: each for each in saved_views(desk.conn, register(desk.conn, "key_project"))}
    assert [name for name, each in found.items() if each.default] == ["乙"]
    assert found["丙"].search == "x" and len(found) == 3


@pytest.mark.parametrize("name", ["", "   ", "长" * 31])
def test_a_name_that_is_none_is_refused(desk: Desk, name: str) -> None:
    with pytest.raises(DataProblem, match="1到30个字"):
        keep(desk, SavedView(name))


def test_there_may_not_be_too_many(desk: Desk) -> None:
    keep(desk, *(SavedView(str(number)) for number in range(MOST)))
    with pytest.raises(DataProblem, match=f"最多保存{MOST}个"):
        keep(desk, SavedView("再一个"))
    keep(desk, SavedView("0", search="改"))


def test_what_a_view_says_of_fields_that_are_gone_is_left_out(desk: Desk) -> None:
    keep(desk, VIEW)
    with desk.county.operation("改名") as op:
        op.conn.execute("UPDATE setting SET id = replace(id, ':key_project:', ':red_line:') WHERE id LIKE 'view:%'")
    schema = register(desk.conn, "red_line")
    view = saved_views(desk.conn, schema)[0]
    named = [each.field for each in view.filters] + [each.field for each in view.sorts]
    assert all(name in schema for name in named) and view.search == "光伏"
