"""`sijian part` and `sijian handover`: a part of the county, or all of it, for somebody at another PC."""

from __future__ import annotations

from pathlib import Path

import click

from desktop.cli_common import (
    EXISTING_FILE,
    EXISTING_FOLDER,
    FOLDER,
    GOOD,
    say,
    say_notices,
    user_name,
    wrong_use,
)
from desktop.cli_words import ChineseCommand, ChineseGroup
from desktop.cli_workbook import read_and_take

_HELP = click.help_option(help="显示用法。")


@click.group(cls=ChineseGroup)
@_HELP
def part() -> int:
    """把一部分工作交给另一台电脑上的同事，再把改动收回来。"""
    return GOOD


@part.command()
@click.argument("folder", metavar="DIR", type=EXISTING_FOLDER)
@click.option("--department", "departments", multiple=True, metavar="名称", help="部门牵头、承担的；可以写几次。")
@click.option("--town", "towns", multiple=True, metavar="代码", help="镇街的代码或名称；可以写几次。")
@click.option("--register", "registers", multiple=True, metavar="清单", help="整张清单；可以写几次。")
@click.option("--clause", "clauses", multiple=True, metavar="编号", help="任务条款，如 08-06；可以写几次。")
@click.option("--out", required=True, metavar="目录", type=FOLDER, help="工作包保存到哪个目录。")
@_HELP
def write(
    folder: Path,
    departments: tuple[str, ...],
    towns: tuple[str, ...],
    registers: tuple[str, ...],
    clauses: tuple[str, ...],
    out: Path,
) -> int:
    """写出一个工作包（.sijian-part），只装选定的部门、镇街、清单、任务条款。"""
    if not (departments or towns or registers or clauses):
        wrong_use("请用 --department、--town、--register 或 --clause 说明装什么。")
    from db.exchange.part.scope import given_already, part_scope
    from db.exchange.part.write import write_part
    from db.plan.editions import county_catalogue
    from db.work.opening import open_county

    with open_county(folder, author=user_name()) as county:
        say_notices(county.notices)
        with county.reading() as conn:
            chosen = {"departments": departments, "towns": towns, "registers": registers, "clauses": clauses}
            catalogue = county_catalogue(conn)
            scope = part_scope(conn, catalogue, **chosen)
            for sentence in given_already(conn, catalogue, scope):
                say(sentence)
        written = write_part(county, scope, out)
    click.echo(str(written.file))
    say(written.sentence())
    return GOOD


@part.command("open")
@click.argument("file", metavar="FILE", type=EXISTING_FILE)
@click.argument("folder", metavar="DIR", type=FOLDER)
@_HELP
def open_command(file: Path, folder: Path) -> int:
    """把收到的工作包 FILE 打开成一个填报文件夹 DIR。"""
    from db.exchange.part.write import open_part

    identity = open_part(file, folder)
    click.echo(str(folder))
    say(f"已打开工作包“{identity.title}”（{identity.author}，{identity.made_at.replace('T', ' ')[:16]}发出）。")
    return GOOD


@part.command("return")
@click.argument("folder", metavar="DIR", type=EXISTING_FOLDER)
@click.option("--out", required=True, metavar="目录", type=FOLDER, help="交回的文件保存到哪个目录。")
@_HELP
def return_command(folder: Path, out: Path) -> int:
    """把 DIR 里做的改动写成一个文件，交回给发出工作包的人。"""
    from db.exchange.part.giveback import write_return
    from db.work.opening import open_county

    with open_county(folder, author=user_name()) as county:
        say_notices(county.notices)
        written = write_return(county, out)
    click.echo(str(written.file))
    say(written.sentence())
    return GOOD


@part.command()
@click.argument("folder", metavar="DIR", type=EXISTING_FOLDER)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=EXISTING_FILE)
@click.option("--dry-run", is_flag=True, help="只看结果，不写入。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@click.option("--leave-out", is_flag=True, help="略过有问题和有冲突的行，其余的写入。")
@_HELP
def read(folder: Path, files: tuple[Path, ...], dry_run: bool, as_json: bool, leave_out: bool) -> int:
    """读回交来的工作包；全部写入，或一行也不写。"""
    return read_and_take(folder, list(files), dry_run=dry_run, as_json=as_json, mode="merge", leave_out=leave_out)


@click.command(cls=ChineseCommand)
@click.argument("folder", metavar="DIR", type=EXISTING_FOLDER)
@click.option("--out", required=True, metavar="目录", type=FOLDER, help="交接包和交接单保存到哪个目录。")
@_HELP
def handover(folder: Path, out: Path) -> int:
    """把整个县的数据交给接手的人：一个交接包，和一张写明还有哪些事没有办完的交接单。"""
    from db.exchange.handover import write_handover
    from db.work.opening import open_county
    from desktop.printing import handover_pdf

    with open_county(folder, author=user_name()) as county:
        say_notices(county.notices)
        made = write_handover(county, out, draw=handover_pdf)
    click.echo(str(made.file))
    click.echo(str(made.paper))
    for line in made.sheet.lines():
        click.echo(line)
    say(made.sentence())
    return GOOD
