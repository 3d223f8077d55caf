"""Taking packages into the city's ledger: each verified like a stranger's, all of one call in one transaction.

    consolidate(ledger, [package or folder, …], on=today) -> Consolidation

A package with anything wrong leaves nothing in the ledger; the others of the call are taken. Cancelled, or when the
disk fails, the whole call leaves nothing. What is taken is kept beside the ledger as it came (`originals`).
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from db.core.errors import DataProblem, Problem
from db.core.progress import NO_PROGRESS, Progress, Span
from db.core.text import fold_width
from db.exchange.ledger.file import Ledger, note
from db.exchange.ledger.originals import keep
from db.exchange.ledger.outcomes import CONFLICT, CURRENT, PUT_ASIDE, SUPERSEDED, Decision, Outcome, decide
from db.exchange.ledger.rows import Loading, RowLoader
from db.exchange.ledger.threads import take_threads
from db.exchange.package_kinds import parse_package_name
from db.exchange.package_verify import verify_package
from db.exchange.verdict import PackageFacts, Verdict
from db.store.files import explained
from db.store.operation import now

_SHORTEST_HASH = 8


@dataclass(frozen=True)
class Received:
    """What became of one package; `problems` are what is wrong with a refused one."""

    path: Path
    package: PackageFacts
    outcome: Outcome
    sentence: str
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    asks_for_password: bool = False

    @property
    def name(self) -> str:
        """Return the package's name, or that of its file when it does not say."""
        return self.package.name or self.path.name

    def as_json(self) -> dict[str, Any]:
        """Return it for programs."""
        package = self.package
        return {
            "file": str(self.path),
            "name": package.name,
            "package_id": package.package_id,
            "county": package.county_code,
            "kind": package.kind,
            "period": package.period,
            "sequence": package.sequence,
            "data_sha256": package.data_sha256,
            "rows": sum(table.rows for table in package.tables),
            "outcome": self.outcome.value,
            "sentence": self.sentence,
            "problems": [problem.sentence() for problem in self.problems],
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class Consolidation:
    """What became of every package of one call."""

    received: list[Received] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Return whether every package was taken, or had been before."""
        return not any(each.outcome in (Outcome.REFUSED, Outcome.CONFLICT) for each in self.received)

    def sentence(self) -> str:
        """Return how many packages became what."""
        counted = Counter(each.outcome for each in self.received)
        told = "；".join(outcome.counted(counted[outcome]) for outcome in Outcome if counted[outcome])
        return f"这次核收{len(self.received)}个上报包：{told}。" if told else "没有找到上报包。"


def packages_in(paths: Iterable[Path]) -> list[Path]:
    """Return the packages: files as named, of folders every .zip in them, in the order of county, kind, period, number.

    EnvironmentProblem when a folder cannot be read.
    """
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        with explained("查找上报包", path):
            inside = [each for each in path.rglob("*") if each.suffix.lower() == ".zip" and each.is_file()]
            found |= dict.fromkeys(inside if path.is_dir() else [path])
    return sorted(found, key=_order)


@dataclass(frozen=True)
class _Call:
    """What holds for every package of a call; `kept` are the copies that it made."""

    ledger: Ledger
    on: date
    letters: Collection[str]
    passwords: Collection[str]
    keeping: bool
    kept: list[Path] = field(default_factory=list)

    def keep(self, file: Path, facts: PackageFacts) -> None:
        """Keep the package as it came."""
        if not self.keeping:
            return
        # Waiting for the disk takes longer than all the rest; without proof files the ledger holds every cell anyway.
        copy = keep(self.ledger.path, file, facts.file_sha256, durable=facts.attachments > 0)
        if copy is not None:
            self.kept.append(copy)

    def take_back(self) -> None:
        """Leave no copies of what was not taken after all."""
        for copy in self.kept:
            with suppress(OSError):
                copy.unlink()


def consolidate(
    ledger: Ledger,
    paths: Sequence[Path],
    *,
    on: date,
    letters: Collection[str] = (),
    passwords: Collection[str] = (),
    keeping: bool = True,
    progress: Progress = NO_PROGRESS,
) -> Consolidation:
    """Take the packages (see `packages_in`) that came `on` that day into the ledger and return what became of each.

    `letters` are hashes read from the stamped letters, whole or their first eight characters and more; where any are
    given, only packages with one of them are taken. A package under a password is tried with each of `passwords`.
    Unless `keeping`, no copies are kept. DataProblem for a hash that is none.
    """
    call = _Call(ledger, on, [_hash(each) for each in letters], passwords, keeping)
    files = packages_in(paths)
    whole = 1000 * len(files)
    received = []
    try:
        with ledger.writing() as conn:
            loading = Loading(conn)
            for place, file in enumerate(files):
                share = Span(progress, 1000 * place, 1000 * place + 1000, whole)
                received.append(_receive(loading, call, file, share))
            progress.step(whole, max(1, whole), "正在保存")
    except BaseException:
        call.take_back()
        raise
    return Consolidation(received)


def take_one(ledger: Ledger, file: Path, *, on: date, password: str = "", keeping: bool = True) -> tuple[Received, int]:
    """Take one package, unless it is there, and return what became of it and its number in the ledger, 0 for none."""
    passwords = [password] if password else ()
    (received,) = consolidate(ledger, [file], on=on, passwords=passwords, keeping=keeping).received
    with ledger.reading() as conn:
        found = conn.execute(
            "SELECT number FROM package WHERE package_id = ?", (received.package.package_id,)
        ).fetchone()
    return received, 0 if received.outcome is Outcome.REFUSED or found is None else int(found[0])


def _receive(loading: Loading, call: _Call, file: Path, progress: Progress) -> Received:
    """Take one package, or leave the ledger as it was."""
    conn = loading.conn
    (number,) = conn.execute("SELECT coalesce(max(number), 0) + 1 FROM package").fetchone()
    conn.execute("SAVEPOINT package")
    loader = RowLoader(loading, number)
    verdict = verify_package(file, progress, taker=loader)
    for password in call.passwords if verdict.asks_for_password else ():
        verdict = verify_package(file, progress, taker=loader, password=password)
        if not verdict.asks_for_password:
            break
    facts = verdict.package
    decision = _judged(conn, verdict, call.letters)
    problems = verdict.problems
    if decision.outcome.kept:
        _record(conn, number, call, file, facts, decision)
        problems = [Problem("ledger.totals", each) for each in loader.finish(facts.tables)]
        if problems:
            decision = Decision(Outcome.REFUSED, "入库的数与上报包不一致，没有入库。")
        elif decision.outcome is not Outcome.CONFLICT and (replies := take_threads(conn, number)):
            decision = replace(decision, sentence=f"{decision.sentence}带来{replies}条对意见的回复。")
    if decision.outcome.kept or _is_the_file(conn, facts):
        call.keep(file, facts)
    if not decision.outcome.kept:
        conn.execute("ROLLBACK TO package")
        loading.forget()
    conn.execute("RELEASE package")
    if not decision.outcome.kept:
        note(conn, call.ledger.author, f"{facts.name or file.name}：{decision.sentence}", facts.package_id)
    return Received(
        file,
        facts,
        decision.outcome,
        decision.sentence,
        tuple(problems),
        tuple(verdict.notes),
        asks_for_password=verdict.asks_for_password,
    )


def _is_the_file(conn: sqlite3.Connection, facts: PackageFacts) -> bool:
    """Return whether the ledger has taken this very file, not one of the same content, say under a password."""
    place = (facts.package_id, facts.file_sha256)
    return conn.execute("SELECT 1 FROM package WHERE package_id = ? AND sha256 = ?", place).fetchone() is not None


def _judged(conn: sqlite3.Connection, verdict: Verdict, letters: Collection[str]) -> Decision:
    if verdict.ok:
        return decide(conn, verdict.package, letters)
    if verdict.asks_for_password:
        return Decision(Outcome.REFUSED, "加了密码，没有入库。请向县里问密码。")
    return Decision(Outcome.REFUSED, f"有{len(verdict.problems)}个问题，没有入库。请县里重新导出。")


def _record(
    conn: sqlite3.Connection, number: int, call: _Call, file: Path, facts: PackageFacts, decision: Decision
) -> None:
    conn.executemany(
        "UPDATE package SET standing = ? WHERE number = ?", [(SUPERSEDED, each) for each in decision.supersedes]
    )
    at = now()
    columns: dict[str, str | int] = {
        "number": number,
        "package_id": facts.package_id,
        "name": facts.name,
        "county": facts.county_code,
        "county_name": facts.county_name,
        "kind": facts.kind,
        "period": facts.period,
        "sequence": facts.sequence,
        "supersedes": facts.supersedes,
        "plan_version": facts.plan_version,
        "schema_version": facts.schema_version,
        "bagging_date": facts.bagging_date,
        "contact": facts.contact,
        "phone": facts.phone,
        "agent": facts.agent,
        "sha256": facts.file_sha256,
        "data_sha256": facts.data_sha256,
        "file_name": file.name,
        "file_size": facts.file_size,
        "row_count": sum(table.rows for table in facts.tables),
        "attachments": facts.attachments,
        "received_on": call.on.isoformat(),
        "received_at": at,
        "received_by": call.ledger.author,
        "letter": at if call.letters else "",
        "standing": decision.standing,
    }
    conn.execute(
        f"INSERT INTO package ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", tuple(columns.values())
    )
    note(conn, call.ledger.author, f"{facts.name}：{decision.sentence}", facts.package_id)


def choose(ledger: Ledger, number: int) -> str:
    """Let this package of a conflict count and put the others of its sequence aside; return a sentence.

    DataProblem when there is no such package or nothing to choose.
    """
    with ledger.writing() as conn:
        row = conn.execute(
            "SELECT name, county, kind, period, sequence, package_id FROM package WHERE number = ?", (number,)
        ).fetchone()
        if row is None:
            raise DataProblem("台账里没有这个上报包。", advice="请刷新后重选。", code="ledger.package")
        name, *place, package_id = row
        rivals = conn.execute(
            "SELECT number, standing FROM package WHERE county = ? AND kind = ? AND period = ? AND sequence = ?", place
        ).fetchall()
        if all(standing != CONFLICT for _, standing in rivals):
            raise DataProblem(f"{name}没有冲突，不用选。", advice="请选有冲突的上报包。", code="ledger.choose")
        conn.executemany(
            "UPDATE package SET standing = ? WHERE number = ?",
            [(CURRENT if each == number else PUT_ASIDE, each) for each, _ in rivals],
        )
        take_threads(conn, number)
        sentence = f"{name}有{len(rivals)}份，选定了编号{package_id[:8]}的一份。"
        note(conn, ledger.author, sentence, package_id)
    return sentence


def _order(path: Path) -> tuple[str, str, str, int, str]:
    name = parse_package_name(path.stem)
    return (name.county, name.kind, name.period, name.sequence, str(path)) if name else ("", "", "", 0, str(path))


def _hash(text: str) -> str:
    plain = "".join(fold_width(text).split()).lower()
    if not _SHORTEST_HASH <= len(plain) <= 64 or set(plain) - set("0123456789abcdef"):
        raise DataProblem(
            f"“{text[:80]}”不是数据校验码。", advice="请照上报函填写，至少前8位（0—9、a—f）。", code="ledger.hash"
        )
    return plain
