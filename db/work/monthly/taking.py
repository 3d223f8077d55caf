"""Taking what the registers say over as the month's figures.

take_supplied(op, period, keys) -> int
"""

from __future__ import annotations

from collections.abc import Iterable

from db.core.period import Period
from db.plan.catalogue import Catalogue
from db.plan.editions import county_catalogue
from db.store.operation import Operation
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.model import RowKey
from db.work.monthly.supplied import Suppliers


def take_supplied(op: Operation, period: Period, keys: Iterable[RowKey], *, catalogue: Catalogue | None = None) -> int:
    """File what the registers give for these lines, and return for how many they give anything.

    A reason for an earlier, different figure goes with that figure. DataProblem for a closed month.
    """
    plan = catalogue or county_catalogue(op.conn)
    suppliers = Suppliers(op.conn, plan, period)
    given = [found for key in dict.fromkeys(keys) if (found := suppliers.of(key)) is not None]
    changes = [EntryChange(each.key, {**each.values, "override_reason": None}, source="register") for each in given]
    set_entries(op, period, changes, catalogue=plan)
    return len(changes)
