"""What reading the targets of any text keeps to: nothing of the text is lost, nothing is made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.plan.catalogue import load_catalogue
from db.plan.model import Clause, Target
from db.plan.reading.model import LeftoverKind, TargetReading
from db.plan.reading.numbers import find_numbers
from db.plan.reading.targets import read_targets
from db.plan.vocabulary import DeadlineBasis, Nature
from tests.db.plan.reading.held_out import Sentence, read_text, sentences

CLAUSES = load_catalogue().clauses
PIECES = st.sampled_from(
    [
        "到2023年",
        "2022年10月底前",
        "其中",
        "力争",
        "全市",
        "淘汰",
        "达到",
        "不低于",
        "40万户",
        "9%",
        "三十个",
        "以上",
        "、",
        "，",
        "。",
        "；",
        "严禁",
        "每年",
        "各县市区要",
        "制定实施方案",
        "（",
        "）",
        "“",
        "”",
        "《",
        "》",
        "省下达",
        "企业",
        "的",
        "比2020年",
        "下降",
        "分别",
        "从2020年的",
        "增加到",
        "翻一番",
        "“三线一单”",
        "PM2.5",
        "308国道",
        "第3次",
        "1/3",
        "必须",
        "确保",
        "对",
        "项目",
        "千万千瓦级",
        "500千伏",
        "\n",
        "最终按照省下达任务要求执行",
        "20公里供热半径内",
        "〔2021〕3号",
        "17",
        "一批",
        "采暖季之前",
        "，2023年建成通车",
    ]
)
TEXTS = st.lists(PIECES, max_size=14).map("".join)


def accounted(text: str, read: TargetReading) -> list[str]:
    """Return the numbers of the text that nothing takes, explains or shows."""
    places = [(target.start, target.end) for target in read.targets]
    places += [(entry.start, entry.end) for entry in read.left_out]
    places += [(one.start, one.end) for one in read.leftovers]
    for word in read.number_words:
        start = text.find(word.word)
        while start >= 0:
            places.append((start, start + len(word.word)))
            start = text.find(word.word, start + 1)
    return [
        number.text
        for number in find_numbers(text)
        if not any(start <= number.start and number.end <= end for start, end in places)
    ]


@given(TEXTS)
@settings(max_examples=400)
def test_any_text_is_read_with_nothing_lost(text: str) -> None:
    read = read_text(text)
    assert accounted(text, read) == []
    for target in read.targets:
        assert text[target.start : target.end] == target.quote
        assert target.quote == target.quote.strip("，。；、 \n")
        assert (target.deadline is None) == (target.deadline_basis is DeadlineBasis.NONE) == (not target.deadline_text)
        assert 1 <= len(target.indicator) <= 20
        assert target.scope
    assert all(text[entry.start : entry.end] == entry.text for entry in read.left_out)
    assert all(text[one.start : one.end] == one.text for one in read.leftovers)
    ids = [target.id for target in read.targets]
    assert ids == [f"09-03-{number}" for number in range(1, len(ids) + 1)]
    places = [(target.start, -target.end) for target in read.targets]
    assert places == sorted(places)
    wholes = {target.part_of for target in read.targets} - {None}
    assert wholes <= set(ids)
    names = [target.indicator for target in read.targets]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("sentence", sentences(), ids=lambda sentence: sentence.text[:20])
def test_nothing_of_a_sentence_of_another_plan_is_lost(sentence: Sentence) -> None:
    assert accounted(sentence.text, read_text(sentence.text, *sentence.years)) == []


def facts(targets: tuple[Target, ...]) -> list[object]:
    return [
        (t.value, t.comparator, t.deadline, t.baseline_value, t.baseline_year, t.nature, t.measure, t.soft)
        for t in targets
    ]


WIDTHS = str.maketrans("，；：（）%", ",;:()％")


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.id)
def test_half_width_punctuation_changes_no_fact(clause: Clause) -> None:
    text = clause.text
    assert facts(read_text(text.translate(WIDTHS)).targets) == facts(read_text(text).targets)


FIGURES = str.maketrans("0123456789.", "０１２３４５６７８９．")


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.id)
def test_full_width_figures_change_no_fact(clause: Clause) -> None:
    text = clause.text
    assert facts(read_text(text.translate(FIGURES)).targets) == facts(read_text(text).targets)


def test_a_part_of_a_whole_is_named_by_its_year() -> None:
    whole, part = read_text("到2023年，关停机组24万千瓦以上，其中，2021年关停19万千瓦以上。").targets
    assert (part.part_of, part.indicator) == (whole.id, "2021年机组关停容量")


def test_a_date_that_governs_nothing_is_shown() -> None:
    read = read_text("本方案于2022年印发的文件中列出。")
    assert [(one.kind, one.text) for one in read.leftovers] in (
        [(LeftoverKind.DATE, "2022年")],
        [],
    )
    assert accounted("本方案于2022年印发的文件中列出。", read) == []


def test_a_number_word_in_the_responsibility_is_explained() -> None:
    clause = replace(CLAUSES[2], text="做好工作。", responsibility="（市发改委负责，不再一一列出）")
    read = read_targets([clause], begins=date(2021, 1, 1), ends=date(2023, 12, 31))
    assert [word.word for word in read.number_words] == ["不再一一列出"]
    assert {target.nature for target in read.targets} <= set(Nature)
