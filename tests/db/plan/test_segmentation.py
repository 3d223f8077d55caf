from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from db.plan.catalogue import Article, Clause, Part, load_catalogue
from db.plan.vocabulary import FaultKind, Mode
from tests.db.plan import proof

CATALOGUE = load_catalogue()
TEXT = proof.document()
BEGIN = TEXT.index("二、深入调整产业结构")
NUMERALS = "一二三四五六七八九十"


def test_document_is_the_published_one_as_bytes() -> None:
    raw = resources.path(proof.DOCUMENT).read_bytes()
    assert hashlib.sha256(raw).hexdigest() == CATALOGUE.source_sha256
    assert CATALOGUE.source == proof.DOCUMENT
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert raw.decode() == TEXT


@pytest.mark.parametrize("entry", [*CATALOGUE.parts, *CATALOGUE.articles], ids=lambda entry: entry.id)
def test_headings_are_verbatim(entry: Part | Article) -> None:
    assert TEXT[entry.start : entry.end] == entry.heading
    assert entry.title in entry.heading
    assert entry.numeral in entry.heading


@pytest.mark.parametrize("clause", CATALOGUE.clauses, ids=lambda clause: clause.id)
def test_clauses_are_verbatim(clause: Clause) -> None:
    assert TEXT[clause.start : clause.end] == clause.text
    assert not any(character.isspace() for character in clause.text + clause.responsibility)
    if clause.responsibility:
        assert clause.responsibility_start == clause.end
        assert TEXT[clause.end : clause.responsibility_end] == clause.responsibility
    else:
        assert clause.responsibility_start is None
        assert clause.responsibility_end is None


def test_every_character_of_the_plan_has_exactly_one_owner() -> None:
    assert proof.wrongly_owned(TEXT, BEGIN, proof.spans(CATALOGUE)) == []


def test_part_one_is_owned_too() -> None:
    assert proof.wrongly_owned(TEXT, TEXT.index("一、总体要求"), proof.spans(CATALOGUE)) == []


@given(st.data())
def test_the_proof_notices_a_lost_or_shifted_owner(data: st.DataObject) -> None:
    owners = proof.spans(CATALOGUE)
    index = data.draw(st.sampled_from([place for place, (start, _) in enumerate(owners) if start >= BEGIN]))
    start, end = owners.pop(index)
    shifted = [(start + 1, end), (start - 1, end), (start, end - 1), (start, end + 1)]
    changed = data.draw(st.sampled_from([span for span in shifted if span[1] <= len(TEXT)] + [None]))
    assert proof.wrongly_owned(TEXT, BEGIN - 1, [*owners, changed] if changed else owners)


def test_all_63_responsibility_parentheses_are_used_and_no_other() -> None:
    names = [name for department in CATALOGUE.departments for name in (department.name, *department.spellings)]
    found = {
        (hit.start(), hit.end())
        for hit in proof.PARENTHESIS.finditer(TEXT, BEGIN)
        if any(name in hit[0] for name in names) or "县市区" in hit[0]
    }
    used = [(clause.responsibility_start, clause.responsibility_end) for clause in CATALOGUE.clauses]
    assert len(found) == 63
    assert sorted(span for span in used if span != (None, None)) == sorted(found)


def test_the_other_parentheses_share_out_no_work() -> None:
    used = {(clause.responsibility_start, clause.responsibility_end) for clause in CATALOGUE.clauses}
    others = [hit[0] for hit in proof.PARENTHESIS.finditer(TEXT, BEGIN) if hit.span() not in used]
    assert len(others) == 19 + 14  # articles (三) to (二十一), and remarks within the text
    assert not [other for other in others if re.search("牵头|负责|配合|局|委|部门", other)]


def test_clauses_are_cut_at_parentheses_and_paragraphs_only() -> None:
    for clause in CATALOGUE.clauses:
        before = TEXT[: clause.start].rstrip(" \t")[-1]
        opens = before in "\n）" or any(clause.start == article.end for article in CATALOGUE.articles)
        closes = bool(clause.responsibility) or clause.end == len(TEXT) or TEXT[clause.end] == "\n"
        assert opens, clause.id
        assert closes, clause.id


def test_ids_follow_the_order_of_the_text() -> None:
    starts = [clause.start for clause in CATALOGUE.clauses]
    assert starts == sorted(starts)
    assert [article.id for article in CATALOGUE.articles] == [f"{number:02d}" for number in range(1, 22)]
    assert [part.numeral for part in CATALOGUE.parts] == list(NUMERALS[:6])
    for article in CATALOGUE.articles:
        clauses = CATALOGUE.clauses_of(article.id)
        assert [clause.id for clause in clauses] == [
            f"{article.id}-{number:02d}" for number in range(1, len(clauses) + 1)
        ]
        assert {clause.part for clause in clauses} == {article.part}
        assert CATALOGUE.part(article.part).start < article.start
        assert int(article.id) == _value(article.numeral)


