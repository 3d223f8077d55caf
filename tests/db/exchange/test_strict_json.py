from __future__ import annotations

import json

import pytest

from db.exchange.strict_json import JsonFault, strict_json


@pytest.mark.parametrize("text", ["\ud800", "a\udfff", "\udc00\ud800"])
@pytest.mark.parametrize("upper", [False, True])
def test_half_a_character_is_no_text(text: str, upper: bool) -> None:
    content = json.dumps({"a": [{text: 1}]}).encode()
    with pytest.raises(JsonFault, match="半个字符"):
        strict_json(content.replace(b"\\ud", b"\\uD") if upper else content, whole=True)


def test_characters_in_two_halves_and_words_that_look_like_them_are_text() -> None:
    for value in ({"a": "😀"}, {"\\ud800": r"C:\udaten"}):
        assert strict_json(json.dumps(value).encode(), whole=True) == value
