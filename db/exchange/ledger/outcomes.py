"""What becomes of a good package that reaches the city: the one place where it is decided.

A package's place is its county, kind and period. Of a place the newest sequence counts (`current`); what it replaces is
kept (`superseded`). Two of one sequence with different content come from two PCs: the first stays, the other is a
`conflict` until somebody chooses; the one not chosen is `put_aside`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from db.core.divisions import reporting_units
from db.core.errors import DataProblem
from db.exchange.ledger.file import sample_word
from db.exchange.package_kinds import kind_and_period, package_id_of
from db.exchange.verdict import PackageFacts

CURRENT, SUPERSEDED, CONFLICT, PUT_ASIDE = "current", "superseded", "conflict", "put_aside"


class Outcome(StrEnum):
    """What became of a package."""

    RECEIVED = "received"
    REPLACES = "replaces"
    OLDER = "older"
    SAME = "same"
    CONFLICT = "conflict"
    REFUSED = "refused"

    @property
    def words(self) -> str:
        """Return it for people."""
        return _TITLES[self]

    def counted(self, number: int) -> str:
        """Return for people that so many packages became this."""
        return f"{number}个{_COUNTED[self]}"

    @property
    def kept(self) -> bool:
        """Return whether the package's rows are in the ledger now."""
        return self not in (Outcome.SAME, Outcome.REFUSED)


_TITLES = {
    Outcome.RECEIVED: "已收",
    Outcome.REPLACES: "已收，代替上一份",
    Outcome.OLDER: "已收存，已被更新的一份代替",
    Outcome.SAME: "已经收过，没有变化",
    Outcome.CONFLICT: "冲突",
    Outcome.REFUSED: "没有收",
}


_COUNTED = {
    Outcome.RECEIVED: "首次收到",
    Outcome.REPLACES: "代替了县里上一次报的",
    Outcome.OLDER: "比已有的旧，只存档",
    Outcome.SAME: "以前收过，没有变化",
    Outcome.CONFLICT: "有冲突，要选定一份",
    Outcome.REFUSED: "没有收",
}


@dataclass(frozen=True)
class Decision:
    """What becomes of a package and why; `standing` is its own in the ledger, those in `supersedes` give way to it."""

    outcome: Outcome
    sentence: str
    standing: str = ""
    supersedes: tuple[int, ...] = ()


def decide(conn: sqlite3.Connection, facts: PackageFacts, letters: Collection[str] = ()) -> Decision:
    """Return what becomes of a package in which nothing is wrong.

    `letters`, unless empty, are the hashes on the stamped letters, or how they begin: no other package is taken.
    """
    try:
        kind_and_period(facts.kind, facts.period)
    except DataProblem as problem:
        return Decision(Outcome.REFUSED, str(problem))
    refused = _stranger(conn, facts) or _forged(facts, letters)
    if refused:
        return Decision(Outcome.REFUSED, refused)
    known = conn.execute("SELECT 1 FROM package WHERE package_id = ?", (facts.package_id,)).fetchone()
    if known:
        return Decision(Outcome.SAME, "内容相同，没有重复入库。")
    others = conn.execute(
        "SELECT number, sequence, standing, received_at FROM package WHERE county = ? AND kind = ? AND period = ?",
        (facts.county_code, facts.kind, facts.period),
    ).fetchall()
    newer = max((sequence for _, sequence, standing, _ in others if standing == CURRENT), default=0)
    if newer > facts.sequence:
        return Decision(Outcome.OLDER, f"已有更新的第{newer}次，这一份只存档，不计入汇总。", SUPERSEDED)
    first = min((at for _, sequence, _, at in others if sequence == facts.sequence), default="")
    if first:
        return Decision(
            Outcome.CONFLICT,
            f"{first[:16].replace('T', ' ')}已经收过另一份第{facts.sequence}次，内容不同，可能是两台电脑各自导出的。"
            "先收的仍然有效，请核实后选定一份。",
            CONFLICT,
        )
    before = tuple(number for number, sequence, standing, _ in others if standing in (CURRENT, CONFLICT))
    if not before:
        return Decision(Outcome.RECEIVED, "已收。", CURRENT)
    return Decision(Outcome.REPLACES, f"已收，代替第{newer}次。", CURRENT, before)


def _stranger(conn: sqlite3.Connection, facts: PackageFacts) -> str:
    """Return why the package is none of the city's, "" when it is."""
    practice = bool(sample_word(conn))
    if practice and not facts.sample:
        return "这是演示台账，只收演示县的上报包，真实数据没有收。请用正式的台账核收。"
    if facts.sample and not practice:
        return f"这是用演示县导出的，不是真实数据（{facts.sample}）没有收。请县里用自己的数据导出。"
    if facts.county_code not in {unit.key for unit in reporting_units()}:
        return f"本市没有代码为“{facts.county_code}”的填报单位（{facts.county_name}）。请核对这个包是不是报给本市的。"
    editions = [version for (version,) in conn.execute("SELECT version FROM plan_edition ORDER BY added_at")]
    if facts.plan_version not in editions:
        return (
            f"用的是另一版方案（{facts.plan_version}），台账核收的是{'、'.join(editions)}。"
            "请县里换成这一版后重新导出；市里已经换版的，先在台账里加上那一版。"
        )
    return ""


def _forged(facts: PackageFacts, letters: Collection[str]) -> str:
    """Return how the package shows that it is not what the county exported, "" when it does not."""
    if facts.package_id != package_id_of(facts.name, facts.data_sha256):
        return "上报包编号与内容对不上：导出以后被改动过。请县里重新导出。"
    if letters and not any(facts.data_sha256.startswith(each) for each in letters):
        return f"数据校验码（{facts.data_sha256[:16]}…）与上报函上的都不一致。请核对来源，或请县里重新导出。"
    return ""
