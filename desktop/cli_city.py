"""What the city does with packages on the command line: `sijian consolidate`, `receipt` and `city`, its window."""

from __future__ import annotations

import re
from contextlib import ExitStack, suppress
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from desktop.cli_common import EXISTING_FILE, FOLDER, FOUND_PROBLEMS, GOOD, given_password, print_json, say, user_name
from desktop.cli_words import ChineseCommand

LEDGER_FILE = click.Path(path_type=Path, dir_okay=False)
_DUE = re.compile(r"([a-z]+):([0-9]{4}(?:-[0-9]{2})?)=([0-9]{4}-[0-9]{2}-[0-9]{2})")
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command(cls=ChineseCommand)
@click.argument("ledger_file", metavar="LEDGER", type=LEDGER_FILE)
@click.argument("packages", metavar="PACKAGE...", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--received", "on", type=_DAY, metavar="日期", help="收到的日期，如 2022-04-06；不写是今天。")
@click.option(
    "--letter", "letters", multiple=True, metavar="校验码", help="上报函上的数据校验码，至少前8位；可以写几次。"
)
@click.option(
    "--due", "dues", multiple=True, metavar="种类:期=日期", help="截止日，如 annual:2022=2023-01-31；可以写几次。"
)
@click.option("--reporting-day", type=click.IntRange(1, 28), metavar="几日", help="月调度在次月几日前报。")
@click.option("--take-plan", metavar="版本", help="从现在起也核收这一版方案的上报包。")
@click.option("--password-file", "secrets", multiple=True, type=EXISTING_FILE, help="第一行是密码；可以写几次。")
@click.option("--book", type=LEDGER_FILE, metavar="FILE.xlsx", help="写出汇总工作簿，要同时写 --of。")
@click.option("--of", "report", metavar="种类:期", help="汇总哪一次上报，如 monthly:2022-03。")
@click.option("--demo", is_flag=True, help="台账还没有时，新建成演示台账：只收演示县的上报包。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@click.help_option(help="显示用法。")
def consolidate(
    ledger_file: Path,
    packages: tuple[Path, ...],
    on: datetime | None,
    letters: tuple[str, ...],
    dues: tuple[str, ...],
    reporting_day: int | None,
    take_plan: str | None,
    secrets: tuple[Path, ...],
    book: Path | None,
    report: str | None,
    demo: bool,
    as_json: bool,
) -> int:
    """市级：逐个校验上报包（PACKAGE 可以是文件夹），收入台账 LEDGER，并列出未报、迟报、被代替的。"""
    from db.exchange.ledger.consolidate import consolidate as take_in
    from db.exchange.ledger.file import Ledger
    from db.exchange.ledger.standing import board, set_due, set_reporting_day, take_edition
    from db.exchange.ledger.workbook import write_city_book

    days = [_parsed_due(each) for each in dues]
    if (book is None) != (report is None):
        raise click.UsageError("--book 和 --of 要一起写。")
    with Ledger.open_or_create(ledger_file, author=user_name(), sample=demo) as ledger:
        if take_plan:
            take_edition(ledger, take_plan)
        if reporting_day is not None:
            set_reporting_day(ledger, reporting_day)
        for kind, period, day in days:
            set_due(ledger, kind, period, day)
        today = ledger.today()
        day, passwords = on.date() if on else today, [given_password(file) for file in secrets]
        found = take_in(ledger, packages, on=day, letters=letters, passwords=passwords)
        with ledger.reading() as conn:
            standing = board(conn, today)
            if book is not None and report is not None:
                write_city_book(conn, *_parsed_report(report), book, today=today)
    if as_json:
        print_json(
            {"ok": found.ok, "packages": [each.as_json() for each in found.received], "board": standing.as_json()}
        )
    else:
        for each in found.received:
            click.echo(f"{each.name}：{each.sentence}")
        touched = {(each.package.kind, each.package.period) for each in found.received if each.outcome.kept}
        for kind, period in standing.columns:
            if (kind, period) in touched or not packages:
                for sentence in standing.sentences(kind, period):
                    click.echo(sentence)
    for each in found.received:
        for problem in each.problems:
            say(f"{each.name}：{problem.sentence()}")
    say(found.sentence() if packages else "没有给上报包，只列出台账。")
    return GOOD if found.ok else FOUND_PROBLEMS


@click.command(cls=ChineseCommand)
@click.argument("package", metavar="PACKAGE", type=EXISTING_FILE)
@click.option("--accept", is_flag=True, help="接收，写回执。")
@click.option("--return", "remarks", metavar="REMARKS.xlsx", type=EXISTING_FILE, help="退回，意见在这张表里。")
@click.option("--template", metavar="OUT.xlsx", type=LEDGER_FILE, help="写出意见表：每行一条，在旁边写意见。")
@click.option("--note", default="", metavar="说明", help="回执或退回的总说明。")
@click.option("--ledger", "ledger_file", metavar="LEDGER", type=LEDGER_FILE, help="记入这个台账；没有收过的先收。")
@click.option("--out", type=FOLDER, default=Path(), metavar="目录", help="保存到哪个目录；不写是当前目录。")
@click.option("--password-file", type=EXISTING_FILE, metavar="文件", help="上报包的密码，写在这个文件的第一行。")
@click.option("--demo", is_flag=True, help="演示县的上报包：回执、退回也只能导入演示县。")
@click.option("--author", default="", metavar="姓名", help="核收人。")
@click.help_option(help="显示用法。")
def receipt(
    package: Path,
    accept: bool,
    remarks: Path | None,
    template: Path | None,
    note: str,
    ledger_file: Path | None,
    out: Path,
    password_file: Path | None,
    demo: bool,
    author: str,
) -> int:
    """市级：对上报包 PACKAGE 写回执或退回（JSON 文件，交给县里导入），或写出填意见的表。"""
    if sum((accept, remarks is not None, template is not None)) != 1:
        raise click.UsageError("请写 --accept、--return 或 --template 中的一个。")
    from db.core.errors import DataProblem
    from db.exchange.answers import ACCEPTED, RETURNED
    from db.exchange.ledger.consolidate import take_one
    from db.exchange.ledger.file import Ledger
    from db.exchange.ledger.remark_sheet import SheetFault, read_remark_sheet, write_template
    from db.exchange.ledger.remarks import add_remarks, answer_into

    with ExitStack() as stack:
        keeping = ledger_file is not None
        if ledger_file is None:
            folder = stack.enter_context(TemporaryDirectory(prefix="sijian-"))
            ledger_file = Path(folder) / "ledger.db"
        ledger = stack.enter_context(Ledger.open_or_create(ledger_file, author=author or user_name(), sample=demo))
        password = given_password(password_file)
        found, number = take_one(ledger, package, on=ledger.today(), password=password, keeping=keeping)
        if not number:
            for problem in found.problems:
                say(problem.sentence())
            raise DataProblem(found.sentence, code="receipt")
        with ledger.reading() as conn:
            if template is not None:
                say(f"写出{write_template(conn, number, template)}行。")
                click.echo(str(template))
                return GOOD
            try:
                entries = read_remark_sheet(conn, number, remarks) if remarks is not None else []
            except SheetFault as fault:
                say(str(fault).strip())
                return FOUND_PROBLEMS
        add_remarks(ledger, number, entries)
        answer, file = answer_into(ledger, number, ACCEPTED if accept else RETURNED, note, out)
        click.echo(str(file))
        say(f"{answer.title}：{answer.package}，意见{len(answer.remarks)}条。")
    return GOOD


@click.command(cls=ChineseCommand)
@click.argument("ledger_file", metavar="[LEDGER]", type=LEDGER_FILE, required=False)
@click.option("--demo", is_flag=True, help="用演示台账练习，里面已有两个演示县的上报包。")
@click.help_option(help="显示用法。")
def city(ledger_file: Path | None, demo: bool) -> int:
    """市级：打开核收窗口，进入台账 LEDGER（没有就新建）；不写是文档里的“市级核收.db”。"""
    from desktop.display import has_display

    if not has_display():
        say("这台电脑没有显示器，窗口打不开。可以用 sijian consolidate、sijian receipt。")
        return FOUND_PROBLEMS
    from desktop.city_app import run_city_window

    return run_city_window(ledger_file, practice=demo)


def _parsed_report(text: str) -> tuple[str, str]:
    from db.exchange.package_kinds import kind_and_period

    name, _, when = text.partition(":")
    kind, period = kind_and_period(name, when)
    return kind.name, str(period)


def _parsed_due(text: str) -> tuple[str, str, date]:
    match = _DUE.fullmatch(text)
    with suppress(ValueError):
        if match:
            return match[1], match[2], date.fromisoformat(match[3])
    raise click.UsageError(f"“{text}”应写成 种类:期=日期，如 monthly:2022-03=2022-04-08。")
