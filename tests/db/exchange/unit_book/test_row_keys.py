"""By what a row is known whose id was lost."""

from __future__ import annotations

from db.core.fields import load_schema
from db.core.values import Cell, State
from db.exchange.unit_book.row_keys import Key, RowKeys

BOILERS = RowKeys(load_schema("coal_boiler"), "town_id", "name")


def keys(*rows: tuple[Cell, Cell, Cell]) -> list[Key]:
    names = ("enterprise_id", "boiler_number", "name")
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    return BOILERS.of(columns, len(rows))


def test_the_key_counts_and_without_all_of_it_the_name() -> None:
    assert keys(("e1", "锅1", "甲"), ("e1", None, "乙"), (None, None, None)) == [("e1", "锅1"), ("", "乙"), ()]


def test_spelling_makes_no_difference_and_states_say_nothing() -> None:
    first, second, third = keys(("e1", "Ａ－1 ", "甲"), ("e1", "A-1", "乙"), ("e1", State.NOT_APPLICABLE, "（丙）"))
    assert first == second and third == ("", "(丙)")


def test_columns_that_are_not_there_are_empty() -> None:
    assert BOILERS.of({"name": ["甲"]}, 1) == [("", "甲")]
    assert BOILERS.of({}, 2) == [(), ()]
