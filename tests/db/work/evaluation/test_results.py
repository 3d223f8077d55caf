"""What an evaluation comes to, by examples worked out by hand and by what must always hold."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.period import Period
from db.core.values import Cell, State
from db.store import records
from db.work.evaluation.entries import set_entry, store_results
from db.work.evaluation.judging import Standpoint
from db.work.evaluation.model import Evaluation, EvaluationRow
from db.work.evaluation.results import evaluate
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.model import COUNTY, RowKey
from db.work.tasks import leaf_tasks
from tests.db.county_folders import fresh_county
from tests.db.work.desk import Desk

HEATING, MANURE, FOSSIL, BIOMASS = "08-06-1", "16-01-2", "07-01-1", "10-01-3"
COKE, CEMENT, UNITS_2021 = "03-02-3", "03-02-4", "08-01-3"
DECEMBER = Period(2022, 12)


def file(desk: Desk, task_id: str, place: int = 0, period: Period = DECEMBER, **values: Cell) -> None:
    with desk.county.operation("填报") as op:
        set_entries(op, period, [EntryChange(RowKey(task_id, "town", desk.towns[place]), values)])


def file_county(desk: Desk, task_id: str, period: Period = DECEMBER, **values: Cell) -> None:
    with desk.county.operation("填报") as op:
        set_entries(op, period, [EntryChange(RowKey(task_id, COUNTY, COUNTY), values)])


def given_out(desk: Desk, task_id: str, amount: str, year: int = 2022) -> None:
    desk.quota(task_id, year, amount, paper="样例〔2022〕1号", why="样例")
    desk.share(task_id, year, amount)


def evaluation(desk: Desk, key: str = "2022") -> Evaluation:
    return evaluate(desk.conn, desk.plan, key)


def row(desk: Desk, task_id: str, key: str = "2022") -> EvaluationRow:
    return next(each for each in evaluation(desk, key).rows if each.task_id == task_id)


def test_a_sum_of_towns_gets_its_share_of_the_points(desk: Desk) -> None:
    desk.quota(HEATING, 2022, "1200")
    desk.share(HEATING, 2022, "700", "500")
    file(desk, HEATING, 0, amount=Decimal(700))
    file(desk, HEATING, 1, amount=Decimal(250))
    found = row(desk, HEATING)
    # 950 ÷ 1200 = 79.2 %, ten points by completion.
    assert (found.value, found.goal, found.unit) == (Decimal(950), Decimal(1200), "户")
    assert (found.completion, found.score) == (Decimal("79.20"), Decimal("7.92"))
    assert found.arithmetic.startswith("进度 950户 ÷ 1,200户 ＝ 79.2%")
    assert found.score_sentence == "分值10；完成率79.2%，按完成率得分，得7.92分。"
    first, second = evaluation(desk).towns[:2]
    assert (first.name, first.percent, first.rank) == ("圣城街道", Decimal("100.00"), 1)
    # 250 ÷ 500 = 50 %, below the lowest band that gives anything.
    assert (second.percent, second.rank, second.missing) == (Decimal("0.00"), 2, 0)


@pytest.mark.parametrize(
    ("amount", "score", "words"),
    [
        ("1000", "10", "得分值的100%"),
        ("999.999", "9.99", "按完成率得分"),
        ("600", "6", "按完成率得分"),
        ("599", "0", "得分值的0%"),
        ("2000", "10", "得分值的100%"),
        ("0", "0", "得分值的0%"),
    ],
)
def test_bands(desk: Desk, amount: str, score: str, words: str) -> None:
    given_out(desk, MANURE, "1000")
    file(desk, MANURE, amount=Decimal(amount))
    found = row(desk, MANURE)
    assert found.score == Decimal(score) and words in found.score_sentence


@pytest.mark.parametrize(
    ("amount", "score"), [("90", "10"), ("100", "10"), ("100.01", "5"), ("110", "5"), ("111", "0")]
)
def test_a_limit_is_kept_or_not(desk: Desk, amount: str, score: str) -> None:
    given_out(desk, FOSSIL, "100")
    file(desk, FOSSIL, amount=Decimal(amount))
    found = row(desk, FOSSIL)
    assert found.score == Decimal(score) and "占控制数" in found.score_sentence


def test_what_is_soft_is_worth_half(desk: Desk) -> None:
    given_out(desk, BIOMASS, "8")
    file(desk, BIOMASS, amount=Decimal(8))
    assert (row(desk, BIOMASS).points, row(desk, BIOMASS).score) == (Decimal(5), Decimal(5))


def test_no_report_late_reports_and_a_deadline_that_passed(desk: Desk) -> None:
    given_out(desk, MANURE, "1000")
    silent = row(desk, MANURE)
    assert (silent.standpoint, silent.value, silent.score) == (Standpoint.MISSING, None, Decimal(0))
    assert silent.score_sentence == "分值10，到期末没有报过数，扣100%，得0分。"
    file(desk, MANURE, period=Period(2022, 11), amount=Decimal(800))
    late = row(desk, MANURE)
    assert late.score_sentence == "分值10；完成率80%，按完成率得分，得8分；期末的数没有报齐，扣0.5分；实得7.5分。"
    given_out(desk, MANURE, "1000", 2023)
    file(desk, MANURE, period=Period(2023, 12), amount=Decimal(700))
    # The plan's deadline is 2023-12-31.
    assert row(desk, MANURE, "2023").score == Decimal("6.00")


def test_the_whole_plan_adds_what_restarts_in_january(desk: Desk) -> None:
    for year, amount in ((2021, "500"), (2022, "1000"), (2023, "500")):
        given_out(desk, MANURE, amount, year)
    file(desk, MANURE, period=Period(2021, 12), amount=Decimal(500))
    file(desk, MANURE, period=Period(2022, 12), amount=Decimal(1000))
    found = row(desk, MANURE, "final")
    # 1500 ÷ 2000 = 75 %: 7.50, less 0.50 for the year without a figure, less 1.00 for the deadline.
    assert (found.value, found.goal, found.completion) == (Decimal(1500), Decimal(2000), Decimal("75.00"))
    assert found.score == Decimal("6.00")


def test_cumulative_figures_are_not_added_twice_over_the_plan(desk: Desk) -> None:
    for year, amount in ((2021, "300"), (2022, "400"), (2023, "300")):
        given_out(desk, HEATING, amount, year)
    file(desk, HEATING, period=Period(2021, 12), amount=Decimal(300))
    file(desk, HEATING, period=Period(2023, 12), amount=Decimal(1000))
    found = row(desk, HEATING, "final")
    assert (found.value, found.goal, found.score) == (Decimal(1000), Decimal(1000), Decimal(10))


def test_what_the_province_has_not_told_is_not_scored(desk: Desk) -> None:
    assert row(desk, COKE).standpoint is Standpoint.PENDING and row(desk, COKE).score is None
    assert row(desk, CEMENT).standpoint is Standpoint.PENDING
    file_county(desk, CEMENT, stage="实施中")
    assert row(desk, CEMENT).score is None
    file_county(desk, CEMENT, stage="已完成")
    assert row(desk, CEMENT).score == Decimal(5)


@pytest.mark.parametrize("state", list(State))
def test_an_answer_that_is_none_is_no_zero(desk: Desk, state: State) -> None:
    given_out(desk, MANURE, "1000")
    file(desk, MANURE, amount=state)
    found = row(desk, MANURE)
    assert found.standpoint.value == state.value and (found.value, found.score) == (None, None)
    assert found.score_sentence == f"{state.value}，不计分。"
    assert all(town.scored == 0 for town in evaluation(desk).towns)


def test_a_task_that_does_not_concern_the_county_says_why(desk: Desk) -> None:
    desk.answer(FOSSIL, "不涉及", "没有这类企业")
    found = row(desk, FOSSIL)
    assert (found.standpoint, found.arithmetic) == (Standpoint.NOT_APPLICABLE, "不涉及：没有这类企业")


def test_what_is_inside_another_is_shown_and_not_scored(desk: Desk) -> None:
    given_out(desk, UNITS_2021, "19", 2021)
    file(desk, UNITS_2021, period=Period(2021, 12), amount=Decimal(19))
    found = row(desk, UNITS_2021, "2021")
    assert (found.standpoint, found.value, found.score) == (Standpoint.PART, Decimal(19), None)


def test_a_typed_value_needs_a_reason_and_is_judged_like_any(desk: Desk) -> None:
    given_out(desk, MANURE, "1000")
    file(desk, MANURE, amount=Decimal(500))
    with pytest.raises(DataProblem, match="写明理由"), desk.county.operation("改数") as op:
        set_entry(op, key="2022", task_id=MANURE, value=Decimal(900))
    with desk.county.operation("改数") as op:
        set_entry(op, key="2022", task_id=MANURE, value=Decimal(900), reason="12月集中验收")
    found = row(desk, MANURE)
    assert (found.computed, found.value, found.score) == (Decimal(500), Decimal(900), Decimal(9))
    assert found.arithmetic.startswith("自填900吨（12月集中验收）；进度 900吨 ÷ 1,000吨")
    with pytest.raises(DataProblem, match="写明理由"), desk.county.operation("删理由") as op:
        set_entry(op, key="2022", task_id=MANURE, reason="")
    with desk.county.operation("清空") as op:
        set_entry(op, key="2022", task_id=MANURE, value=None, reason=None, explanation="已说明")
    assert (row(desk, MANURE).value, row(desk, MANURE).typed.explanation) == (Decimal(500), "已说明")


def test_points_typed_by_hand_stay_within_the_task(desk: Desk) -> None:
    given_out(desk, MANURE, "1000")
    with pytest.raises(DataProblem, match="分值是10"), desk.county.operation("打分") as op:
        set_entry(op, key="2022", task_id=MANURE, score=Decimal(11), reason="x")
    with desk.county.operation("打分") as op:
        set_entry(op, key="2022", task_id=MANURE, score=Decimal("3.5"), reason="按实际工作量")
    assert row(desk, MANURE).score == Decimal("3.5")
    assert row(desk, MANURE).score_sentence.endswith("自评改为3.5分：按实际工作量。")


def test_there_is_no_such_period(desk: Desk) -> None:
    with pytest.raises(DataProblem, match="没有“2030”这个评估期"):
        evaluation(desk, "2030")
    with pytest.raises(DataProblem, match="评估期"), desk.county.operation("写") as op:
        set_entry(op, key="2030", task_id=MANURE, note="x")


def test_results_are_kept_and_what_was_typed_stays(desk: Desk) -> None:
    given_out(desk, MANURE, "1000")
    file(desk, MANURE, amount=Decimal(700))
    with desk.county.operation("说明") as op:
        set_entry(op, key="2022", task_id=MANURE, explanation="年底集中施用")
    number = 0
    for _ in range(2):
        with desk.county.operation("存自评结果") as op:
            number = store_results(op, desk.plan, "2022")
    kept = list(records.select(desk.conn, load_schema("evaluation"), "t.period = '2022'", []))
    assert number == len(kept) == len(evaluation(desk).rows)
    mine = next(each.values for each in kept if each.values["task_id"] == MANURE)
    assert (mine["value"], mine["score"], mine["explanation"]) == (Decimal(700), Decimal(7), "年底集中施用")
    assert mine["standpoint"] == "已评" and str(mine["arithmetic"]).startswith("进度 700吨")


def test_every_task_to_be_broken_down_is_in_it_once(desk: Desk) -> None:
    found = [each.task_id for each in evaluation(desk).rows]
    assert len(found) == len(set(found)) and set(leaf_tasks(desk.plan)) <= set(found)
    assert evaluation(desk).missing[0].endswith("项到期末没有报过数，按0分或扣分计。")


def test_files_that_prove_a_task_are_counted(desk: Desk) -> None:
    with desk.county.operation("说明") as op:
        row_id = set_entry(op, key="2022", task_id=MANURE, explanation="见附件")
        files: list[dict[str, Cell]] = [
            {"table_name": "evaluation", "row_id": row_id, "sha256": str(n) * 64, "name": "证.pdf", "size": Decimal(3)}
            for n in (1, 1, 2)
        ]
        records.insert_many(op, load_schema("attachment"), files)
    assert row(desk, MANURE).proofs == 2 and row(desk, MANURE, "2021").proofs == 0


AMOUNTS = st.one_of(st.none(), st.sampled_from(State), st.decimals(0, 3000, places=2))


@settings(max_examples=25)
@given(st.lists(AMOUNTS, min_size=3, max_size=3), st.integers(1, 2000))
def test_points_are_bounded_exact_and_never_given_for_no_answer(amounts: list[Cell], quota: int) -> None:
    with fresh_county() as county, county.reading() as conn:
        desk = Desk(county, conn)
        desk.quota(MANURE, 2022, str(quota * 3))
        desk.share(MANURE, 2022, *[str(quota)] * 3)
        for place, amount in enumerate(amounts):
            if amount is not None:
                file(desk, MANURE, place, amount=amount)
        found = evaluation(desk)
        for each in found.rows:
            if each.score is not None and each.points is not None:
                assert 0 <= each.score <= each.points
                assert each.score == each.score.quantize(Decimal("0.01"))
            assert (each.score is not None) == each.standpoint.scored
        assert found.score == sum((e.score for e in found.rows if e.score is not None), Decimal(0))
        assert found.percent is not None and 0 <= found.percent <= 100
        mine = next(each for each in found.rows if each.task_id == MANURE)
        numbers = [a for a in amounts if isinstance(a, Decimal)]
        if numbers:
            assert mine.value == sum(numbers, Decimal(0)) and mine.score is not None
        elif any(isinstance(amount, State) for amount in amounts) and None not in amounts:
            assert mine.score is None and mine.value is None
        assert all(town.percent is None or 0 <= town.percent <= 100 for town in found.towns)
        ranks = [town.rank for town in found.towns if town.percent is not None]
        assert ranks == sorted(ranks)
