from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.plan.catalogue import Catalogue
from db.plan.catalogue_file import catalogue_text, read_catalogue
from db.plan.compare import Change, Comparison, Difference, compare
from db.plan.similarity import likeness, word_spans
from tests.db.plan.variants import SHIPPED, variants

TEXT = st.text("年底前完成淘汰2023１２３ab。，（）", max_size=30)


def with_target(target_id: str, **values: object) -> Catalogue:
    targets = tuple(replace(t, **values) if t.id == target_id else t for t in SHIPPED.targets)  # type: ignore[arg-type]
    return replace(SHIPPED, targets=targets)


def ids(edition: Catalogue) -> list[str]:
    return [clause.id for clause in edition.clauses] + [target.id for target in edition.targets]


def only(comparison: Comparison) -> Difference:
    (found,) = comparison.changed
    return found


@given(variants())
@settings(max_examples=12, deadline=None)
def test_comparing_with_itself_gives_nothing(edition: Catalogue) -> None:
    found = compare(edition, edition)
    assert found.changed == ()
    assert found.homes() == {name: name for name in ids(edition)}


@given(variants(), variants())
@settings(max_examples=12, deadline=None)
def test_exchanging_the_editions_exchanges_the_result(one: Catalogue, other: Catalogue) -> None:
    there, back = compare(one, other), compare(other, one)
    turned = {Change.ADDED: Change.REMOVED, Change.REMOVED: Change.ADDED}
    for name in ("clauses", "targets"):
        forth = {(d.old, d.new): (d.change, d.likeness) for d in getattr(there, name)}
        assert forth == {(d.new, d.old): (turned.get(d.change, d.change), d.likeness) for d in getattr(back, name)}


@given(variants(), variants())
@settings(max_examples=12, deadline=None)
def test_everything_of_both_editions_is_there_once(one: Catalogue, other: Catalogue) -> None:
    found = compare(one, other)
    assert sorted(d.old.id for d in found.all if d.old) == sorted(ids(one))
    assert sorted(d.new.id for d in found.all if d.new) == sorted(ids(other))
    assert [d.new for d in found.clauses if d.new] == list(other.clauses)
    assert sum(found.counts().values()) == len(list(found.all))
    assert len(set(found.homes().values())) == len(found.homes())


@given(variants())
@settings(max_examples=12, deadline=None)
def test_what_only_moved_is_found_where_it_is(edition: Catalogue) -> None:
    homes = compare(SHIPPED, edition).homes()
    texts = {clause.text: clause.id for clause in edition.clauses}
    for clause in SHIPPED.clauses:
        if clause.text in texts:
            assert homes[clause.id] == texts[clause.text]
    assert read_catalogue(catalogue_text(edition)) == edition


def test_another_value_is_another_target_with_its_old_and_new_one() -> None:
    found = only(compare(SHIPPED, with_target("08-06-1", value=Decimal(50), deadline=date(2024, 12, 31))))
    assert found.change is Change.CHANGED and not found.moved
    assert [(f.name, f.old, f.new) for f in found.fields] == [
        ("value", Decimal(40), Decimal(50)),
        ("deadline", date(2023, 12, 31), date(2024, 12, 31)),
    ]


def test_another_wording_of_the_same_promise_is_told_as_such() -> None:
    quote = SHIPPED.target("08-06-1").quote
    assert only(compare(SHIPPED, with_target("08-06-1", quote=f"全市{quote}"))).change is Change.REWORDED
    assert compare(SHIPPED, with_target("08-06-1", quote=quote.replace("，", ","))).changed == ()
    assert compare(SHIPPED, with_target("08-06-1", indicator="叫法不同")).changed == ()


def test_the_same_words_in_another_clause_are_not_taken_for_the_same_promise() -> None:
    """03-04-1 各县市区要制定实施方案 goes; the same sentence comes into a clause about something else."""
    old = SHIPPED.target("03-04-1")
    clause = SHIPPED.clause("16-02")
    moved = replace(clause, text=old.quote + "，" + clause.text[len(old.quote) + 1 :])
    targets = [t for t in SHIPPED.targets if t.id != old.id and t.clause != clause.id]
    came = replace(old, id="16-02-1", clause="16-02", start=0, end=len(old.quote), indicator="绿色矿山实施方案")
    clauses = tuple(moved if c.id == clause.id else c for c in SHIPPED.clauses)
    found = compare(SHIPPED, replace(SHIPPED, clauses=clauses, targets=(*targets, came)))
    assert old.id not in found.homes()
    assert found.likely()[old.id] == came.id


def test_other_departments_make_another_wording_of_the_clause() -> None:
    clauses = tuple(replace(c, leads=("市水利局",)) if c.id == "08-06" else c for c in SHIPPED.clauses)
    found = only(compare(SHIPPED, replace(SHIPPED, clauses=clauses)))
    assert found.change is Change.REWORDED and [f.name for f in found.fields] == ["leads"]


def test_what_went_is_told_in_its_place_and_needs_no_home() -> None:
    clauses = tuple(c for c in SHIPPED.clauses if c.id != "08-06")
    targets = tuple(t for t in SHIPPED.targets if t.clause != "08-06")
    found = compare(SHIPPED, replace(SHIPPED, clauses=clauses, targets=targets))
    assert {d.change for d in found.changed} == {Change.REMOVED}
    order = [d.old.id for d in found.all if d.old]
    assert order.index("08-06") == order.index("08-05") + 1 + len(SHIPPED.targets_of("08-05"))
    assert "08-06-1" not in found.homes() and found.likely() == {}


@given(TEXT, TEXT)
def test_likeness_has_no_direction(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, one) == 1


@given(TEXT, TEXT)
def test_spans_make_up_both_texts_and_share_what_they_share(old: str, new: str) -> None:
    before, after = word_spans(old, new)
    assert "".join(span.text for span in before) == old
    assert "".join(span.text for span in after) == new
    assert [s.text for s in before if s.same] == [s.text for s in after if s.same]


@pytest.mark.parametrize(
    ("old", "new", "gone", "come"),
    [
        ("淘汰800台", "淘汰900台", ["800"], ["900"]),
        ("下降3.1%以上", "下降3.7%以上", ["3.1%"], ["3.7%"]),
        ("到2022年", "到2022年底前", [], ["底前"]),
    ],
)
def test_a_number_is_one_word(old: str, new: str, gone: list[str], come: list[str]) -> None:
    before, after = word_spans(old, new)
    assert [s.text for s in before if not s.same] == gone
    assert [s.text for s in after if not s.same] == come
