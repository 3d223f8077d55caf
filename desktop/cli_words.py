"""The command line in Chinese: its library's headings and its complaints about wrong use."""

from __future__ import annotations

import re

import click


def chinese_usage_error(error: click.UsageError) -> str:
    """Return one Chinese sentence for `error`, with how to see the usage of the command it happened in."""
    command = error.ctx.command_path if error.ctx is not None else "sijian"
    return f"{_what(error)}用 {command} --help 查看用法。"


def _what(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        return f"没有“{error.option_name}”这个选项。"
    if isinstance(error, click.MissingParameter):
        return f"缺少{_parameter(error)}。"
    if isinstance(error, click.BadParameter):
        return f"{_parameter(error)}不对：{_value_fault(error)}"
    if isinstance(error, click.BadOptionUsage):
        return f"选项“{error.option_name}”后面缺少内容。"
    message = error.format_message()
    if message.startswith("No such command"):
        return f"没有{_quoted(message)}这个命令。"
    if "unexpected extra argument" in message:
        return "多写了参数。"
    return message


def _parameter(error: click.BadParameter) -> str:
    parameter = error.param
    if parameter is None:
        return "参数"
    if isinstance(parameter, click.Option):
        return f"选项 {parameter.opts[0]}"
    return f"参数 {parameter.metavar or parameter.name}"


def _value_fault(error: click.BadParameter) -> str:
    message = error.format_message()
    name = _quoted(message.rsplit(":", 1)[-1])
    if "does not exist" in message:
        return f"{name}不存在，请核对路径。"
    if "is a directory" in message:
        return f"{name}是文件夹，这里要一个文件。"
    if "is a file" in message:
        return f"{name}是文件，这里要一个文件夹。"
    if "not readable" in message:
        return f"{name}读不了，请检查权限。"
    return message + "。"


def _quoted(message: str) -> str:
    parts = message.split("'")
    return f"“{parts[1]}”" if len(parts) > 2 else ""


class ChineseCommand(click.Command):
    """A command whose help page has Chinese headings."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write 用法 instead of the library's word."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="用法：")

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the pieces of the usage line."""
        words = {"OPTIONS": "选项", "COMMAND": "命令", "ARGS": "参数"}
        return [re.sub("OPTIONS|COMMAND|ARGS", lambda m: words[m[0]], p) for p in super().collect_usage_pieces(ctx)]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write 选项 instead of the library's word, then, for a group, its commands."""
        options = [parameter for parameter in self.get_params(ctx) if isinstance(parameter, click.Option)]
        rows = [row for option in options if (row := option.get_help_record(ctx)) is not None]
        if rows:
            with formatter.section("选项"):
                formatter.write_dl([(names, text.replace("[required]", "[必填]")) for names, text in rows])


class ChineseGroup(ChineseCommand, click.Group):
    """A group of commands whose help page has Chinese headings."""

    command_class = ChineseCommand

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands."""
        super().format_options(ctx, formatter)
        with formatter.section("命令"):
            formatter.write_dl(
                [
                    (name, command.get_short_help_str(120))
                    for name in self.list_commands(ctx)
                    if (command := self.get_command(ctx, name)) is not None
                ]
            )
