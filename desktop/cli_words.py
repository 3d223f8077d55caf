"""Chinese sentences for wrong use of the command line, whose library speaks English."""

from __future__ import annotations

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
