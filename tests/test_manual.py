"""The manual says what is true: places, pictures, pages, commands, fields and dialogs are compared with the program."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImageReader
from PySide6.QtWidgets import QDialog

import desktop.dialogs
import resources
from db.checks.rulebook import rulebook
from db.core.fields import load_schema
from db.reports.manual.book import FOLDER, Manual
from db.work.registers import shipped
from desktop import manual_places
from desktop.manual_commands import commands
from desktop.manual_text import manual
from desktop.pages import PAGES
from desktop.widgets.base_section import SECTIONS
from tests import manual_pictures

FRAGMENTS = ("shared_fields", "project_common", "project_progress")
LARGEST_PICTURES = 2_000_000
WIDEST_PICTURE = 1100


@pytest.fixture(scope="module")
def book() -> Manual:
    return manual()


@pytest.fixture(scope="module")
def text(book: Manual) -> str:
    return "\n".join(chapter.text for chapter in book.chapters)


# -- places -----------------------------------------------------------------------------------------------------------


def test_numbers_and_names_of_chapters_are_their_own(book: Manual) -> None:
    numbers = [chapter.number for chapter in book.chapters]
    assert numbers == sorted(set(numbers))
    assert len({chapter.slug for chapter in book.chapters}) == len(book.chapters)


def test_links_lead_somewhere(book: Manual) -> None:
    assert [(c.slug, link) for c in book.chapters for link in c.links if link not in book.anchors] == []


def test_every_page_has_a_place(book: Manual) -> None:
    places = manual_places.pages()
    assert set(places.values()) <= book.anchors
    known = {entry.name for entry in PAGES} | {f"base.{name}" for name, _, _ in SECTIONS}
    assert set(places) == known | {"welcome", "city_board", "city_report"}


def dialog_classes() -> dict[str, type]:
    """Return every dialog of the program by the name of its class."""
    found: dict[str, type] = {}
    for module in pkgutil.iter_modules(desktop.dialogs.__path__):
        for name, each in inspect.getmembers(
            importlib.import_module(f"desktop.dialogs.{module.name}"), inspect.isclass
        ):
            if issubclass(each, QDialog) and each.__module__.startswith("desktop.dialogs."):
                found[name] = each
    return found


BARE = {"FormDialog", "ReasonDialog"}
"""What others are made from, never shown itself; and what takes its place from what it asks about."""


def test_every_dialog_has_a_place(book: Manual) -> None:
    places = manual_places.dialogs()
    assert {*places.values(), *manual_places.reasons().values()} <= book.anchors
    assert set(places) == set(dialog_classes()) - BARE


# -- pictures ---------------------------------------------------------------------------------------------------------


def test_every_picture_is_named_and_every_name_has_one(book: Manual) -> None:
    there = set(resources.names(f"{FOLDER}/pictures"))
    assert there == {f"{name}.png" for name in manual_pictures.named()}


def test_the_tour_leads_to_every_picture() -> None:
    sources = "".join((Path(__file__).parent / f"{name}.py").read_text("utf-8") for name in ("tour", "city_tour"))
    unknown = [name for name in manual_pictures.named() if not _is_toured(name, sources)]
    assert unknown == []


def _is_toured(name: str, sources: str) -> bool:
    """Return whether the tour has a stop of this name; some are made of a word and the name of a part."""
    pages = {entry.name for entry in PAGES}
    first, _, rest = name.partition("-")
    if name in pages | {"start-welcome"}:
        return True
    if first in {"base", "monthly"}:
        return rest in {each for each, _, _ in SECTIONS} | {"tasks", "projects", "late"}
    return f'"{name.removeprefix("city-")}"' in sources or (first == "breakdown" and rest.startswith("by-"))


def test_pictures_are_small() -> None:
    files = [resources.path(f"{FOLDER}/pictures/{name}") for name in resources.names(f"{FOLDER}/pictures")]
    assert sum(file.stat().st_size for file in files) <= LARGEST_PICTURES
    assert all(QImageReader(str(file)).size().width() <= WIDEST_PICTURE for file in files)


# -- what exists is named, what is named exists -----------------------------------------------------------------------


def test_every_page_and_section_is_named(text: str) -> None:
    titles = [entry.title for entry in PAGES] + [title for _, title, _ in SECTIONS]
    assert [title for title in titles if title not in text] == []


def test_every_command_and_option_is_named(book: Manual) -> None:
    said = book.chapter("commands").text
    for name, command in commands().items():
        assert f"sijian {name}" in said
        for parameter in command.params:
            assert all(option in said for option in parameter.opts if option.startswith("--") and option != "--help")


NAMED = re.compile(r"\bsijian((?: [a-z][a-z-]+)*)([^`\n]*)")


def test_commands_and_options_that_are_named_exist(book: Manual) -> None:
    for chapter in book.chapters:
        for words, rest in NAMED.findall(chapter.source):
            name = " ".join(_longest_command(words.split()))
            assert name or not words, f"{chapter.slug}: sijian{words}"
            known = {option for each in commands()[name].params for option in each.opts} if name else set()
            assert set(re.findall(r"(?<!\S)--[a-z][a-z-]*", rest)) <= known, f"{chapter.slug}: sijian{words}{rest}"


def _longest_command(words: list[str]) -> list[str]:
    while words and " ".join(words) not in commands():
        words = words[:-1]
    return words


def table_names() -> Iterator[str]:
    """Yield the names of all tables and registers."""
    for folder in ("tables", "registers"):
        yield from (name.removesuffix(".json") for name in resources.names(folder))


def test_every_table_and_register_has_its_fields_in_the_manual(book: Manual) -> None:
    said = "\n".join(chapter.source for chapter in book.chapters)
    listed = re.findall(r"^\{\{ *fields +(\w+) *\}\}$", said, flags=re.M)
    assert sorted(listed) == sorted(set(table_names()) - set(FRAGMENTS))


def test_every_field_and_rule_is_named(text: str) -> None:
    words = set(text.split()) | {line.strip() for line in text.splitlines()}
    for schema in [*shipped(), *map(load_schema, set(table_names()) - set(FRAGMENTS))]:
        assert [field.title for field in schema.fields if field.title not in text] == []
    assert set(rulebook()) <= words


def dialog_titles() -> set[str]:
    """Return the titles that dialogs begin with, where they are written out."""
    found = set()
    for file in (Path(desktop.dialogs.__file__).parent).glob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "super().__init__" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value:
                    found.add(first.value)
    return found


UNNAMED = {"图片", "帮助"}


def test_every_dialog_is_named(text: str) -> None:
    assert len(dialog_titles()) > 20
    assert sorted(title for title in dialog_titles() - UNNAMED if title not in text) == []


# -- language ---------------------------------------------------------------------------------------------------------

WORDS = re.compile(r"(?<![\w./\\{-])[A-Za-z]{2,}(?![\w./\\}-])")
NAMES = """Excel WPS Word PDF CSV XML Windows OneDrive WinRAR zip GB MB SHA AES NTFS exFAT VOCs
Ctrl Shift Alt Tab Enter Esc Delete Home End PgUp PgDn PageUp PageDown Insert Backspace"""


def test_the_text_has_no_foreign_words(book: Manual) -> None:
    found = set()
    for chapter in book.chapters:
        if chapter.slug == "commands":
            continue
        plain = re.sub(r"`[^`]*`|\]\([^)]*\)|^\{\{.*\}\}$|^```.*?^```$", "", chapter.source, flags=re.M | re.S)
        found |= {(chapter.slug, word) for word in WORDS.findall(plain) if word not in NAMES.split()}
    assert sorted(found) == []
