from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from db.core.errors import DataProblem
from db.plan.catalogue import Catalogue, load_catalogue
from db.plan.correcting import apply
from db.plan.corrections import (
    About,
    Anchor,
    Correction,
    CorrectionKind,
    Thing,
    anchor_of,
    around,
    corrections_from_json,
    corrections_text,
)
from db.plan.vocabulary import FaultKind, Mode

CATALOGUE = load_catalogue()
DOCUMENT = resources.text("plan/weifang-2021-2023-draft.txt")
THINGS: dict[About, tuple[Thing, ...]] = {
    About.CLAUSE: CATALOGUE.clauses,
    About.TARGET: CATALOGUE.targets,
    About.FAULT: CATALOGUE.faults,
    About.LEFT_OUT: CATALOGUE.left_out,
}


def correction(kind: str, about: str, at: list[Anchor], *becomes: dict[str, Any]) -> Correction:
    return Correction(CorrectionKind(kind), About(about), tuple(at), becomes, "理由")


def target_anchor(target_id: str, catalogue: Catalogue = CATALOGUE) -> Anchor:
    return anchor_of(catalogue, catalogue.target(target_id))


def done(*corrections: Correction, to: Catalogue = CATALOGUE, document: str = "") -> Catalogue:
    catalogue, unplaced = apply(to, corrections, document)
    assert unplaced == ()
    return catalogue


def refused(*corrections: Correction, to: Catalogue = CATALOGUE) -> str:
    catalogue, unplaced = apply(to, corrections)
    assert [entry.correction for entry in unplaced] == list(corrections)
    assert catalogue == to
    return unplaced[0].reason


# --- The file -------------------------------------------------------------------------------------------------------

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=10)
ANCHORS = st.builds(Anchor, quote=WORDS, before=WORDS, after=st.just("") | WORDS, clause=WORDS, which=st.integers(1, 3))
FIELDS = st.fixed_dictionaries(
    {"quote": WORDS},
    optional={
        "value": st.none() | st.decimals(0, 10**6, places=2),
        "soft": st.booleans(),
        "deadline": st.none() | st.dates(),
        "part_of": st.none() | WORDS,
        "note": WORDS,
    },
)
CORRECTIONS = st.builds(
    Correction,
    kind=st.just(CorrectionKind.SPLIT),
    about=st.just(About.TARGET),
    at=st.tuples(ANCHORS),
    becomes=st.lists(FIELDS, min_size=2, max_size=3).map(tuple),
    reason=st.just("") | WORDS,
    by=st.just("") | WORDS,
    on=st.none() | st.dates(),
)


@given(st.lists(CORRECTIONS, max_size=4).map(tuple))
def test_corrections_come_back_from_their_file(corrections: tuple[Correction, ...]) -> None:
    assert corrections_from_json(corrections_text(corrections)) == corrections


GOOD: dict[str, Any] = {"kind": "change", "about": "target", "at": [{"quote": "甲"}], "becomes": [{"note": "乙"}]}


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "improve"},
        {"about": "article"},
        {"at": []},
        {"at": [{"quote": ""}]},
        {"at": [{"quote": "甲", "which": 0}]},
        {"at": [{"quote": "甲", "page": 3}]},
        {"at": [{"quote": "甲"}, {"quote": "乙"}]},
        {"at": "甲"},
        {"becomes": []},
        {"becomes": [{"colour": "red"}]},
        {"becomes": [{"id": "03-02-9"}]},
        {"becomes": [{"value": "23"}]},
        {"becomes": [{"deadline": "2023-13-01"}]},
        {"becomes": [{"measure": "heap"}]},
        {"kind": "accept"},
        {"kind": "merge"},
        {"kind": "split", "becomes": [{"quote": "甲"}, {"note": "没有原文"}]},
        {"about": "clause", "becomes": [{"text": "改原文"}]},
        {"about": "fault", "kind": "merge"},
        {"about": "clause", "kind": "remove", "becomes": []},
        {"on": "昨天"},
        {"reason": 3},
        {"why": "错"},
    ],
)
def test_a_correction_that_is_not_well_made_is_named(changed: dict[str, Any]) -> None:
    assert corrections_from_json(json.dumps({"corrections": [GOOD]}))
    with pytest.raises(DataProblem, match="第2条"):
        corrections_from_json(json.dumps({"corrections": [GOOD, GOOD | changed]}))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"corrections": {}}', "[" * 100_000])
def test_what_is_no_file_of_corrections_is_refused(text: str) -> None:
    with pytest.raises(DataProblem, match="整个文件"):
        corrections_from_json(text)


# --- Finding the place ----------------------------------------------------------------------------------------------


@given(st.data(), st.sampled_from(About))
def test_whatever_stands_in_the_plan_is_found_by_its_text_alone(data: st.DataObject, about: About) -> None:
    thing = data.draw(st.sampled_from(THINGS[about]))
    anchor = replace(anchor_of(CATALOGUE, thing), clause="" if about is not About.FAULT else thing.clause)  # type: ignore[union-attr]
    assert done(correction("accept", about, [anchor]), document=DOCUMENT) == CATALOGUE


