"""What a quota does to the breakdown there is: which assignments no longer add up to it, or no longer reach it.

effect(conn, catalogue, target_id, year, quota) -> Effect          before a quota is changed
doubts(conn, catalogue) -> dict[target_id, dict[year, str]]        every quota that its breakdown does not meet, or
                                                                   that does not fit the one it is part of (其中)
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from db.core.fields import load_schema
from db.plan.catalogue import Catalogue, Target
from db.store import records
from db.work.amounts import in_unit_of
from db.work.arithmetic import figure, meets, reconcile
from db.work.assignees import find_assignees
from db.work.quotas import Quota, quotas
from db.work.task_states import resum_many
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
    """Return what the county's quota (in its own unit) for a target and year would do to what is handed out.

    One that does not fit the quotas around it and inside it is told first.
    """
    target = catalogue.target(target_id)
    found = _on_shares(_shares(conn, target, year), target, year, quota)
    nested = _nested(catalogue, target, year, quota, quotas(conn))
    return replace(found, ok=False, sentence=nested + found.sentence) if nested else found


def _on_shares(shares: Sequence[tuple[str, Decimal]], target: Target, year: int, quota: Decimal) -> Effect:
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
    """Return what is wrong with every quota that does not fit those around it, or that its breakdown does not meet."""
    told = {key: own for key, own in quotas(conn).items() if isinstance(catalogue.task(key), Target)}
    summaries = resum_many(conn, catalogue, told)
    found: dict[str, dict[int, str]] = {}
    for target_id, own in told.items():
        for year, quota in own.items():
            summary = summaries[target_id].get(year)
            target, amount = catalogue.target(target_id), quota.in_unit
            sentences = [_nested(catalogue, target, year, amount, told)] if amount is not None else []
            if summary is not None and summary.filled and not summary.ok:
                sentences.append(f"分解与县级目标对不上：{summary.sentence}")
            if any(sentences):
                found.setdefault(target_id, {})[year] = "".join(sentences)
    return found


def _nested(
    catalogue: Catalogue, target: Target, year: int, amount: Decimal, told: Mapping[str, Mapping[int, Quota]]
) -> str:
    """Return what is wrong between the year's quota and those around it and inside it (其中), "" when nothing is."""
    near = [each for each in catalogue.targets_of(target.clause) if unit_of(each) == unit_of(target)]
    for other in near:
        quota = told.get(other.id, {}).get(year)
        if quota is None or quota.in_unit is None:
            continue
        whole = figure(quota.in_unit, unit_of(other))
        if target.part_of == other.id and amount > quota.in_unit:
            return f"是“{other.indicator}”（{other.id}）的其中数，比它的县级目标{whole}还大，请核对。"
        if other.part_of == target.id and amount < quota.in_unit:
            return f"比其中的“{other.indicator}”（{other.id}）的县级目标{whole}还小，请核对。"
    return ""


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
