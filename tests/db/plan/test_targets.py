from __future__ import annotations

import calendar
import re
from datetime import date
from decimal import Decimal

import pytest

from db.core.units import convertible, find_unit
from db.plan.catalogue import LeftOut, NumberWord, Target, load_catalogue
from db.plan.vocabulary import Allocation, Comparator, DeadlineBasis, Direction, FaultKind, Measure, Nature, ValueKind
from tests.db.plan import proof

CATALOGUE = load_catalogue()
TEXT = proof.document()
NUMBERS = proof.numbers(TEXT, proof.number_fields(CATALOGUE))
QUOTES = proof.quotes(CATALOGUE)
LEFT_OUT = proof.left_out(CATALOGUE)
WORDS = proof.words(CATALOGUE, TEXT)
NUMERIC = [target for target in CATALOGUE.targets if target.value is not None]

each_target = pytest.mark.parametrize("target", CATALOGUE.targets, ids=lambda target: target.id)
each_numeric = pytest.mark.parametrize("target", NUMERIC, ids=lambda target: target.id)


def test_every_number_is_in_a_target_or_left_out_with_a_reason() -> None:
    assert len([number for number in NUMBERS if number.arabic]) == len(re.findall(r"\d+(?:\.\d+)?", _plan_body()))
    assert [number for number in NUMBERS if not proof.inside(number, QUOTES + LEFT_OUT + WORDS)] == []


def test_no_arabic_number_hides_in_a_word() -> None:
    assert [number for number in NUMBERS if number.arabic and not proof.inside(number, QUOTES + LEFT_OUT)] == []


@pytest.mark.parametrize("entry", CATALOGUE.left_out, ids=lambda entry: entry.text)
def test_what_is_left_out_is_a_number_in_no_target(entry: LeftOut) -> None:
    clause = CATALOGUE.clause(entry.clause)
    start, end = clause.start + entry.start, clause.start + entry.end
    assert TEXT[start:end] == entry.text
    assert clause.text[entry.start : entry.end] == entry.text
    assert any(proof.inside(number, [(start, end)]) for number in NUMBERS)
    assert not any(start < quote_end and quote_start < end for quote_start, quote_end in QUOTES)
    assert len(entry.reason) >= 6


@pytest.mark.parametrize("entry", CATALOGUE.number_words, ids=lambda entry: entry.word)
def test_every_word_excuses_a_number_that_nothing_else_does(entry: NumberWord) -> None:
    others = [span for span in WORDS if TEXT[span[0] : span[1]] != entry.word]
    assert any(not proof.inside(number, QUOTES + LEFT_OUT + others) for number in NUMBERS)
    assert entry.reason


@each_target
def test_quote_is_verbatim_and_starts_no_sentence_it_does_not_finish(target: Target) -> None:
    clause = CATALOGUE.clause(target.clause)
    assert clause.text[target.start : target.end] == target.quote
    start, end = CATALOGUE.place(target)
    assert TEXT[start:end] == target.quote
    assert target.quote == target.quote.strip("，。；、 ")
    assert "。" not in target.quote


def test_ids_follow_the_order_of_the_text() -> None:
    assert list(CATALOGUE.targets) == [
        target for clause in CATALOGUE.clauses for target in CATALOGUE.targets_of(clause.id)
    ]
    for clause in CATALOGUE.clauses:
        targets = CATALOGUE.targets_of(clause.id)
        assert [target.id for target in targets] == [f"{clause.id}-{number}" for number in range(1, len(targets) + 1)]
        places = [(target.start, -target.end) for target in targets]
        assert places == sorted(places)


@each_numeric
def test_value_and_unit_stand_together_in_the_quote(target: Target) -> None:
    assert re.search(rf"(?<![\d.]){re.escape(f'{target.value}{target.unit}')}", target.quote)
    assert target.unit


@each_numeric
def test_comparator_is_the_word_at_the_value(target: Target) -> None:
    before, after = _around(target)
    assert target.comparator is _comparator(before, after)


