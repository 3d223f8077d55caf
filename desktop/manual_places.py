"""F1: which place of the manual belongs to a page or a dialog, from `resources/manual/places.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import resources

FILE = "manual/places.toml"


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    return resources.load_toml(FILE)


def pages() -> Mapping[str, str]:
    """Return the places of pages by name, those of a page's sections as `page.section`."""
    return _table()["pages"]


def dialogs() -> Mapping[str, str]:
    """Return the places of dialogs by the name of their class."""
    return _table()["dialogs"]


def reasons() -> Mapping[str, str]:
    """Return the places of what a reason is asked about."""
    return _table()["reasons"]


def place_of_page(name: str, section: str = "") -> str:
    """Return the place of a page's section, that of the page where the section has none; KeyError."""
    return pages().get(f"{name}.{section}") or pages()[name]


def place_of_dialog(kind: type) -> str:
    """Return the place of a dialog's class or the nearest one above it, "" when none has any."""
    return next((dialogs()[each.__name__] for each in kind.__mro__ if each.__name__ in dialogs()), "")
