"""Sums of whole numbers that cannot overflow: two amounts of 5万亿 are more micro-units than SQLite's sum() can hold.

conn.execute(f"SELECT {exact_sum('amount')} FROM …")        read_sum(found) -> int
"""

from __future__ import annotations

_HALF = 1_000_000


def exact_sum(expression: str, condition: str = "") -> str:
    """Return the SQL that sums `expression` over the rows for which `condition` holds (default: all).

    Its value is a text for `read_sum`: the sums of the upper and of the lower half of every number.
    """
    only = f" FILTER (WHERE {condition})" if condition else ""
    upper, lower = (f"coalesce(sum({expression} {sign} {_HALF}){only}, 0)" for sign in "/%")
    return f"({upper} || ':' || {lower})"


def read_sum(text: str) -> int:
    """Return the sum that `exact_sum` gave, 0 where there was nothing to sum."""
    upper, _, lower = text.partition(":")
    return int(upper) * _HALF + int(lower)