def test_shared_quotes_give_their_values_in_order() -> None:
    values = [target.value for target in CATALOGUE.targets_of("09-02")]
    assert values == [Decimal("3.1"), Decimal("3.7"), Decimal("3.7")]


@each_target
def test_without_a_number_in_the_text_there_is_no_value(target: Target) -> None:
    if target.value is not None:
        return
    assert target.unit == ""
    assert target.baseline_value is None
    assert target.baseline_year is None
    assert target.comparator in (Comparator.NONE, Comparator.AT_MOST, Comparator.AT_LEAST)
    if target.comparator is Comparator.AT_MOST:
        assert "控制" in target.quote
    if target.comparator is Comparator.AT_LEAST:
        assert "达到" in target.quote


def test_every_arabic_number_in_a_quote_is_told_by_a_field() -> None:
    untold = []
    for number in (number for number in NUMBERS if number.arabic and proof.inside(number, QUOTES)):
        owners = [
            target for target, quote in zip(CATALOGUE.targets, QUOTES, strict=True) if proof.inside(number, [quote])
        ]
        told = any(
            Decimal(number.text) in (target.value, target.baseline_value)
            or number.text == str(target.baseline_year)
            or number.text in re.findall(r"\d+", target.deadline_text)
            for target in owners
        )
        if not told:
            untold.append((number.text, [target.id for target in owners]))
    assert untold == [("2017", ["16-02-1", "16-02-2"])]
    assert CATALOGUE.target("16-02-2").nature is Nature.CRITERION


@each_target
def test_baseline_is_the_earlier_figure_of_the_quote(target: Target) -> None:
    amount = re.search(r"从(\d{4})年的([\d.]+)", target.quote)
    year = re.search(r"[从比较](\d{4})年", target.quote)
    assert target.baseline_value == (Decimal(amount[2]) if amount else None)
    assert target.baseline_year == (int(year[1]) if year else None)
    if amount:
        assert f"从{target.baseline_year}年的{target.baseline_value}{target.unit}" in target.quote
        assert target.baseline_value != target.value


@each_target
def test_deadline_follows_from_its_words_in_the_same_sentence(target: Target) -> None:
    if not target.deadline_text:
        assert (target.deadline, target.deadline_basis) == (None, DeadlineBasis.NONE)
        return
    clause = CATALOGUE.clause(target.clause)
    place = clause.text.rindex(target.deadline_text, 0, target.end)
    assert "。" not in clause.text[place : target.end]
    assert "；" not in clause.text[place : target.end] or target.clause == "07-01"
    assert (target.deadline, target.deadline_basis) == _deadline(target.deadline_text)


@each_target
def test_no_sentence_with_a_date_leaves_its_targets_without_one(target: Target) -> None:
    clause = CATALOGUE.clause(target.clause)
    start = clause.text.rfind("。", 0, target.start) + 1
    sentence = clause.text[start : target.end]
    dates = re.findall(r"\d{4}年", re.sub(r"[比较从]\d{4}年", "", sentence))
    if dates and target.nature is Nature.TARGET:
        assert target.deadline is not None


@each_target
def test_soft_is_where_the_text_says_so(target: Target) -> None:
    assert target.soft == ("力争" in target.quote)


def test_every_wish_prohibition_and_recurring_duty_is_taken() -> None:
    for word, wanted in (
        ("力争", lambda target: target.soft),
        ("严禁", lambda target: target.nature is Nature.PROHIBITION),
        ("每年", lambda target: target.nature is Nature.RECURRING),
    ):
        places = [CATALOGUE.place(target) for target in CATALOGUE.targets if wanted(target)]
        begin = TEXT.index("二、深入调整产业结构")
        for start, end in proof.occurrences(TEXT, word):
            if start >= begin:
                assert len([place for place in places if place[0] <= start and end <= place[1]]) == 1, TEXT[
                    start : start + 20
                ]
    assert all(("严禁" in target.quote) == (target.nature is Nature.PROHIBITION) for target in CATALOGUE.targets)


