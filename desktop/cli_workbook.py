"""`sijian workbook`: the workbooks that towns, enterprises and departments fill in, out and back."""

from __future__ import annotations

from pathlib import Path

import click

from desktop.cli_common import (
    EXISTING_FOLDER,
    FOLDER,
    FOUND_PROBLEMS,
    GOOD,
    print_json,
    say,
    say_notices,
    user_name,
    wrong_use,
)
from desktop.cli_words import ChineseGroup

KINDS = ("tasks", "registers", "monthly")


@click.group(cls=ChineseGroup)
@click.help_option(help="显示用法。")
def workbook() -> int:
    """写出给镇街、企业、部门填的工作簿，或读回填好的。"""
    return GOOD


@workbook.command()
@click.argument("folder", metavar="DIR", type=EXISTING_FOLDER)
@click.option("--unit", "units", multiple=True, metavar="代码", help="镇街代码、统一社会信用代码或名称；可以写几次。")
@click.option("--all", "everybody", is_flag=True, help="写出所有有内容的镇街、企业和部门的。")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    required=True,
    type=click.Choice(KINDS),
    help="tasks（任务确认）、registers（项目清单）或 monthly（月调度）；可以写几次。",
)
@click.option("--period", default="", metavar="期", help="年度或月份，如 2022、2022-03。")
@click.option("--register", "registers", multiple=True, metavar="清单", help="哪张清单；可以写几次，不写是有行的清单。")
@click.option("--out", required=True, metavar="目录", type=FOLDER, help="工作簿保存到哪个目录。")
@click.option("--zip", "zipped", is_flag=True, help="装进一个压缩包。")
@click.help_option(help="显示用法。")
def write(
    folder: Path,
    units: tuple[str, ...],
    everybody: bool,
    kinds: tuple[str, ...],
    period: str,
    registers: tuple[str, ...],
    out: Path,
    zipped: bool,
) -> int:
    """写出给各单位填的工作簿，一个单位一个文件。"""
    if bool(units) == everybody:
        wrong_use("请用 --unit 指定单位，或用 --all 写出全部。")
    from db.core.period import Period
    from db.exchange.unit_book.write import BookRequest, write_books
    from db.plan.editions import county_catalogue
    from db.work.assignees import named
    from db.work.opening import open_county

    asked = Period.parse(period) if period else None
    with open_county(folder, author=user_name()) as county:
        say_notices(county.notices)
        with county.reading() as conn:
            catalogue = county_catalogue(conn)
            chosen = tuple(named(conn, unit).key for unit in units)
        in_order = tuple(kind for kind in KINDS if kind in kinds)
        request = BookRequest(in_order, asked, tuple(dict.fromkeys(registers)), chosen, bool(registers))
        written = write_books(county, catalogue, request, out, zipped=zipped)
    for file in written.files:
        click.echo(str(file))
    say(written.sentence())
    return GOOD


@workbook.command()
@click.argument("folder", metavar="DIR", type=EXISTING_FOLDER)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--dry-run", is_flag=True, help="只看结果，不写入。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@click.option(
    "--mode",
    default="merge",
    type=click.Choice(["merge", "update", "add"]),
    help="merge（更新并新增）、update（仅更新）或 add（仅新增）。",
)
@click.option("--leave-out", is_flag=True, help="略过有问题和有冲突的行，其余的写入。")
@click.help_option(help="显示用法。")
def read(folder: Path, files: tuple[Path, ...], dry_run: bool, as_json: bool, mode: str, leave_out: bool) -> int:
    """读回填好的工作簿（FILE 可以是文件夹）；全部写入，或一行也不写。"""
    from db.exchange.unit_book.read import spreadsheets

    paths = spreadsheets(files)
    if not paths:
        wrong_use("文件夹里没有表格文件。")
    return read_and_take(folder, paths, dry_run=dry_run, as_json=as_json, mode=mode, leave_out=leave_out)


def read_and_take(folder: Path, paths: list[Path], *, dry_run: bool, as_json: bool, mode: str, leave_out: bool) -> int:
    """Read what came back, tell it, and store all of it or nothing; return the exit code."""
    from db.exchange.unit_book.read import read_books
    from db.exchange.unit_book.store import can_store, take_in
    from db.plan.editions import county_catalogue
    from db.work.opening import open_county

    with open_county(folder, author=user_name(), read_only=dry_run) as county:
        say_notices(county.notices)
        with county.reading() as conn:
            found = read_books(conn, county_catalogue(conn), paths)
        stored = None
        if not dry_run:
            stored = take_in(county, found, mode=mode, leave_out=leave_out)
    if as_json:
        print_json({"files": [file.as_json() for file in found], "written": stored is not None})
    else:
        for file in found:
            for sentence in file.sentences():
                click.echo(sentence)
    if stored is not None:
        say(stored.sentence())
    elif not dry_run:
        say("有问题没有解决，一行也没有写入。请改好再读，或用 --leave-out 略过。")
    return GOOD if can_store(found) else FOUND_PROBLEMS
