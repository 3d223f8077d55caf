"""The documents say what is true: commands, files and version are compared with the program."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

import db
import dev
from desktop.cli import cli

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands() -> dict[str, click.Command]:
    """Return every command by what is typed after `sijian`; a group counts when it does something by itself."""
    found: dict[str, click.Command] = {}
    for name, command in cli.commands.items():
        if isinstance(command, click.Group):
            found |= {f"{name} {below}": entry for below, entry in command.commands.items()}
        if not isinstance(command, click.Group) or command.invoke_without_command:
            found[name] = command
    return found


LISTED = re.compile(r"^\| `sijian ([a-z][a-z-]*(?: [a-z][a-z-]*)*)([^`]*)`", re.M)


def test_readme_lists_every_command_of_the_command_line_and_no_other() -> None:
    assert {name for name, _ in LISTED.findall(text("README.md"))} == set(commands())


def test_options_in_the_readme_exist() -> None:
    for name, rest in LISTED.findall(text("README.md")):
        known = {option for parameter in commands()[name].params for option in parameter.opts}
        assert set(re.findall(r"--[\w-]+", rest)) <= known, name


def test_readme_names_every_command_of_dev_py() -> None:
    assert not [name for name in dev.COMMANDS if not re.search(rf"dev\.py {name}\b|`{name}`", text("README.md"))]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_and_pictures_lead_somewhere(name: str) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", text(name))
    assert not [target for target in targets if not (ROOT / target).is_file()]


def test_the_changelog_begins_with_this_version() -> None:
    first = re.search(r"^## (\S+?)(（未发布）|（\d{4}-\d\d-\d\d）)$", text("CHANGELOG.md"), flags=re.M)
    assert first is not None
    assert first.group(1) == db.__version__


def test_folders_in_the_readme_exist() -> None:
    folders = re.findall(r"^\| `(\w+)/`", text("README.md"), flags=re.M)
    assert len(folders) == 4
    assert all((ROOT / folder).is_dir() for folder in folders)
