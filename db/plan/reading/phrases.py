"""The words by which targets are found, from `resources/plan/reading.toml`, as patterns.

In a phrase … stands for up to 120 characters before the next ，。；, ^ for the start and $ for the end of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import resources


@cache
def table(section: str, key: str = "") -> Any:
    """Return a section of the file, or one entry of it; KeyError for an unknown one. `a.b` is section b inside a."""
    found: Any = resources.load_toml("plan/reading.toml") if not section else _section(section)
    return found[key] if key else found


@cache
def phrases(section: str, key: str) -> re.Pattern[str]:
    """Return the pattern that finds any phrase of one list; a longer phrase is preferred to a shorter."""
    return any_of(tuple(table(section, key)))


@cache
def ending(section: str, key: str) -> re.Pattern[str]:
    """Return the pattern that finds a phrase of one list at the end of a text."""
    return re.compile(f"(?:{_alternatives(table(section, key))})$")


@cache
def beginning(section: str, key: str) -> re.Pattern[str]:
    """Return the pattern that finds a phrase of one list at the start of a text (use `match`)."""
    return any_of(tuple(table(section, key)))


@cache
def any_of(found: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern that finds any of these phrases."""
    return re.compile(_alternatives(found))


def _alternatives(found: Iterable[str]) -> str:
    return "|".join(_spelled(phrase) for phrase in sorted(found, key=len, reverse=True))


def _spelled(phrase: str) -> str:
    spelled = re.escape(phrase.removeprefix("^").removesuffix("$")).replace("…", "[^，。；]{0,120}?")
    return f"{'^' if phrase.startswith('^') else ''}{spelled}{'$' if phrase.endswith('$') else ''}"


@cache
def _section(section: str) -> Any:
    found = table("")
    for name in section.split("."):
        found = found[name]
    return found
