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


def given_password(file: Path | None, *, ask: bool = False, twice: bool = False) -> str:
    """Return the password in `file`, or the one typed when it is to be asked for, `twice` for a new one; else ""."""
    from db.exchange.passwords import judge, read_password_file, require_usable

    if file is not None:
        return read_password_file(file)
    if not ask:
        return ""
    typed = str(click.prompt("密码", hide_input=True, confirmation_prompt="再输一遍" if twice else False, err=True))
    if twice:
        strength = judge(require_usable(typed))
        say(f"密码强度：{strength.title}。{strength.words}")
    return typed


def user_name() -> str:
    """Return whose name is written beside what a command does."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "命令行"
