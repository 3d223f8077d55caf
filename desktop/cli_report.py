"""`sijian report`: 月调度表, 月报, 自评报告 and 督办单 from the command line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from desktop.cli_common import EXISTING_FOLDER, FOUND_PROBLEMS, GOOD, say, say_notices, user_name, wrong_use
from desktop.cli_words import ChineseCommand

KINDS = {
    "monthly-table": ("月调度表", ".xlsx"),
    "monthly": ("月报", ".docx"),
    "evaluation": ("自评报告", ".docx"),
    "supervision": ("督办单", ""),
}
"""What can be written, by name: its title, and the ending of its file when it is no PDF; "": a folder of files."""


@click.command(cls=ChineseCommand)
@click.argument("folder", metavar="DIR", type=EXISTING_FOLDER)
@click.option(
    "--kind",
    required=True,
    type=click.Choice(list(KINDS)),
    help="monthly-table（月调度表）、monthly（月报）、evaluation（自评报告）或 supervision（督办单）。",
)
@click.option("--period", required=True, metavar="期", help="月份，如 2022-03；自评是年度，如 2022，全面评估写 final。")
@click.option(
    "--out", "file", required=True, metavar="文件", type=click.Path(path_type=Path), help="写到哪个文件；督办单是目录。"
)
@click.option("--pdf", is_flag=True, help="出 PDF，不出 Excel、Word。")
@click.option("--unit", default="", metavar="代码", help="督办单只出一家的：镇街代码、统一社会信用代码或名称。")
@click.option("--number", default="", metavar="文号", help="督办单的文号。")
@click.option("--reply-by", default="", metavar="日期", help="督办单的反馈期限；不写就是七天以后。")
@click.help_option(help="显示用法。")
def report(folder: Path, kind: str, period: str, file: Path, pdf: bool, unit: str, number: str, reply_by: str) -> int:
    """用 DIR 的数据生成月调度表、月报、自评报告，或给逾期、滞后的每家一份督办单（不记入督办措施）。"""
    if kind == "supervision":
        return _supervision(folder, period, file, unit, number, reply_by, pdf=pdf)
    if unit or number or reply_by:
        wrong_use("--unit、--number、--reply-by 只用于 --kind supervision（督办单）。")
    ending = ".pdf" if pdf else KINDS[kind][1]
    if file.suffix.lower() != ending:
        wrong_use(f"{KINDS[kind][0]}要写成 {ending} 文件，--out 给的是“{file.name}”。")
    from db.plan.editions import county_catalogue
    from db.work.opening import open_county
    from db.work.sample import today_in
    from desktop.report_files import write_report

    with open_county(folder, author=user_name(), read_only=True) as county:
        say_notices(county.notices)
        with county.reading() as conn:
            catalogue, today = county_catalogue(conn), today_in(conn)
        title = write_report(county, catalogue, kind, period, file, on=today, pdf=pdf)
    click.echo(str(file))
    click.echo(title)
    return GOOD


def _supervision(folder: Path, period: str, out: Path, unit: str, number: str, reply_by: str, *, pdf: bool) -> int:
    """Write a paper into the folder `out` for each unit that is behind, or for one."""
    from db.core.dates import parse_date
    from db.core.period import Period
    from db.plan.editions import county_catalogue
    from db.reports.supervision_files import REPLY_DAYS, Issue, write_supervision
    from db.reports.task_sheet_files import find_owner
    from db.work.opening import open_county
    from db.work.sample import today_in
    from desktop.printing import supervision_pdf

    with open_county(folder, author=user_name(), read_only=True) as county:
        say_notices(county.notices)
        with county.reading() as conn:
            catalogue, today = county_catalogue(conn), today_in(conn)
        issue = Issue(today, parse_date(reply_by) if reply_by else today + timedelta(days=REPLY_DAYS), number)
        only = [find_owner(county, catalogue, unit).key] if unit else None
        draw = supervision_pdf if pdf else None
        written = write_supervision(county, catalogue, Period.parse(period), issue, out, only=only, draw=draw)
    for file in written.files:
        click.echo(str(file))
    for problem in written.problems:
        say(problem.sentence())
    return FOUND_PROBLEMS if written.problems else GOOD
