"""What people call the parts of a plan: the one definition is `resources/plan/words.toml`.

word(Comparator.AT_LEAST) -> "不低于"        tip(Measure.FLOW) -> "每年1月重新算起，各年不相加。"
field_title("target", "value") -> "目标值"
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Any, Literal

import resources

About = Literal["clause", "target"]


def word(value: StrEnum) -> str:
    """Return what people call a value of a vocabulary; KeyError for one that has no word."""
    return str(_words()[type(value).__name__][value.value]["word"])


def tip(value: StrEnum) -> str:
    """Return the sentence that explains a value, "" when its word says enough."""
    return str(_words()[type(value).__name__][value.value].get("tip", ""))


def field_title(about: About, name: str) -> str:
    """Return what people call a field of a clause or target; KeyError for one that is never shown."""
    return str(_words()[about][name])


def field_titles(about: About) -> dict[str, str]:
    """Return the titles of all shown fields by name, in the order people read them."""
    return dict(_words()[about])


@cache
def _words() -> dict[str, Any]:
    return resources.load_toml("plan/words.toml")
