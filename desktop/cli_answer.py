"""`sijian answer`: receipts and returns that came back from the city."""

from __future__ import annotations

from pathlib import Path

import click

from db.core.errors import DataProblem
from desktop.cli_common import (
    EXISTING_FILE,
    EXISTING_FOLDER,
    FOUND_PROBLEMS,
    GOOD,
    print_json,
    say,
    say_notices,
    user_name,
)
from desktop.cli_words import ChineseCommand


@click.command(cls=ChineseCommand)
@click.argument("folder", metavar="DIR", type=EXISTING_FOLDER)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=EXISTING_FILE)
@click.option("--dry-run", is_flag=True, help="只看结果，不写入。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@click.help_option(help="显示用法。")
def answer(folder: Path, files: tuple[Path, ...], dry_run: bool, as_json: bool) -> int:
    """导入市里的回执或退回（FILE 是 -receipt.json 或 -return.json）。"""
    from db.exchange.answer_import import import_answer
    from db.work.opening import open_county

    outcomes = []
    failed = False
    with open_county(folder, author=user_name(), read_only=dry_run) as county:
        say_notices(county.notices)
        for file in files:
            try:
                found = import_answer(county, file, dry_run=dry_run)
            except DataProblem as problem:
                failed = True
                outcomes.append({"file": str(file), "outcome": "refused", "message": str(problem)})
                say(f"{file.name}：{problem}")
                continue
            outcomes.append({"file": str(file), **found.as_json()})
            if not as_json:
                for sentence in found.sentences():
                    click.echo(sentence)
    if as_json:
        print_json({"answers": outcomes, "written": not dry_run})
    return FOUND_PROBLEMS if failed else GOOD
