"""What the city's file made of a rule: another class or threshold, off, or waived for some units, for some time."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from db.core.fields import load_schema
from db.core.values import Cell
from db.store import records

OFF = "off"


@dataclass(frozen=True)
class Tuning:
    """One line of a settings file that is in force; "" and None leave what the rule says.

    `waived` are codes: the county's, towns', credit codes of enterprises. With neither period it holds always.
    """

    rule: str
    level: str = ""
    threshold: Decimal | None = None
    from_period: str = ""
    to_period: str = ""
    waived: frozenset[str] = frozenset()
    document_number: str = ""

    def holds_in(self, period: str) -> bool:
        """Return whether it holds for a month or year; a year counts where any of its months does."""
        return not (self.from_period and _before(period, self.from_period)) and not (
            self.to_period and _before(self.to_period, period)
        )


def tunings(conn: sqlite3.Connection) -> Mapping[str, Sequence[Tuning]]:
    """Return what is in force by rule, in the order in which the file had it."""
    found: dict[str, list[Tuning]] = {}
    for row in records.select(conn, load_schema("rule_setting"), "t.deleted_at IS NULL", (), "ORDER BY t.seq"):
        made = tuning_of(row.values)
        found.setdefault(made.rule, []).append(made)
    return found


def tuning_of(values: Mapping[str, Cell]) -> Tuning:
    """Return the setting that a row of `rule_setting` holds."""
    threshold = values.get("threshold")
    texts = {name: str(values.get(name) or "") for name in ("rule", "level", "from_period", "to_period", "waived")}
    return Tuning(
        texts["rule"],
        texts["level"],
        threshold if isinstance(threshold, Decimal) else None,
        texts["from_period"],
        texts["to_period"],
        frozenset(codes_in(texts["waived"])),
        str(values.get("document_number") or ""),
    )


def codes_in(text: str) -> list[str]:
    """Return the codes of units that a list of them names, however they are set apart."""
    for sign in "，、；; \n\t":
        text = text.replace(sign, ",")
    return [code.strip().upper() for code in text.split(",") if code.strip()]


def _before(one: str, other: str) -> bool:
    """Return whether one month or year ends before another begins."""
    length = min(len(one), len(other))
    return one[:length] < other[:length]
