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
@click.option("--by-clause", is_flag=True, help="按方案条款列出对应的清单。")
@click.help_option(help="显示用法。")
def list_command(folder: Path, by_clause: bool) -> int:
    """列出 DIR 中的清单：名称、标题、版次、行数。"""
    from db.work.opening import open_county
    from db.work.registers import by_clause as grouped
    from db.work.registers import counts, registers

    with open_county(folder, author="命令行", read_only=True) as county, county.reading() as conn:
        if by_clause:
            for clause_id, schemas in grouped(registers(conn)).items():
                click.echo(f"{clause_id}\t{'、'.join(schema.title for schema in schemas)}")
            return GOOD
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


@register.command("export")
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.argument("name", metavar="清单")
@click.option("--out", "file", required=True, metavar="文件", type=click.Path(path_type=Path), help=".xlsx 或 .csv。")
@click.option("--personal", is_flag=True, help="不遮盖姓名、电话、号牌。")
@click.help_option(help="显示用法。")
def export_command(folder: Path, name: str, file: Path, personal: bool) -> int:
    """把 DIR 中一张清单的全部行写成表格，填改后可以读回。"""
    from db.exchange.rows_write import write_rows
    from db.work.opening import open_county
    from db.work.registers import register as find

    with open_county(folder, author="命令行", read_only=True) as county, county.reading() as conn:
        click.echo(write_rows(conn, find(conn, name), file, personal=personal).sentence())
    return GOOD


@register.command("import")
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.argument("name", metavar="清单")
@click.argument("file", metavar="FILE", type=FILE)
@click.option("--dry-run", is_flag=True, help="只看结果，不写入。")
@click.option("--conflicts", type=click.Choice(["program", "file"]), help="两边都改了的：留程序里的，或用文件里的。")
@click.help_option(help="显示用法。")
def import_command(folder: Path, name: str, file: Path, dry_run: bool, conflicts: str | None) -> int:
    """把 FILE（.xlsx 或 .csv）中的行读入 DIR 的一张清单；全部写入，或一行也不写。"""
    from db.exchange.rows_read import read_rows_file, take_rows
    from db.work.opening import open_county
    from db.work.registers import register as find

    with open_county(folder, author="命令行", read_only=dry_run) as county:
        with county.reading() as conn:
            schema = find(conn, name)
            found = read_rows_file(conn, schema, file)
        click.echo(found.sentence())
        for heading in found.ignored:
            click.echo(f"列“{heading}”不认得，没有采用。", err=True)
        for problem in found.problems:
            click.echo(problem.sentence(), err=True)
        if conflicts is not None:
            found.decide(conflicts == "file")
        for each in found.conflicts if not found.decided else ():
            words = f"{each.title}的{each.own.heading}：程序里是“{each.ours}”，文件里是“{each.theirs}”"
            click.echo(f"第{each.number}行冲突：{words}。", err=True)
        if found.problems or not found.decided:
            return FOUND_PROBLEMS
        rows = len(found.added) + len(found.changes())
        if not dry_run and rows:
            with county.operation(f"导入“{schema.title}”{rows}行") as op:
                take_rows(op, schema, found)
    return GOOD
