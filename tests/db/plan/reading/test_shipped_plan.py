"""The plan that ships, read by the rules alone, against the catalogue that was made and checked by hand."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import pytest

import resources
from db.plan.catalogue import load_catalogue
from db.plan.model import Clause
from db.plan.reading.document import open_document
from db.plan.reading.model import LeftoverKind
from db.plan.reading.read import read_plan
from tests.db.plan import proof

CATALOGUE = load_catalogue()
DOCUMENT = open_document(resources.path(proof.DOCUMENT))
READING = read_plan(DOCUMENT, departments=CATALOGUE.departments)


def test_the_document_is_the_file_as_it_is() -> None:
    assert DOCUMENT.text == proof.document()
    assert DOCUMENT.sha256 == CATALOGUE.source_sha256
    assert DOCUMENT.tables == ()


def test_title_and_dates() -> None:
    read = READING.catalogue
    assert (read.title, read.version) == (CATALOGUE.title, CATALOGUE.version)
    assert (read.begins, read.ends, read.published) == (date(2021, 1, 1), date(2023, 12, 31), date(2022, 3, 10))
    assert read.rule_for_all_clauses == CATALOGUE.rule_for_all_clauses


def test_parts_and_articles_are_those_of_the_catalogue() -> None:
    assert READING.catalogue.parts == CATALOGUE.parts
    assert READING.catalogue.articles == CATALOGUE.articles


@pytest.mark.parametrize(
    ("read", "known"),
    list(zip(READING.catalogue.clauses, CATALOGUE.clauses, strict=True)),
    ids=lambda clause: clause.id,
)
def test_clauses_are_those_of_the_catalogue(read: Clause, known: Clause) -> None:
    assert replace(read, title="") == replace(known, title="")


def test_titles_fit_the_tree() -> None:
    titles = [clause.title for clause in READING.catalogue.clauses]
    assert all(0 < len(title) <= 24 for title in titles)
    assert len(set(titles)) == len(titles)


def test_faults_that_a_rule_can_see_are_among_those_found_by_hand() -> None:
    known = {(fault.kind, fault.clause) for fault in CATALOGUE.faults}
    found = {(fault.kind, fault.clause) for fault in READING.catalogue.faults}
    assert found <= known
    assert {kind.value for kind, _ in found} >= {"misspelling", "no_verb", "nobody_responsible"}
    assert all(DOCUMENT.text[fault.start : fault.end] == fault.quote for fault in READING.catalogue.faults)


def test_what_is_left_over_is_verbatim_and_names_no_department() -> None:
    for one in READING.leftovers:
        assert DOCUMENT.text[one.start : one.end] == one.text
        if one.kind is LeftoverKind.PARENTHESIS:
            assert not any(word in one.text for word in ("牵头", "负责", "配合"))
    assert not [one for one in READING.leftovers if one.kind is LeftoverKind.TEXT]


def test_numbers_outside_the_clauses_are_left_over() -> None:
    shown = [(one.start, one.end) for one in READING.leftovers if not one.clause]
    for text in ("2022年3月15日", "〔2021〕3号"):
        place = DOCUMENT.text.index(text)
        assert any(start <= place and place + len(text) <= end for start, end in shown), text
    assert DOCUMENT.text.index("2022年3月10日") not in [start for start, _ in shown]


def test_it_is_read_ten_times_in_a_second() -> None:
    def once() -> float:
        begin = time.process_time()  # Of this process alone: neighbours on the computer do not count.
        read_plan(open_document(resources.path(proof.DOCUMENT)), departments=CATALOGUE.departments)
        return time.process_time() - begin

    assert min(once() for _ in range(15)) < 0.1
