"""The command line as a part of the manual: every command with its options, from its own definition."""

from __future__ import annotations

from collections.abc import Iterator

import click

from db.reports.manual.markup import cell
from db.reports.manual.parts import table

ROOT = "sijian"


def commands() -> dict[str, click.Command]:
    """Return every command by what is typed after `sijian`; a group counts when it does something by itself."""
    from desktop.cli import cli

    return dict(sorted(_commands(cli, "")))


def _commands(group: click.Group, before: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        whole = f"{before} {name}".strip()
        if isinstance(command, click.Group):
            yield from _commands(command, whole)
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield whole, command


def commands_part(_: str) -> str:
    """Return how each command is called, what it does, and its options."""
    return "\n\n".join(_described(name, command) for name, command in commands().items())


def _described(name: str, command: click.Command) -> str:
    arguments = [entry for entry in command.params if isinstance(entry, click.Argument)]
    options = [entry for entry in command.params if isinstance(entry, click.Option) and entry.name != "help"]
    called = " ".join([ROOT, name, *(_argument(entry) for entry in arguments)])
    lines = [f"## {ROOT} {name}", f"`{called}`" if not options else f"`{called} [选项]`", cell(_help(command))]
    rows = [(_option(entry), f"{'必须写。' if entry.required else ''}{entry.help or ''}") for entry in options]
    if rows:
        lines.append(table(("选项", "说明"), rows))
    return "\n\n".join(lines)


def _help(command: click.Command) -> str:
    return " ".join((command.help or "").split())


def _argument(entry: click.Argument) -> str:
    shown = entry.metavar or (entry.name or "").upper()
    return f"{shown}..." if entry.nargs == -1 and not shown.endswith("...") else shown


def _option(entry: click.Option) -> str:
    kind = "|".join(map(str, entry.type.choices)) if isinstance(entry.type, click.Choice) else entry.metavar or ""
    value = "" if entry.is_flag or entry.count else kind or "内容"
    return " ".join([*entry.opts, value]).strip()