DUTY = "必须|确保|严格(?:执行|落实|控制|按照)|要坚决|做到|统一采购|年度计划|年度预算"
NO_DUTY_OF_ITS_OWN = {
    "确保电力、热力接续稳定供应的前提下": "a condition of closing units",
    "严格按照减容量“上大压小”政策": "the manner of building what may be built",
    "严格落实施工工地扬尘管控责任": "told one by one by the requirements that follow it",
}


def test_every_word_of_duty_is_taken() -> None:
    places = proof.quotes(CATALOGUE)
    begin = TEXT.index("二、深入调整产业结构")
    missed = [
        TEXT[hit.start() : hit.start() + 20]
        for hit in re.compile(DUTY).finditer(TEXT, begin)
        if not any(start <= hit.start() and hit.end() <= end for start, end in places)
    ]
    assert len(missed) == len(NO_DUTY_OF_ITS_OWN)
    assert all(any(text.startswith(known) for known in NO_DUTY_OF_ITS_OWN) for text in missed), missed


def test_a_duty_laid_on_the_counties_by_name_is_taken_to_its_end() -> None:
    for hit in re.finditer("各县市区要[^。]*", TEXT):
        ends = [end for start, end in proof.quotes(CATALOGUE) if hit.start() <= start < hit.end()]
        assert max(ends) == hit.end(), hit[0]


@each_target
def test_set_by_province_is_where_the_text_says_so(target: Target) -> None:
    says_so = re.search("省下达|省定要求|完成上级|根据国家、省部署", target.quote) is not None
    assert target.set_by_province == (says_so and target.nature is Nature.TARGET)
    if target.set_by_province:
        assert target.value is None
        assert target.awaits_value


def test_every_task_the_province_sets_is_taken() -> None:
    places = [CATALOGUE.place(target) for target in CATALOGUE.targets if target.set_by_province]
    for start, end in [hit.span() for hit in re.finditer("省下达|省定要求|完成上级", TEXT)]:
        assert any(place[0] <= start and end <= place[1] for place in places), TEXT[start : start + 20]


@each_target
def test_measure_and_allocation_belong_together(target: Target) -> None:
    if target.nature in (Nature.CRITERION, Nature.REFERENCE):
        expected = {(Measure.NONE, Allocation.NONE)}
    elif target.allocation is Allocation.QUANTITY:
        expected = {(measure, Allocation.QUANTITY) for measure in (Measure.CUMULATIVE, Measure.FLOW, Measure.STOCK)}
    elif target.allocation is Allocation.CITY_ONLY:
        expected = {(measure, Allocation.CITY_ONLY) for measure in Measure if measure is not Measure.NONE}
    else:
        expected = {(Measure.RATE, Allocation.RATE), (Measure.STAGE, Allocation.COMPLETION)}
    assert (target.measure, target.allocation) in expected


@each_target
def test_units_are_known_and_convert(target: Target) -> None:
    amounts = (Measure.CUMULATIVE, Measure.FLOW, Measure.STOCK)
    if target.value is not None or target.measure in amounts:
        assert target.county_unit
    if target.measure is Measure.STAGE and target.value is None:
        assert target.county_unit == ""
    for unit in filter(None, (target.unit, target.county_unit)):
        assert find_unit(unit) is not None, unit
    if target.unit:
        assert convertible(target.unit, target.county_unit)
    assert target.city_unit == (target.unit or target.county_unit)


def test_county_units_are_the_ones_counties_count_in() -> None:
    pairs = {(target.unit, target.county_unit) for target in CATALOGUE.targets if target.unit != target.county_unit}
    assert {("万户", "户"), ("亿平方米", "万平方米"), ("万公顷", "亩"), ("亿立方米", "万立方米")} <= pairs


@each_target
def test_change_and_direction_follow_the_verb(target: Target) -> None:
    if target.value is None or target.nature is not Nature.TARGET:
        return
    before, _ = _around(target)
    verb = re.search("(下降到|降至|下降|降低|减少|提高到|提高|增长|增加到)[^，。]*$", before)
    change = verb is not None and verb[1] in ("下降", "降低", "减少", "提高", "增长")
    assert (target.value_kind is ValueKind.CHANGE) == change
    if verb:
        assert target.direction is (Direction.DOWN if verb[1][0] in "下降减" else Direction.UP)
    assert target.direction is not Direction.NONE


