"""What the steps of the export wizard share."""

from __future__ import annotations

import pytest

from desktop.widgets.submit_parts import size_words


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 KB"),
        (1, "1 KB"),
        (1 << 20, "1.0 MB"),
        ((1 << 30) - (1 << 20), "1,023.0 MB"),
        (1 << 30, "1.0 GB"),
        (55_701_025_587, "51.9 GB"),
    ],
)
def test_sizes_are_said_as_people_say_them(size: int, words: str) -> None:
    assert size_words(size) == words
