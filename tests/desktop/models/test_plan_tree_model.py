"""The plan's tree: every task is in it, states are counted, and it is found by words, numbers and initials."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex

from db.plan.catalogue import load_catalogue
from db.work.breakdown import StateKind, shares, states
from db.work.tasks import leaf_tasks
from desktop.models.plan_tree_model import Node, PlanRole, PlanTreeFilter, PlanTreeModel, spell_titles
from desktop.session import Session


@pytest.fixture
def model(demo_session: Session) -> PlanTreeModel:
    catalogue = demo_session.catalogue
    model = PlanTreeModel(catalogue)
    with demo_session.county.reading() as conn:
        found = states(conn, catalogue)
    model.set_states(found, shares(catalogue, found))
    model.spell(spell_titles(model.titles()))
    return model


def shown(proxy: PlanTreeFilter, parent: QModelIndex | None = None) -> list[str]:
    parent = parent or QModelIndex()
    found = []
    for row in range(proxy.rowCount(parent)):
        index = proxy.index(row, 0, parent)
        node = index.data(PlanRole.NODE)
        assert isinstance(node, Node)
        found.append(node.id)
        found += shown(proxy, index)
    return found


def test_every_clause_and_target_has_a_line(model: PlanTreeModel) -> None:
    catalogue = load_catalogue()
    for task_id in [*(clause.id for clause in catalogue.clauses), *(target.id for target in catalogue.targets)]:
        index = model.index_of(task_id)
        assert index.data(PlanRole.TASK_ID) == task_id
        assert index.parent().isValid()
    assert not model.index_of("99-99").isValid()


def test_counts_are_those_of_the_tasks_to_break_down(model: PlanTreeModel) -> None:
    counted = sum(model.count_of(kind) for kind in StateKind)
    assert counted == len(leaf_tasks(load_catalogue()))
    part = model.node(model.index(2, 0))
    assert part is not None
    assert part.total == sum(child.total for child in part.children)
    assert 0 < part.done <= part.total


def test_filter_by_state_shows_only_tasks_in_it(model: PlanTreeModel) -> None:
    proxy = PlanTreeFilter()
    proxy.setSourceModel(model)
    proxy.show_states(frozenset({StateKind.PENDING}))
    leaves = [model.node(model.index_of(i)) for i in shown(proxy) if "-" in i]
    tasks = [node for node in leaves if node is not None and node.state is not None and not node.total]
    assert tasks
    assert {node.state.kind for node in tasks if node.state} == {StateKind.PENDING}
    assert len(tasks) == model.count_of(StateKind.PENDING)
    proxy.show_states(frozenset())
    assert len(shown(proxy)) == len(model.titles())


@pytest.mark.parametrize("words", ["清洁取暖改造", "qjqngz", "08-06-1", "煤炭使用 改造户数"])
def test_search_finds_the_task(model: PlanTreeModel, words: str) -> None:
    proxy = PlanTreeFilter()
    proxy.setSourceModel(model)
    proxy.search(words)
    assert "08-06-1" in shown(proxy)
    assert "16-01-1" not in shown(proxy)
    proxy.search("没有这样的任务")
    assert shown(proxy) == []


def test_headings_say_what_they_hold_and_tasks_their_state(model: PlanTreeModel) -> None:
    from PySide6.QtCore import Qt

    part = str(model.index(2, 0).data(Qt.ItemDataRole.ToolTipRole))
    assert "项任务，已完成" in part
    assert "已完成" in str(model.index_of("08-06-1").data(Qt.ItemDataRole.ToolTipRole))
