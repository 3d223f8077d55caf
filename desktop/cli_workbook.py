"""`sijian workbook`: the workbooks that towns, enterprises and departments fill in, out and back."""

from __future__ import annotations

from pathlib import Path

import click

from desktop.cli_common import EXISTING_FOLDER, FOLDER, GOOD, say, say_notices, user_name, wrong_use
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
