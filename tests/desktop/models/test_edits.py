"""What is on its way into a sheet: blocks of cells as rectangles."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop.models.edits import rectangles

PLACES = st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)))


@given(PLACES)
def test_rectangles_cover_the_cells_once_and_no_others(places: set[tuple[int, int]]) -> None:
    covered = [
        (row, column)
        for (top, left), (bottom, right) in rectangles(places)
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    ]
    assert sorted(covered) == sorted(places)


def test_a_block_is_one_rectangle() -> None:
    block = [(row, column) for row in range(1000) for column in (3, 4, 5)]
    assert list(rectangles(block)) == [((0, 3), (999, 5))]
