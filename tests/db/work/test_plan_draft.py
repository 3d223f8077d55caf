from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

import resources
from db.core.errors import DataProblem
from db.plan import review as reviewing
from db.plan.catalogue import load_catalogue
from db.plan.editions import add_edition
from db.plan.reading.document import pasted_document
from db.plan.reading.model import Document
from db.plan.review import Review
from db.work import plan_draft
from tests.db.work.desk import Desk

PLAN = load_catalogue()
SHORT = """某县落实方案
一、产业
（一）淘汰落后产能。到2022年，淘汰老旧锅炉12台。（县工信局牵头）
二、能源
（二）清洁取暖。到2023年，新增清洁取暖3000户以上。（县住建局、县发改局按职责分工负责）
"""


def opened(desk: Desk, document: Document) -> Review:
    with desk.county.operation("打开方案") as op:
        plan_draft.begin(op, document)
    return current(desk)


def current(desk: Desk) -> Review:
    review = plan_draft.draft(desk.conn)
    assert review is not None
    return review


def test_no_plan_to_begin_with(desk: Desk) -> None:
    assert plan_draft.draft(desk.conn) is None
    with pytest.raises(DataProblem, match="没有正在核对的方案"), desk.county.operation("核对") as op:
        plan_draft.decide(op, reviewing.accept(PLAN, PLAN.targets[0]))


def test_the_document_comes_back_as_it_was_opened(desk: Desk) -> None:
    document = pasted_document(SHORT)
    review = opened(desk, document)
    assert review.reading.document == document
    assert [clause.leads for clause in review.catalogue.clauses] == [("县工信局",), ("县住建局", "县发改局")]


def test_a_decision_is_kept_and_can_be_undone(desk: Desk) -> None:
    review = opened(desk, pasted_document(SHORT))
    clause = review.catalogue.clauses[0]
    with desk.county.operation("改条款") as op:
        decided = plan_draft.decide(op, reviewing.change(review.catalogue, clause, {"title": "老旧锅炉"}))
    assert decided.catalogue.clauses[0].title == "老旧锅炉"
    assert current(desk).catalogue == decided.catalogue
    desk.county.undo()
    assert current(desk).catalogue == review.catalogue
    desk.county.redo()
    assert current(desk).catalogue == decided.catalogue


def test_a_refused_decision_leaves_everything_as_it_was(desk: Desk) -> None:
    review = opened(desk, pasted_document(SHORT))
    foreign = reviewing.remove(PLAN, PLAN.target("08-06-1"))
    with pytest.raises(DataProblem, match="没有改成"), desk.county.operation("核对") as op:
        plan_draft.decide(op, foreign)
    assert current(desk) == review


def test_opening_another_puts_the_first_away_and_undo_brings_it_back(desk: Desk) -> None:
    opened(desk, pasted_document(SHORT))
    second = opened(desk, pasted_document(SHORT.replace("12台", "15台")))
    assert "15台" in second.reading.document.text
    desk.county.undo()
    assert "12台" in current(desk).reading.document.text
    with desk.county.operation("放弃") as op:
        assert plan_draft.discard(op) == 1
    assert plan_draft.draft(desk.conn) is None


def test_what_was_corrected_in_the_plan_in_force_is_kept_in_a_new_reading(desk: Desk) -> None:
    review = opened(desk, pasted_document(SHORT))
    correction = reviewing.change(review.catalogue, review.catalogue.clauses[0], {"title": "老旧锅炉"})
    with desk.county.operation("采用") as op:
        add_edition(op, review.catalogue, homes={}, document=SHORT, corrections=[correction])
    again = opened(desk, pasted_document(SHORT.replace("3000户", "4000户")))
    assert again.catalogue.clauses[0].title == "老旧锅炉"


def test_what_was_corrected_in_the_shipped_plan_is_kept_where_its_words_are(desk: Desk) -> None:
    text = resources.text("plan/weifang-2021-2023-draft.txt")
    review = opened(desk, pasted_document(text.replace("（征求意见稿）", "")))
    assert not review.unplaced
    assert [target.quote for target in review.catalogue.targets] == [target.quote for target in PLAN.targets]
    assert opened(desk, pasted_document(SHORT)).corrections == ()


def test_the_shipped_document_is_read_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    document = replace(pasted_document(resources.text("plan/weifang-2021-2023-draft.txt")), name="一次.txt")
    opened(desk, document)
    refuse: Callable[..., None] = lambda *_args, **_kwargs: pytest.fail("read again")  # noqa: E731
    monkeypatch.setattr(plan_draft, "read_plan", refuse)
    assert len(current(desk).catalogue.clauses) == len(PLAN.clauses)
