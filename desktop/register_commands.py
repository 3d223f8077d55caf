"""`sijian register`: a new register, or a new edition of one, from the command line."""

from __future__ import annotations

from pathlib import Path

import click

from desktop.cli_words import ChineseGroup

FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)
FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
GOOD, FOUND_PROBLEMS = 0, 1


@click.group(cls=ChineseGroup)
@click.help_option(help="显示用法。")
def register() -> None:
    """列出、载入清单的定义，或写出空白的定义表。"""


@register.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.argument("file", metavar="FILE", type=FILE)
@click.help_option(help="显示用法。")
def load(folder: Path, file: Path) -> int:
    """把 FILE（.xlsx 或 .json）中的清单载入 DIR；已有的行都保留。"""
    from db.exchange.register_file import load_register, read_register
    from db.work.opening import open_county
    from db.work.register_editions import compare_editions
    from db.work.registers import find_register

    draft = read_register(file)
    for note in draft.notes:
        click.echo(note, err=True)
    if draft.schema is None:
        for problem in draft.problems:
            click.echo(problem.sentence(), err=True)
        return FOUND_PROBLEMS
    with open_county(folder, author="命令行") as county:
        with county.reading() as conn:
            present = find_register(conn, draft.schema.name)
        with county.operation(f"载入清单“{draft.schema.title}”", undoable=False) as op:
            loaded = load_register(op, draft.schema)
        click.echo(f"已载入“{loaded.title}”第{loaded.edition}版，{len(loaded.fields)}个字段。")
        for sentence in compare_editions(present, loaded).sentences() if present is not None else ():
            click.echo(sentence)
    return GOOD


@register.command("list")
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.help_option(help="显示用法。")
def list_command(folder: Path) -> int:
    """列出 DIR 中的清单：名称、标题、版次、行数。"""
    from db.work.opening import open_county
    from db.work.registers import counts, registers

    with open_county(folder, author="命令行", read_only=True) as county, county.reading() as conn:
        counted = counts(conn)
        for schema in registers(conn):
            click.echo(f"{schema.name}\t{schema.title}\t第{schema.edition}版\t{counted[schema.name]}行")
    return GOOD


@register.command()
@click.argument("file", metavar="FILE.xlsx", type=click.Path(path_type=Path, dir_okay=False))
@click.help_option(help="显示用法。")
def template(file: Path) -> int:
    """写出一个空白的清单定义表，附填写说明和示例。"""
    from db.exchange.register_template import write_template

    write_template(file)
    click.echo(str(file))
    return GOOD