@given(st.sampled_from(CATALOGUE.targets), st.integers(1, 90))
def test_it_is_found_where_the_clauses_are_numbered_otherwise(target: Any, shift: int) -> None:
    def name(clause: str) -> str:
        return f"{clause[:3]}{int(clause[3:]) + shift:02d}"

    moved = replace(
        CATALOGUE,
        clauses=tuple(replace(c, id=name(c.id)) for c in CATALOGUE.clauses),
        targets=tuple(replace(t, clause=name(t.clause), id=f"{name(t.clause)}-{t.id[6:]}") for t in CATALOGUE.targets),
        left_out=(),
        faults=(),
    )
    changed = done(correction("change", "target", [anchor_of(CATALOGUE, target)], {"note": "改过"}), to=moved)
    assert [t.quote for t in changed.targets if t.note == "改过"] == [target.quote]


def test_a_place_that_is_gone_or_stands_twice_is_told() -> None:
    gone = correction("change", "target", [Anchor("没有这一句")], {"note": "x"})
    assert "没有找到" in refused(gone)
    twice = correction("add", "target", [Anchor("市")], {})
    assert "几处" in refused(twice)
    nothing = correction("change", "target", [Anchor("新材料", "、", "")], {"note": "x"})
    assert refused(nothing)


def test_one_that_finds_no_place_does_not_hold_up_the_others() -> None:
    good = correction("change", "target", [target_anchor("08-06-1")], {"note": "改过"})
    bad = correction("remove", "target", [Anchor("没有这一句")])
    catalogue, unplaced = apply(CATALOGUE, [bad, good])
    assert [entry.correction for entry in unplaced] == [bad]
    assert catalogue.target("08-06-1").note == "改过"


def test_a_target_whose_quote_was_read_shorter_is_the_same() -> None:
    target = CATALOGUE.target("03-02-1")
    shorter = replace(target, end=target.end - 5, quote=target.quote[:-5])
    catalogue = replace(CATALOGUE, targets=tuple(shorter if t is target else t for t in CATALOGUE.targets))
    change = correction("change", "target", [anchor_of(CATALOGUE, target)], {"quote": target.quote})
    assert done(change, to=catalogue) == CATALOGUE


# --- What a correction does -----------------------------------------------------------------------------------------


def test_changed_fields_are_changed_and_no_others() -> None:
    fields: dict[str, Any] = {"value": Decimal("2.5"), "deadline": date(2022, 6, 30), "soft": True}
    found = done(correction("change", "target", [target_anchor("08-06-1")], fields))
    assert found.target("08-06-1") == replace(CATALOGUE.target("08-06-1"), **fields)
    assert [t for t in found.targets if t.id != "08-06-1"] == [t for t in CATALOGUE.targets if t.id != "08-06-1"]


@given(st.sampled_from(CATALOGUE.targets))
def test_what_is_removed_and_added_again_is_the_same_plan(target: Any) -> None:
    anchor = anchor_of(CATALOGUE, target)
    without = done(correction("remove", "target", [anchor]))
    assert len(without.targets) == len(CATALOGUE.targets) - 1
    assert [t.id for t in without.targets_of(target.clause)] == [
        f"{target.clause}-{n}" for n in range(1, len(without.targets_of(target.clause)) + 1)
    ]
    fixed = {"id", "clause", "start", "end", "part_of"}
    fields = {name: value for name, value in vars(target).items() if name not in fixed}
    if target.part_of:
        fields["part_of"] = CATALOGUE.target(target.part_of).quote
    again = done(correction("add", "target", [replace(anchor, which=1)], fields), to=without)
    same_place = [t for t in again.targets if (t.clause, t.start, t.end) == (target.clause, target.start, target.end)]
    if len(same_place) == 1 and not any(t.part_of == target.id for t in CATALOGUE.targets):
        assert again == CATALOGUE


def test_what_was_added_before_the_reader_found_it_is_not_there_twice() -> None:
    add = correction("add", "target", [target_anchor("08-06-1")], {"note": "改过"})
    found = done(add)
    assert len(found.targets) == len(CATALOGUE.targets) and found.target("08-06-1").note == "改过"


def test_three_targets_in_one_quote_are_told_apart() -> None:
    same = [t for t in CATALOGUE.targets_of("09-02") if t.quote == CATALOGUE.target("09-02-1").quote]
    assert len(same) == 3
    found = done(*(correction("change", "target", [anchor_of(CATALOGUE, t)], {"note": t.id}) for t in same))
    assert [t.note for t in found.targets_of("09-02")[:3]] == [t.id for t in same]


