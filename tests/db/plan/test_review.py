from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import resources
from db.core.errors import DataProblem
from db.plan import review as reviewing
from db.plan.catalogue import load_catalogue
from db.plan.reading.model import Document, Leftover, LeftoverKind, Reading
from db.plan.review import Look, MarkKind, Review
from db.plan.vocabulary import Nature

PLAN = load_catalogue()
TEXT = resources.text("plan/weifang-2021-2023-draft.txt")


def reading(leftovers: tuple[Leftover, ...] = ()) -> Reading:
    return Reading(Document("方案.txt", TEXT, "0" * 64), PLAN, leftovers)


@pytest.fixture
def fresh() -> Review:
    return Review(reading())


def test_nothing_is_looked_at_to_begin_with(fresh: Review) -> None:
    assert fresh.catalogue == PLAN
    assert fresh.unseen == PLAN.targets
    assert not fresh.unplaced


def test_accepting_changes_no_word(fresh: Review) -> None:
    target = PLAN.target("08-06-1")
    done = fresh.with_(reviewing.accept(fresh.catalogue, target))
    assert done.catalogue == PLAN
    assert done.looks["08-06-1"] is Look.ACCEPTED
    assert len(done.unseen) == len(PLAN.targets) - 1


def test_one_of_three_targets_with_one_quote_is_accepted_alone(fresh: Review) -> None:
    done = fresh.with_(reviewing.accept(fresh.catalogue, PLAN.target("09-02-2")))
    assert [done.looks[f"09-02-{n}"] for n in (1, 2, 3)] == [Look.UNSEEN, Look.ACCEPTED, Look.UNSEEN]


def test_changing_a_field(fresh: Review) -> None:
    done = fresh.with_(reviewing.change(PLAN, PLAN.target("08-06-1"), {"value": Decimal(41), "soft": True}, "市里更正"))
    assert done.catalogue.target("08-06-1") == replace(PLAN.target("08-06-1"), value=Decimal(41), soft=True)
    assert done.looks["08-06-1"] is Look.CHANGED
    assert done.corrections[-1].reason == "市里更正"


def test_a_change_after_accepting_counts_as_changed_and_the_other_way_round(fresh: Review) -> None:
    accepted = fresh.with_(reviewing.accept(PLAN, PLAN.target("08-06-1")))
    changed = accepted.with_(reviewing.change(PLAN, PLAN.target("08-06-1"), {"unit": "户"}))
    assert changed.looks["08-06-1"] is Look.CHANGED
    again = changed.with_(reviewing.accept(changed.catalogue, changed.catalogue.target("08-06-1")))
    assert again.looks["08-06-1"] is Look.ACCEPTED


def test_removing_numbers_the_others_anew_and_keeps_their_looks(fresh: Review) -> None:
    seen = fresh.with_(reviewing.accept(PLAN, PLAN.target("08-06-3")))
    done = seen.with_(reviewing.remove(PLAN, PLAN.target("08-06-1"), "不是目标"))
    assert [t.indicator for t in done.catalogue.targets_of("08-06")] == ["清洁取暖率", "供热平均能耗"]
    assert done.looks["08-06-2"] is Look.ACCEPTED


def test_adding_a_target_by_its_words(fresh: Review) -> None:
    clause = PLAN.clause("10-01")
    start = clause.text.index("有序推进风电开发")
    done = fresh.with_(reviewing.add(PLAN, clause, start, start + len("有序推进风电开发")))
    added = next(t for t in done.catalogue.targets_of("10-01") if t.quote == "有序推进风电开发")
    assert done.looks[added.id] is Look.ADDED
    assert added.nature is Nature.TARGET
    assert len(done.catalogue.targets) == len(PLAN.targets) + 1


