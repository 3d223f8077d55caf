from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from db.core.errors import DataProblem
from db.core.values import decimals_in
from db.plan.vocabulary import Comparator, Measure
from db.work.arithmetic import adds_over_years, figure, meets, reconcile, split

DECIMALS = st.integers(0, 6)
STEPS = st.integers(0, 10**15)
WEIGHTS = st.lists(
    st.integers(0, 10**6).map(Decimal) | st.integers(0, 10**9).map(lambda n: Decimal(n).scaleb(-6)),
    min_size=1,
    max_size=40,
)


@st.composite
def divisions(draw: st.DrawFn) -> tuple[Decimal, list[Decimal], int, list[Decimal | None]]:
    decimals = draw(DECIMALS)
    weights = draw(WEIGHTS)
    free = draw(STEPS)
    locked: list[Decimal | None] = []
    for _ in weights:
        held = draw(st.none() | st.integers(0, 10**9))
        locked.append(None if held is None else Decimal(held).scaleb(-decimals))
    total = Decimal(free).scaleb(-decimals) + sum((lock for lock in locked if lock is not None), Decimal(0))
    assume(any(weight for weight, lock in zip(weights, locked, strict=True) if lock is None))
    return total, weights, decimals, locked


@given(divisions())
def test_shares_add_up_exactly_and_stay_within_the_unit(
    division: tuple[Decimal, list[Decimal], int, list[Decimal | None]],
) -> None:
    total, weights, decimals, locked = division
    shares = split(total, weights, decimals, locked)
    assert sum(shares) == total
    assert all(share >= 0 for share in shares)
    assert all(decimals_in(share) <= decimals for share in shares)
    assert [share for share, lock in zip(shares, locked, strict=True) if lock is not None] == [
        lock for lock in locked if lock is not None
    ]
    together = zip(shares, weights, locked, strict=True)
    assert not any(share for share, weight, lock in together if lock is None and not weight)


@given(divisions())
def test_no_share_is_a_whole_step_away_from_its_proportion(
    division: tuple[Decimal, list[Decimal], int, list[Decimal | None]],
) -> None:
    total, weights, decimals, locked = division
    shares = split(total, weights, decimals, locked)
    free = [place for place, lock in enumerate(locked) if lock is None]
    left = sum(shares[place] for place in free)
    whole = sum(weights[place] for place in free)
    for place in free:
        assert abs(shares[place] * whole - left * weights[place]) < Decimal(1).scaleb(-decimals) * whole


def test_what_cannot_be_shared_evenly_goes_to_the_largest_remainders() -> None:
    assert split(Decimal(10), [1, 1, 1], 0) == [4, 3, 3]
    assert split(Decimal(10), [1, 2, 3], 0) == [2, 3, 5]
    assert split(Decimal("0.1"), [1, 1, 1], 2) == [Decimal("0.04"), Decimal("0.03"), Decimal("0.03")]
    assert split(Decimal(100), [1, 1, 1], 0, [None, Decimal(50), None]) == [25, 50, 25]
    assert split(Decimal(0), [0, 0], 0) == [0, 0]


@pytest.mark.parametrize(
    ("total", "weights", "decimals", "locked", "said"),
    [
        ("-1", [1], 0, [], "不能是负数"),
        ("1", [-1, 2], 0, [], "权重不能是负数"),
        ("1.5", [1], 0, [], "只能是整数"),
        ("1.23456", [1], 4, [], "最多4位小数"),
        ("10", [1, 1], 0, [Decimal(11), None], "锁定的部分已经比总数10多1"),
        ("10", [1, 1], 0, [Decimal(4), Decimal(5)], "还有1没有地方可分"),
        ("10", [0, 0], 0, [], "权重都是0"),
        ("10", [1, 1], 0, [Decimal(-1), None], "不能是负数"),
    ],
)
def test_what_cannot_be_shared_out_is_refused(
    total: str, weights: list[int], decimals: int, locked: list[Decimal | None], said: str
) -> None:
    with pytest.raises(DataProblem, match=said):
        split(Decimal(total), weights, decimals, locked)


@pytest.mark.parametrize(
    ("comparator", "quota", "total", "ok", "said"),
    [
        (Comparator.AT_LEAST, "100", "99.9999", False, "还有0.0001万户没有分解。"),
        (Comparator.AT_LEAST, "100", "100", True, "与县级目标一致。"),
        (Comparator.AT_LEAST, "100", "1300", True, "超出县级目标1,200万户。"),
        (Comparator.AT_MOST, "100", "90", True, "在控制数以内，还有10万户余量。"),
        (Comparator.AT_MOST, "100", "100", True, "与县级目标一致。"),
        (Comparator.AT_MOST, "100", "101", False, "超出控制数1万户。"),
        (Comparator.MORE_THAN, "10", "10", False, "正好等于县级目标，方案要求突破。"),
        (Comparator.MORE_THAN, "10", "11", True, "超出县级目标1万户。"),
        (Comparator.MORE_THAN, "10", "9", False, "还有1万户没有分解。"),
        (Comparator.LESS_THAN, "3", "3", False, "正好等于控制数，方案要求小于。"),
        (Comparator.LESS_THAN, "3", "2", True, "在控制数以内，还有1万户余量。"),
        (Comparator.LESS_THAN, "3", "4", False, "超出控制数1万户。"),
        (Comparator.EQUAL, "800", "800.0", True, "与县级目标一致。"),
        (Comparator.EQUAL, "800", "801", False, "比县级目标多分解了1万户。"),
        (Comparator.EQUAL, "800", "799", False, "还有1万户没有分解。"),
        (Comparator.NONE, "800", "799", False, "还有1万户没有分解。"),
        (Comparator.ABOUT, "15", "16", True, "比县级目标多1万户，方案要求“左右”，请核对。"),
    ],
)
def test_a_sum_is_held_against_its_quota(comparator: Comparator, quota: str, total: str, ok: bool, said: str) -> None:
    found = reconcile(comparator, Decimal(quota), Decimal(total), "万户")
    assert (found.ok, found.sentence, found.balance) == (ok, said, Decimal(quota) - Decimal(total))
    assert found.tone == ("warn" if comparator is Comparator.ABOUT else "good" if ok else "bad")


def test_without_a_quota_nothing_is_judged() -> None:
    found = reconcile(Comparator.AT_LEAST, None, Decimal(5), "户")
    assert (found.balance, found.ok, found.tone) == (None, False, "muted")
    assert found.sentence == "已分解5户，县级目标还没有录入。"


@pytest.mark.parametrize(
    ("comparator", "below", "same", "above"),
    [
        (Comparator.AT_LEAST, False, True, True),
        (Comparator.MORE_THAN, False, False, True),
        (Comparator.AT_MOST, True, True, False),
        (Comparator.LESS_THAN, True, False, False),
        (Comparator.EQUAL, False, True, False),
        (Comparator.ABOUT, True, True, True),
    ],
)
def test_rates_are_compared_one_by_one(comparator: Comparator, below: bool, same: bool, above: bool) -> None:
    assert [meets(comparator, Decimal(90), Decimal(rate)) for rate in (89, 90, 91)] == [below, same, above]


def test_only_what_counts_from_the_beginning_adds_over_the_years() -> None:
    assert [measure for measure in Measure if adds_over_years(measure)] == [Measure.CUMULATIVE]


def test_figures_are_written_as_people_read_them() -> None:
    assert figure(Decimal("30800.50"), "户") == "30,800.5户"
    assert figure(Decimal("1E+3")) == "1,000"