def test_a_target_is_split_and_merged_back() -> None:
    target = CATALOGUE.target("03-02-1")
    left, right = {"quote": target.quote[:7]}, {"quote": target.quote[7:], "value": None}
    split = done(correction("split", "target", [target_anchor("03-02-1")], left, right))
    assert [t.quote for t in split.targets_of("03-02")][:2] == [target.quote[:7], target.quote[7:]]
    pieces = [anchor_of(split, t) for t in split.targets_of("03-02")[:2]]
    assert done(correction("merge", "target", pieces, {}), to=split) == CATALOGUE
    foreign = [target_anchor("03-02-1"), target_anchor("08-06-1")]
    assert "同一条款" in refused(correction("merge", "target", foreign, {}))


def test_a_part_follows_its_whole() -> None:
    whole = CATALOGUE.target("08-01-2").quote
    assert CATALOGUE.target("08-01-3").part_of == "08-01-2"
    first = done(correction("remove", "target", [target_anchor("08-01-1")]))
    assert first.target("08-01-2").part_of == "08-01-1"
    alone = done(correction("remove", "target", [target_anchor("08-01-2")]))
    assert alone.target("08-01-2").part_of is None
    again = done(correction("change", "target", [target_anchor("08-01-1")], {"part_of": whole}))
    assert again.target("08-01-1").part_of == "08-01-2"
    assert "上一级" in refused(correction("change", "target", [target_anchor("08-06-1")], {"part_of": whole}))


def test_a_quote_that_is_not_in_the_clause_is_refused() -> None:
    assert "找不到" in refused(correction("change", "target", [target_anchor("08-06-1")], {"quote": "没有这一句"}))


def test_a_clause_gets_another_title_and_departments() -> None:
    clause = CATALOGUE.clause("12-09")
    fields: dict[str, Any] = {"title": "联合执法", "mode": Mode.LEAD, "leads": ("市公安局",)}
    found = done(correction("change", "clause", [anchor_of(CATALOGUE, clause)], fields))
    assert found.clause("12-09") == replace(clause, **fields)


def test_a_clause_is_split_with_its_targets_and_merged_back() -> None:
    clause = CATALOGUE.clause("03-02")
    cut = clause.text.index("。") + 1
    pieces = [{"text": clause.text[:cut]}, {"text": clause.text[cut:]}]
    split = done(correction("split", "clause", [anchor_of(CATALOGUE, clause)], *pieces))
    assert [c.id for c in split.clauses_of("03")] == ["03-01", "03-02", "03-03", "03-04", "03-05"]
    assert split.clause("03-03").responsibility == clause.responsibility and not split.clause("03-02").responsibility
    for target in split.targets:
        text = split.clause(target.clause).text
        assert text[target.start : target.end] == target.quote
    assert len(split.targets) == len(CATALOGUE.targets)
    back = correction("merge", "clause", [anchor_of(split, split.clause(c)) for c in ("03-02", "03-03")], {})
    assert done(back, to=split) == CATALOGUE


def test_a_clause_is_not_cut_through_a_target_nor_shortened() -> None:
    clause, target = CATALOGUE.clause("03-02"), CATALOGUE.target("03-02-1")
    middle = (target.start + target.end) // 2
    anchor = anchor_of(CATALOGUE, clause)
    cut = [{"text": clause.text[:middle]}, {"text": clause.text[middle:]}]
    assert "跨过" in refused(correction("split", "clause", [anchor], *cut))
    short = [{"text": clause.text[:-9]}, {"text": clause.text[-5:]}]
    assert refused(correction("split", "clause", [anchor], *short))
    apart = [anchor_of(CATALOGUE, CATALOGUE.clause(c)) for c in ("03-02", "03-03")]
    assert "责任括号" in refused(correction("merge", "clause", apart, {}))


def test_faults_and_numbers_left_out_are_corrected_too() -> None:
    fault, number = CATALOGUE.faults_of("12-11")[0], CATALOGUE.left_out[0]
    at = anchor_of(CATALOGUE, fault)
    found = done(
        correction("remove", "fault", [at]),
        correction("change", "left_out", [anchor_of(CATALOGUE, number)], {"reason": "总称"}),
    )
    assert fault not in found.faults and found.left_out[0] == replace(number, reason="总称")
    fields = {"kind": FaultKind.MISSPELLING, "note": fault.note}
    assert done(correction("add", "fault", [at], fields), to=found).faults == CATALOGUE.faults
    clause = CATALOGUE.clause("05-01")
    place = around(clause.text, 0, 2, clause="05-01")
    more = done(correction("add", "left_out", [place], {"reason": "x"}))
    assert [entry.text for entry in more.left_out if entry.clause == "05-01"] == [clause.text[:2]]
    assert done(correction("remove", "left_out", [place]), to=more) == CATALOGUE
    assert refused(correction("remove", "fault", [place])) and refused(correction("remove", "left_out", [place]))


def test_a_fault_outside_the_clauses_is_found_in_the_document() -> None:
    fault = next(fault for fault in CATALOGUE.faults if not fault.clause)
    gone = done(correction("remove", "fault", [anchor_of(CATALOGUE, fault)]), document=DOCUMENT)
    assert fault not in gone.faults
    assert refused(correction("remove", "fault", [anchor_of(CATALOGUE, fault)]))