def test_splitting_and_merging_targets(fresh: Review) -> None:
    parts = ["列出项目清单", "按年度细化各项任务到镇（街）、到企业"]
    both = [t for t in PLAN.targets_of("18-01") if t.quote in parts]
    joined = fresh.with_(reviewing.merge(PLAN, both))
    (whole,) = [t for t in joined.catalogue.targets_of("18-01") if parts[1] in t.quote]
    assert whole.quote == "，".join(parts)
    parted = joined.with_(reviewing.split(joined.catalogue, whole, parts))
    assert [t.quote for t in parted.catalogue.targets_of("18-01")] == [t.quote for t in PLAN.targets_of("18-01")]


def test_splitting_a_clause_takes_its_targets_along_and_merging_brings_them_back(fresh: Review) -> None:
    clause = PLAN.clause("08-01")
    at = clause.text.index("到2023年，现役煤电机组")
    done = fresh.with_(reviewing.split_clause(PLAN, clause, at))
    first, second = done.catalogue.clauses_of("08")[:2]
    assert (first.responsibility, second.responsibility) == ("", clause.responsibility)
    assert first.text + second.text == clause.text
    assert [t.quote for t in done.catalogue.targets_of(second.id)] == [PLAN.target("08-01-4").quote]
    back = done.with_(reviewing.merge_clauses(done.catalogue, (first, second)))
    assert back.catalogue.clause("08-01").text == clause.text
    assert [t.quote for t in back.catalogue.targets] == [t.quote for t in PLAN.targets]


def test_a_decision_without_a_place_is_refused_with_a_sentence(fresh: Review) -> None:
    gone = fresh.with_(reviewing.remove(PLAN, PLAN.target("08-06-3")))
    with pytest.raises(DataProblem, match="没有改成"):
        gone.with_(reviewing.change(PLAN, PLAN.target("08-06-3"), {"soft": True}))


def test_a_decision_about_another_document_is_listed_not_lost() -> None:
    other = replace(PLAN, targets=(), left_out=())
    review = Review(replace(reading(), catalogue=other), (reviewing.accept(PLAN, PLAN.target("08-06-1")),))
    assert [each.correction.kind for each in review.unplaced] == ["accept"]


def test_leftovers_go_when_a_target_or_an_explanation_takes_them() -> None:
    clause = PLAN.clause("08-05")
    start = clause.text.index("20公里")
    place = clause.start + start
    bare = replace(PLAN, targets=tuple(t for t in PLAN.targets if t.clause != "08-05"), left_out=())
    leftover = Leftover(LeftoverKind.NUMBER, "08-05", place, place + 4, "20公里")
    review = Review(replace(reading((leftover,)), catalogue=bare))
    assert review.leftovers == (leftover,)
    assert review.with_(reviewing.explain(clause, start, start + 4, "供热半径，不是目标")).leftovers == ()
    assert review.with_(reviewing.add(bare, clause, start, start + 4)).leftovers == ()


def test_marks_say_what_every_piece_was_taken_for(fresh: Review) -> None:
    marks = fresh.marks()
    assert {mark.kind for mark in marks} == set(MarkKind) - {MarkKind.LEFTOVER}
    target = next(mark for mark in marks if mark.id == "08-06-1")
    assert TEXT[target.start : target.end] == PLAN.target("08-06-1").quote
    clause = fresh.clause_at(target.start, target.end)
    assert clause is not None
    assert clause.id == "08-06"
    assert fresh.clause_at(0, 5) is None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1000), st.sampled_from(["accept", "change", "remove"])), max_size=12))
def test_any_run_of_decisions_is_placed_and_counts_up(steps: list[tuple[int, str]]) -> None:
    review = Review(reading())
    for number, what in steps:
        target = review.catalogue.targets[number % len(review.catalogue.targets)]
        match what:
            case "accept":
                review = review.with_(reviewing.accept(review.catalogue, target))
            case "change":
                review = review.with_(reviewing.change(review.catalogue, target, {"note": f"第{number}次"}))
            case _:
                review = review.with_(reviewing.remove(review.catalogue, target))
    removed = sum(what == "remove" for _, what in steps)
    assert not review.unplaced
    assert len(review.catalogue.targets) == len(PLAN.targets) - removed
    assert set(review.looks) == {target.id for target in review.catalogue.targets}
    assert len(review.unseen) >= len(PLAN.targets) - len(steps)