def test_a_change_without_a_base_year_is_a_fault() -> None:
    silent = {
        target.clause for target in CATALOGUE.targets if target.value_kind == "change" and not target.baseline_year
    }
    assert silent == {fault.clause for fault in CATALOGUE.faults if fault.kind is FaultKind.NO_BASE_YEAR}


@each_target
def test_a_part_lies_in_a_target_of_the_same_clause(target: Target) -> None:
    if target.part_of is None:
        assert not target.quote.startswith("其中")
        return
    whole = CATALOGUE.target(target.part_of)
    assert whole.clause == target.clause
    assert whole.part_of is None
    assert (whole.unit, whole.measure, whole.allocation) == (target.unit, target.measure, target.allocation)
    if target.value is not None and whole.value is not None:
        assert target.value <= whole.value


def test_the_19_are_inside_the_24() -> None:
    whole, part = CATALOGUE.target("08-01-2"), CATALOGUE.target("08-01-3")
    assert (whole.value, part.value, part.part_of) == (Decimal(24), Decimal(19), whole.id)
    assert (part.deadline, whole.deadline) == (date(2021, 12, 31), date(2023, 12, 31))


@each_target
def test_every_target_is_told_in_words(target: Target) -> None:
    assert 2 <= len(target.indicator) <= 20
    assert target.scope
    same = [other for other in CATALOGUE.targets_of(target.clause) if other.indicator == target.indicator]
    assert same == [target]
    assert not target.note or target.note.endswith("。")


def test_six_times_one_hundred_percent() -> None:
    rates = [target for target in CATALOGUE.targets_of("17-01") if target.value is not None]
    assert [target.value for target in rates] == [100] * 6
    assert {target.nature for target in rates} == {Nature.STANDING_REQUIREMENT}


def _plan_body() -> str:
    body = TEXT[TEXT.index("一、总体要求") :]
    return "\n".join(line for line in body.splitlines() if not re.match(r"\s*[一二三四五六]、", line))


def _around(target: Target) -> tuple[str, str]:
    """Return what stands before and after the value in the quote, up to the next punctuation mark after it."""
    value = re.escape(f"{target.value}{target.unit}")
    hit = re.search(rf"(?<![\d.]){value}", target.quote)
    assert hit is not None
    behind = target.quote[hit.end() :]
    return target.quote[: hit.start()], behind if target.clause == "09-02" else re.split("[，。；]", behind)[0]


def _comparator(before: str, after: str) -> Comparator:
    """Return what the words at a value mean; 以上 behind a list of values holds for each."""
    table = (
        (Comparator.ABOUT, "", "^左右"),
        (Comparator.AT_MOST, "", "^(以内|以下|及以下|供热半径内)"),
        (Comparator.AT_LEAST, "", "^(以上|(、[\\d.]+%)+以上)"),
        (Comparator.AT_LEAST, "(不低于|达到|提高到|增加到)$", ""),
        (Comparator.AT_MOST, "降至$", ""),
        (Comparator.MORE_THAN, "突破$", ""),
        (Comparator.LESS_THAN, "小于$", ""),
    )
    for comparator, left, right in table:
        if (not left or re.search(left, before)) and (not right or re.search(right, after)):
            return comparator
    return Comparator.EQUAL


def _deadline(words: str) -> tuple[date, DeadlineBasis]:
    if month := re.fullmatch(r"(\d{4})年(\d+)月底前", words):
        year, number = int(month[1]), int(month[2])
        return date(year, number, calendar.monthrange(year, number)[1]), DeadlineBasis.STATED
    if end := re.fullmatch(r"到?(\d{4})年年?底前", words):
        return date(int(end[1]), 12, 31), DeadlineBasis.STATED
    if season := re.fullmatch(r"(\d{4})年采暖季之前", words):
        return date(int(season[1]), 11, 14), DeadlineBasis.INFERRED
    year_only = re.fullmatch(r"到?(\d{4})年", words)
    assert year_only is not None, words
    return date(int(year_only[1]), 12, 31), DeadlineBasis.INFERRED
