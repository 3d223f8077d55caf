"""What a quota does to the breakdown there is: which assignments no longer add up to it, or no longer reach it.

effect(conn, catalogue, target_id, year, quota) -> Effect          before a quota is changed
doubts(conn, catalogue) -> dict[target_id, dict[year, str]]        every quota that its breakdown does not meet
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from decimal import Decimal

from db.core.fields import load_schema
from db.plan.catalogue import Catalogue, Target
from db.store import records
from db.work.amounts import in_unit_of
from db.work.arithmetic import figure, meets, reconcile
from db.work.assignees import find_assignees
from db.work.quotas import quotas
from db.work.task_states import resum
from db.work.tasks import Duty, duty_of, unit_of
from db.work.verdicts import rate_comparator

_LIVE = "t.task_id = ? AND t.year = ? AND t.deleted_at IS NULL AND t.amount IS NOT NULL"


@dataclass(frozen=True)
class Effect:
    """`sentence` is "" while nothing is handed out; `shares` are the assignments concerned (name, amount), unless ok.

    Of a quantity that does not add up those are all of the year, the largest first; of rates those that fall short.
    `beyond`: more is handed out than the quota, which a minimum allows and a clerk should see.
    """

    ok: bool = True
    sentence: str = ""
    shares: tuple[tuple[str, Decimal], ...] = ()
    beyond: bool = False


def effect(conn: sqlite3.Connection, catalogue: Catalogue, target_id: str, year: int, quota: Decimal) -> Effect:
    """Return what the county's quota (in its own unit) for a target and year would do to what is handed out."""
    target = catalogue.target(target_id)
    shares = _shares(conn, target, year)
    if not shares:
        return Effect()
    unit = unit_of(target)
    if duty_of(target) is Duty.RATE:
        comparator = rate_comparator(target)
        short = tuple(share for share in shares if not meets(comparator, quota, share[1]))
        words = f"有{len(short)}个责任主体的比率达不到{figure(quota, unit)}。" if short else "各责任主体的比率都达到。"
        return Effect(not short, words, short)
    total = sum((amount for _, amount in shares), Decimal(0))
    verdict = reconcile(target.comparator, quota, total, unit)
    words = f"{year}年已分解{figure(total, unit)}：{verdict.sentence}"
    return Effect(verdict.ok, words, () if verdict.ok else tuple(shares), beyond=total > quota)


def doubts(conn: sqlite3.Connection, catalogue: Catalogue) -> dict[str, dict[int, str]]:
    """Return, for every quota whose breakdown has begun and does not meet it, what is wrong."""
    found: dict[str, dict[int, str]] = {}
    for target_id, told in quotas(conn).items():
        if not isinstance(catalogue.task(target_id), Target):
            continue
        summaries = resum(conn, catalogue, target_id)
        wrong = {year: summaries[year] for year in told if year in summaries}
        sentences = {year: each.sentence for year, each in wrong.items() if each.filled and not each.ok}
        if sentences:
            found[target_id] = sentences
    return found


def _shares(conn: sqlite3.Connection, target: Target, year: int) -> list[tuple[str, Decimal]]:
    """Return name and amount (in the target's county unit) of everybody who has an amount, the largest first."""
    rows = list(records.select(conn, load_schema("assignment"), _LIVE, (target.id, year)))
    keys = [(str(row.values["assignee_kind"]), str(row.values["assignee_id"])) for row in rows]
    names = {who.key: who.name for who in find_assignees(conn, keys)}
    found = []
    for key, row in zip(keys, rows, strict=True):
        amount = row.values["amount"]
        if isinstance(amount, Decimal):
            found.append((names.get(key, ""), in_unit_of(target, amount, str(row.values["unit"] or ""))))
    return sorted(found, key=lambda share: -share[1])
