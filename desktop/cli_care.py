"""`sijian self-test` and `sijian diagnose`: whether the program works on this PC, and what to send when it does not."""

from __future__ import annotations

from pathlib import Path

import click

from desktop.cli_common import EXISTING_FOLDER, GOOD
from desktop.cli_words import ChineseCommand


@click.command("self-test", cls=ChineseCommand)
@click.option("--in", "folder", metavar="目录", type=EXISTING_FOLDER, help="在哪个目录里做，默认是系统的临时目录。")
@click.help_option(help="显示用法。")
def self_test(folder: Path | None) -> int:
    """用演示数据把全部工作做一遍，检查程序在这台电脑上是否正常；做完不留下任何文件。"""
    from desktop.self_test import run_self_test

    return run_self_test(click.echo, folder)


@click.command(cls=ChineseCommand)
@click.argument("folder", metavar="[DIR]", type=EXISTING_FOLDER, required=False)
@click.option("--out", "file", required=True, metavar="文件", type=click.Path(path_type=Path), help="压缩包（.zip）。")
@click.help_option(help="显示用法。")
def diagnose(folder: Path | None, file: Path) -> int:
    """写出一个诊断压缩包：版本、磁盘、日志、DIR 的数据文件是否完好；里面没有填报的内容。"""
    from desktop.diagnosis import write_diagnosis

    click.echo(str(write_diagnosis(file, folder)))
    return GOOD