def test_the_sixth_clause_of_article_eight() -> None:
    clause = CATALOGUE.clause("08-06")
    assert clause.text.startswith("深入推进农村地区清洁取暖改造。")
    assert clause.text.endswith("供热平均能耗下降到15千克标煤/平方米左右。")
    assert clause.leads == ("市住建局", "市发改委", "市生态环境局", "市财政局")


@pytest.mark.parametrize("clause", CATALOGUE.clauses, ids=lambda clause: clause.id)
def test_departments_and_mode_follow_from_the_parenthesis(clause: Clause) -> None:
    body, _, rest = clause.responsibility.removeprefix("（").removesuffix("）").partition("。")
    leads: list[str] = []
    cooperators: list[str] = []
    mode = []
    counties = False
    for phrase in filter(None, body.split("，")):
        if phrase.startswith("各县市区"):
            counties = True
        elif names := re.fullmatch("(.+?)(等部门)?按职责分工负责", phrase):
            leads, mode = names[1].split("、"), ["按职责分工"]
        elif names := re.fullmatch("(.+)牵头", phrase):
            leads, mode = names[1].split("、"), ["牵头"]
        elif names := re.fullmatch("(.+?)(等部门)?配合", phrase):
            cooperators = names[1].split("、")
            mode.append("配合")
        else:
            pytest.fail(f"not understood: {phrase}")
    expected = "+".join(mode) or ("县市区落实" if counties else "none")
    assert clause.mode == Mode(expected)
    assert clause.leads == tuple(_canonical(name) for name in leads)
    assert clause.cooperators == tuple(_canonical(name) for name in cooperators)
    assert clause.counties_named == counties
    assert clause.list_open == ("等部门" in clause.responsibility)
    assert rest in ("", CATALOGUE.rule_for_all_clauses)


def test_modes_of_the_document() -> None:
    modes = [clause.mode for clause in CATALOGUE.clauses]
    assert modes.count(Mode.NONE) == 6
    assert modes.count(Mode.COUNTIES) == 1
    assert [clause.id for clause in CATALOGUE.clauses if clause.cooperators] == ["03-02", "05-07", "06-02", "10-01"]


def test_every_department_is_named_in_the_plan_and_by_its_own_name_only() -> None:
    named = {name for clause in CATALOGUE.clauses for name in (*clause.leads, *clause.cooperators)}
    assert named == {department.name for department in CATALOGUE.departments}
    spellings = [name for entry in CATALOGUE.departments for name in (entry.name, *entry.spellings)]
    assert len(spellings) == len(set(spellings))
    assert all(spelling in TEXT for spelling in spellings)


def test_faults_stay_visible_where_they_are() -> None:
    for fault in CATALOGUE.faults:
        assert TEXT[fault.start : fault.end] == fault.quote
        assert fault.note.endswith("。")
        if fault.clause:
            clause = CATALOGUE.clause(fault.clause)
            assert clause.start <= fault.start
            assert fault.end <= (clause.responsibility_end or clause.end)
    # No date of this plan lies before its first year.
    assert {fault.kind for fault in CATALOGUE.faults} == set(FaultKind) - {FaultKind.PAST_DATE}
    places = [(fault.start, fault.end, fault.kind) for fault in CATALOGUE.faults]
    assert places == sorted(set(places))


def test_the_faulty_name_is_mapped_and_kept() -> None:
    clause = CATALOGUE.clause("12-11")
    assert "市机关事物服务中心" in clause.responsibility
    assert clause.leads[0] == "市机关事务服务中心"
    assert [fault.quote for fault in CATALOGUE.faults_of("12-11")] == ["市机关事物服务中心"]
    assert CATALOGUE.department("市机关事物服务中心") is CATALOGUE.department("市机关事务服务中心")


def test_misspellings_are_shown() -> None:
    found = [fault.quote for fault in CATALOGUE.faults if fault.kind is FaultKind.MISSPELLING]
    assert found == ["市机关事物服务中心", "抗险救灾"]


def test_every_clause_nobody_is_responsible_for_is_a_fault() -> None:
    silent = {clause.id for clause in CATALOGUE.clauses if clause.mode is Mode.NONE and clause.part != "1"}
    faults = {fault.clause for fault in CATALOGUE.faults if fault.kind is FaultKind.NOBODY_RESPONSIBLE}
    assert faults == silent


def test_titles_fit_the_tree() -> None:
    titles = [clause.title for clause in CATALOGUE.clauses]
    assert all(0 < len(title) <= 24 for title in titles)
    assert len(set(titles)) == len(titles)


def _canonical(name: str) -> str:
    department = CATALOGUE.department(name)
    assert department is not None, name
    return department.name


def _value(numeral: str) -> int:
    tens, ten, ones = numeral.rpartition("十")
    units = NUMERALS.index(ones) + 1 if ones else 0
    return units + (10 * (NUMERALS.index(tens) + 1 if tens else 1) if ten else 0)
