"""`sijian check`: the rules of 审核 from the command line, and the city's settings of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desktop.cli_common import (
    EXISTING_FILE,
    EXISTING_FOLDER,
    FOUND_PROBLEMS,
    GOOD,
    print_json,
    say,
    say_notices,
    user_name,
    wrong_use,
)
from desktop.cli_words import ChineseCommand

if TYPE_CHECKING:
    from db.checks.model import Findings, Issue
    from db.store.county import County

LOADED = "载入规则设置"


@click.command(cls=ChineseCommand)
@click.argument("folder", metavar="DIR", type=EXISTING_FOLDER)
@click.option(
    "--kind",
    default="",
    metavar="种类",
    help="只审核一种上报包的数据：plan、registers、monthly、annual 或 final；不写审核全部。",
)
@click.option("--period", default="", metavar="期", help="年度，如 2022；月调度是月份，如 2022-03。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@click.option("--settings", metavar="文件", type=EXISTING_FILE, help="先载入市里下发的规则设置（.json、.xlsx）。")
@click.help_option(help="显示用法。")
def check(folder: Path, kind: str, period: str, as_json: bool, settings: Path | None) -> int:
    """审核 DIR 的数据，逐条列出问题；有还没处理的返回 1。"""
    if bool(kind) != bool(period):
        wrong_use("--kind 和 --period 要一起写。")
    from db.checks.runner import run
    from db.core.errors import DataProblem
    from db.exchange.package_kinds import kind_and_period
    from db.plan.editions import county_catalogue
    from db.work.opening import open_county
    from db.work.sample import today_in

    try:
        month = kind_and_period(kind, period)[1] if kind else None
    except DataProblem as problem:
        wrong_use(str(problem))
    with open_county(folder, author=user_name(), read_only=settings is None) as county:
        say_notices(county.notices)
        if settings is not None:
            _load(county, settings)
        with county.reading() as conn:
            found = run(conn, county_catalogue(conn), kind=kind, period=month, today=today_in(conn))
    if as_json:
        print_json(findings_json(found))
    else:
        for line in findings_lines(found):
            click.echo(line)
        for each in found.not_checked:
            say(f"没有审核 {each.rule} {each.title}：{each.why}")
    say(found.sentence())
    return GOOD if found.may_export else FOUND_PROBLEMS


def _load(county: County, file: Path) -> None:
    from db.checks.settings import load_settings
    from db.exchange.rule_settings_file import read_settings_file

    found = read_settings_file(file)
    with county.operation(LOADED) as op:
        load_settings(op, found)
    for line in found.lines:
        say(f"已载入：{line.sentence}")


def findings_lines(found: Findings) -> Iterator[str]:
    """Yield the issues under their class and kind, each with its place, what to do, and its clause."""
    for level, of_level in groupby(found.issues, lambda issue: issue.level):
        yield f"【{level.title}】{found.counts[level]}个（{level.effect}）"
        listed = sorted(of_level, key=lambda issue: issue.group)
        for group, issues in groupby(listed, lambda issue: issue.group):
            own = list(issues)
            yield f"  {group}：{len(own)}个"
            yield from (f"    {issue.rule} {issue.sentence()}（{issue.clause}）{_said(issue)}" for issue in own)


def _said(issue: Issue) -> str:
    said = issue.explanation
    return "" if said is None else f"［已说明：{said.reason}］"


def findings_json(found: Findings) -> dict[str, Any]:
    """Return the findings as plain JSON values."""
    return {
        "kind": found.kind or None,
        "period": found.period or None,
        "may_export": found.may_export,
        "rules": found.rules,
        "counts": {str(level): count for level, count in found.counts.items()},
        "issues": [_issue_json(issue) for issue in found.issues],
        "not_checked": [{"rule": each.rule, "title": each.title, "why": each.why} for each in found.not_checked],
    }


def _issue_json(issue: Issue) -> dict[str, Any]:
    names = ("rule", "group", "clause", "table", "row_id", "field", "period", "task_id", "assignee_id", "register")
    said = issue.explanation
    return {
        "level": str(issue.level),
        **{name: getattr(issue, name) or None for name in names},
        "place": issue.place,
        "what": issue.what,
        "found": issue.found,
        "expected": issue.expected,
        "advice": issue.advice,
        "open": issue.open,
        "explanation": None if said is None else {"reason": said.reason, "approved_by": said.approved_by or None},
    }
