from __future__ import annotations

import sqlite3

from hypothesis import example, given
from hypothesis import strategies as st

from db.store.exact_sum import exact_sum, read_sum

MOST = 2**63 - 1


@given(st.lists(st.none() | st.integers(-MOST, MOST), max_size=20))
@example([MOST, MOST, -1])
def test_the_sum_is_exact_however_large(numbers: list[int | None]) -> None:
    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE TABLE t (x INTEGER)")
    conn.executemany("INSERT INTO t VALUES (?)", [(number,) for number in numbers])
    whole, upwards = conn.execute(f"SELECT {exact_sum('x')}, {exact_sum('x', 'x > 0')} FROM t").fetchone()
    conn.close()
    given_numbers = [number for number in numbers if number is not None]
    assert read_sum(whole) == sum(given_numbers)
    assert read_sum(upwards) == sum(number for number in given_numbers if number > 0)
