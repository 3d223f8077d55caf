"""`sijian plan`: showing a plan, comparing two, and taking one up in a county."""

from __future__ import annotations

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
)
from desktop.cli_words import ChineseGroup

if TYPE_CHECKING:
    from db.plan.reading.model import Reading
    from db.work.adoption import AdoptionPlan


@click.group(cls=ChineseGroup, invoke_without_command=True)
@click.option("--document", metavar="文件", type=EXISTING_FILE, help="读取另一份方案（.docx、.txt）。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出全部字段。")
@click.help_option(help="显示用法。")
@click.pass_context
def plan(context: click.Context, document: Path | None, as_json: bool) -> int:
    """列出方案的任务条款和目标指标；比较两版方案，采用新的一版。"""
    if context.invoked_subcommand is not None:
        return GOOD
    from db.plan.catalogue import load_catalogue, plan_json

    catalogue = load_catalogue()
    shown: dict[str, Any] = {}
    if document is not None:
        from db.plan.reading.leftovers import leftovers_json, sentences
        from db.plan.reading.read import read_file

        reading = read_file(document)
        catalogue, shown = reading.catalogue, {"leftovers": leftovers_json(reading)}
        for sentence in sentences(reading):
            say(sentence)
    if as_json:
        print_json(plan_json(catalogue) | shown)
        return GOOD
    for clause in catalogue.clauses:
        click.echo(f"{clause.id}  {clause.title}")
        for target in catalogue.targets_of(clause.id):
            click.echo(f"    {target.id}  {target.indicator}")
    return GOOD


@plan.command()
@click.argument("old", metavar="OLD", type=EXISTING_FILE)
@click.argument("new", metavar="NEW", type=EXISTING_FILE)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@click.help_option(help="显示用法。")
def compare(old: Path, new: Path, as_json: bool) -> int:
    """比较两版方案：新增、删除、改文字、改目标、移动（.docx、.txt，或识别过的 .json）。"""
    from db.plan.compare import compare as compare_plans
    from db.plan.difference_words import comparison_json, counts_sentence, field_sentences, headline

    comparison = compare_plans(_read(old).catalogue, _read(new).catalogue)
    if as_json:
        print_json(comparison_json(comparison))
        return GOOD
    for difference in comparison.changed:
        click.echo(headline(difference))
        for sentence in field_sentences(difference):
            click.echo(f"    {sentence}")
        texts = difference.texts()
        for mark, text in zip("－＋", texts, strict=True):
            if text and texts[0] != texts[1]:
                click.echo(f"    {mark}{text}")
    click.echo(counts_sentence(comparison))
    return GOOD


@plan.command()
@click.argument("folder", metavar="DIR", type=EXISTING_FOLDER)
@click.argument("file", metavar="FILE", type=EXISTING_FILE)
@click.option("--dry-run", is_flag=True, help="只看结果，不写入；有没有去处的内容时返回 1。")
@click.option("--confirm-likely", is_flag=True, help="文字或目标改过的，也当作同一任务。")
@click.option("--confirm", multiple=True, metavar="旧=新", help="这两项是同一任务，如 08-06-1=08-05-1；可以写多次。")
@click.help_option(help="显示用法。")
def adopt(folder: Path, file: Path, dry_run: bool, confirm_likely: bool, confirm: tuple[str, ...]) -> int:
    """在 DIR 中采用 FILE 里的方案；已有的分解、项目跟着相同的任务走，可以撤销。"""
    from db.plan.difference_words import counts_sentence
    from db.work.adoption import LABEL, adoption
    from db.work.adoption import adopt as adopt_plan
    from db.work.opening import open_county

    answers = _answers(confirm)
    reading = _read(file)
    with open_county(folder, author=user_name()) as county:
        say_notices(county.notices)
        with county.reading() as conn:
            prepared = adoption(conn, reading.catalogue, answers)
            if confirm_likely:
                prepared = adoption(conn, reading.catalogue, prepared.comparison.likely() | answers)
        if not dry_run:
            with county.operation(LABEL) as op:
                prepared = adopt_plan(op, prepared, document=reading.document.text, document_name=reading.document.name)
    click.echo(counts_sentence(prepared.comparison))
    _say_adoption(prepared)
    click.echo("没有写入。" if dry_run else f"已采用：{prepared.new.title}")
    return FOUND_PROBLEMS if dry_run and prepared.homeless else GOOD


def _say_adoption(prepared: AdoptionPlan) -> None:
    click.echo(f"跟随任务{prepared.followed}条，没有去处{prepared.stayed}条。")
    for sentence in prepared.sentences():
        say(sentence)


def _answers(confirm: tuple[str, ...]) -> dict[str, str]:
    pairs = [entry.partition("=") for entry in confirm]
    for old, mark, new in pairs:
        if not (old and mark and new):
            raise click.UsageError("--confirm 要写成 旧编号=新编号，如 08-06-1=08-05-1。")
    return {old: new for old, _, new in pairs}


def _read(file: Path) -> Reading:
    from db.plan.plan_file import read_plan_file
    from db.plan.reading.leftovers import sentences

    reading = read_plan_file(file)
    for sentence in sentences(reading):
        say(sentence)
    return reading
