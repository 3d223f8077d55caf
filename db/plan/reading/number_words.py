"""Words with a Chinese numeral in them that count nothing (统一, 三线一单, 国三)."""

from __future__ import annotations

import re
from functools import cache

from db.plan.model import NumberWord
from db.plan.reading.phrases import any_of, table


def number_words(text: str) -> list[tuple[int, int, NumberWord]]:
    """Return the places of such words in `text` (start, end) with the word and its reason."""
    reasons = table("number_words")
    return [(hit.start(), hit.end(), NumberWord(hit[0], reasons[hit[0]])) for hit in _words().finditer(text)]


@cache
def _words() -> re.Pattern[str]:
    return any_of(tuple(table("number_words")))
