"""Taking what the registers say over as the month's figures.

take_supplied(op, period, keys, knowingly=False) -> int
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from db.core.errors import DataProblem
from db.core.period import Period
from db.plan.catalogue import Catalogue
from db.plan.editions import county_catalogue
from db.store.operation import Operation
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.model import RowKey, long_past
from db.work.monthly.supplied import Suppliers


def not_of_then(period: Period) -> str:
    """Return the sentence for a month long past: what stands in a register is not what stood in it then."""
    return f"项目清单里是现在的数，不是{period.title}底的数。"


def take_supplied(
    op: Operation,
    period: Period,
    keys: Iterable[RowKey],
    *,
    knowingly: bool = False,
    catalogue: Catalogue | None = None,
) -> int:
    """File what the registers give for these lines, and return for how many they give anything.

    A reason for an earlier, different figure goes with that figure. DataProblem for a closed month, and for one long
    past unless it was asked for `knowingly`.
    """
    if not knowingly and long_past(period, date.fromisoformat(op.at[:10])):
        advice = "请按当时的报表填写；清单从那以后没有变过的，可以先核对再填。"
        raise DataProblem(f"{not_of_then(period)}没有填上。", advice=advice, code="taking.past")
    plan = catalogue or county_catalogue(op.conn)
    suppliers = Suppliers(op.conn, plan, period)
    given = [found for key in dict.fromkeys(keys) if (found := suppliers.of(key)) is not None]
    changes = [EntryChange(each.key, {**each.values, "override_reason": None}, source="register") for each in given]
    set_entries(op, period, changes, catalogue=plan)
    return len(changes)
