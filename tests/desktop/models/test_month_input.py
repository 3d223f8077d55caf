"""What is typed for a month's figure: amounts, rates as 27/33, stages by name, initials or number, and the answers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.errors import DataProblem
from db.core.values import State
from db.plan.catalogue import load_catalogue
from db.work.monthly.model import FigureKind, figure_kind
from db.work.tasks import task_of
from desktop.models.month_input import FigureReader, figure_reader

PLAN = load_catalogue()
HEATING = "08-06-1"
RATE = next(t.id for t in PLAN.targets if figure_kind(t) is FigureKind.RATE and t.unit == "%")


def reader(task_id: str) -> FigureReader:
    task = task_of(PLAN, task_id)
    return figure_reader(task, figure_kind(task))


def test_an_amount_is_read_with_its_unit_and_as_a_calculation() -> None:
    read = reader(HEATING)
    assert read.parse("1,180") == Decimal(1180)
    assert read.parse("=1000+180") == Decimal(1180)
    assert read.cells(Decimal(1180)) == {"amount": 1180, "numerator": None, "denominator": None, "stage": None}
    for wrong in ("-3", "1.5", "很多"):
        with pytest.raises(DataProblem):
            read.parse(wrong)


@pytest.mark.parametrize(
    ("typed", "kept"), [("27/33", "27/33"), (" 27 ／ 33 ", "27/33"), ("1,200/1,500.50", "1200/1500.5")]
)
def test_a_rate_has_two_parts(typed: str, kept: str) -> None:
    read = reader(RATE)
    assert read.parse(typed) == kept
    above, below = map(Decimal, kept.split("/"))
    assert read.cells(kept) == {"amount": None, "numerator": above, "denominator": below, "stage": None}


def test_a_published_rate_needs_its_sign() -> None:
    read = reader(RATE)
    assert read.parse("81.8%") == Decimal("81.8")
    assert read.show(Decimal("81.8")) == "81.8%" and read.parse(read.show(Decimal("81.8"), editing=True)) == Decimal(
        "81.8"
    )
    with pytest.raises(DataProblem, match="分子还是比率"):
        read.parse("81.8")


@pytest.mark.parametrize("text", ["27/", "/33", "27/0", "a/b", "27/33/1", "-1/3"])
def test_half_a_rate_is_refused(text: str) -> None:
    with pytest.raises(DataProblem):
        reader(RATE).parse(text)


@given(st.decimals("0", "9000000", places=2), st.decimals("0.01", "9000000", places=2))
def test_a_rate_survives_the_editor(above: Decimal, below: Decimal) -> None:
    read = reader(RATE)
    kept = read.parse(f"{above:f}/{below:f}")
    assert read.parse(read.show(kept, editing=True)) == kept
    assert read.parse(read.show(kept)) == kept


@pytest.mark.parametrize("typed", ["实施中", "实", "ssz", "3", "３"])
def test_a_stage_is_named_in_short(typed: str) -> None:
    assert reader("03-01").parse(typed) == "实施中"


@pytest.mark.parametrize("task_id", ["03-01", HEATING, RATE])
def test_an_answer_is_spelt_by_its_initials(task_id: str) -> None:
    assert reader(task_id).parse("bsj") is State.NOT_APPLICABLE
    assert reader(task_id).parse("ZWSJ") is State.NO_DATA


def test_an_unknown_stage_is_refused_and_the_answers_are_none() -> None:
    with pytest.raises(DataProblem):
        reader("03-01").parse("做着呢")
    for task_id in ("03-01", HEATING, RATE):
        assert reader(task_id).parse("不涉及") is State.NOT_APPLICABLE
        assert reader(task_id).parse("") is None
    assert reader(RATE).cells(State.NO_DATA)["amount"] is State.NO_DATA
    assert reader("03-01").cells(State.NO_DATA)["stage"] is State.NO_DATA
