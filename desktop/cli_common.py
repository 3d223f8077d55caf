"""What every command of `sijian` shares: exit codes, kinds of arguments, and how it speaks."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import Any, NoReturn

import click

GOOD, FOUND_PROBLEMS, WRONG_USE = 0, 1, 2

FOLDER = click.Path(path_type=Path, file_okay=False)
EXISTING_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)
EXISTING_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


def say(sentence: str) -> None:
    """Write one message for a person to stderr."""
    click.echo(sentence, err=True)


def say_notices(notices: list[str]) -> None:
    """Write what there is to tell after a county was opened."""
    for notice in notices:
        say(notice)


def print_json(value: Any) -> None:
    """Write a result as JSON to stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def wrong_use(sentence: str) -> NoReturn:
    """End the command for wrong use of it."""
    raise click.UsageError(sentence)


def user_name() -> str:
    """Return whose name is written beside what a command does."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "命令行"
