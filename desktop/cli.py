"""The command `sijian`: the same functions as the window, for scripts and for the city's technician.

Exit codes: 0 good, 1 found problems, 2 wrong use. Results go to stdout, messages to stderr.
Everything heavy is imported inside the command that needs it, so that `sijian` itself starts at once.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from db import __version__
from db.core.errors import SijianError
from desktop.cli_answer import answer
from desktop.cli_care import diagnose, self_test
from desktop.cli_check import check
from desktop.cli_city import city, consolidate, receipt
from desktop.cli_common import (
    EXISTING_FILE,
    EXISTING_FOLDER,
    FOLDER,
    FOUND_PROBLEMS,
    GOOD,
    WRONG_USE,
    given_password,
    print_json,
    say,
    say_notices,
    user_name,
    wrong_use,
)
from desktop.cli_part import handover, part
from desktop.cli_plan import plan
from desktop.cli_proofs import proofs
from desktop.cli_report import report
from desktop.cli_words import ChineseGroup, chinese_usage_error
from desktop.cli_workbook import workbook
from desktop.register_commands import register

__all__ = ["FOUND_PROBLEMS", "GOOD", "WRONG_USE", "cli", "main"]


def main(args: list[str] | None = None) -> int:
    """Run the command line with `args` (default: the process's own) and return the exit code."""
    _speak_utf8()
    try:
        result = cli.main(
            args=_opened(sys.argv[1:] if args is None else args), prog_name="sijian", standalone_mode=False
        )
    except click.UsageError as error:
        say(chinese_usage_error(error))
        return WRONG_USE
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.Abort:
        say("已中断。")
        return FOUND_PROBLEMS
    except SijianError as error:
        say(str(error))
        return FOUND_PROBLEMS
    return int(result or GOOD)


def _opened(args: list[str]) -> list[str]:
    """Return the arguments; of a file alone, which Windows starts the program with on a double click, to open it."""
    if len(args) != 1 or not Path(args[0]).is_file():
        return args
    from db.exchange.part.names import ENDING

    return ["open", *args] if args[0].lower().endswith((ENDING, ".zip")) else args


def _speak_utf8() -> None:
    """A GBK console or a pipe must not turn a Chinese sentence into an exception."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


@click.group(cls=ChineseGroup, invoke_without_command=True)
@click.version_option(__version__, prog_name="sijian", message="%(prog)s %(version)s", help="显示版本号。")
@click.help_option(help="显示用法。")
@click.pass_context
def cli(context: click.Context) -> int:
    """“四减四增”县级填报系统。不带命令时打开窗口。"""
    return GOOD if context.invoked_subcommand is not None else _show_window(None)


@cli.command("open")
@click.argument("place", metavar="DIR", type=click.Path(path_type=Path, exists=True))
@click.help_option(help="显示用法。")
def open_command(place: Path) -> int:
    """打开窗口，进入 DIR 中的县级填报文件；DIR 也可以是收到的工作包、交接包或备份，先说明是什么，再问放在哪里。"""
    if place.is_dir():
        return _show_window(place)
    return _show_window(place.parent) if place.name == "county.db" else _show_window(None, place)


@cli.command()
@click.argument("folder", metavar="[DIR]", type=FOLDER, required=False)
@click.option("--no-window", is_flag=True, help="只建立，不打开窗口。")
@click.help_option(help="显示用法。")
def demo(folder: Path | None, no_window: bool) -> int:
    """建立演示用的寿光市填报文件，导出并校验上报包，然后打开窗口。"""
    from desktop.demo_job import run_demo

    return run_demo(folder, say=click.echo, window=not no_window)


@cli.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--county", required=True, metavar="代码", help="县级代码，如 370783；没有代码的功能区用其英文标识。")
@click.option("--author", default="", metavar="姓名", help="经办人。")
@click.help_option(help="显示用法。")
def new(folder: Path, county: str, author: str) -> int:
    """在 DIR 中新建一个县（市、区）的填报文件。"""
    from db.work.setup import new_county

    with new_county(folder, county=county, author=author or user_name()) as made:
        click.echo(f"已建立：{made.folder}")
    return GOOD


cli.add_command(plan)


@cli.command()
@click.argument("folder", metavar="DIR", type=EXISTING_FOLDER)
@click.option(
    "--kind",
    required=True,
    metavar="种类",
    help="plan 任务分解，registers 项目清单，monthly 月调度，annual 年度自评，final 全面评估自评。",
)
@click.option("--period", required=True, metavar="期", help="年度，如 2022；月调度是月份，如 2022-03。")
@click.option("--out", required=True, metavar="目录", type=FOLDER, help="上报包保存到哪个目录。")
@click.option("--encrypt", is_flag=True, help="加密码（AES-256），密码从键盘输入。")
@click.option("--password-file", type=EXISTING_FILE, metavar="文件", help="加密码，密码是这个文件的第一行。")
@click.help_option(help="显示用法。")
def export(folder: Path, kind: str, period: str, out: Path, encrypt: bool, password_file: Path | None) -> int:
    """导出上报包：先审核，再写好，重新打开并逐项校验。"""
    from desktop.export_job import check_kind_and_period, export_package

    fault = check_kind_and_period(kind, period)
    if fault:
        wrong_use(fault)
    from db.work.opening import open_county
    from db.work.sample import today_in

    with open_county(folder, author=user_name()) as county:
        say_notices(county.notices)
        password = given_password(password_file, ask=encrypt, twice=True)
        with county.reading() as conn:
            today = today_in(conn)
        result = export_package(county, kind=kind, period=period, out=out, password=password, today=today)
    click.echo(str(result.path))
    click.echo(f"SHA-256  {result.sha256}")
    click.echo(f"校验码   {result.data_sha256}")
    return GOOD


@cli.command()
@click.argument("package", metavar="PACKAGE", type=EXISTING_FILE)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@click.option("--password-file", type=EXISTING_FILE, metavar="文件", help="上报包的密码，写在这个文件的第一行。")
@click.help_option(help="显示用法。")
def verify(package: Path, as_json: bool, password_file: Path | None) -> int:
    """校验一个上报包：它是什么，有没有问题。加了密码的会问密码。"""
    from db.exchange.package_verify import verify_package

    password = given_password(password_file)
    verdict = verify_package(package, password=password)
    if verdict.asks_for_password and not password and sys.stdin.isatty():
        verdict = verify_package(package, password=given_password(None, ask=True))
    if as_json:
        print_json(verdict.to_json())
    else:
        for name, value in verdict.facts.items():
            click.echo(f"{name}：{value}")
        click.echo("校验通过。" if verdict.ok else f"发现 {len(verdict.problems)} 个问题。")
    for problem in verdict.problems:
        say(problem.sentence())
    return GOOD if verdict.ok else FOUND_PROBLEMS


@cli.command()
@click.argument("folder", metavar="DIR", type=EXISTING_FOLDER)
@click.option("--out", "file", required=True, metavar="文件", type=click.Path(path_type=Path), help="备份文件。")
@click.help_option(help="显示用法。")
def backup(folder: Path, file: Path) -> int:
    """把 DIR 中的填报文件备份成一个文件。"""
    from db.store.backup import backup as make_backup
    from db.work.opening import open_county

    with open_county(folder, author=user_name()) as county:
        say_notices(county.notices)
        click.echo(str(make_backup(county, file)))
    return GOOD


@cli.command()
@click.argument("file", metavar="FILE", type=EXISTING_FILE)
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.help_option(help="显示用法。")
def restore(file: Path, folder: Path) -> int:
    """用备份 FILE 恢复 DIR；DIR 中原有的内容会另存，不会丢失。"""
    from db.exchange.arriving import refuse_part
    from db.store.backup import describe
    from db.store.backup import restore as restore_backup
    from db.store.connection import FILE_NAME

    if (folder / FILE_NAME).exists():
        refuse_part(file)
    for line in describe(file).lines():
        click.echo(line)
    kept = restore_backup(file, folder)
    click.echo(f"已恢复到：{folder}")
    if kept is not None:
        click.echo(f"原有内容保存在：{kept}")
    return GOOD


@cli.command("verify-files")
@click.argument("folder", metavar="DIR", type=EXISTING_FOLDER)
@click.help_option(help="显示用法。")
def verify_files(folder: Path) -> int:
    """核对 DIR 的佐证附件：每个文件都在、内容没有变；丢失或损坏的指出属于哪一行。"""
    from db.work.evidence_check import check_files
    from db.work.opening import open_county

    # Read only, so that it can be asked while the window is open, of a copy on a stick too.
    with open_county(folder, author=user_name(), read_only=True) as county, county.reading() as conn:
        found = check_files(conn, county.folder)
    for fault in found.faults:
        click.echo(fault.sentence())
    say(found.sentence())
    return GOOD if found.ok else FOUND_PROBLEMS


@cli.command("task-sheets")
@click.argument("folder", metavar="DIR", type=EXISTING_FOLDER)
@click.option("--unit", default="", metavar="代码", help="只出一家的：镇街代码、统一社会信用代码或名称。")
@click.option("--all", "everybody", is_flag=True, help="出所有承担任务的镇街、企业和部门的。")
@click.option("--out", required=True, metavar="目录", type=FOLDER, help="任务书保存到哪个目录。")
@click.option("--pdf", is_flag=True, help="出 PDF，不出 Word。")
@click.help_option(help="显示用法。")
def task_sheets(folder: Path, unit: str, everybody: bool, out: Path, pdf: bool) -> int:
    """生成任务书，每个镇街、企业、部门一个文件。"""
    if bool(unit) == everybody:
        wrong_use("请用 --unit 指定一家，或用 --all 出全部。")
    from db.plan.editions import county_catalogue
    from db.reports.task_sheet_files import find_owner, write_task_sheets
    from db.work.opening import open_county
    from desktop.printing import task_sheet_pdf

    with open_county(folder, author=user_name()) as county:
        say_notices(county.notices)
        with county.reading() as conn:
            catalogue = county_catalogue(conn)
        only = None if everybody else [find_owner(county, catalogue, unit).key]
        written = write_task_sheets(county, catalogue, out, only=only, draw=task_sheet_pdf if pdf else None)
    for file in written.files:
        click.echo(str(file))
    for problem in written.problems:
        say(problem.sentence())
    return FOUND_PROBLEMS if written.problems else GOOD


@cli.group(cls=ChineseGroup)
@click.help_option(help="显示用法。")
def breakdown() -> int:
    """把任务分解写成一个 Excel 工作簿，或读回填好的工作簿。"""
    return GOOD


@breakdown.command("write")
@click.argument("folder", metavar="DIR", type=EXISTING_FOLDER)
@click.option("--out", "file", required=True, metavar="文件", type=click.Path(path_type=Path), help="工作簿（.xlsx）。")
@click.option("--blanks", is_flag=True, help="还没有分解的，每个镇街每年也列一个空行。")
@click.help_option(help="显示用法。")
def breakdown_write(folder: Path, file: Path, blanks: bool) -> int:
    """把 DIR 的任务分解写成一个工作簿。"""
    from db.exchange.breakdown_write import write_breakdown
    from db.plan.editions import county_catalogue
    from db.work.opening import open_county

    with open_county(folder, author=user_name()) as county:
        say_notices(county.notices)
        with county.reading() as conn:
            catalogue = county_catalogue(conn)
        written = write_breakdown(county, catalogue, file, blanks=blanks)
    click.echo(str(written.file))
    click.echo(f"分解任务{written.rows}条" + (f"，空行{written.blanks}行" if blanks else ""))
    if written.left_out:
        say(f"有{written.left_out}条分解的任务不在现在的方案里，没有写入。")
    return GOOD


@breakdown.command("read")
@click.argument("folder", metavar="DIR", type=EXISTING_FOLDER)
@click.argument("file", metavar="FILE", type=EXISTING_FILE)
@click.option("--dry-run", is_flag=True, help="只看结果，不写入。")
@click.option("--leave-out", is_flag=True, help="略过有问题和有冲突的行，写入其余的。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@click.help_option(help="显示用法。")
def breakdown_read(folder: Path, file: Path, dry_run: bool, leave_out: bool, as_json: bool) -> int:
    """读回工作簿 FILE，更新 DIR 的任务分解；有一行不对就什么都不写。"""
    from db.exchange.breakdown_read import LABEL, apply_breakdown, read_breakdown
    from db.plan.editions import county_catalogue
    from db.work.opening import open_county

    with open_county(folder, author=user_name()) as county:
        say_notices(county.notices)
        with county.reading() as conn:
            catalogue = county_catalogue(conn)
            reading = read_breakdown(conn, catalogue, file)
        whole = not reading.problems or leave_out
        if whole and not dry_run and reading.writes:
            with county.operation(LABEL) as op:
                apply_breakdown(op, catalogue, reading, leave_out=leave_out)
    if as_json:
        print_json({**reading.as_json(), "written": bool(whole and not dry_run and reading.writes)})
    else:
        click.echo(reading.sentence())
    for note in reading.notes:
        say(note)
    for problem in reading.problems:
        say(problem.sentence())
    if not whole:
        say("什么都没有写入。")
    return FOUND_PROBLEMS if reading.problems else GOOD


@cli.command("local-plan")
@click.argument("folder", metavar="DIR", type=EXISTING_FOLDER)
@click.option(
    "--out", "file", required=True, metavar="文件", type=click.Path(path_type=Path), help="Word 文档（.docx）。"
)
@click.option("--personal", is_flag=True, help="附件中不遮盖姓名、电话、号牌。")
@click.help_option(help="显示用法。")
def local_plan_command(folder: Path, file: Path, personal: bool) -> int:
    """用 DIR 的数据生成本县的落实方案（Word）。"""
    from db.plan.editions import county_catalogue
    from db.reports.local_plan_word import write_local_plan
    from db.work.opening import open_county

    with open_county(folder, author=user_name()) as county:
        say_notices(county.notices)
        with county.reading() as conn:
            catalogue = county_catalogue(conn)
        made = write_local_plan(county, catalogue, file, personal=personal)
    click.echo(str(file))
    click.echo(f"分解表{len(made.tables)}张，项目清单{len(made.annexes)}张，不涉及{len(made.excluded)}项")
    return GOOD


cli.add_command(register)
cli.add_command(workbook)
cli.add_command(report)
cli.add_command(check)
cli.add_command(answer)
cli.add_command(consolidate)
cli.add_command(receipt)
cli.add_command(city)
cli.add_command(proofs)
cli.add_command(part)
cli.add_command(handover)
cli.add_command(diagnose)
cli.add_command(self_test)


def _show_window(folder: Path | None, file: Path | None = None) -> int:
    from desktop.display import has_display

    if not has_display():
        say("这台电脑没有显示器，窗口打不开。用 sijian --help 查看可以在命令行做的事。")
        return FOUND_PROBLEMS
    from desktop.app import run_window

    return run_window(folder, file)
