"""The scoring table: the program's own is sound, a city's takes its place, and every fault has its place."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from db.store.county import County
from db.work.evaluation.scoring import FILE, LARGEST, default_table, read_scoring
from db.work.evaluation.scoring_choice import (
    ScoringFaults,
    back_to_default,
    bytes_of,
    read_file,
    scoring_in_force,
    use_table,
)

OWN = resources.text(FILE)


def faults(text: str) -> list[str]:
    found = read_scoring(text)
    assert found.table is None
    return [problem.sentence() for problem in found.problems]


def test_the_programs_own_says_that_it_is_not_the_citys() -> None:
    table = default_table()
    assert "不是市里的评分办法" in table.source
    assert table.points["cumulative"] == 10 and table.weights["soft"] == Decimal("0.5")
    assert [table.grade(Decimal(n)) for n in (95, 85, 60, 0)] == ["优秀", "良好", "合格", "不合格"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("cumulative = 10", "cumulative = -1", "points.cumulative：要写不小于0的数，现在是“-1”。"),
        ("cumulative = 10", 'cumulative = "十"', "points.cumulative：要写不小于0的数"),
        ("cumulative = 10", "cumulative = nan", "points.cumulative：要写不小于0的数"),
        ("cumulative = 10", "cumulativ = 10", "points.cumulativ：不认识这个名称。"),
        ("late = 5", "late = 500", "deductions.late：要写0到100之间的数，现在是“500”。"),
        ("from = 60\nshare", "form = 60\nshare", "bands第2档：要写 from 和 share 两项。"),
        ("from = 0\nshare = 0", "from = 60\nshare = 0", "bands第3档.from：60写了两次。"),
        ("from = 0\nshare = 0", "from = 10\nshare = 0", "bands：没有写从0开始的一档。"),
        ('share = "按完成率"\n', 'share = "全部"\n', "bands第2档.share：要写0到100之间的数，现在是“全部”。"),
        ("[tasks]", '[tasks]\n"清洁取暖" = 3', "tasks.清洁取暖：不是任务编号。"),
        ("[tasks]", "[[tasks]]", "tasks：要写成一节。"),
        ('word = "优秀"', 'name = "优秀"', "grades第1档：要写 from 和 word 两项"),
        ("[deductions]", "[deduction]", "deductions：缺少这一节。"),
        ("title = ", "titel = ", "title：要写一句话"),
        ("[points]", "[points", "第7行第8列：不符合 TOML 的写法。"),
    ],
)
def test_a_fault_has_a_sentence_with_its_place(old: str, new: str, told: str) -> None:
    assert old in OWN
    assert any(told in sentence for sentence in faults(OWN.replace(old, new, 1)))


def test_a_number_too_long_to_be_one_is_a_fault_of_the_file() -> None:
    assert faults(OWN.replace("cumulative = 10", "cumulative = " + "1" * 5000, 1))


def test_a_file_that_is_too_large_is_not_read_in_part(tmp_path: Path) -> None:
    file = tmp_path / "评分表.toml"
    file.write_text(OWN + "# 说明\n" * LARGEST, encoding="utf-8")
    data = bytes_of(file)
    assert len(data) < file.stat().st_size
    found = read_file(data)
    assert found.table is None and "太大" in found.problems[0].message


def test_every_fault_is_told_not_only_the_first() -> None:
    text = OWN.replace("cumulative = 10", "cumulative = -1").replace("late = 5", "late = 500")
    assert len(faults(text)) == 2


@given(st.text(max_size=300))
def test_any_text_is_a_table_or_told_why_not(text: str) -> None:
    found = read_scoring(text)
    assert (found.table is None) == bool(found.problems)


def test_a_file_that_is_too_large_is_no_table() -> None:
    assert faults("#" * 200_000) == ["文件太大，不像评分表。请核对文件。"]


def test_a_citys_table_takes_its_place_until_the_clerk_goes_back(county: County) -> None:
    city = OWN.replace("cumulative = 10", "cumulative = 15").replace("县级自评评分表（程序自带）", "潍坊市2022年评分表")
    with county.operation("载入评分表") as op:
        use_table(op, "评分表.toml", city.encode())
    with county.reading() as conn:
        found = scoring_in_force(conn)
    assert found.own and found.table.points["cumulative"] == 15 and found.text == city
    assert found.sentence.startswith("潍坊市2022年评分表（评分表.toml，20") and found.sha256[:12] in found.sentence
    with county.operation("恢复自带的评分表") as op:
        back_to_default(op)
    with county.reading() as conn:
        assert not scoring_in_force(conn).own
    county.undo()
    with county.reading() as conn:
        assert scoring_in_force(conn).own


def test_a_faulty_file_changes_nothing(county: County) -> None:
    with pytest.raises(ScoringFaults, match="不能用作评分表") as caught, county.operation("载入") as op:
        use_table(op, "坏表.toml", b"\xff\xfe")
    assert "UTF-8" in caught.value.problems[0].message
    with county.reading() as conn:
        assert not scoring_in_force(conn).own
