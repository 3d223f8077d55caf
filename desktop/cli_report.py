"""`sijian report`: 月调度表, 月报 and 自评报告 from the command line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from desktop.cli_common import EXISTING_FOLDER, GOOD, say_notices, user_name, wrong_use
from desktop.cli_words import ChineseCommand

KINDS = {
    "monthly-table": ("月调度表", ".xlsx"),
    "monthly": ("月报", ".docx"),
    "evaluation": ("自评报告", ".docx"),
}
"""What can be written, by name: its title, and the ending of its file when it is no PDF."""


@click.command(cls=ChineseCommand)
@click.argument("folder", metavar="DIR", type=EXISTING_FOLDER)
@click.option(
    "--kind",
    required=True,
    type=click.Choice(list(KINDS)),
    help="monthly-table（月调度表）、monthly（月报）或 evaluation（自评报告）。",
)
@click.option("--period", required=True, metavar="期", help="月份，如 2022-03；自评是年度，如 2022，全面评估写 final。")
@click.option("--out", "file", required=True, metavar="文件", type=click.Path(path_type=Path), help="写到哪个文件。")
@click.option("--pdf", is_flag=True, help="出 PDF，不出 Excel、Word。")
@click.help_option(help="显示用法。")
def report(folder: Path, kind: str, period: str, file: Path, pdf: bool) -> int:
    """用 DIR 的数据生成月调度表、月报或自评报告。"""
    ending = ".pdf" if pdf else KINDS[kind][1]
    if file.suffix.lower() != ending:
        wrong_use(f"{KINDS[kind][0]}要写成 {ending} 文件，--out 给的是“{file.name}”。")
    from db.plan.editions import county_catalogue
    from db.work.opening import open_county
    from desktop.report_files import write_report

    with open_county(folder, author=user_name(), read_only=True) as county:
        say_notices(county.notices)
        with county.reading() as conn:
            catalogue = county_catalogue(conn)
        title = write_report(county, catalogue, kind, period, file, on=date.today(), pdf=pdf)
    click.echo(str(file))
    click.echo(title)
    return GOOD
