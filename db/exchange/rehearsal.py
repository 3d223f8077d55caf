"""A demo that can be rehearsed whole: the county with months behind it and the city's answers, and the city's ledger.

make_demo(folder, letter=…, ledger_file=…)       寿光市 as it stands on the demo's day
add_counties(ledger, letter=…) -> int            what the demo's other counties have sent

What happened before that day is `history` in resources/demo/demo.json. It happens here as it would anywhere: packages
are checked, exported, taken into a ledger to practise with (演示台账), answered, and the answers brought home.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import date
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from db.checks.explanations import explain
from db.checks.model import Level
from db.checks.runner import run
from db.core.period import Period
from db.core.progress import NO_PROGRESS, Progress
from db.exchange.answer_import import import_answer
from db.exchange.answers import ACCEPTED, RETURNED
from db.exchange.ledger.consolidate import take_one
from db.exchange.ledger.file import Ledger
from db.exchange.ledger.remarks import RemarkEntry, add_remarks, answer_into
from db.exchange.ledger.rows import loaded_table, read_rows
from db.exchange.package_write import DrawLetter
from db.exchange.sending import send
from db.plan.editions import county_catalogue
from db.store.county import County
from db.work.demo import build_demo
from db.work.demo_facts import HOME, Facts, all_facts, demo_counties
from db.work.demo_months import FIRST, LAST, fill_months
from db.work.opening import open_county
from db.work.remarks import reply

EXPORTS, ANSWERS = "exports", "市里的答复"
AUTHOR, CITY_AUTHOR = "演示", "演示核收人"
LEDGER = "演示－市级核收.db"
"""What the ledger to practise with is called; it lies beside the demo county's folder."""


def make_demo(
    folder: Path, *, letter: DrawLetter, ledger_file: Path | None = None, progress: Progress = NO_PROGRESS
) -> list[Path]:
    """Make the demo county in the new folder `folder` and return the packages that it has sent.

    The city's answers come from the ledger at `ledger_file`, made for it; from one of no further use where there is
    one already, or none is wanted. EnvironmentProblem when there is a county in the folder.
    """
    progress.step(0, 4, "正在建立演示县")
    build_demo(folder)
    with open_county(folder, author=AUTHOR) as county, TemporaryDirectory(prefix="sijian-") as spare:
        progress.step(1, 4, "正在填写以前各月")
        fill_months(county, FIRST, LAST)
        progress.step(2, 4, "正在审核、上报、核收")
        kept = ledger_file if ledger_file is not None and not ledger_file.exists() else Path(spare) / LEDGER
        with Ledger.create(kept, author=CITY_AUTHOR, sample=True) as ledger:
            sent = [_happen(county, ledger, each, letter) for each in all_facts()["history"]]
    progress.step(4, 4)
    return sent


def add_counties(ledger: Ledger, *, letter: DrawLetter, progress: Progress = NO_PROGRESS) -> int:
    """Take into a ledger to practise with what the demo's other counties have sent; return how many packages.

    Of a county that is there already nothing is made.
    """
    with ledger.reading() as conn:
        there = {county for (county,) in conn.execute("SELECT DISTINCT county FROM package")}
    lacking = [county for county in demo_counties() if county not in there | {HOME}]
    taken = 0
    for place, key in enumerate(lacking):
        progress.step(place, len(lacking), "正在准备演示县的上报包")
        with TemporaryDirectory(prefix="sijian-") as work:
            build_demo(Path(work) / key, key)
            with open_county(Path(work) / key, author=AUTHOR) as county:
                history = all_facts()["counties"][key]["history"]
                fill_months(county, Period.parse(all_facts()["others_from"]), LAST, seed=int(key), gaps=False)
                for each in history:
                    _happen(county, ledger, each, letter)
                    taken += 1
    progress.step(len(lacking), max(1, len(lacking)))
    return taken


def explain_all(county: County, kind: str, period: str, *, today: date) -> int:
    """Give the demo's reason for every issue that wants one before this package may go; return how many were given."""
    facts = all_facts()
    reasons: Mapping[str, str] = facts["explanations"]
    with county.reading() as conn:
        found = run(conn, county_catalogue(conn), kind=kind, period=Period.parse(period), today=today)
    open_issues = [issue for issue in found.issues if issue.open and issue.explainable and issue.rule in reasons]
    if open_issues:
        with county.operation(f"填写{len(open_issues)}条演示审核说明") as op:
            for issue in open_issues:
                approved = facts["approver"] if issue.level is Level.CONFIRM else ""
                explain(op, issue, reason=reasons[issue.rule], approved_by=approved)
    return len(open_issues)


def _happen(county: County, ledger: Ledger, event: Facts, letter: DrawLetter) -> Path:
    """Let one package go to the city, and its answer, if there is one, come home; return the package's file."""
    kind, period, day = event["kind"], event["period"], date.fromisoformat(event["day"])
    explain_all(county, kind, period, today=day)
    out = county.folder / EXPORTS
    result = send(county, kind=kind, period=period, out=out, letter=letter, today=day)
    _, number = take_one(ledger, result.path, on=day)
    remarks = event.get("remarks", [])
    if "verdict" in event:
        with ledger.reading() as conn:
            entries = [_entry(conn, number, each) for each in remarks]
        ids = add_remarks(ledger, number, entries) if entries else []
        verdict = {"accepted": ACCEPTED, "returned": RETURNED}[event["verdict"]]
        _, file = answer_into(ledger, number, verdict, event.get("note", ""), out / ANSWERS)
        import_answer(county, file)
        for remark_id, each in zip(ids, remarks, strict=True):
            if "reply" in each:
                with county.operation("回复市里的意见") as op:
                    reply(op, remark_id, each["reply"], solved=each["solved"])
    return result.path


def _entry(conn: sqlite3.Connection, number: int, remark: Mapping[str, Any]) -> RemarkEntry:
    """Return the remark at the first line of its task that has a figure, or on the package as a whole."""
    if "task" not in remark:
        return RemarkEntry(remark["text"])
    loaded = loaded_table(conn, number, "progress")
    assert loaded is not None
    rows = chain.from_iterable(read_rows(conn, loaded, ["id", "task_id", "amount"]))
    row_id = next(row_id for row_id, task, amount in rows if task == remark["task"] and amount)
    return RemarkEntry(remark["text"], "progress", row_id, "amount")
